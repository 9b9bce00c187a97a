package virtualcard

import (
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard/chip"
)

// CardID identifies a card: 1 to 64 of [a-z0-9-], not derived from personal data. A
// real card has no such number; here the counter and the reader name a card by it.
type CardID string

// The errors of a cabinet.
var (
	ErrNoCard      = errors.New("virtualcard: no such card")
	ErrCardExists  = errors.New("virtualcard: a card with this number exists")
	ErrDeadCard    = errors.New("virtualcard: the card's chip does not answer")
	ErrCardID      = errors.New("virtualcard: invalid card number")
	ErrKeyMismatch = errors.New("virtualcard: the certificate does not match a key of this card")
	ErrCertificate = errors.New("virtualcard: the card cannot hold this certificate")
	ErrNoPIN       = errors.New("virtualcard: a certificate needs a PIN")
	ErrFace        = errors.New("virtualcard: the text cannot be printed on a card")
	ErrClosed      = errors.New("virtualcard: the card has been taken off the reader")
)

// Face is what is printed on the card (券面). It is shown to whoever looks at
// the card and is not part of any signature.
type Face struct {
	Name        string    `json:"name"`
	Kana        string    `json:"kana,omitempty"`   // how the name is read (フリガナ)
	NameEN      string    `json:"nameEN,omitempty"` // for the mock's English pages
	Address     string    `json:"address"`
	DateOfBirth string    `json:"dateOfBirth"`
	Gender      string    `json:"gender"`
	Expires     time.Time `json:"expires"`
	// On the back, and in the chip beside the rest (Individual Number, municipality of issue).
	Number       jpki.IndividualNumber `json:"number,omitempty"`
	Municipality string                `json:"municipality,omitempty"`
}

// Personalization is what the counter writes to a card (個人化). Kinds that are
// absent are unchanged, and so is the face if it is the zero Face.
type Personalization struct {
	Face    Face
	Variant jpki.CardVariant // of a new card; a card that has one keeps it if this is zero
	// PINs sets PINs and gives them all their tries. A certificate of a kind
	// that never had a PIN needs one.
	PINs           map[jpki.Kind]string
	Certificates   map[jpki.Kind][]byte // DER
	CACertificates map[jpki.Kind][]byte // DER
}

// Format writes a placeholder for every verb, to keep the PINs out of logs.
func (p Personalization) Format(s fmt.State, _ rune) {
	_, _ = io.WriteString(s, "[personalization of a card]")
}

// MarshalJSON refuses, to keep the PINs out of every answer.
func (p Personalization) MarshalJSON() ([]byte, error) {
	return nil, errors.New("virtualcard: a personalization is not written out")
}

// PublicKeys are the keys that a blank card made.
type PublicKeys struct {
	Card CardID
	Keys map[jpki.Kind]*rsa.PublicKey
}

// Summary is what is known of a card without a PIN.
type Summary struct {
	ID   CardID
	Face Face
	Dead bool
	// Tampered says that the chip destroyed its keys because somebody tried to read them.
	Tampered bool
	Variant  jpki.CardVariant
	Made     time.Time // when the blank card made its keys
	// Look names the portrait on its face (picture.Look); empty for a card that no counter
	// has written.
	Look string
	// Serials has the serial numbers of the certificates on the card.
	Serials map[jpki.Kind]jpki.SerialNumber
	// TriesLeft has both kinds; 0 if the PIN is blocked or was never set.
	TriesLeft map[jpki.Kind]int
}

// Card is a card as its store keeps it. Only packages below virtualcard can
// read its secrets.
type Card struct {
	ID             CardID
	Face           Face
	Variant        jpki.CardVariant
	Dead, Tampered bool
	Made           time.Time
	Slots          map[jpki.Kind]chip.Slot     // always both kinds
	References     map[chip.Ref]chip.Reference // those that have a value
}
