package ca

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"math/big"
	"time"

	"github.com/smallstep/certificates/cas/apiv1"
	"github.com/smallstep/certificates/cas/softcas"
	"go.step.sm/crypto/x509util"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/ocsp"
	"example.jp/jpkimock/authority/register"
)

// The validity of both CAs, by Japanese civil time. It is fixed, and long, so
// that an anchor made from a published test key is the same file everywhere
// and at every simulated time; the real CAs live ten years.
var (
	caNotBefore = time.Date(2018, 4, 1, 0, 0, 0, 0, jpki.JST)
	caNotAfter  = time.Date(2048, 3, 31, 23, 59, 59, 0, jpki.JST)
)

// Serial numbers of the certificates that are no holder's. Each type of responder
// key has its own: no two certificates share a number.
const (
	caSerial            = 1
	responderSerial     = 2
	responderP256Serial = 3
	// expiredResponderSerial is that of a responder that is wrong on purpose.
	expiredResponderSerial = 4
)

// CA is the certification authority of one kind: its certificate and signer,
// its OCSP responder, and the status of everything it has issued. Its methods
// may be called from any goroutine.
type CA struct {
	kind      jpki.Kind
	cert      *x509.Certificate
	key       crypto.Signer
	issuer    *softcas.SoftCAS
	publicURL string
	store     Store

	responderCert *x509.Certificate
	responderKey  crypto.Signer
	responder     *ocsp.Responder
	signers       *Signers

	table   *statusTable
	answers *answerCache
	kept    time.Duration // for which an answer is given again
	crl     publishedCRL
}

// Config is what a CA is made of; all members are required.
type Config struct {
	Store   Store
	Keys    Keys
	Signers *Signers
	// PublicURL is the authority's address in certificates, without a trailing
	// slash: AIA gets <PublicURL>/ocsp/<kind>, the CRL distribution point
	// <PublicURL>/crl/<kind>.crl.
	PublicURL string
	// Kept is how long a signed OCSP answer without a nonce is given again, up to
	// MaxKept: no answer is older than that.
	Kept time.Duration
}

// Store keeps what a CA must not forget.
type Store interface {
	// Kept gives what Keep put there, or ErrNotKept.
	Kept(ctx context.Context, name string) ([]byte, error)
	// Keep keeps a key or a certificate under a name.
	Keep(ctx context.Context, name string, value []byte) error
	// EachStatus calls f for every certificate of a kind, in any order.
	EachStatus(ctx context.Context, kind jpki.Kind, f func(StatusRow) error) error
	// Publication gives the last CRL's; the zero value before the first.
	Publication(ctx context.Context, kind jpki.Kind) (Publication, error)
	// Publish remembers the last CRL's.
	Publish(ctx context.Context, p Publication) error
}

// StatusRow is what the status table needs of a certificate.
type StatusRow struct {
	Number   uint64 // the serial number
	NotAfter time.Time
	Status   register.Status
}

// Publication is what is remembered of the last CRL of a kind.
type Publication struct {
	Kind       jpki.Kind
	Number     int64 // 0 before the first CRL
	ThisUpdate time.Time
}

// Errors of a CA.
var (
	// ErrNotKept is returned by Store.Kept for an unknown name.
	ErrNotKept = errors.New("authority: nothing stored under this name")
	// ErrChanged: the store was made with another CA key than the one given.
	ErrChanged = errors.New("authority: the CA key is not the one this store was made with")
	// ErrOutsideValidity: the clock is outside the validity of the CA.
	ErrOutsideValidity = errors.New("authority: the time is outside the validity of the CA certificate")
)

// Open loads the keys of a kind, makes the two certificates that follow from
// them, and rebuilds the status table.
func Open(ctx context.Context, kind jpki.Kind, cfg Config) (*CA, error) {
	c := &CA{
		kind: kind, store: cfg.Store, signers: cfg.Signers, publicURL: cfg.PublicURL,
		table: newStatusTable(firstSerial(kind)), answers: newAnswerCache(), kept: cfg.Kept,
	}
	var err error
	if c.key, err = cfg.Keys.CAKey(ctx, kind); err != nil {
		return nil, err
	}
	if c.responderKey, err = cfg.Keys.ResponderKey(ctx, kind); err != nil {
		return nil, err
	}
	if err := errors.Join(checkKey(c.key, false), checkKey(c.responderKey, true)); err != nil {
		return nil, err
	}
	if err := c.makeRoot(); err != nil {
		return nil, err
	}
	if err := c.remember(ctx); err != nil {
		return nil, err
	}
	if c.issuer, err = softcas.New(ctx, apiv1.Options{CertificateChain: []*x509.Certificate{c.cert}, Signer: c.key}); err != nil {
		return nil, err
	}
	if err := c.makeResponder(); err != nil {
		return nil, err
	}
	return c, c.store.EachStatus(ctx, kind, func(row StatusRow) error { return c.table.set(row.Number, row.NotAfter, row.Status) })
}

