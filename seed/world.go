package seed

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"example.jp/jpkimock/authority/jpki"
)

//go:embed world.yaml
var defaultWorld []byte

// World is everything that is there before the story begins.
type World struct {
	Municipalities []Municipality `yaml:"municipalities"`
	Verifiers      []Verifier     `yaml:"verifiers"`
	Personas       []Persona      `yaml:"personas"`
	Households     []Household    `yaml:"households"`
	Insured        []Insured      `yaml:"insured"`
	Visits         []Visit        `yaml:"visits"`
	CreditCards    []CreditCard   `yaml:"creditCards"`
	Customers      []Customer     `yaml:"customers"`

	own      []Verifier // those of Verifiers that somebody added
	services []Service
}

// Municipality is a fictional town, with the romaji that certificates carry.
type Municipality struct {
	Code             string `yaml:"code"`
	Prefecture       string `yaml:"prefecture"`
	City             string `yaml:"city"`
	PrefectureRomaji string `yaml:"prefectureRomaji"`
	CityRomaji       string `yaml:"cityRomaji"`
	Officer          string `yaml:"officer"` // at its counter, and at no other
}

// Verifier is an organisation in the register of accredited verifiers. Its key
// is a published test key.
type Verifier struct {
	ID    string      `yaml:"id"`
	Name  string      `yaml:"name"`
	Key   string      `yaml:"key"`
	Kinds []jpki.Kind `yaml:"kinds"`
	// AccreditedDaysAgo is when it was accredited, and Why on what grounds.
	AccreditedDaysAgo int    `yaml:"accreditedDaysAgo"`
	Why               string `yaml:"why"`
	// Decided is a later decision about the accreditation, if there was one.
	Decided *Decision `yaml:"decided"`
	// Origin is where its pages are, if it is somebody's own program: the card's window
	// names it there, in English by NameEN.
	Origin string `yaml:"origin"`
	NameEN string `yaml:"nameEn"`
}

// KindsOf names the kinds of certificates that the world accredits a verifier for; both
// where the world does not know it.
func (w World) KindsOf(verifier string) (names []string) {
	for _, v := range w.Verifiers {
		for _, k := range v.Kinds {
			if v.ID == verifier && !slices.Contains(names, k.String()) {
				names = append(names, k.String())
			}
		}
	}
	if names == nil {
		return []string{jpki.DigitalSignature.String(), jpki.UserAuthentication.String()}
	}
	return names
}

// Decision is what the ministry decided about a verifier.
type Decision struct {
	State   string `yaml:"state"` // suspended or withdrawn
	DaysAgo int    `yaml:"daysAgo"`
	Why     string `yaml:"why"`
}

// State is what a persona is good for showing.
type State string

// The states. For StateNormal everything works.
const (
	StateNormal     State = "normal"
	StateChild      State = "child"
	StateExpired    State = "expired"
	StateRevoked    State = "revoked"
	StateSuspended  State = "suspended"
	StateOneTryLeft State = "one-try-left"
	StateBlocked    State = "blocked"
	StateLost       State = "lost"
	StateDeadCard   State = "dead-card"
)

// Persona is a resident with a card and a past. ID is permanent; the card's
// identifier is "card-" and ID.
type Persona struct {
	ID     string `yaml:"id"`
	State  State  `yaml:"state"`
	Name   string `yaml:"name"`
	Romaji string `yaml:"romaji"`
	Kana   string `yaml:"kana"`
	// CertificateName and CertificateAddress are set if the certificate cannot
	// have the register's characters; the Substitute flags mark where.
	CertificateName    string `yaml:"certificateName"`
	CertificateAddress string `yaml:"certificateAddress"`
	SubstituteName     string `yaml:"substituteName"`
	SubstituteAddress  string `yaml:"substituteAddress"`

	Birth        string `yaml:"birth"`        // YYYY-MM-DD
	BornYearsAgo int    `yaml:"bornYearsAgo"` // with Birthday, for somebody who stays a child
	Birthday     string `yaml:"birthday"`     // MM-DD
	// BirthdayDaysAgo, with BornYearsAgo, is for somebody whose certificates ended on a
	// birthday so many days ago.
	BirthdayDaysAgo int `yaml:"birthdayDaysAgo"`

	Gender       jpki.Gender `yaml:"gender"`
	Nationality  string      `yaml:"nationality"`
	Municipality string      `yaml:"municipality"`
	Address      string      `yaml:"address"`
	Note         Note        `yaml:"note"`
	Card         Card        `yaml:"card"`
	Bank         *BankStory  `yaml:"bank"`
	History      []Act       `yaml:"history"`
}

// Note is a text in both languages.
type Note struct {
	JA string `yaml:"ja"`
	EN string `yaml:"en"`
}

// Card is how a persona's card was issued and what happened to it since.
type Card struct {
	IssuedDaysAgo          int    `yaml:"issuedDaysAgo"`
	ExpiresInDays          int    `yaml:"expiresInDays"` // 0: the tenth birthday after issue
	AuthenticationPIN      string `yaml:"authenticationPIN"`
	SignaturePIN           string `yaml:"signaturePIN"`
	AuthenticationMistakes int    `yaml:"authenticationMistakes"`
	SignatureMistakes      int    `yaml:"signatureMistakes"`
	Dead                   bool   `yaml:"dead"`
	Variant                string `yaml:"variant"` // the make: plastic-2023, android-token; none for plastic
}

