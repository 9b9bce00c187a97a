package agent

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/cookie"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/held"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/virtualcard/agent/askers"
	"example.jp/jpkimock/virtualcard/agent/origin"
)

// maxReturn is the longest return address, in octets.
const maxReturn = 1024

// takeoverForm is what a page asks that gives its place to the kiosk or the set. A
// page may send nothing else: above all not what it would like to have shown.
type takeoverForm struct {
	Action       action  `json:"action"`
	Nonce        string  `json:"nonce"`
	Attributes   string  `json:"attributes"` // of an authentication: names with spaces between
	Document     string  `json:"document"`   // base64
	DocumentName string  `json:"documentName"`
	MediaType    string  `json:"mediaType"`
	Digest       string  `json:"digest"`  // base64
	Service      string  `json:"service"` // that wants the digest signed
	Return       string  `json:"return"`  // where the answer is posted to
	Lang         ui.Lang `json:"lang"`    // empty for the browser's own choice
}

// parse checks a form that came from a page of origin. Every error is a *failure.
func (f takeoverForm) parse(origin string) (operation, error) {
	if f.Lang != "" && ui.LangNamed(string(f.Lang)) == "" {
		return operation{}, malformed(`lang: want "ja" or "en"`)
	}
	op, err := f.operation(origin)
	if err != nil {
		return operation{}, err
	}
	return op, checkReturn(origin, f.Return)
}

func (f takeoverForm) operation(origin string) (operation, error) {
	signs := f.Document != "" || f.DocumentName != "" || f.MediaType != ""
	switch digest := f.Digest != "" || f.Service != ""; {
	case f.Action == signDigest && f.Nonce == "" && f.Attributes == "" && !signs:
		return newDigest(origin, f.Service, f.Digest)
	case f.Action == signDigest || digest:
		return operation{}, malformed("sign-digest takes a service and a digest, and nothing else does")
	case f.Action == authenticate && !signs:
		return newAuthentication(origin, f.Nonce, strings.Fields(f.Attributes))
	case f.Action == sign && f.Nonce == "" && f.Attributes == "":
		return newSignature(origin, wireDocument{Name: f.DocumentName, MediaType: f.MediaType, Content: f.Document})
	case f.Action != authenticate && f.Action != sign:
		return operation{}, malformed(`action: want "authenticate" or "sign"`)
	}
	return operation{}, malformed("authenticate takes a nonce, sign takes a document, and neither takes both")
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
		return &failure{Code: codeForeignReturn, Detail: "return: the address is not of the origin that asks"}
	}
	return nil
}

// takeOver takes the place of a page that posts itself here, and goes on by GET.
func (h *house) takeOver(c echo.Context) error {
	form, op, err := readTakeover(c)
	if err == nil {
		err = h.trusts(op)
	}
	if err != nil {
		return h.refuseTakeover(c, err)
	}
	ticket := held.Name()
	f := faceOf(c)
	id, err := h.requests.open(&request{face: f, ticket: ticket, back: form.Return, address: c.RealIP(), op: op})
	if err != nil {
		return err
	}
	ticketOf(f.page(id)).Set(c, ticket)
	to := f.page(id)
	if form.Lang != "" {
		to += "?lang=" + string(form.Lang)
	}
	return c.Redirect(http.StatusSeeOther, to)
}

// ticketOf is the cookie that binds a request to the browser that brought it, on the
// request's page. The agent's session cookie cannot: browsers do not send it when a
// page of another site posts, but with the GET that follows.
func ticketOf(page string) cookie.Cookie {
	return cookie.Cookie{Name: "jpkimock_card_ticket", Path: page, Life: lifetime}
}

