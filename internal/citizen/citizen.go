// Package citizen is somebody with a card and without a screen: it goes to a page, lays a card,
// types the PIN and presses buttons, over HTTP. Every page that asks for a card by card.js can
// be answered so, also one of a relying party that this project has never seen.
package citizen

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/html"
)

// Card is a card of the town, at the card house.
type Card struct {
	Agent string // its URL, "http://localhost:8082"
	ID    string // "card-hanako"
	PIN   string // for what it is asked: to sign in, or to sign
}

// Browser goes from page to page, and keeps cookies.
type Browser struct {
	Language string // of the pages, as Accept-Language
	Form     string // the id or data-testid of the form to answer, where several ask for a card
	client   http.Client
	shown    page
}

// NewBrowser returns one without cookies. Requests end after a minute.
func NewBrowser(transport http.RoundTripper) (*Browser, error) {
	jar, err := cookiejar.New(nil)
	return &Browser{Language: "ja", client: http.Client{Jar: jar, Transport: transport, Timeout: time.Minute}}, err
}

// Shows says whether the page that is shown has these words.
func (b *Browser) Shows(text string) bool { return strings.Contains(b.shown.text, text) }

// Goes opens a page.
func (b *Browser) Goes(ctx context.Context, address string) error {
	return b.shows(b.opens(ctx, http.MethodGet, address, nil))
}

// shows shows a page; what has no address changes nothing.
func (b *Browser) shows(p page, err error) error {
	if p.at != nil {
		b.shown = p
	}
	return err
}

// Errors of what cannot be done on a page.
var (
	ErrNoCardAsked = errors.New("the page asks for no card: it has no form with data-jpki=\"authenticate\" and data-jpki-nonce")
	// ErrSignatureAsked is about a page whose form has data-jpki="sign".
	ErrSignatureAsked = errors.New("the page asks for a signature and no sign-in: sign its document (data-jpki-document, base64) with jpkimock sign or POST /v1/sign, and send the CMS as its form does")
	ErrSeveralForms   = errors.New("more than one form of the page asks for a card: want a page with one; jpkimock login takes --form, its id or data-testid")
	ErrOtherForm      = errors.New("no form of the page that asks for a card has this id or data-testid")
	ErrNoNonce        = errors.New("the challenge is no JSON object with a nonce")
	ErrNoButton       = errors.New("the page has no button or link with this data-testid")
)

// Question is what a page asks of a card. It may be answered more than once, as somebody does
// who has recorded the first time.
type Question struct {
	Origin, Nonce string
	// Attributes are what the page asks of the card's holder.
	Attributes []string
	from       page
	form       *html.Node
	to         string // where a program's interface wants the token; empty for a form
}

// Question reads what the page that is shown asks of a card.
func (b *Browser) Question() (Question, error) {
	form, err := b.asking()
	if err != nil {
		return Question{}, fmt.Errorf("%s: %w", b.shown.at, err)
	}
	return Question{Origin: b.origin(), Nonce: valueOf(form, "data-jpki-nonce"), Attributes: strings.Fields(valueOf(form, "data-jpki-attributes")), from: b.shown, form: form}, nil
}

// asking returns the form that asks for a card. Forms that ask the same, as at the head and at the
// foot of a page, are one.
func (b *Browser) asking() (*html.Node, error) {
	asks := func(n *html.Node) bool {
		return n.Data == "form" && valueOf(n, "data-jpki") == "authenticate" && valueOf(n, "data-jpki-nonce") != ""
	}
	first := find(b.shown.root, asks)
	switch {
	case first == nil && find(b.shown.root, func(n *html.Node) bool { return n.Data == "form" && valueOf(n, "data-jpki") == "sign" }) != nil:
		return nil, ErrSignatureAsked
	case first == nil:
		return nil, ErrNoCardAsked
	case b.Form != "":
		named := find(b.shown.root, func(n *html.Node) bool {
			return asks(n) && (valueOf(n, "id") == b.Form || valueOf(n, "data-testid") == b.Form)
		})
		if named == nil {
			return nil, fmt.Errorf("%w: %s", ErrOtherForm, b.Form)
		}
		return named, nil
	}
	other := find(b.shown.root, func(n *html.Node) bool {
		return asks(n) && slices.ContainsFunc([]string{"action", "data-jpki-nonce", "data-jpki-field", "data-jpki-attributes"}, func(name string) bool {
			return valueOf(n, name) != valueOf(first, name)
		})
	})
	if other != nil {
		return nil, ErrSeveralForms
	}
	return first, nil
}

// Token has a card answer a nonce for an origin, and tell attributes of its holder: an
// authentication token as JSON.
func (b *Browser) Token(ctx context.Context, card Card, origin, nonce string, attributes ...string) ([]byte, error) {
	asked := map[string]any{"card": card.ID, "pin": card.PIN, "origin": origin, "nonce": nonce, "confirm": true}
	if len(attributes) > 0 {
		asked["attributes"] = attributes
	}
	return b.ask(ctx, card, "/v1/authenticate", asked)
}

