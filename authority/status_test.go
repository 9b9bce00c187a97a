package authority_test

import (
	"context"
	"crypto"
	"errors"
	"strings"
	"testing"
	"time"

	xocsp "golang.org/x/crypto/ocsp"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/ca"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
)

// TestStanding is every act on a certificate in every state.
func TestStanding(t *testing.T) {
	ctx := context.Background()
	by := desk.By{Officer: "窓口", Why: "試験"}
	type act = func(*authority.Authority, register.Certificate) error
	suspend := func(a *authority.Authority, c register.Certificate) error {
		_, err := a.Suspend(ctx, c.Kind, c.Serial, by)
		return err
	}
	resume := func(a *authority.Authority, c register.Certificate) error {
		_, err := a.Resume(ctx, c.Kind, c.Serial, by)
		return err
	}
	revoke := func(a *authority.Authority, c register.Certificate) error {
		_, err := a.Revoke(ctx, c.Kind, c.Serial, jpki.KeyCompromise, by)
		return err
	}
	for _, c := range []struct {
		name   string
		before []act
		act    act
		want   error
		state  register.State
	}{
		{"suspend a good one", nil, suspend, nil, register.Held},
		{"resume a good one", nil, resume, register.ErrNotSuspended, register.Good},
		{"revoke a good one", nil, revoke, nil, register.Revoked},
		{"suspend a suspended one", []act{suspend}, suspend, register.ErrAlreadySuspended, register.Held},
		{"resume a suspended one", []act{suspend}, resume, nil, register.Good},
		{"revoke a suspended one", []act{suspend}, revoke, nil, register.Revoked},
		{"suspend a revoked one", []act{revoke}, suspend, register.ErrAlreadyRevoked, register.Revoked},
		{"resume a revoked one", []act{revoke}, resume, register.ErrAlreadyRevoked, register.Revoked},
		{"revoke a revoked one", []act{revoke}, revoke, register.ErrAlreadyRevoked, register.Revoked},
		{"resume one revoked while suspended", []act{suspend, revoke}, resume, register.ErrAlreadyRevoked, register.Revoked},
		{"suspend a resumed one", []act{suspend, resume}, suspend, nil, register.Held},
	} {
		w := open(t)
		cert := w.Settle(authoritytest.Hanako()).Certificates[auth]
		for _, b := range c.before {
			if err := b(w.Authority, cert); err != nil {
				t.Fatal(err)
			}
		}
		wantErr(t, c.name, c.act(w.Authority, cert), c.want)
		if s := status(t, w, cert); s.State != c.state {
			t.Errorf("%s: stands as %v, want %v", c.name, s.State, c.state)
		}
	}
}

func TestActsThatAreRefused(t *testing.T) {
	ctx := context.Background()
	w := open(t)
	c := w.Settle(authoritytest.Hanako()).Certificates[sign]
	_, err := w.Revoke(ctx, sign, "0705D999", jpki.Superseded, desk.By{})
	wantErr(t, "unknown serial", err, register.ErrNoCertificate)
	_, err = w.Revoke(ctx, 0, c.Serial, jpki.Superseded, desk.By{})
	wantErr(t, "no kind", err, register.ErrNoCertificate)
	var invalid *desk.InvalidError
	for _, reason := range []jpki.Reason{jpki.CertificateHold, 7, 8, -1} {
		if _, err := w.Revoke(ctx, sign, c.Serial, reason, desk.By{}); !errors.As(err, &invalid) {
			t.Errorf("reason %d: %v", reason, err)
		}
	}
	if _, err := w.Suspend(ctx, sign, c.Serial, desk.By{Why: string(make([]byte, 201))}); !errors.As(err, &invalid) {
		t.Errorf("a long why: %v", err)
	}
	w.Clock.Set(c.NotAfter.Add(time.Second))
	_, err = w.Revoke(ctx, sign, c.Serial, jpki.Superseded, desk.By{})
	wantErr(t, "expired", err, register.ErrExpired)
}

