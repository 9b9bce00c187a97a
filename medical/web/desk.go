package web

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/internal/words"
	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/medical/reception"
)

// mountDesk lists what the staff of an institution see, and what their programs ask.
func (w *terminal) mountDesk(e *echo.Echo) {
	people, scripts := w.open(e), w.scripts(e)
	people.GET("", w.queue)
	people.GET("/visits/:id", w.showVisit)
	people.POST("/visits/:id/paper", w.takeByPaper)
	people.POST("/visits/:id/settle", w.settle)
	people.GET("/visits/:id/declaration", w.declaration)
	for _, g := range []*echo.Group{people, scripts} {
		g.GET("/visits/:id/xml", w.xml)
	}
	if w.Cashier != nil {
		w.mountCashier(e, people, scripts)
	}
	scripts.POST("/challenges", w.challengeJSON)
	scripts.POST("/receptions", w.arriveJSON)
	scripts.POST("/receptions/:id/numbers", w.linkJSON)
	scripts.POST("/receptions/:id/consents", w.consentJSON)
}

// queuePage is the day, those who wait for the staff on top.
type queuePage struct {
	Path string
	reception.Queue
	Waiting, Done, Before []visitLine
	Kiosk                 string
	Cashier               bool // there is one
}

// visitLine is a visit in words.
type visitLine struct {
	reception.Visit
	Insurer        ui.Text
	Share          int
	Outcome, Doing ui.Text
	Tone           string
	Old            bool // of a former day
}

func (w *terminal) line(v reception.Visit, today medical.Date) visitLine {
	line := visitLine{Visit: v, Outcome: reasonFor(v.Reason).Short, Doing: word("state." + string(v.State)), Tone: tones[v.State], Old: v.Day != today}
	if v.Answer != nil && len(v.Answer.Results) > 0 {
		q := v.Answer.Results[0]
		line.Insurer, line.Share = w.insurer(q), q.Share
	}
	if v.Reason == "" && v.Answer != nil {
		line.Outcome = outcome(v.Answer.Validity, "")
	}
	if v.Paper != nil {
		line.Doing = word("way." + string(v.Paper.Way) + ".name")
		if v.State == reception.OnPaper {
			line.Share = v.Paper.Share
		}
	}
	if v.State == reception.Settled {
		line.Doing = word("state." + string(v.State))
	}
	return line
}

func (w *terminal) insurer(q medical.Qualification) ui.Text {
	name := w.insurers[string(q.Insurer)]
	return ui.Text{JA: q.InsurerName, EN: name.EN}
}

func (w *terminal) queue(c echo.Context) error {
	q, err := w.Desk.Queue(c.Request().Context())
	if err != nil {
		return err
	}
	page := queuePage{Path: w.path, Queue: q, Kiosk: "/" + w.ID, Cashier: w.Cashier != nil}
	for _, part := range []struct {
		of []reception.Visit
		to *[]visitLine
	}{{q.Waiting, &page.Waiting}, {q.Done, &page.Done}, {q.Before, &page.Before}} {
		for _, v := range part.of {
			*part.to = append(*part.to, w.line(v, q.Day))
		}
	}
	return w.show(c, "desk", word("title.desk"), page)
}

// visitPage is all that is known of a visit.
type visitPage struct {
	Path, Here string
	visitLine
	Said     reasonWords
	Results  []resultWords
	Notes    []ui.Text
	Consents []consentWords
	Ways     []wayOption
	Picture  picture
	Received ui.Text
	Again    bool // settling was tried, and failed
	Cashier  bool // there is one
}

// resultWords is an eligibility in words.
type resultWords struct {
	medical.Qualification
	Insurer, Family, Loss, Sex ui.Text
	Holds                      bool
}

// consentWords is an item and whether the patient agreed.
type consentWords struct {
	Name ui.Text
	Yes  bool
}

// wayOption is a paper way as the form offers it.
type wayOption struct {
	ID reception.Way
	named
	Advised bool
}

