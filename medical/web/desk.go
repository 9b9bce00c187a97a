package web

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/medical/reception"
)

// mountDesk lists what the staff of an institution see, and what their programs ask.
func (w *terminal) mountDesk(e *echo.Echo) {
	people, scripts := w.open(e), w.scripts(e)
	people.GET("", shows(w.staffRoom, "desk", w.queue))
	people.GET("/visits/:id", shows(w.staffRoom, "visit", w.page))
	// 被保険者資格申立書, to be printed and signed by hand.
	people.GET("/visits/:id/declaration", shows(w.staffRoom, "declaration", w.page))
	people.POST("/visits/:id/paper", door.Reads(w.takeByPaper))
	people.POST("/visits/:id/settle", door.Reads(w.settle))
	for _, g := range []*echo.Group{people, scripts} {
		g.GET("/visits/:id/xml", w.xml)
	}
	if w.Cashier != nil {
		w.mountCashier(e, people, scripts)
	}
	scripts.POST("/challenges", door.Asks(func(ctx context.Context, _ struct{}) (challengeBody, error) {
		nonce, err := w.Desk.Challenge(ctx)
		return challengeBody{nonce, w.cfg.PublicURL}, err
	}))
	scripts.POST("/receptions", door.Reads(w.arriveJSON))
	scripts.POST("/receptions/:id/numbers", door.Reads(func(c echo.Context, in medical.Member) error {
		v, err := w.Desk.Link(c.Request().Context(), id(c), in)
		return answerVisit(c, http.StatusOK, v, err)
	}))
	scripts.POST("/receptions/:id/consents", door.Reads(func(c echo.Context, in struct{ Yes []medical.Item }) error {
		v, err := w.Desk.Finish(c.Request().Context(), id(c), in.Yes...)
		return answerVisit(c, http.StatusOK, v, err)
	}))
}

// queuePage is the day, those who wait for the staff on top.
type queuePage struct {
	Path string
	reception.Queue
	Waiting, Done, Before []visitLine
	Kiosk                 string
	Cashier               bool // there is one
	// Of the lists of those who wait, and of the others of today.
	WaitingPages, DonePages ui.Pager
}

// visitLine is a visit in words.
type visitLine struct {
	reception.Visit
	Insurer        ui.Text
	Share          int
	Outcome, Doing ui.Text
	Old            bool // of a former day
}

func (w *terminal) line(v reception.Visit, today medical.Date) visitLine {
	line := visitLine{Visit: v, Outcome: reasonFor(v.Reason).Short, Doing: word("state.", v.State), Old: v.Day != today}
	if v.Answer != nil && len(v.Answer.Results) > 0 {
		q := v.Answer.Results[0]
		line.Insurer, line.Share = w.insurer(q), q.Share
	}
	if v.Reason == "" && v.Answer != nil {
		line.Outcome = outcome(v.Answer.Validity, "")
	}
	if v.Paper != nil && v.State != reception.Settled {
		line.Doing = word("way.", v.Paper.Way, ".name")
	}
	if v.State == reception.OnPaper {
		line.Share = v.Paper.Share
	}
	return line
}

// lines gives visits in words.
func (w *terminal) lines(all []reception.Visit, today medical.Date) (lines []visitLine) {
	for _, v := range all {
		lines = append(lines, w.line(v, today))
	}
	return lines
}

func (w *terminal) insurer(q medical.Qualification) ui.Text {
	return ui.Text{JA: q.InsurerName, EN: w.insurers[string(q.Insurer)].EN}
}

func (w *terminal) queue(c echo.Context) (queuePage, error) {
	q, err := w.Desk.Queue(c.Request().Context())
	page := queuePage{
		Path: w.path, Queue: q, Kiosk: "/" + w.ID, Cashier: w.Cashier != nil, Before: w.lines(q.Before, q.Day),
		WaitingPages: ui.PagerNamed(c, "waiting", perPage), DonePages: ui.PagerNamed(c, "done", perPage),
	}
	page.Waiting = w.lines(ui.Paged(&page.WaitingPages, q.Waiting), q.Day)
	page.Done = w.lines(ui.Paged(&page.DonePages, q.Done), q.Day)
	return page, err
}

