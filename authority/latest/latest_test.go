package latest_test

import (
	"context"
	"crypto/x509"
	"errors"
	"log/slog"
	"testing"
	"time"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/latest"
	"example.jp/jpkimock/authority/memory"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/rp"
	kit "example.jp/jpkimock/rp/latest"
)

var (
	errBroken    = errors.New("broken")
	day          = time.Date(2026, 4, 1, 3, 0, 0, 0, time.UTC)
	old, present = jpki.SerialNumber("0705D990"), jpki.SerialNumber("0705D991")
)

// office is the service over a register, a verifier and a store, each of which can be told
// to fail.
type office struct {
	t *testing.T
	*latest.Service
	now      time.Time
	resident register.Resident
	der      []byte // of the present certificate
	store    *memory.Store
	fails    map[string]error // by the method
	holder   string           // whose certificates the register has
}

func (o *office) fail(method string) error { return o.fails[method] }

func (o *office) Certificate(_ context.Context, kind jpki.Kind, serial jpki.SerialNumber) (register.Certificate, error) {
	if err := o.fail("Certificate " + serial.String()); err != nil {
		return register.Certificate{}, err
	}
	switch serial {
	case old, present:
		return register.Certificate{Kind: kind, Serial: serial, ResidentID: o.holder, DER: o.der, Delivered: o.fails["undelivered"] == nil}, nil
	}
	return register.Certificate{}, register.ErrNoCertificate
}

func (o *office) Resident(context.Context, string) (register.Resident, error) {
	return o.resident, o.fail("Resident")
}

func (o *office) Successor(context.Context, string, jpki.Kind, jpki.SerialNumber) (jpki.SerialNumber, error) {
	return present, o.fail("Successor")
}

// The store.
func (o *office) CommitLatest(ctx context.Context, c latest.Change) error {
	if err := o.fail("CommitLatest"); err != nil {
		return err
	}
	return o.store.CommitLatest(ctx, c)
}

func (o *office) Consents(ctx context.Context, q latest.Query) ([]latest.Consent, error) {
	if err := o.fail("Consents"); err != nil {
		return nil, err
	}
	return o.store.Consents(ctx, q)
}

func (o *office) Deliveries(ctx context.Context, id string) ([]latest.Delivery, error) {
	if err := o.fail("Deliveries"); err != nil {
		return nil, err
	}
	return o.store.Deliveries(ctx, id)
}

func (o *office) Delivered(ctx context.Context, consent string, old, next jpki.SerialNumber) (latest.Delivery, bool, error) {
	if err := o.fail("Delivered"); err != nil {
		return latest.Delivery{}, false, err
	}
	return o.store.Delivered(ctx, consent, old, next)
}

// The verifier: whatever is signed is hanako's.
func (o *office) VerifySignature(context.Context, []byte, []byte) (*rp.Signature, error) {
	if err := o.fail("VerifySignature"); err != nil {
		return nil, err
	}
	s := &rp.Signature{}
	s.Serial = old
	cert, err := x509.ParseCertificate(o.der)
	s.Certificate = cert
	return s, err
}

func (o *office) NewChallenge(context.Context) (rp.Challenge, error) {
	return rp.Challenge{Nonce: "n"}, nil
}

func (o *office) VerifyAuthentication(context.Context, []byte, string) (*rp.Authentication, error) {
	a := &rp.Authentication{}
	a.Serial = present
	return a, o.fail("VerifyAuthentication")
}