func (w *terminal) page(c echo.Context) (visitPage, error) {
	v, err := w.Desk.Visit(c.Request().Context(), id(c))
	if err != nil {
		return visitPage{}, err
	}
	today := medical.DateOf(w.cfg.Now())
	page := visitPage{
		Path: w.path, Here: w.at(v.ID), visitLine: w.line(v, today), Said: reasonFor(v.Reason), Picture: pictureOf(v.Steps), Received: ui.Day(v.At), Cashier: w.Cashier != nil,
		Again: v.State == reception.OnPaper && v.Inquiry != "" && v.Answer != nil && v.Answer.ByNumber,
	}
	if v.Answer != nil {
		page.Notes = notes(*v.Answer, w.insurer)
		for _, q := range v.Answer.Results {
			page.Results = append(page.Results, resultWords{q, w.insurer(q), word("family." + string(q.Family)), word("loss." + string(q.LossReason)), words.Gender(q.Sex), q.HoldsOn(v.Day)})
		}
	}
	if !v.Consents.At.IsZero() {
		for _, i := range medical.Items() {
			page.Consents = append(page.Consents, consentWords{word("item." + string(i) + ".name"), v.Consents.Yes[i]})
		}
	}
	for _, way := range reception.Ways() {
		page.Ways = append(page.Ways, wayOption{way, namedBy("way." + string(way)), way == page.Said.Way})
	}
	return page, nil
}

func (w *terminal) at(visit int64) string { return w.path + "/visits/" + strconv.FormatInt(visit, 10) }

func (w *terminal) showVisit(c echo.Context) error {
	page, err := w.page(c)
	if err != nil {
		return err
	}
	return w.show(c, "visit", word("title.visit"), page)
}

// declaration is the form 被保険者資格申立書, to be printed and signed by hand.
func (w *terminal) declaration(c echo.Context) error {
	page, err := w.page(c)
	if err != nil {
		return err
	}
	return w.show(c, "declaration", word("title.declaration"), page)
}

func (w *terminal) takeByPaper(c echo.Context) error {
	in, err := door.Read[struct {
		numbersForm
		Way   reception.Way
		Name  string
		Share string
	}](c)
	if err != nil {
		return err
	}
	share, err := strconv.Atoi(in.Share)
	if err != nil {
		share = 0 // no share, which is refused where one is needed
	}
	_, err = w.Desk.TakeByPaper(c.Request().Context(), id(c), reception.Paper{Way: in.Way, Name: in.Name, Share: share, Member: in.member()})
	if err != nil {
		return placed(w.at(id(c)), err)
	}
	return c.Redirect(http.StatusSeeOther, w.at(id(c)))
}

func (w *terminal) settle(c echo.Context) error {
	in, err := door.Read[numbersForm](c)
	if err != nil {
		return err
	}
	if _, err := w.Desk.Settle(c.Request().Context(), id(c), in.member()); err != nil {
		return placed(w.at(id(c)), err)
	}
	return c.Redirect(http.StatusSeeOther, w.at(id(c)))
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
	out := visitJSON{ID: v.ID, No: v.No, Day: v.Day, State: v.State, Reason: v.Reason, MayLink: v.MayLink(), Name: v.Name, Steps: v.Steps}
	if v.Answer != nil {
		out.Validity = v.Answer.Validity
		if len(v.Answer.Results) > 0 {
			out.Share = v.Answer.Results[0].Share
		}
	}
	return c.JSON(status, out)
}

func (w *terminal) challengeJSON(c echo.Context) error {
	nonce, err := w.Desk.Challenge(c.Request().Context())
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, challengeBody{nonce, w.cfg.PublicURL})
}

// arriveJSON takes a patient in by the card's answer, or by the code for why there is none.
func (w *terminal) arriveJSON(c echo.Context) error {
	in, err := door.Read[struct {
		Nonce   string
		Token   json.RawMessage
		Trouble string
	}](c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	if in.Trouble != "" {
		v, err := w.Desk.Trouble(ctx, trouble(in.Trouble))
		return answerVisit(c, http.StatusCreated, v, err)
	}
	v, err := w.Desk.Arrive(ctx, in.Nonce, in.Token)
	return answerVisit(c, http.StatusCreated, v, err)
}

func (w *terminal) linkJSON(c echo.Context) error {
	in, err := door.Read[medical.Member](c)
	if err != nil {
		return err
	}
	v, err := w.Desk.Link(c.Request().Context(), id(c), in)
	return answerVisit(c, http.StatusOK, v, err)
}

func (w *terminal) consentJSON(c echo.Context) error {
	in, err := door.Read[struct{ Yes []string }](c)
	if err != nil {
		return err
	}
	var to []medical.Item
	for _, i := range in.Yes {
		to = append(to, medical.Item(i))
	}
	v, err := w.Desk.Finish(c.Request().Context(), id(c), to...)
	return answerVisit(c, http.StatusOK, v, err)
}
