package web

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/catv/health"
	"example.jp/jpkimock/internal/ui"
)

// subject is whose health information a page shows: one's own, or that of a
// family member who shares it.
type subject struct {
	Of       catv.ViewerID
	Nickname string // of the family member; empty for oneself
	Base     string // how the addresses of these pages begin
}

// subject reads it from the address. What is not shared with me is not there.
func (w *set) subject(c echo.Context) (subject, error) {
	text := c.Param("viewer")
	if text == "" {
		return subject{Of: me(c), Base: "/health"}, nil
	}
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return subject{}, health.ErrNotYours
	}
	v, err := w.health.SharedBy(c.Request().Context(), me(c), catv.ViewerID(id))
	if errors.Is(err, catv.ErrNoViewer) {
		err = health.ErrNotYours
	}
	return subject{Of: v.ID, Nickname: v.Nickname, Base: "/health/of/" + text}, err
}

// healthPage is the overview: the latest of each measure, and ways on.
type healthPage struct {
	Subject   subject
	Tiles     []measureTile
	Checkup   *health.CheckupResult // the newest
	Unread    int
	Messages  int
	Reminders []health.Reminder // to be done
	Family    []catv.Viewer     // who share with me
	Today     catv.Day
}

// measureTile is what was last measured of a measure.
type measureTile struct {
	Measure health.Measure
	Name    ui.Text
	Value   string
	Unit    ui.Text
	Day     catv.Day
	Good    bool // within the band
	// Off says how the values are off the band; empty if they are within.
	Off ui.Text
	// Note is what is said under the value, and Tone how: "good", "watch", or
	// empty while nothing can be said.
	Note  ui.Text
	Tone  string
	Spark chart
}

// overview shows the latest of everything.
func (w *set) overview(c echo.Context) error {
	s, err := w.subject(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	page := healthPage{Subject: s, Today: catv.DayOf(w.cfg.Now())}
	latest, err := w.health.Latest(ctx, me(c), s.Of)
	if err != nil {
		return err
	}
	for _, m := range health.Measures() {
		page.Tiles = append(page.Tiles, newTile(latest[m], w.cfg.Now()))
	}
	checkups, err := w.health.Checkups(ctx, me(c), s.Of)
	if err != nil {
		return err
	}
	if len(checkups) > 0 {
		page.Checkup = &checkups[0]
	}
	if s.Nickname == "" {
		if err := w.own(c, &page); err != nil {
			return err
		}
	}
	return w.show(c, "health", titles.health, page)
}

// own adds what is never shared.
func (w *set) own(c echo.Context, page *healthPage) error {
	ctx := c.Request().Context()
	messages, err := w.health.Messages(ctx, me(c))
	if err != nil {
		return err
	}
	page.Messages = len(messages)
	for _, m := range messages {
		if m.ReadAt.IsZero() {
			page.Unread++
		}
	}
	reminders, err := w.health.Reminders(ctx, me(c))
	if err != nil {
		return err
	}
	for _, r := range reminders {
		if r.DoneAt.IsZero() {
			page.Reminders = append(page.Reminders, r)
		}
	}
	page.Family, err = w.health.SharedTo(ctx, me(c))
	return err
}

func newTile(s health.Series, now time.Time) measureTile {
	words := measureNames[s.Measure]
	t := measureTile{Measure: s.Measure, Name: words.name, Unit: words.unit, Value: "—", Good: true}
	if !s.Measured {
		return t
	}
	t.Value, t.Day, t.Spark = reading(s.Measure, s.Latest), s.Latest.Day, spark(s)
	t.Good = within(s, s.Latest)
	if !t.Good {
		t.Off = words.low
		if s.GoodHigh != 0 && s.Latest.Value > s.GoodHigh || s.SecondTop != 0 && s.Latest.Second > s.SecondTop {
			t.Off = words.high
		}
	}
	switch {
	case s.Measure == health.Steps:
		t.Note, t.Tone = stepsNote(s, now)
	case t.Good:
		t.Note, t.Tone = words.good, "good"
	default:
		t.Note, t.Tone = t.Off, "watch"
	}
	return t
}

// stepsNote says how the steps of the latest day stand to the goal. Today is not
// over, so that it is never a bad day.
func stepsNote(s health.Series, now time.Time) (ui.Text, string) {
	today := s.Latest.Day == catv.DayOf(now)
	switch left := s.GoodLow - s.Latest.Value; {
	case left <= 0:
		return measureNames[health.Steps].good, "good"
	case !today:
		return stepsLeft(left, false), "watch"
	case now.In(jpki.JST).Hour() < 12:
		return stepsBegun(s.GoodLow), ""
	default:
		return stepsLeft(left, true), ""
	}
}

// within reports that a point is in the good band. Steps count for the average:
// today's are not over.
func within(s health.Series, p health.Point) bool {
	if s.Measure == health.Steps {
		p = s.Average
	}
	return (s.GoodLow == 0 || p.Value >= s.GoodLow) && (s.GoodHigh == 0 || p.Value <= s.GoodHigh) &&
		(s.SecondTop == 0 || p.Second <= s.SecondTop)
}

// chartPage is a chart on the whole screen.
type chartPage struct {
	Subject subject
	Series  health.Series
	Name    ui.Text
	Unit    ui.Text
	Chart   chart
	Spans   []spanChoice
	Latest  string
	Average string
	Change  ui.Text // against as many days before, with its sign; empty for none
	Before  ui.Text // the name of as many days
	Good    bool
	Band    ui.Text // what the marked band is
}

type spanChoice struct {
	Days    int
	Name    ui.Text
	Current bool
}

// chart shows a measure over 7, 30 or 365 days.
func (w *set) chart(c echo.Context) error {
	s, err := w.subject(c)
	if err != nil {
		return err
	}
	span := 30
	if text := c.QueryParam("days"); text != "" {
		if span, err = strconv.Atoi(text); err != nil {
			return health.ErrSpan
		}
	}
	series, err := w.health.Chart(c.Request().Context(), me(c), s.Of, health.Measure(c.Param("measure")), span)
	if err != nil {
		return err
	}
	words := measureNames[series.Measure]
	page := chartPage{
		Subject: s, Series: series, Name: words.name, Unit: words.unit, Band: words.band, Chart: drawn(series),
		Latest: reading(series.Measure, series.Latest), Average: reading(series.Measure, series.Average), Good: within(series, series.Average),
	}
	if !series.Measured {
		page.Latest, page.Average = "—", "—"
	} else if !series.Before.None {
		page.Change = change(series)
	}
	for _, days := range health.Spans() {
		page.Spans = append(page.Spans, spanChoice{days, spanNames[days], days == span})
	}
	page.Before = spanNames[span]
	return w.show(c, "chart", words.title, page)
}

// messagesPage lists the nurse's messages.
type messagesPage struct{ Messages []health.Message }

func (w *set) messages(c echo.Context) error {
	all, err := w.health.Messages(c.Request().Context(), me(c))
	if err != nil {
		return err
	}
	return w.show(c, "messages", titles.messages, messagesPage{all})
}

// messagePage is one message with its buttons.
type messagePage struct {
	Message health.Message
	Answer  *health.Choice
}

func messageID(c echo.Context) (health.MessageID, error) {
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return 0, health.ErrNoMessage
	}
	return health.MessageID(id), nil
}

