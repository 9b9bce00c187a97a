package rp

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// openssl runs the tool; without it the test fails in continuous integration
// and is passed over elsewhere.
func openssl(t *testing.T, args ...string) {
	t.Helper()
	path, err := exec.LookPath("openssl")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("openssl is missing")
		}
		t.Skip("openssl is missing")
	}
	if out, err := exec.Command(path, args...).CombinedOutput(); err != nil {
		t.Fatalf("openssl %v: %v\n%s", args, err, out)
	}
}

// TestSignatureMadeByOpenSSL: the kit takes what another implementation of
// CMS makes.
func TestSignatureMadeByOpenSSL(t *testing.T) {
	s, dir := newStage(t, jpki.DigitalSignature, nil), t.TempDir()
	file := func(name string) string { return filepath.Join(dir, name) }
	write := func(name string, b []byte) {
		if err := os.WriteFile(file(name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("cert.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.play.cert.der()}))
	write("key.pem", pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(s.play.cert.key)}))
	write("document", s.play.document)
	openssl(t, "cms", "-sign", "-binary", "-cades", "-md", "sha256", "-outform", "DER", "-in", file("document"),
		"-signer", file("cert.pem"), "-inkey", file("key.pem"), "-out", file("cms"))
	cms, err := os.ReadFile(file("cms"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.VerifySignature(context.Background(), s.play.document, cms)
	if err != nil {
		t.Fatal(err)
	}
	if got.BasicFour.DateOfBirth.String() != "319800217" || got.SignedAt.IsZero() || got.SignedAt.After(time.Now().Add(time.Minute)) {
		t.Fatalf("%+v", got)
	}
}
