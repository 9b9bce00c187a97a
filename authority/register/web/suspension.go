package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
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

// callView is the suspension desk's first page: what the caller says.
type callView struct {
	Name, Birth, Address string
	Wrong                map[string]*ui.Text
	None                 bool // no match, or more than one
}

// askHolder shows the form.
func (d *desks) askHolder(c echo.Context, who desk.Officer) error {
	return d.Show(c, http.StatusOK, "suspension", pageTitles.suspension, who, callView{})
}

// findHolder finds the one person whom the caller describes. It never reveals
// who else is in the register.
func (d *desks) findHolder(c echo.Context, who desk.Officer) error {
	f := frame.Posted(c)
	v := callView{Name: f.Needed("name"), Birth: f.Needed("birth"), Address: f.Needed("address"), Wrong: map[string]*ui.Text{}}
	day := f.Day("birth")
	if f.Wrong() {
		for _, name := range []string{"name", "birth", "address"} {
			v.Wrong[name] = f.Error(name)
		}
		return d.ShowForm(c, f, "suspension", pageTitles.suspension, who, v)
	}
	s := register.HolderSearch{Name: v.Name, DateOfBirth: day.Gregorian(), Address: v.Address}
	holder, err := d.agency.FindHolder(c.Request().Context(), s)
	if errors.Is(err, register.ErrNoResident) {
		v.None = true
		return d.Show(c, http.StatusNotFound, "suspension", pageTitles.suspension, who, v)
	}
	if err != nil {
		return err
	}
	version := idle
	if p, err := d.agency.PreviewSuspension(c.Request().Context(), s); err == nil { // else the page says why not
		version = p.Version()
	}
	key := d.hold(c, act{Notice: register.Notice{ResidentID: holder.Resident.ID, By: desk.By{Seen: version}}, Search: s})
	return c.Redirect(http.StatusSeeOther, "/office/suspension/pending/"+key)
}

// idle is the version of a page on which there is nothing to suspend.
const idle shown.Version = "idle"

// holderView is the person found, and what would be suspended.
type holderView struct {
	Key      string
	Resident residentLine
	Card     *faceLine
	Current  []certificateLine
	Effects  []effectLine
	Lost     []lostCard
	Timeline []timePoint
	Why      frame.Field
	Idle     *ui.Text // why there is nothing to suspend
	Version  shown.Version
	Changed  bool // something else would happen than was shown
}

// timePoint is a point of the desk's timeline.
type timePoint struct {
	At    time.Time // zero for what has not happened
	Name  ui.Text
	Note  ui.Text
	State string // done, now, next
}

func (d *desks) showHolder(c echo.Context, who desk.Officer) error {
	p, err := d.look(c)
	if err != nil {
		return err
	}
	return d.showCaller(c, who, p, frame.NewForm(nil))
}

// showCaller shows the person of a call as the registers say now.
func (d *desks) showCaller(c echo.Context, who desk.Officer, p pending, f *frame.Form) error {
	ctx := c.Request().Context()
	holder, err := d.agency.FindHolder(ctx, p.Search)
	if err != nil {
		return err
	}
	now := d.now()
	v := holderView{Key: p.key, Resident: lineOf(holder.Resident), Current: currentOf(holder.Certificates, now), Why: f.Filled(whyOfCall())[0]}
	var cards []faceLine
	for _, k := range holder.Cards {
		cards = append([]faceLine{faceLineOf(holder.Resident, k, now)}, cards...)
	}
	if len(cards) > 0 {
		v.Card = &cards[currentCard(cards)]
	}
	preview, err := d.agency.PreviewSuspension(ctx, p.Search)
	switch rule, known := d.Broken(err); {
	case known:
		v.Idle, v.Version = &rule.Title, idle
	case err != nil:
		return err
	default:
		v.Effects, v.Lost, v.Version = effects(preview, holder.Certificates, now), lostCards(preview), preview.Version()
	}
	changed, status := again(c, p, v.Version)
	if v.Changed = changed; f.Wrong() {
		status = http.StatusUnprocessableEntity
	}
	if v.Timeline, err = d.timeline(c, holder, p.Made, v.Idle == nil); err != nil {
		return err
	}
	return d.Show(c, status, "holder", pageTitles.holder, who, v)
}