func (w *set) message(c echo.Context) error {
	id, err := messageID(c)
	if err != nil {
		return err
	}
	m, err := w.health.Message(c.Request().Context(), me(c), id)
	if err != nil {
		return err
	}
	page := messagePage{Message: m}
	if choice, ok := m.Answered(); ok {
		page.Answer = &choice
	}
	return w.show(c, "message", titles.message, page)
}

func (w *set) answerMessage(c echo.Context) error {
	id, err := messageID(c)
	if err != nil {
		return err
	}
	if err := w.health.Answer(c.Request().Context(), me(c), id, c.FormValue("choice")); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, c.Request().URL.Path)
}

// remindersPage lists what is to be done, and what was.
type remindersPage struct {
	Reminders []health.Reminder
	Today     catv.Day
}

func (w *set) reminders(c echo.Context) error {
	all, err := w.health.Reminders(c.Request().Context(), me(c))
	if err != nil {
		return err
	}
	return w.show(c, "reminders", titles.reminders, remindersPage{all, catv.DayOf(w.cfg.Now())})
}

func (w *set) finishReminder(c echo.Context) error {
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return health.ErrNoReminder
	}
	if err := w.health.Done(c.Request().Context(), me(c), health.ReminderID(id)); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/health/reminders")
}

// sharingPage is the consent to show a family member one's health information.
type sharingPage struct {
	Family []catv.Viewer
	With   *catv.Viewer // with whom it is shared
	Since  catv.Day
}

func (w *set) sharing(c echo.Context) error {
	ctx := c.Request().Context()
	family, err := w.station.Family(ctx, me(c))
	if err != nil {
		return err
	}
	share, shared, err := w.health.Shared(ctx, me(c))
	if err != nil {
		return err
	}
	page := sharingPage{Family: family}
	for i, v := range family {
		if shared && v.ID == share.With {
			page.With, page.Since = &family[i], catv.DayOf(share.Since)
		}
	}
	return w.show(c, "sharing", titles.sharing, page)
}

func (w *set) share(c echo.Context) error {
	id, err := strconv.ParseInt(c.FormValue("with"), 10, 64)
	if err != nil {
		return health.ErrNotFamily
	}
	if err := w.health.ShareWith(c.Request().Context(), me(c), catv.ViewerID(id)); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/health/sharing")
}

func (w *set) endSharing(c echo.Context) error {
	if err := w.health.Withdraw(c.Request().Context(), me(c)); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/health/sharing")
}
