package ecosystem

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"html"
	"io"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"example.jp/jpkimock/internal/fault"
	"example.jp/jpkimock/internal/stage"
	"example.jp/jpkimock/internal/stagetool"
	"example.jp/jpkimock/internal/webtest"
)

var update = flag.Bool("update", false, "write the tables of the docs anew")

const faultsFile = "../../docs/faults.md"

// errand is what somebody does at a relying party with a card, as a browser does it.
type errand struct {
	at    string // the column
	house string
	// does shows the page that comes in the end; an error where no answer comes.
	does func(b visitor) (seen, error)
	// yes is what the page says to somebody who is served.
	yes string
}

// visitor is a browser before a house, whose failures are findings.
type visitor struct {
	t testing.TB
	e *Ecosystem
	b *webtest.Browser
}

type seen struct {
	status int
	body   string
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
	return seen{answer.StatusCode, body.String()}, err
}

// errNoCard says that the card's client does not answer the browser.
var errNoCard = errors.New("no card")

// token asks Taro's card.
func (v visitor) token(house, nonce string) (string, error) {
	body := fmt.Sprintf(`{"card":"card-taro","pin":"2345","origin":%q,"nonce":%q,"confirm":true}`, v.e.URL(house), nonce)
	answer, err := http.Post(v.e.Peer("card")+"/v1/authenticate", "application/json", strings.NewReader(body))
	if err != nil {
		return "", errNoCard
	}
	defer answer.Body.Close()
	token, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		return "", errNoCard
	}
	return string(token), nil
}

var attributes = regexp.MustCompile(`\b(data-jpki-nonce|action)="([^"]*)"`)

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
	return strings.Join(strings.Fields(html.UnescapeString(tags.ReplaceAllString(m[1], ""))), " ")
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
		{"bank: sign-in", "bank", signInPage("bank"), "残高"},
		{"television: sign-in", "catv", signInPage("catv"), "たろう"},
		{"platform: sign-in for a service", "platform", byCard("platform", authorize(e)), `data-testid="consent"`},
		{"hospital: reception", "medical", byCard("medical", "/hospital/card", "presence", "no card lies there"), `data-testid="confirmed"`},
		{"own prescriptions", "medical", byCard("medical", "/rx/mine"), "処方箋"},
		{"portal: sign-in", "portal", signInPage("portal"), "ポータル"},
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
	case p.status == http.StatusOK && strings.Contains(p.body, c.yes) && p.attribute("data-jpki-nonce") == "":
		return "served"
	case p.says() == "":
		t.Errorf("%s: %s: %d and no heading: %s", f, c.at, p.status, p.body)
	}
	return fmt.Sprintf("%d %s", p.status, p.says())
}

// TestEveryFaultAtEveryRelyingParty switches on one fault after the other, and looks at what
// a citizen with a good card is shown at each relying party: a sentence, never a blank page,
// and no yes where the authority gives no believable status. docs/faults.md is what it saw.
func TestEveryFaultAtEveryRelyingParty(t *testing.T) {
	t.Parallel()
	e := town(t, Config{SweepEvery: -1})
	all := errands(e)
	var table strings.Builder
	table.WriteString(faultsHead)
	for _, c := range all {
		fmt.Fprintf(&table, " %s |", c.at)
	}
	table.WriteString("\n| --- | --- |" + strings.Repeat(" --- |", len(all)) + "\n")
	tell := webtest.NewBrowser(t, "")
	for _, h := range e.cfg.Houses {
		for _, f := range h.Faults {
			name, on := h.Name+"/"+f.Name, fault.State{On: true}
			if f.Name == "slow" {
				on.Delay = "10ms"
			}
			tell.Calls(http.MethodPut, e.Peer(h.Name)+"/faults", map[string]fault.State{f.Name: on}, nil).Says(http.StatusOK)
			fmt.Fprintf(&table, "| %s | `%s` %s |", h.Name, f.Name, f.Says().EN)
			for _, c := range all {
				saw := c.outcome(t, e, name)
				if saw == "served" && h.Name == "authority" && f.Name != "slow" && f.Name != "crl-stale" {
					t.Errorf("%s: %s was served", name, c.at)
				}
				fmt.Fprintf(&table, " %s |", saw)
			}
			table.WriteString("\n")
			tell.Calls(http.MethodPut, e.Peer(h.Name)+"/faults", map[string]fault.State{f.Name: {}}, nil).Says(http.StatusOK)
		}
	}
	for _, c := range all {
		if saw := c.outcome(t, e, "no fault"); saw != "served" {
			t.Errorf("without a fault: %s: %s", c.at, saw)
		}
	}
	if *update {
		webtest.Must(t, os.WriteFile(faultsFile, []byte(table.String()), 0o644))
	}
	written, err := os.ReadFile(faultsFile)
	webtest.Must(t, err)
	if table.String() != string(written) {
		t.Errorf("docs/faults.md is not what was seen; -update writes:\n%s", table.String())
	}
}

