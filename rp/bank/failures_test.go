package bank_test

import (
	"context"
	"iter"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/fuse"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank"
	"example.jp/jpkimock/rp/bank/db"
)

// outOfOrder is a store of which one call fails.
type outOfOrder struct {
	bank.Store
	*fuse.Fuse
}

func (o outOfOrder) Watched(ctx context.Context) iter.Seq2[bank.Watched, error] {
	return fuse.Seq(o.Fuse, o.Store.Watched(ctx))
}

func (o outOfOrder) CreateAccount(ctx context.Context, in bank.Opening) (bank.Account, error) {
	return fuse.Call(o.Fuse, func() (bank.Account, error) { return o.Store.CreateAccount(ctx, in) })
}

func (o outOfOrder) Account(ctx context.Context, no bank.AccountNumber) (bank.Account, error) {
	return fuse.Call(o.Fuse, func() (bank.Account, error) { return o.Store.Account(ctx, no) })
}

func (o outOfOrder) Customer(ctx context.Context, holderOf bank.AccountNumber) (bank.Customer, error) {
	return fuse.Call(o.Fuse, func() (bank.Customer, error) { return o.Store.Customer(ctx, holderOf) })
}

func (o outOfOrder) Application(ctx context.Context, openedWith bank.AccountNumber) (bank.Application, error) {
	return fuse.Call(o.Fuse, func() (bank.Application, error) { return o.Store.Application(ctx, openedWith) })
}

func (o outOfOrder) TransferMade(ctx context.Context, from bank.AccountNumber, reference string) (bank.Transfer, error) {
	return fuse.Call(o.Fuse, func() (bank.Transfer, error) { return o.Store.TransferMade(ctx, from, reference) })
}

func (o outOfOrder) AccountByCertificate(ctx context.Context, kind jpki.Kind, serial jpki.SerialNumber) (bank.Account, error) {
	return fuse.Call(o.Fuse, func() (bank.Account, error) { return o.Store.AccountByCertificate(ctx, kind, serial) })
}

func (o outOfOrder) RecordSignIn(ctx context.Context, s bank.SignIn) (time.Time, error) {
	return fuse.Call(o.Fuse, func() (time.Time, error) { return o.Store.RecordSignIn(ctx, s) })
}

func (o outOfOrder) ForgetSignIns(ctx context.Context, before time.Time) error {
	return o.Do(func() error { return o.Store.ForgetSignIns(ctx, before) })
}

func (o outOfOrder) Statement(ctx context.Context, no bank.AccountNumber, limit int) ([]bank.Entry, error) {
	return fuse.Call(o.Fuse, func() ([]bank.Entry, error) { return o.Store.Statement(ctx, no, limit) })
}

func (o outOfOrder) Transfer(ctx context.Context, t bank.Transfer) (bank.Transfer, error) {
	return fuse.Call(o.Fuse, func() (bank.Transfer, error) { return o.Store.Transfer(ctx, t) })
}

func (o outOfOrder) Ping() error {
	return o.Do(func() error { return o.Store.Ping() })
}

func (o outOfOrder) RecordFindings(ctx context.Context, at time.Time, findings []bank.Finding) (bank.Recorded, error) {
	return fuse.Call(o.Fuse, func() (bank.Recorded, error) { return o.Store.RecordFindings(ctx, at, findings) })
}

func (o outOfOrder) Tally(ctx context.Context) (bank.Tally, error) {
	return fuse.Call(o.Fuse, func() (bank.Tally, error) { return o.Store.Tally(ctx) })
}

func (o outOfOrder) BeginReport(ctx context.Context, r bank.Report) (bank.Report, error) {
	return fuse.Call(o.Fuse, func() (bank.Report, error) { return o.Store.BeginReport(ctx, r) })
}

func (o outOfOrder) FinishReport(ctx context.Context, r bank.Report) (bank.Report, error) {
	return fuse.Call(o.Fuse, func() (bank.Report, error) { return o.Store.FinishReport(ctx, r) })
}

func (o outOfOrder) Reports(ctx context.Context, limit int) ([]bank.Report, error) {
	return fuse.Call(o.Fuse, func() ([]bank.Report, error) { return o.Store.Reports(ctx, limit) })
}

func (o outOfOrder) Report(ctx context.Context, id int64) (bank.Report, error) {
	return fuse.Call(o.Fuse, func() (bank.Report, error) { return o.Store.Report(ctx, id) })
}

func (o outOfOrder) Notices(ctx context.Context, q bank.NoticeQuery) ([]bank.AddressedNotice, error) {
	return fuse.Call(o.Fuse, func() ([]bank.AddressedNotice, error) { return o.Store.Notices(ctx, q) })
}

