package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/mxschmitt/playwright-go"

	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/seed"
)

// What people behind counters do: officers of the town hall, of the call
// centre and of the ministry, and the staff of the bank.

// desks says at which desk an officer begins.
var desks = map[string]string{"mado-1": "counter", "mado-2": "counter", "mado-3": "counter", "denwa-1": "suspension", "mic-1": "verifiers"}

// officer seats an officer at the desk, signed in.
func (w *World) officer(t *testing.T, id string, lang ui.Lang) *Person {
	t.Helper()
	p := w.stranger(t, id, lang)
	p.SignsInAtTheOffice(id)
	return p
}

// counterOf seats the officer of the municipality where somebody lives.
func (w *World) counterOf(t *testing.T, id string) *Person {
	t.Helper()
	return w.officer(t, w.officerOf(id), ui.Japanese)
}

// officerOf gives the ID of the officer who serves where somebody lives.
func (w *World) officerOf(id string) string {
	w.t.Helper()
	world, err := seed.Default()
	if err != nil {
		w.t.Fatal(err)
	}
	town, err := world.Town(w.persona(id).Municipality)
	if err != nil {
		w.t.Fatal(err)
	}
	return town.Officer
}

// SignsInAtTheOffice goes from the choice of desks to the officer's own.
func (p *Person) SignsInAtTheOffice(id string) {
	p.t.Helper()
	p.Goes("authority", "/office")
	p.Clicks("office-" + desks[id])
	p.Chooses("officer", id)
	p.Types("officer-key", seed.OfficerKey)
	p.Clicks("signin")
	p.must(p.page.WaitForURL(p.world.URL("authority")+"/office/"+desks[id]), "come to the desk")
}

// Chooses takes a choice of the list with a test id.
func (p *Person) Chooses(testID, value string) {
	p.t.Helper()
	_, err := p.found(testID).SelectOption(playwright.SelectOptionValues{Values: &[]string{value}})
	p.must(err, "choose %q of %q", value, testID)
}

// act is a notification at the counter: what is filled in, and what the
// counter says beforehand that it does, "kind act reason" for each certificate.
type act struct {
	event   string
	fields  map[string]string
	pins    map[string]string // by kind; typed by the holder
	effects []string
}

// what an act does to a certificate, as the counter shows it.
const (
	signatureEnds   = "digital-signature revoked affiliationChanged"
	signatureClosed = "digital-signature revoked cessationOfOperation"
	loginClosed     = "user-authentication revoked cessationOfOperation"
	signatureIssued = "digital-signature issued"
	loginIssued     = "user-authentication issued"
	loginStays      = "user-authentication unchanged"
	signatureHeld   = "digital-signature unchanged"
	loginResumed    = "user-authentication resumed"
)

// LooksUp finds a resident at the counter.
func (p *Person) LooksUp(id string) {
	p.t.Helper()
	who := p.world.persona(id)
	p.Goes("authority", "/office/counter")
	p.Types("search-name", who.Kana)
	p.Types("search-birth", "")
	p.Clicks("resident-search")
	p.must(p.found("resident-link").And(p.page.Locator(`[data-id="`+id+`"]`)).Click(), "take %s of those found", id)
	p.Sees("resident-name")
}

// Takes fills in an act's form, reads what it does, confirms, and comes to the
// page that says what was done.
func (p *Person) Takes(id string, a act) {
	p.t.Helper()
	p.LooksUp(id)
	p.Clicks("act-" + a.event)
	p.Prepares(a)
	p.Confirms(a)
}

// TakesIn takes the notice of somebody who comes from another municipality.
func (p *Person) TakesIn(id string, a act) {
	p.t.Helper()
	who := p.world.persona(id)
	p.Goes("authority", "/office/counter")
	p.Types("search-name", who.Kana)
	p.Types("search-birth", who.Birth)
	p.Clicks("resident-search")
	p.must(p.found("take-in").And(p.page.Locator(`[data-id="`+id+`"]`)).Click(), "take %s in", id)
	p.Prepares(a)
	p.Confirms(a)
}

