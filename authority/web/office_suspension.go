package web

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/internal/ui"
)

// callView is the suspension desk's first page: what the caller says.
type callView struct {
	Name, Birth, Address string
	Wrong                map[string]*ui.Text
	None                 bool // nobody, or more than one
}

// askHolder shows the form.
func (o *office) askHolder(c echo.Context, who desk.Officer) error {
	return o.show(c, http.StatusOK, "suspension", pageTitles.suspension, who, callView{})
}

// findHolder finds the one person whom the caller says to be. It never says
// who else is in the register.
func (o *office) findHolder(c echo.Context, who desk.Officer) error {
	values, err := c.FormParams()
	if err != nil {
		return err
	}
	f := newForm(values)
	v := callView{Name: f.needed("name"), Birth: f.needed("birth"), Address: f.needed("address"), Wrong: map[string]*ui.Text{}}
	day, ok := parseDay(v.Birth)
	if !ok {
		f.fail("birth")
	}
	for name, say := range f.errors {
		v.Wrong[name] = &say
	}
	if len(f.errors) > 0 {
		return o.show(c, http.StatusUnprocessableEntity, "suspension", pageTitles.suspension, who, v)
	}
	s := register.HolderSearch{Name: v.Name, DateOfBirth: day.Gregorian(), Address: v.Address}
	holder, err := o.cfg.Authority.FindHolder(c.Request().Context(), s)
	if errors.Is(err, register.ErrNoResident) {
		v.None = true
		return o.show(c, http.StatusNotFound, "suspension", pageTitles.suspension, who, v)
	}
	if err != nil {
		return err
	}
	key := rand.Text()
	o.keep(c, paper{Key: key, Notice: register.Notice{ResidentID: holder.Resident.ID}, Search: s, Made: o.cfg.Clock.Now()})
	return c.Redirect(http.StatusSeeOther, "/office/suspension/papers/"+key)
}

// holderView is the person found, and what would be suspended.
type holderView struct {
	Key      string
	Resident residentLine
	Card     *faceLine
	Current  []certificateLine
	Effects  []effectLine
	Lost     []lostCard
	Timeline []timePoint
	Why      formField
	Idle     *ui.Text // why there is nothing to suspend
}

// timePoint is a point of the desk's timeline.
type timePoint struct {
	At    time.Time // zero for what has not happened
	Name  ui.Text
	Note  ui.Text
	State string // done, now, next
}

func (o *office) showHolder(c echo.Context, who desk.Officer) error {
	p, err := o.look(c, c.Param("key"))
	if err != nil {
		return err
	}
	return o.showCaller(c, who, http.StatusOK, p, newForm(nil))
}

// showCaller shows the person of a paper as the registers say now.
func (o *office) showCaller(c echo.Context, who desk.Officer, status int, p paper, f *form) error {
	ctx := c.Request().Context()
	holder, err := o.cfg.Authority.FindHolder(ctx, p.Search)
	if err != nil {
		return err
	}
	now := o.cfg.Clock.Now()
	v := holderView{Key: p.Key, Resident: lineOf(holder.Resident), Current: currentOf(holder.Certificates, now), Why: f.filled([]formField{whyOfCall()})[0]}
	var cards []faceLine
	for _, k := range holder.Cards {
		cards = append([]faceLine{faceLineOf(holder.Resident, k, now)}, cards...)
	}
	if len(cards) > 0 {
		v.Card = &cards[currentCard(cards)]
	}
	preview, err := o.cfg.Authority.PreviewSuspension(ctx, p.Search)
	switch rule, known := ruleOf(err); {
	case known:
		v.Idle = &rule.say.title
	case err != nil:
		return err
	default:
		v.Effects, v.Lost = effects(preview, holder.Certificates, now), lostCards(preview)
	}
	if v.Timeline, err = o.timeline(c, holder, p.Made, v.Idle == nil); err != nil {
		return err
	}
	return o.show(c, status, "holder", pageTitles.holder, who, v)
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
		l.Was, l.Tone = cardStateName(register.CardInUse)
		l.Is, l.Then = cardStateName(k.State)
		lost = append(lost, l)
	}
	return lost
}

// timeline gives what happened about losses, the call, and what comes next.
func (o *office) timeline(c echo.Context, h register.Holder, call time.Time, suspend bool) ([]timePoint, error) {
	events, err := o.cfg.Authority.Events(c.Request().Context(), authority.EventQuery{ResidentID: h.Resident.ID, Limit: 100})
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
func (o *office) suspendHolder(c echo.Context, who desk.Officer) error {
	values, err := c.FormParams()
	if err != nil {
		return err
	}
	p, err := o.look(c, c.Param("key"))
	if err != nil {
		return err
	}
	f := newForm(values)
	why := f.needed("why")
	if len(f.errors) > 0 {
		return o.showCaller(c, who, http.StatusUnprocessableEntity, p, f)
	}
	ctx := c.Request().Context()
	holder, err := o.cfg.Authority.FindHolder(ctx, p.Search)
	if err != nil {
		return err
	}
	if p, err = o.take(c, p.Key); err != nil {
		return err
	}
	done, err := o.cfg.Authority.SuspendHolder(ctx, p.Search, who.By(why))
	if err != nil {
		o.keep(c, p)
		return err
	}
	reference, err := o.reference(c, done)
	if err != nil {
		return err
	}
	o.remember(c, outcome{Key: p.Key, Done: done, Before: holder.Certificates, Reference: reference, Search: p.Search})
	return c.Redirect(http.StatusSeeOther, "/office/suspension/done/"+p.Key)
}

// reference gives the number that the caller is told: the day and the line of
// the journal.
func (o *office) reference(c echo.Context, d authority.Done) (string, error) {
	events, err := o.cfg.Authority.Events(c.Request().Context(), authority.EventQuery{ResidentID: d.Before.ID, Limit: 20})
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

func (o *office) showSuspended(c echo.Context, who desk.Officer) error {
	r, err := o.result(c, c.Param("key"))
	if err != nil {
		return err
	}
	if r.Reference == "" {
		return errNoResult
	}
	v := suspendedView{Reference: r.Reference, At: r.Done.At, Resident: lineOf(r.Done.Before), Effects: effects(r.Done.Preview, r.Before, r.Done.At), Lost: lostCards(r.Done.Preview)}
	if v.Timeline, err = o.timeline(c, register.Holder{Resident: r.Done.Before}, time.Time{}, false); err != nil {
		return err
	}
	return o.show(c, http.StatusOK, "suspended", pageTitles.suspended, who, v)
}
