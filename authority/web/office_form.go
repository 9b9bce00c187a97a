package web

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"

	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/internal/ui"
)

// formField is a field of an act's form, as the page draws it.
type formField struct {
	Name     string
	Shape    string // text, day, select, kinds, long
	Label    ui.Text
	Hint     ui.Text
	Required bool
	Extra    bool // folded away: substitute characters
	Value    string
	Values   []string
	Options  []formOption
	Error    *ui.Text
}

// formOption is a choice of a field.
type formOption struct {
	Value  string
	Text   ui.Text
	Chosen bool
}

// form is what was typed and what is wrong with it.
type form struct {
	values url.Values
	errors map[string]ui.Text
}

func newForm(values url.Values) *form { return &form{values: values, errors: map[string]ui.Text{}} }

// text reads a field of one line.
func (f *form) text(name string) string {
	s, ok := oneLine(f.values.Get(name))
	if !ok {
		f.errors[name] = fieldWords("")
	}
	return s
}

// needed reads a field that must be filled in.
func (f *form) needed(name string) string {
	s := f.text(name)
	if s == "" {
		f.fail(name)
	}
	return s
}

func (f *form) fail(name string) {
	if _, told := f.errors[name]; !told {
		f.errors[name] = fieldWords(name)
	}
}

// fields gives the fields of an act's form.
func (o *office) fields(ctx context.Context, e register.LifeEvent, r register.Resident) ([]formField, error) {
	var fields []formField
	switch e {
	case register.MoveHouse:
		fields = []formField{fieldAddress(true, r), fieldRegisterAddress()}
	case register.MoveIn:
		fields = []formField{fieldAddress(true, register.Resident{}), fieldRegisterAddress()}
	case register.NameChange:
		fields = []formField{fieldName(true), fieldKana(false), fieldRomaji(), fieldFormerSurname(), fieldRegisterName()}
	case register.Correction:
		fields = []formField{fieldName(false), fieldKana(false), fieldRomaji(), fieldBirth(false), fieldGender(true), fieldAddress(false, r), fieldRegisterName(), fieldRegisterAddress()}
	case register.CardIssue:
		fields = []formField{fieldCardExpires()}
	case register.Reissue, register.PINReset:
		fields = []formField{fieldKinds(e)}
	}
	if cards, err := o.cardField(ctx, e, r.ID); err != nil {
		return nil, err
	} else if cards != nil {
		fields = append(fields, *cards)
	}
	return append(fields, fieldWhy(eventWords(e).Whys)), nil
}

// cardField lets the counter choose a card, where there is more than one.
func (o *office) cardField(ctx context.Context, e register.LifeEvent, residentID string) (*formField, error) {
	switch e {
	case register.Loss, register.Found, register.LossFinal, register.CardReturn, register.PINReset, register.Renewal, register.Reissue:
	default:
		return nil, nil
	}
	cards, err := o.cfg.Authority.CardsOf(ctx, residentID)
	if err != nil || len(cards) < 2 {
		return nil, err
	}
	_, err = o.cfg.Authority.Preview(ctx, register.Notice{ResidentID: residentID, Event: e})
	invalid, ok := errors.AsType[*desk.InvalidError](err)
	f := fieldCard(ok && invalid.Field == "card")
	for _, k := range slices.Backward(cards) {
		name, _ := cardStateName(k.State)
		f.Options = append(f.Options, formOption{Value: k.ID, Text: ui.Text{JA: k.ID + "（" + name.JA + "）", EN: k.ID + " (" + name.EN + ")"}})
	}
	return &f, nil
}

// filled gives the fields with what was typed and what is wrong.
func (f *form) filled(fields []formField) []formField {
	for i := range fields {
		x := &fields[i]
		if typed, ok := f.values[x.Name]; ok {
			x.Value, x.Values = f.values.Get(x.Name), typed
			x.Options = slices.Clone(x.Options)
			for j, option := range x.Options {
				x.Options[j].Chosen = slices.Contains(typed, option.Value)
			}
		}
		if say, ok := f.errors[x.Name]; ok {
			x.Error = &say
			x.Extra = false
		}
	}
	return fields
}

// noticeOf begins a notice of an officer. Whoever moves in comes to the
// officer's own municipality.
func noticeOf(e register.LifeEvent, r register.Resident, who desk.Officer, why string) register.Notice {
	n := register.Notice{ResidentID: r.ID, Event: e, By: who.By(why)}
	if e == register.MoveIn {
		n.Municipality = &who.Municipality
	}
	return n
}

// notice reads an act's form. It reads only what the act has a field for.
func (f *form) notice(e register.LifeEvent, r register.Resident, who desk.Officer) register.Notice {
	n := noticeOf(e, r, who, f.needed("why"))
	n.CardID = f.text("card")
	town := who.Municipality
	switch e {
	case register.MoveIn, register.MoveHouse:
		f.needed("address")
		n.Address, n.RegisterAddress = f.address("address", town), f.address("registerAddress", town)
	case register.NameChange:
		n.Name = f.needed("name")
		f.names(&n)
		n.FormerSurname = f.text("formerSurname")
	case register.Correction:
		n.Name, n.Address, n.RegisterAddress = f.text("name"), f.address("address", town), f.address("registerAddress", town)
		f.names(&n)
		f.correction(&n)
	case register.CardIssue:
		f.cardExpires(&n)
	case register.Reissue, register.PINReset:
		n.Kinds = f.kinds()
	}
	return n
}

func (f *form) names(n *register.Notice) {
	n.Kana, n.Romaji, n.RegisterName = f.text("kana"), f.text("romaji"), f.text("registerName")
}

func (f *form) correction(n *register.Notice) {
	if s := f.text("birth"); s != "" {
		d, ok := parseDay(s)
		if n.DateOfBirth = &d; !ok {
			f.fail("birth")
		}
	}
	n.Gender = jpki.Gender(f.text("gender"))
}

func (f *form) cardExpires(n *register.Notice) {
	s := f.text("cardExpires")
	if s == "" {
		return
	}
	d, ok := parseDay(s)
	if !ok || !d.Known() {
		f.fail("cardExpires")
		return
	}
	n.CardExpires = firstMoment(d)
}

// kinds reads which certificates an act is about; at least one is chosen.
func (f *form) kinds() []jpki.Kind {
	var kinds []jpki.Kind
	for _, s := range f.values["kinds"] {
		if kind, err := jpki.ParseKind(s); err == nil && !slices.Contains(kinds, kind) {
			kinds = append(kinds, kind)
		}
	}
	if len(kinds) == 0 {
		f.fail("kinds")
	}
	return kinds
}

// address reads an address of a municipality, which may leave out prefecture and
// city. One of another municipality is refused.
func (f *form) address(name string, m desk.Municipality) string {
	typed := f.text(name)
	s := within(m, typed)
	elsewhere := !strings.HasPrefix(s, m.Prefecture+m.City) || slices.ContainsFunc(desk.Municipalities(), func(other desk.Municipality) bool {
		return other.Prefecture != m.Prefecture && strings.HasPrefix(typed, other.Prefecture)
	})
	if _, told := f.errors[name]; s != "" && !told && elsewhere {
		f.errors[name] = fieldWords("address elsewhere")
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