func (o outOfOrder) CountWaiting(ctx context.Context) (bank.Waiting, error) {
	return fuse.Call(o.Fuse, func() (bank.Waiting, error) { return o.Store.CountWaiting(ctx) })
}

func (o outOfOrder) MarkPrinted(ctx context.Context, id bank.NoticeID, at time.Time) error {
	return o.Do(func() error { return o.Store.MarkPrinted(ctx, id, at) })
}

func (o outOfOrder) Amend(ctx context.Context, a bank.Amendment) error {
	return o.Do(func() error { return o.Store.Amend(ctx, a) })
}

func (o outOfOrder) AddHistory(ctx context.Context, e bank.HistoryEntry) error {
	return o.Do(func() error { return o.Store.AddHistory(ctx, e) })
}

func (o outOfOrder) History(ctx context.Context, id bank.CustomerID) ([]bank.HistoryEntry, error) {
	return fuse.Call(o.Fuse, func() ([]bank.HistoryEntry, error) { return o.Store.History(ctx, id) })
}

func (o outOfOrder) Customers(ctx context.Context, q bank.CustomerQuery) (a []bank.CustomerLine, b int, err error) {
	err = o.Do(func() (err error) { a, b, err = o.Store.Customers(ctx, q); return err })
	return a, b, err
}

func (o outOfOrder) Import(ctx context.Context, branch bank.Branch, customers []bank.Customer) error {
	return o.Do(func() error { return o.Store.Import(ctx, branch, customers) })
}

