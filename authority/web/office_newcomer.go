package web

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/jpki"
)

// newcomerView is the form of a new resident.
type newcomerView struct {
	Fields []formField
	Bad    bool
}

// askNewcomer shows the form by which a person comes into the register for the
// first time: a birth, or a first address in Japan.
func (o *office) askNewcomer(c echo.Context, who authority.Officer) error {
	return o.showNewcomer(c, who, http.StatusOK, newForm(url.Values{}))
}

func (o *office) showNewcomer(c echo.Context, who authority.Officer, status int, f *form) error {
	fields, err := o.newcomerFields(c.Request().Context())
	if err != nil {
		return err
	}
	return o.show(c, status, "newcomer", pageTitles.newcomer, who, newcomerView{f.filled(fields), len(f.errors) > 0})
}

func (o *office) newcomerFields(ctx context.Context) ([]formField, error) {
	town, err := o.townField(ctx)
	return []formField{
		fieldName(true), fieldKana(true), fieldRomaji(), fieldBirth(true), fieldGender(false), town,
		fieldAddress(true, authority.Resident{}), fieldNationality(), fieldRegisterName(), fieldRegisterAddress(),
	}, err
}

// enterNewcomer enters the person into the register. Certificates come with a
// card, which is the next act.
func (o *office) enterNewcomer(c echo.Context, who authority.Officer) error {
	values, err := c.FormParams()
	if err != nil {
		return err
	}
	ctx, f := c.Request().Context(), newForm(values)
	r, err := o.newcomer(ctx, f)
	if err != nil {
		return err
	}
	if len(f.errors) == 0 {
		r, err = o.cfg.Authority.RegisterResident(ctx, r)
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
	case "registerName", "registerAddress", "nationality", "municipality":
		return domain
	}
	return "name"
}

// newcomer reads the form. The person's number in the register is drawn; the
// Individual Number is not used anywhere.
func (o *office) newcomer(ctx context.Context, f *form) (authority.Resident, error) {
	towns, err := o.towns(ctx)
	if err != nil {
		return authority.Resident{}, err
	}
	r := authority.Resident{ID: "resident-" + strings.ToLower(rand.Text()[:12]), Kana: f.needed("kana"), Romaji: f.text("romaji"), Nationality: strings.ToUpper(f.text("nationality"))}
	i := slices.IndexFunc(towns, func(m authority.Municipality) bool { return m.Code == f.values.Get("municipality") })
	if i < 0 {
		f.fail("municipality")
	} else {
		r.Municipality = towns[i]
	}
	birth, ok := parseDay(f.needed("birth"))
	if !ok || birth.Known() && o.cfg.Clock.Now().Before(firstMoment(birth)) {
		f.fail("birth")
	}
	gender := jpki.Gender(f.text("gender"))
	if gender != jpki.Male && gender != jpki.Female && gender != jpki.NotApplicable {
		f.fail("gender")
	}
	r.BasicFour = jpki.NewBasicFour(f.needed("name"), birth, gender, within(r.Municipality, f.needed("address")))
	if r.RegisterName = f.text("registerName"); r.RegisterName != "" {
		r.BasicFour.SubstituteCharacterOfCommonName = "" // the authority compares the two
	}
	if r.RegisterAddress = within(r.Municipality, f.text("registerAddress")); r.RegisterAddress != "" {
		r.BasicFour.SubstituteCharacterOfAddress = ""
	}
	return r, nil
}
