package agent

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/ui"
)

const (
	// maxReturn is the longest return address, in octets.
	maxReturn = 1024
	// maxTakeover bounds the form of a page that hands over. A document in
	// base64 has at most every second character percent-encoded.
	maxTakeover = maxDocument/3*8 + 16<<10
	// ticketCookie binds a request to the browser that brought it. The agent's
	// session cookie cannot: browsers keep it back when a page of another site
	// posts, and send it with the GET that follows.
	ticketCookie = "jpkimock_card_ticket"
)

// takeover is what a page asks that gives its place to the kiosk or the set:
// what it wants, and where the answer is posted to.
type takeover struct {
	Ask    ask
	Return string
	Lang   ui.Lang // empty for the browser's own choice
}

// takeoverFields are the fields a page may send. All else is refused, what a
// page would like to have shown above all.
var takeoverFields = [...]string{"action", "nonce", "document", "documentName", "mediaType", "return", "lang"}

// parseTakeover checks a form that came from a page of origin. Every error is a
// *trouble.
func parseTakeover(origin string, f url.Values) (takeover, error) {
	if origin == "" || origin == "null" {
		return takeover{}, &trouble{Code: codeNoOrigin, Detail: `the request has no Origin header, or "null": the asking page needs Referrer-Policy: strict-origin (card.js sees to it)`}
	}
	for name, values := range f {
		if !slices.Contains(takeoverFields[:], name) {
			return takeover{}, malformed("unknown field " + clip(name))
		}
		if len(values) != 1 {
			return takeover{}, malformed("field " + name + " comes more than once")
		}
	}
	t := takeover{Return: f.Get("return"), Lang: ui.Lang(f.Get("lang"))}
	var err error
	if t.Ask, err = askOf(origin, f); err != nil {
		return takeover{}, err
	}
	if t.Lang != "" && t.Lang != ui.Japanese && t.Lang != ui.English {
		return takeover{}, malformed(`lang: want "ja" or "en"`)
	}
	return t, checkReturn(origin, t.Return)
}

func askOf(origin string, f url.Values) (ask, error) {
	signs := f.Get("document") != "" || f.Get("documentName") != "" || f.Get("mediaType") != ""
	switch a := action(f.Get("action")); {
	case a == authenticate && !signs:
		return newAuthentication(origin, f.Get("nonce"))
	case a == sign && f.Get("nonce") == "":
		return newSignature(origin, wireDocument{Name: f.Get("documentName"), MediaType: f.Get("mediaType"), Content: f.Get("document")})
	case a != authenticate && a != sign:
		return ask{}, malformed(`action: want "authenticate" or "sign"`)
	}
	return ask{}, malformed("authenticate takes a nonce, sign takes a document, and neither takes both")
}