// Prepares fills in the form, and comes to the page that says what will happen.
func (p *Person) Prepares(a act) {
	p.t.Helper()
	for name, value := range a.fields {
		switch name {
		case "gender":
			p.Chooses("field-"+name, value)
		case "kinds":
			for _, kind := range []string{"digital-signature", "user-authentication"} {
				p.must(p.found("kind-"+kind).SetChecked(strings.Contains(value, kind)), "choose the kind %s", kind)
			}
		default:
			p.Types("field-"+name, value)
		}
	}
	p.Types("why", "届出書と本人確認書類を確認")
	p.Clicks("preview")
	p.Sees("confirm")
	p.SeesEffects(a.effects)
}

// SeesEffects compares what the page says of the certificates.
func (p *Person) SeesEffects(want []string) {
	p.t.Helper()
	said, err := p.found("effect").EvaluateAll(`all => all.map((e) => [e.dataset.kind, e.dataset.act, e.dataset.reason || ""].join(" ").trim())`)
	p.must(err, "read what happens to the certificates")
	got := []string{}
	for _, s := range said.([]any) {
		got = append(got, s.(string))
	}
	if !slices.Equal(got, want) {
		p.t.Errorf("%s at %s reads %q: want %q", p.who, p.page.URL(), got, want)
	}
}

// Confirms does what was shown; the holder types the PINs.
func (p *Person) Confirms(a act) {
	p.t.Helper()
	for kind, pin := range a.pins {
		p.Types("pin-"+kind, pin)
		p.Types("pin-"+kind+"-again", pin)
	}
	p.Clicks("confirm")
	p.must(p.expect(p.found("done")).ToHaveAttribute("data-event", a.event), "see that %s is done", a.event)
	p.SeesEffects(a.effects)
}

// IsOnRecord wants the latest certificate of a kind in a state, on the page of
// a resident, and gives its serial number.
func (p *Person) IsOnRecord(kind, state string) string {
	p.t.Helper()
	badge := p.found("cert-state-" + kind)
	p.must(p.expect(badge).ToHaveAttribute("data-state", state), "find the %s certificate %s", kind, state)
	serial, err := badge.GetAttribute("data-serial")
	p.must(err, "read the serial number")
	return serial
}

// clerk seats somebody of the bank's staff, signed in.
func (w *World) clerk(t *testing.T, lang ui.Lang) *Person {
	t.Helper()
	p := w.stranger(t, "clerk", lang)
	p.Goes("bank", "/staff/signin")
	p.SignsInAsStaff(seed.BankStaffKey)
	p.Sees("sweep-run")
	return p
}

// SignsInAsStaff types the staff key.
func (p *Person) SignsInAsStaff(key string) {
	p.t.Helper()
	p.Types("staff-key", key)
	p.Clicks("staff-signin-button")
}

// Sweeps has the bank ask the authority about its customers, and comes to the
// report.
func (p *Person) Sweeps() {
	p.t.Helper()
	p.Goes("bank", "/staff")
	p.Clicks("sweep-run")
	p.Sees("sweep-report")
}

// Counts compares the figures of a report, by the end of their test ids.
func (p *Person) Counts(want map[string]int) {
	p.t.Helper()
	for name, n := range want {
		if got := p.Text("sweep-" + name); got != fmt.Sprint(n) {
			p.t.Errorf("the report has %s %s: want %d", got, name, n)
		}
	}
}

// OpensTheRecordOf opens a customer's record at the bank.
func (p *Person) OpensTheRecordOf(account string) {
	p.t.Helper()
	p.Goes("bank", "/staff/customers/"+account)
	p.Clicks("record-open")
	p.Sees("record")
}

