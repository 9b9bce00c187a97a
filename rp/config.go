package rp

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp/internal/origin"
	"example.jp/jpkimock/rp/internal/outgoing"
	"example.jp/jpkimock/rp/internal/wire"
)

// Defaults of Config, and the limits on what the kit reads.
const (
	DefaultChallengeLifetime = 5 * time.Minute
	DefaultStatusMaxAge      = 15 * time.Minute
	DefaultClockSkew         = 2 * time.Minute
	DefaultTimeout           = 10 * time.Second

	MaxToken        = 16 << 10 // octets of an authentication token
	MaxCMS          = 64 << 10 // octets of a detached CMS signature
	MaxOCSPResponse = 64 << 10 // octets of an OCSP response
	MaxAnchors      = 64       // certificates in a file of anchors
)

// Config says whom a Verifier trusts and who it is. Anchors and, for
// VerifyAuthentication, Origin must be given; every other zero value is
// useful.
type Config struct {
	// Anchors are the CA certificates that are trusted: of one kind or both,
	// and of every generation still in use. All generations of a CA share one
	// name; the key identifier tells them apart.
	Anchors []*x509.Certificate
	// Origin is the origin of the relying party's own pages, as a browser
	// writes it: "https://bank.example.jp", no path and no slash at the end.
	Origin string
	// Key is the accreditation key (the authority's proof that this verifier
	// may ask about revocation). It is sent as a bearer token, and only to
	// the authority.
	Key string
	// AuthorityURL is the address of the authority as this server reaches it.
	// OCSP is then asked at AuthorityURL/ocsp/<kind>. When it is empty, the
	// address in the authorityInfoAccess of the certificate is used, after the
	// certificate has been found to be the authority's.
	AuthorityURL string
	// Client makes the requests to the authority. It is copied; redirects are
	// never followed, and a client without a time limit gets DefaultTimeout.
	Client *http.Client
	// Now is the clock; nil is the wall clock.
	Now func() time.Time
	// Challenges keeps what NewChallenge made until it is used; nil keeps
	// up to 10,000 in memory, which is enough for one process.
	Challenges ChallengeStore
	// ChallengeLifetime is how long a challenge may be answered.
	ChallengeLifetime time.Duration
	// StatusMaxAge is how old a statement about revocation may be.
	StatusMaxAge time.Duration
	// ClockSkew is how far the authority's clock may be from this one.
	ClockSkew time.Duration
	// WantPaired makes VerifySignature ask also for the serial number of the
	// holder's user authentication certificate, by which the person will sign
	// in. It needs AuthorityURL and Key.
	WantPaired bool
	// Grace says until when a user authentication certificate is accepted whose validity
	// ended at notAfter, as for medical care to the end of the third month after
	// (オンライン資格確認). Every other check is made. Nil accepts none that has expired.
	Grace func(notAfter time.Time) time.Time
	// Trace is told of every check and every question as it is done; nil for
	// nobody. It is called from the verifying goroutine.
	Trace func(context.Context, Event)
}

// anchor is a trusted CA certificate with the kind it issues.
type anchor struct {
	cert *x509.Certificate
	kind jpki.Kind
}

// NewVerifier checks the config and returns a Verifier. Anchors that are not
// CAs of either kind are refused, so that a wrong file is noticed at the start.
func NewVerifier(cfg Config) (*Verifier, error) {
	v := &Verifier{cfg: cfg, random: rand.Reader}
	if len(cfg.Anchors) == 0 {
		return nil, errors.New("rp: Config.Anchors is empty: a verifier that trusts no CA can accept nobody")
	}
	for _, c := range cfg.Anchors {
		a, err := newAnchor(c)
		if err != nil {
			return nil, err
		}
		v.anchors = append(v.anchors, a)
	}
	if cfg.Origin != "" {
		if err := origin.Check(cfg.Origin); err != nil {
			return nil, fmt.Errorf("rp: Config.Origin: %w", err)
		}
	}
	if cfg.AuthorityURL != "" {
		if err := outgoing.CheckAddress(cfg.AuthorityURL); err != nil {
			return nil, fmt.Errorf("rp: Config.AuthorityURL: %w", err)
		}
		v.cfg.AuthorityURL = strings.TrimRight(cfg.AuthorityURL, "/")
	}
	if cfg.WantPaired && cfg.AuthorityURL == "" {
		return nil, errors.New("rp: Config.WantPaired needs Config.AuthorityURL")
	}
	v.defaults()
	if v.cfg.AuthorityURL != "" {
		v.linkage = &Linkage{url: v.cfg.AuthorityURL, key: v.cfg.Key, client: v.cfg.Client}
	}
	return v, nil
}

// defaults fills in what the config left empty.
func (v *Verifier) defaults() {
	c := &v.cfg
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.ChallengeLifetime <= 0 {
		c.ChallengeLifetime = DefaultChallengeLifetime
	}
	if c.StatusMaxAge <= 0 {
		c.StatusMaxAge = DefaultStatusMaxAge
	}
	if c.ClockSkew <= 0 {
		c.ClockSkew = DefaultClockSkew
	}
	if c.Challenges == nil {
		c.Challenges = NewMemoryChallenges(0, c.Now)
	}
	if c.Trace == nil {
		c.Trace = func(context.Context, Event) {}
	}
	c.Client = outgoing.Client(c.Client, DefaultTimeout)
}

// newAnchor says which kind of certificate a CA issues.
func newAnchor(cert *x509.Certificate) (anchor, error) {
	if cert == nil {
		return anchor{}, errors.New("rp: an anchor is nil")
	}
	kind := kindByName(cert.Subject)
	switch {
	case !cert.IsCA || cert.KeyUsage&x509.KeyUsageCertSign == 0:
		return anchor{}, fmt.Errorf("rp: anchor %q is not a CA certificate", cert.Subject)
	case !kind.Valid():
		return anchor{}, fmt.Errorf("rp: anchor %q names neither %q nor %q", cert.Subject,
			jpki.DigitalSignature.OrganizationalUnit(), jpki.UserAuthentication.OrganizationalUnit())
	case len(cert.SubjectKeyId) == 0:
		return anchor{}, fmt.Errorf("rp: anchor %q has no subjectKeyIdentifier", cert.Subject)
	}
	return anchor{cert, kind}, nil
}

// ParseAnchors reads CA certificates in PEM. Anything else than certificates
// in the file, or more than MaxAnchors, is refused.
func ParseAnchors(text []byte) ([]*x509.Certificate, error) { return wire.Anchors(text, MaxAnchors) }

// FetchAnchors downloads the CA certificates from authorityURL/ca/bundle.pem.
// Whatever answers there is trusted from then on, so use it only for a mock
// authority on your own machine. In production the anchors come in a file whose
// fingerprint has been compared.
func FetchAnchors(ctx context.Context, client *http.Client, authorityURL string) ([]*x509.Certificate, error) {
	if err := outgoing.CheckAddress(authorityURL); err != nil {
		return nil, fmt.Errorf("rp: anchors: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(authorityURL, "/")+"/ca/bundle.pem", nil)
	if err != nil {
		return nil, fmt.Errorf("rp: anchors: %w", err)
	}
	resp, err := outgoing.Client(client, DefaultTimeout).Do(req)
	if err != nil {
		return nil, fmt.Errorf("rp: anchors: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("rp: anchors: %s answered %s", req.URL, resp.Status)
	}
	text, err := outgoing.Read(resp.Body, MaxAnchors*4096)
	if err != nil {
		return nil, fmt.Errorf("rp: anchors: %w", err)
	}
	return ParseAnchors(text)
}
