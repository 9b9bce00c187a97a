package rp

import (
	"context"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// Verifier offers the three services that the service names: identity
// confirmation (本人確認) by VerifySignature, eligibility confirmation (資格確認)
// by VerifyAuthentication, and change confirmation (変更確認) by CheckStatus.
// Make one with NewVerifier; it may be used from any goroutine.
type Verifier struct {
	cfg     Config
	anchors []anchor
}

// Signature is a document's signature that passed every check.
type Signature struct {
	Certificate *x509.Certificate
	// BasicFour is what the certificate says of its holder.
	BasicFour jpki.BasicFour
	// Serial is the serial number (発行番号) to keep with the customer.
	Serial jpki.SerialNumber
	// Paired is the serial number of the holder's user authentication
	// certificate, if Config.WantPaired asked for it and there is one.
	Paired jpki.SerialNumber
	// SignedAt is the time that the signer's computer claims; nobody vouches
	// for it. Zero if the signature claims none.
	SignedAt   time.Time
	VerifiedAt time.Time
	Record     Record
}

// Authentication is an answer to a challenge that passed every check.
type Authentication struct {
	Certificate *x509.Certificate
	// Serial is the serial number of the user authentication certificate.
	Serial jpki.SerialNumber
	// Paired is the serial number of the holder's digital signature
	// certificate, if Config.WantPaired asked for it and there is one.
	Paired     jpki.SerialNumber
	VerifiedAt time.Time
	Record     Record
}

// State is what the authority says of a certificate.
type State string

// The states. The zero value is none of them.
const (
	// Unchanged: neither revoked nor suspended; for a digital signature
	// certificate also that the four basic data have not changed.
	Unchanged State = "unchanged"
	// Changed: revoked because what it says of its holder is no longer so
	// (異動, affiliationChanged).
	Changed State = "changed"
	// Revoked for any other reason.
	Revoked State = "revoked"
	// Suspended (一時保留, certificateHold).
	Suspended State = "suspended"
	// Unknown to the authority.
	Unknown State = "unknown"
)

// Status is the authority's answer about one serial number.
type Status struct {
	Kind   jpki.Kind         `json:"kind"`
	Serial jpki.SerialNumber `json:"serial"`
	State  State             `json:"state"`
	// Reason and At say why and since when, for Changed, Revoked, Suspended.
	Reason jpki.Reason `json:"reason"`
	At     time.Time   `json:"at"`
	// ProducedAt is when the authority signed the answer.
	ProducedAt time.Time `json:"producedAt"`
}

// VerifySignature verifies a detached CMS signature over a document (本人確認).
func (v *Verifier) VerifySignature(ctx context.Context, document, cms []byte) (*Signature, error) {
	return nil, errors.New("rp: not built yet")
}

// VerifyAuthentication verifies a Web eID authentication token against the
// challenge with this nonce (資格確認).
func (v *Verifier) VerifyAuthentication(ctx context.Context, token []byte, nonce string) (*Authentication, error) {
	return nil, errors.New("rp: not built yet")
}

// CheckStatus asks the authority about serial numbers kept with customers
// (変更確認).
func (v *Verifier) CheckStatus(ctx context.Context, kind jpki.Kind, serials ...jpki.SerialNumber) ([]Status, error) {
	return nil, errors.New("rp: not built yet")
}

// kindByName tells which CA a name is of, by its organizationalUnit.
func kindByName(name pkix.Name) jpki.Kind {
	for _, ou := range name.OrganizationalUnit {
		for _, k := range jpki.Kinds() {
			if ou == k.OrganizationalUnit() {
				return k
			}
		}
	}
	return 0
}

// readBounded reads all of r, or fails if it is longer than max octets.
func readBounded(r io.Reader, max int) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, int64(max)+1))
	if err != nil {
		return nil, err
	}
	if len(b) > max {
		return nil, fmt.Errorf("%w: over %d octets", ErrTooLarge, max)
	}
	return b, nil
}
