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

func TestADeskIsWhole(t *testing.T) {
	b := newBranch(t)
	whole := latest.Config{Bank: b.bank, Store: b.store, Client: &refusing{}, Verifier: b.Verifier(""), Now: b.Clock.Now, Provider: "x"}
	if _, err := latest.New(whole); err != nil {
		t.Fatal(err)
	}
	for name, without := range map[string]func(*latest.Config){
		"a bank": func(c *latest.Config) { c.Bank = nil }, "a store": func(c *latest.Config) { c.Store = nil }, "a client": func(c *latest.Config) { c.Client = nil },
		"a verifier": func(c *latest.Config) { c.Verifier = nil }, "a clock": func(c *latest.Config) { c.Now = nil }, "a provider": func(c *latest.Config) { c.Provider = "" },
	} {
		less := whole
		without(&less)
		if _, err := latest.New(less); err == nil {
			t.Errorf("a desk without %s", name)
		}
	}
	if _, err := latest.Open(whole, rp.LinkageConfig{AuthorityURL: "nowhere"}); err == nil {
		t.Error("a desk that asks nobody")
	}
}

func TestANameThatIsTakenByMarriageIsDelivered(t *testing.T) {
	b := newBranch(t)
	b.Clock.Set(b.consents().From)
	b.Marry("hanako", "手本　花子")
	if u := b.confirms(); u.Customers != 1 {
		t.Errorf("%+v", u)
	}
	if now := b.customer(); now.BasicFour.CommonName != "手本　花子" {
		t.Errorf("%+v", now.BasicFour)
	}
}

// The holder withdraws at the authority, and the bank's page learns of it.
func TestAWithdrawalIsSeenAndMayBeUndone(t *testing.T) {
	b := newBranch(t)
	if _, given, _, err := b.desk.Consent(t.Context(), b.no); given || err != nil {
		t.Errorf("before: %t, %v", given, err)
	}
	c := b.consents()
	if !c.InForce(c.Until) || c.InForce(c.Until.Add(time.Second)) {
		t.Errorf("to the last second: %+v", c)
	}
	now, withdrawn := b.Clock.Now(), b.Clock.Now().Add(-time.Second).UTC().Truncate(time.Second)
	agency := &refusing{state: kit.Consent{Number: c.Number, WithdrawnAt: withdrawn}}
	ours := b.desk
	b.asks(agency)
	for range 2 {
		got, given, unsure, err := b.desk.Consent(t.Context(), b.no)
		if err != nil || !given || unsure || got.InForce(now) || !got.Ended.Equal(withdrawn) {
			t.Errorf("%+v, %t, %t, %v", got, given, unsure, err)
		}
		agency.err = errors.New("not asked again")
	}
	b.desk = ours
	b.Clock.Advance(time.Minute)
	if again := b.consents(); again.Number == c.Number {
		t.Errorf("%+v", again)
	}
}

// broken is a store of which a method fails.
type broken struct {
	*db.Store
	method string
}

var errBroken = errors.New("broken")

func (s *broken) PutLatest(ctx context.Context, c latest.Consent) error {
	if s.method == "PutLatest" {
		return errBroken
	}
	return s.Store.PutLatest(ctx, c)
}

func (s *broken) Latest(ctx context.Context, no bank.AccountNumber) (latest.Consent, bool, error) {
	if s.method == "Latest" {
		return latest.Consent{}, false, errBroken
	}
	return s.Store.Latest(ctx, no)
}

func (s *broken) LatestDue(ctx context.Context, day string, now time.Time, limit int) ([]latest.Consent, error) {
	if s.method == "LatestDue" {
		return nil, errBroken
	}
	all, err := s.Store.LatestDue(ctx, day, now, limit)
	if s.method == "Customer" && len(all) > 0 {
		all[0].Account = "0000000"
	}
	return all, err
}

func (s *broken) Amend(ctx context.Context, a bank.Amendment) error {
	switch s.method {
	case "Amend":
		return errBroken
	case "Taken":
		return bank.ErrAlreadyCustomer
	case "Moved":
		return bank.ErrRecordChanged
	}
	return s.Store.Amend(ctx, a)
}

func TestAStoreThatFailsIsNotTakenForWork(t *testing.T) {
	b := newBranch(t)
	draft, err := b.desk.Draft(t.Context(), b.no)
	must(t, err)
	store := &broken{Store: b.store}
	verifier := b.Verifier("")
	desk, err := latest.Open(latest.Config{Bank: b.bank, Store: store, Verifier: verifier, Now: b.Clock.Now, Provider: rptest.VerifierID}, rp.LinkageConfig{AuthorityURL: b.URL(), Key: rptest.VerifierKey})
	must(t, err)
	give := func(no bank.AccountNumber) error {
		_, err := desk.Give(t.Context(), no, draft, b.Card("hanako").Sign([]byte(draft.Content)))
		return err
	}
	store.method = "PutLatest"
	if err := give(b.no); !errors.Is(err, errBroken) {
		t.Errorf("kept: %v", err)
	}
	store.method = "Latest"
	if _, err := desk.Draft(t.Context(), b.no); !errors.Is(err, errBroken) {
		t.Errorf("drafted: %v", err)
	}
	if _, _, _, err := desk.Consent(t.Context(), b.no); !errors.Is(err, errBroken) {
		t.Errorf("shown: %v", err)
	}
	store.method = ""
	if err := give("0000000"); !errors.Is(err, bank.ErrNoAccount) {
		t.Errorf("nobody's: %v", err)
	}
	must(t, give(b.no)) // the authority has it already: it is the same consent
	c, _, _, err := desk.Consent(t.Context(), b.no)
	must(t, err)
	b.Clock.Set(c.From)
	b.Move("hanako", newAddress)
	_, err = b.bank.ConfirmCustomers(t.Context())
	must(t, err)
	for method, want := range map[string]error{"LatestDue": errBroken, "Amend": errBroken, "Customer": bank.ErrNoAccount} {
		store.method = method
		if u, err := desk.Update(t.Context()); !errors.Is(err, want) || u != (latest.Updated{}) {
			t.Errorf("%s: %+v, %v", method, u, err)
		}
	}
	for _, staff := range []string{"Taken", "Moved"} { // for staff, who find the message
		store.method = staff
		if u, err := desk.Update(t.Context()); err != nil || u != (latest.Updated{}) {
			t.Errorf("%s: %+v, %v", staff, u, err)
		}
		b.Clock.Advance(24 * time.Hour)
	}
	if k := b.kinds(); len(k) != 1 || k[0] != "changed, open" {
		t.Errorf("messages: %v", k)
	}
	store.method = "PutLatest" // what is recorded is recorded
	if _, err := desk.Update(t.Context()); !errors.Is(err, errBroken) {
		t.Errorf("not kept: %v", err)
	}
	store.method = ""
	if u, err := desk.Update(t.Context()); err != nil || u != (latest.Updated{}) {
		t.Errorf("%+v, %v", u, err)
	}
	if now := b.customer(); now.BasicFour.Address != newAddress {
		t.Errorf("%+v", now)
	}
}
