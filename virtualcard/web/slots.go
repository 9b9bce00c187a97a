package web

import (
	"context"
	"strings"

	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/apdulog"
	"example.jp/jpkimock/virtualcard/vpcd"
)

// slot is a reader as the desk draws it.
type slot struct {
	ID   string // "home", or "pcsc:" and the name of a PC/SC reader
	Name ui.Text
	vpcd.State
	Card *virtualcard.Summary // nil for none, and in a real reader
	// Troubled: something goes wrong on purpose there.
	Troubled bool
	// Real: a PC/SC reader of this computer. Occupied: a card is in it.
	Real, Occupied bool
}

// usualReaders are what people call the readers that every town has.
func usualReaders() map[string]ui.Text {
	return map[string]ui.Text{
		"home": {JA: "自宅", EN: "Home"}, "tv": {JA: "セットトップボックス", EN: "Set-top box"},
		"reception": {JA: "医療機関の受付", EN: "Reception"}, "pharmacy": {JA: "薬局", EN: "Pharmacy"},
	}
}

func readerName(id string) ui.Text {
	if name, ok := usualReaders()[id]; ok {
		return name
	}
	return ui.Text{JA: id, EN: id}
}

// slots are the virtual readers with what lies in them.
func (d cardDesk) slots(ctx context.Context) ([]slot, error) {
	var all []slot
	for _, r := range d.Readers.All() {
		s := slot{ID: r.Name(), Name: readerName(r.Name()), State: r.State(), Troubled: r.Faults() != virtualcard.Faults{}}
		if id := s.State.Card; id != "" {
			card, err := d.Cabinet.Card(ctx, id)
			if err != nil {
				return nil, err
			}
			faults, err := d.Cabinet.Faults(ctx, id)
			if err != nil {
				return nil, err
			}
			s.Card, s.Occupied = &card, true
			s.Troubled = s.Troubled || faults != virtualcard.Faults{}
		}
		all = append(all, s)
	}
	return all, nil
}

// realSlots are the PC/SC readers of this computer that may be used.
func (d cardDesk) realSlots() ([]slot, error) {
	readers, err := d.Real.Readers()
	var all []slot
	for _, r := range readers {
		s := slot{ID: realPrefix + r.Name, Name: ui.Text{JA: r.Name, EN: r.Name}, Real: true, Occupied: r.Card}
		s.Dead = r.Mute
		all = append(all, s)
	}
	return all, err
}

// said is a command with its answer, for people.
type said struct {
	No              int
	Command, Answer string
	Says            ui.Text
	Event           bool
	// Wanted is what a transcript wants for an answer, and Unlike that it is another one.
	Wanted string
	Unlike bool
}

// Of a long answer the page shows the beginning and the end, in bytes.
const headShown, tailShown = 24, 2

// shortened writes hexadecimal digits of an answer as the page shows them.
func shortened(answer string) string {
	bytes := strings.Fields(answer)
	if len(bytes) <= headShown+tailShown {
		return answer
	}
	return strings.Join(bytes[:headShown], " ") + " … " + strings.Join(bytes[len(bytes)-tailShown:], " ")
}

func saidOf(lines []apdulog.Line) []said {
	all := make([]said, 0, len(lines))
	for _, l := range lines {
		all = append(all, said{
			No: l.No, Command: shortened(l.Command), Answer: shortened(l.Answer), Says: ui.Text{JA: l.SaysJA, EN: l.Says}, Event: l.Command == "",
		})
	}
	return all
}
