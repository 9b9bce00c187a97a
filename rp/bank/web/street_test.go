package web_test

import (
	"encoding/base64"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/rp/bank"
	"example.jp/jpkimock/rp/bank/db"
	"example.jp/jpkimock/rp/bank/internal/double"
	"example.jp/jpkimock/rp/bank/latest"
	"example.jp/jpkimock/rp/bank/web"
	kitlatest "example.jp/jpkimock/rp/latest"
)

// staffKey opens the pages of staff in tests.
const staffKey = "test-bank-staff-key-not-secret"

// street is a bank with its door open, over a real database and a real
// listener; the kit is a double and the clock is the test's.
type street struct {
	agency *agency
	t      *testing.T
	kit    *double.Kit
	bank   *bank.Bank
	url    string
	mu     sync.Mutex
	now    time.Time
}

func newStreet(t *testing.T) *street {
	t.Helper()
	s := &street{t: t, now: time.Date(2026, 11, 3, 5, 5, 7, 0, time.UTC)}
	kit, err := double.New(s.clock)
	webtest.Must(t, err)
	store, err := db.Open(filepath.Join(t.TempDir(), "bank.db"))
	webtest.Must(t, err)
	t.Cleanup(func() { _ = store.Close() })
	s.bank, err = bank.New(bank.Config{Verifier: kit, Linkage: kit, Store: store, Now: s.clock})
	webtest.Must(t, err)
	s.agency = &agency{given: map[string]kitlatest.Consent{}, now: s.clock}
	desk, err := latest.New(latest.Config{Bank: s.bank, Store: store, Client: s.agency, Verifier: kit, Now: s.clock, Provider: "mihon-bank"})
	webtest.Must(t, err)
	s.kit, s.url = kit, webtest.Serve(t, func(string) http.Handler {
		handler, err := web.New(web.Config{
			Bank: s.bank, Now: s.clock, AgentURL: "http://localhost:8082/", PublicURL: "http://localhost:8083",
			AuthorityURL: "http://localhost:8081", Lobby: "http://localhost:8080", StaffKey: staffKey, Latest: desk,
		})
		webtest.Must(t, err)
		return handler
	})
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

// browser is somebody's browser at the bank.
type browser struct {
	*street
	*webtest.Browser
}

func (s *street) browser() *browser { return &browser{s, webtest.NewBrowser(s.t, s.url)} }

func hanako() double.Person {
	return double.Somebody("青葉　花子", "青葉県みほん市中央１丁目１番１号", 1, 1980)
}
func taro() double.Person {
	return double.Somebody("見本　太郎", "青葉県ひなた町大字日向２３番地", 2, 1975)
}

// signs plays card.js and the card on the page that is shown.
func (b *browser) signs(p webtest.Page, who double.Person) webtest.Page {
	b.t.Helper()
	document, err := base64.StdEncoding.DecodeString(p.Attribute("data-jpki-document"))
	webtest.Must(b.t, err)
	return b.Fills("/accounts", "cms", base64.StdEncoding.EncodeToString(b.kit.Sign(who, string(document))))
}

// drafts chooses and comes to the page where the application is signed.
func (b *browser) drafts() webtest.Page {
	b.t.Helper()
	return b.Fills("/accounts/draft", "purpose", "living", "branch", "101").Says(200)
}

// opens opens an account and gives its number.
func (b *browser) opens(who double.Person) bank.AccountNumber {
	b.t.Helper()
	p := b.signs(b.drafts(), who).Says(200)
	return bank.AccountNumber(p.Text("account-number"))
}

// signsIn plays card.js and the card on the sign-in page.
func (b *browser) signsIn(who double.Person) webtest.Page {
	b.t.Helper()
	nonce := b.Visits("/signin").Says(200).Attribute("data-jpki-nonce")
	return b.Fills("/signin", "token", string(b.kit.Authenticate(who, nonce)))
}
