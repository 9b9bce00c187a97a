package ecosystem

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/json"
	"net/http"
	"net/http/cookiejar"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/seed"
)

// BenchmarkStart is the time from nothing to every house answering, with the
// seeded town: planted anew, and found in place.
func BenchmarkStart(b *testing.B) {
	b.Run("planting", func(b *testing.B) {
		for b.Loop() {
			startAndClose(b, Config{})
		}
	})
	b.Run("kept", func(b *testing.B) {
		dir := b.TempDir()
		startAndClose(b, Config{DataDir: dir})
		for b.Loop() {
			startAndClose(b, Config{DataDir: dir})
		}
	})
}

func startAndClose(b *testing.B, cfg Config) {
	b.Helper()
	e, err := Start(context.Background(), cfg)
	if err != nil {
		b.Fatal(err)
	}
	if err := e.Close(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkSignInOverHTTP is a whole sign-in, challenge to session, every step
// over HTTP. Its two signatures alone (the card's, and the responder's over
// the nonce) are BenchmarkSignaturesOfASignIn: the first should cost at most
// twice the second.
func BenchmarkSignInOverHTTP(b *testing.B) {
	e := town(b, Config{})
	jar, err := cookiejar.New(nil)
	if err != nil {
		b.Fatal(err)
	}
	c := &http.Client{Jar: jar}
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for e.pool.Ready() < keyPoolSize { // its keys are made in the background and would be counted
		<-tick.C
	}
	for b.Loop() {
		var challenge struct {
			Nonce string `json:"nonce"`
		}
		exchange(b, c, e.Peer("bank")+"/signin/challenge", struct{}{}, &challenge)
		var token json.RawMessage
		exchange(b, c, e.Peer("card")+"/v1/authenticate", map[string]string{
			"card": "card-taro", "pin": "2345", "origin": e.URL("bank"), "nonce": challenge.Nonce,
		}, &token)
		exchange(b, c, e.Peer("bank")+"/signin", map[string]any{"token": token}, nil)
	}
}

func exchange(b *testing.B, c *http.Client, url string, in, out any) {
	b.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		b.Fatal(err)
	}
	resp, err := c.Post(url, "application/json", bytes.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	defer resp.Body.Close()
	var answer bytes.Buffer
	if _, err := answer.ReadFrom(resp.Body); err != nil {
		b.Fatal(err)
	}
	if resp.StatusCode/100 != 2 {
		b.Fatalf("%s: %d %s", url, resp.StatusCode, answer.String())
	}
	if out == nil {
		return
	}
	if err := json.Unmarshal(answer.Bytes(), out); err != nil {
		b.Fatalf("%s: %v: %s", url, err, answer.String())
	}
}

// BenchmarkSignaturesOfASignIn is the two RSA signatures that a sign-in cannot
// do without.
func BenchmarkSignaturesOfASignIn(b *testing.B) {
	var keys []*rsa.PrivateKey
	for _, owner := range []string{"card-taro", "responder"} {
		k, err := seed.Key(owner, jpki.UserAuthentication)
		if err != nil {
			b.Fatal(err)
		}
		keys = append(keys, k)
	}
	digest := sha256.Sum256([]byte("the signatures of a sign-in"))
	for b.Loop() {
		for _, k := range keys {
			if _, err := rsa.SignPKCS1v15(nil, k, crypto.SHA256, digest[:]); err != nil {
				b.Fatal(err)
			}
		}
	}
}
