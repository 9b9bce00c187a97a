package agent

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/held"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/virtualcard/agent/askers"
	"example.jp/jpkimock/virtualcard/jpkiap"
)

// window is the page that a relying party's page opens. Its script tells that page
// that it is ready, receives the request with the origin that the browser vouches
// for, and sends it to openRequest.
func (h *house) window(c echo.Context) error {
	return h.pages.Render(c, http.StatusOK, "window", ui.Text{JA: "カードの手続", EN: "Your card"}, nil)
}

// windowBody is what the window's script sends: the origin of the message event,
// and the request as it was in the message.
type windowBody struct {
	Origin  string `json:"origin"`
	Request struct {
		Action     action        `json:"action"`
		Nonce      string        `json:"nonce"`
		Attributes []string      `json:"attributes"`
		Document   *wireDocument `json:"document"`
		Digest     string        `json:"digest"`
		Service    string        `json:"service"`
	} `json:"request"`
}

// parse checks the body. A member of the other action is refused: a page that
// sends one means something that the person would not see.
func (b windowBody) parse() (operation, error) {
	r := b.Request
	digest := r.Digest != "" || r.Service != ""
	switch {
	case r.Action == signDigest && r.Nonce == "" && r.Attributes == nil && r.Document == nil:
		return newDigest(b.Origin, r.Service, r.Digest)
	case r.Action == signDigest || digest:
		return operation{}, malformed("request: sign-digest takes a service and a digest, and nothing else does")
	case r.Action == authenticate && r.Document == nil:
		return newAuthentication(b.Origin, r.Nonce, r.Attributes)
	case r.Action == sign && r.Nonce == "" && r.Attributes == nil && r.Document != nil:
		return newSignature(b.Origin, *r.Document)
	case r.Action != authenticate && r.Action != sign:
		return operation{}, malformed(`request.action: want "authenticate" or "sign"`)
	}
	return operation{}, malformed("request: authenticate takes a nonce, sign takes a document, and neither takes both")
}

// openRequest keeps a page's request and tells the window's script where to go on.
// Only the window's own script gets here: it is same-origin and JSON.
func (h *house) openRequest(c echo.Context) error {
	if !door.IsJSON(c.Request()) {
		return door.Problem{Status: http.StatusUnsupportedMediaType, Code: "not_json", Detail: "the body must be application/json"}
	}
	in, err := door.Read[windowBody](c)
	if err != nil {
		return refusedRequest(c, unreadable(err))
	}
	op, err := in.parse()
	if err == nil {
		err = h.trusts(op)
	}
	if err != nil {
		return refusedRequest(c, err)
	}
	_, returned := h.browsers.Load(c)
	id, err := h.requests.open(&request{face: windowFace, holder: h.browserOf(c).ID, viewed: returned, address: c.RealIP(), op: op})
	if err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, map[string]string{"location": windowFace.page(id)})
}

// refusedRequest adds to a problem the message that the window shows.
func refusedRequest(c echo.Context, err error) error {
	var f *failure
	if !errors.As(err, &f) {
		return err
	}
	p := f.problem()
	p.Extra = map[string]any{"message": f.message(ui.LangOf(c))}
	return p
}

// message is a failure in one line of a language.
func (f *failure) message(l ui.Lang) string {
	e := explain(f)
	return e.Title.In(l) + map[bool]string{true: ". ", false: "。"}[l == ui.English] + e.Body.In(l)
}

// browserOf returns what is remembered of the request's browser, from now on if it
// is new.
func (h *house) browserOf(c echo.Context) browser {
	return h.atReader(c, func(*cardReader) {})
}

// atReader does something with the reader of the request's browser.
func (h *house) atReader(c echo.Context, do func(*cardReader)) (mine browser) {
	h.browsers.Update(c, func(b *browser) {
		if b.ID == "" {
			b.ID, b.Reader = held.Name(), newCardReader(h.cfg.Readers)
		}
		do(b.Reader)
		mine = *b
	})
	return mine
}

// requestPage is what the page of a request shows.
type requestPage struct {
	requestView
	Asker       askers.Asker
	Explanation *explanation // of the failure
	PIN         pinView
	// LastTry: one more mistake blocks the PIN.
	LastTry bool
	// Known: the holder was told so for a card that may be real, and may go on.
	Known bool
	Tray  tray
	Left  int // seconds until the request ends
}

// Sign reports that the request is for a signature.
func (p requestPage) Sign() bool { return p.Op.Signs() }

// pinView says how the PIN of a request is typed.
type pinView struct {
	Label  ui.Text
	Hint   ui.Text
	Max    int
	Pad    bool // digits only, for an on-screen keypad
	Submit ui.Text
}

func pinViewOf(op operation) pinView {
	a := op.Action
	rule := jpkiap.PINRuleOf(a.kind())
	v := pinView{
		Label: ui.Text{JA: pinName(a.kind()).JA, EN: "User authentication PIN"}, Max: rule.Max, Pad: !rule.Letters,
		Hint: ui.Text{JA: "数字4桁", EN: "Four digits"}, Submit: ui.Text{JA: "認証する", EN: "Authenticate"},
	}
	if len(op.Attributes) > 0 {
		v.Hint = ui.Text{JA: "数字4桁（券面事項入力補助用と共通）", EN: "Four digits, the same as your card-face text PIN"}
	}
	if op.Signs() {
		v.Label.EN = "Signature password"
		v.Hint = ui.Text{JA: "英字と数字、6〜16文字。小文字は大文字に変わります。", EN: "6 to 16 letters and digits. Small letters become capitals."}
		v.Submit = ui.Text{JA: "署名する", EN: "Sign"}
	}
	return v
}

