package onestop_test

import (
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/portal/partner"
	partnerdb "example.jp/jpkimock/portal/partner/db"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank"
	"example.jp/jpkimock/rp/bank/db"
	"example.jp/jpkimock/rp/bank/onestop"
	"example.jp/jpkimock/rp/rptest"
)

const (
	origin    = "https://bank.example.jp"
	portalKey = "portal-key-of-a-test"
)

// branch is a bank with its desk for the portal, in a world with an authority and cards.
type branch struct {
	*rptest.World
	*bank.Bank
	t        *testing.T
	client   partner.Client
	accounts map[string]bank.AccountNumber
}

func newBranch(t *testing.T) *branch {
	t.Helper()
	b := &branch{World: rptest.New(t), t: t, accounts: map[string]bank.AccountNumber{}}
	store, err := db.Open(filepath.Join(t.TempDir(), "bank.db"))
	b.must(err)
	t.Cleanup(func() { store.Close() })
	cfg := b.Config(origin)
	cfg.WantPaired = true
	verifier, err := rp.NewVerifier(cfg)
	b.must(err)
	links, err := rp.NewLinkage(rp.LinkageConfig{AuthorityURL: cfg.AuthorityURL, Key: cfg.Key})
	b.must(err)
	b.Bank, err = bank.New(bank.Config{Verifier: verifier, Linkage: links, Store: store, Now: b.Clock.Now})
	b.must(err)
	docket, err := partnerdb.Open(t.Context(), partnerdb.Config{
		Address: filepath.Join(t.TempDir(), "portal.db"), ID: "bank", Name: onestop.Name, Done: onestop.Done, Register: onestop.Desk{Bank: b.Bank}, Now: b.Clock.Now,
	})
	b.must(err)
	t.Cleanup(func() { docket.Close() })
	server, err := partner.NewServer(partner.ServerConfig{
		ID: "bank", Key: portalKey, Verifier: verifier, Links: links, Business: docket, Now: b.Clock.Now, KeySet: docket.KeySet(),
	})
	b.must(err)
	listener := httptest.NewServer(server)
	t.Cleanup(listener.Close)
	b.client = partner.NewClient(listener.URL, portalKey)
	for _, person := range []string{"hanako", "taro"} {
		draft, err := b.DraftApplication(bank.Choices{Purpose: "living"})
		b.must(err)
		account, err := b.OpenAccount(t.Context(), draft, b.Card(person).Sign([]byte(draft.Document.Content)))
		b.must(err)
		b.accounts[person] = account.Number
	}
	return b
}

func (b *branch) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *branch) connection(person string) partner.Connection {
	c, err := b.Customer(b.t.Context(), b.accounts[person])
	b.must(err)
	return partner.Connection{
		Customer: string(b.accounts[person]), Name: c.BasicFour.CommonName, DateOfBirth: c.BasicFour.DateOfBirth, Certificate: c.Serial, Box: "box-" + person,
	}
}

func (b *branch) application(person, id string) partner.Application {
	sheet, digest, err := partner.Sheet{Application: id, Partner: "bank", Customer: string(b.accounts[person]), ChangedOn: "2026-04-01"}.Write()
	b.must(err)
	text := "申請書 " + id + "\n　　" + digest + "\n"
	return partner.Application{ID: id, Sheet: sheet, Document: text, Signature: b.Card(person).Sign([]byte(text))}
}

func TestTheBankConforms(t *testing.T) {
	b := newBranch(t)
	hanako, err := b.Customer(t.Context(), b.accounts["hanako"])
	b.must(err)
	sign := func(person string) func([]byte) ([]byte, error) {
		return func(document []byte) ([]byte, error) { return b.Card(person).SignWith(rptest.SignaturePIN, document) }
	}
	if err := partner.Conform(t.Context(), partner.Candidate{
		Client: b.client, ID: "bank", Connection: b.connection("hanako"), Address: hanako.BasicFour.Address, Sign: sign("hanako"), Stranger: sign("taro"),
	}); err != nil {
		t.Error(err)
	}
}

