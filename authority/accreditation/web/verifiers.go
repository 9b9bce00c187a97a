package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/desk"
	frame "example.jp/jpkimock/authority/desk/web"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/shown"
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
	l := verifierLine{Verifier: v, Shown: frame.Named(v.Name), Grounds: frame.WhyText(v.Why), KindNames: kindNames(v.Kinds)}
	l.StateName, l.Tone = verifierLabels.Of(v.State)
	return l
}

func kindNames(kinds []jpki.Kind) []ui.Text {
	names := make([]ui.Text, 0, len(kinds))
	for _, k := range kinds {
		names = append(names, frame.KindName(k))
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
	l := applicationLine{Application: a, Shown: frame.Named(a.Name), Number: applicationNumber(a.ID), KindNames: kindNames(a.Kinds)}
	l.StateName, l.Tone = applicationLabels.Of(a.State)
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

func (d *desks) auditLines(c echo.Context, subject string, limit int) ([]auditLine, error) {
	all, err := d.ministry.Audit(c.Request().Context(), subject, limit)
	if err != nil {
		return nil, err
	}
	lines := make([]auditLine, 0, len(all))
	for _, a := range all {
		act, _ := auditLabels.Of(a.Act)
		lines = append(lines, auditLine{a, d.subjectName(a.Subject), act, frame.SignedName(a.Officer), frame.WhyText(a.Why)})
	}
	return lines, nil
}

// subjectName gives what a line of the ministry's log is about.
func (d *desks) subjectName(subject string) ui.Text {
	if subject == "tariff" {
		return sayTariff
	}
	for _, v := range d.ministry.Verifiers() {
		if v.ID == subject {
			return frame.Named(v.Name)
		}
	}
	return applicationNumber(subject)
}

func (d *desks) verifierLines() []verifierLine {
	var lines []verifierLine
	for _, v := range d.ministry.Verifiers() {
		lines = append(lines, verifierLineOf(v))
	}
	return lines
}

// publicVerifiers is the list that anybody may read.
func (d *desks) publicVerifiers(c echo.Context) error {
	return d.ShowPublic(c, http.StatusOK, "verifiers", pageTitles.publicVerifiers, d.verifierLines())
}

// verifiersPage is the ministry's register: applications that wait, verifiers,
// and the last lines of the log.
func (d *desks) verifiersPage(c echo.Context, who desk.Officer) error {
	apps, err := d.ministry.Applications(c.Request().Context())
	if err != nil {
		return err
	}
	var open, decided []applicationLine
	for _, a := range apps {
		if a.State == accreditation.ApplicationOpen {
			open = append(open, applicationLineOf(a))
		} else if len(decided) < maxShown {
			decided = append(decided, applicationLineOf(a))
		}
	}
	audit, err := d.auditLines(c, "", maxShown)
	if err != nil {
		return err
	}
	return d.Show(c, http.StatusOK, "verifiers", pageTitles.verifiers, who, map[string]any{
		"Open": open, "Decided": decided, "Verifiers": d.verifierLines(), "Audit": audit,
	})
}

// verifierOf finds the verifier that the address names.
func (d *desks) verifierOf(c echo.Context) (accreditation.Verifier, error) {
	all := d.ministry.Verifiers()
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

func (d *desks) verifierPage(c echo.Context, who desk.Officer) error {
	v, err := d.verifierOf(c)
	if err != nil {
		return err
	}
	view := verifierPageView{Verifier: verifierLineOf(v)}
	for _, a := range verifierActs() {
		if slices.Contains(a.from, v.State) {
			view.Acts = append(view.Acts, a)
		}
	}
	if view.Audit, err = d.auditLines(c, v.ID, 100); err != nil {
		return err
	}
	return d.Show(c, http.StatusOK, "verifier", pageTitles.verifier, who, view)
}

// verifierActView is the form of an act on a verifier.
type verifierActView struct {
	Verifier verifierLine
	Act      verifierAct
	Fields   []frame.Field
	Bad      bool
	Changed  bool // since it was shown
}

// verifierActOf reads the act that the address names, if the verifier's state
// allows it.
func (d *desks) verifierActOf(c echo.Context) (accreditation.Verifier, verifierAct, error) {
	v, err := d.verifierOf(c)
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
		return v, acts[i], errNotPossible
	}
	return v, acts[i], nil
}

func (d *desks) askVerifierAct(c echo.Context, who desk.Officer) error {
	v, a, err := d.verifierActOf(c)
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
	return d.showVerifierAct(c, who, v, a, frame.NewForm(values))
}

func (d *desks) showVerifierAct(c echo.Context, who desk.Officer, v accreditation.Verifier, a verifierAct, f *frame.Form) error {
	fields := []frame.Field{fieldGrounds()}
	if a.ID == "conditions" {
		fields = []frame.Field{fieldVerifierKinds(jpki.Kinds()), fieldConditions, fieldGrounds()}
	}
	view := verifierActView{Verifier: verifierLineOf(v), Act: a, Fields: f.Filled(fields...), Bad: f.Wrong()}
	if view.Changed = f.Seen().Still(v.Version()) != nil; view.Changed {
		return d.Show(c, http.StatusConflict, "verifier-act", a.Name, who, view)
	}
	return d.ShowForm(c, f, "verifier-act", a.Name, who, view)
}

// doVerifierAct suspends, reinstates, withdraws, or changes the conditions.
func (d *desks) doVerifierAct(c echo.Context, who desk.Officer) error {
	v, a, err := d.verifierActOf(c)
	if err != nil {
		return err
	}
	ctx, f := c.Request().Context(), frame.Posted(c)
	by := who.By(f.Needed("why")).Having(f.Seen())
	var kinds []jpki.Kind
	conditions := ""
	if a.ID == "conditions" {
		kinds, conditions = f.Kinds(), f.Text("conditions")
	}
	if f.Wrong() {
		return d.showVerifierAct(c, who, v, a, f)
	}
	if a.ID == "conditions" {
		_, err = d.ministry.SetConditions(ctx, v.ID, kinds, conditions, by)
	} else {
		_, err = d.ministry.SetState(ctx, v.ID, a.state, by)
	}
	if errors.Is(err, shown.ErrChanged) {
		if v, a, err = d.verifierActOf(c); err != nil {
			return err
		}
		return d.showVerifierAct(c, who, v, a, f)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/office/verifiers/"+url.PathEscape(v.ID))
}