// checkReturn accepts an address of the asking origin itself: an answer never
// goes to another's page.
func checkReturn(origin, address string) error {
	if len(address) > maxReturn {
		return malformed("return: longer than 1024 octets")
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Opaque != "" || u.User != nil || u.Fragment != "" || strings.ContainsAny(address, "\\#\t\r\n ") {
		return malformed("return: want an absolute http or https address without user and fragment")
	}
	if u.Scheme+"://"+u.Host != origin {
		return &trouble{Code: codeForeignReturn, Detail: "return: the address is not of the origin that asks"}
	}
	return nil
}

// enter takes the place of a page that posts itself here, and goes on by GET.
func (h *house) enter(c echo.Context) error {
	r := c.Request()
	t, err := readTakeover(c)
	if err != nil {
		return h.refuseTakeover(c, err)
	}
	ticket := rand.Text()
	f := faceOf(c)
	id := h.requests.open(&request{face: f, ticket: ticket, back: t.Return, ask: t.Ask})
	c.SetCookie(&http.Cookie{
		Name: ticketCookie, Value: ticket, Path: f.page(id), MaxAge: int(lifetime.Seconds()),
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: r.TLS != nil,
	})
	to := f.page(id)
	if t.Lang != "" {
		to += "?lang=" + string(t.Lang)
	}
	return c.Redirect(http.StatusSeeOther, to)
}

// readTakeover reads a page's form; its errors are *trouble, or of the body.
func readTakeover(c echo.Context) (takeover, error) {
	r := c.Request()
	if to := r.Header.Get("Sec-Fetch-Dest"); to != "" && to != "document" {
		return takeover{}, &trouble{Code: codeNotAPage, Detail: "this door takes the place of a whole page; a script or a frame cannot use it"}
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/x-www-form-urlencoded" {
		return takeover{}, &trouble{Code: codeNotForm, Detail: "the body must be application/x-www-form-urlencoded"}
	}
	r.Body = http.MaxBytesReader(c.Response(), r.Body, maxTakeover)
	if err := r.ParseForm(); err != nil {
		var over *http.MaxBytesError
		if errors.As(err, &over) {
			return takeover{}, tooLarge()
		}
		return takeover{}, malformed("the form could not be read")
	}
	return parseTakeover(r.Header.Get("Origin"), r.PostForm)
}

// refuseTakeover says no on a page of its own: an address that could not be
// checked gets no answer.
func (h *house) refuseTakeover(c echo.Context, err error) error {
	var t *trouble
	if !errors.As(err, &t) {
		return err
	}
	if !door.WantsPage(c.Request()) {
		return t.problem()
	}
	s := sentenceOf(t)
	no := ui.Refusal{Status: t.problem().Status, Code: string(t.Code), Title: s.Title, Body: s.Body, Detail: t.Error()}
	if origin := c.Request().Header.Get("Origin"); checkOrigin(origin) == nil {
		no.Next = []ui.Link{{Text: ui.Text{JA: "元のサイトに戻る", EN: "Back to the site"}, Href: origin + "/", Primary: true}}
	}
	return h.pages.Refuse(c, no)
}

// claim makes a request the browser's that holds its ticket.
func (h *house) claim(c echo.Context, by caller, id string) {
	k, err := c.Cookie(ticketCookie)
	if err != nil {
		return
	}
	h.requests.claim(by, id, k.Value)
	c.SetCookie(&http.Cookie{Name: ticketCookie, Path: by.Face.page(id), MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

// handoverPage is the page that posts the answer and itself with it.
type handoverPage struct {
	At     situation
	Say    *sentence
	Return string // the address; its origin when the answer has gone already
	Fields []field
	Taken  bool
}

// field is one hidden field of a form.
type field struct{ Name, Value string }

// handOver gives the answer of a finished request back to the page that asked,
// once: a page that posts itself to the return address. No other form of it can
// be sent, and to no other origin.
func (h *house) handOver(c echo.Context, by caller, at situation) error {
	if c.Request().Method != http.MethodGet {
		return c.NoContent(http.StatusOK)
	}
	page := handoverPage{At: at, Return: at.Ask.Origin + "/"}
	if at.Trouble != nil {
		s := sentenceOf(at.Trouble)
		page.Say = &s
	}
	given, err := h.requests.take(by, at.ID)
	switch {
	case errors.Is(err, errTaken):
		page.Taken = true
	case err != nil:
		return err
	default:
		page.Return = given.back
		if page.Fields, err = h.fields(c, by, given); err != nil {
			return err
		}
	}
	head := c.Response().Header()
	policy, _, _ := strings.Cut(head.Get("Content-Security-Policy"), "form-action")
	head.Set("Content-Security-Policy", policy+"form-action "+at.Ask.Origin)
	// The page that takes the answer may want to see from whom it comes.
	head.Set("Referrer-Policy", "strict-origin")
	return h.pages.Render(c, http.StatusOK, "handover", overTitle(at), page)
}

// fields is an answer as a form has it: token, cms, or error with message; from
// the set also presence.
func (h *house) fields(c echo.Context, by caller, g given) ([]field, error) {
	if g.trouble != nil {
		return []field{{"error", string(g.trouble.Code)}, {"message", message(g.trouble, ui.LangOf(c))}}, nil
	}
	var all []field
	if g.answer.Token != nil {
		token, err := json.Marshal(g.answer.Token)
		if err != nil {
			return nil, err
		}
		all = append(all, field{"token", string(token)})
	} else {
		all = append(all, field{"cms", base64.StdEncoding.EncodeToString(g.answer.CMS)})
	}
	if mine, ok := h.seats.Load(c); ok && by.Face == tvFace && mine.Slot != nil {
		all = append(all, field{"presence", h.presences.issue(mine.Slot, g.on.Count, g.origin)})
	}
	return all, nil
}
