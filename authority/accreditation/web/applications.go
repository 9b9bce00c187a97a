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
	frame "example.jp/jpkimock/authority/desk/web"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/ui"
)

// applyView is the public form.
type applyView struct {
	Fields []frame.Field
	Bad    bool
}

// askApplication shows the public form.
func (d *desks) askApplication(c echo.Context) error {
	return d.showApplication(c, http.StatusOK, frame.NewForm(nil))
}

func (d *desks) showApplication(c echo.Context, status int, f *frame.Form) error {
	fields := f.Filled(fieldApplicant, fieldContact, fieldUse, fieldVerifierKinds(jpki.Kinds()))
	return d.ShowPublic(c, status, "apply", pageTitles.apply, applyView{fields, f.Wrong()})
}

// appliedView is what the applicant is told.
type appliedView struct {
	ID     string
	Number ui.Text
	Name   string
	At     time.Time
}

// apply takes an application in.
func (d *desks) apply(c echo.Context) error {
	f := frame.Posted(c)
	app := accreditation.Application{Name: f.Text("name"), Contact: f.Needed("contact"), Use: f.Needed("use"), Kinds: f.Kinds()}
	if app.Name == "" {
		f.Say("name", sayApplicantMissing)
	}
	if f.Wrong() {
		return d.showApplication(c, http.StatusUnprocessableEntity, f)
	}
	app, err := d.ministry.Apply(c.Request().Context(), app)
	if err != nil {
		return err
	}
	return d.ShowPublic(c, http.StatusCreated, "applied", pageTitles.applied, appliedView{app.ID, applicationNumber(app.ID), app.Name, app.At})
}

// applicationView is the ministry's page of an application.
type applicationView struct {
	Application applicationLine
	Fields      []frame.Field // of the approval; none when decided
	RejectWhy   frame.Field
	Audit       []auditLine
	Bad         bool
}

func (d *desks) applicationOf(c echo.Context) (accreditation.Application, error) {
	all, err := d.ministry.Applications(c.Request().Context())
	if err != nil {
		return accreditation.Application{}, err
	}
	i := slices.IndexFunc(all, func(a accreditation.Application) bool { return a.ID == c.Param("id") })
	if i < 0 {
		return accreditation.Application{}, accreditation.ErrNoApplication
	}
	return all[i], nil
}

func (d *desks) applicationPage(c echo.Context, who desk.Officer) error {
	app, err := d.applicationOf(c)
	if err != nil {
		return err
	}
	values := url.Values{}
	for _, k := range app.Kinds {
		values.Add("kinds", k.String())
	}
	return d.showDecision(c, who, http.StatusOK, app, frame.NewForm(values), frame.NewForm(nil))
}

func (d *desks) showDecision(c echo.Context, who desk.Officer, status int, app accreditation.Application, yes, no *frame.Form) error {
	v := applicationView{Application: applicationLineOf(app), Bad: yes.Wrong() || no.Wrong()}
	if app.State == accreditation.ApplicationOpen {
		v.Fields = yes.Filled(fieldVerifierID, fieldVerifierKinds(app.Kinds), fieldConditions, fieldGrounds())
		v.RejectWhy = no.Filled(fieldGrounds())[0]
	}
	var err error
	if v.Audit, err = d.auditLines(c, app.ID, 50); err != nil {
		return err
	}
	return d.Show(c, status, "application", pageTitles.application, who, v)
}

// approvedView shows the new verifier and, this once, its key.
type approvedView struct {
	Verifier verifierLine
	Key      string
}

// approve accredits the applicant. The page it answers with is the only place
// where the key is ever shown: it is in no session and in no address.
func (d *desks) approve(c echo.Context, who desk.Officer) error {
	app, err := d.applicationOf(c)
	if err != nil {
		return err
	}
	if app.State != accreditation.ApplicationOpen {
		return accreditation.ErrApplicationDecided
	}
	f := frame.Posted(c)
	ap := accreditation.Approval{VerifierID: f.Needed("id"), Kinds: f.Kinds(), Conditions: f.Text("conditions"), By: who.By(f.Needed("why"))}
	if f.Wrong() {
		return d.showDecision(c, who, http.StatusUnprocessableEntity, app, f, frame.NewForm(nil))
	}
	v, key, err := d.ministry.Approve(c.Request().Context(), app.ID, ap)
	rule, _ := d.Broken(err)
	if errors.Is(err, accreditation.ErrVerifierExists) {
		f.Say("id", rule.Title)
	}
	if f.Refused(err, func(string) string { return "id" }) || f.Wrong() {
		return d.showDecision(c, who, http.StatusUnprocessableEntity, app, f, frame.NewForm(nil))
	}
	if err != nil {
		return err
	}
	return d.Show(c, http.StatusCreated, "approved", pageTitles.approved, who, approvedView{verifierLineOf(v), key})
}

// reject refuses an application.
func (d *desks) reject(c echo.Context, who desk.Officer) error {
	app, err := d.applicationOf(c)
	if err != nil {
		return err
	}
	f := frame.Posted(c)
	why := f.Needed("why")
	if f.Wrong() {
		return d.showDecision(c, who, http.StatusUnprocessableEntity, app, frame.NewForm(nil), f)
	}
	if _, err := d.ministry.Reject(c.Request().Context(), app.ID, who.By(why)); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/office/applications/"+url.PathEscape(app.ID))
}