// lostCard is a card in use that a suspension marks as lost.
type lostCard struct {
	ID         string
	Was, Is    ui.Text
	Tone, Then string
}

// lostCards lists all cards that a suspension marks as lost.
func lostCards(p register.Preview) []lostCard {
	var lost []lostCard
	for _, k := range p.Cards {
		l := lostCard{ID: k.ID}
		l.Was, l.Tone = cardLabels.Of(register.CardInUse)
		l.Is, l.Then = cardLabels.Of(k.State)
		lost = append(lost, l)
	}
	return lost
}

// timeline gives what happened about losses, the call, and what comes next.
func (d *desks) timeline(c echo.Context, h register.Holder, call time.Time, suspend bool) ([]timePoint, error) {
	events, err := d.agency.Events(c.Request().Context(), authority.EventQuery{ResidentID: h.Resident.ID, Limit: 100})
	if err != nil {
		return nil, err
	}
	var points []timePoint
	last := ""
	for i := len(events) - 1; i >= 0; i-- {
		e := events[i]
		act := e.Act
		if _, ours := timelineWords[act]; !ours || act == last && i+1 < len(events) && events[i+1].At.Equal(e.At) {
			continue
		}
		last = act
		points = append(points, timePoint{At: e.At, Name: timelineWords[act], Note: whyText(e.Why), State: "done"})
	}
	if n := len(points); n > maxPoints {
		points = points[n-maxPoints:]
	}
	if !call.IsZero() {
		points = append(points, timePoint{At: call, Name: sayTimeline.call, State: "now"})
	}
	if suspend {
		points = append(points, timePoint{Name: sayTimeline.suspend, Note: sayTimeline.suspendNote, State: "next"})
	}
	return append(points, timePoint{Name: sayTimeline.counter, Note: sayTimeline.counterNote, State: "next"}), nil
}

// maxPoints bounds the past in a timeline.
const maxPoints = 4

// suspendHolder suspends the certificates on all cards of the holder.
func (d *desks) suspendHolder(c echo.Context, who desk.Officer) error {
	p, err := d.look(c)
	if err != nil {
		return err
	}
	f := frame.Posted(c)
	why := f.Needed("why")
	if f.Wrong() {
		return d.showCaller(c, who, p, f)
	}
	ctx := c.Request().Context()
	err = d.once(c, func(a act) (outcome, error) {
		holder, err := d.agency.FindHolder(ctx, a.Search)
		if err != nil {
			return outcome{}, err
		}
		done, err := d.agency.SuspendHolder(ctx, a.Search, who.By(why).Having(seen(c, p)))
		if err != nil {
			return outcome{}, err
		}
		reference, err := d.reference(ctx, done)
		return outcome{Done: done, Before: holder.Certificates, Reference: reference}, err
	})
	if errors.Is(err, shown.ErrChanged) {
		return d.showCaller(c, who, p, f)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/office/suspension/done/"+p.key)
}

// reference gives the number that the caller is told: the day and the line of
// the journal.
func (d *desks) reference(ctx context.Context, done authority.Done) (string, error) {
	events, err := d.agency.Events(ctx, authority.EventQuery{ResidentID: done.Before.ID, Limit: 20})
	if err != nil {
		return "", err
	}
	for _, e := range events {
		if e.Act == string(register.Loss) {
			return fmt.Sprintf("%s-%06d", e.At.In(jpki.JST).Format("20060102"), e.ID), nil
		}
	}
	return "", errNoResult
}

// suspendedView is the page after a suspension.
type suspendedView struct {
	Reference string
	At        time.Time
	Resident  residentLine
	Effects   []effectLine
	Lost      []lostCard
	Timeline  []timePoint
}

func (d *desks) showSuspended(c echo.Context, who desk.Officer) error {
	r, err := d.result(c)
	if err != nil {
		return err
	}
	if r.Reference == "" {
		return errNoResult
	}
	v := suspendedView{Reference: r.Reference, At: r.Done.At, Resident: lineOf(r.Done.Before), Effects: effects(r.Done.Preview, r.Before, r.Done.At), Lost: lostCards(r.Done.Preview)}
	if v.Timeline, err = d.timeline(c, register.Holder{Resident: r.Done.Before}, time.Time{}, false); err != nil {
		return err
	}
	return d.Show(c, http.StatusOK, "suspended", pageTitles.suspended, who, v)
}
