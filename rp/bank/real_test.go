package bank_test

import (
	"encoding/pem"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank"
	"example.jp/jpkimock/rp/bank/db"
	"example.jp/jpkimock/rp/rptest"
)

const origin = "https://bank.example.jp"

// office is a bank with the real kit, in a world with an authority and cards.
type office struct {
	*bank.Bank
	*rptest.World
	t *testing.T
	// unheard is part of the addresses at which the authority does not answer
	// the bank; empty for none.
	unheard string
	// meanwhile happens once, while the authority is asked at such an address.
	meanwhile map[string]func()
}

// RoundTrip is the bank's line to the authority.
func (o *office) RoundTrip(r *http.Request) (*http.Response, error) {
	if o.unheard != "" && strings.Contains(r.URL.Path, o.unheard) {
		return nil, errors.New("the line is dead")
	}
	for part, happens := range o.meanwhile {
		if strings.Contains(r.URL.Path, part) {
			delete(o.meanwhile, part)
			happens()
			break
		}
	}
	return http.DefaultTransport.RoundTrip(r)
}

func newOffice(t *testing.T, options ...rptest.Option) *office {
	t.Helper()
	w := rptest.New(t, options...)
	o := &office{World: w, t: t}
	cfg := w.Config(origin)
	cfg.WantPaired, cfg.Client = true, &http.Client{Transport: o}
	verifier, err := rp.NewVerifier(cfg)
	if err != nil {
		t.Fatal(err)
	}
	store, err := db.Open(filepath.Join(t.TempDir(), "bank.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	linkage, err := rp.NewLinkage(rp.LinkageConfig{AuthorityURL: w.URL(), Key: rptest.VerifierKey, Client: cfg.Client})
	if err != nil {
		t.Fatal(err)
	}
	o.Bank, err = bank.New(bank.Config{Verifier: verifier, Linkage: linkage, Store: store, Now: w.Clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func (o *office) draft() bank.ApplicationDraft {
	o.t.Helper()
	d, err := o.DraftApplication(bank.Choices{Purpose: "living"})
	if err != nil {
		o.t.Fatal(err)
	}
	return d
}

// opens signs an application with a card and takes it to the bank.
func (o *office) opens(person string) (bank.Account, error) {
	o.t.Helper()
	d := o.draft()
	cms := o.Card(person).Sign([]byte(d.Document.Content))
	return o.OpenAccount(o.t.Context(), d, cms)
}

// signsIn answers the bank's challenge as if a page of an origin had asked.
func (o *office) signsIn(person, asking string) (bank.SignedIn, error) {
	o.t.Helper()
	c, err := o.Challenge(o.t.Context())
	if err != nil {
		o.t.Fatal(err)
	}
	return o.SignIn(o.t.Context(), o.Card(person).Authenticate(asking, c.Nonce), c.Nonce)
}

func TestARealCardOpensAnAccountAndSignsInTheNextDay(t *testing.T) {
	o := newOffice(t)
	account, err := o.opens("hanako")
	if err != nil {
		t.Fatal(err)
	}
	customer, err := o.Customer(t.Context(), account.Number)
	if err != nil {
		t.Fatal(err)
	}
	hanako := o.Card("hanako")
	if customer.Serial != hanako.Serial(jpki.DigitalSignature) || customer.Paired != hanako.Serial(jpki.UserAuthentication) {
		t.Errorf("the bank keeps %s and %s", customer.Serial, customer.Paired)
	}
	o.Clock.Advance(24 * time.Hour)
	in, err := o.signsIn("hanako", origin)
	if err != nil || in.Account.Number != account.Number {
		t.Errorf("signed in to %+v, %v", in.Account, err)
	}
	if _, err := o.signsIn("taro", origin); !errors.Is(err, bank.ErrUnknownHolder) {
		t.Errorf("another's card: %v", err)
	}
	if _, err := o.opens("hanako"); !errors.Is(err, bank.ErrAlreadyCustomer) {
		t.Errorf("a second account: %v", err)
	}
}

func TestWhatTheKitRefusesOpensNothing(t *testing.T) {
	for name, tc := range map[string]struct {
		before func(*office)
		want   error
	}{
		"revoked after a move": {func(o *office) { o.Revoke("hanako", jpki.DigitalSignature, jpki.AffiliationChanged) }, rp.ErrRevoked},
		"suspended":            {func(o *office) { o.Suspend("hanako", jpki.DigitalSignature) }, rp.ErrSuspended},
		"expired":              {func(o *office) { o.Clock.Advance(12 * 366 * 24 * time.Hour) }, rp.ErrExpired},
		"bank not accredited":  {func(o *office) { o.SuspendAccreditation() }, rp.ErrNotAccredited},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			o.Card("hanako") // issued while all was well
			tc.before(o)
			if _, err := o.opens("hanako"); !errors.Is(err, tc.want) {
				t.Errorf("%v: want %v", err, tc.want)
			}
			if _, err := o.signsIn("hanako", origin); err == nil {
				t.Error("and yet there is an account to sign in to")
			}
		})
	}
}

func TestAFalsePageAndAReplayedAnswerSignNobodyIn(t *testing.T) {
	o := newOffice(t)
	if _, err := o.opens("hanako"); err != nil {
		t.Fatal(err)
	}
	if _, err := o.signsIn("hanako", "https://bank.example.com"); !errors.Is(err, rp.ErrOrigin) {
		t.Errorf("an answer made for another origin: %v", err)
	}
	c, err := o.Challenge(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	token := o.Card("hanako").Authenticate(origin, c.Nonce)
	if _, err := o.SignIn(t.Context(), token, c.Nonce); err != nil {
		t.Fatal(err)
	}
	if _, err := o.SignIn(t.Context(), token, c.Nonce); !errors.Is(err, rp.ErrChallenge) {
		t.Errorf("a replayed answer: %v", err)
	}
	o.Revoke("hanako", jpki.UserAuthentication, jpki.KeyCompromise)
	var revoked *rp.RevokedError
	if _, err := o.signsIn("hanako", origin); !errors.As(err, &revoked) || revoked.Reason != jpki.KeyCompromise {
		t.Errorf("a lost card: %v", err)
	}
}

func TestAnAlteredApplicationIsRefused(t *testing.T) {
	o := newOffice(t)
	d := o.draft()
	cms := o.Card("hanako").Sign([]byte(d.Document.Content))
	d.Document.Content += " "
	if _, err := o.OpenAccount(t.Context(), d, cms); !errors.Is(err, rp.ErrDigest) {
		t.Errorf("%v: want %v", err, rp.ErrDigest)
	}
}

func TestOpenSSLVerifiesTheApplicationThatTheBankKeeps(t *testing.T) {
	tool, err := exec.LookPath("openssl")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	o := newOffice(t)
	account, err := o.opens("hanako")
	if err != nil {
		t.Fatal(err)
	}
	a, err := o.Application(t.Context(), account.Number)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	var anchors []byte
	for _, c := range o.Anchors() {
		anchors = append(anchors, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})...)
	}
	verify := func(document string) error {
		for name, content := range map[string][]byte{"document.txt": []byte(document), "application.p7s": a.CMS, "ca.pem": anchors} {
			if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
				t.Fatal(err)
			}
		}

		cmd := exec.CommandContext(t.Context(), tool, "cms", "-verify", "-binary", "-inform", "DER", "-in", "application.p7s",
			"-content", "document.txt", "-CAfile", "ca.pem", "-out", "verified.txt", "-attime", "1775012400")
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		t.Logf("openssl: %s", out)
		return err
	}
	if err := verify(a.Document.Content); err != nil {
		t.Errorf("openssl does not accept what the bank keeps: %v", err)
	}
	if err := verify(a.Document.Content + "."); err == nil {
		t.Error("openssl accepts an altered document")
	}
}
