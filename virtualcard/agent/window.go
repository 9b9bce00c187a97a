package agent

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/virtualcard/jpkiap"
)

// window is the page that a relying party's page opens. Its script tells that
// page that it is ready, takes the request with the origin that the browser
// vouches for, and hands it to openRequest.
func (h *house) window(c echo.Context) error {
	return h.pages.Render(c, http.StatusOK, "window", ui.Text{JA: "カードの手続", EN: "Your card"}, nil)
}

// windowBody is what the window's script sends: the origin of the message
// event, and the request as it stood in the message.
type windowBody struct {
	Origin  string `json:"origin"`
	Request struct {
		Action   action        `json:"action"`
		Nonce    string        `json:"nonce"`
		Document *wireDocument `json:"document"`
	} `json:"request"`
}

// parse checks the body. A member of the other action is refused: a page that
// sends one means something that the person would not see.
func (b windowBody) parse() (ask, error) {
	r := b.Request
	switch {
	case r.Action == authenticate && r.Document == nil:
		return newAuthentication(b.Origin, r.Nonce)
	case r.Action == sign && r.Nonce == "" && r.Document != nil:
		return newSignature(b.Origin, *r.Document)
	case r.Action != authenticate && r.Action != sign:
		return ask{}, malformed(`request.action: want "authenticate" or "sign"`)
	}
	return ask{}, malformed("request: authenticate takes a nonce, sign takes a document, and neither takes both")
}

// openRequest keeps a page's request and tells the window's script where to go
// on. Only the window's own script gets here: it is same-origin and JSON.
func (h *house) openRequest(c echo.Context) error {
	if !door.IsJSON(c.Request()) {
		return door.Problem{Status: http.StatusUnsupportedMediaType, Code: "not_json", Detail: "the body must be application/json"}
	}
	var body windowBody
	if err := readJSON(c, maxSignBody, &body); err != nil {
		return h.refusedRequest(c, err)
	}
	a, err := body.parse()
	if err != nil {
		return h.refusedRequest(c, err)
	}
	id := h.requests.open(&request{face: windowFace, holder: h.sit(c).Holder, ask: a})
	return c.JSON(http.StatusCreated, map[string]string{"location": windowFace.page(id)})
}

// refusedRequest adds to a problem the sentence that the window shows.
func (h *house) refusedRequest(c echo.Context, err error) error {
	var t *trouble
	if !errors.As(err, &t) {
		return err
	}
	p := t.problem()
	p.Extra = map[string]any{"message": message(t, ui.LangOf(c))}
	return p
}

// message is a trouble in one line of a language.
func message(t *trouble, l ui.Lang) string {
	s := sentenceOf(t)
	return s.Title.In(l) + map[bool]string{true: ". ", false: "。"}[l == ui.English] + s.Body.In(l)
}

// sit gives the browser's seat and starts one if there is none.
func (h *house) sit(c echo.Context) seat {
	var mine seat
	h.seats.Update(c, func(s *seat) {
		s.claim()
		mine = *s
	})
	return mine
}

// requestPage is what the request's page shows.
type requestPage struct {
	At  situation
	Say *sentence // what stands in the way, or went wrong
	PIN pinView
	// Strong: one mistake more and the PIN is blocked.
	Strong bool
	Tray   tray
	Left   int // seconds until the request ends
}

// pinView says how the PIN of a request is typed.
type pinView struct {
	Label  ui.Text
	Hint   ui.Text
	Max    int
	Pad    bool // an on-screen ten-key
	Submit ui.Text
	Name   ui.Text // within a sentence
}

func pinViewOf(a action) pinView {
	rule := jpkiap.PINRuleOf(a.kind())
	v := pinView{Label: ui.Text{JA: pinName(a.kind()).JA, EN: "User authentication PIN"}, Name: pinName(a.kind()), Max: rule.Max, Pad: !rule.Letters}
	if a == sign {
		v.Label.EN = "Signature password"
		v.Hint = ui.Text{JA: "英字と数字、6〜16文字。小文字は大文字に変わります。", EN: "6 to 16 letters and digits. Small letters become capitals."}
		v.Submit = ui.Text{JA: "署名する", EN: "Sign"}
		return v
	}
	v.Hint = ui.Text{JA: "数字4桁", EN: "Four digits"}
	v.Submit = ui.Text{JA: "認証する", EN: "Authenticate"}
	return v
}

