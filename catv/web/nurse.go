package web

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/catv/health"
)

// nursePage lists the participants of the health programme.
type nursePage struct{ Participants []participantLine }

type participantLine struct {
	Viewer catv.Viewer
	Place  catv.Place
	Open   int // messages without an answer
}

func (w *set) nurse(c echo.Context) error {
	ctx := c.Request().Context()
	contracts, err := w.station.Contracts(ctx)
	if err != nil {
		return err
	}
	viewers, err := w.station.Viewers(ctx, "")
	if err != nil {
		return err
	}
	places := map[catv.ViewerID]catv.Place{}
	for _, contract := range contracts {
		for _, p := range contract.Places {
			places[p.Viewer] = p
		}
	}
	page := nursePage{}
	for _, v := range viewers {
		messages, err := w.health.Messages(ctx, v.ID)
		if err != nil {
			return err
		}
		line := participantLine{Viewer: v, Place: places[v.ID]}
		for _, m := range messages {
			if len(m.Choices()) > 0 && m.Answer == "" {
				line.Open++
			}
		}
		page.Participants = append(page.Participants, line)
	}
	return w.show(c, "nurse", titles.nurse, page)
}

// participantPage is a participant with what the nurse can enter.
type participantPage struct {
	Viewer   catv.Viewer
	Label    catv.Name
	Today    catv.Day
	Tiles    []measureTile
	Checkups []health.CheckupResult
	Rows     []checkupRow
	Messages []health.Message
	Items    []health.Item
	Answers  []health.AnswerSet
	Saved    string
}

// participant shows one. The nurse sees what the holder sees: the municipality's
// programme is what keeps it.
func (w *set) participant(c echo.Context) error {
	ctx := c.Request().Context()
	v, err := w.participantViewer(c)
	if err != nil {
		return err
	}
	page := participantPage{Viewer: v, Today: catv.DayOf(w.cfg.Now()), Items: health.Items(), Answers: health.AnswerSets(), Saved: c.QueryParam("saved")}
	contract, err := w.station.Contract(ctx, v.Contract)
	if err != nil {
		return err
	}
	for _, p := range contract.Places {
		if p.Viewer == v.ID {
			page.Label = p.Label
		}
	}
	latest, err := w.health.Latest(ctx, v.ID, v.ID)
	if err != nil {
		return err
	}
	for _, m := range health.Measures() {
		page.Tiles = append(page.Tiles, newTile(latest[m], w.cfg.Now()))
	}
	if page.Checkups, err = w.health.Checkups(ctx, v.ID, v.ID); err != nil {
		return err
	}
	page.Rows = table(page.Checkups)
	if page.Messages, err = w.health.Messages(ctx, v.ID); err != nil {
		return err
	}
	return w.show(c, "participant", titles.participant, page)
}

func (w *set) participantViewer(c echo.Context) (catv.Viewer, error) {
	id, err := strconv.ParseInt(c.Param("viewer"), 10, 64)
	if err != nil {
		return catv.Viewer{}, catv.ErrNoViewer
	}
	return w.station.Viewer(c.Request().Context(), catv.ViewerID(id))
}

// atParticipant is an error at what the nurse entered for a participant: its page
// leads back there.
type atParticipant struct {
	id  catv.ViewerID
	err error
}

func (e *atParticipant) Error() string { return e.err.Error() }

// Unwrap gives the error.
func (e *atParticipant) Unwrap() error { return e.err }

// entering finds the participant, and gives what the nurse enters for them to
// keep. It leads back to the participant, whatever comes of it.
func (w *set) entering(what string, keep func(c echo.Context, v catv.Viewer) error) echo.HandlerFunc {
	return func(c echo.Context) error {
		v, err := w.participantViewer(c)
		if err != nil {
			return err
		}
		if err := keep(c, v); err != nil {
			return &atParticipant{v.ID, err}
		}
		return c.Redirect(http.StatusSeeOther, participantPath(v.ID)+"?saved="+what)
	}
}

func participantPath(id catv.ViewerID) string {
	return "/nurse/viewers/" + strconv.FormatInt(int64(id), 10)
}

func (w *set) enterReading(c echo.Context, v catv.Viewer) error {
	day, ok := catv.ParseDay(c.FormValue("day"))
	if !ok {
		return health.ErrNotInTheDay
	}
	r := health.Reading{Viewer: v.ID, Day: day, Measure: health.Measure(c.FormValue("measure")), By: health.Nurse.JA}
	var err error
	if r.Value, err = strconv.ParseFloat(c.FormValue("value"), 64); err != nil {
		return health.ErrReading
	}
	if r.Measure == health.Pressure {
		if r.Second, err = strconv.ParseFloat(c.FormValue("second"), 64); err != nil {
			return health.ErrReading
		}
	}
	return w.health.EnterReading(c.Request().Context(), r)
}

func (w *set) enterCheckup(c echo.Context, v catv.Viewer) error {
	day, ok := catv.ParseDay(c.FormValue("day"))
	if !ok {
		return health.ErrNotInTheDay
	}
	entered := health.Checkup{Viewer: v.ID, Day: day, Values: map[health.ItemID]float64{}, By: health.Nurse.JA}
	for _, i := range health.Items() {
		text := strings.TrimSpace(c.FormValue("item-" + string(i.ID)))
		if text == "" {
			continue
		}
		var err error
		if entered.Values[i.ID], err = strconv.ParseFloat(text, 64); err != nil {
			return health.ErrReading
		}
	}
	return w.health.EnterCheckup(c.Request().Context(), entered)
}

func (w *set) writeMessage(c echo.Context, v catv.Viewer) error {
	return w.health.Write(c.Request().Context(), health.Message{
		Viewer: v.ID, From: health.Nurse, Answers: health.AnswerSet(c.FormValue("answers")),
		Text: catv.Name{JA: strings.TrimSpace(c.FormValue("text")), EN: strings.TrimSpace(c.FormValue("text-en"))},
	})
}

func (w *set) writeReminder(c echo.Context, v catv.Viewer) error {
	due, ok := catv.ParseDay(c.FormValue("due"))
	if !ok {
		return health.ErrNotInTheDay
	}
	return w.health.Remind(c.Request().Context(), health.Reminder{Viewer: v.ID, Due: due, Text: catv.Name{JA: strings.TrimSpace(c.FormValue("text"))}})
}
