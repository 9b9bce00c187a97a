package chip

import (
	"errors"
	"fmt"
	"slices"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard/internal/secret"
	"example.jp/jpkimock/virtualcard/jpkiap"
	"example.jp/jpkimock/virtualcard/record"
)

// Ref names what VERIFY compares (照合): a PIN of the holder's, or a number that is printed
// on the card. Each has its own tries.
type Ref string

// The references of a card. The first two are the names of the kinds of certificate.
const (
	SignaturePIN      Ref = "digital-signature"   // JPKI 001B, 署名用パスワード
	AuthenticationPIN Ref = "user-authentication" // JPKI 0018, 利用者証明用暗証番号
	TextPIN           Ref = "card-face-text"      // text 0011, 券面事項入力補助用暗証番号
	TextNumberA       Ref = "card-face-text-a"    // text 0014, 照合番号A
	TextNumberB       Ref = "card-face-text-b"    // text 0015, 照合番号B
	FaceBirth         Ref = "card-face-birth"     // face 0011, 生年月日
	FaceNumberA       Ref = "card-face-a"         // face 0013, 照合番号A
	FaceNumberB       Ref = "card-face-b"         // face 0012, 照合番号B
	RegisterPIN       Ref = "resident-register"   // register 001C, 住民基本台帳用暗証番号
	CommonPIN         Ref = "common-card"         // common 001C

	// blocked is a key that no value opens, nobody a condition that nothing meets.
	blocked Ref = "blocked"
	nobody  Ref = "nobody"
)

// RefOf returns the PIN of a kind of certificate.
func RefOf(k jpki.Kind) Ref { return Ref(k.String()) }

// Refs returns all references in a fixed order.
func Refs() []Ref {
	return []Ref{SignaturePIN, AuthenticationPIN, TextPIN, TextNumberA, TextNumberB, FaceBirth, FaceNumberA, FaceNumberB, RegisterPIN, CommonPIN}
}

// FurtherPINs are the holder's PINs beside those of the certificates. A card gets them with
// the first PIN for user authentication, and they are that one until somebody changes them.
func FurtherPINs() []Ref { return []Ref{TextPIN, RegisterPIN, CommonPIN} }

// printedTries is how often a printed number may be tried (for 照合番号B the Digital
// Agency says so; for the others nobody does).
const printedTries = 10

// Printed returns the references that compare with a number printed on the card.
func Printed() []Ref { return []Ref{TextNumberA, TextNumberB, FaceBirth, FaceNumberA, FaceNumberB} }

// Tries is how often a reference may be tried before it is blocked.
func (r Ref) Tries() int { return r.rule().Tries }

// rule says what a PIN looks like and how often it may be tried. A printed number has no
// form of its own: what is not the number is wrong.
func (r Ref) rule() jpkiap.PINRule {
	switch r {
	case SignaturePIN:
		return jpkiap.PINRuleOf(jpki.DigitalSignature)
	case AuthenticationPIN, TextPIN, RegisterPIN, CommonPIN:
		return jpkiap.PINRuleOf(jpki.UserAuthentication)
	}
	return jpkiap.PINRule{Tries: printedTries}
}

// printed returns the number that a reference compares with, if it is one printed on the card.
func (r Ref) printed(of record.Record) (number string, ok bool) {
	switch r {
	case TextNumberA, FaceNumberA:
		return of.NumberA(), true
	case TextNumberB, FaceNumberB:
		return of.NumberB(), true
	case FaceBirth:
		return of.BirthKey(), true
	}
	return "", false
}

// ErrRef is returned for a reference that is no PIN of the holder's.
var ErrRef = errors.New("chip: no such PIN")

// CheckPIN reports a text that cannot be this PIN: for a kind of certificate a
// *jpkiap.PINFormatError.
func (r Ref) CheckPIN(pin string) error {
	switch r {
	case SignaturePIN:
		return jpkiap.CheckPIN(jpki.DigitalSignature, pin)
	case AuthenticationPIN, TextPIN, RegisterPIN, CommonPIN:
		return jpkiap.CheckPIN(jpki.UserAuthentication, pin)
	}
	return fmt.Errorf("%w: %q", ErrRef, string(r))
}

// ParseRef reads the name of a PIN that the municipal counter can set.
func ParseRef(s string) (Ref, error) {
	if r := Ref(s); slices.Contains(append(FurtherPINs(), SignaturePIN, AuthenticationPIN), r) {
		return r, nil
	}
	return "", fmt.Errorf("%w: %q", ErrRef, s)
}

// UnmarshalText reads the name of a PIN that the municipal counter can set.
func (r *Ref) UnmarshalText(b []byte) (err error) {
	*r, err = ParseRef(string(b))
	return err
}

// Wanted says what a Ref looks like in JSON.
func (Ref) Wanted() string {
	return "digital-signature, user-authentication, card-face-text, resident-register or common-card"
}

// Reference is what a card keeps of a Ref.
type Reference struct {
	PIN       secret.Value // zero if none was set, and for a printed number
	TriesLeft int
}

// OfKind reports whether a reference is the PIN of a kind of certificate.
func (r Ref) OfKind() bool { return r == SignaturePIN || r == AuthenticationPIN }
