package rp

import (
	"context"
	"testing"

	"example.jp/jpkimock/authority/jpki"
)

// The benchmarks of the verbs answer each OCSP request in memory, so a figure
// holds two signatures that are not the verifier's: the responder's, and with
// VerifyAuthentication the card's. /signature is one such signature.

func BenchmarkSignature(b *testing.B) {
	key := theCast().stranger
	for b.Loop() {
		sign(key, []byte("message"))
	}
}

func BenchmarkVerifySignature(b *testing.B) {
	ctx, s := context.Background(), newStage(b, jpki.DigitalSignature, nil)
	s.play.ocsp.responder = prepared(s.play.ocsp.responder)
	document, cms := s.signed()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.VerifySignature(ctx, document, cms); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerifyAuthentication(b *testing.B) {
	ctx, s := context.Background(), newStage(b, jpki.UserAuthentication, nil)
	s.play.ocsp.responder, s.play.swapped = prepared(s.play.ocsp.responder), s.play.cert.der()
	b.ReportAllocs()
	for b.Loop() {
		c, err := s.NewChallenge(ctx)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := s.VerifyAuthentication(ctx, s.token(c.Origin, c.Nonce), c.Nonce); err != nil {
			b.Fatal(err)
		}
	}
}

// prepared makes a certificate once and for all.
func prepared(c *certSpec) *certSpec {
	made := *c
	made.made = c.der()
	return &made
}
