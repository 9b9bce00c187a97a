package authority_test

import (
	"context"
	"crypto"
	"errors"
	"testing"
	"time"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/jpki"
)

// TestStanding is every act on a certificate in every state.
func TestStanding(t *testing.T) {
	ctx := context.Background()
	by := authority.By{Officer: "窓口", Why: "試験"}
	type act = func(*authority.Authority, authority.Certificate) error
	suspend := func(a *authority.Authority, c authority.Certificate) error {
		_, err := a.Suspend(ctx, c.Kind, c.Serial, by)
		return err
	}
	resume := func(a *authority.Authority, c authority.Certificate) error {
		_, err := a.Resume(ctx, c.Kind, c.Serial, by)
		return err
	}
	revoke := func(a *authority.Authority, c authority.Certificate) error {
		_, err := a.Revoke(ctx, c.Kind, c.Serial, jpki.KeyCompromise, by)
		return err
	}
	for _, c := range []struct {
		name   string
		before []act
		act    act
		want   error
		state  authority.State
	}{
		{"suspend a good one", nil, suspend, nil, authority.Held},
		{"resume a good one", nil, resume, authority.ErrNotSuspended, authority.Good},
		{"revoke a good one", nil, revoke, nil, authority.Revoked},
		{"suspend a suspended one", []act{suspend}, suspend, authority.ErrAlreadySuspended, authority.Held},
		{"resume a suspended one", []act{suspend}, resume, nil, authority.Good},
		{"revoke a suspended one", []act{suspend}, revoke, nil, authority.Revoked},
		{"suspend a revoked one", []act{revoke}, suspend, authority.ErrAlreadyRevoked, authority.Revoked},
		{"resume a revoked one", []act{revoke}, resume, authority.ErrAlreadyRevoked, authority.Revoked},
		{"revoke a revoked one", []act{revoke}, revoke, authority.ErrAlreadyRevoked, authority.Revoked},
		{"resume one revoked while suspended", []act{suspend, revoke}, resume, authority.ErrAlreadyRevoked, authority.Revoked},
		{"suspend a resumed one", []act{suspend, resume}, suspend, nil, authority.Held},
	} {
		w := open(t)
		cert := w.Settle(authoritytest.Hanako()).Certificates[auth]
		for _, b := range c.before {
			if err := b(w.Authority, cert); err != nil {
				t.Fatal(err)
			}
		}
		wantErr(t, c.name, c.act(w.Authority, cert), c.want)
		if s := standing(t, w, cert); s.State != c.state {
			t.Errorf("%s: stands as %v, want %v", c.name, s.State, c.state)
		}
	}
}

func TestActsThatAreRefused(t *testing.T) {
	ctx := context.Background()
	w := open(t)
	c := w.Settle(authoritytest.Hanako()).Certificates[sign]
	_, err := w.Revoke(ctx, sign, "0705D999", jpki.Superseded, authority.By{})
	wantErr(t, "unknown serial", err, authority.ErrNoCertificate)
	_, err = w.Revoke(ctx, 0, c.Serial, jpki.Superseded, authority.By{})
	wantErr(t, "no kind", err, authority.ErrNoCertificate)
	var invalid *authority.InvalidError
	for _, reason := range []jpki.Reason{jpki.CertificateHold, 7, 8, -1} {
		if _, err := w.Revoke(ctx, sign, c.Serial, reason, authority.By{}); !errors.As(err, &invalid) {
			t.Errorf("reason %d: %v", reason, err)
		}
	}
	if _, err := w.Suspend(ctx, sign, c.Serial, authority.By{Why: string(make([]byte, 201))}); !errors.As(err, &invalid) {
		t.Errorf("a long why: %v", err)
	}
	w.Clock.Set(c.NotAfter.Add(time.Second))
	_, err = w.Revoke(ctx, sign, c.Serial, jpki.Superseded, authority.By{})
	wantErr(t, "expired", err, authority.ErrExpired)
}

func TestTheJournalSaysWhoWhenWhy(t *testing.T) {
	ctx := context.Background()
	w := open(t)
	c := w.Settle(authoritytest.Hanako()).Certificates[sign]
	w.Clock.Advance(time.Minute)
	if _, err := w.Revoke(ctx, sign, c.Serial, jpki.AffiliationChanged, authority.By{Officer: "みほん市 窓口3", Why: "転居"}); err != nil {
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
		_, err := w.Accredited(ctx, key, kind)
		var refused *authority.NotAccreditedError
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
	apply := authority.Accreditation{ID: "clinic", Name: "みほん診療所", Key: "key-of-the-clinic-01", Kinds: []jpki.Kind{auth}}
	v, err := w.RegisterVerifier(ctx, apply)
	if err != nil || v.State != authority.VerifierAccredited {
		t.Fatalf("%+v, %v", v, err)
	}
	expect("no key", reason("", auth), authority.NoKey)
	expect("another key", reason("key-of-the-clinic-02", auth), authority.UnknownKey)
	expect("covered", reason(apply.Key, auth), "accredited")
	expect("not covered", reason(apply.Key, sign), authority.KindNotCovered)
	for _, s := range []authority.VerifierState{authority.VerifierSuspended, authority.VerifierAccredited, authority.VerifierWithdrawn} {
		if _, err := w.SetVerifierState(ctx, "clinic", s, "試験"); err != nil {
			t.Fatal(err)
		}
		expect(string(s), reason(apply.Key, auth), string(s))
	}
	_, err = w.SetVerifierState(ctx, "clinic", authority.VerifierAccredited, "")
	wantErr(t, "after withdrawal", err, authority.ErrVerifierWithdrawn)
	_, err = w.SetVerifierState(ctx, "nobody", authority.VerifierSuspended, "")
	wantErr(t, "nobody", err, authority.ErrNoVerifier)
	_, err = w.RegisterVerifier(ctx, apply)
	wantErr(t, "the same ID", err, authority.ErrVerifierExists)
	apply.ID = "clinic-2"
	_, err = w.RegisterVerifier(ctx, apply)
	wantErr(t, "the same key", err, authority.ErrVerifierExists)
	apply.Key = "short"
	var invalid *authority.InvalidError
	if _, err := w.RegisterVerifier(ctx, apply); !errors.As(err, &invalid) || invalid.Field != "key" {
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
	wantErr(t, "new", err, authority.ErrCAChanged)
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
