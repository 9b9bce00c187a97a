package catv

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/big"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// ContractNumber is the number of a household's contract (契約番号): six digits.
type ContractNumber string

// RegistrationCode is a code of the contract papers (登録コード): six digits. Each
// person of a household has one, and it enrols one viewer.
type RegistrationCode string

// BoxID is the number on a set-top box (セットトップボックス).
type BoxID string

// Limits of an enrolment.
const (
	// MaxWrongCodes in a row shut a contract's enrolment for LockTime.
	MaxWrongCodes = 5
	LockTime      = time.Hour
)

// Contract is a household's contract (世帯の契約).
type Contract struct {
	Number ContractNumber `json:"number"`
	Holder Name           `json:"holder"`
	Box    BoxID          `json:"box"`
	Since  time.Time      `json:"since,omitzero"`
	// Subscriber is who signed the contract; the zero value if the papers do not say.
	// Viewers are never shown it.
	Subscriber Subscriber `json:"subscriber,omitzero"`
	// Places are the people whom the papers name, in their order.
	Places []Place `json:"places"`
}

// Subscriber is who signed a contract (契約者), and where its box stands (設置場所).
type Subscriber struct {
	Name    string `json:"name"`
	Address string `json:"address"`
}

// PlaceID is the operator's own number for a line of the contract papers.
type PlaceID int64

// Place is a line of the contract papers: a person of the household with a
// registration code, and with what the municipality's health programme knows.
type Place struct {
	ID       PlaceID          `json:"-"`
	Contract ContractNumber   `json:"-"`
	Label    Name             `json:"label"` // as the papers address the person
	Code     RegistrationCode `json:"code"`
	Profile  Profile          `json:"profile"`
	// Viewer is who was enrolled with the code; 0 while nobody is.
	Viewer ViewerID `json:"-"`
}

// Profile is what the municipality's health programme knows of a participant at
// the start. What the scales, the pedometer and the blood pressure monitor send
// each day is made of it: the same for the same person and day, every time.
type Profile struct {
	Born      int         `json:"born"` // year
	Sex       jpki.Gender `json:"sex"`
	HeightCM  float64     `json:"heightCM"`
	WeightKG  float64     `json:"weightKG"`
	Steps     int         `json:"steps"` // on a usual day
	Systolic  int         `json:"systolic"`
	Diastolic int         `json:"diastolic"`
}

func (p Profile) valid() bool {
	return p.Born > 1900 && p.Born < 2200 && p.HeightCM > 40 && p.HeightCM < 230 && p.WeightKG > 2 && p.WeightKG < 250 &&
		p.Steps >= 0 && p.Steps < 60000 && p.Systolic > 60 && p.Systolic < 230 && p.Diastolic > 30 && p.Diastolic < p.Systolic
}

// ViewerID is the operator's own number for a viewer.
type ViewerID int64

// Viewer is an enrolled viewer (視聴者). The operator knows a nickname and
// certificates, no name.
type Viewer struct {
	ID       ViewerID
	Contract ContractNumber
	Place    PlaceID
	Nickname Nickname
	// Serial is the user authentication certificate by which the viewer is
	// recognised now; Signature is the digital signature certificate on the same
	// card, empty if there is none. Expires is the end of the first one's validity.
	Serial, Signature jpki.SerialNumber
	Expires           time.Time
	EnrolledAt        time.Time
	SeenAt            time.Time // the last sign-in
}

// Linked is a certificate by which a viewer was recognised, and since when.
type Linked struct {
	Serial jpki.SerialNumber
	At     time.Time
}

// Enrolment is what a viewer brings to be enrolled: contract papers, a chosen
// nickname, and the card's answer to a challenge.
type Enrolment struct {
	Contract ContractNumber
	Code     RegistrationCode
	Nickname Nickname
	Token    []byte // Web eID authentication token
	Nonce    string // that of the challenge in the session
}

