package rp_test

import (
	"errors"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/rptest"
)

// A verifier with a grace period accepts an expired authentication certificate to
// its last second, and asks about its status all the same.
func TestGrace(t *testing.T) {
	const origin = "https://hospital.example.jp"
	w := rptest.New(t)
	cfg := w.Config(origin)
	cfg.Grace = func(notAfter time.Time) time.Time { return notAfter.AddDate(0, 0, 90) }
	lenient, err := rp.NewVerifier(cfg)
	if err != nil {
		t.Fatal(err)
	}
	strict := w.Verifier(origin)
	signsIn := func(v *rp.Verifier) (*rp.Authentication, error) {
		t.Helper()
		challenge, err := v.NewChallenge(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return v.VerifyAuthentication(t.Context(), w.Card("hanako").Authenticate(origin, challenge.Nonce), challenge.Nonce)
	}
	ends := w.Card("hanako").Certificate(jpki.UserAuthentication).NotAfter
	last := ends.AddDate(0, 0, 90)
	for _, c := range []struct {
		at              time.Time
		strict, lenient error
	}{
		{ends, nil, nil},
		{ends.Add(2 * time.Second), rp.ErrExpired, nil},
		{last, rp.ErrExpired, nil},
		{last.Add(2 * time.Second), rp.ErrExpired, rp.ErrExpired},
	} {
		w.Clock.Set(c.at)
		if _, err := signsIn(strict); !errors.Is(err, c.strict) {
			t.Errorf("%v without grace: %v: want %v", c.at, err, c.strict)
		}
		if _, err := signsIn(lenient); !errors.Is(err, c.lenient) {
			t.Errorf("%v with grace: %v: want %v", c.at, err, c.lenient)
		}
	}
	w.Clock.Set(ends)
	w.Revoke("hanako", jpki.UserAuthentication, jpki.KeyCompromise)
	w.Clock.Set(ends.Add(time.Hour))
	if _, err := signsIn(lenient); !errors.Is(err, rp.ErrRevoked) {
		t.Errorf("a revoked certificate in its grace period: %v", err)
	}
	ends = w.Card("taro").Certificate(jpki.DigitalSignature).NotAfter
	w.Clock.Set(ends.Add(time.Hour))
	if _, err := lenient.VerifySignature(t.Context(), []byte("document"), w.Card("taro").Sign([]byte("document"))); !errors.Is(err, rp.ErrExpired) {
		t.Errorf("a signature was given grace: %v", err)
	}
}
