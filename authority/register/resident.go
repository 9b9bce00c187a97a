package register

import (
	"cmp"
	"errors"
	"regexp"
	"strings"
	"time"

	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
)

// Resident is a person in the Basic Resident Register (住民基本台帳), with what
// the authority needs of the entry.
type Resident struct {
	ID        string         `json:"id"`
	BasicFour jpki.BasicFour `json:"basicFour"`
	// Kana is the reading of the name; Romaji is the name in Latin letters as
	// the card's additional field prints it. Both may be empty.
	Kana         string            `json:"kana,omitempty"`
	Romaji       string            `json:"romaji,omitempty"`
	Municipality desk.Municipality `json:"municipality"`
	// Nationality is an ISO 3166 two-letter code; empty is JP.
	Nationality string `json:"nationality,omitempty"`

	// RegisterName and RegisterAddress are name and address as the Basic
	// Resident Register writes them, where they have characters that the
	// certificate substitutes (代替文字): one character for each of the
	// certificate's. The card's face prints these. Empty is the same text.
	RegisterName    string `json:"registerName,omitempty"`
	RegisterAddress string `json:"registerAddress,omitempty"`
	// FormerSurname is the surname before marriage (旧氏).
	FormerSurname string `json:"formerSurname,omitempty"`
	// Standing says what ended the entry, and StandingSince when; empty is a
	// resident.
	Standing      Standing  `json:"standing,omitempty"`
	StandingSince time.Time `json:"standingSince,omitzero"`
}

// Standing is what ended a resident's entry (除票の事由).
type Standing string

// The standings. Only StandingDead is final.
const (
	StandingResident Standing = ""
	StandingMovedOut Standing = "moved-out" // 転出, and not yet moved in elsewhere
	StandingDead     Standing = "dead"      // 死亡
	StandingAbroad   Standing = "abroad"    // 国外転出
	StandingRemoved  Standing = "removed"   // 職権消除
)

// FaceName gives the name as the card's face prints it.
func (r Resident) FaceName() string { return cmp.Or(r.RegisterName, r.BasicFour.CommonName) }

// FaceAddress gives the address as the card's face prints it.
func (r Resident) FaceAddress() string { return cmp.Or(r.RegisterAddress, r.BasicFour.Address) }

var (
	municipalityForm = regexp.MustCompile(`^[0-9]{5}$`)
	romajiForm       = regexp.MustCompile(`^[A-Z][A-Za-z' -]{0,62}$`)
	nationalityForm  = regexp.MustCompile(`^([A-Z]{2})?$`)
)

// Completed gives r with the substitute flags filled in where none are given.
func (r Resident) Completed() Resident {
	if r.BasicFour.SubstituteCharacterOfCommonName == "" {
		r.BasicFour.SubstituteCharacterOfCommonName = substitutes(r.BasicFour.CommonName, r.RegisterName)
	}
	if r.BasicFour.SubstituteCharacterOfAddress == "" {
		r.BasicFour.SubstituteCharacterOfAddress = substitutes(r.BasicFour.Address, r.RegisterAddress)
	}
	return r
}

// substitutes marks with '1' each character of the certificate's text that
// stands for another one of the register's, and the others with '0'.
func substitutes(certificate, register string) string {
	written, flags := jpki.SplitCharacters(register), make([]byte, 0, len(certificate))
	for i, c := range jpki.SplitCharacters(certificate) {
		flag := byte('0')
		if i < len(written) && written[i] != c {
			flag = '1'
		}
		flags = append(flags, flag)
	}
	return string(flags)
}

// sameLength reports whether the register's text, if there is one, has a
// character for each of the certificate's.
func sameLength(certificate, register string) bool {
	return register == "" || jpki.CheckLine(register, jpki.MaxAddress) == nil && jpki.Characters(register) == jpki.Characters(certificate)
}

// Check reports everything that the register or a certificate could not carry.
func (r Resident) Check() error {
	wrong := []error{desk.CheckID("id", r.ID)}
	require := func(so bool, field, rule string) {
		if !so {
			wrong = append(wrong, desk.Invalid(field, rule))
		}
	}
	m := r.Municipality
	require(municipalityForm.MatchString(m.Code), "municipality.code", "must be 5 digits")
	require(romajiForm.MatchString(m.PrefectureRomaji) && romajiForm.MatchString(m.CityRomaji), "municipality", "must have romanised names like Tokyo-to and Kiyose-shi")
	require(sameLength(r.BasicFour.CommonName, r.RegisterName), "registerName", "must have one character for each of the name's")
	require(sameLength(r.BasicFour.Address, r.RegisterAddress), "registerAddress", "must have one character for each of the address's")
	require(nationalityForm.MatchString(r.Nationality), "nationality", "must be a two-letter code")
	wrong = append(wrong, desk.CheckText("municipality.prefecture", m.Prefecture), desk.CheckText("municipality.city", m.City),
		desk.CheckText("kana", r.Kana), desk.CheckText("romaji", r.Romaji), desk.CheckText("formerSurname", r.FormerSurname))
	require(r.livesThere(), "basicFour.address", "must begin with the municipality's prefecture and city")
	for _, e := range r.wrongData() {
		require(false, "basicFour."+e.Field, e.Error())
	}
	return errors.Join(wrong...)
}

// livesThere reports whether the address, as the certificate or as the register
// writes it, is in the municipality of the entry.
func (r Resident) livesThere() bool {
	return r.Municipality.Has(r.BasicFour.Address) || r.Municipality.Has(r.RegisterAddress)
}

// wrongData gives what no certificate could carry of the four data.
func (r Resident) wrongData() (all []*jpki.FieldError) {
	joined, _ := r.BasicFour.Check().(interface{ Unwrap() []error })
	if joined == nil {
		return nil
	}
	for _, err := range joined.Unwrap() {
		if e, ok := errors.AsType[*jpki.FieldError](err); ok {
			all = append(all, e)
		}
	}
	return all
}

// MinSignatureAge is the age from which a digital signature certificate is
// issued.
const MinSignatureAge = 15

// TooYoung reports whether the resident is too young for a digital signature
// certificate. Somebody whose year of birth is unknown is not.
func (r Resident) TooYoung(at time.Time) bool {
	birth := r.BasicFour.DateOfBirth
	return birth.Year != 0 && birth.Age(at) < MinSignatureAge
}

// Kinds gives the kinds of certificate that a resident may be issued.
func (r Resident) Kinds(at time.Time) []jpki.Kind {
	if r.TooYoung(at) {
		return []jpki.Kind{jpki.UserAuthentication}
	}
	return jpki.Kinds()
}

// CheckPIN refuses a PIN that no card would take.
func CheckPIN(kind jpki.Kind, pin string) error {
	short, long, rule := 4, 4, "must be exactly 4 digits"
	if kind == jpki.DigitalSignature {
		short, long, rule = 6, 16, "must be 6 to 16 of A-Z 0-9"
	}
	wrong := strings.IndexFunc(pin, func(c rune) bool {
		return (c < '0' || c > '9') && (kind != jpki.DigitalSignature || c < 'A' || c > 'Z')
	})
	if wrong >= 0 || len(pin) < short || len(pin) > long {
		return desk.Invalid("pins."+kind.String(), rule)
	}
	return nil
}
