package web_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"example.jp/jpkimock/rp/bank"
	"example.jp/jpkimock/rp/bank/db"
	"example.jp/jpkimock/rp/bank/internal/double"
	"example.jp/jpkimock/rp/bank/web"
)

// staffKey opens the pages of staff in tests.
const staffKey = "test-bank-staff-key-not-secret"

// street is a bank with its door open, over a real database and a real
// listener; the kit is a double and the clock is the test's.
type street struct {
	t    *testing.T
	kit  *double.Kit
	bank *bank.Bank
	url  string
	mu   sync.Mutex
	now  time.Time
}

func newStreet(t *testing.T) *street {
	t.Helper()
	s := &street{t: t, now: time.Date(2026, 11, 3, 5, 5, 7, 0, time.UTC)}
	kit, err := double.New(s.clock)
	if err != nil {
		t.Fatal(err)
	}
	store, err := db.Open(filepath.Join(t.TempDir(), "bank.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	if s.bank, err = bank.New(bank.Config{Verifier: kit, Linkage: kit, Store: store, Now: s.clock}); err != nil {
		t.Fatal(err)
	}
	handler, err := web.New(web.Config{
		Bank: s.bank, Now: s.clock, AgentURL: "http://localhost:8082/", PublicURL: "http://localhost:8083",
		AuthorityURL: "http://localhost:8081", Lobby: "http://localhost:8080", StaffKey: staffKey,
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	s.kit, s.url = kit, server.URL
	return s
}

func (s *street) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *street) waits(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
}

// browser is somebody's browser, which keeps cookies and follows redirects.
type browser struct {
	*street
	http.Client
}

func (s *street) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return &browser{street: s, Client: http.Client{Jar: jar}}
}

// page is an answer: its status, where the redirects led, and its text.
type page struct {
	t      *testing.T
	status int
	path   string
	header http.Header
	body   string
}

func (b *browser) send(r *http.Request) page {
	b.t.Helper()
	resp, err := b.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return page{b.t, resp.StatusCode, resp.Request.URL.RequestURI(), resp.Header, string(body)}
}

func (b *browser) request(method, path string, body io.Reader) *http.Request {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.url+path, body)
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Accept", "text/html,application/xhtml+xml")
	return r
}

func (b *browser) visits(path string) page {
	b.t.Helper()
	return b.send(b.request(http.MethodGet, path, nil))
}

// fills sends a form; pairs are names and values.
func (b *browser) fills(path string, pairs ...string) page {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	r := b.request(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.send(r)
}

// calls sends JSON as a program does, and reads the answer into out.
func (b *browser) calls(method, path string, in, out any, headers ...string) page {
	b.t.Helper()
	var body bytes.Buffer
	if raw, ok := in.(string); ok {
		body.WriteString(raw)
	} else if in != nil {
		if err := json.NewEncoder(&body).Encode(in); err != nil {
			b.t.Fatal(err)
		}
	}
	r := b.request(method, path, &body)
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	p := b.send(r)
	if out != nil {
		if err := json.Unmarshal([]byte(p.body), out); err != nil {
			b.t.Fatalf("%s %s answered %d %s", method, path, p.status, p.body)
		}
	}
	return p
}

// says fails the test unless the page has the status and all the texts.
func (p page) says(status int, texts ...string) page {
	p.t.Helper()
	text, wrong := html.UnescapeString(p.body), p.status != status
	for _, want := range texts {
		if !strings.Contains(text, want) {
			p.t.Errorf("%s does not say %q", p.path, want)
			wrong = true
		}
	}
	if wrong {
		p.t.Errorf("%s: status %d (want %d): %s", p.path, p.status, status, text)
	}
	return p
}

// attribute gives the value of an attribute of the page.
func (p page) attribute(name string) string {
	p.t.Helper()
	m := regexp.MustCompile(`\b` + name + `="([^"]*)"`).FindStringSubmatch(p.body)
	if m == nil {
		p.t.Fatalf("%s has no attribute %s: %s", p.path, name, p.body)
	}
	return html.UnescapeString(m[1])
}

// text gives the text of the element with a test id.
func (p page) text(testID string) string {
	p.t.Helper()
	m := regexp.MustCompile(`data-testid="` + testID + `"[^>]*>([^<]*)<`).FindStringSubmatch(p.body)
	if m == nil {
		p.t.Fatalf("%s has no %s: %s", p.path, testID, p.body)
	}
	return html.UnescapeString(m[1])
}

// field gives the value of a hidden field.
func (p page) field(name string) string {
	p.t.Helper()
	m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(p.body)
	if m == nil {
		p.t.Fatalf("%s has no field %s: %s", p.path, name, p.body)
	}
	return html.UnescapeString(m[1])
}

func hanako() double.Person {
	return double.Somebody("青葉　花子", "青葉県みほん市中央１丁目１番１号", 1, 1980)
}
func taro() double.Person {
	return double.Somebody("見本　太郎", "青葉県ひなた町大字日向２３番地", 2, 1975)
}

// signs plays card.js and the card on the page that is shown.
func (b *browser) signs(p page, who double.Person) page {
	b.t.Helper()
	document, err := base64.StdEncoding.DecodeString(p.attribute("data-jpki-document"))
	if err != nil {
		b.t.Fatal(err)
	}
	return b.fills("/accounts", "cms", base64.StdEncoding.EncodeToString(b.kit.Sign(who, string(document))))
}

// drafts chooses and comes to the page where the application is signed.
func (b *browser) drafts() page {
	b.t.Helper()
	return b.fills("/accounts/draft", "purpose", "living", "branch", "101").says(200)
}

// opens opens an account and gives its number.
func (b *browser) opens(who double.Person) bank.AccountNumber {
	b.t.Helper()
	p := b.signs(b.drafts(), who).says(200)
	return bank.AccountNumber(p.text("account-number"))
}

// signsIn plays card.js and the card on the sign-in page.
func (b *browser) signsIn(who double.Person) page {
	b.t.Helper()
	nonce := b.visits("/signin").says(200).attribute("data-jpki-nonce")
	return b.fills("/signin", "token", string(b.kit.Authenticate(who, nonce)))
}