// showRequest shows a request as it stands, at the face where it was made.
func (h *house) showRequest(c echo.Context) error {
	f := faceOf(c)
	if f != windowFace {
		h.claim(c, caller{Holder: h.sit(c).Holder, Face: f}, c.Param("id"))
	}
	by, mine := h.caller(c)
	at, err := h.requests.look(c.Request().Context(), by, c.Param("id"), mine.on())
	if err != nil {
		return err
	}
	if at.Over && f != windowFace {
		return h.handOver(c, by, at)
	}
	page := requestPage{At: at, PIN: pinViewOf(at.Ask.Action), Left: int(at.Until.Sub(h.cfg.Now()).Seconds()) + 1}
	if at.Trouble != nil {
		s := sentenceOf(at.Trouble)
		page.Say = &s
	}
	if at.Over {
		return h.pages.Render(c, http.StatusOK, "over", overTitle(at), page)
	}
	page.Strong = at.Ready && at.TriesLeft == 1
	if page.Tray, err = h.tray(c, at.On.Card); err != nil {
		return err
	}
	page.Tray.Here = f.page(at.ID)
	page.Tray.Action = page.Tray.Here + "/reader"
	title := ui.Text{JA: "カードで本人であることを証明します", EN: "Prove who you are with your card"}
	if at.Ask.Action == sign {
		title = ui.Text{JA: "文書に電子署名をします", EN: "Sign a document electronically"}
	}
	return h.pages.Render(c, http.StatusOK, f.template(), title, page)
}

func overTitle(at situation) ui.Text {
	switch {
	case at.Trouble != nil:
		return sentenceOf(at.Trouble).Title
	case at.Ask.Action == sign:
		return ui.Text{JA: "署名しました", EN: "Signed"}
	}
	return ui.Text{JA: "本人であることを証明しました", EN: "You have proved who you are"}
}

// form reads a posted form, bounded; values of the address are never read.
func form(c echo.Context) (url.Values, error) {
	if err := c.Request().ParseForm(); err != nil {
		var over *http.MaxBytesError
		if errors.As(err, &over) {
			return nil, err
		}
		return nil, asProblem(malformed("the form could not be read"))
	}
	return c.Request().PostForm, nil
}

// enterPIN presents what was typed. The PIN goes to the card and nowhere else.
func (h *house) enterPIN(c echo.Context) error {
	f, err := form(c)
	if err != nil {
		return err
	}
	turn, err := strconv.Atoi(f.Get("turn"))
	if err != nil {
		return asProblem(malformed("turn: not a number"))
	}
	by, mine := h.caller(c)
	on := mine.on()
	if f.Has("laying") && f.Get("laying") != strconv.Itoa(on.Count) {
		return h.back(c) // it was typed for a card that is there no more
	}
	if err := h.requests.enter(c.Request().Context(), by, c.Param("id"), on, turn, typed(f.Get("pin"))); err != nil {
		return err
	}
	return h.back(c)
}

// typed brings what a person typed to what a card compares: full-width letters
// and digits of a Japanese keyboard become half-width, small letters capitals.
func typed(s string) string {
	return strings.ToUpper(strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' {
			return r - '！' + '!'
		}
		return r
	}, s))
}

// changeCard lays another card on the reader, or takes the one away, in the
// middle of a request.
func (h *house) changeCard(c echo.Context) error {
	by, _ := h.caller(c)
	if err := h.requests.changeCard(by, c.Param("id")); err != nil {
		return err
	}
	if err := h.layCard(c); err != nil {
		return err
	}
	return h.back(c)
}

// cancel gives a request up.
func (h *house) cancel(c echo.Context) error {
	by, mine := h.caller(c)
	if err := h.requests.giveUp(c.Request().Context(), by, c.Param("id"), mine.on()); err != nil {
		return err
	}
	return h.back(c)
}

// back shows the request again, by GET, so that reloading sends nothing twice.
func (h *house) back(c echo.Context) error {
	return c.Redirect(http.StatusSeeOther, faceOf(c).page(c.Param("id")))
}

// takeAnswer gives the final page's script the answer and the one origin that
// it may post it to. It is given once.
func (h *house) takeAnswer(c echo.Context) error {
	by, _ := h.caller(c)
	g, err := h.requests.take(by, c.Param("id"))
	switch {
	case errors.Is(err, errNoRequest):
		return door.Problem{Status: http.StatusNotFound, Code: "no_request", Detail: "no such request in this browser"}
	case errors.Is(err, errUnfinished):
		return door.Problem{Status: http.StatusConflict, Code: "unfinished", Detail: "the request has no answer yet"}
	case errors.Is(err, errTaken):
		return door.Problem{Status: http.StatusGone, Code: "taken", Detail: "the answer has been handed over already"}
	case err != nil:
		return err
	}
	return c.JSON(http.StatusOK, map[string]any{"origin": g.origin, "answer": wireAnswer(g.answer, g.trouble, ui.LangOf(c))})
}

// wireAnswer is an answer as it is posted to the asking page: {token}, {cms} or
// {error:{code,message}}.
func wireAnswer(a answer, why *trouble, l ui.Lang) map[string]any {
	switch {
	case why != nil:
		e := map[string]any{"code": why.Code, "message": message(why, l)}
		if why.Code == codePINBlocked {
			e["triesLeft"] = 0
		}
		return map[string]any{"error": e}
	case a.Token != nil:
		return map[string]any{"token": a.Token}
	}
	return map[string]any{"cms": a.CMS} // []byte is base64 in JSON
}