func TestTheJournalSaysWhoWhenWhy(t *testing.T) {
	ctx := context.Background()
	w := open(t)
	c := w.Settle(authoritytest.Hanako()).Certificates[sign]
	w.Clock.Advance(time.Minute)
	if _, err := w.Revoke(ctx, sign, c.Serial, jpki.AffiliationChanged, desk.By{Officer: "みほん市 窓口3", Why: "転居"}); err != nil {
		t.Fatal(err)
	}
	events, err := w.Events(ctx, authority.EventQuery{Kind: sign, Serial: c.Serial})
	if err != nil || len(events) != 3 {
		t.Fatalf("%d lines, %v", len(events), err)
	}
	e := events[0]
	if e.Act != "revoked" || e.Officer != "みほん市 窓口3" || e.Why != "転居" || e.Reason != jpki.AffiliationChanged || !e.At.Equal(w.Clock.Now()) || e.ResidentID != "hanako" || e.CardID != "hanako" {
		t.Errorf("%+v", e)
	}
	if events[1].Act != "handed over" || events[2].Act != "issued" {
		t.Errorf("before it: %s, %s", events[1].Act, events[2].Act)
	}
}

func TestAccreditation(t *testing.T) {
	ctx := context.Background()
	w := open(t)
	reason := func(key string, kind jpki.Kind) string {
		_, err := w.Ministry.Accredited(key, kind)
		var refused *accreditation.NotAccreditedError
		if errors.As(err, &refused) {
			return refused.Reason
		}
		if err != nil {
			t.Fatal(err)
		}
		return "accredited"
	}
	expect := func(what, got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("%s: %s, want %s", what, got, want)
		}
	}
	apply := accreditation.Registration{ID: "clinic", Name: "みほん診療所", Key: "key-of-the-clinic-01", Kinds: []jpki.Kind{auth}}
	v, err := w.Ministry.Register(ctx, apply)
	if err != nil || v.State != accreditation.VerifierAccredited {
		t.Fatalf("%+v, %v", v, err)
	}
	expect("no key", reason("", auth), accreditation.NoKey)
	expect("another key", reason("key-of-the-clinic-02", auth), accreditation.UnknownKey)
	expect("covered", reason(apply.Key, auth), "accredited")
	expect("not covered", reason(apply.Key, sign), accreditation.KindNotCovered)
	for _, s := range []accreditation.VerifierState{accreditation.VerifierSuspended, accreditation.VerifierAccredited, accreditation.VerifierWithdrawn} {
		if _, err := w.Ministry.SetState(ctx, "clinic", s, desk.By{Why: "試験"}); err != nil {
			t.Fatal(err)
		}
		expect(string(s), reason(apply.Key, auth), string(s))
	}
	_, err = w.Ministry.SetState(ctx, "clinic", accreditation.VerifierAccredited, desk.By{Why: ""})
	wantErr(t, "after withdrawal", err, accreditation.ErrVerifierWithdrawn)
	_, err = w.Ministry.SetState(ctx, "nobody", accreditation.VerifierSuspended, desk.By{Why: ""})
	wantErr(t, "nobody", err, accreditation.ErrNoVerifier)
	_, err = w.Ministry.Register(ctx, apply)
	wantErr(t, "the same ID", err, accreditation.ErrVerifierExists)
	apply.ID = "clinic-2"
	_, err = w.Ministry.Register(ctx, apply)
	wantErr(t, "the same key", err, accreditation.ErrVerifierExists)
	apply.Key = "short"
	var invalid *desk.InvalidError
	if _, err := w.Ministry.Register(ctx, apply); !errors.As(err, &invalid) || invalid.Field != "key" {
		t.Errorf("a short key: %v", err)
	}
}

func TestTheCAIsTheSameEverywhere(t *testing.T) {
	first := open(t)
	second := open(t)
	second.Clock.Set(time.Date(2040, 1, 1, 0, 0, 0, 0, time.UTC))
	second.Reopen()
	for _, kind := range jpki.Kinds() {
		if !first.CACertificate(kind).Equal(second.CACertificate(kind)) || !first.ResponderCertificate(kind).Equal(second.ResponderCertificate(kind)) {
			t.Errorf("%v: made from the same keys, the certificates differ", kind)
		}
	}
}

// otherKeys has the two CAs' keys the wrong way round.
type otherKeys struct{ authoritytest.Keys }

