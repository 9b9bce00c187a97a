package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/ui"
)

// applyView is the public form.
type applyView struct {
	Fields []formField
	Bad    bool
}

// askApplication shows the public form.
func (o *office) askApplication(c echo.Context) error {
	return o.showApplication(c, http.StatusOK, newForm(url.Values{}))
}

func (o *office) showApplication(c echo.Context, status int, f *form) error {
	fields := f.filled([]formField{fieldApplicant(), fieldContact(), fieldUse(), fieldVerifierKinds(jpki.Kinds())})
	return o.public.Render(c, status, "apply", sayOffice.apply, applyView{fields, len(f.errors) > 0})
}

// appliedView is what the applicant is told.
type appliedView struct {
	ID     string
	Number ui.Text
	Name   string
	At     time.Time
}

// apply takes an application in.
func (o *office) apply(c echo.Context) error {
	values, err := c.FormParams()
	if err != nil {
		return err
	}
	f := newForm(values)
	app := accreditation.Application{Name: f.needed("name"), Contact: f.needed("contact"), Use: f.needed("use"), Kinds: f.kinds()}
	if app.Name == "" {
		f.errors["name"] = sayApplicantMissing
	}
	if len(f.errors) > 0 {
		return o.showApplication(c, http.StatusUnprocessableEntity, f)
	}
	if app, err = o.cfg.Authority.Ministry.Apply(c.Request().Context(), app); err != nil {
		return err
	}
	return o.public.Render(c, http.StatusCreated, "applied", sayOffice.applied, appliedView{app.ID, applicationNumber(app.ID), app.Name, app.At})
}

// applicationView is the ministry's page of an application.
type applicationView struct {
	Application applicationLine
	Fields      []formField // of the approval; none when decided
	RejectWhy   formField
	Audit       []auditLine
	Bad         bool
}

func (o *office) applicationOf(c echo.Context) (accreditation.Application, error) {
	all, err := o.cfg.Authority.Ministry.Applications(c.Request().Context())
	if err != nil {
		return accreditation.Application{}, err
	}
	i := slices.IndexFunc(all, func(a accreditation.Application) bool { return a.ID == c.Param("id") })
	if i < 0 {
		return accreditation.Application{}, accreditation.ErrNoApplication
	}
	return all[i], nil
}

func (o *office) applicationPage(c echo.Context, who desk.Officer) error {
	app, err := o.applicationOf(c)
	if err != nil {
		return err
	}
	values := url.Values{}
	for _, k := range app.Kinds {
		values.Add("kinds", k.String())
	}
	return o.showDecision(c, who, http.StatusOK, app, newForm(values), newForm(url.Values{}))
}

func (o *office) showDecision(c echo.Context, who desk.Officer, status int, app accreditation.Application, yes, no *form) error {
	v := applicationView{Application: applicationLineOf(app), Bad: len(yes.errors)+len(no.errors) > 0}
	if app.State == accreditation.ApplicationOpen {
		v.Fields = yes.filled([]formField{fieldVerifierID(), fieldVerifierKinds(app.Kinds), fieldConditions(), fieldGrounds()})
		v.RejectWhy = no.filled([]formField{fieldGrounds()})[0]
	}
	var err error
	if v.Audit, err = o.auditLines(c, app.ID, 50); err != nil {
		return err
	}
	return o.show(c, status, "application", pageTitles.application, who, v)
}

// approvedView shows the new verifier and, this once, its key.
type approvedView struct {
	Verifier verifierLine
	Key      string
}

// approve accredits the applicant. The page it answers with is the only place
// where the key is ever shown: it is in no session and in no address.
func (o *office) approve(c echo.Context, who desk.Officer) error {
	app, err := o.applicationOf(c)
	if err != nil {
		return err
	}
	values, err := c.FormParams()
	if err != nil {
		return err
	}
	if app.State != accreditation.ApplicationOpen {
		return accreditation.ErrApplicationDecided
	}
	f := newForm(values)
	ap := accreditation.Approval{VerifierID: f.needed("id"), Kinds: f.kinds(), Conditions: f.text("conditions"), By: who.By(f.needed("why"))}
	if len(f.errors) > 0 {
		return o.showDecision(c, who, http.StatusUnprocessableEntity, app, f, newForm(url.Values{}))
	}
	v, key, err := o.cfg.Authority.Ministry.Approve(c.Request().Context(), app.ID, ap)
	var invalid *desk.InvalidError
	if errors.As(err, &invalid) || errors.Is(err, accreditation.ErrVerifierExists) {
		f.fail("id")
		if invalid == nil {
			f.errors["id"] = sayVerifierExists.title
		}
		return o.showDecision(c, who, http.StatusUnprocessableEntity, app, f, newForm(url.Values{}))
	}
	if err != nil {
		return err
	}
	return o.show(c, http.StatusCreated, "approved", sayOffice.key, who, approvedView{verifierLineOf(v), key})
}

// reject refuses an application.
func (o *office) reject(c echo.Context, who desk.Officer) error {
	app, err := o.applicationOf(c)
	if err != nil {
		return err
	}
	values, err := c.FormParams()
	if err != nil {
		return err
	}
	f := newForm(values)
	why := f.needed("why")
	if len(f.errors) > 0 {
		return o.showDecision(c, who, http.StatusUnprocessableEntity, app, newForm(url.Values{}), f)
	}
	if _, err := o.cfg.Authority.Ministry.Reject(c.Request().Context(), app.ID, who.By(why)); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/office/applications/"+escaped(app.ID))
}