// visitPage is all that is known of a visit.
type visitPage struct {
	Path, Here string
	visitLine
	Results []result
	Notes   []ui.Text
	Items   []medical.Item // to which the patient has said yes or no
	Ways    []reception.Way
	Again   bool // settling was tried, and failed
	Cashier bool // there is one
}

// result is an eligibility with its insurer in words.
type result struct {
	medical.Qualification
	By ui.Text
}

func (w *terminal) page(c echo.Context) (visitPage, error) {
	v, err := w.Desk.Visit(c.Request().Context(), id(c))
	if err != nil {
		return visitPage{}, err
	}
	page := visitPage{
		Path: w.path, Here: w.at(v.ID), visitLine: w.line(v, medical.DateOf(w.cfg.Now())), Ways: reception.Ways(), Cashier: w.Cashier != nil,
		Again: v.State == reception.OnPaper && v.Inquiry != "" && v.Answer != nil && v.Answer.ByNumber,
	}
	if v.Answer != nil {
		page.Notes = notes(*v.Answer, w.insurer)
		for _, q := range v.Answer.Results {
			page.Results = append(page.Results, result{q, w.insurer(q)})
		}
	}
	if !v.Consents.At.IsZero() {
		page.Items = medical.Items()
	}
	return page, nil
}

func (w *terminal) at(visit int64) string { return w.path + "/visits/" + strconv.FormatInt(visit, 10) }

func (w *terminal) takeByPaper(c echo.Context, in struct {
	numbersForm
	Way   reception.Way
	Name  string
	Share string
}) error {
	share, err := strconv.Atoi(in.Share)
	if err != nil {
		share = 0 // no share, which is refused where one is needed
	}
	_, err = w.Desk.TakeByPaper(c.Request().Context(), id(c), reception.Paper{Way: in.Way, Name: in.Name, Share: share, Member: in.member()})
	return done(c, w.at(id(c)), err)
}

func (w *terminal) settle(c echo.Context, in numbersForm) error {
	_, err := w.Desk.Settle(c.Request().Context(), id(c), in.member())
	return done(c, w.at(id(c)), err)
}

// xml gives the file for a receipt computer.
func (w *terminal) xml(c echo.Context) error {
	name, content, err := w.Desk.XML(c.Request().Context(), id(c))
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="`+name+`"`)
	return c.Blob(http.StatusOK, "application/xml; charset=utf-8", content)
}

// visitJSON is a visit as a program gets it.
type visitJSON struct {
	ID       int64            `json:"id"`
	No       int              `json:"no"`
	Day      medical.Date     `json:"day"`
	State    reception.State  `json:"state"`
	Reason   string           `json:"reason,omitempty"`
	MayLink  bool             `json:"mayLink"`
	Name     string           `json:"name,omitempty"`
	Validity medical.Validity `json:"validity,omitempty"`
	Share    int              `json:"share,omitempty"`
	Steps    []medical.Step   `json:"steps"`
}

func answerVisit(c echo.Context, status int, v reception.Visit, err error) error {
	if err != nil {
		return err
	}
	out := visitJSON{ID: v.ID, No: v.No, Day: v.Day, State: v.State, Reason: v.Reason, MayLink: v.MayLink(), Name: v.Name, Steps: append([]medical.Step{}, v.Steps...)}
	if v.Answer != nil {
		out.Validity = v.Answer.Validity
		if len(v.Answer.Results) > 0 {
			out.Share = v.Answer.Results[0].Share
		}
	}
	return c.JSON(status, out)
}

// arriveJSON takes a patient in by the card's answer, or by the code for why there is none.
func (w *terminal) arriveJSON(c echo.Context, in struct {
	Nonce   string
	Token   json.RawMessage
	Trouble string
}) (err error) {
	var v reception.Visit
	if ctx := c.Request().Context(); in.Trouble != "" {
		v, err = w.Desk.Trouble(ctx, trouble(in.Trouble))
	} else {
		v, err = w.Desk.Arrive(ctx, in.Nonce, in.Token)
	}
	return answerVisit(c, http.StatusCreated, v, err)
}