func (k otherKeys) CAKey(ctx context.Context, kind jpki.Kind) (crypto.Signer, error) {
	return k.Keys.CAKey(ctx, kind.Other())
}

func TestAStoreOfAnotherCAIsRefused(t *testing.T) {
	w := open(t)
	w.Config.Keys = otherKeys{authoritytest.Keys{Folder: "testdata"}}
	_, err := authority.New(context.Background(), w.Config)
	wantErr(t, "new", err, ca.ErrChanged)
}

func TestAnAuthorityMakesItsOwnKeysOnce(t *testing.T) {
	if testing.Short() {
		t.Skip("makes four RSA keys")
	}
	w := authoritytest.Open(t, "testdata", func(c *authority.Config) { c.Keys = nil })
	before := w.CACertificate(sign)
	w.Reopen()
	if !w.CACertificate(sign).Equal(before) {
		t.Error("the CA changed with a restart")
	}
}

// TestTheRespondersKeyIsAChoice: a store that was opened with one type of key is
// opened with the other, and has both from then on. Nobody's certificate, and not
// the CA's, is another for it.
func TestTheRespondersKeyIsAChoice(t *testing.T) {
	w := open(t)
	c := w.Settle(authoritytest.Hanako()).Certificates[sign]
	type seen struct {
		name   string
		serial int64
	}
	responders := map[string]seen{}
	for _, of := range []ca.KeyType{"", ca.P256, ca.RSA2048, ca.P256} {
		w.Config.Keys = keptResponder{authoritytest.Keys{Folder: "testdata"}, ca.KeptKeys{Store: w.Config.Store, Responder: of}}
		anchor := w.CACertificate(sign)
		w.Reopen()
		if r := ask(t, w, about(c)); r.Status != xocsp.Good || !w.CACertificate(sign).Equal(anchor) {
			t.Errorf("%s: answered %d, or another CA", of, r.Status)
		}
		cert := w.ResponderCertificate(sign)
		if of == "" {
			of = ca.RSA2048
		}
		now := seen{string(cert.Raw), cert.SerialNumber.Int64()}
		if before, again := responders[string(of)]; again && before != now {
			t.Errorf("%s: the responder's certificate is another", of)
		}
		responders[string(of)] = now
	}
	if responders["rsa-2048"].serial == responders["p-256"].serial || len(responders) != 2 {
		t.Error("two certificates have one serial number")
	}
	if _, err := (ca.KeptKeys{Store: w.Config.Store, Responder: "p-384"}).ResponderKey(t.Context(), sign); err == nil || !strings.Contains(err.Error(), "p-384") {
		t.Errorf("a type that is none: %v", err)
	}
}

// keptResponder has the responders' keys alone in the store.
type keptResponder struct {
	authoritytest.Keys
	kept ca.KeptKeys
}

func (k keptResponder) ResponderKey(ctx context.Context, kind jpki.Kind) (crypto.Signer, error) {
	return k.kept.ResponderKey(ctx, kind)
}

func TestConfigsThatAreRefused(t *testing.T) {
	good := open(t).Config
	for name, change := range map[string]func(*authority.Config){
		"no clock":    func(c *authority.Config) { c.Now = nil },
		"no store":    func(c *authority.Config) { c.Store = nil },
		"no URL":      func(c *authority.Config) { c.PublicURL = "" },
		"not http":    func(c *authority.Config) { c.PublicURL = "ldap://localhost" },
		"not ASCII":   func(c *authority.Config) { c.PublicURL = "http://認証局.example" },
		"an ECDSA CA": func(c *authority.Config) { c.Keys = ecdsaCA{} },
	} {
		c := good
		change(&c)
		if _, err := authority.New(context.Background(), c); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

type ecdsaCA struct{}

func (ecdsaCA) CAKey(ctx context.Context, kind jpki.Kind) (crypto.Signer, error) {
	return authoritytest.Keys{Folder: "testdata", Responder: "responder-p256.pem"}.ResponderKey(ctx, kind)
}

func (ecdsaCA) ResponderKey(ctx context.Context, kind jpki.Kind) (crypto.Signer, error) {
	return authoritytest.Keys{Folder: "testdata"}.ResponderKey(ctx, kind)
}
