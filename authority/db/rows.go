package db

import (
	"encoding/json"
	"fmt"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
)

// residentRow is an entry of the register. What the authority never searches
// by lies in one JSON column.
type residentRow struct {
	ID   string `gorm:"primaryKey;size:63"`
	Born string `gorm:"size:10;index"` // YYYY-MM-DD
	Body []byte
}

func (residentRow) TableName() string { return "residents" }

func rowOfResident(r register.Resident) (residentRow, error) {
	body, err := json.Marshal(r)
	return residentRow{ID: r.ID, Born: r.BasicFour.DateOfBirth.Gregorian(), Body: body}, err
}

func (r residentRow) resident() (register.Resident, error) {
	var out register.Resident
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
	Lapses     int64  `gorm:"index"` // 0 for none
}

func (cardRow) TableName() string { return "cards" }

func rowOfCard(c register.Card) (cardRow, error) {
	return cardRow{
		ID: c.ID, ResidentID: c.ResidentID, IssuedAt: c.IssuedAt.Unix(), Expires: c.Expires.Unix(),
		State: string(c.State), Since: orNone(c.Since), Lapses: orNone(c.Lapses),
	}, nil
}

func (r cardRow) card() (register.Card, error) {
	return register.Card{
		ID: r.ID, ResidentID: r.ResidentID, IssuedAt: at(r.IssuedAt), Expires: at(r.Expires),
		State: register.CardState(r.State), Since: noneOr(r.Since), Lapses: noneOr(r.Lapses),
	}, nil
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

// certificateRow is a certificate with its status. Number is the serial
// number as an integer. The indexes hold kind and number, since of two that it cannot
// compare SQLite takes the one that needs no sorting: the primary key, a scan of a kind.
type certificateRow struct {
	Kind       int    `gorm:"primaryKey;autoIncrement:false;index:certificates_of_card,priority:2;index:certificates_of_resident,priority:2"`
	Number     int64  `gorm:"primaryKey;autoIncrement:false;index:certificates_of_card,priority:3;index:certificates_of_resident,priority:3"`
	CardID     string `gorm:"size:63;index:certificates_of_card,priority:1"`
	ResidentID string `gorm:"size:63;index:certificates_of_resident,priority:1"`
	DER        []byte
	NotBefore  int64
	NotAfter   int64
	State      int
	Reason     int
	Since      int64
	Delivered  bool `gorm:"index"`
}

func (certificateRow) TableName() string { return "certificates" }

func rowOfCertificate(c register.Certificate) (certificateRow, error) {
	n, err := number(c.Serial)
	return certificateRow{
		Kind: int(c.Kind), Number: n, CardID: c.CardID, ResidentID: c.ResidentID, DER: c.DER,
		NotBefore: c.NotBefore.Unix(), NotAfter: c.NotAfter.Unix(), State: int(c.Status.State),
		Reason: int(c.Status.Reason), Since: c.Status.Since.Unix(), Delivered: c.Delivered,
	}, err
}

func (r certificateRow) certificate() (register.Certificate, error) {
	return register.Certificate{
		Kind: jpki.Kind(r.Kind), Serial: serial(r.Number), CardID: r.CardID, ResidentID: r.ResidentID, DER: r.DER,
		NotBefore: at(r.NotBefore), NotAfter: at(r.NotAfter), Status: status(r.State, r.Reason, r.Since), Delivered: r.Delivered,
	}, nil
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

func rowOfEvent(e register.Event) (eventRow, error) {
	n, err := number(e.Serial)
	return eventRow{
		At: e.At.Unix(), Act: e.Act, Kind: int(e.Kind), Number: n, CardID: e.CardID, ResidentID: e.ResidentID,
		Reason: int(e.Reason), Officer: e.Officer, Why: e.Why, Cause: string(e.Cause),
	}, err
}

func (r eventRow) event() (register.Event, error) {
	return register.Event{
		ID: r.ID, At: at(r.At), Act: r.Act, Kind: jpki.Kind(r.Kind), Serial: serial(r.Number), CardID: r.CardID,
		ResidentID: r.ResidentID, Reason: jpki.Reason(r.Reason), Officer: r.Officer, Why: r.Why, Cause: register.LifeEvent(r.Cause),
	}, nil
}

// formerRow is an entry of the register that no longer holds; the resident
// lies in it as JSON.
type formerRow struct {
	ID         int64  `gorm:"primaryKey"`
	ResidentID string `gorm:"size:63;index"`
	Until      int64
	Cause      string `gorm:"size:32"`
	Officer    string
	Why        string
	Body       []byte
}

func (formerRow) TableName() string { return "former_entries" }

func rowOfFormer(e register.FormerEntry) (formerRow, error) {
	body, err := json.Marshal(e.Resident)
	return formerRow{ResidentID: e.Resident.ID, Until: e.Until.Unix(), Cause: string(e.Cause), Officer: e.Officer, Why: e.Why, Body: body}, err
}

func (r formerRow) entry() (register.FormerEntry, error) {
	e := register.FormerEntry{ID: r.ID, Until: at(r.Until), Cause: register.LifeEvent(r.Cause), Officer: r.Officer, Why: r.Why}
	err := json.Unmarshal(r.Body, &e.Resident)
	return e, err
}

func at(seconds int64) time.Time { return time.Unix(seconds, 0).UTC() }

func status(state, reason int, since int64) register.Status {
	return register.Status{State: register.State(state), Reason: jpki.Reason(reason), Since: at(since)}
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
