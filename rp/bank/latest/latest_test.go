package latest_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank"
	"example.jp/jpkimock/rp/bank/db"
	"example.jp/jpkimock/rp/bank/latest"
	kit "example.jp/jpkimock/rp/latest"
	"example.jp/jpkimock/rp/rptest"
)

// branch is the bank with its desk, at a real authority.
type branch struct {
	t *testing.T
	*rptest.World
	bank  *bank.Bank
	store *db.Store
	desk  *latest.Desk
	no    bank.AccountNumber // of hanako
}

func newBranch(t *testing.T) *branch {
	t.Helper()
	w := rptest.New(t)
	store, err := db.Open(filepath.Join(t.TempDir(), "bank.db"))
	must(t, err)
	t.Cleanup(func() { _ = store.Close() })
	verifier := w.Verifier("https://bank.example.jp", func(c *rp.Config) { c.WantPaired = true })
	b, err := bank.New(bank.Config{Verifier: verifier, Linkage: verifier.Linkage(), Store: store, Now: w.Clock.Now})
	must(t, err)
	desk, err := latest.Open(latest.Config{Bank: b, Store: store, Verifier: verifier, Now: w.Clock.Now, Provider: rptest.VerifierID}, rp.LinkageConfig{AuthorityURL: w.URL(), Key: rptest.VerifierKey})
	must(t, err)
	x := &branch{t: t, World: w, bank: b, store: store, desk: desk}
	x.no = x.opens("hanako")
	return x
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (b *branch) opens(person string) bank.AccountNumber {
	b.t.Helper()
	draft, err := b.bank.DraftApplication(bank.Choices{Purpose: "living", Branch: "901"})
	must(b.t, err)
	opened, err := b.bank.OpenAccount(b.t.Context(), draft, b.Card(person).Sign([]byte(draft.Document.Content)))
	must(b.t, err)
	return opened.Number
}

// consents gives hanako's consent, and waits for the next midnight.
func (b *branch) consents() latest.Consent {
	b.t.Helper()
	draft, err := b.desk.Draft(b.t.Context(), b.no)
	must(b.t, err)
	c, err := b.desk.Give(b.t.Context(), b.no, draft, b.Card("hanako").Sign([]byte(draft.Content)))
	must(b.t, err)
	return c
}

// confirms is a day's confirmation, with the update after it.
func (b *branch) confirms() latest.Updated {
	b.t.Helper()
	_, err := b.bank.ConfirmCustomers(b.t.Context())
	must(b.t, err)
	u, err := b.desk.Update(b.t.Context())
	must(b.t, err)
	return u
}

func (b *branch) customer() bank.Customer {
	b.t.Helper()
	c, err := b.bank.Customer(b.t.Context(), b.no)
	must(b.t, err)
	return c
}

func (b *branch) kinds() (all []bank.NoticeKind) {
	b.t.Helper()
	inbox, err := b.bank.Inbox(b.t.Context(), b.no)
	must(b.t, err)
	for _, n := range inbox {
		all = append(all, n.Kind)
		if n.Open() {
			all[len(all)-1] += ", open"
		}
	}
	return all
}

const newAddress = "青葉県みほん市三番町3-3"

func TestWhoConsentedIsAskedForNothing(t *testing.T) {
	b := newBranch(t)
	before := b.customer()
	c := b.consents()
	if _, err := b.desk.Draft(t.Context(), b.no); !errors.Is(err, latest.ErrGiven) {
		t.Errorf("drafted again: %v", err)
	}
	if u := b.confirms(); u != (latest.Updated{}) {
		t.Errorf("nothing has changed: %+v", u)
	}
	b.Move("hanako", newAddress)
	if u := b.confirms(); u != (latest.Updated{}) {
		t.Errorf("before midnight: %+v", u)
	}
	if k := b.kinds(); len(k) != 1 || k[0] != "changed, open" {
		t.Errorf("messages: %v", k)
	}
	b.Clock.Set(c.From)
	if u := b.confirms(); u != (latest.Updated{Customers: 1}) {
		t.Errorf("%+v", u)
	}
	now := b.customer()
	next := b.Card("hanako").Serial(jpki.DigitalSignature)
	if now.BasicFour.Address != newAddress || now.Serial != next || now.Standing.State != rp.Unchanged || now.BasicFour.DateOfBirth != before.BasicFour.DateOfBirth || now.Paired != before.Paired {
		t.Errorf("%+v", now)
	}
	if k := b.kinds(); len(k) != 2 || k[0] != bank.NoticeDelivered || k[1] != bank.NoticeChanged {
		t.Errorf("messages: %v", k)
	}
	history, err := b.bank.History(t.Context(), b.no)
	must(t, err)
	if h := history[0]; h.Act != bank.ActDelivered || h.By != next || h.Document != c.Number || h.Former == nil || h.Former.BasicFour != before.BasicFour || h.Former.Serial != before.Serial || len(h.Former.Certificate) == 0 {
		t.Errorf("%+v", h)
	}
	if u := b.confirms(); u != (latest.Updated{}) {
		t.Errorf("a second time: %+v", u)
	}
	// The new certificate is watched from then on: a further move is delivered too.
	b.Move("hanako", "青葉県みほん市四番町4-4")
	if u := b.confirms(); u.Customers != 1 || b.customer().BasicFour.Address != "青葉県みほん市四番町4-4" {
		t.Errorf("%+v, %+v", u, b.customer())
	}
}

// After a loss the bank could not know whether anything has changed: now it is told.
func TestALostCardThatIsReplacedIsNoMove(t *testing.T) {
	b := newBranch(t)
	b.Clock.Set(b.consents().From)
	was := b.customer()
	b.Revoke("hanako", jpki.DigitalSignature, jpki.KeyCompromise)
	b.Renew("hanako")
	if u := b.confirms(); u != (latest.Updated{Customers: 1}) {
		t.Errorf("%+v", u)
	}
	now := b.customer()
	if now.BasicFour != was.BasicFour || now.Serial != b.Card("hanako").Serial(jpki.DigitalSignature) || now.Standing.State != rp.Unchanged {
		t.Errorf("%+v", now)
	}
	if k := b.kinds(); len(k) != 2 || k[1] != bank.NoticeReissued {
		t.Errorf("messages: %v", k)
	}
}

func TestWhoWithdrewIsAskedAsBefore(t *testing.T) {
	b := newBranch(t)
	c := b.consents()
	got, given, unsure, err := b.desk.Consent(t.Context(), b.no)
	if err != nil || !given || unsure || got.Number != c.Number || !got.InForce(b.Clock.Now()) {
		t.Errorf("%+v, %t, %t, %v", got, given, unsure, err)
	}
	b.Clock.Set(c.Until.Add(time.Second)) // ten years on
	if got, _, _, err := b.desk.Consent(t.Context(), b.no); err != nil || got.InForce(b.Clock.Now()) {
		t.Errorf("%+v, %v", got, err)
	}
	b.Clock.Set(c.From)
	b.Move("hanako", newAddress)
	says := refusing{err: &kit.RefusedError{Code: "consent_withdrawn", Err: kit.ErrWithdrawn}}
	b.asks(&says)
	if u := b.confirms(); u != (latest.Updated{Ended: 1}) {
		t.Errorf("%+v", u)
	}
	if k := b.kinds(); len(k) != 1 || k[0] != "changed, open" {
		t.Errorf("messages: %v", k)
	}
	if u := b.confirms(); u != (latest.Updated{}) || says.asked != 1 {
		t.Errorf("%+v, asked %d times", u, says.asked)
	}
	if got, given, _, err := b.desk.Consent(t.Context(), b.no); err != nil || !given || got.InForce(b.Clock.Now()) {
		t.Errorf("%+v, %v", got, err)
	}
}

// refusing is an authority that gives one answer.
type refusing struct {
	err   error
	asked int
	state kit.Consent
}

func (r *refusing) Consent(context.Context, []byte, []byte) (kit.Consent, error) {
	return kit.Consent{}, r.err
}
func (r *refusing) State(context.Context, string) (kit.Consent, error) { return r.state, r.err }
func (r *refusing) Ask(context.Context, string, jpki.SerialNumber) (kit.Delivery, error) {
	r.asked++
	return kit.Delivery{}, r.err
}

// asks has the desk ask another authority.
func (b *branch) asks(c latest.Client) {
	b.t.Helper()
	desk, err := latest.New(latest.Config{Bank: b.bank, Store: b.store, Client: c, Verifier: b.Verifier(""), Now: b.Clock.Now, Provider: rptest.VerifierID})
	must(b.t, err)
	b.desk = desk
}

func TestWhatIsNotAnsweredIsAskedAgain(t *testing.T) {
	b := newBranch(t)
	b.Clock.Set(b.consents().From)
	b.Move("hanako", newAddress)
	real := b.desk
	silent := &refusing{err: rp.ErrStatusUnavailable}
	b.asks(silent)
	_, err := b.bank.ConfirmCustomers(t.Context())
	must(t, err)
	for range 2 {
		if _, err := b.desk.Update(t.Context()); !errors.Is(err, rp.ErrStatusUnavailable) {
			t.Errorf("silent: %v", err)
		}
	}
	if got, given, unsure, err := b.desk.Consent(t.Context(), b.no); err != nil || !given || !unsure || got.Number == "" {
		t.Errorf("%+v, %t, %t, %v", got, given, unsure, err)
	}
	// Nothing new is asked about once a day.
	later := &refusing{err: &kit.RefusedError{Code: "nothing_new", Err: kit.ErrNothingNew}}
	b.asks(later)
	for range 3 {
		if u, err := b.desk.Update(t.Context()); err != nil || u != (latest.Updated{}) {
			t.Errorf("nothing new: %+v, %v", u, err)
		}
	}
	b.Clock.Advance(24 * time.Hour)
	if _, err := b.desk.Update(t.Context()); err != nil || later.asked != 2 {
		t.Errorf("asked %d times, %v", later.asked, err)
	}
	b.Clock.Advance(24 * time.Hour)
	if u, err := real.Update(t.Context()); err != nil || u.Customers != 1 {
		t.Errorf("%+v, %v", u, err)
	}
}

func TestOnlyTheHolderConsents(t *testing.T) {
	b := newBranch(t)
	draft, err := b.desk.Draft(t.Context(), b.no)
	must(t, err)
	text := []byte(draft.Content)
	if _, err := b.desk.Give(t.Context(), b.no, draft, b.Card("taro").Sign(text)); !errors.Is(err, bank.ErrAnotherPerson) {
		t.Errorf("taro's: %v", err)
	}
	if _, err := b.desk.Give(t.Context(), b.no, draft, b.Card("hanako").Sign([]byte("else"))); !errors.Is(err, rp.ErrDigest) {
		t.Errorf("another text: %v", err)
	}
	b.asks(&refusing{err: &kit.RefusedError{Code: "another_verifier"}})
	if _, err := b.desk.Give(t.Context(), b.no, draft, b.Card("hanako").Sign(text)); !errors.Is(err, latest.ErrNotTaken) {
		t.Errorf("refused: %v", err)
	}
	b.asks(&refusing{err: rp.ErrStatusUnavailable})
	if _, err := b.desk.Give(t.Context(), b.no, draft, b.Card("hanako").Sign(text)); !errors.Is(err, rp.ErrStatusUnavailable) {
		t.Errorf("silent: %v", err)
	}
	if _, given, _, err := b.desk.Consent(t.Context(), b.no); given || err != nil {
		t.Errorf("kept all the same, %v", err)
	}
	if _, err := latest.New(latest.Config{}); err == nil {
		t.Error("a desk of nothing")
	}
}

// What is delivered, and cannot be, changes nothing.
func TestADeliveryThatNoCertificateCouldCarryIsRefused(t *testing.T) {
	b := newBranch(t)
	b.Clock.Set(b.consents().From)
	was := b.customer()
	b.Move("hanako", newAddress)
	_, err := b.bank.ConfirmCustomers(t.Context())
	must(t, err)
	b.asks(&delivering{kit.Delivery{Service: latest.Service, OldSerial: was.Serial, NewSerial: "0F", Data: kit.Data{Address: &kit.AddressData{Address: "x\ny"}}}})
	if _, err := b.desk.Update(t.Context()); !errors.Is(err, rp.ErrMalformed) {
		t.Errorf("taken: %v", err)
	}
	if now := b.customer(); now.BasicFour != was.BasicFour || now.Serial != was.Serial {
		t.Errorf("%+v", now)
	}
}

type delivering struct{ d kit.Delivery }

func (d *delivering) Consent(context.Context, []byte, []byte) (kit.Consent, error) {
	return kit.Consent{}, nil
}
func (d *delivering) State(context.Context, string) (kit.Consent, error) { return kit.Consent{}, nil }
func (d *delivering) Ask(context.Context, string, jpki.SerialNumber) (kit.Delivery, error) {
	return d.d, nil
}
