package web

import (
	"context"
	"errors"
	"slices"
	"strings"

	"example.jp/jpkimock/authority/desk"
	frame "example.jp/jpkimock/authority/desk/web"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/internal/ui"
)

// fields gives the fields of an act's form.
func (d *desks) fields(ctx context.Context, e register.LifeEvent, r register.Resident) ([]frame.Field, error) {
	var fields []frame.Field
	switch e {
	case register.MoveHouse:
		fields = []frame.Field{fieldAddress(r.FaceAddress()).Needed(), fieldRegisterAddress}
	case register.MoveIn:
		fields = []frame.Field{fieldAddress("").Needed(), fieldDayOf(e), fieldRegisterAddress}
	case register.MoveOut:
		fields = []frame.Field{fieldDayOf(e)}
	case register.MoveAbroad:
		fields = []frame.Field{fieldDayOf(e), fieldKeepCard}
	case register.NameChange:
		fields = []frame.Field{fieldName.Needed(), fieldKana, fieldRomaji, fieldFormerSurname, fieldRegisterName}
	case register.Correction:
		fields = []frame.Field{fieldName, fieldKana, fieldRomaji, fieldBirth, fieldGender(true), fieldAddress(r.FaceAddress()), fieldRegisterName, fieldRegisterAddress}
	case register.CardIssue:
		fields = []frame.Field{fieldCardExpires}
	case register.Reissue, register.PINReset:
		fields = []frame.Field{fieldKinds(e)}
	}
	if cards, err := d.cardField(ctx, e, r.ID); err != nil {
		return nil, err
	} else if cards != nil {
		fields = append(fields, *cards)
	}
	return append(fields, frame.FieldWhy(eventWords(e).Whys)), nil
}

// cardField lets the counter choose a card, where there is more than one.
func (d *desks) cardField(ctx context.Context, e register.LifeEvent, residentID string) (*frame.Field, error) {
	switch e {
	case register.Loss, register.Found, register.LossFinal, register.CardReturn, register.PINReset, register.Renewal, register.Reissue, register.TakeOn:
	default:
		return nil, nil
	}
	cards, err := d.agency.CardsOf(ctx, residentID)
	if err != nil || len(cards) < 2 {
		return nil, err
	}
	_, err = d.agency.Preview(ctx, register.Notice{ResidentID: residentID, Event: e})
	invalid, ok := errors.AsType[*desk.InvalidError](err)
	f := fieldCard(ok && invalid.Field == "card")
	for _, k := range slices.Backward(cards) {
		name, _ := cardLabels.Of(k.State)
		f.Options = append(f.Options, frame.Option{Value: k.ID, Text: ui.Text{JA: k.ID + "（" + name.JA + "）", EN: k.ID + " (" + name.EN + ")"}})
	}
	return &f, nil
}

// noticeOf begins a notice of an officer. A move in is to the officer's
// own municipality, and of the person whom the search named.
func noticeOf(e register.LifeEvent, r register.Resident, who desk.Officer, said searchTerms, why string) register.Notice {
	n := register.Notice{ResidentID: r.ID, Event: e, By: who.By(why)}
	if e == register.MoveIn {
		person := said.person()
		n.Municipality, n.Person = &who.Municipality, &person
	}
	return n
}

// readNotice reads an act's form: only what the act has a field for.
func readNotice(f *frame.Form, e register.LifeEvent, r register.Resident, who desk.Officer, said searchTerms) register.Notice {
	n := noticeOf(e, r, who, said, f.Needed("why"))
	n.CardID = f.Text("card")
	names := func() { n.Kana, n.Romaji, n.RegisterName = f.Text("kana"), f.Text("romaji"), f.Text("registerName") }
	addresses := func() {
		n.Address = readAddress(f, "address", who.Municipality)
		n.RegisterAddress = readAddress(f, "registerAddress", who.Municipality)
	}
	switch e {
	case register.MoveIn, register.MoveHouse:
		f.Needed("address")
		addresses()
		readDay(f, &n)
	case register.MoveOut, register.MoveAbroad:
		readDay(f, &n)
		n.KeepCard = f.Text("keepCard") == "yes"
	case register.NameChange:
		n.Name, n.FormerSurname = f.Needed("name"), f.Text("formerSurname")
		names()
	case register.Correction:
		n.Name, n.Gender = f.Text("name"), jpki.Gender(f.Text("gender"))
		if d := f.Day("birth"); d != (jpki.DateOfBirth{}) {
			n.DateOfBirth = &d
		}
		names()
		addresses()
	case register.CardIssue:
		switch d := f.Day("cardExpires"); {
		case d.Known():
			n.CardExpires = firstMoment(d)
		case d != (jpki.DateOfBirth{}):
			f.Fail("cardExpires")
		}
	case register.Reissue, register.PINReset:
		n.Kinds = f.Kinds()
	}
	return n
}

// readDay reads the day of a move; empty for today.
func readDay(f *frame.Form, n *register.Notice) {
	switch d := f.Day("day"); {
	case d.Known():
		n.Day = d.Gregorian()
	case d != (jpki.DateOfBirth{}):
		f.Fail("day")
	}
}

// readAddress reads an address of a municipality, which may leave out prefecture
// and city. One of another municipality is refused.
func readAddress(f *frame.Form, name string, m desk.Municipality) string {
	typed := f.Text(name)
	s := within(m, typed)
	elsewhere := !strings.HasPrefix(s, m.Prefecture+m.City) || slices.ContainsFunc(desk.Municipalities(), func(other desk.Municipality) bool {
		return other.Prefecture != m.Prefecture && strings.HasPrefix(typed, other.Prefecture)
	})
	if s != "" && elsewhere {
		f.Say(name, sayAddressElsewhere)
	}
	return s
}

// within puts prefecture and city before an address that leaves them out.
func within(m desk.Municipality, address string) string {
	if address == "" || strings.HasPrefix(address, m.Prefecture) {
		return address
	}
	return m.Prefecture + m.City + strings.TrimPrefix(address, m.City)
}