// Install enters a contract and its box (a technician's visit). The contract is
// there when it returns; ErrContractExists if its number is.
func (s *Station) Install(ctx context.Context, c Contract) error {
	if !digits(string(c.Number), 6) || c.Holder.JA == "" || c.Box == "" || len(c.Places) == 0 || len(c.Places) > 12 {
		return ErrContract
	}
	if c.Subscriber != (Subscriber{}) && !c.Subscriber.valid() {
		return ErrContract
	}
	seen := map[RegistrationCode]bool{}
	for _, p := range c.Places {
		if !digits(string(p.Code), 6) || seen[p.Code] || p.Label.JA == "" || !p.Profile.valid() {
			return ErrContract
		}
		seen[p.Code] = true
	}
	if c.Since.IsZero() {
		c.Since = s.now().UTC()
	}
	return s.store.AddContract(ctx, c)
}

func (s Subscriber) valid() bool {
	return jpki.CheckLine(s.Name, jpki.MaxAddress) == nil && jpki.CheckLine(s.Address, jpki.MaxAddress) == nil
}

// Move enters a subscriber's new name and address.
func (s *Station) Move(ctx context.Context, number ContractNumber, to Subscriber) error {
	if !to.valid() {
		return ErrContract
	}
	return s.store.MoveContract(ctx, number, to)
}

// Papers reads a line of the contract papers by number and code. A wrong code
// is counted; after MaxWrongCodes the contract's enrolment is shut for LockTime.
func (s *Station) Papers(ctx context.Context, number ContractNumber, code RegistrationCode) (Place, error) {
	if !digits(string(number), 6) || !digits(string(code), 6) {
		return Place{}, ErrCode
	}
	return s.store.TryCode(ctx, number, code, s.now())
}

// Challenge makes the nonce for one enrolment or sign-in. It must be kept in the
// session of whoever asked, and given back with the card's answer.
func (s *Station) Challenge(ctx context.Context) (string, error) {
	challenge, err := s.verifier.NewChallenge(ctx)
	return challenge.Nonce, err
}

// Enrol enrols a viewer: the papers say of which household, the card who. The
// code is used up and the viewer committed when it returns.
func (s *Station) Enrol(ctx context.Context, e Enrolment) (Viewer, error) {
	if err := e.Nickname.Check(); err != nil {
		return Viewer{}, err
	}
	place, err := s.Papers(ctx, e.Contract, e.Code)
	if err != nil {
		return Viewer{}, err
	}
	who, err := s.verifier.VerifyAuthentication(ctx, e.Token, e.Nonce)
	if err != nil {
		return Viewer{}, err
	}
	paired, err := s.pair(ctx, who.Serial)
	if err != nil {
		return Viewer{}, err
	}
	now := s.now().UTC()
	return s.store.AddViewer(ctx, Viewer{
		Contract: place.Contract, Place: place.ID, Nickname: e.Nickname, Serial: who.Serial, Signature: paired,
		Expires: who.Certificate.NotAfter.UTC(), EnrolledAt: now, SeenAt: now,
	})
}

// pair asks for the digital signature certificate on the same card.
func (s *Station) pair(ctx context.Context, authentication jpki.SerialNumber) (jpki.SerialNumber, error) {
	if s.linkage == nil {
		return "", nil
	}
	return s.linkage.Pair(ctx, jpki.UserAuthentication, authentication)
}

// Viewer gives a viewer, or ErrNoViewer.
func (s *Station) Viewer(ctx context.Context, id ViewerID) (Viewer, error) {
	return s.store.Viewer(ctx, id)
}

// PlaceOf gives the papers' line of a viewer, or ErrNoViewer.
func (s *Station) PlaceOf(ctx context.Context, id ViewerID) (Place, error) {
	return s.store.PlaceOf(ctx, id)
}

// Family gives the other viewers of a viewer's household.
func (s *Station) Family(ctx context.Context, id ViewerID) ([]Viewer, error) {
	me, err := s.store.Viewer(ctx, id)
	if err != nil {
		return nil, err
	}
	all, err := s.store.Viewers(ctx, me.Contract)
	family := make([]Viewer, 0, len(all))
	for _, v := range all {
		if v.ID != id {
			family = append(family, v)
		}
	}
	return family, err
}

// newCode makes six random digits.
func newCode() (RegistrationCode, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return "", err
	}
	return RegistrationCode(fmt.Sprintf("%06d", n)), nil
}

func digits(s string, n int) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return len(s) == n
}
