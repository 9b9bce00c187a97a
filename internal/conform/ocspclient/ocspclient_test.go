package ocspclient_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/conform"
	"example.jp/jpkimock/internal/conform/conformtest"
	"example.jp/jpkimock/internal/conform/ocspclient"
	"example.jp/jpkimock/internal/conform/town"
	"example.jp/jpkimock/internal/ecosystem"
)

// client opens a town, and the responder of a run.
func client(t *testing.T) *ocspclient.Client {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	e, err := ecosystem.Start(ctx, ecosystem.Config{Manage: "127.0.0.1:0", Snapshots: true, KeysAhead: -1, SweepEvery: -1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	at, err := town.Open(ctx, e.Ready(), "card-hanako")
	if err != nil {
		t.Fatal(err)
	}
	c := &ocspclient.Client{Town: at, Folder: t.TempDir()}
	end, err := c.Open(ctx, "127.0.0.1:0", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = end() })
	return c
}

// failed runs the suite, and gives the cases that the client failed.
func failed(t *testing.T, c *ocspclient.Client, e conform.Expectations) (ids []string) {
	t.Helper()
	report, err := c.Suite().Run(t.Context(), e, time.Now, func(r conform.Result) {
		if r.Outcome != conform.Passed {
			t.Logf("%s %s: %s", r.ID, r.Title.EN, r.Came)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range report.Results {
		if r.Outcome == conform.Failed || r.Outcome == conform.NotTried {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// service is a small OCSP client that takes certificates, and what it has forgotten to check.
type service struct {
	ca *x509.Certificate

	mu      sync.Mutex
	forgets string
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.look(r); err != nil {
		http.Error(w, err.Error(), http.StatusForbidden)
	}
}

// check is one rule; the service that forgets it goes on.
func (s *service) check(what string, holds bool) error {
	if holds || s.forgets == what {
		return nil
	}
	return errors.New(what)
}

func (s *service) look(r *http.Request) error {
	text, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	block, _ := pem.Decode(text)
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return err
	}
	nonce := []byte(rand.Text() + "123456")
	request := conformtest.Question(s.ca, cert.SerialNumber, nonce)
	answer, err := http.Post(cert.OCSPServer[0], "application/ocsp-request", bytes.NewReader(request))
	if err != nil {
		return s.check("failure", false)
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	read, err := ocsp.ParseResponse(said, nil)
	if err != nil && strings.Contains(err.Error(), "signature") {
		return s.check("signature", false)
	}
	if err != nil || answer.StatusCode != http.StatusOK {
		return s.check("failure", false)
	}
	return s.judge(read, cert, bytes.Contains(said, nonce))
}

func (s *service) judge(read *ocsp.Response, cert *x509.Certificate, sameNonce bool) error {
	now, by := time.Now(), read.Certificate
	held := read.Status == ocsp.Revoked && read.RevocationReason == ocsp.CertificateHold
	return errors.Join(
		s.check("unknown", read.Status != ocsp.Unknown), s.check("revoked", read.Status != ocsp.Revoked || held), s.check("suspended", !held),
		s.check("nonce", sameNonce), s.check("stale", now.Before(read.NextUpdate)), s.check("future", now.Add(5*time.Minute).After(read.ThisUpdate)),
		s.check("validity", now.Before(by.NotAfter)), s.check("issuer", by.CheckSignatureFrom(s.ca) == nil),
		s.check("purpose", slices.Contains(by.ExtKeyUsage, x509.ExtKeyUsageOCSPSigning)), s.check("serial", read.SerialNumber.Cmp(cert.SerialNumber) == 0),
	)
}

// TestConformanceFindsPlantedFaults plants one fault after the other in a small OCSP client: each is
// found by the cases that are about it, and by no other. The sound one passes all.
func TestConformanceFindsPlantedFaults(t *testing.T) {
	c := client(t)
	ca, _, err := c.Town.Authority(jpki.UserAuthentication)
	if err != nil {
		t.Fatal(err)
	}
	s := &service{ca: ca}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	c.URL = server.URL
	for _, one := range []struct{ forgets, found string }{
		{"", ""}, {"revoked", "OS-10"}, {"suspended", "OS-11"}, {"unknown", "OS-12"}, {"nonce", "OS-20 OS-21"}, {"stale", "OS-22"}, {"future", "OS-23"},
		{"validity", "OS-30"}, {"issuer", "OS-31 OS-34"}, {"signature", "OS-32"}, {"purpose", "OS-33 OS-35"}, {"serial", "OS-40"},
		{"failure", "OS-50 OS-51 OS-52 OS-53 OS-54"},
	} {
		s.mu.Lock()
		s.forgets = one.forgets
		s.mu.Unlock()
		if ids := strings.Join(failed(t, c, conform.Expectations{}), " "); ids != one.found {
			t.Errorf("a client that forgets %q fails %q: want %q", one.forgets, ids, one.found)
		}
	}
}

// openssl is the command of docs/conform.md.
const openssl = `openssl ocsp -issuer "$JPKI_CA_FILE" -CAfile "$JPKI_CA_FILE" -cert "$JPKI_CERT_FILE" -url "$JPKI_RESPONDER_URL" >said 2>&1
  grep -q 'Response verify OK' said && grep -q ': good' said && ! grep -q WARNING said`

// TestOpenSSLConforms: the command of the documents passes, since it looks at what openssl warns of.
func TestOpenSSLConforms(t *testing.T) {
	if _, err := exec.LookPath("openssl"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip("openssl is not installed")
	}
	text, err := os.ReadFile("../../../docs/conform.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), openssl) {
		t.Errorf("docs/conform.md has another command than %s", openssl)
	}
	c := client(t)
	c.Command = "cd " + c.Folder + "\n" + openssl
	if ids := failed(t, c, conform.Expectations{}); ids != nil {
		t.Errorf("openssl fails %v", ids)
	}
}
