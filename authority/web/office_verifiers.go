package web

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/internal/ui"
)

// verifierLine is a verifier as the pages show it. Its key is on none.
type verifierLine struct {
	accreditation.Verifier
	Shown     ui.Text // the name
	Grounds   ui.Text // of the state
	KindNames []ui.Text
	StateName ui.Text
	Tone      string
}

func verifierLineOf(v accreditation.Verifier) verifierLine {
	l := verifierLine{Verifier: v, Shown: named(v.Name), Grounds: whyText(v.Why), KindNames: kindNames(v.Kinds)}
	l.StateName, l.Tone = verifierStateName(v.State)
	return l
}

func kindNames(kinds []jpki.Kind) []ui.Text {
	names := make([]ui.Text, 0, len(kinds))
	for _, k := range kinds {
		names = append(names, kindName(k))
	}
	return names
}

// applicationLine is an application as the pages show it.
type applicationLine struct {
	accreditation.Application
	Shown     ui.Text // the applicant’s name
	Number    ui.Text
	KindNames []ui.Text
	StateName ui.Text
	Tone      string
}

func applicationLineOf(a accreditation.Application) applicationLine {
	l := applicationLine{Application: a, Shown: named(a.Name), Number: applicationNumber(a.ID), KindNames: kindNames(a.Kinds)}
	l.StateName, l.Tone = applicationStateName(a.State)
	return l
}

// auditLine is a line of the ministry's log in words.
type auditLine struct {
	accreditation.Audit
	About   ui.Text // a verifier, an application or the tariff
	ActName ui.Text
	By      ui.Text
	Grounds ui.Text
}

func (o *office) auditLines(c echo.Context, subject string, limit int) ([]auditLine, error) {
	all, err := o.cfg.Authority.Ministry.Audit(c.Request().Context(), subject, limit)
	if err != nil {
		return nil, err
	}
	lines := make([]auditLine, 0, len(all))
	for _, a := range all {
		lines = append(lines, auditLine{a, o.subjectName(a.Subject), auditName(a.Act), signedName(a.Officer), whyText(a.Why)})
	}
	return lines, nil
}

// subjectName gives what a line of the ministry's log is about.
func (o *office) subjectName(subject string) ui.Text {
	if subject == "tariff" {
		return sayTariff
	}
	for _, v := range o.cfg.Authority.Ministry.Verifiers() {
		if v.ID == subject {
			return named(v.Name)
		}
	}
	return applicationNumber(subject)
}

func (o *office) verifierLines() []verifierLine {
	var lines []verifierLine
	for _, v := range o.cfg.Authority.Ministry.Verifiers() {
		lines = append(lines, verifierLineOf(v))
	}
	return lines
}

// publicVerifiers is the list that anybody may read.
func (o *office) publicVerifiers(c echo.Context) error {
	return o.public.Render(c, http.StatusOK, "verifiers", pageTitles.publicVerifiers, o.verifierLines())
}

// verifiersPage is the ministry's register: applications that wait, verifiers,
// and the last lines of the log.
func (o *office) verifiersPage(c echo.Context, who desk.Officer) error {
	apps, err := o.cfg.Authority.Ministry.Applications(c.Request().Context())
	if err != nil {
		return err
	}
	var open, decided []applicationLine
	for _, a := range apps {
		if a.State == accreditation.ApplicationOpen {
			open = append(open, applicationLineOf(a))
		} else if len(decided) < maxFound {
			decided = append(decided, applicationLineOf(a))
		}
	}
	audit, err := o.auditLines(c, "", maxFound)
	if err != nil {
		return err
	}
	return o.show(c, http.StatusOK, "verifiers", pageTitles.verifiers, who, map[string]any{
		"Open": open, "Decided": decided, "Verifiers": o.verifierLines(), "Audit": audit,
	})
}

// verifierOf finds the verifier that the address names.
func (o *office) verifierOf(c echo.Context) (accreditation.Verifier, error) {
	all := o.cfg.Authority.Ministry.Verifiers()
	i := slices.IndexFunc(all, func(v accreditation.Verifier) bool { return v.ID == c.Param("id") })
	if i < 0 {
		return accreditation.Verifier{}, accreditation.ErrNoVerifier
	}
	return all[i], nil
}

