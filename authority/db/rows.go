package db

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/jpki"
)

// residentRow is an entry of the register. What the authority never searches
// by lies in one JSON column.
type residentRow struct {
	ID   string `gorm:"primaryKey;size:63"`
	Born string `gorm:"size:10;index"` // YYYY-MM-DD
	Body []byte
}

func (residentRow) TableName() string { return "residents" }

func rowOfResident(r authority.Resident) (residentRow, error) {
	body, err := json.Marshal(r)
	return residentRow{ID: r.ID, Born: r.BasicFour.DateOfBirth.Gregorian(), Body: body}, err
}

func (r residentRow) resident() (authority.Resident, error) {
	var out authority.Resident
	err := json.Unmarshal(r.Body, &out)
	return out, err
}

// cardRow is a card. Times are Unix seconds in every table.
type cardRow struct {
	ID         string `gorm:"primaryKey;size:63"`
	ResidentID string `gorm:"size:63;index"`
	IssuedAt   int64
	Expires    int64
	State      string `gorm:"size:16"`
	Since      int64  // 0 for none
}

func (cardRow) TableName() string { return "cards" }

func rowOfCard(c authority.Card) cardRow {
	return cardRow{
		ID: c.ID, ResidentID: c.ResidentID, IssuedAt: c.IssuedAt.Unix(), Expires: c.Expires.Unix(),
		State: string(c.State), Since: orNone(c.Since),
	}
}

func (r cardRow) card() authority.Card {
	return authority.Card{
		ID: r.ID, ResidentID: r.ResidentID, IssuedAt: at(r.IssuedAt), Expires: at(r.Expires),
		State: authority.CardState(r.State), Since: noneOr(r.Since),
	}
}

// orNone gives a time as a column that is 0 for the zero time; noneOr is its
// inverse.
func orNone(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

func noneOr(seconds int64) time.Time {
	if seconds == 0 {
		return time.Time{}
	}
	return at(seconds)
}

// certificateRow is a certificate with its standing. Number is the serial
// number as an integer.
type certificateRow struct {
	Kind       int    `gorm:"primaryKey;autoIncrement:false"`
	Number     int64  `gorm:"primaryKey;autoIncrement:false"`
	CardID     string `gorm:"size:63;index"`
	ResidentID string `gorm:"size:63;index"`
	DER        []byte
	NotBefore  int64
	NotAfter   int64
	State      int
	Reason     int
	Since      int64
	Delivered  bool `gorm:"index"`
}

func (certificateRow) TableName() string { return "certificates" }

func rowOfCertificate(c authority.Certificate) (certificateRow, error) {
	n, err := number(c.Serial)
	return certificateRow{
		Kind: int(c.Kind), Number: n, CardID: c.CardID, ResidentID: c.ResidentID, DER: c.DER,
		NotBefore: c.NotBefore.Unix(), NotAfter: c.NotAfter.Unix(), State: int(c.Standing.State),
		Reason: int(c.Standing.Reason), Since: c.Standing.Since.Unix(), Delivered: c.Delivered,
	}, err
}

func (r certificateRow) certificate() authority.Certificate {
	return authority.Certificate{
		Kind: jpki.Kind(r.Kind), Serial: serial(r.Number), CardID: r.CardID, ResidentID: r.ResidentID, DER: r.DER,
		NotBefore: at(r.NotBefore), NotAfter: at(r.NotAfter), Standing: standing(r.State, r.Reason, r.Since), Delivered: r.Delivered,
	}
}

// eventRow is a line of the journal.
type eventRow struct {
	ID         int64 `gorm:"primaryKey"`
	At         int64
	Act        string `gorm:"size:32"`
	Kind       int    `gorm:"index:of_certificate,priority:1"`
	Number     int64  `gorm:"index:of_certificate,priority:2"`
	CardID     string `gorm:"size:63"`
	ResidentID string `gorm:"size:63;index"`
	Reason     int
	Officer    string
	Why        string
	Cause      string `gorm:"size:32"`
}

func (eventRow) TableName() string { return "events" }

func rowOfEvent(e authority.Event) (eventRow, error) {
	n, err := number(e.Serial)
	return eventRow{
		At: e.At.Unix(), Act: e.Act, Kind: int(e.Kind), Number: n, CardID: e.CardID, ResidentID: e.ResidentID,
		Reason: int(e.Reason), Officer: e.Officer, Why: e.Why, Cause: string(e.Cause),
	}, err
}

func (r eventRow) event() authority.Event {
	return authority.Event{
		ID: r.ID, At: at(r.At), Act: r.Act, Kind: jpki.Kind(r.Kind), Serial: serial(r.Number), CardID: r.CardID,
		ResidentID: r.ResidentID, Reason: jpki.Reason(r.Reason), Officer: r.Officer, Why: r.Why, Cause: authority.LifeEvent(r.Cause),
	}
}

// verifierRow is an entry of the verifiers' register.
type verifierRow struct {
	ID      string `gorm:"primaryKey;size:63"`
	Name    string
	KeyHash []byte `gorm:"uniqueIndex"`
	Kinds   string // names, separated by spaces
	State   string `gorm:"size:16"`
	Since   int64
	Why     string

	Conditions string
}

func (verifierRow) TableName() string { return "verifiers" }

func rowOfVerifier(v authority.Verifier) verifierRow {
	var kinds []string
	for _, k := range v.Kinds {
		kinds = append(kinds, k.String())
	}
	return verifierRow{
		ID: v.ID, Name: v.Name, KeyHash: v.KeyHash[:], Kinds: strings.Join(kinds, " "), State: string(v.State), Since: v.Since.Unix(), Why: v.Why,
		Conditions: v.Conditions,
	}
}

func (r verifierRow) verifier() (authority.Verifier, error) {
	v := authority.Verifier{ID: r.ID, Name: r.Name, State: authority.VerifierState(r.State), Since: at(r.Since), Why: r.Why, Conditions: r.Conditions}
	if copy(v.KeyHash[:], r.KeyHash) != len(v.KeyHash) {
		return v, fmt.Errorf("verifier %s: key hash of %d octets", r.ID, len(r.KeyHash))
	}
	for _, name := range strings.Fields(r.Kinds) {
		kind, err := jpki.ParseKind(name)
		if err != nil {
			return v, err
		}
		v.Kinds = append(v.Kinds, kind)
	}
	return v, nil
}

// publicationRow is the last CRL of a kind.
type publicationRow struct {
	Kind       int `gorm:"primaryKey;autoIncrement:false"`
	Number     int64
	ThisUpdate int64
}

func (publicationRow) TableName() string { return "publications" }

// keptRow is a key or a CA certificate.
type keptRow struct {
	Name  string `gorm:"primaryKey;size:128"`
	Value []byte
}

func (keptRow) TableName() string { return "kept" }

func at(seconds int64) time.Time { return time.Unix(seconds, 0).UTC() }

func standing(state, reason int, since int64) authority.Standing {
	return authority.Standing{State: authority.State(state), Reason: jpki.Reason(reason), Since: at(since)}
}

// number gives a serial number as an integer; the authority's have at most 63
// bits. The zero serial number is 0.
func number(s jpki.SerialNumber) (int64, error) {
	n := s.Big()
	if !n.IsInt64() {
		return 0, fmt.Errorf("serial number %s is not one this authority gives", s)
	}
	return n.Int64(), nil
}

// serial is the inverse of number.
func serial(n int64) jpki.SerialNumber {
	if n <= 0 {
		return ""
	}
	s := fmt.Sprintf("%X", n)
	if len(s)%2 == 1 {
		s = "0" + s
	}
	return jpki.SerialNumber(s)
}