// ReadsTheLetterTo opens the letter that is written to the customer of the
// record.
func (p *Person) ReadsTheLetterTo(account string) {
	p.t.Helper()
	p.OpensTheRecordOf(account)
	name := ui.Text{JA: "照会状", EN: "Letter"}.In(p.lang)
	p.must(p.page.Locator("main").GetByRole("link", playwright.LocatorGetByRoleOptions{Name: name, Exact: playwright.Bool(true)}).Click(), "open the letter")
}

// FindsNoLetterTo opens the record of a customer who has a message, and to whom
// nothing is posted.
func (p *Person) FindsNoLetterTo(account, message string) {
	p.t.Helper()
	p.OpensTheRecordOf(account)
	p.Reads("record-messages", message, "")
	p.must(p.expect(p.found("record-messages").GetByRole("link")).ToHaveCount(0), "find no letter")
}

// isRefused waits for the page that says no.
func (p *Person) isRefused(ja, en string) {
	p.t.Helper()
	want := ui.Text{JA: ja, EN: en}.In(p.lang)
	p.must(p.expect(p.page.Locator(".refusal")).ToContainText(want), "be refused with %q", want)
}

// caller is a program that speaks to the houses as a browser's script would.
type caller struct {
	*webtest.Browser
	mediaType string
}

func newCaller(t *testing.T) *caller {
	return &caller{Browser: webtest.NewBrowser(t, ""), mediaType: "application/json"}
}

// asks posts JSON, and reads the answer into out unless it is a refusal; key may be
// empty.
func (c *caller) asks(url, key string, in, out any) int {
	headers := []string{"Content-Type", c.mediaType}
	if key != "" {
		headers = append(headers, webtest.Bearer(key)...)
	}
	p := c.Calls(http.MethodPost, url, in, nil, headers...)
	if out != nil && p.Status < 300 {
		p.JSON(out)
	}
	return p.Status
}

// becomesACustomer opens an account for somebody without a browser, for the
// stories that begin later, and gives its number.
func (w *World) becomesACustomer(t *testing.T, id string) string {
	t.Helper()
	c, who := newCaller(t), w.persona(id)
	var draft struct {
		Document map[string]string `json:"document"`
	}
	var signed struct {
		CMS string `json:"cms"`
	}
	var opened struct {
		Account struct {
			Number string `json:"number"`
		} `json:"account"`
	}
	c.asks(w.URL("bank")+"/accounts/draft", "", map[string]any{"purpose": "living"}, &draft)
	c.asks(w.URL("card")+"/v1/sign", "", map[string]any{"card": who.CardID(), "pin": who.Card.SignaturePIN, "origin": w.URL("bank"), "document": draft.Document}, &signed)
	if status := c.asks(w.URL("bank")+"/accounts", "", map[string]any{"cms": signed.CMS}, &opened); status != http.StatusCreated {
		t.Fatalf("%s is refused an account: status %d", id, status)
	}
	return opened.Account.Number
}

// accountOf gives the account number of somebody who is a customer from the
// beginning.
func (w *World) accountOf(t *testing.T, id string) string {
	t.Helper()
	c, who := newCaller(t), w.persona(id)
	var challenge struct {
		Nonce string `json:"nonce"`
	}
	var token json.RawMessage
	var in struct {
		Account struct {
			Number string `json:"number"`
		} `json:"account"`
	}
	c.asks(w.URL("bank")+"/signin/challenge", "", map[string]any{}, &challenge)
	c.asks(w.URL("card")+"/v1/authenticate", "", map[string]any{"card": who.CardID(), "pin": who.Card.AuthenticationPIN, "origin": w.URL("bank"), "nonce": challenge.Nonce}, &token)
	if status := c.asks(w.URL("bank")+"/signin", "", map[string]any{"token": token}, &in); status >= 300 {
		t.Fatalf("%s cannot sign in: status %d", id, status)
	}
	return in.Account.Number
}
