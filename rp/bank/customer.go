package bank

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
)

// CustomerID is the bank's own number for a customer. It is never shown.
type CustomerID int64

// Customer is what the bank knows about a customer (顧客): the four basic data as
// certified, and the certificates by which it recognises the customer and notices
// a change.
type Customer struct {
	ID        CustomerID
	BasicFour jpki.BasicFour
	// Serial is the serial number of the digital signature certificate on
	// record, which certifies the four basic data. Paired is that of the user
	// authentication certificate, by which the card is recognised; it is empty if
	// the authority named none.
	Serial, Paired     jpki.SerialNumber
	Certificate        []byte // DER
	CertificateExpires time.Time
	// Followed is the certificate that came after the one on record and is
	// watched in its place.
	Followed Followed
	Since    time.Time
	Consent  Consent
	// Standing is what is known about the certificate that is watched.
	Standing Standing
}

// Followed is a later digital signature certificate of a customer (更新・再発行の
// 後の電子証明書), which the bank knows by its serial number alone. The zero value
// means none.
type Followed struct {
	Serial jpki.SerialNumber
	// Unproven: an earlier certificate ended before this one replaced it, as
	// after a loss. A change of the four basic data in between would have gone
	// unnoticed.
	Unproven bool
}

// Consent is the permission to keep and check the certificate (利用許諾), given
// by signing the application or, later, a consent form.
type Consent struct {
	Document    string // the number of what was signed
	GivenAt     time.Time
	WithdrawnAt time.Time // zero while the consent is in force
}

// InForce reports whether the consent has not been withdrawn.
func (c Consent) InForce() bool { return c.WithdrawnAt.IsZero() }

// setCertificate puts a digital signature certificate and what it certifies on
// record. It is watched from then on.
func (c *Customer) setCertificate(s *rp.Signature) {
	c.BasicFour, c.Serial, c.Followed = s.BasicFour, s.Serial, Followed{}
	c.Certificate, c.CertificateExpires = s.Certificate.Raw, s.Certificate.NotAfter.UTC()
}

// WatchedSerial returns the serial number of the digital signature certificate
// that confirmations ask about.
func (c Customer) WatchedSerial() jpki.SerialNumber {
	if c.Followed.Serial.IsZero() {
		return c.Serial
	}
	return c.Followed.Serial
}

// Fingerprint returns a digest of the four basic data, by which the bank notices
// that one person applies twice.
func (c Customer) Fingerprint() string {
	f := c.BasicFour
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %q", f.CommonName, f.DateOfBirth, f.Gender, f.Address))
	return hex.EncodeToString(sum[:])
}

// Amendment is a change of a customer's record, written as a whole.
type Amendment struct {
	// Before is the record that the change starts from. A store refuses with
	// ErrRecordChanged if certificates or consent have changed since.
	Before, After Customer
	Form          *SignedForm // nil if nothing was signed
	History       HistoryEntry
	Receipt       *Notice // a message to write; nil for none
	ClosesNotices bool    // whether the open messages to the customer are closed
}

// Customer returns what the bank knows about an account's holder.
func (b *Bank) Customer(ctx context.Context, no AccountNumber) (Customer, error) {
	return b.store.Customer(ctx, no)
}