// BankStory says since when a persona is a customer of the bank.
type BankStory struct {
	OpenedDaysAgo int `yaml:"openedDaysAgo"`
}

// Act is something that happened to a persona's certificates: suspend, resume
// or revoke by kinds; call, to the suspension desk; or an event of the counter
// such as loss.
type Act struct {
	DaysAgo int         `yaml:"daysAgo"`
	Act     string      `yaml:"act"`
	Kinds   []jpki.Kind `yaml:"kinds"`
	Reason  jpki.Reason `yaml:"reason"`
	Why     string      `yaml:"why"`
	Address string      `yaml:"address"` // where a move leads
}

// CardID returns the identifier of the persona's card.
func (p Persona) CardID() string { return "card-" + p.ID }

// DateOfBirth returns the persona's date of birth as of the day the world is
// planted.
func (p Persona) DateOfBirth(today time.Time) (jpki.DateOfBirth, error) {
	s := p.Birth
	if p.BirthdayDaysAgo > 0 {
		born := today.In(jpki.JST).AddDate(-p.BornYearsAgo, 0, -p.BirthdayDaysAgo)
		return jpki.DateOfBirthOn(born.Year(), born.Month(), born.Day()), nil
	}
	if p.BornYearsAgo > 0 {
		s = fmt.Sprintf("%04d-%s", today.In(jpki.JST).Year()-p.BornYearsAgo, p.Birthday)
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return jpki.DateOfBirth{}, fmt.Errorf("seed: persona %s: birth: %w", p.ID, err)
	}
	return jpki.DateOfBirthOn(t.Year(), t.Month(), t.Day()), nil
}

// Persona returns the persona of an identifier.
func (w World) Persona(id string) (Persona, error) {
	for _, p := range w.Personas {
		if p.ID == id {
			return p, nil
		}
	}
	return Persona{}, fmt.Errorf("seed: no persona %q", id)
}

// Viewer returns the first person who has enrolled at a television, or nil.
func (w World) Viewer() *Persona {
	for _, h := range w.Households {
		for _, s := range h.Places {
			if p, err := w.Persona(s.Persona); err == nil && s.Nickname != "" {
				return &p
			}
		}
	}
	return nil
}

// basicFour returns the four basic data as a certificate writes them, with the
// flags of substituted characters.
func (p Persona) basicFour(birth jpki.DateOfBirth) jpki.BasicFour {
	name, address := p.Name, p.Address
	if p.CertificateName != "" {
		name = p.CertificateName
	}
	if p.CertificateAddress != "" {
		address = p.CertificateAddress
	}
	b := jpki.NewBasicFour(name, birth, p.Gender, address)
	if p.SubstituteName != "" {
		b.SubstituteCharacterOfCommonName = p.SubstituteName
	}
	if p.SubstituteAddress != "" {
		b.SubstituteCharacterOfAddress = p.SubstituteAddress
	}
	return b
}

// Default returns the built-in world.
func Default() (World, error) { return Load(bytes.NewReader(defaultWorld)) }

// Read reads a world from a file.
func Read(path string) (World, error) {
	f, err := os.Open(path)
	if err != nil {
		return World{}, fmt.Errorf("seed: read the world: %w", err)
	}
	defer f.Close()
	return Load(f)
}

// Load reads a world in the form of world.yaml. It refuses an unknown member, a
// duplicate persona, one without a municipality, and an officer at two counters.
func Load(r io.Reader) (World, error) {
	var w World
	d := yaml.NewDecoder(r)
	d.KnownFields(true)
	if err := d.Decode(&w); err != nil {
		return World{}, fmt.Errorf("seed: read the world: %w", err)
	}
	return w, w.check()
}

func (w World) check() error {
	if len(w.Personas) == 0 {
		return errors.New("seed: the world has no personas")
	}
	at := map[string]string{}
	for _, m := range w.Municipalities {
		if other := at[m.Officer]; m.Officer != "" && other != "" {
			return fmt.Errorf("seed: officer %s serves at two counters, %s and %s", m.Officer, other, m.Code)
		}
		at[m.Officer] = m.Code
	}
	seen := map[string]bool{}
	for _, p := range w.Personas {
		switch {
		case p.ID == "" || strings.Trim(p.ID, "abcdefghijklmnopqrstuvwxyz0123456789-") != "":
			return fmt.Errorf("seed: persona id %q: only lower-case letters, digits and hyphens allowed", p.ID)
		case seen[p.ID]:
			return fmt.Errorf("seed: duplicate persona %s", p.ID)
		case p.Name == "" || p.Address == "":
			return fmt.Errorf("seed: persona %s lacks a name or an address", p.ID)
		}
		seen[p.ID] = true
		if _, err := w.Town(p.Municipality); err != nil {
			return fmt.Errorf("seed: persona %s: %w", p.ID, err)
		}
		if _, err := p.DateOfBirth(time.Unix(0, 0)); err != nil {
			return err
		}
	}
	return nil
}

// Town returns the municipality of a code.
func (w World) Town(code string) (Municipality, error) {
	for _, m := range w.Municipalities {
		if m.Code == code {
			return m, nil
		}
	}
	return Municipality{}, fmt.Errorf("seed: no municipality has code %q", code)
}
