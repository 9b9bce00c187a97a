package ecosystem

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/stage"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/seed"
)

// errand is what somebody does at a relying party with a card, as a browser does it.
type errand struct {
	at    string // the column
	house string
	// does shows the page that comes in the end; an error where no answer comes.
	does func(b visitor) (seen, error)
	// yes is what the page says to somebody who is served.
	yes string
	// before makes ready, while nothing fails; nil where there is nothing to do.
	before func(v visitor)
	// also gives what a page says besides its heading; nil for nothing.
	also func(p seen) string
}

// visitor is a browser before a house, whose failures are findings.
type visitor struct {
	t testing.TB
	e *Ecosystem
	b *webtest.Browser
}

type seen struct {
	status   int
	body, at string
}

func (v visitor) sends(method, path string, form ...string) (seen, error) {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), method, v.b.URL+path, strings.NewReader(webtest.Form(form...).Encode()))
	webtest.Must(v.t, err)
	r.Header.Set("Accept", "text/html")
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	answer, err := v.b.Do(r)
	if err != nil {
		return seen{}, err
	}
	defer answer.Body.Close()
	var body bytes.Buffer
	_, err = body.ReadFrom(answer.Body)
	return seen{answer.StatusCode, body.String(), answer.Request.URL.Path}, err
}

// errNoCard says that the card's client does not answer the browser.
var errNoCard = errors.New("no card")

// token asks Taro's card.
func (v visitor) token(house, nonce string) (string, error) {
	token, err := v.card("authenticate", map[string]any{"card": "card-taro", "pin": "2345", "origin": v.e.URL(house), "nonce": nonce, "confirm": true})
	return string(token), err
}

// signature asks somebody's card for one under a document, which is base64 as the answer.
func (v visitor) signature(house string, p seed.Persona, document string) (string, error) {
	answer, err := v.card("sign", map[string]any{
		"card": "card-" + p.ID, "pin": p.Card.SignaturePIN, "origin": v.e.URL(house), "confirm": true,
		"document": map[string]string{"name": "申請書", "mediaType": "text/plain", "content": document},
	})
	if err != nil {
		return "", err
	}
	var out struct{ CMS string }
	err = json.Unmarshal(answer, &out)
	return out.CMS, err
}

// card asks the card's client.
func (v visitor) card(act string, in any) ([]byte, error) {
	body, err := json.Marshal(in)
	webtest.Must(v.t, err)
	answer, err := http.Post(v.e.Peer("card")+"/v1/"+act, "application/json", bytes.NewReader(body))
	if err != nil {
		return nil, errNoCard
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		return nil, errNoCard
	}
	return said, nil
}

var attributes = regexp.MustCompile(`\b(data-jpki-nonce|data-jpki-document|action)="([^"]*)"`)

// attribute gives the first value of an attribute of the page's main part, if it has one.
func (p seen) attribute(name string) string {
	_, main, _ := strings.Cut(p.body, "<main")
	for _, m := range attributes.FindAllStringSubmatch(main, -1) {
		if m[1] == name {
			return html.UnescapeString(m[2])
		}
	}
	return ""
}

var heading = regexp.MustCompile(`(?s)<h1[^>]*>(.*?)</h1>`)

var tags = regexp.MustCompile(`(?s)<[^>]*>`)

// says gives the page's heading.
func (p seen) says() string {
	m := heading.FindStringSubmatch(p.body)
	if m == nil {
		return ""
	}
	return plain(m[1])
}

// plain gives the words of a part of a page.
func plain(part string) string {
	return strings.Join(strings.Fields(html.UnescapeString(tags.ReplaceAllString(part, ""))), " ")
}

// byCard opens a page that asks for a card, and posts what the card says.
func byCard(house, path string, more ...string) func(visitor) (seen, error) {
	return func(v visitor) (seen, error) {
		asks, err := v.sends(http.MethodGet, path)
		nonce := asks.attribute("data-jpki-nonce")
		if err != nil || nonce == "" {
			return asks, err
		}
		to := strings.TrimPrefix(asks.attribute("action"), v.e.URL(house))
		given, err := v.token(house, nonce)
		if err != nil {
			return seen{}, err
		}
		return v.sends(http.MethodPost, to, append([]string{"token", given}, more...)...)
	}
}

func signInPage(house string) func(visitor) (seen, error) {
	return func(v visitor) (seen, error) {
		asks, err := v.sends(http.MethodGet, "/signin")
		if err != nil || asks.status != http.StatusOK {
			return asks, err
		}
		var challenge struct{ Nonce string }
		v.b.Calls(http.MethodPost, "/signin/challenge", struct{}{}, &challenge).Says(http.StatusOK)
		given, err := v.token(house, challenge.Nonce)
		if err != nil {
			return seen{}, err
		}
		return v.sends(http.MethodPost, "/signin", "token", given)
	}
}

func errands(e *Ecosystem) []errand {
	return []errand{
		{at: "bank: sign-in", house: "bank", does: signInPage("bank"), yes: "残高"},
		{at: "television: sign-in", house: "catv", does: signInPage("catv"), yes: "たろう"},
		{at: "platform: sign-in for a service", house: "platform", does: byCard("platform", authorize(e)), yes: `data-testid="consent"`},
		{at: "hospital: reception", house: "medical", does: byCard("medical", "/hospital/card", "presence", "no card lies there"), yes: `data-testid="confirmed"`},
		atTheCashier(),
		{at: "own prescriptions", house: "medical", does: byCard("medical", "/rx/mine"), yes: "処方箋"},
		{at: "portal: sign-in", house: "portal", does: signInPage("portal"), yes: "ポータル"},
		atThePortal(e),
	}
}

