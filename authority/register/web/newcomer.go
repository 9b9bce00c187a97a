package web

import (
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/desk"
	frame "example.jp/jpkimock/authority/desk/web"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/internal/shown"
	"example.jp/jpkimock/internal/ui"
)

// newcomerView is the form of a new resident.
type newcomerView struct {
	Town   ui.Text // whose register it is
	Fields []frame.Field
	Bad    bool
}

// askNewcomer shows the form by which a person comes into the register for the
// first time: a birth, or a first address in Japan.
func (d *desks) askNewcomer(c echo.Context, who desk.Officer) error {
	return d.showNewcomer(c, who, frame.NewForm(nil))
}

func (d *desks) showNewcomer(c echo.Context, who desk.Officer, f *frame.Form) error {
	v := newcomerView{Town: frame.TownName(who.Municipality), Fields: f.Filled(newcomerFields()...), Bad: f.Wrong()}
	return d.ShowForm(c, f, "newcomer", pageTitles.newcomer, who, v)
}

func newcomerFields() []frame.Field {
	name, address := fieldName.Needed(), fieldAddress("").Needed()
	name.Label, address.Label = sayNewcomer.name, sayNewcomer.address
	return []frame.Field{
		name, fieldKana.Needed(), fieldRomaji, fieldBirth.Needed(), fieldGender(false),
		address, fieldNationality, fieldRegisterName, fieldRegisterAddress,
		frame.FieldWhy(newcomerWhys),
	}
}

// prepareNewcomer reads the form, asks the authority what the entry would be,
// and holds it for confirmation.
func (d *desks) prepareNewcomer(c echo.Context, who desk.Officer) error {
	f := frame.Posted(c)
	r, by := d.newcomer(f, who.Municipality), who.By(f.Needed("why"))
	if f.Wrong() {
		return d.showNewcomer(c, who, f)
	}
	n, err := d.agency.PreviewResident(c.Request().Context(), r, by)
	if f.Refused(err, newcomerField) {
		return d.showNewcomer(c, who, f)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/office/counter/pending/"+d.hold(c, act{Newcomer: &n.Entry, Notice: register.Notice{By: by.Having(n.Version())}}))
}

// entryView is a first entry in the register, before it is made and after.
type entryView struct {
	Key        string
	Resident   residentLine
	Town       ui.Text
	Gender     ui.Text
	Child      bool // too young for a signature certificate
	Substitute bool
	Namesakes  []incomingLine // of the same name and date of birth
	Version    shown.Version
	Changed    bool // since it was shown
	Why        ui.Text
	At         time.Time // when it was made
}

func (d *desks) entryView(r register.Resident) entryView {
	return entryView{
		Resident: lineOf(r), Town: frame.TownName(r.Municipality), Gender: genderName(r.BasicFour.Gender), Child: r.TooYoung(d.now()),
		Substitute: r.RegisterName != "" || r.RegisterAddress != "",
	}
}

// showNewcomerEntry shows the entry that waits for confirmation.
func (d *desks) showNewcomerEntry(c echo.Context, who desk.Officer, p pending) error {
	n, err := d.agency.PreviewResident(c.Request().Context(), *p.Newcomer, p.Notice.By)
	if err != nil {
		return err
	}
	v := d.entryView(n.Entry)
	v.Key, v.Why = p.key, whyText(p.Notice.Why)
	for _, r := range n.Namesakes {
		v.Namesakes = append(v.Namesakes, incomingLine{lineOf(r), frame.TownName(r.Municipality)})
	}
	v.Version = n.Version()
	changed, status := again(c, p, v.Version)
	v.Changed = changed
	return d.Show(c, status, "newcomer-pending", pageTitles.newcomer, who, v)
}

// enterNewcomer enters the person into the register, once. Certificates come
// with a card, which is the next act.
func (d *desks) enterNewcomer(c echo.Context, who desk.Officer, p pending) error {
	err := d.once(c, func(a act) (outcome, error) {
		entered, err := d.agency.RegisterResident(c.Request().Context(), *a.Newcomer, a.Notice.Having(seen(c, p)))
		return outcome{Newcomer: &entered, Done: authority.Done{At: d.now()}}, err
	})
	if errors.Is(err, shown.ErrChanged) {
		return d.showNewcomerEntry(c, who, p)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/office/counter/done/"+url.PathEscape(c.Param("key")))
}

// showEntered shows the entry that was made.
func (d *desks) showEntered(c echo.Context, who desk.Officer, r outcome) error {
	v := d.entryView(*r.Newcomer)
	v.At = r.Done.At
	return d.Show(c, http.StatusOK, "newcomer-done", pageTitles.newcomer, who, v)
}

// newcomerField gives the form's field for the authority's.
func newcomerField(domain string) string {
	switch domain = strings.TrimPrefix(domain, "basicFour."); domain {
	case "address", "gender", "kana", "romaji":
		return domain
	case "dateOfBirth":
		return "birth"
	case "registerName", "registerAddress", "nationality", "why":
		return domain
	}
	return "name"
}

// newcomer reads the form. The person's number in the register is drawn; the
// Individual Number is not used anywhere.
func (d *desks) newcomer(f *frame.Form, town desk.Municipality) register.Resident {
	r := register.Resident{ID: "resident-" + strings.ToLower(rand.Text()[:12]), Kana: f.Needed("kana"), Romaji: f.Text("romaji"), Nationality: strings.ToUpper(f.Text("nationality")), Municipality: town}
	f.Needed("birth")
	birth := f.Day("birth")
	if birth.Known() && d.now().Before(firstMoment(birth)) {
		f.Fail("birth")
	}
	gender := jpki.Gender(f.Text("gender"))
	if gender != jpki.Male && gender != jpki.Female && gender != jpki.NotApplicable {
		f.Fail("gender")
	}
	f.Needed("address")
	r.BasicFour = jpki.NewBasicFour(f.Needed("name"), birth, gender, readAddress(f, "address", town))
	if r.RegisterName = f.Text("registerName"); r.RegisterName != "" {
		r.BasicFour.SubstituteCharacterOfCommonName = "" // the authority compares the two
	}
	if r.RegisterAddress = readAddress(f, "registerAddress", town); r.RegisterAddress != "" {
		r.BasicFour.SubstituteCharacterOfAddress = ""
	}
	return r
}
