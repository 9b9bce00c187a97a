// Package payment is the cashier of a hospital or a clinic (会計): what a visit costs, what
// the patient pays of it, and how it was paid. A credit card is charged through the card
// company's gateway, to which it says an amount and a number of an order. It never has the
// number of a credit card.
//
// Whatever is cut off stays written down as sent, and is in doubt until the gateway was
// asked: cashier.go. So nobody is charged twice, and nothing that was charged is forgotten.
package payment

import (
	"errors"
	"slices"
	"time"

	"example.jp/jpkimock/medical"
)

// Rules that a request can break.
var (
	ErrNoBill = errors.New("payment: there is no such bill")
	ErrExists = errors.New("payment: the visit has a bill")
	ErrLines  = errors.New("payment: a bill has acts of the table, and a share of 10, 20, 30 or 100 per cent")
	ErrState  = errors.New("payment: the bill is not in a state for this")
)

// Act is something that was done for a patient (診療行為), with its points. The table is
// invented.
type Act struct {
	Code, Group, GroupEN, JA, EN string
	Points                       int
}

// Acts lists them in the order of a statement.
func Acts() []Act {
	return []Act{
		{"A1", "初・再診料", "Visits", "初診料", "First visit", 288},
		{"A2", "初・再診料", "Visits", "再診料", "Return visit", 73},
		{"B1", "医学管理等", "Guidance", "生活習慣の指導管理料", "Guidance on habits of life", 227},
		{"D1", "検査", "Tests", "血液の検査一式", "Blood tests", 156},
		{"D2", "検査", "Tests", "心電図の検査", "Electrocardiogram", 131},
		{"E1", "画像診断", "Imaging", "胸部の単純撮影", "X-ray of the chest", 212},
		{"F1", "投薬", "Medication", "処方箋料", "Prescription", 61},
		{"J1", "処置", "Treatment", "創傷の処置", "Dressing of a wound", 54},
	}
}

// Line is an act on a bill.
type Line struct {
	Code  string `json:"code"`
	Count int    `json:"count"`
}

// Act gives the line's act of the table.
func (l Line) Act() Act {
	i := slices.IndexFunc(Acts(), func(a Act) bool { return a.Code == l.Code })
	if i < 0 {
		return Act{Code: l.Code}
	}
	return Acts()[i]
}

// Points gives the line's points.
func (l Line) Points() int { return l.Act().Points * l.Count }

// yenAPoint is what a point is worth.
const yenAPoint = 10

// Due gives what a patient pays of some points (一部負担金), in yen: a share in per cent,
// rounded to ten yen, under five down and from five up (健康保険法 75条).
func Due(points, share int) int64 {
	hundredths := int64(points) * yenAPoint * int64(share)
	return (hundredths + 500) / 1000 * 10
}

// Way is how money goes.
type Way string

// The ways.
const (
	Cash   Way = "cash"
	Credit Way = "credit"
)

// Progress is how far a movement has come.
type Progress string

// The stages. Nothing was sent to the gateway of what has Begun; what was Sent is in doubt
// until its answer is here.
const (
	Begun      Progress = "begun"
	Sent       Progress = "sent"
	Confirming Progress = "confirming"
	Done       Progress = "done"
	Declined   Progress = "declined"
	Void       Progress = "void"
)

// Movement is money that goes, or was to go. Its ID is the number of the gateway's order.
type Movement struct {
	ID       string    `json:"id"`
	Of       string    `json:"of,omitempty"` // of a refund: the movement that it gives back from
	Way      Way       `json:"way"`
	Amount   int64     `json:"amount"` // in yen
	Progress Progress  `json:"progress"`
	Code     string    `json:"code,omitempty"` // why it was declined
	Brand    string    `json:"brand,omitempty"`
	Last4    string    `json:"last4,omitempty"`
	Confirm  string    `json:"confirm,omitempty"` // the gateway's page
	At       time.Time `json:"at"`
}

// pending reports that only the gateway knows how it ended.
func (m Movement) pending() bool { return m.Progress == Sent || m.Progress == Confirming }

// Bill is what a visit costs. A visit has one.
type Bill struct {
	Visit     int64        `json:"visit"`
	No        int          `json:"no"` // the ticket's number
	Day       medical.Date `json:"day"`
	Lines     []Line       `json:"lines"`
	Share     int          `json:"share"` // what the patient pays, in per cent
	Movements []Movement   `json:"movements"`
}

// Points are what was done, in points.
func (b Bill) Points() (sum int) {
	for _, l := range b.Lines {
		sum += l.Points()
	}
	return sum
}

// Total is what the care costs, in yen.
func (b Bill) Total() int64 { return int64(b.Points()) * yenAPoint }

// Due is what the patient pays.
func (b Bill) Due() int64 { return Due(b.Points(), b.Share) }

// Paid is what the patient has paid, less what was given back.
func (b Bill) Paid() (sum int64) {
	for _, m := range b.Movements {
		switch {
		case m.Progress != Done:
		case m.Of != "":
			sum -= m.Amount
		default:
			sum += m.Amount
		}
	}
	return sum
}

// State is how a bill stands.
type State string

// The states.
const (
	InDoubt  State = "in_doubt" // the gateway is to be asked
	Refused  State = "refused"  // to be paid, and a credit card was declined
	Overpaid State = "overpaid" // something is to be given back
	Owed     State = "owed"     // to be paid
	Paid     State = "paid"
)

// State gives it.
func (b Bill) State() State {
	var last Progress
	for _, m := range b.Movements {
		if m.Progress != Begun {
			last = m.Progress
		}
	}
	switch open := b.Due() - b.Paid(); {
	case b.busy():
		return InDoubt
	case open > 0 && last == Declined:
		return Refused
	case open > 0:
		return Owed
	case open < 0:
		return Overpaid
	}
	return Paid
}

// busy reports that a movement is pending.
func (b Bill) busy() bool { return slices.ContainsFunc(b.Movements, Movement.pending) }

// Find gives a movement; nil if the bill has none of this ID.
func (b *Bill) Find(id string) *Movement {
	for i := range b.Movements {
		if b.Movements[i].ID == id {
			return &b.Movements[i]
		}
	}
	return nil
}

// check refuses lines and shares that no bill has.
func (b Bill) check() error {
	if len(b.Lines) > len(Acts()) || !slices.Contains([]int{10, 20, 30, 100}, b.Share) {
		return ErrLines
	}
	for i, l := range b.Lines {
		if l.Points() <= 0 || l.Count > 99 || slices.ContainsFunc(b.Lines[:i], func(other Line) bool { return other.Code == l.Code }) {
			return ErrLines
		}
	}
	return nil
}
