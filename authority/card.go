package authority

import (
	"context"
	"crypto/rsa"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
)

// CardWriter is the card house as the counter's card terminal sees it: it
// hands out blank cards that have made their own keys, and writes what was
// issued onto them. authority/web has one over HTTP.
type CardWriter interface {
	// Blank makes a card with a key of each kind. An empty cardID asks for a
	// fresh one; a known one gives ErrCardExists.
	Blank(ctx context.Context, cardID string) (BlankCard, error)
	// NewKey makes a further key on a card, which becomes the card's when its
	// certificate is written.
	NewKey(ctx context.Context, cardID string, kind jpki.Kind) (*rsa.PublicKey, error)
	// Write personalises a card, all of it or none.
	Write(ctx context.Context, cardID string, p Personalization) error
	// Carried gives the serial numbers of the certificates that a card carries, or
	// ErrNoCard.
	Carried(ctx context.Context, cardID string) (map[jpki.Kind]jpki.SerialNumber, error)
	// Unblock sets a new PIN and gives all tries back.
	Unblock(ctx context.Context, cardID string, kind jpki.Kind, newPIN string) error
	// Kill disables the chip.
	Kill(ctx context.Context, cardID string) error
}

// BlankCard is a card that has made its keys and carries nothing else.
type BlankCard struct {
	ID         string
	PublicKeys map[jpki.Kind]*rsa.PublicKey
}

// Personalization is what is written onto a card. Certificates are DER; PINs
// may be empty when a card is written again.
type Personalization struct {
	Face           CardFace
	Variant        jpki.CardVariant // of a new card; a card that has one keeps it if this is zero
	PINs           map[jpki.Kind]string
	Certificates   map[jpki.Kind][]byte
	CACertificates map[jpki.Kind][]byte
}

// CardFace is what is printed on the card (券面).
type CardFace struct {
	Name        string    `json:"name"`
	Kana        string    `json:"kana,omitempty"`
	NameEN      string    `json:"nameEN,omitempty"`
	Address     string    `json:"address"`
	DateOfBirth string    `json:"dateOfBirth"` // 昭和55年2月17日
	Gender      string    `json:"gender"`      // 男, 女, 適用不能
	Expires     time.Time `json:"expires"`
	// On the back, and in the chip beside the rest. Nobody has such a number.
	Number       jpki.IndividualNumber `json:"number"`
	Municipality string                `json:"municipality"` // of issue, five digits
}

// faceOf gives the face of a resident's card.
func faceOf(r register.Resident, expires time.Time) CardFace {
	return CardFace{
		Name: r.FaceName(), Kana: r.Kana, NameEN: r.Romaji, Address: r.FaceAddress(),
		DateOfBirth: r.BasicFour.DateOfBirth.Japanese(), Gender: r.BasicFour.Gender.Japanese(), Expires: expires,
		Number: jpki.InventIndividualNumber(r.ID), Municipality: r.Municipality.Code,
	}
}
