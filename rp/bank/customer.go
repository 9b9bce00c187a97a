package bank

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
)

// CustomerID is the bank's own number for a customer. It is never shown.
type CustomerID int64

// Customer is what the bank knows of a customer (顧客): the four basic data as
// certified, and the certificate by which a change is noticed.
type Customer struct {
	ID        CustomerID
	BasicFour jpki.BasicFour
	// Serial is the serial number of the digital signature certificate on
	// record, which certifies the four basic data; Paired is that of the user
	// authentication certificate, by which the card is recognised. Paired is
	// empty if the authority named none.
	Serial, Paired     jpki.SerialNumber
	Certificate        []byte // DER
	CertificateExpires time.Time
	// Followed is the certificate that came after the one on record and is
	// watched in its place.
	Followed Followed
	Since    time.Time
	Consent  Consent
	// Standing is what the last confirmation found.
	Standing Standing
}

// Followed is a later digital signature certificate of a customer (更新・再発行の
// 後の電子証明書), which the bank knows by its serial number alone. The zero value
// is none.
type Followed struct {
	Serial jpki.SerialNumber
	// Unproven: the one before it ended otherwise than by the renewal, and
	// nobody watched the four basic data in between.
	Unproven bool
}

// Consent is the permission to keep and check the certificate (利用許諾), given
// by signing the application or, later, a consent form.
type Consent struct {
	Document    string // the number of what was signed
	GivenAt     time.Time
	WithdrawnAt time.Time // zero while it holds
}

// newCustomer is the signer of an application.
func newCustomer(s *rp.Signature, application rp.Document, now time.Time) Customer {
	c := Customer{Paired: s.Paired, Since: now, Consent: Consent{Document: application.Number, GivenAt: now}}
	c.certify(s)
	return c
}

// certify puts on record what a digital signature certificate says, and the
// certificate itself. It is watched from then on.
func (c *Customer) certify(s *rp.Signature) {
	c.BasicFour, c.Serial, c.Followed = s.BasicFour, s.Serial, Followed{}
	c.Certificate, c.CertificateExpires = s.Certificate.Raw, s.Certificate.NotAfter.UTC()
}

// Watches gives the serial number of the certificate that confirmations ask
// about.
func (c Customer) Watches() jpki.SerialNumber {
	if c.Followed.Serial.IsZero() {
		return c.Serial
	}
	return c.Followed.Serial
}

// Person is the fingerprint of the four basic data by which the bank notices
// that one person applies twice.
func (c Customer) Person() string {
	f := c.BasicFour
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %q", f.CommonName, f.DateOfBirth, f.Gender, f.Address))
	return hex.EncodeToString(sum[:])
}