// showRequest shows a request at the face where it was made.
func (h *house) showRequest(c echo.Context) error {
	f := faceOf(c)
	if f != windowFace {
		h.claim(c, caller{Browser: h.browserOf(c).ID, Face: f}, c.Param("id"))
	}
	by, mine := h.caller(c)
	v, err := h.requests.view(c.Request().Context(), by, c.Param("id"), h.placed(mine))
	if err != nil {
		return err
	}
	if v.Over && f != windowFace {
		return h.handOver(c, by, v)
	}
	page := requestPage{requestView: v, Asker: h.register.Asker(c.Request().Context(), v.Op.Origin), PIN: pinViewOf(v.Op), Left: int(v.Until.Sub(h.cfg.Now()).Seconds()) + 1}
	if v.Failure != nil {
		e := explain(v.Failure)
		page.Explanation, page.Known = &e, v.Failure.Code == codeLastTry
	}
	if v.Over {
		return h.pages.Render(c, http.StatusOK, "over", overTitle(v), page)
	}
	page.LastTry = v.Ready && v.TriesLeft == 1
	if page.Tray, err = h.tray(c, v.On); err != nil {
		return err
	}
	page.Tray.Here = f.page(v.ID)
	page.Tray.Action = page.Tray.Here + "/reader"
	title := ui.Text{JA: "カードで本人であることを証明します", EN: "Prove who you are with your card"}
	if page.Sign() {
		title = ui.Text{JA: "文書に電子署名をします", EN: "Sign a document electronically"}
	}
	return h.pages.Render(c, http.StatusOK, f.template(), title, page)
}

func overTitle(v requestView) ui.Text {
	switch {
	case v.Failure != nil:
		return explain(v.Failure).Title
	case v.Op.Signs():
		return ui.Text{JA: "署名しました", EN: "Signed"}
	}
	return ui.Text{JA: "本人であることを証明しました", EN: "You have proved who you are"}
}

// enterPIN presents what was typed. The PIN goes to the card and nowhere else.
func (h *house) enterPIN(c echo.Context) error {
	in, err := door.Read[struct {
		Turn      string `json:"turn"`
		Placement string `json:"placement"`
		PIN       string `json:"pin"`
		LastTry   string `json:"lastTry"`
	}](c)
	if err != nil {
		return unreadable(err)
	}
	turn, err := strconv.Atoi(in.Turn)
	if err != nil {
		return malformed("turn: not a number")
	}
	by, mine := h.caller(c)
	on := h.placed(mine)
	if in.Placement != "" && in.Placement != strconv.Itoa(on.Count) {
		return back(c) // it was typed for a card that has gone
	}
	if err := h.requests.enterPIN(c.Request().Context(), by, c.Param("id"), on, typedPIN{Turn: turn, PIN: typed(in.PIN), LastTry: in.LastTry == "yes"}); err != nil {
		return err
	}
	return back(c)
}

// typed turns what a person typed into what a card compares: full-width letters
// and digits of a Japanese keyboard become half-width, small letters capitals.
func typed(s string) string {
	return strings.ToUpper(strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' {
			return r - '！' + '!'
		}
		return r
	}, s))
}

// changeCard places another card on the reader, or takes the card away, in the
// middle of a request.
func (h *house) changeCard(c echo.Context) error {
	by, _ := h.caller(c)
	if err := h.requests.changeCard(by, c.Param("id")); err != nil {
		return err
	}
	if err := h.placeCard(c); err != nil {
		return err
	}
	return back(c)
}

// cancel ends a request without an answer.
func (h *house) cancel(c echo.Context) error {
	by, mine := h.caller(c)
	if err := h.requests.cancel(c.Request().Context(), by, c.Param("id"), h.placed(mine)); err != nil {
		return err
	}
	return back(c)
}

// back shows the request again, by GET, so that reloading sends nothing twice.
func back(c echo.Context) error {
	return c.Redirect(http.StatusSeeOther, faceOf(c).page(c.Param("id")))
}

// takeAnswer returns the final page's script the answer and the one origin that it
// may post it to, once.
func (h *house) takeAnswer(c echo.Context) error {
	by, _ := h.caller(c)
	d, err := h.requests.takeAnswer(by, c.Param("id"))
	if p, ok := describe(err); ok {
		return p
	}
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]any{"origin": d.origin, "answer": wireAnswer(d.answer, d.failure, ui.LangOf(c))})
}

// wireAnswer is an answer as it is posted to the asking page: {token}, {cms} or
// {error:{code,message}}.
func wireAnswer(a answer, why *failure, l ui.Lang) map[string]any {
	switch {
	case why != nil:
		e := map[string]any{"code": why.Code, "message": why.message(l)}
		if why.Code == codePINBlocked {
			e["triesLeft"] = 0
		}
		return map[string]any{"error": e}
	case a.Token != nil:
		return map[string]any{"token": a.Token}
	}
	return map[string]any{"cms": a.CMS} // []byte is base64 in JSON
}