// atTheCashier is the payment of a bill that was made before.
func atTheCashier() errand {
	var ticket string
	return errand{
		at: "hospital: payment by card", house: "medical", yes: `data-state="paid"`,
		before: func(v visitor) {
			calls := func(path string, in, out any, status int) {
				v.t.Helper()
				v.b.Calls(http.MethodPost, "/hospital/desk/v1"+path, in, out, webtest.Bearer(seed.MedicalHospitalStaffKey)...).Says(status)
			}
			var asked struct{ Nonce string }
			calls("/challenges", struct{}{}, &asked, http.StatusOK)
			given, err := v.token("medical", asked.Nonce)
			webtest.Must(v.t, err)
			var visit struct{ ID, No int }
			calls("/receptions", map[string]any{"nonce": asked.Nonce, "token": json.RawMessage(given)}, &visit, http.StatusCreated)
			calls(fmt.Sprintf("/receptions/%d/consents", visit.ID), map[string]any{"yes": []string{}}, nil, http.StatusOK)
			calls(fmt.Sprintf("/visits/%d/bill", visit.ID), map[string]any{"act": []string{"A2 1"}}, nil, http.StatusOK)
			ticket = strconv.Itoa(visit.No)
		},
		does: func(v visitor) (seen, error) {
			bill, err := v.sends(http.MethodPost, "/hospital/pay", "no", ticket)
			if err != nil || bill.status != http.StatusOK {
				return bill, err
			}
			return byCard("medical", "/hospital/pay/card", "presence", "no card lies there")(v)
		},
		also: func(p seen) string {
			if m := alert.FindStringSubmatch(p.body); m != nil && strings.Contains(p.body, `data-testid="pay-state"`) {
				return plain(m[1])
			}
			return ""
		},
	}
}

// alert is a notice of what went wrong on a page, up to the end of its first paragraph.
var alert = regexp.MustCompile(`(?s)role="alert" data-testid="[^>]*>(.*?)</p>`)

// atThePortal is an application of somebody who has moved, to each partner that she has; the
// page that she is shown once each was told, or was not there to be told.
func atThePortal(e *Ecosystem) errand {
	const who, given = "hanako", "送信待ち（応答なし）"
	var citizen *webtest.Browser
	applied := true // what she had moved for
	begin := func(v visitor) {
		opensAccount(v.t, e)
		now, err := e.stage.Person(v.t.Context(), who)
		webtest.Must(v.t, err)
		citizen = signedIn(v.t, e, "portal", "card-"+who, "1234")
		send(v.t, citizen, "/partners/bank", "", map[string]any{"customer": now.Account, "consent": true}, nil)
	}
	return errand{
		at: "portal: application", house: "portal", yes: `data-testid="live"`,
		before: func(v visitor) {
			if citizen == nil {
				begin(v)
			}
			if !applied {
				return
			}
			for _, event := range []string{"move", "renew"} {
				_, err := e.stage.Happens(v.t.Context(), who, event, stage.Details{})
				webtest.Must(v.t, err)
			}
			applied = false
		},
		does: func(v visitor) (seen, error) {
			v.b = citizen
			wish := []string{"changedOn", e.Clock().Now().In(jpki.JST).Format(time.DateOnly), "asked", "gas", "answers", "午前"}
			for _, to := range []string{"bank", "cable", "denryoku", "gas", "suido", "mobile", "songai"} {
				wish = append(wish, "partners", to)
			}
			sheet, err := v.sends(http.MethodPost, "/apply/draft", wish...)
			document := sheet.attribute("data-jpki-document")
			if err != nil || document == "" {
				return sheet, err
			}
			cms, err := v.signature("portal", persona(v.t, e, who), document)
			if err != nil {
				return seen{}, err
			}
			page, err := v.sends(http.MethodPost, "/apply", "cms", cms)
			if applied = err == nil && page.at != "/apply"; !applied {
				return page, err
			}
			e.sweeps.Ask()
			webtest.Must(v.t, e.Settled(v.t.Context()))
			return v.sends(http.MethodGet, page.at)
		},
		also: func(p seen) string {
			var silent []string
			for _, row := range strings.Split(p.body, `data-testid="row-`)[1:] {
				if strings.Contains(row, given) {
					silent = append(silent, row[:strings.IndexByte(row, '"')])
				}
			}
			if silent == nil {
				return ""
			}
			return given + " " + strings.Join(silent, ", ")
		},
	}
}

// outcome is what a citizen saw, for the table.
func (c errand) outcome(t testing.TB, e *Ecosystem, f string) string {
	p, err := c.does(visitor{t, e, webtest.NewBrowser(t, e.Peer(c.house))})
	switch {
	case errors.Is(err, errNoCard):
		return "no card"
	case err != nil && strings.HasPrefix(f, c.house+"/"):
		return "no answer" // the house itself is silent
	case err != nil:
		t.Errorf("%s: %s: no answer: %v", f, c.at, err)
		return "no answer"
	}
	saw, also := fmt.Sprintf("%d %s", p.status, p.says()), ""
	switch {
	case p.status == http.StatusOK && strings.Contains(p.body, c.yes) && p.attribute("data-jpki-nonce") == "":
		saw = "served"
	case p.says() == "":
		t.Errorf("%s: %s: %d and no heading: %s", f, c.at, p.status, p.body)
	}
	if c.also != nil {
		also = c.also(p)
	}
	if also == "" {
		return saw
	}
	return saw + ": " + also
}
