package web

import (
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/jpki"
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
func (o *office) askNewcomer(c echo.Context, who authority.Officer) error {
	return o.showNewcomer(c, who, http.StatusOK, newForm(url.Values{}))
}

func (o *office) showNewcomer(c echo.Context, who authority.Officer, status int, f *form) error {
	v := newcomerView{Town: townName(who.Municipality), Fields: f.filled(newcomerFields()), Bad: len(f.errors) > 0}
	return o.show(c, status, "newcomer", pageTitles.newcomer, who, v)
}

func newcomerFields() []formField {
	return []formField{
		fieldName(true), fieldKana(true), fieldRomaji(), fieldBirth(true), fieldGender(false),
		fieldAddress(true, authority.Resident{}), fieldNationality(), fieldRegisterName(), fieldRegisterAddress(),
	}
}

// enterNewcomer enters the person into the register. Certificates come with a
// card, which is the next act.
func (o *office) enterNewcomer(c echo.Context, who authority.Officer) error {
	values, err := c.FormParams()
	if err != nil {
		return err
	}
	ctx, f := c.Request().Context(), newForm(values)
	r := o.newcomer(f, who.Municipality)
	if len(f.errors) == 0 {
		r, err = o.cfg.Authority.RegisterResident(ctx, r, who.By(""))
		var invalid *authority.InvalidError
		switch {
		case err == nil:
			return c.Redirect(http.StatusSeeOther, "/office/counter/residents/"+escaped(r.ID))
		case !errors.As(err, &invalid):
			return err
		}
		f.fail(newcomerField(invalid.Field))
	}
	return o.showNewcomer(c, who, http.StatusUnprocessableEntity, f)
}

// newcomerField gives the form's field for the authority's.
func newcomerField(domain string) string {
	switch domain {
	case "registerName", "registerAddress", "nationality":
		return domain
	}
	return "name"
}

// newcomer reads the form. The person's number in the register is drawn; the
// Individual Number is not used anywhere.
func (o *office) newcomer(f *form, town authority.Municipality) authority.Resident {
	r := authority.Resident{ID: "resident-" + strings.ToLower(rand.Text()[:12]), Kana: f.needed("kana"), Romaji: f.text("romaji"), Nationality: strings.ToUpper(f.text("nationality")), Municipality: town}
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
