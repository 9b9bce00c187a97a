package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/desk"
	frame "example.jp/jpkimock/authority/desk/web"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/internal/ui"
)

// actForm is the form of an act.
type actForm struct {
	Resident residentLine
	Gender   ui.Text
	Event    register.LifeEvent
	actWords
	Fields []frame.Field
	Bad    bool
	Back   string // where to go without doing it
}

// askAct shows the form, if the act is possible at all.
func (d *desks) askAct(c echo.Context, who desk.Officer) error {
	r, e, err := d.actOf(c, who)
	if err != nil {
		return err
	}
	_, err = d.agency.Preview(c.Request().Context(), forPreview(noticeOf(e, r, who, d.searched(c), "")))
	var invalid *desk.InvalidError
	if err != nil && !errors.As(err, &invalid) {
		return err
	}
	return d.showForm(c, who, r, e, frame.NewForm(nil))
}

// actOf reads whose act the address names. Of another municipality's residents
// an officer takes only those whom the search has named exactly.
func (d *desks) actOf(c echo.Context, who desk.Officer) (register.Resident, register.LifeEvent, error) {
	e := register.LifeEvent(c.Param("event"))
	if !e.Valid() {
		return register.Resident{}, e, echo.ErrNotFound
	}
	r, err := d.agency.Resident(c.Request().Context(), c.Param("id"))
	if err != nil {
		return r, e, err
	}
	if e == register.MoveIn && d.searched(c).names(r) {
		return r, e, nil
	}
	return r, e, who.Serves(r.Municipality)
}

func (d *desks) showForm(c echo.Context, who desk.Officer, r register.Resident, e register.LifeEvent, f *frame.Form) error {
	fields, err := d.fields(c.Request().Context(), e, r)
	if err != nil {
		return err
	}
	v := actForm{
		Resident: lineOf(r), Gender: genderName(r.BasicFour.Gender), Event: e, actWords: eventWords(e),
		Fields: f.Filled(fields...), Bad: f.Wrong(), Back: back(who, r),
	}
	return d.ShowForm(c, f, "act", v.Name, who, v)
}

// back gives the page to return to from an act that is not done: the resident's,
// if this counter may show it.
func back(who desk.Officer, r register.Resident) string {
	if who.Serves(r.Municipality) != nil {
		return "/office/counter"
	}
	return "/office/counter/residents/" + url.PathEscape(r.ID)
}

// prepareAct reads the form, asks the authority what would happen, and holds it
// for confirmation.
func (d *desks) prepareAct(c echo.Context, who desk.Officer) error {
	r, e, err := d.actOf(c, who)
	if err != nil {
		return err
	}
	f := frame.Posted(c)
	n := readNotice(f, e, r, who, d.searched(c))
	if f.Wrong() {
		return d.showForm(c, who, r, e, f)
	}
	p, err := d.agency.Preview(c.Request().Context(), forPreview(n))
	if f.Refused(err, fieldOf) {
		return d.showForm(c, who, r, e, f)
	}
	if err != nil {
		return err
	}
	n.Seen = p.Version()
	return c.Redirect(http.StatusSeeOther, "/office/counter/pending/"+d.hold(c, act{Notice: n}))
}

// fieldOf gives the form's field for the authority's. What has none of its own
// is told at the reason, which every form has.
func fieldOf(domain string) string {
	switch domain = strings.TrimPrefix(domain, "basicFour."); domain {
	case "commonName":
		return "name"
	case "gender":
		return domain
	case "name", "registerName", "address", "registerAddress", "kinds", "why", "kana", "romaji", "cardExpires", "card", "day":
		return domain
	case "dateOfBirth":
		return "birth"
	}
	return "why"
}

// forPreview gives a notice as a preview wants it. PINs are not typed yet, so
// that others stand for them; they are written nowhere. The kinds say which
// PINs are reset.
func forPreview(n register.Notice) register.Notice {
	stand := map[jpki.Kind]string{jpki.DigitalSignature: "AAAAAA", jpki.UserAuthentication: "0000"}
	switch n.Event {
	case register.CardIssue:
		n.PINs = stand
	case register.PINReset:
		n.PINs = map[jpki.Kind]string{}
		for _, kind := range n.Kinds {
			n.PINs[kind] = stand[kind]
		}
		n.Kinds = nil
	}
	return n
}

// effectLine is what happens to one certificate.
type effectLine struct {
	Kind       jpki.Kind
	Name       ui.Text
	Serial     jpki.SerialNumber
	Act        string // revoked, suspended, resumed, issued, unchanged
	Before     ui.Text
	BeforeTone string
	After      ui.Text
	AfterTone  string
	Reason     ui.Text
	ReasonCode string
	Means      ui.Text
}

// effects lists what an act does to each certificate that is still held, also
// those that it leaves alone, and what it issues. held are the certificates as
// they stood before the act.
func effects(p register.Preview, held []register.Certificate, now time.Time) []effectLine {
	var lines []effectLine
	for _, kind := range jpki.Kinds() {
		for _, c := range held {
			if c.Kind == kind && c.Live(now) {
				lines = append(lines, effectOn(c, p))
			}
		}
		if slices.Contains(p.Issues, kind) {
			l := effectLine{Kind: kind, Name: frame.KindName(kind), Act: "issued", Means: consequence("issued", p.Event, register.Certificate{})}
			l.After, l.AfterTone = stateLabels.Of("issued")
			lines = append(lines, l)
		}
	}
	return lines
}

// effectOn gives what an act does to a certificate; "unchanged" if nothing.
func effectOn(c register.Certificate, p register.Preview) effectLine {
	l := effectLine{Kind: c.Kind, Name: frame.KindName(c.Kind), Serial: c.Serial, Act: "unchanged"}
	l.Before, l.BeforeTone = stateLabels.Of(c.Status.State.String())
	l.After, l.AfterTone = l.Before, l.BeforeTone
	for _, e := range p.Effects {
		if e.Certificate.Kind != c.Kind || e.Certificate.Serial != c.Serial {
			continue
		}
		if l.Act = e.Act; e.Act == "resumed" {
			l.After, l.AfterTone = stateLabels.Of("good")
			continue
		}
		l.After, l.AfterTone = stateLabels.Of(e.Act)
		l.Reason, l.ReasonCode = reasonName(e.Reason), e.Reason.String()
	}
	l.Means = consequence(l.Act, p.Event, c)
	return l
}
