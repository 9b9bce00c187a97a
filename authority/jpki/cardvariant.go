package jpki

import (
	"errors"
	"fmt"
)

// CardVariant is the make of a card. Programs must work with all of them.
type CardVariant string

// The makes. The zero CardVariant is Plastic.
const (
	// Plastic is the card that OpenSC's driver was written for.
	Plastic CardVariant = ""
	// Plastic2023 is a card of about 2023: another ATR, and three bytes for the length of the four
	// attributes, which moves all of them by two.
	Plastic2023 CardVariant = "plastic-2023"
	// AndroidToken is the secure element of a telephone (JPKIAPGPSETOKEN): the JPKI application
	// alone, and the user authentication certificate needs its PIN.
	AndroidToken CardVariant = "android-token"
)

// ErrCardVariant is returned for a make of card that does not exist.
var ErrCardVariant = errors.New("jpki: no such variant of a card")

// Check reports, as ErrCardVariant, a make that does not exist.
func (v CardVariant) Check() error {
	if v == Plastic || v == Plastic2023 || v == AndroidToken {
		return nil
	}
	return fmt.Errorf("%w: %q", ErrCardVariant, string(v))
}

// Wanted says what a CardVariant looks like in JSON.
func (CardVariant) Wanted() string { return "plastic, plastic-2023 or android-token" }

// UnmarshalText reads the name of a make.
func (v *CardVariant) UnmarshalText(b []byte) error {
	*v = CardVariant(b)
	if *v == "plastic" {
		*v = Plastic
	}
	return v.Check()
}

// LongLengths reports whether the length of the four attributes takes three bytes.
func (v CardVariant) LongLengths() bool { return v == Plastic2023 }
