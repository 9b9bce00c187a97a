package web

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/catv/health"
	room "example.jp/jpkimock/catv/room/web"
	"example.jp/jpkimock/internal/door"
)

// nursePage lists the participants of the health programme.
type nursePage struct{ Participants []participantLine }

type participantLine struct {
	Viewer catv.Viewer
	Place  catv.Place
	Open   int // messages without an answer
}

// participants lists them, with how many messages wait for an answer.
func (w *desks) participants(c echo.Context) error {
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
	return w.nurse.Show(c, "nurse", titles.nurse, page)
}

// participantPage is a participant with what the nurse can enter.
type participantPage struct {
	Viewer   catv.Viewer
	Label    catv.Name
	Today    catv.Day
	Tiles    []room.Tile
	Checkups []health.CheckupResult
	Rows     []room.CheckupRow
	Messages []health.Message
	Items    []health.Item
	Answers  []health.AnswerSet
	Saved    string
}

// participant shows one. The nurse sees what the holder sees: the municipality's
// programme is what keeps it.
func (w *desks) participant(c echo.Context) error {
	ctx := c.Request().Context()
	v, err := w.participantViewer(c)
	if err != nil {
		return err
	}
	page := participantPage{Viewer: v, Today: catv.DayOf(w.cfg.Now()), Items: health.Items(), Answers: health.AnswerSets(), Saved: c.QueryParam("saved")}
	place, err := w.station.PlaceOf(ctx, v.ID)
	if err != nil {
		return err
	}
	page.Label = place.Label
	latest, err := w.health.Latest(ctx, v.ID, v.ID)
	if err != nil {
		return err
	}
	for _, m := range health.Measures() {
		page.Tiles = append(page.Tiles, room.NewTile(latest[m], w.cfg.Now()))
	}
	if page.Checkups, err = w.health.Checkups(ctx, v.ID, v.ID); err != nil {
		return err
	}
	page.Rows = room.CheckupTable(page.Checkups)
	if page.Messages, err = w.health.Messages(ctx, v.ID); err != nil {
		return err
	}
	return w.nurse.Show(c, "participant", titles.participant, page)
}

func (w *desks) participantViewer(c echo.Context) (catv.Viewer, error) {
	return w.station.Viewer(c.Request().Context(), catv.ViewerID(id(c, "viewer")))
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
func (w *desks) entering(what string, keep func(c echo.Context, v catv.Viewer) error) echo.HandlerFunc {
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

// day reads a day that was entered.
func day(text string) (catv.Day, error) {
	d, ok := catv.ParseDay(text)
	if !ok {
		return 0, health.ErrNotInTheDay
	}
	return d, nil
}

// value reads a number that was entered.
func value(text string) (float64, error) {
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0, health.ErrReading
	}
	return v, nil
}

func (w *desks) enterReading(c echo.Context, v catv.Viewer) error {
	in, err := door.Read[struct {
		Day, Value, Second string
		Measure            health.Measure
	}](c)
	if err != nil {
		return err
	}
	r := health.Reading{Viewer: v.ID, Measure: in.Measure, By: health.Nurse.JA}
	if r.Day, err = day(in.Day); err != nil {
		return err
	}
	if r.Value, err = value(in.Value); err != nil {
		return err
	}
	if r.Measure == health.Pressure {
		if r.Second, err = value(in.Second); err != nil {
			return err
		}
	}
	return w.health.EnterReading(c.Request().Context(), r)
}

// enterCheckup reads the form field by field: there is one for each item.
func (w *desks) enterCheckup(c echo.Context, v catv.Viewer) error {
	on, err := day(c.FormValue("day"))
	if err != nil {
		return err
	}
	entered := health.Checkup{Viewer: v.ID, Day: on, Values: map[health.ItemID]float64{}, By: health.Nurse.JA}
	for _, i := range health.Items() {
		text := strings.TrimSpace(c.FormValue("item-" + string(i.ID)))
		if text == "" {
			continue
		}
		if entered.Values[i.ID], err = value(text); err != nil {
			return err
		}
	}
	return w.health.EnterCheckup(c.Request().Context(), entered)
}

func (w *desks) writeMessage(c echo.Context, v catv.Viewer) error {
	in, err := door.Read[struct {
		Text    string
		TextEN  string `json:"text-en"`
		Answers health.AnswerSet
	}](c)
	if err != nil {
		return err
	}
	return w.health.Write(c.Request().Context(), health.Message{
		Viewer: v.ID, From: health.Nurse, Answers: in.Answers,
		Text: catv.Name{JA: strings.TrimSpace(in.Text), EN: strings.TrimSpace(in.TextEN)},
	})
}

func (w *desks) writeReminder(c echo.Context, v catv.Viewer) error {
	in, err := door.Read[struct{ Due, Text string }](c)
	if err != nil {
		return err
	}
	due, err := day(in.Due)
	if err != nil {
		return err
	}
	return w.health.Remind(c.Request().Context(), health.Reminder{Viewer: v.ID, Due: due, Text: catv.Name{JA: strings.TrimSpace(in.Text)}})
}
