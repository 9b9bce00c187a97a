package ocspclient

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"fmt"
	"net/http"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/ocsp"
	"example.jp/jpkimock/internal/conform"
	"example.jp/jpkimock/internal/conform/forge"
)

// Reasons of a revocation (RFC 5280 §5.3.1).
const (
	keyCompromise   = 1
	certificateHold = 6
)

const day = 24 * time.Hour

func (c *Client) tries(id string, want conform.Expectation, w wrong) conform.Case {
	return conform.Case{ID: id, Words: words(id), Expected: want, Try: func(ctx context.Context) (conform.Seen, error) {
		c.responder.begin(w)
		return c.shows(ctx)
	}}
}

func (c *Client) accepts(id string, w wrong) conform.Case { return c.tries(id, conform.Accept, w) }
func (c *Client) refuses(id string, w wrong) conform.Case { return c.tries(id, conform.Refuse, w) }

func (c *Client) cases() []conform.Case {
	all := []conform.Case{
		c.accepts("OS-01", wrong{}), c.asks("OS-02"),
		c.refuses("OS-10", revoked(keyCompromise)), c.refuses("OS-11", revoked(certificateHold)),
		c.refuses("OS-12", wrong{single: func(s *ocsp.Single) { s.Status = ocsp.Unknown }}),
		c.nonces("OS-20", wrong{answer: func(a *ocsp.Answer, _ time.Time) {
			for i := range a.Nonce {
				a.Nonce[i] ^= 0xFF
			}
		}}),
		c.nonces("OS-21", wrong{answer: func(a *ocsp.Answer, _ time.Time) { a.Nonce = nil }}),
		c.refuses("OS-22", wrong{answer: func(a *ocsp.Answer, now time.Time) {
			a.ProducedAt, a.ThisUpdate, a.NextUpdate = now.Add(-2*day), now.Add(-2*day), now.Add(-day)
		}}),
		c.refuses("OS-23", wrong{answer: func(a *ocsp.Answer, now time.Time) {
			a.ProducedAt, a.ThisUpdate, a.NextUpdate = now.Add(day), now.Add(day), now.Add(2*day)
		}}),
	}
	all = append(all, c.signers()...)
	says := func(s ocsp.Status) wrong {
		return wrong{http: func(w http.ResponseWriter) { _, _ = w.Write(ocsp.Failure(s)) }} // fails if the client has gone
	}
	return append(all,
		c.refuses("OS-40", wrong{single: func(s *ocsp.Single) { s.CertID[len(s.CertID)-1] ^= 1 }}),
		c.refuses("OS-50", says(ocsp.TryLater)),
		c.refuses("OS-51", says(ocsp.Unauthorized)),
		c.refuses("OS-52", wrong{http: func(w http.ResponseWriter) { _, _ = w.Write([]byte("no answer")) }}), // fails if the client has gone
		c.refuses("OS-53", wrong{http: func(w http.ResponseWriter) { w.WriteHeader(http.StatusServiceUnavailable) }}),
		c.refuses("OS-54", wrong{http: func(http.ResponseWriter) { panic(http.ErrAbortHandler) }}), // net/http closes the connection
		c.accepts("OS-99", wrong{}),
	)
}

func revoked(reason int) wrong {
	return wrong{single: func(s *ocsp.Single) {
		s.Status, s.RevokedAt, s.Reason = ocsp.Revoked, time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC), reason
	}}
}

// asks looks at what the client asks: about the one certificate, readable.
func (c *Client) asks(id string) conform.Case {
	return conform.Case{ID: id, Words: words(id), Expected: conform.Accept, Try: func(ctx context.Context) (conform.Seen, error) {
		c.responder.begin(wrong{})
		if _, err := c.shows(ctx); err != nil {
			return conform.Seen{}, err
		}
		c.responder.mu.Lock()
		defer c.responder.mu.Unlock()
		if len(c.responder.bad) > 0 || len(c.responder.asked) == 0 || len(c.responder.asked[0].CertIDs) == 0 {
			return conform.Seen{Came: fmt.Sprintf("%d requests, and %d that could not be read", len(c.responder.asked), len(c.responder.bad))}, nil
		}
		return conform.Seen{Accepted: true, Came: fmt.Sprintf("%d request, a nonce of %d octets", len(c.responder.asked), len(c.responder.asked[0].Nonce))}, nil
	}}
}

// nonces makes a case about the nonce. A client that sends none has nothing to compare.
func (c *Client) nonces(id string, w wrong) conform.Case {
	one := c.refuses(id, w)
	try := one.Try
	one.Try = func(ctx context.Context) (conform.Seen, error) {
		seen, err := try(ctx)
		c.responder.mu.Lock()
		defer c.responder.mu.Unlock()
		if len(c.responder.asked) > 0 && c.responder.asked[0].Nonce == nil {
			return conform.Seen{Came: "the request has no nonce: " + seen.Came}, err
		}
		return seen, err
	}
	return one
}

// signers are the cases of who signs an answer.
func (c *Client) signers() []conform.Case {
	by := func(id string, who func() (signer, error)) conform.Case {
		return conform.Case{ID: id, Words: words(id), Expected: conform.Refuse, Try: func(ctx context.Context) (conform.Seen, error) {
			other, err := who()
			if err != nil {
				return conform.Seen{}, err
			}
			c.responder.begin(wrong{by: &other})
			return c.shows(ctx)
		}}
	}
	return []conform.Case{
		by("OS-30", func() (signer, error) {
			return c.reissued(func(made *x509.Certificate) { made.NotBefore, made.NotAfter = c.now().Add(-30*day), c.now().Add(-day) })
		}),
		by("OS-31", c.stranger),
		c.refuses("OS-32", wrong{octets: forge.BadSignature}),
		by("OS-33", func() (signer, error) {
			key, err := c.Town.HolderKey(own)
			return signer{c.holder, key}, err
		}),
		by("OS-34", func() (signer, error) { return c.signer(jpki.DigitalSignature) }),
		by("OS-35", func() (signer, error) { return c.reissued(forge.OtherPurpose) }),
	}
}

// reissued is the responder with another certificate of the same CA.
func (c *Client) reissued(change forge.Change) (signer, error) {
	issuer, key, err := c.Town.Authority(own)
	if err != nil {
		return signer{}, err
	}
	der, err := forge.Certificate(c.responder.honest.certificate, issuer, key, change, forge.Serial(responderSerial))
	if err != nil {
		return signer{}, err
	}
	certificate, err := x509.ParseCertificate(der)
	return signer{certificate, c.responder.honest.key}, err
}

// responderSerial is a serial number that no certificate of the town has.
const responderSerial = 1 << 41

// stranger is a responder whose certificate only names the CA.
func (c *Client) stranger() (signer, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return signer{}, err
	}
	own := *c.responder.honest.certificate
	own.PublicKey = key.Public()
	der, err := forge.Certificate(&own, c.responder.issuer, key, func(made *x509.Certificate) { made.SignatureAlgorithm = x509.ECDSAWithSHA256 })
	if err != nil {
		return signer{}, err
	}
	certificate, err := x509.ParseCertificate(der)
	return signer{certificate, key}, err
}