// Answers sends a token where the question wants it.
func (b *Browser) Answers(ctx context.Context, q Question, token []byte) error {
	if q.to != "" {
		said := any(json.RawMessage(token))
		if !json.Valid(token) {
			said = string(token)
		}
		body, err := json.Marshal(map[string]any{"token": said})
		if err == nil {
			err = b.shows(b.posts(ctx, q.to, body))
		}
		return err
	}
	field := valueOf(q.form, "data-jpki-field")
	if field == "" {
		field = "token"
	}
	sent := fields(q.form)
	sent.Set(field, string(token))
	return b.shows(b.submits(ctx, q.from, q.form, nil, sent))
}

// Challenge asks a program's interface for a challenge, by POST, in place of a page: its answer is a
// JSON object with a nonce. The token goes to answerAt as a JSON object with the member token.
func (b *Browser) Challenge(ctx context.Context, challengeAt, answerAt string) (q Question, err error) {
	at, err := url.Parse(answerAt)
	if err != nil {
		return q, err
	}
	if err := b.shows(b.posts(ctx, challengeAt, []byte("{}"))); err != nil {
		return q, err
	}
	var challenge struct{ Nonce string }
	if err := json.Unmarshal([]byte(b.shown.text), &challenge); err != nil || challenge.Nonce == "" {
		return q, fmt.Errorf("%s: %w", challengeAt, ErrNoNonce)
	}
	origin := (&url.URL{Scheme: at.Scheme, Host: at.Host}).String()
	return Question{Origin: origin, Nonce: challenge.Nonce, to: answerAt}, nil
}

// posts sends JSON, and shows what comes.
func (b *Browser) posts(ctx context.Context, address string, body []byte) (page, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return page{}, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Accept-Language", b.Language)
	shown, _, err := b.fetch(r)
	return shown, err
}

// LaysCard answers the page's question with a card: it takes the nonce of the form, asks the
// card's agent for a token for the page's origin, and sends the form.
func (b *Browser) LaysCard(ctx context.Context, card Card) error {
	q, err := b.Question()
	if err != nil {
		return err
	}
	token, err := b.Token(ctx, card, q.Origin, q.Nonce, q.Attributes...)
	if err != nil {
		return err
	}
	return b.Answers(ctx, q, token)
}

// Copy returns a browser with the cookies that this one sends to an address, as somebody has who
// has copied them. What happens to the one changes nothing in the other.
func (b *Browser) Copy(address string) (*Browser, error) {
	at, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	other, err := NewBrowser(b.client.Transport)
	if err != nil {
		return nil, err
	}
	other.Language, other.shown = b.Language, b.shown
	cookies := b.client.Jar.Cookies(at)
	for _, c := range cookies {
		c.Path = "/"
	}
	other.client.Jar.SetCookies(at, cookies)
	return other, nil
}

// Presses presses the button, or follows the link, with a data-testid.
func (b *Browser) Presses(ctx context.Context, testID string) error {
	n := find(b.shown.root, func(n *html.Node) bool { return valueOf(n, "data-testid") == testID })
	if n == nil {
		return fmt.Errorf("%s: %w: %s", b.shown.at, ErrNoButton, testID)
	}
	if n.Data == "a" {
		to, err := b.shown.at.Parse(valueOf(n, "href"))
		if err != nil {
			return err
		}
		return b.Goes(ctx, to.String())
	}
	form := b.shown.formOf(n)
	if form == nil {
		return errNoForm
	}
	return b.shows(b.submits(ctx, b.shown, form, n, fields(form)))
}

// origin is that of the page that is shown.
func (b *Browser) origin() string {
	return (&url.URL{Scheme: b.shown.at.Scheme, Host: b.shown.at.Host}).String()
}

// Sign has a card sign a document for an origin, and returns detached CMS SignedData in DER.
func (b *Browser) Sign(ctx context.Context, card Card, origin, name, mediaType string, content []byte) ([]byte, error) {
	answer, err := b.ask(ctx, card, "/v1/sign", map[string]any{
		"card": card.ID, "pin": card.PIN, "origin": origin, "confirm": true,
		"document": map[string]string{"name": name, "mediaType": mediaType, "content": base64.StdEncoding.EncodeToString(content)},
	})
	if err != nil {
		return nil, err
	}
	var out struct{ CMS []byte }
	err = json.Unmarshal(answer, &out)
	return out.CMS, err
}

// longestAnswer bounds what a card's agent says, in octets.
const longestAnswer = 1 << 20

// ask asks a card's agent. What it refuses is its code and its sentence.
func (b *Browser) ask(ctx context.Context, card Card, path string, in any) ([]byte, error) {
	body, err := json.Marshal(in)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, card.Agent+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	answer, err := b.client.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(io.LimitReader(answer.Body, longestAnswer))
	if err != nil {
		return nil, err
	}
	if answer.StatusCode != http.StatusOK {
		var p struct{ Code, Detail string }
		_ = json.Unmarshal(said, &p) // what is no problem says nothing more
		return nil, fmt.Errorf("the card's agent answers %d %s %s", answer.StatusCode, p.Code, p.Detail)
	}
	return said, nil
}
