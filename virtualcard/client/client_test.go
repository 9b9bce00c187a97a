package client_test

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/cardtest"
	"example.jp/jpkimock/virtualcard/client"
	"example.jp/jpkimock/virtualcard/jpkiap"
)

const (
	origin = "https://bank.example.jp"
	nonce  = "MTIzNDU2NzgxMjM0NTY3ODEyMzQ1Njc4MTIzNDU2Nzg="
)

// insert gives a cabinet with Hanako's card, and the card in a reader.
func insert(t testing.TB, kinds ...jpki.Kind) (*virtualcard.Cabinet, *virtualcard.Connection) {
	t.Helper()
	cabinet := cardtest.Open(t, virtualcard.NewMemoryStore())
	cardtest.Hand(t, cabinet, "hanako", kinds...)
	connection, err := cabinet.Connect(t.Context(), "hanako")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close() })
	return cabinet, connection
}

// openssl runs openssl in a folder of files; without it the test fails under
// CI=true and is skipped elsewhere.
func openssl(t *testing.T, files map[string][]byte, args ...string) string {
	t.Helper()
	program, err := exec.LookPath("openssl")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("openssl is not installed")
		}
		t.Skip("openssl is not installed")
	}
	dir := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		return string(out) + err.Error()
	}
	return string(out)
}

func pemOf(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

func TestAuthenticate(t *testing.T) {
	_, card := insert(t)
	token, err := client.Authenticate(t.Context(), card, client.AuthenticateRequest{PIN: cardtest.AuthenticationPIN, Origin: origin, Nonce: nonce})
	if err != nil {
		t.Fatal(err)
	}
	if token.Format != "web-eid:1.0" || token.Algorithm != "RS256" || token.AppVersion == "" {
		t.Errorf("token %+v", token)
	}
	der, err := base64.StdEncoding.DecodeString(token.UnverifiedCertificate)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	signature, err := base64.StdEncoding.DecodeString(token.Signature)
	if err != nil {
		t.Fatal(err)
	}
	o, n := sha256.Sum256([]byte(origin)), sha256.Sum256([]byte(nonce))
	signed := append(o[:], n[:]...)
	hash := sha256.Sum256(signed)
	if err := rsa.VerifyPKCS1v15(cert.PublicKey.(*rsa.PublicKey), crypto.SHA256, hash[:], signature); err != nil {
		t.Error(err)
	}
	b, err := json.Marshal(token)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"unverifiedCertificate", "algorithm", "signature", "format", "appVersion"} {
		if !strings.Contains(string(b), `"`+name+`":`) {
			t.Errorf("JSON has no %s: %s", name, b)
		}
	}
	spki, err := x509.MarshalPKIXPublicKey(cert.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	out := openssl(t, map[string][]byte{"key.pem": pemOf("PUBLIC KEY", spki), "sig": signature, "signed": signed},
		"dgst", "-sha256", "-verify", "key.pem", "-signature", "sig", "signed")
	if !strings.Contains(out, "Verified OK") {
		t.Errorf("openssl dgst: %s", out)
	}
}

var document = []byte("みほん銀行　口座開設申込書\r\n普通預金口座の開設を申し込みます。\r\n")

func signed(t testing.TB, at time.Time) []byte {
	t.Helper()
	_, card := insert(t)
	cms, err := client.Sign(t.Context(), card, client.SignRequest{PIN: cardtest.SignaturePIN, Document: document, At: at})
	if err != nil {
		t.Fatal(err)
	}
	return cms
}

func TestOpenSSLAcceptsTheSignature(t *testing.T) {
	files := map[string][]byte{
		"doc": document, "cms": signed(t, cardtest.Now()), "ca.pem": pemOf("CERTIFICATE", cardtest.CA(t, jpki.DigitalSignature).Raw),
		"other": append([]byte("?"), document...), "auth.pem": pemOf("CERTIFICATE", cardtest.CA(t, jpki.UserAuthentication).Raw),
	}
	verify := func(doc, ca string) string {
		return openssl(t, files, "cms", "-verify", "-binary", "-inform", "DER", "-in", "cms", "-content", doc, "-CAfile", ca,
			"-cades", "-attime", "1780000000", "-out", "out")
	}
	if out := verify("doc", "ca.pem"); !strings.Contains(strings.ToLower(out), "verification successful") {
		t.Errorf("openssl cms: %s", out)
	}
	if out := verify("other", "ca.pem"); !strings.Contains(out, "exit status") {
		t.Errorf("openssl accepts another document: %s", out)
	}
	if out := verify("doc", "auth.pem"); !strings.Contains(out, "exit status") {
		t.Errorf("openssl accepts another CA: %s", out)
	}
	out := openssl(t, files, "cms", "-cmsout", "-print", "-inform", "DER", "-in", "cms")
	for _, want := range []string{
		"eContent: <ABSENT>", "issuerAndSerialNumber", "contentType (1.2.840.113549.1.9.3)", "messageDigest (1.2.840.113549.1.9.4)",
		"UTCTIME:Apr  1 03:00:00 2026 GMT", "id-smime-aa-signingCertificateV2", "algorithm: sha256 (2.16.840.1.101.3.4.2.1)",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("openssl cms -print does not show %q", want)
		}
	}
	if n := strings.Count(out, "d.certificate:"); n != 1 {
		t.Errorf("%d certificates inside, want the signer's alone", n)
	}
}

