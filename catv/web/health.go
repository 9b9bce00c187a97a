package web

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/catv/health"
	room "example.jp/jpkimock/catv/room/web"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/ui"
)

// subject is whose health information a page shows: one's own, or that of a
// family member who shares it.
type subject struct {
	Of       catv.ViewerID
	Nickname catv.Nickname // of the family member; empty for oneself
	Base     string        // how the addresses of these pages begin
}

// subject reads it from the address. What is not shared with me is not there.
func (w *set) subject(c echo.Context) (subject, error) {
	text := c.Param("viewer")
	if text == "" {
		return subject{Of: me(c), Base: "/health"}, nil
	}
	v, err := w.health.SharedBy(c.Request().Context(), me(c), catv.ViewerID(number(text)))
	if errors.Is(err, catv.ErrNoViewer) {
		err = health.ErrNotYours
	}
	return subject{Of: v.ID, Nickname: v.Nickname, Base: "/health/of/" + text}, err
}

// number reads a number of the operator's; 0, which nothing has, for what is none.
func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0
	}
	return n
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

// measureTile is what was last measured of a measure, with a small picture.
type measureTile struct {
	room.Tile
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
		tile := measureTile{Tile: room.NewTile(latest[m], w.cfg.Now())}
		if latest[m].Measured {
			tile.Spark = spark(latest[m])
		}
		page.Tiles = append(page.Tiles, tile)
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
	return w.Show(c, "health", titles.health, page)
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

// checkupsPage is the check-ups beside one another, newest first.
type checkupsPage struct {
	Subject  subject
	Checkups []health.CheckupResult
	Rows     []room.CheckupRow
}

// checkups shows the results of check-ups with their reference ranges.
func (w *set) checkups(c echo.Context) error {
	s, err := w.subject(c)
	if err != nil {
		return err
	}
	all, err := w.health.Checkups(c.Request().Context(), me(c), s.Of)
	if err != nil {
		return err
	}
	return w.Show(c, "checkups", titles.checkups, checkupsPage{Subject: s, Checkups: all, Rows: room.CheckupTable(all)})
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
	words := room.WordsOf(series.Measure)
	page := chartPage{
		Subject: s, Series: series, Name: words.Name, Unit: words.Unit, Band: bandText(series, words.Band), Chart: drawn(series),
		Latest: room.Reading(series.Measure, series.Latest), Average: room.Reading(series.Measure, series.Average), Good: room.Within(series, series.Average),
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
	return w.Show(c, "chart", words.Title, page)
}

// bandText says what the marked band is: nothing for a child's weight, which has
// none.
func bandText(s health.Series, say ui.Text) ui.Text {
	if s.Measure != health.Weight {
		return say
	}
	if s.BMIHigh == 0 {
		return ui.Text{}
	}
	low, high := room.Number(s.BMILow, 1), room.Number(s.BMIHigh, 1)
	return ui.Blanks{"{bmi}": {JA: low + "〜" + high, EN: low + "–" + high}}.Fill(say)
}

// messagesPage lists the nurse's messages.
type messagesPage struct{ Messages []health.Message }

func (w *set) messages(c echo.Context) error {
	all, err := w.health.Messages(c.Request().Context(), me(c))
	if err != nil {
		return err
	}
	return w.Show(c, "messages", titles.messages, messagesPage{all})
}

// messagePage is one message with its buttons.
type messagePage struct {
	Message health.Message
	Answer  *health.Choice
}

func (w *set) message(c echo.Context) error {
	m, err := w.health.Message(c.Request().Context(), me(c), health.MessageID(number(c.Param("id"))))
	if err != nil {
		return err
	}
	page := messagePage{Message: m}
	if choice, ok := m.Answered(); ok {
		page.Answer = &choice
	}
	return w.Show(c, "message", titles.message, page)
}

func (w *set) answerMessage(c echo.Context) error {
	in, err := door.Read[struct{ Choice string }](c)
	if err != nil {
		return err
	}
	if err := w.health.Answer(c.Request().Context(), me(c), health.MessageID(number(c.Param("id"))), in.Choice); err != nil {
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
	return w.Show(c, "reminders", titles.reminders, remindersPage{all, catv.DayOf(w.cfg.Now())})
}

func (w *set) finishReminder(c echo.Context) error {
	if err := w.health.Done(c.Request().Context(), me(c), health.ReminderID(number(c.Param("id")))); err != nil {
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
	return w.Show(c, "sharing", titles.sharing, page)
}

func (w *set) share(c echo.Context) error {
	in, err := door.Read[struct{ With string }](c)
	if err != nil {
		return err
	}
	if err := w.health.ShareWith(c.Request().Context(), me(c), catv.ViewerID(number(in.With))); err != nil {
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