func newOffice(t *testing.T) *office {
	t.Helper()
	w := authoritytest.Open(t, "../testdata", nil)
	issued := w.Settle(authoritytest.Hanako())
	o := &office{t: t, now: day, resident: authoritytest.Hanako(), der: issued.Certificates[jpki.DigitalSignature].DER, store: memory.New(), fails: map[string]error{}, holder: "hanako"}
	ministry, err := accreditation.Open(t.Context(), accreditation.Config{Now: func() time.Time { return o.now }, Store: o.store, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ministry.Close() })
	for _, id := range []string{"bank", "cable"} {
		if _, err := ministry.Register(t.Context(), accreditation.Registration{ID: id, Name: id, Key: "key-of-the-" + id + "-in-a-test", Kinds: jpki.Kinds()}); err != nil {
			t.Fatal(err)
		}
	}
	cfg := latest.Config{Now: func() time.Time { return o.now }, Register: o, Ministry: ministry, Store: o, Verifier: o}
	if o.Service, err = latest.New(cfg); err != nil {
		t.Fatal(err)
	}
	for name, without := range map[string]func(*latest.Config){
		"a clock": func(c *latest.Config) { c.Now = nil }, "a register": func(c *latest.Config) { c.Register = nil }, "a ministry": func(c *latest.Config) { c.Ministry = nil },
		"a store": func(c *latest.Config) { c.Store = nil }, "a verifier": func(c *latest.Config) { c.Verifier = nil },
	} {
		less := cfg
		without(&less)
		if _, err := latest.New(less); err == nil {
			t.Errorf("a service without %s", name)
		}
	}
	return o
}

const bankKey, cableKey = "key-of-the-bank-in-a-test", "key-of-the-cable-in-a-test"

func (o *office) document(written time.Time) []byte {
	o.t.Helper()
	d, err := kit.Application{Provider: "bank", Service: "customers", ServiceName: "試験", Purpose: "試験のため", Items: kit.Items()}.Document(written)
	if err != nil {
		o.t.Fatal(err)
	}
	return []byte(d.Content)
}

func (o *office) gives() latest.Consent {
	o.t.Helper()
	c, err := o.Give(o.t.Context(), bankKey, o.document(o.now), []byte{1})
	if err != nil {
		o.t.Fatal(err)
	}
	return c
}

// Whatever fails, nothing is given, and nothing is charged.
func TestWhatFailsGivesNothing(t *testing.T) {
	o := newOffice(t)
	c := o.gives()
	o.now = c.From
	deliver := func() error { _, err := o.Deliver(t.Context(), bankKey, "customers", old); return err }
	give := func() error { _, err := o.Give(t.Context(), bankKey, o.document(o.now), []byte{1}); return err }
	see := func() error { _, err := o.Given(t.Context(), "hanako"); return err }
	show := func() error { _, err := o.Show(t.Context(), nil, "n"); return err }
	withdraw := func() error {
		w := latest.Withdrawal{Consent: c, Document: rp.Document{Number: "LT-1", WrittenAt: o.now, Content: "x"}}
		_, err := o.Withdraw(t.Context(), w, []byte{1})
		return err
	}
	state := func() error { _, err := o.ConsentOf(t.Context(), bankKey, c.Number); return err }
	for method, acts := range map[string][]func() error{
		"Certificate 0705D990": {deliver, give, withdraw}, "Certificate 0705D991": {deliver, show}, "Resident": {deliver, show}, "Successor": {deliver},
		"Consents": {deliver, give, see, withdraw, state}, "Delivered": {deliver}, "Deliveries": {see}, "CommitLatest": {deliver, give, withdraw},
		"VerifySignature": {give, withdraw}, "VerifyAuthentication": {show},
	} {
		o.fails[method] = errBroken
		for i, act := range acts {
			if err := act(); !errors.Is(err, errBroken) {
				t.Errorf("%s broken, act %d: %v", method, i, err)
			}
		}
		delete(o.fails, method)
	}
	o.fails["Successor"] = authority.ErrNoSuccessor
	if err := deliver(); !errors.Is(err, kit.ErrNothingNew) {
		t.Errorf("nothing newer: %v", err)
	}
	delete(o.fails, "Successor")
	o.fails["undelivered"] = errBroken
	if err := deliver(); !errors.Is(err, register.ErrNoCertificate) {
		t.Errorf("a certificate that no card took: %v", err)
	}
	delete(o.fails, "undelivered")
	der := o.der
	o.der = []byte{0x30, 0}
	if err := deliver(); err == nil {
		t.Error("a certificate that cannot be read")
	}
	o.der = der
	o.holder = ""
	if err := deliver(); !errors.Is(err, kit.ErrNoConsent) {
		t.Errorf("nobody's certificate: %v", err)
	}
	if err := withdraw(); !errors.Is(err, latest.ErrAnotherHolder) {
		t.Errorf("nobody's certificate withdraws: %v", err)
	}
	o.holder = "hanako"
	if _, err := o.Deliver(t.Context(), bankKey, "", old); !errors.Is(err, kit.ErrNoConsent) {
		t.Errorf("no service: %v", err)
	}
	if counted, err := o.store.Fees(t.Context(), "bank", "2000-01-01", "2100-01-01"); err != nil || len(counted) != 0 {
		t.Errorf("on the bill: %+v, %v", counted, err)
	}
	if err := deliver(); err != nil {
		t.Error(err)
	}
}

