package authority_test

import (
	"bytes"
	"context"
	"crypto"
	"encoding/hex"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
)

var update = flag.Bool("update", false, "write the golden dumps instead of comparing them")

func golden(t *testing.T, name string, der []byte) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name+".txt")
	got := authoritytest.Dump(der)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs from %s (go test -run Golden -update writes it anew):\n%s", name, path, firstDifference(got, string(want)))
	}
}

func firstDifference(got, want string) string {
	g, w := bytes.Split([]byte(got), []byte("\n")), bytes.Split([]byte(want), []byte("\n"))
	for i := range g {
		if i >= len(w) || !bytes.Equal(g[i], w[i]) {
			line := []byte("nothing")
			if i < len(w) {
				line = w[i]
			}
			return "got  " + string(g[i]) + "\nwant " + string(line)
		}
	}
	return "the golden dump is longer"
}

// TestGolden makes everything the authority signs, from fixed keys at a fixed
// time, and compares it line by line.
func TestGolden(t *testing.T) {
	ctx := context.Background()
	w := open(t)
	issued := w.Settle(authoritytest.Hanako())
	child := w.Settle(authoritytest.Taro())
	for _, kind := range jpki.Kinds() {
		golden(t, "ca-"+kind.String(), w.CACertificate(kind).Raw)
		golden(t, "responder-"+kind.String(), w.ResponderCertificate(kind).Raw)
		golden(t, "holder-"+kind.String(), issued.Certificates[kind].DER)
	}
	w.Clock.Advance(24 * time.Hour)
	signature := issued.Certificates[sign]
	if _, err := w.Revoke(ctx, sign, signature.Serial, jpki.AffiliationChanged, desk.By{Why: "転居"}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Suspend(ctx, auth, issued.Certificates[auth].Serial, desk.By{Why: "紛失"}); err != nil {
		t.Fatal(err)
	}
	w.Clock.Advance(time.Hour)
	for _, kind := range jpki.Kinds() {
		list, err := w.CRL(ctx, kind)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "crl-"+kind.String(), list.DER)
	}
	nonce, _ := hex.DecodeString("000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F")
	ask := func(name string, q question) {
		answer, err := w.AnswerOCSP(ctx, q.kind, authoritytest.Key, q.der(t, w))
		if err != nil {
			t.Fatal(err)
		}
		golden(t, name, answer.DER)
	}
	ask("ocsp-good", question{kind: auth, serials: []jpki.SerialNumber{child.Certificates[auth].Serial}})
	ask("ocsp-revoked-nonce", question{kind: sign, serials: []jpki.SerialNumber{signature.Serial}, nonce: nonce, hash: crypto.SHA256})
	ask("ocsp-held-unknown", question{kind: auth, serials: []jpki.SerialNumber{issued.Certificates[auth].Serial, "7FFFFFFF"}})
}