// Certificate gives the self-signed certificate of the CA: the anchor that
// relying parties and cards carry. It is the same for the same key, whenever it
// is made.
func (c *CA) Certificate() *x509.Certificate { return c.cert }

// ResponderCertificate gives the certificate of the OCSP responder.
func (c *CA) ResponderCertificate() *x509.Certificate { return c.responderCert }

// Count gives how many certificates were issued.
func (c *CA) Count() int { return c.table.count() }

// Record puts the status of an issued certificate into the table that answers
// are made of.
func (c *CA) Record(cert register.Certificate) error {
	return c.table.set(cert.Serial.Big().Uint64(), cert.NotAfter, cert.Status)
}

// Status gives what the table says of a serial number, and the last second of
// its validity; false for one that was never issued.
func (c *CA) Status(serial jpki.SerialNumber) (s register.Status, notAfter time.Time, issued bool) {
	n, ok := smallSerial(serial)
	if !ok {
		return s, notAfter, false
	}
	e := c.table.get(n)
	s = register.Status{State: register.State(e.state), Reason: jpki.Reason(e.reason), Since: e.time()}
	return s, time.Unix(int64(e.notAfter), 0).UTC(), e.state != 0
}

// CheckValidity gives ErrOutsideValidity for a time at which nothing can be
// issued.
func CheckValidity(at time.Time) error {
	if at.Before(caNotBefore) || at.After(caNotAfter) {
		return ErrOutsideValidity
	}
	return nil
}

// remember refuses a store that was made with another CA: its certificates
// would have no issuer.
func (c *CA) remember(ctx context.Context) error {
	name := "certificate/ca/" + c.kind.String()
	kept, err := c.store.Kept(ctx, name)
	switch {
	case errors.Is(err, ErrNotKept):
		return c.store.Keep(ctx, name, c.cert.Raw)
	case err != nil:
		return err
	case !bytes.Equal(kept, c.cert.Raw):
		return ErrChanged
	}
	return nil
}

func (c *CA) makeRoot() error {
	p, err := rootProfile(c.kind, c.key.Public())
	if err != nil {
		return err
	}
	template, err := p.template()
	if err != nil {
		return err
	}
	c.cert, err = x509util.CreateCertificate(template, template, c.key.Public(), c.key)
	return err
}

func (c *CA) makeResponder() error {
	p, err := responderProfile(c.kind, c.cert, c.responderKey.Public())
	if err != nil {
		return err
	}
	if c.responderCert, err = c.sign(p); err != nil {
		return err
	}
	c.responder, err = ocsp.NewResponder(c.cert, c.responderCert)
	return err
}

// sign issues what a profile describes. It is the one place where the CA key
// makes a certificate, apart from its own.
func (c *CA) sign(p profile) (*x509.Certificate, error) {
	template, err := p.template()
	if err != nil {
		return nil, err
	}
	answer, err := c.issuer.CreateCertificate(&apiv1.CreateCertificateRequest{
		Template: template, Lifetime: template.NotAfter.Sub(template.NotBefore),
	})
	if err != nil {
		return nil, err
	}
	return answer.Certificate, nil
}

// signDigest signs a SHA-256 digest, deterministically for RSA.
func signDigest(key crypto.Signer, digest [sha256.Size]byte) ([]byte, error) {
	return key.Sign(rand.Reader, digest[:], crypto.SHA256)
}

// isECDSA reports whether a public key signs with ecdsa-with-SHA256; the other
// keys here sign with sha256WithRSAEncryption.
func isECDSA(pub crypto.PublicKey) bool { _, ok := pub.(*ecdsa.PublicKey); return ok }

func bigSerial(n uint64) *big.Int { return new(big.Int).SetUint64(n) }