// verifierPageView is the ministry's page of a verifier.
type verifierPageView struct {
	Verifier verifierLine
	Acts     []verifierAct
	Audit    []auditLine
}

// verifierAct is what the ministry can do to a verifier.
type verifierAct struct {
	ID    string // suspend, reinstate, withdraw, conditions
	Name  ui.Text
	Does  ui.Text
	state accreditation.VerifierState // that it leads to
	Final bool
	from  []accreditation.VerifierState
}

func (o *office) verifierPage(c echo.Context, who desk.Officer) error {
	v, err := o.verifierOf(c)
	if err != nil {
		return err
	}
	view := verifierPageView{Verifier: verifierLineOf(v)}
	for _, a := range verifierActs() {
		if slices.Contains(a.from, v.State) {
			view.Acts = append(view.Acts, a)
		}
	}
	if view.Audit, err = o.auditLines(c, v.ID, 100); err != nil {
		return err
	}
	return o.show(c, http.StatusOK, "verifier", pageTitles.verifier, who, view)
}

// verifierActView is the form of an act on a verifier.
type verifierActView struct {
	Verifier verifierLine
	Act      verifierAct
	Fields   []formField
	Bad      bool
}

// verifierActOf reads the act that the address names, if the verifier's state
// allows it.
func (o *office) verifierActOf(c echo.Context) (accreditation.Verifier, verifierAct, error) {
	v, err := o.verifierOf(c)
	if err != nil {
		return v, verifierAct{}, err
	}
	acts := verifierActs()
	i := slices.IndexFunc(acts, func(a verifierAct) bool { return a.ID == c.Param("act") })
	switch {
	case i < 0:
		return v, verifierAct{}, echo.ErrNotFound
	case v.State == accreditation.VerifierWithdrawn:
		return v, acts[i], accreditation.ErrVerifierWithdrawn
	case !slices.Contains(acts[i].from, v.State):
		return v, acts[i], register.ErrNothingToDo
	}
	return v, acts[i], nil
}

func (o *office) askVerifierAct(c echo.Context, who desk.Officer) error {
	v, a, err := o.verifierActOf(c)
	if err != nil {
		return err
	}
	values := url.Values{}
	if a.ID == "conditions" {
		values.Set("conditions", v.Conditions)
		for _, k := range v.Kinds {
			values.Add("kinds", k.String())
		}
	}
	return o.showVerifierAct(c, who, http.StatusOK, v, a, newForm(values))
}

func (o *office) showVerifierAct(c echo.Context, who desk.Officer, status int, v accreditation.Verifier, a verifierAct, f *form) error {
	fields := []formField{fieldGrounds()}
	if a.ID == "conditions" {
		fields = []formField{fieldVerifierKinds(jpki.Kinds()), fieldConditions(), fieldGrounds()}
	}
	view := verifierActView{Verifier: verifierLineOf(v), Act: a, Fields: f.filled(fields), Bad: len(f.errors) > 0}
	return o.show(c, status, "verifier-act", a.Name, who, view)
}

// doVerifierAct suspends, reinstates, withdraws, or changes the conditions.
func (o *office) doVerifierAct(c echo.Context, who desk.Officer) error {
	v, a, err := o.verifierActOf(c)
	if err != nil {
		return err
	}
	values, err := c.FormParams()
	if err != nil {
		return err
	}
	ctx, f := c.Request().Context(), newForm(values)
	by := who.By(f.needed("why"))
	var kinds []jpki.Kind
	conditions := ""
	if a.ID == "conditions" {
		kinds, conditions = f.kinds(), f.text("conditions")
	}
	if len(f.errors) > 0 {
		return o.showVerifierAct(c, who, http.StatusUnprocessableEntity, v, a, f)
	}
	if a.ID == "conditions" {
		_, err = o.cfg.Authority.Ministry.SetConditions(ctx, v.ID, kinds, conditions, by)
	} else {
		_, err = o.cfg.Authority.Ministry.SetState(ctx, v.ID, a.state, by)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/office/verifiers/"+escaped(v.ID))
}