// openShaky gives a bank of which one call fails.
func openShaky(t *testing.T) (*town, *fuse.Fuse) {
	t.Helper()
	w, f := newTown(t), &fuse.Fuse{}
	store, err := db.Open(w.path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	if w.Bank, err = bank.New(bank.Config{Verifier: fuse.Kit{Verifier: w.kit, Fuse: f}, Linkage: fuse.Links{Links: w.kit, Fuse: f}, Store: outOfOrder{store, f}, Now: w.clock}); err != nil {
		t.Fatal(err)
	}
	return w, f
}

// Whichever call fails, of the store, the kit or the authority, a customer's act fails
// with it, and can be done again.
func TestNoFailureOfACustomersActIsSwallowed(t *testing.T) {
	w, f := openShaky(t)
	ctx := t.Context()
	try := func(what string, act func() error) {
		t.Helper()
		f.Everywhere(t, what, func() func() error { return act })
	}
	document := w.drafts()
	cms := w.kit.Sign(hanako(), document.Document.Content)
	var account bank.Account
	try("open", func() (err error) { account, err = w.OpenAccount(ctx, document, cms); return err })
	no, other := account.Number, w.customer(taro())
	try("application", func() error { _, err := w.Application(ctx, no); return err })
	try("account", func() error { _, err := w.Account(ctx, no); return err })
	try("customer", func() error { _, err := w.Customer(ctx, no); return err })
	try("challenge", func() error { _, err := w.Challenge(ctx); return err })
	for what, act := range map[string]func([]byte, string) error{
		"sign-in": func(token []byte, nonce string) error { _, err := w.SignIn(ctx, token, nonce); return err },
		"touch":   func(token []byte, nonce string) error { _, err := w.Touch(ctx, token, nonce); return err },
	} {
		f.Everywhere(t, what, func() func() error {
			c, err := w.Challenge(ctx)
			if err != nil {
				t.Fatal(err)
			}
			return func() error { return act(w.kit.Authenticate(hanako(), c.Nonce), c.Nonce) }
		})
	}
	order := bank.Order{From: no, To: other.Number, Amount: 100, Key: bank.NewKey()}
	try("preview", func() error { _, err := w.Preview(ctx, order); return err })
	var made bank.Transfer
	try("transfer", func() (err error) { made, err = w.Bank.Transfer(ctx, order); return err })
	try("transfer made", func() error { _, err := w.TransferMade(ctx, no, made.Reference); return err })
	try("statement", func() error { _, err := w.Statement(ctx, no); return err })
	try("history", func() error { _, err := w.History(ctx, no); return err })
	try("inbox", func() error { _, err := w.Inbox(ctx, no); return err })
	try("withdraw", func() error { return w.WithdrawConsent(ctx, no) })
	var form bank.FormDraft
	try("consent form", func() (err error) { form, err = w.DraftConsentForm(ctx, no); return err })
	consent := w.kit.Sign(hanako(), form.Document.Content)
	try("consent", func() error { return w.GiveConsent(ctx, form, consent) })
	try("change form", func() (err error) { form, err = w.DraftChangeForm(ctx, no, true); return err })
	change := w.kit.Sign(moved(hanako()), form.Document.Content)
	try("change", func() error { _, err := w.NotifyChange(ctx, form, change); return err })
	if c, err := w.Customer(ctx, no); err != nil || c.BasicFour != moved(hanako()).Four || !c.Consent.WithdrawnAt.IsZero() || w.balance(other.Number) != other.Balance+100 {
		t.Errorf("in the end %+v, %v", c, err)
	}
}

// So does a confirmation, which marks nobody then, and what the staff reads.
func TestNoFailureOfAConfirmationIsSwallowed(t *testing.T) {
	w, f := openShaky(t)
	ctx := t.Context()
	a, b := w.customer(hanako()), w.customer(taro())
	w.kit.Find(hanako().Serial, rp.Revoked, jpki.Superseded)
	w.kit.Follows(second, hanako().Serial)
	w.kit.Find(taro().Serial, rp.Changed, jpki.AffiliationChanged)
	try := func(what string, act func() error) {
		t.Helper()
		f.Everywhere(t, what, func() func() error { return act })
	}
	var report bank.Report
	try("confirm", func() (err error) {
		report, err = w.ConfirmCustomers(ctx)
		return err
	})
	if w.followed(a.Number) != (bank.Followed{Serial: second}) || report.Tally.Changed != 1 || report.Failure != "" {
		t.Errorf("%+v, watched %+v", report, w.followed(a.Number))
	}
	w.waits(24 * time.Hour)
	try("sweep", func() error { return w.Sweep(ctx) })
	inbox := w.inbox(b.Number)
	if len(inbox) != 1 {
		t.Fatalf("%+v", inbox)
	}
	for what, act := range map[string]func() error{
		"reports":   func() error { _, err := w.Reports(ctx, 3); return err },
		"report":    func() error { _, err := w.Report(ctx, report.ID); return err },
		"tally":     func() error { _, err := w.Tally(ctx); return err },
		"customers": func() error { _, _, err := w.Customers(ctx, bank.CustomerQuery{}); return err },
		"record":    func() error { _, err := w.OpenRecord(ctx, a.Number); return err },
		"count":     func() error { _, err := w.CountWaiting(ctx); return err },
		"waiting":   func() error { _, err := w.Notices(ctx, bank.NoticeQuery{Open: true, Page: 1}); return err },
		"notice":    func() error { _, err := w.Notice(ctx, b.Number, inbox[0].ID); return err },
		"letters": func() error {
			_, err := w.Notices(ctx, bank.NoticeQuery{Open: true, Letter: true, Page: 1})
			return err
		},
		"letter":  func() error { _, err := w.Letter(ctx, inbox[0].ID); return err },
		"printed": func() error { return w.Printed(ctx, inbox[0].ID) },
		"health":  w.Ping,
	} {
		try(what, act)
	}
}

// A new card is recognised with each answer of the authority, or not at all.
func TestNoFailureOfANewCardIsSwallowed(t *testing.T) {
	w, f := openShaky(t)
	a := w.customer(hanako())
	next := hanako()
	next.Serial, next.Paired = second, "0A21E001"
	w.kit.Find(hanako().Serial, rp.Revoked, jpki.Superseded)
	w.kit.Follows(second, hanako().Serial)
	w.kit.Follows(next.Paired, hanako().Paired)
	f.Everywhere(t, "sign-in with a new card", func() func() error {
		c, err := w.Challenge(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return func() error {
			in, err := w.SignIn(t.Context(), w.kit.Authenticate(next, c.Nonce), c.Nonce)
			if err == nil && in.Account.Number != a.Number {
				t.Errorf("somebody else: %+v", in)
			}
			return err
		}
	})
	if c, err := w.Customer(t.Context(), a.Number); err != nil || c.Paired != next.Paired {
		t.Errorf("%+v, %v", c, err)
	}
}

// What a bank is not opened without.
func TestWhatABankNeeds(t *testing.T) {
	w := newTown(t)
	for name, without := range map[string]func(*bank.Config){
		"verifier": func(c *bank.Config) { c.Verifier = nil }, "store": func(c *bank.Config) { c.Store = nil }, "clock": func(c *bank.Config) { c.Now = nil },
	} {
		cfg := bank.Config{Verifier: w.kit, Store: outOfOrder{}, Now: w.clock}
		without(&cfg)
		if _, err := bank.New(cfg); err == nil {
			t.Errorf("opened without a %s", name)
		}
	}
}
