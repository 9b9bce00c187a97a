package authority

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"
	"unicode/utf8"

	"example.jp/jpkimock/authority/jpki"
)

// Municipality is the municipality (市区町村) whose counter takes a resident's
// application. The romanised names go into the certificate.
type Municipality struct {
	Code             string `json:"code"` // 5 digits (全国地方公共団体コード without its check digit)
	Prefecture       string `json:"prefecture"`
	City             string `json:"city"`
	PrefectureRomaji string `json:"prefectureRomaji"` // "Tokyo-to"
	CityRomaji       string `json:"cityRomaji"`       // "Kiyose-shi"
}

// Resident is a person in the Basic Resident Register (住民基本台帳), with what
// the authority needs of the entry.
type Resident struct {
	ID        string         `json:"id"`
	BasicFour jpki.BasicFour `json:"basicFour"`
	// Kana is the reading of the name; Romaji is the name in Latin letters as
	// the card's additional field prints it. Both may be empty.
	Kana         string       `json:"kana,omitempty"`
	Romaji       string       `json:"romaji,omitempty"`
	Municipality Municipality `json:"municipality"`
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
	Standing      RegisterStanding `json:"standing,omitempty"`
	StandingSince time.Time        `json:"standingSince,omitzero"`
}

// RegisterStanding is what ended a resident's entry (除票の事由).
type RegisterStanding string

// The standings. Only StandingDead is final.
const (
	StandingResident RegisterStanding = ""
	StandingMovedOut RegisterStanding = "moved-out" // 転出, and not yet moved in elsewhere
	StandingDead     RegisterStanding = "dead"      // 死亡
	StandingAbroad   RegisterStanding = "abroad"    // 国外転出
	StandingRemoved  RegisterStanding = "removed"   // 職権消除
)

// FaceName gives the name as the card's face prints it.
func (r Resident) FaceName() string { return cmp.Or(r.RegisterName, r.BasicFour.CommonName) }

// FaceAddress gives the address as the card's face prints it.
func (r Resident) FaceAddress() string { return cmp.Or(r.RegisterAddress, r.BasicFour.Address) }

var (
	idForm           = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,62}$`)
	municipalityForm = regexp.MustCompile(`^[0-9]{5}$`)
	romajiForm       = regexp.MustCompile(`^[A-Z][A-Za-z' -]{0,62}$`)
	nationalityForm  = regexp.MustCompile(`^([A-Z]{2})?$`)
)

// maxText bounds the free texts of the registers, in characters.
const maxText = 200

// completed gives r with the substitute flags filled in where none are given.
func (r Resident) completed() Resident {
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
	written, flags := []rune(register), make([]byte, 0, len(certificate))
	for i, c := range []rune(certificate) {
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
	return register == "" || text(register) && utf8.RuneCountInString(register) == utf8.RuneCountInString(certificate)
}

// Check reports the first thing that the register or a certificate could not
// carry.
func (r Resident) Check() error {
	switch m := r.Municipality; {
	case !idForm.MatchString(r.ID):
		return &InvalidError{"id", "want 1 to 63 of a-z 0-9 . _ -"}
	case !municipalityForm.MatchString(m.Code):
		return &InvalidError{"municipality.code", "want 5 digits"}
	case !romajiForm.MatchString(m.PrefectureRomaji) || !romajiForm.MatchString(m.CityRomaji):
		return &InvalidError{"municipality", "the romanised names must be like Tokyo-to and Kiyose-shi"}
	case !text(m.Prefecture) || !text(m.City) || !text(r.Kana) || !text(r.Romaji):
		return &InvalidError{"resident", "a text is too long or is not UTF-8"}
	case !sameLength(r.BasicFour.CommonName, r.RegisterName):
		return &InvalidError{"registerName", "want one character for each of the name's"}
	case !sameLength(r.BasicFour.Address, r.RegisterAddress):
		return &InvalidError{"registerAddress", "want one character for each of the address's"}
	case !text(r.FormerSurname):
		return &InvalidError{"formerSurname", "want at most 200 characters"}
	case !nationalityForm.MatchString(r.Nationality):
		return &InvalidError{"nationality", "want a two-letter code"}
	}
	if err := r.BasicFour.Check(); err != nil {
		return &InvalidError{"basicFour", err.Error()}
	}
	return nil
}

func text(s string) bool { return utf8.ValidString(s) && utf8.RuneCountInString(s) <= maxText }

// RegisterResident enters a resident into the register for the first time
// (出生, 国外からの転入), with a line in the journal. Missing substitute flags are
// filled in with zeros. A known ID gives ErrResidentExists.
func (a *Authority) RegisterResident(ctx context.Context, r Resident, by By) (Resident, error) {
	a.changing.Lock()
	defer a.changing.Unlock()
	r, err := a.entry(ctx, r, by)
	if err != nil {
		return Resident{}, err
	}
	line := Event{At: a.second(), Act: ActEntered, ResidentID: r.ID, Officer: by.Officer, Why: by.Why}
	return r, a.store.Commit(ctx, Change{Residents: []Resident{r}, Events: []Event{line}})
}

// ActEntered is the journal's word for a resident's first entry (住民票の記載).
const ActEntered = "entered"

// PreviewResident gives the entry that RegisterResident would make, and the
// residents of the same name and date of birth, who may be the same person. It
// changes nothing, and refuses what RegisterResident would refuse.
func (a *Authority) PreviewResident(ctx context.Context, r Resident, by By) (Resident, []Resident, error) {
	r, err := a.entry(ctx, r, by)
	if err != nil {
		return Resident{}, nil, err
	}
	d := r.BasicFour.DateOfBirth
	born, err := a.store.ResidentsBorn(ctx, fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day), maxSameBirth)
	born = slices.DeleteFunc(born, func(other Resident) bool {
		return folded(other.BasicFour.CommonName) != folded(r.BasicFour.CommonName)
	})
	return r, born, err
}

// entry gives the entry that is made of what was notified.
func (a *Authority) entry(ctx context.Context, r Resident, by By) (Resident, error) {
	r = r.completed()
	if err := r.Check(); err != nil {
		return Resident{}, err
	}
	if r.Standing != StandingResident || !r.StandingSince.IsZero() {
		return Resident{}, &InvalidError{"standing", "an entry begins as a resident's"}
	}
	if err := by.check(); err != nil {
		return Resident{}, err
	}
	if err := by.within(r.Municipality); err != nil {
		return Resident{}, err
	}
	if by.counter.Code != "" {
		r.Municipality = by.counter // an office writes its own names its own way
	}
	switch _, err := a.store.Resident(ctx, r.ID); {
	case err == nil:
		return Resident{}, ErrResidentExists
	case !errors.Is(err, ErrNoResident):
		return Resident{}, err
	}
	return r, nil
}

// Resident gives a registered resident, or ErrNoResident.
func (a *Authority) Resident(ctx context.Context, id string) (Resident, error) {
	return a.store.Resident(ctx, id)
}

// Residents gives all residents, by ID.
func (a *Authority) Residents(ctx context.Context) ([]Resident, error) {
	return a.store.Residents(ctx)
}
