//go:build unix

package ecosystem

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/json"
	"syscall"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/seed"
)

// BenchmarkSignInOverHTTP measures a whole sign-in over HTTP, from challenge to
// session, next to the two RSA signatures that it needs (the card's, and the
// responder's over the nonce). It reports the ratio of both, in wall time and in
// processor time: at most 2.
func BenchmarkSignInOverHTTP(b *testing.B) {
	e := town(b, Config{SweepEvery: -1})
	c := webtest.NewBrowser(b, "")
	sign := signaturesOfASignIn(b)
	var whole, bare cost
	for b.Loop() {
		whole.add(func() {
			var challenge struct {
				Nonce string `json:"nonce"`
			}
			send(b, c, e.Peer("bank")+"/signin/challenge", "", struct{}{}, &challenge)
			var token json.RawMessage
			send(b, c, e.Peer("card")+"/v1/authenticate", "", map[string]string{
				"card": "card-taro", "pin": "2345", "origin": e.URL("bank"), "nonce": challenge.Nonce,
			}, &token)
			send(b, c, e.Peer("bank")+"/signin", "", map[string]any{"token": token}, nil)
		})
		bare.add(sign)
	}
	b.ReportMetric(float64(whole.wall)/float64(bare.wall), "x-wall")
	b.ReportMetric(float64(whole.processor)/float64(bare.processor), "x-processor")
	b.ReportMetric(float64(whole.wall)/float64(b.N), "sign-in-ns")
}

// cost is what calls took.
type cost struct{ wall, processor time.Duration }

func (c *cost) add(f func()) {
	began, used := time.Now(), processorTime()
	f()
	c.wall += time.Since(began)
	c.processor += processorTime() - used
}

// signaturesOfASignIn returns what makes the signatures of one sign-in.
func signaturesOfASignIn(b *testing.B) func() {
	b.Helper()
	var keys []*rsa.PrivateKey
	for _, owner := range []string{"card-taro", "responder"} {
		k, err := seed.Key(owner, jpki.UserAuthentication)
		if err != nil {
			b.Fatal(err)
		}
		keys = append(keys, k)
	}
	digest := sha256.Sum256([]byte("the signatures of a sign-in"))
	return func() {
		for _, k := range keys {
			if _, err := rsa.SignPKCS1v15(nil, k, crypto.SHA256, digest[:]); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// processorTime returns the processor time that this process has used.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