func TestSigningTimeAfter2049(t *testing.T) {
	cms := signed(t, time.Date(2050, 1, 1, 0, 0, 0, 0, time.UTC))
	if !bytes.Contains(cms, []byte("\x18\x0f20500101000000Z")) {
		t.Error("the signing time is not a GeneralizedTime")
	}
}

func TestLowerCasePINIsTakenAsCapitals(t *testing.T) {
	_, card := insert(t)
	if _, err := client.Sign(t.Context(), card, client.SignRequest{PIN: "abc123", Document: document, At: cardtest.Now()}); err != nil {
		t.Error(err)
	}
}

func TestNoTryIsSpentInVain(t *testing.T) {
	var format *jpkiap.PINFormatError
	asPIN := func(err error) bool { return errors.As(err, &format) }
	request := func(err error) bool { return errors.Is(err, client.ErrRequest) }
	ok := client.AuthenticateRequest{PIN: cardtest.AuthenticationPIN, Origin: origin, Nonce: nonce}
	auth := func(change func(*client.AuthenticateRequest)) func(testing.TB, *virtualcard.Connection) error {
		r := ok
		change(&r)
		return func(t testing.TB, card *virtualcard.Connection) error {
			_, err := client.Authenticate(t.Context(), card, r)
			return err
		}
	}
	sign := func(r client.SignRequest) func(testing.TB, *virtualcard.Connection) error {
		return func(t testing.TB, card *virtualcard.Connection) error {
			_, err := client.Sign(t.Context(), card, r)
			return err
		}
	}
	for name, c := range map[string]struct {
		do   func(testing.TB, *virtualcard.Connection) error
		want func(error) bool
	}{
		"no origin":             {auth(func(r *client.AuthenticateRequest) { r.Origin = "" }), request},
		"no nonce":              {auth(func(r *client.AuthenticateRequest) { r.Nonce = "" }), request},
		"a nonce without end":   {auth(func(r *client.AuthenticateRequest) { r.Nonce = strings.Repeat("A", 1025) }), request},
		"an origin not UTF-8":   {auth(func(r *client.AuthenticateRequest) { r.Origin = "https://\xff" }), request},
		"five digits":           {auth(func(r *client.AuthenticateRequest) { r.PIN = "12345" }), asPIN},
		"an empty document":     {sign(client.SignRequest{PIN: "ABC123", At: cardtest.Now()}), request},
		"no signing time":       {sign(client.SignRequest{PIN: "ABC123", Document: document}), request},
		"a short signature PIN": {sign(client.SignRequest{PIN: "ABC12", Document: document, At: cardtest.Now()}), asPIN},
	} {
		cabinet, card := insert(t)
		if err := c.do(t, card); !c.want(err) {
			t.Errorf("%s: %v", name, err)
		}
		if told, _ := cabinet.Card(t.Context(), "hanako"); told.TriesLeft[jpki.DigitalSignature] != 5 || told.TriesLeft[jpki.UserAuthentication] != 3 {
			t.Errorf("%s: tries are gone: %v", name, told.TriesLeft)
		}
	}
}

func TestCardWithoutTheCertificate(t *testing.T) {
	_, card := insert(t, jpki.UserAuthentication)
	r := client.SignRequest{PIN: cardtest.SignaturePIN, Document: document, At: cardtest.Now()}
	if _, err := client.Sign(t.Context(), card, r); !errors.Is(err, jpkiap.ErrNoCertificate) {
		t.Errorf("a child's card signs: %v, want ErrNoCertificate", err)
	}
}

// Every make of card signs in and signs; a telephone's token gives its certificate after the
// PIN alone.
func TestEveryMakeOfCard(t *testing.T) {
	for _, variant := range []jpki.CardVariant{jpki.Plastic, jpki.Plastic2023, jpki.AndroidToken} {
		card, err := cardtest.New(cardtest.Card{Variant: variant})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := client.Authenticate(t.Context(), card, client.AuthenticateRequest{PIN: cardtest.AuthenticationPIN, Origin: origin, Nonce: nonce}); err != nil {
			t.Errorf("%q signs in: %v", variant, err)
		}
		if _, err := client.Sign(t.Context(), card, client.SignRequest{PIN: cardtest.SignaturePIN, Document: document, At: cardtest.Now()}); err != nil {
			t.Errorf("%q signs: %v", variant, err)
		}
	}
}

func TestWrongPIN(t *testing.T) {
	_, card := insert(t)
	var wrong *jpkiap.WrongPINError
	_, err := client.Authenticate(t.Context(), card, client.AuthenticateRequest{PIN: "0000", Origin: origin, Nonce: nonce})
	if !errors.As(err, &wrong) || wrong.TriesLeft != 2 || wrong.Kind != jpki.UserAuthentication {
		t.Errorf("%v, want a WrongPINError with 2 left", err)
	}
}

// BenchmarkSign is a document signed from a card in the reader to the CMS.
func BenchmarkSign(b *testing.B) {
	_, card := insert(b)
	r := client.SignRequest{PIN: cardtest.SignaturePIN, Document: document, At: cardtest.Now()}
	for b.Loop() {
		if _, err := client.Sign(b.Context(), card, r); err != nil {
			b.Fatal(err)
		}
	}
}
