package bank

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
)

// DraftLifetime is how long a draft may wait for its signature.
const DraftLifetime = 30 * time.Minute

// minAge is the age from which the bank opens an account in one's own name; it
// is also that from which there is a digital signature certificate.
const minAge = 15

// ApplicationNumber is the number of an application (申込番号). It stands in the
// document, so that a signature is good for one opening only.
type ApplicationNumber string

// Choices is what an applicant decides. Everything else in the application is
// the bank's wording or comes from the certificate.
type Choices struct {
	Purpose string // a Purpose's ID
	Branch  string // a Branch's code; empty is the internet branch
}

// Document is what the card client shows and signs. The octets of Content,
// UTF-8 with LF, are what the signature is over.
type Document struct {
	Name      string
	MediaType string
	Content   string
}

// Draft is an application that nobody has signed yet. The caller keeps it, in
// a session for instance; the bank keeps nothing of it.
type Draft struct {
	Number   ApplicationNumber
	Purpose  Purpose
	Branch   Branch
	At       time.Time
	Document Document
}

// SignedApplication is a draft with the signature that came back for it
// (detached CMS SignedData, DER).
type SignedApplication struct {
	Draft Draft
	CMS   []byte
}

// Draft writes an application with a number of its own.
func (b *Bank) Draft(_ context.Context, c Choices) (Draft, error) {
	purpose, ok := PurposeByID(c.Purpose)
	if !ok {
		return Draft{}, ErrPurpose
	}
	if c.Branch == "" {
		c.Branch = InternetBranch
	}
	branch, ok := BranchByCode(c.Branch)
	if !ok {
		return Draft{}, ErrBranch
	}
	d := Draft{Number: newNumber("MB"), Purpose: purpose, Branch: branch, At: b.now().UTC().Truncate(time.Second)}
	content, err := b.write(d)
	if err != nil {
		return Draft{}, err
	}
	d.Document = Document{Name: string(d.Number) + ".txt", MediaType: "text/plain", Content: content}
	return d, nil
}

// write puts a draft into the words of the form.
func (b *Bank) write(d Draft) (string, error) {
	t := d.At.In(jpki.JST)
	var text strings.Builder
	err := b.forms.ExecuteTemplate(&text, "application", map[string]any{
		"Number": d.Number, "Purpose": d.Purpose, "Branch": d.Branch,
		"Date": jpki.DateOfBirthOn(t.Year(), t.Month(), t.Day()).Japanese(),
		"Time": timeOfDay(t),
	})
	return text.String(), err
}

// OpenAccount opens an account (口座開設) with a signed application.
//
// It is the paragraph that every relying party follows: the signature is the
// person's own, and the certificate is valid (電子署名が本人のものであり、電子証明書
// が有効であることを確認); then the certificate's serial number is kept with the
// customer's data (発行番号を顧客情報とともに保存・管理), by which the bank later
// recognises the customer and notices a change. The account is committed, and
// usable, when it returns.
func (b *Bank) OpenAccount(ctx context.Context, a SignedApplication) (Account, error) {
	now := b.now()
	if now.After(a.Draft.At.Add(DraftLifetime)) {
		return Account{}, rp.ErrDocumentExpired
	}
	signature, err := b.verifier.VerifySignature(ctx, []byte(a.Draft.Document.Content), a.CMS)
	if err != nil {
		return Account{}, err
	}
	if age := signature.BasicFour.DateOfBirth.Age(now); age >= 0 && age < minAge {
		return Account{}, ErrTooYoung
	}
	if err := b.refuseFormer(ctx, signature.Serial); err != nil {
		return Account{}, err
	}
	return b.store.CreateAccount(ctx, opening(a, signature, now))
}

// Opening is everything that an account opening writes, in one transaction.
type Opening struct {
	Customer    Customer
	Application Application
	Branch      Branch
	Gift        Entry // the store fills in the account number
}

// opening keeps the signature, the certificate and its serial number with the
// customer's data.
func opening(a SignedApplication, s *rp.Signature, now time.Time) Opening {
	return Opening{
		Customer: Customer{
			BasicFour: s.BasicFour, Serial: s.Serial, Paired: s.Paired,
			Certificate: s.Certificate.Raw, CertificateExpires: s.Certificate.NotAfter.UTC(),
			Since: now, Consent: Consent{Application: a.Draft.Number, GivenAt: now},
		},
		Application: Application{
			Draft: a.Draft, CMS: a.CMS, Certificate: s.Certificate.Raw, Serial: s.Serial, Paired: s.Paired,
			SignedAt: s.SignedAt, ReceivedAt: now, VerifiedAt: s.VerifiedAt, Record: s.Record,
		},
		Branch: a.Draft.Branch,
		Gift:   Entry{At: now, Kind: EntryGift, Amount: OpeningGift, Balance: OpeningGift, OtherName: giftName, Memo: giftMemo},
	}
}

// CustomerID is the bank's own number for a customer. It is never shown.
type CustomerID int64

// Customer is what the bank knows of a customer (顧客): the four basic data as
// certified, and the certificate by which they are watched.
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

// Watches gives the serial number of the certificate that confirmations ask
// about.
func (c Customer) Watches() jpki.SerialNumber {
	if c.Followed.Serial.IsZero() {
		return c.Serial
	}
	return c.Followed.Serial
}

// Consent is the permission to keep and check the certificate (利用許諾), given
// by signing the application.
type Consent struct {
	// Application is the document that gave it: the application, or a consent
	// given again.
	Application ApplicationNumber
	GivenAt     time.Time
	WithdrawnAt time.Time // zero while it holds
}

// Person is the fingerprint of the four basic data by which the bank notices
// that one person applies twice.
func (c Customer) Person() string {
	f := c.BasicFour
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %q", f.CommonName, f.DateOfBirth, f.Gender, f.Address))
	return hex.EncodeToString(sum[:])
}

// Application is a signed application as it is kept (申込書の控え): the document
// with its signature, the certificate, and the record of its verification with
// the authority's signed answer.
type Application struct {
	Draft       Draft
	CMS         []byte // DER
	Certificate []byte // DER
	Serial      jpki.SerialNumber
	Paired      jpki.SerialNumber
	// SignedAt is what the customer's computer claims.
	SignedAt   time.Time
	ReceivedAt time.Time
	VerifiedAt time.Time
	Record     rp.Record
}

// newNumber makes a number of 50 random bits: MB-XXXXX-XXXXX.
func newNumber(prefix string) ApplicationNumber {
	s := rand.Text()
	return ApplicationNumber(prefix + "-" + s[:5] + "-" + s[5:10])
}

// PurposeByID gives a purpose of the list, or one without a name and false.
func PurposeByID(id string) (Purpose, bool) {
	for _, p := range Purposes() {
		if p.ID == id {
			return p, true
		}
	}
	return Purpose{ID: id}, false
}

// BranchByCode gives a branch of the list, or one without a name and false.
func BranchByCode(code string) (Branch, bool) {
	for _, b := range Branches() {
		if b.Code == code {
			return b, true
		}
	}
	return Branch{Code: code}, false
}
