package authority_test

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"math/big"
	"sync/atomic"
	"testing"
	"time"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
)

// BenchmarkIssue is a whole application for one certificate, register and
// journal included; the card has its key. Compare BenchmarkCreateCertificate.
func BenchmarkIssue(b *testing.B) {
	w := open(b)
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		b.StopTimer()
		r := authoritytest.Hanako()
		r.ID = fmt.Sprintf("r%d", n)
		if _, err := w.RegisterResident(context.Background(), r, desk.By{}); err != nil {
			b.Fatal(err)
		}
		w.Cards.Writes, n = nil, n+1
		b.StartTimer()
		w.Issue(authority.Application{ResidentID: r.ID, Kinds: []jpki.Kind{auth}, PINs: authoritytest.PINs()})
	}
}

// BenchmarkCreateCertificate is crypto/x509 alone, with a certificate of about
// the same size.
func BenchmarkCreateCertificate(b *testing.B) {
	w := open(b)
	key, err := authoritytest.Keys{Folder: "testdata"}.CAKey(context.Background(), auth)
	if err != nil {
		b.Fatal(err)
	}
	model := parse(b, w.Settle(authoritytest.Hanako()).Certificates[auth].DER)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), RawSubject: model.RawSubject, NotBefore: model.NotBefore, NotAfter: model.NotAfter, ExtraExtensions: model.Extensions,
	}
	for b.Loop() {
		if _, err := x509.CreateCertificate(rand.Reader, template, w.CACertificate(auth), model.PublicKey, key); err != nil {
			b.Fatal(err)
		}
	}
}

func benchmarkOCSP(b *testing.B, w *authoritytest.World, q question) {
	der := q.der(b, w)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			answer, err := w.AnswerOCSP(context.Background(), q.kind, authoritytest.Key, der)
			if err != nil || len(answer.DER) < 100 {
				b.Errorf("%x, %v", answer.DER, err)
				return
			}
		}
	})
}

// BenchmarkOCSPCached is an answer from memory.
func BenchmarkOCSPCached(b *testing.B) {
	w := open(b)
	benchmarkOCSP(b, w, about(w.Settle(authoritytest.Hanako()).Certificates[auth]))
}

// BenchmarkOCSPNonce is an answer that has to be signed, RSA-2048. Compare
// BenchmarkBareSignature.
func BenchmarkOCSPNonce(b *testing.B) {
	w := open(b)
	q := about(w.Settle(authoritytest.Hanako()).Certificates[auth])
	q.nonce = make([]byte, 32)
	benchmarkOCSP(b, w, q)
}

// BenchmarkOCSPNonceP256 is the same with a responder's key on P-256.
func BenchmarkOCSPNonceP256(b *testing.B) {
	w := authoritytest.Open(b, "testdata", func(c *authority.Config) {
		c.Keys = authoritytest.Keys{Folder: "testdata", Responder: "responder-p256.pem"}
	})
	q := about(w.Settle(authoritytest.Hanako()).Certificates[auth])
	q.nonce = make([]byte, 32)
	benchmarkOCSP(b, w, q)
}

// BenchmarkBareSignature is the signature alone, on all processors.
func BenchmarkBareSignature(b *testing.B) {
	signer, err := authoritytest.Keys{Folder: "testdata"}.ResponderKey(context.Background(), auth)
	if err != nil {
		b.Fatal(err)
	}
	key := signer.(*rsa.PrivateKey)
	digest := sha256.Sum256(nil)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := key.Sign(rand.Reader, digest[:], crypto.SHA256); err != nil {
				b.Error(err)
			}
		}
	})
}

// BenchmarkCRL writes a list of 100,000 and one of a million.
func BenchmarkCRL(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			w := populated(b, n)
			b.ReportAllocs()
			for b.Loop() {
				w.Clock.Advance(13 * time.Hour) // so that each is written anew
				if _, err := w.CRL(context.Background(), auth); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkStatusTable rebuilds the table of 2.84 million certificates, as a
// start does, without the store.
func BenchmarkStatusTable(b *testing.B) {
	w := populated(b, 2_840_000)
	var size atomic.Int64
	b.ReportAllocs()
	for b.Loop() {
		w.Reopen()
		size.Add(int64(w.Count(auth)))
	}
}