const faultsHead = `# What people see while something fails

Made by ` + "`go test ./internal/ecosystem -run TestEveryFaultAtEveryRelyingParty -update`" + `: each fault of each house is switched
on, and somebody with a good card goes to each relying party. *served* is the page that they came for; otherwise the
status and the heading of the page that says why not; *no answer* is a house that is silent itself, where the browser
says so, and *no card* a card client that does not answer the page. No cell of the authority says *served* but for slow answers
and the CRL, which nobody here relies on. Faults of the card company and of the utilities are met at the cashier and
after a portal's application. [Interfaces](interfaces.md#every-house) says how faults are narrowed.

| house | fault |`

// TestAFaultIsKeptToSomebody narrows faults through the management interface: to a relying
// party, to a person, to a number of times.
func TestAFaultIsKeptToSomebody(t *testing.T) {
	t.Parallel()
	e, town := onStage(t)
	all := errands(e)
	bank, portal := all[0], all[len(all)-1]
	served := func(c errand) bool { return c.outcome(t, e, "narrowed") == "served" }
	begin := func(name string, with fault.Setting) {
		t.Helper()
		_, err := town.SwitchFaults(t.Context(), "authority", []string{name}, nil, with)
		webtest.Must(t, err)
	}
	for _, name := range []string{"ocsp-nonce", "error"} {
		begin(name, fault.Setting{Caller: "bank"})
		if served(bank) || !served(portal) {
			t.Errorf("%s for the bank alone: the bank or another", name)
		}
		_, err := town.EndFaults(t.Context())
		webtest.Must(t, err)
	}
	begin("ocsp-unknown", fault.Setting{Person: "hanako"})
	if !served(bank) {
		t.Error("a fault about Hanako is one about Taro")
	}
	begin("ocsp-unknown", fault.Setting{Person: "taro", Count: 1})
	list, err := town.Faults(t.Context())
	webtest.Must(t, err)
	i := slices.IndexFunc(list, func(f stage.Fault) bool { return f.Name == "ocsp-unknown" })
	if !list[i].On || list[i].With == nil || *list[i].With != (fault.Setting{Person: "taro", Count: 1}) {
		t.Errorf("%+v", list[i])
	}
	if served(bank) || !served(bank) {
		t.Error("once about Taro: never, or more than once")
	}
	for _, c := range []struct {
		house string
		with  fault.Setting
		says  string
	}{
		{"bank", fault.Setting{Caller: "portal"}, "houses that know who asks"},
		{"authority", fault.Setting{Caller: "bonk"}, "want one of bank, catv, "},
		{"gateway", fault.Setting{Caller: "bank"}, "want one of hospital, clinic, medical"},
		{"authority", fault.Setting{Person: "taro"}, "one person"},
	} {
		var said strings.Builder
		command := []string{"fault", "--manage", e.Managed(), c.house, "silent", "on", "caller=" + c.with.Caller}
		if c.with.Person != "" {
			command[len(command)-1] = "person=" + c.with.Person
		}
		if err := stagetool.Run(t.Context(), command, &said); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s %+v: %v: want %s", c.house, c.with, err, c.says)
		}
		if _, err := town.SwitchFaults(t.Context(), c.house, []string{"silent"}, nil, c.with); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s %+v: %v: want %s", c.house, c.with, err, c.says)
		}
	}
	_, err = town.SwitchFaults(t.Context(), "authority", []string{"ocsp-unknown"}, nil, fault.Setting{Person: "hanaco"})
	if err == nil || !strings.Contains(err.Error(), `nobody called "hanaco": want one of hanako, `) {
		t.Errorf("about nobody: %v", err)
	}
}