// After the application the bank's record is the certificate's, and the confirmation
// asks the customer for nothing. Who has moved without one is asked.
func TestTheBankAsksForNoChangeFormAfterAnApplication(t *testing.T) {
	b := newBranch(t)
	for _, person := range []string{"hanako", "taro"} {
		b.must(b.client.Connect(t.Context(), b.connection(person)))
		b.Move(person, "青葉県みほん市三番町３番３号")
	}
	a := b.application("hanako", "PT-1")
	for range 2 { // the second time changes nothing
		r, err := b.client.Deliver(t.Context(), a)
		b.must(err)
		if r.State != partner.Done || r.Notice == "" {
			t.Fatalf("%+v", r)
		}
	}
	hanako, err := b.Customer(t.Context(), b.accounts["hanako"])
	b.must(err)
	if hanako.BasicFour.Address != "青葉県みほん市三番町３番３号" || hanako.Serial != b.Card("hanako").Serial(jpki.DigitalSignature) {
		t.Errorf("%+v", hanako)
	}
	past, err := b.History(t.Context(), b.accounts["hanako"])
	b.must(err)
	if len(past) != 1 || past[0].Act != bank.ActChanged || past[0].Document != "PT-1" {
		t.Errorf("the history: %+v", past)
	}
	report, err := b.ConfirmCustomers(t.Context())
	b.must(err)
	inbox, err := b.Inbox(t.Context(), b.accounts["hanako"])
	b.must(err)
	if report.Asked != 1 || len(inbox) != 1 || inbox[0].Kind != bank.NoticeAccepted {
		t.Errorf("%+v, of 花子: %+v", report, inbox)
	}
	// 太郎, who was asked, answers with the application.
	r, err := b.client.Deliver(t.Context(), b.application("taro", "PT-2"))
	b.must(err)
	// What is in the inboxes of connected customers is what the bank tells.
	desk := onestop.Desk{Bank: b.Bank, Say: func(n bank.Notice) (string, string) { return string(n.Kind), "内容" }}
	told, err := desk.Tells(t.Context(), time.Time{}, []partner.Connected{{Connection: b.connection("taro")}})
	b.must(err)
	later, err := desk.Tells(t.Context(), b.Clock.Now().Add(time.Hour), []partner.Connected{{Connection: b.connection("taro")}})
	if err != nil || len(told) != 2 || told[1].Title != "changed" || told[0].Title != "accepted" || told[0].ID == told[1].ID || len(later) != 0 {
		t.Errorf("told %+v, later %+v, %v", told, later, err)
	}
	waiting, err := b.CountWaiting(t.Context())
	if err != nil || r.State != partner.Done || waiting.Customers != 0 {
		t.Errorf("%+v %+v %v", r, waiting, err)
	}
}

// 太郎's account is not connected by who knows its number, or has 太郎's name.
func TestAnAccountIsConnectedByItsHolderAlone(t *testing.T) {
	b := newBranch(t)
	for name, change := range map[string]func(*partner.Connection){
		"another's certificate":    func(c *partner.Connection) { c.Certificate = b.Card("hanako").Serial(jpki.DigitalSignature) },
		"another name":             func(c *partner.Connection) { c.Name = "若葉　次郎" },
		"another date of birth":    func(c *partner.Connection) { c.DateOfBirth = b.connection("hanako").DateOfBirth },
		"another account":          func(c *partner.Connection) { c.Customer = string(b.accounts["hanako"]) },
		"no account":               func(c *partner.Connection) { c.Customer = "9999999" },
		"what is no number at all": func(c *partner.Connection) { c.Customer = "abc" },
	} {
		c := b.connection("taro")
		change(&c)
		if err := b.client.Connect(t.Context(), c); err == nil {
			t.Errorf("connected with %s", name)
		}
	}
}
