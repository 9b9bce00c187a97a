package rp_test

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"testing"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/rptest"
)

// bareSignature is what a card's answer to the common platform holds.
func bareSignature(t *testing.T, token []byte) (signature, certificate []byte) {
	t.Helper()
	var got struct{ Signature, UnverifiedCertificate []byte }
	if err := json.Unmarshal(token, &got); err != nil {
		t.Fatal(err)
	}
	return got.Signature, got.UnverifiedCertificate
}

func TestADigestIsVerified(t *testing.T) {
	w := rptest.New(t)
	v, hanako := w.Verifier("https://platform.example.jp"), w.Card("hanako")
	digest := sha256.Sum256([]byte("a contract"))
	signature, cert := bareSignature(t, hanako.SignDigest(digest))
	got, err := v.VerifyDigest(t.Context(), digest, signature, cert)
	if err != nil || got.Serial != hanako.Serial(jpki.DigitalSignature) || got.BasicFour.CommonName == "" {
		t.Fatalf("%+v, %v", got, err)
	}
	flipped := append([]byte(nil), signature...)
	flipped[9] ^= 1
	other, _ := bareSignature(t, w.Card("taro").SignDigest(digest))
	for name, c := range map[string]struct {
		digest          [32]byte
		signature, cert []byte
		want            error
	}{
		"another digest":            {sha256.Sum256([]byte("another")), signature, cert, rp.ErrSignature},
		"a flipped bit":             {digest, flipped, cert, rp.ErrSignature},
		"somebody else's signature": {digest, other, cert, rp.ErrSignature},
		"no signature":              {digest, nil, cert, rp.ErrSignature},
		"no certificate":            {digest, signature, nil, rp.ErrMalformed},
		"the authentication's":      {digest, signature, hanako.Certificate(jpki.UserAuthentication).Raw, rp.ErrKind},
		"a certificate with a tail": {digest, signature, append(append([]byte(nil), cert...), 0), rp.ErrMalformed},
	} {
		if _, err := v.VerifyDigest(t.Context(), c.digest, c.signature, c.cert); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	w.Revoke("hanako", jpki.DigitalSignature, jpki.AffiliationChanged)
	if _, err := v.VerifyDigest(t.Context(), digest, signature, cert); !errors.Is(err, rp.ErrRevoked) {
		t.Errorf("revoked: %v", err)
	}
	w.Silence(true)
	if _, err := v.VerifyDigest(t.Context(), digest, signature, cert); !errors.Is(err, rp.ErrStatusUnavailable) {
		t.Errorf("an authority that is silent: %v", err)
	}
}