func TestAConsentIsBetweenAHolderAndOneVerifier(t *testing.T) {
	o := newOffice(t)
	c := o.gives()
	if _, err := o.ConsentOf(t.Context(), cableKey, c.Number); !errors.Is(err, latest.ErrNoSuchConsent) {
		t.Errorf("another verifier's: %v", err)
	}
	if _, err := o.ConsentOf(t.Context(), bankKey, ""); !errors.Is(err, latest.ErrNoSuchConsent) {
		t.Errorf("no number: %v", err)
	}
	o.now = c.From
	if _, err := o.Deliver(t.Context(), cableKey, "customers", old); !errors.Is(err, kit.ErrNoConsent) {
		t.Errorf("to another verifier: %v", err)
	}
	for _, who := range [][2]string{{"", c.Number}, {"hanako", ""}, {"taro", c.Number}} {
		if _, err := o.DraftWithdrawal(t.Context(), who[0], who[1]); !errors.Is(err, latest.ErrNoSuchConsent) {
			t.Errorf("%v drafts a withdrawal: %v", who, err)
		}
	}
	if all, err := o.Given(t.Context(), ""); err != nil || len(all) != 0 {
		t.Errorf("nobody's: %+v, %v", all, err)
	}
	w, err := o.DraftWithdrawal(t.Context(), "hanako", c.Number)
	const ends = "</サービス識別子>\n</利用者同意取消申請情報>\n"
	if err != nil || w.Document.Content[len(w.Document.Content)-len(ends):] != ends {
		t.Errorf("%q, %v", w.Document.Content, err)
	}
	o.now = c.Until.Add(time.Second)
	if _, err := o.DraftWithdrawal(t.Context(), "hanako", c.Number); !errors.Is(err, latest.ErrOver) {
		t.Errorf("after ten years: %v", err)
	}
}

func TestTheClockOfAnApplicationMayBeAhead(t *testing.T) {
	o := newOffice(t)
	for ahead, want := range map[time.Duration]error{rp.DefaultClockSkew: nil, rp.DefaultClockSkew + time.Second: rp.ErrDocumentExpired} {
		if _, err := o.Give(t.Context(), bankKey, o.document(o.now.Add(ahead)), []byte{1}); !errors.Is(err, want) {
			t.Errorf("%s ahead: %v", ahead, err)
		}
	}
}

func TestAMoveAbroadIsInTheAddress(t *testing.T) {
	o := newOffice(t)
	o.now = o.gives().From
	o.resident.Kana, o.resident.FormerSurname = "ミホン　ハナコ", "手本"
	d, err := o.Deliver(t.Context(), bankKey, "customers", old)
	if err != nil || !d.Data.Address.MovedAbroad.IsZero() || d.Data.Name.Kana != "ミホン　ハナコ" || d.Data.Name.FormerSurname != "手本" {
		t.Errorf("%+v, %v", d.Data, err)
	}
	o.resident.Standing, o.resident.StandingSince = register.StandingAbroad, day
	if d, err = o.Deliver(t.Context(), bankKey, "customers", old); err != nil || !d.Data.Address.MovedAbroad.Equal(day) || !d.Again {
		t.Errorf("%+v, %v", d, err)
	}
}
