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
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/internal/ui"
)

// newcomerView is the form of a new resident.
type newcomerView struct {
	Town   ui.Text // whose register it is
	Fields []formField
	Bad    bool
}

// askNewcomer shows the form by which a person comes into the register for the
// first time: a birth, or a first address in Japan.
func (o *office) askNewcomer(c echo.Context, who desk.Officer) error {
	return o.showNewcomer(c, who, http.StatusOK, newForm(url.Values{}))
}

func (o *office) showNewcomer(c echo.Context, who desk.Officer, status int, f *form) error {
	v := newcomerView{Town: townName(who.Municipality), Fields: f.filled(newcomerFields()), Bad: len(f.errors) > 0}
	return o.show(c, status, "newcomer", pageTitles.newcomer, who, v)
}

func newcomerFields() []formField {
	name, address := fieldName(true), fieldAddress(true, register.Resident{})
	name.Label, address.Label = sayNewcomer.name, sayNewcomer.address
	return []formField{
		name, fieldKana(true), fieldRomaji(), fieldBirth(true), fieldGender(false),
		address, fieldNationality(), fieldRegisterName(), fieldRegisterAddress(),
		fieldWhy(newcomerWhys),
	}
}

// prepareNewcomer reads the form, asks the authority what the entry would be,
// and keeps it for confirmation.
func (o *office) prepareNewcomer(c echo.Context, who desk.Officer) error {
	values, err := c.FormParams()
	if err != nil {
		return err
	}
	f := newForm(values)
	r, by := o.newcomer(f, who.Municipality), who.By(f.needed("why"))
	if len(f.errors) == 0 {
		entry, _, err := o.cfg.Authority.PreviewResident(c.Request().Context(), r, by)
		var invalid *desk.InvalidError
		switch {
		case err == nil:
			key := rand.Text()
			o.keep(c, paper{Key: key, Newcomer: &entry, Notice: register.Notice{By: by}, Made: o.cfg.Clock.Now()})
			return c.Redirect(http.StatusSeeOther, "/office/counter/papers/"+key)
		case !errors.As(err, &invalid):
			return err
		}
		f.fail(newcomerField(invalid.Field))
	}
	return o.showNewcomer(c, who, http.StatusUnprocessableEntity, f)
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
	Why        ui.Text
	At         time.Time // when it was made
}

func (o *office) entryView(r register.Resident) entryView {
	return entryView{
		Resident: lineOf(r), Town: townName(r.Municipality), Gender: genderName(r.BasicFour.Gender), Child: isChild(r, o.cfg.Clock.Now()),
		Substitute: r.RegisterName != "" || r.RegisterAddress != "",
	}
}

// isChild reports whether somebody is too young for a signature certificate. Of
// somebody whose year of birth is not known it is not.
func isChild(r register.Resident, at time.Time) bool {
	age := r.BasicFour.DateOfBirth.Age(at)
	return r.BasicFour.DateOfBirth.Year != 0 && age >= 0 && age < register.MinSignatureAge
}

// showNewcomerPaper shows the entry that waits for confirmation.
func (o *office) showNewcomerPaper(c echo.Context, who desk.Officer, p paper) error {
	entry, namesakes, err := o.cfg.Authority.PreviewResident(c.Request().Context(), *p.Newcomer, p.Notice.By)
	if err != nil {
		return err
	}
	v := o.entryView(entry)
	v.Key, v.Why = p.Key, whyText(p.Notice.Why)
	for _, r := range namesakes {
		v.Namesakes = append(v.Namesakes, incomingLine{lineOf(r), townName(r.Municipality)})
	}
	return o.show(c, http.StatusOK, "newcomer-paper", pageTitles.newcomer, who, v)
}

// enterNewcomer enters the person into the register, once. Certificates come
// with a card, which is the next act.
func (o *office) enterNewcomer(c echo.Context, _ desk.Officer, p paper) error {
	p, err := o.take(c, p.Key)
	if err != nil {
		return err
	}
	entered, err := o.cfg.Authority.RegisterResident(c.Request().Context(), *p.Newcomer, p.Notice.By)
	if err != nil {
		o.keep(c, p) // it was not done: it can be tried again
		return err
	}
	o.remember(c, outcome{Key: p.Key, Newcomer: &entered, Done: authority.Done{At: o.cfg.Clock.Now()}})
	return c.Redirect(http.StatusSeeOther, "/office/counter/done/"+p.Key)
}

// showEntered shows the entry that was made.
func (o *office) showEntered(c echo.Context, who desk.Officer, r outcome) error {
	v := o.entryView(*r.Newcomer)
	v.At = r.Done.At
	return o.show(c, http.StatusOK, "newcomer-done", pageTitles.newcomer, who, v)
}

// newcomerField gives the form's field for the authority's.
func newcomerField(domain string) string {
	switch domain {
	case "registerName", "registerAddress", "nationality", "why":
		return domain
	}
	return "name"
}

// newcomer reads the form. The person's number in the register is drawn; the
// Individual Number is not used anywhere.
func (o *office) newcomer(f *form, town desk.Municipality) register.Resident {
	r := register.Resident{ID: "resident-" + strings.ToLower(rand.Text()[:12]), Kana: f.needed("kana"), Romaji: f.text("romaji"), Nationality: strings.ToUpper(f.text("nationality")), Municipality: town}
	birth, ok := parseDay(f.needed("birth"))
	if !ok || birth.Known() && o.cfg.Clock.Now().Before(firstMoment(birth)) {
		f.fail("birth")
	}
	gender := jpki.Gender(f.text("gender"))
	if gender != jpki.Male && gender != jpki.Female && gender != jpki.NotApplicable {
		f.fail("gender")
	}
	f.needed("address")
	r.BasicFour = jpki.NewBasicFour(f.needed("name"), birth, gender, f.address("address", town))
	if r.RegisterName = f.text("registerName"); r.RegisterName != "" {
		r.BasicFour.SubstituteCharacterOfCommonName = "" // the authority compares the two
	}
	if r.RegisterAddress = f.address("registerAddress", town); r.RegisterAddress != "" {
		r.BasicFour.SubstituteCharacterOfAddress = ""
	}
	return r
}