// readTakeover reads a page's form; its errors are *failure, or of the body.
func readTakeover(c echo.Context) (takeoverForm, operation, error) {
	r := c.Request()
	origin := r.Header.Get("Origin")
	if to := r.Header.Get("Sec-Fetch-Dest"); to != "" && to != "document" {
		return takeoverForm{}, operation{}, &failure{Code: codeNotAPage, Detail: "this address takes the place of a whole page; a script or a frame cannot use it"}
	}
	if door.IsJSON(r) {
		return takeoverForm{}, operation{}, &failure{Code: codeNotForm, Detail: "the body must be application/x-www-form-urlencoded"}
	}
	form, err := door.Read[takeoverForm](c)
	if err != nil {
		return form, operation{}, unreadable(err)
	}
	if origin == "" || origin == "null" {
		return form, operation{}, &failure{Code: codeNoOrigin, Detail: `the request has no Origin header, or "null": the asking page needs Referrer-Policy: strict-origin (card.js sets it)`}
	}
	op, err := form.parse(origin)
	return form, op, err
}

// refuseTakeover refuses on a page of the agent: an address that could not be
// checked gets no answer.
func (h *house) refuseTakeover(c echo.Context, err error) error {
	no, known := explainError(err)
	from := c.Request().Header.Get("Origin")
	if !known || !door.WantsPage(c.Request()) || origin.Check(from) != nil {
		return err
	}
	no.Next = []ui.Link{{Text: ui.Text{JA: "元のサイトに戻る", EN: "Back to the site"}, Href: from + "/", Primary: true}}
	return h.pages.Refuse(c, no)
}

// claim returns a request to the browser that has its ticket.
func (h *house) claim(c echo.Context, by caller, id string) {
	k := ticketOf(by.Face.page(id))
	if ticket := k.Get(c); ticket != "" {
		h.requests.claim(by, id, ticket)
		k.Forget(c)
	}
}

// handoverPage is the page that posts the answer, and itself with it.
type handoverPage struct {
	requestView
	Asker       askers.Asker
	Explanation *explanation
	Return      string // the address; its origin when the answer has gone already
	Fields      []field
	Taken       bool
}

// field is one hidden field of a form.
type field struct{ Name, Value string }

// handOver returns the answer of a finished request back to the page that asked,
// once: on a page that posts itself to the return address. No other form can be
// sent from it, and to no other origin.
func (h *house) handOver(c echo.Context, by caller, v requestView) error {
	if c.Request().Method != http.MethodGet {
		return c.NoContent(http.StatusOK)
	}
	page := handoverPage{requestView: v, Asker: h.register.Asker(c.Request().Context(), v.Op.Origin), Return: v.Op.Origin + "/"}
	if v.Failure != nil {
		e := explain(v.Failure)
		page.Explanation = &e
	}
	d, err := h.requests.takeAnswer(by, v.ID)
	switch {
	case errors.Is(err, errTaken):
		page.Taken = true
	case err != nil:
		return err
	default:
		page.Return = d.back
		if page.Fields, err = h.fields(c, d); err != nil {
			return err
		}
	}
	head := c.Response().Header()
	policy, _, _ := strings.Cut(head.Get("Content-Security-Policy"), "form-action")
	head.Set("Content-Security-Policy", policy+"form-action "+v.Op.Origin)
	// The page that receives the answer may want to see where it comes from.
	head.Set("Referrer-Policy", "strict-origin")
	return h.pages.Render(c, http.StatusOK, "handover", overTitle(v), page)
}

// fields is an answer as a form has it: token, cms, or error with message; with
// a token also presence.
func (h *house) fields(c echo.Context, d delivery) ([]field, error) {
	if d.failure != nil {
		return []field{{"error", string(d.failure.Code)}, {"message", d.failure.message(ui.LangOf(c))}}, nil
	}
	var all []field
	if d.answer.Token != nil {
		token, err := json.Marshal(d.answer.Token)
		if err != nil {
			return nil, err
		}
		all = append(all, field{"token", string(token)})
	} else {
		all = append(all, field{"cms", base64.StdEncoding.EncodeToString(d.answer.CMS)})
	}
	mine, ok := h.browsers.Load(c)
	if !ok || mine.Reader == nil || d.answer.Token == nil {
		return all, nil
	}
	token := held.Name()
	err := h.presences.Put(token, presence{reader: mine.Reader, count: d.on.Count, origin: d.origin, browser: mine.ID, issued: h.cfg.Now()})
	return append(all, field{"presence", token}), err
}
