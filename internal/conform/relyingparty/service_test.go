package relyingparty_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"golang.org/x/crypto/ocsp"

	"example.jp/jpkimock/internal/conform/conformtest"
	"example.jp/jpkimock/internal/conform/forge"
	"example.jp/jpkimock/internal/conform/town"
)

// service is a small relying party that nobody of the kit has written: the standard library, and
// what it has forgotten to check.
type service struct {
	origin, authority, key string
	ca                     *x509.Certificate

	mu      sync.Mutex
	forgets string            // the check that it leaves out
	nonces  map[string]string // by cookie
}

func newService(t *town.Town, origin string) (*service, error) {
	block, _ := pem.Decode([]byte(t.Authorities["user-authentication"].CA))
	ca, err := x509.ParseCertificate(block.Bytes)
	return &service{origin: origin, authority: t.URLs["authority"], key: t.Verifiers["bank"].Key, ca: ca, nonces: map[string]string{}}, err
}

// forget plants a fault.
func (s *service) forget(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forgets = what
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock() // one visitor at a time
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if r.Method == http.MethodGet {
		nonce := base64.StdEncoding.EncodeToString([]byte(rand.Text() + rand.Text()))
		id := rand.Text()
		s.nonces[id] = nonce
		http.SetCookie(w, &http.Cookie{Name: "visit", Value: id, Path: "/"})
		fmt.Fprintf(w, `<h1>Sign in</h1><form method="post" data-jpki="authenticate" data-jpki-nonce="%s"><input type="hidden" name="token"></form>`, html.EscapeString(nonce))
		return
	}
	if err := s.signIn(r); err != nil {
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprintf(w, "<h1>%s</h1>", html.EscapeString(err.Error()))
		return
	}
	fmt.Fprint(w, "<h1>Welcome</h1>")
}

// check is one rule; the service that forgets it goes on.
func (s *service) check(what string, holds bool) error {
	if holds || s.forgets == what {
		return nil
	}
	return errors.New(what)
}

func (s *service) signIn(r *http.Request) error {
	t, err := forge.ReadToken([]byte(r.FormValue("token")))
	if err != nil {
		return err
	}
	visit, err := r.Cookie("visit")
	if err != nil {
		return err
	}
	nonce := s.nonces[visit.Value]
	if s.forgets != "replay" {
		delete(s.nonces, visit.Value)
	}
	cert, err := x509.ParseCertificate(t.Certificate)
	if err != nil {
		return err
	}
	now, err := s.now(r.Context())
	if err != nil {
		return err
	}
	return errors.Join(s.check("nonce", nonce != ""), s.token(t, cert, nonce), s.certificate(cert, now), s.status(r.Context(), cert, now))
}

// token checks what the card has signed. A service that forgets the origin believes what it is
// told: it takes the origin of a page that has copied its own.
func (s *service) token(t forge.Token, cert *x509.Certificate, nonce string) error {
	origins := []string{s.origin}
	if s.forgets == "origin" {
		origins = append(origins, "https://phishing.example")
	}
	nonces := []string{nonce}
	if s.forgets == "nonce" {
		for _, other := range s.nonces {
			nonces = append(nonces, other)
		}
	}
	good := slices.ContainsFunc(origins, func(origin string) bool {
		return slices.ContainsFunc(nonces, func(nonce string) bool {
			o, n := sha256.Sum256([]byte(origin)), sha256.Sum256([]byte(nonce))
			all := sha256.Sum256(slices.Concat(o[:], n[:]))
			return rsa.VerifyPKCS1v15(cert.PublicKey.(*rsa.PublicKey), crypto.SHA256, all[:], t.Signature) == nil
		})
	})
	return errors.Join(s.check("signature", good), s.check("algorithm", t.Algorithm == "RS256"), s.check("format", t.Format == "web-eid:1.0"))
}

func (s *service) certificate(cert *x509.Certificate, now time.Time) error {
	policies := cert.Policies
	return errors.Join(
		s.check("issuer", bytes.Equal(cert.RawIssuer, s.ca.RawSubject) && s.ca.CheckSignature(cert.SignatureAlgorithm, cert.RawTBSCertificate, cert.Signature) == nil),
		s.check("validity", !now.Before(cert.NotBefore) && !now.After(cert.NotAfter)),
		s.check("policy", len(policies) == 1 && policies[0].String() == "1.2.392.200149.8.5.1.3.30"),
		s.check("critical", len(cert.UnhandledCriticalExtensions) == 0),
		s.check("ca", !cert.IsCA),
		s.check("usage", cert.KeyUsage == x509.KeyUsageDigitalSignature),
		s.check("purpose", slices.Equal(cert.ExtKeyUsage, []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth})),
	)
}

// ask asks the authority with the key of a verifier.
func (s *service) ask(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, method, s.authority+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+s.key)
	r.Header.Set("Content-Type", "application/ocsp-request")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = errors.New(answer.Status)
	}
	return said, err
}

func (s *service) now(ctx context.Context) (time.Time, error) {
	said, err := s.ask(ctx, http.MethodGet, "/clock", nil)
	var clock struct{ Now time.Time }
	if err == nil {
		err = json.Unmarshal(said, &clock)
	}
	return clock.Now, err
}

func (s *service) status(ctx context.Context, cert *x509.Certificate, now time.Time) error {
	nonce := []byte(rand.Text() + "123456")
	said, err := s.ask(ctx, http.MethodPost, "/ocsp/user-authentication", conformtest.Question(s.ca, cert.SerialNumber, nonce))
	if err != nil {
		return s.check("silence", false)
	}
	answer, err := ocsp.ParseResponse(said, nil)
	if err != nil {
		return s.check("silence", false)
	}
	responder := answer.Certificate
	if responder == nil {
		return errors.New("no responder")
	}
	bad := answer.Status == ocsp.Revoked && answer.RevocationReason != ocsp.CertificateHold
	return errors.Join(
		s.check("unknown", answer.Status != ocsp.Unknown),
		s.check("suspended", !(answer.Status == ocsp.Revoked && !bad)),
		s.check("revoked", !bad),
		s.check("stale", !now.After(answer.NextUpdate) && !now.Before(answer.ThisUpdate.Add(-time.Minute))),
		s.check("ocsp nonce", bytes.Contains(said, nonce)),
		s.check("responder", !now.After(responder.NotAfter)),
		s.check("signer", responder.CheckSignatureFrom(s.ca) == nil && slices.Contains(responder.ExtKeyUsage, x509.ExtKeyUsageOCSPSigning)),
		s.check("serial", answer.SerialNumber.Cmp(cert.SerialNumber) == 0),
	)
}
