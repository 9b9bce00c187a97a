// Package partner is the contract between the portal and a partner business
// (連携先事業者): a citizen signs one application with the digital signature
// certificate of the new address, and the portal delivers it to each partner that
// the citizen has chosen. Each partner verifies signature and certificate itself.
//
// A partner written in Go implements Business and serves NewServer; any other reads
// openapi.yaml. The portal speaks by a Client. Conform tests a partner at its URL.
//
// The signed document is one readable text for all partners. What is one partner's
// alone, such as the customer number, is in that partner's Sheet (別紙): the document
// holds only the sheet's salted digest, so that no partner learns another's data.
package partner

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
)

// Bounds of what is exchanged, in octets.
const (
	MaxBody     = 256 << 10 // of a request, and of an answer
	maxID       = 64        // of an application, a customer number, a box, a question
	maxText     = 2000      // of an answer, a question, a reason
	maxDocument = 64 << 10
)

// State is how far a partner is with an application.
type State string

// The states of an application at a partner.
const (
	Accepted  State = "accepted"   // 受付: the partner works on it
	AskedBack State = "asked-back" // 確認中: the citizen must answer a question first
	Rejected  State = "rejected"   // 不受理: final, with a reason
	Done      State = "done"       // 完了: final, the partner's record is changed
)

// Final reports that the state does not change any more.
func (s State) Final() bool { return s == Rejected || s == Done }

// Connection is a customer's consent that the portal delivers to a partner (連携の同意).
type Connection struct {
	Customer string `json:"customer"` // the partner's own customer number
	// Name and DateOfBirth are those of the holder, so that nobody connects another's
	// customer number.
	Name        string           `json:"name"`
	DateOfBirth jpki.DateOfBirth `json:"dateOfBirth"`
	// Certificate is the holder's digital signature certificate known to the portal. An
	// application is taken only from the holder of this one or of a later one.
	Certificate jpki.SerialNumber `json:"certificate"`
	// Box is the address of the holder's post-office box, for this partner alone.
	Box string `json:"box"`
}

// Application is what the portal delivers.
type Application struct {
	ID       string `json:"id"`
	Sheet    string `json:"sheet"`    // the exact text whose digest is in the document
	Document string `json:"document"` // the exact text that was signed
	// Signature is a detached CMS SignedData over the document, in DER.
	Signature []byte `json:"signature"`
}

// digest tells one application from another of the same ID.
func (a Application) digest() string { return digestOf(a.Document + "\x00" + a.Sheet) }

// Sheet is what an application says to one partner alone (別紙), as JSON.
type Sheet struct {
	Application string            `json:"application"`
	Partner     string            `json:"partner"`
	Customer    string            `json:"customer"`
	ChangedOn   string            `json:"changedOn"` // the day of the move, YYYY-MM-DD
	Answers     map[string]string `json:"answers,omitempty"`
	Salt        string            `json:"salt"` // 130 random bits, so that the digest tells nothing
}

// Write gives the sheet's text and its digest: the line that stands in the document.
func (s Sheet) Write() (text, digest string, err error) {
	s.Salt = rand.Text()
	b, err := json.Marshal(s)
	return string(b), digestOf(string(b)), err
}

func digestOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// ErrSheet is a sheet that is not the one that was signed.
var ErrSheet = errors.New("partner: the sheet is not part of the signed document")

// sheetOf reads an application's sheet, and makes sure that it is for this partner and
// that the document holds its digest as a line.
func sheetOf(a Application, partner string) (Sheet, error) {
	var s Sheet
	d := json.NewDecoder(strings.NewReader(a.Sheet))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil || d.More() {
		return Sheet{}, fmt.Errorf("%w: it cannot be read", ErrSheet)
	}
	lines := slices.Collect(strings.Lines(a.Document))
	signed := slices.ContainsFunc(lines, func(l string) bool { return strings.TrimSpace(l) == digestOf(a.Sheet) })
	if _, err := time.Parse(time.DateOnly, s.ChangedOn); err != nil || !signed || s.Application != a.ID || s.Partner != partner || len(s.Salt) < 26 {
		return Sheet{}, ErrSheet
	}
	return s, nil
}

// Receipt is how an application stands at a partner.
type Receipt struct {
	ID    string    `json:"id"`
	State State     `json:"state"`
	At    time.Time `json:"at"` // since when
	// Reason is why it was rejected, to be shown to the citizen.
	Reason string `json:"reason,omitempty"`
	// Question is what the citizen must answer, in state AskedBack.
	Question string `json:"question,omitempty"`
	// Notice is the partner's result notice for the citizen's post-office box, in a final
	// state: a JWS as Seal makes it.
	Notice string `json:"notice,omitempty"`
}

// Check reports whether a partner's receipt keeps the contract.
func (r Receipt) Check(id string) error {
	switch {
	case r.ID != id:
		return errors.New("partner: the receipt is for another application")
	case !slices.Contains([]State{Accepted, AskedBack, Rejected, Done}, r.State):
		return errors.New("partner: the receipt has no known state")
	case r.State == Rejected && r.Reason == "", r.State == AskedBack && r.Question == "":
		return errors.New("partner: the receipt does not say why")
	case len(r.Reason) > maxText || len(r.Question) > maxText:
		return errors.New("partner: the receipt says too much")
	}
	return nil
}

// Change is an application that a partner's server has verified. The new four basic
// data are the signature's, from the certificate itself.
type Change struct {
	Application
	*rp.Signature
	Digest   string // of document and sheet
	Sheet    Sheet
	Received time.Time
}

// Signed gives the document as it is to be kept.
func (c Change) Signed() rp.SignedDocument {
	return rp.SignedDocument{
		Document: rp.Document{Number: c.ID, WrittenAt: c.SignedAt, Name: c.ID + ".txt", MediaType: "text/plain", Content: c.Document},
		CMS:      c.Application.Signature, Certificate: c.Certificate.Raw, Serial: c.Serial, Paired: c.Paired,
		SignedAt: c.SignedAt, ReceivedAt: c.Received, Record: c.Record,
	}
}
