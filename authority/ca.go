package authority

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
)

// The validity of both CAs, by Japanese civil time. It is fixed, and long, so
// that an anchor made from a published test key is the same file everywhere
// and at every simulated time; the real CAs live ten years.
var (
	caNotBefore = time.Date(2018, 4, 1, 0, 0, 0, 0, jpki.JST)
	caNotAfter  = time.Date(2048, 3, 31, 23, 59, 59, 0, jpki.JST)
)

// Serial numbers of the certificates that are no holder's.
const (
	caSerial        = 1
	responderSerial = 2
)

// ca is the CA of one kind: its certificate and signer, its OCSP responder,
// and the status of everything it has issued.
type ca struct {
	kind   jpki.Kind
	cert   *x509.Certificate
	key    crypto.Signer
	issuer *softcas.SoftCAS

	responderCert *x509.Certificate
	responderKey  crypto.Signer
	responder     *ocsp.Responder

	table   *statusTable
	answers *answerCache
	crl     publishedCRL
}

// openCA loads the keys of a kind, makes the two certificates that follow from
// them, and rebuilds the status table.
func openCA(ctx context.Context, kind jpki.Kind, store Store, keys Keys) (*ca, error) {
	c := &ca{kind: kind, table: newStatusTable(firstSerial(kind)), answers: newAnswerCache()}
	var err error
	if c.key, err = keys.CAKey(ctx, kind); err != nil {
		return nil, err
	}
	if c.responderKey, err = keys.ResponderKey(ctx, kind); err != nil {
		return nil, err
	}
	if err := errors.Join(checkKey(c.key, false), checkKey(c.responderKey, true)); err != nil {
		return nil, err
	}
	if err := c.makeRoot(); err != nil {
		return nil, err
	}
	if err := rememberCA(ctx, store, kind, c.cert.Raw); err != nil {
		return nil, err
	}
	if c.issuer, err = softcas.New(ctx, apiv1.Options{CertificateChain: []*x509.Certificate{c.cert}, Signer: c.key}); err != nil {
		return nil, err
	}
	if err := c.makeResponder(); err != nil {
		return nil, err
	}
	return c, c.loadStatus(ctx, store)
}

// rememberCA refuses a store that was made with another CA: its certificates
// would be nobody's.
func rememberCA(ctx context.Context, store Store, kind jpki.Kind, der []byte) error {
	name := "certificate/ca/" + kind.String()
	kept, err := store.Kept(ctx, name)
	switch {
	case errors.Is(err, ErrNotKept):
		return store.Commit(ctx, Change{Kept: map[string][]byte{name: der}})
	case err != nil:
		return err
	case !bytes.Equal(kept, der):
		return ErrCAChanged
	}
	return nil
}

func (c *ca) makeRoot() error {
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

func (c *ca) makeResponder() error {
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
func (c *ca) sign(p profile) (*x509.Certificate, error) {
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

// loadStatus rebuilds the table from the store.
func (c *ca) loadStatus(ctx context.Context, store Store) error {
	return store.EachStatus(ctx, c.kind, func(row StatusRow) error {
		return c.table.set(row.Number, row.NotAfter, row.Standing)
	})
}

// signDigest signs a SHA-256 digest, deterministically for RSA.
func signDigest(key crypto.Signer, digest [sha256.Size]byte) ([]byte, error) {
	return key.Sign(rand.Reader, digest[:], crypto.SHA256)
}

// isECDSA reports whether a public key signs with ecdsa-with-SHA256; the other
// keys here sign with sha256WithRSAEncryption.
func isECDSA(pub crypto.PublicKey) bool { _, ok := pub.(*ecdsa.PublicKey); return ok }

func bigSerial(n uint64) *big.Int { return new(big.Int).SetUint64(n) }
