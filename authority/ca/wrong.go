package ca

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"slices"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/ocsp"
)

// Wrong is a way in which status is given that no verifier may believe, for those who test
// that theirs does not. All but the dates, the nonce or the responder's certificate is right,
// and the signature is the responder's own.
type Wrong uint8

// The wrong answers. The zero value is the right one.
const (
	Right Wrong = iota
	// Unknown says "unknown" of every certificate.
	Unknown
	// OtherNonce answers with another nonce than the request's.
	OtherNonce
	// Stale is an answer or a list whose nextUpdate has passed.
	Stale
	// ExpiredResponder is signed by a responder whose certificate has expired.
	ExpiredResponder
	// OtherSigner is signed by somebody whose responder's certificate names the CA, which has not
	// issued it.
	OtherSigner
)

// staleBy is how long nextUpdate of a stale answer or list is over, and an expired
// responder's certificate: longer than any difference between clocks that a verifier grants.
const staleBy = 24 * time.Hour

// AppendWrong is AppendAnswer for an answer that is wrong. It is never kept.
func (c *CA) AppendWrong(ctx context.Context, dst []byte, request ocsp.Request, now time.Time, wrong Wrong) (OCSPAnswer, error) {
	if slices.ContainsFunc(request.CertIDs, func(id ocsp.CertID) bool { return !c.responder.Reads(id) }) {
		return OCSPAnswer{}, ErrHash
	}
	answer := ocsp.Answer{ProducedAt: now, ThisUpdate: now, NextUpdate: now.Add(ocspLifetime), Nonce: slices.Clone(request.Nonce)}
	for _, id := range request.CertIDs {
		_, entry := c.find(id)
		answer.Singles = append(answer.Singles, entry.single(id.Raw))
	}
	responder, key, err := c.responder, c.responderKey, error(nil)
	switch wrong {
	case Unknown:
		for i, s := range answer.Singles {
			answer.Singles[i] = ocsp.Single{CertID: s.CertID}
		}
	case OtherNonce:
		for i := range answer.Nonce {
			answer.Nonce[i] ^= 0xFF
		}
	case Stale:
		answer.NextUpdate = now.Add(-staleBy)
		answer.ThisUpdate = answer.NextUpdate.Add(-ocspLifetime)
		answer.ProducedAt = answer.ThisUpdate
	case ExpiredResponder:
		responder, err = c.expiredResponder(now.Add(-staleBy))
	case OtherSigner:
		responder, key, err = c.otherResponder()
	}
	if err != nil {
		return OCSPAnswer{}, err
	}
	data, err := responder.Data(answer)
	if err != nil {
		return OCSPAnswer{}, err
	}
	signature, err := c.signers.sign(ctx, key, sha256.Sum256(data))
	if err != nil {
		return OCSPAnswer{}, err
	}
	return OCSPAnswer{DER: responder.AppendResponse(dst, responder.Signed(data, signature))}, nil
}

// expiredResponder certifies the responder's key until a time, under a serial number of its
// own.
func (c *CA) expiredResponder(notAfter time.Time) (*ocsp.Responder, error) {
	p, err := responderProfile(c.kind, c.cert, c.responderKey.Public())
	if err != nil {
		return nil, err
	}
	p.serial, p.notBefore, p.notAfter = expiredResponderSerial, notAfter.AddDate(-1, 0, 0), notAfter
	certificate, err := c.sign(p)
	if err != nil {
		return nil, err
	}
	return ocsp.NewResponder(c.cert, certificate)
}

// otherResponder is a responder with a key of its own, whose certificate only looks like one of
// the CA's: it is signed with that very key.
func (c *CA) otherResponder() (*ocsp.Responder, crypto.Signer, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	p, err := responderProfile(c.kind, c.cert, key.Public())
	if err != nil {
		return nil, nil, err
	}
	made, err := p.template()
	if err != nil {
		return nil, nil, err
	}
	made.SignatureAlgorithm = x509.ECDSAWithSHA256
	named := *c.cert
	named.PublicKey = key.Public()
	der, err := x509.CreateCertificate(rand.Reader, made, &named, key.Public(), key)
	if err != nil {
		return nil, nil, err
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, nil, err
	}
	responder, err := ocsp.NewResponder(c.cert, certificate)
	return responder, key, err
}

// StaleCRL is the CRL that would have been published before now, with its number, and is
// over. It is not remembered.
func (c *CA) StaleCRL(ctx context.Context, now time.Time) (CRL, error) {
	c.crl.mu.Lock()
	defer c.crl.mu.Unlock()
	last, err := c.store.Publication(ctx, c.kind)
	if err != nil {
		return CRL{}, err
	}
	list, _ := c.table.unavailableSince(now)
	over := CRL{Number: max(last.Number, 1), ThisUpdate: now.Add(-staleBy - crlLifetime), NextUpdate: now.Add(-staleBy), SameSecond: true}
	over.DER, err = c.signCRL(over, list)
	return over, err
}

// Serials lists the serial numbers of this CA in an OCSP request.
func (c *CA) Serials(request ocsp.Request) (all []jpki.SerialNumber) {
	for _, id := range request.CertIDs {
		_, n, ours := c.responder.Match(id)
		if serial, err := jpki.SerialNumberFrom(bigSerial(n)); ours && err == nil {
			all = append(all, serial)
		}
	}
	return all
}
