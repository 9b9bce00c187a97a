package web

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/portal"
	"example.jp/jpkimock/portal/partner"
)

// applyPage is the one page on which something is entered.
type applyPage struct {
	Citizen  portal.Citizen
	Lines    []partnerLine // those that are connected
	Today    string
	Earliest string
}

func (w *entrance) askApply(c echo.Context, citizen portal.Citizen) error {
	all, _, err := w.lines(c, citizen.ID)
	if err != nil {
		return err
	}
	today := w.cfg.Now().In(jpki.JST)
	page := applyPage{Citizen: citizen, Today: today.Format(time.DateOnly), Earliest: today.AddDate(-1, 0, 0).Format(time.DateOnly)}
	for _, l := range all {
		if l.Connection != nil && !l.NoticesOnly {
			page.Lines = append(page.Lines, l)
		}
	}
	return w.show(c, "apply", titles.apply, page)
}

// wish is what the form and programs send. Answers are to the questions of those who are
// named in Asked, in the same order.
type wish struct {
	ChangedOn string   `json:"changedOn"`
	Partners  []string `json:"partners"`
	Asked     []string `json:"asked"`
	Answers   []string `json:"answers"`
}

func (in wish) wish() portal.Wish {
	w := portal.Wish{ChangedOn: in.ChangedOn, Partners: in.Partners, Answers: map[string]string{}}
	for i, id := range in.Asked {
		if i < len(in.Answers) {
			w.Answers[id] = in.Answers[i]
		}
	}
	return w
}

func (w *entrance) draftApplication(c echo.Context, citizen portal.Citizen) error {
	in, err := door.Read[wish](c)
	if err != nil {
		return err
	}
	d, err := w.portal.Draft(c.Request().Context(), citizen.ID, in.wish())
	if err != nil {
		return err
	}
	w.visits.Update(c, func(v *visit) { v.Draft = &d })
	return door.Answer(c, http.StatusOK, map[string]any{"application": d.Document.Number, "document": documentJSON(d.Document)}, door.See("/apply/draft"))
}

// sheetLine is what one partner alone is told, in words.
type sheetLine struct {
	Partner          portal.Partner
	Customer, Answer string
}

func (w *entrance) showDraft(c echo.Context, citizen portal.Citizen) error {
	v, _ := w.visits.Load(c)
	if v.Draft == nil {
		return errNoDraft
	}
	page := w.signPage(v.Draft.Document)
	page.Action, page.Heading, page.Button, page.Back, page.BackTo, page.EN = "/apply", says.application, says.applyButton, says.change, "/apply", says.applicationEN
	all, _, err := w.lines(c, citizen.ID)
	if err != nil {
		return err
	}
	for _, l := range all {
		if _, ok := v.Draft.Sheets[l.ID]; ok && l.Connection != nil {
			page.Sheets = append(page.Sheets, sheetLine{l.Partner, l.Connection.Customer, v.Draft.Wish.Answers[l.ID]})
		}
	}
	return w.show(c, "sign", titles.sign, page)
}

func (w *entrance) apply(c echo.Context, citizen portal.Citizen) error {
	v, _ := w.visits.Load(c)
	if v.Draft == nil {
		return errNoDraft
	}
	cms, err := rpweb.ReadCMS(c)
	if err != nil {
		return err
	}
	a, err := w.portal.Apply(c.Request().Context(), citizen.ID, *v.Draft, cms)
	if err != nil {
		return err
	}
	w.visits.Renew(c, visit{Citizen: citizen.ID, Name: a.After.CommonName})
	w.portal.Hurry(a.ID)
	return door.Answer(c, http.StatusCreated, map[string]any{"application": a.ID}, door.See("/applications/"+a.ID))
}

// row is a delivery as the citizen sees it.
type row struct {
	Partner  portal.Partner
	Delivery portal.Delivery
	Step     int // 1 the invitation, 2 received, 3 decided
	State    ui.Text
	Tone     string
}

// resultPage shows an application while it is delivered.
type resultPage struct {
	Application portal.Application
	Rows        []row
	Final       bool
	Steps       []step
}

// application shows how an application stands, and asks the partners meanwhile.
func (w *entrance) application(c echo.Context, citizen portal.Citizen) error {
	a, all, err := w.portal.Application(c.Request().Context(), citizen.ID, c.Param("id"))
	if err != nil {
		return err
	}
	page := resultPage{Application: a, Final: true, Steps: picture(3)}
	states := map[string]any{}
	for _, d := range all {
		r := row{Partner: w.portal.Partner(d.Partner), Delivery: d, Step: stepOf[d.State], State: stateWords[d.State], Tone: tones[d.State]}
		if d.State == portal.Waiting && d.Attempts > 0 {
			r.State, r.Tone = says.silent, "wait"
		}
		if d.Answer != "" {
			r.State = says.answering
		}
		page.Rows = append(page.Rows, r)
		page.Final = page.Final && d.State.Final()
		states[d.Partner] = map[string]any{"state": d.State, "since": d.Since, "reason": d.Reason, "question": d.Question}
	}
	if page.Final {
		page.Steps = picture(4)
	} else {
		w.portal.Hurry(a.ID)
	}
	return door.Answer(c, http.StatusOK, map[string]any{"application": a.ID, "final": page.Final, "partners": states}, w.shown("result", titles.result, page))
}

func (w *entrance) reply(c echo.Context, citizen portal.Citizen) error {
	in, err := door.Read[struct {
		Partner string `json:"partner"`
		Answer  string `json:"answer"`
	}](c)
	if err != nil {
		return err
	}
	id := c.Param("id")
	if err := w.portal.Reply(c.Request().Context(), citizen.ID, id, in.Partner, strings.TrimSpace(in.Answer)); err != nil {
		return err
	}
	w.portal.Hurry(id)
	return door.Answer(c, http.StatusOK, nil, door.See("/applications/"+id))
}

// boxPage lists the letters that have the words searched for, of the newest Searched, or
// all of them.
type boxPage struct {
	Letters  []portal.Opened
	Search   string
	Searched int
	Pager    ui.Pager
	names    func(id string) ui.Text
}

// From names the sender of a letter.
func (p boxPage) From(l portal.Opened) ui.Text { return p.names(l.Content.Notice.Sender) }

func (w *entrance) box(c echo.Context, citizen portal.Citizen) error {
	ctx := c.Request().Context()
	page := boxPage{Search: strings.TrimSpace(c.QueryParam("q")), Searched: portal.Searched, Pager: ui.PagerOf(c, listed)}
	var err error
	if page.names, err = w.senders(c); err != nil {
		return err
	}
	if page.Search != "" {
		found, err := w.portal.Search(ctx, citizen.ID, page.Search)
		if err != nil {
			return err
		}
		page.Letters = ui.Paged(&page.Pager, found)
		return w.show(c, "box", titles.box, page)
	}
	if page.Pager.All, _, err = w.portal.CountLetters(ctx, citizen.ID); err != nil {
		return err
	}
	if page.Letters, err = w.portal.Letters(ctx, citizen.ID, (page.Pager.Page-1)*listed, listed); err != nil {
		return err
	}
	return w.show(c, "box", titles.box, page)
}

// opened is a page or a file of the letter in the address, which is opened for its owner.
func (w *entrance) opened(do func(echo.Context, portal.Opened) error) echo.HandlerFunc {
	return w.own(func(c echo.Context, citizen portal.Citizen) error {
		id, err := strconv.ParseInt(c.Param("id"), 10, 64)
		if err != nil {
			id = 0 // which no letter has
		}
		l, err := w.portal.Letter(c.Request().Context(), citizen.ID, id)
		if err != nil {
			return err
		}
		return do(c, l)
	})
}

type letterPage struct {
	portal.Opened
	Sender ui.Text
}

func (w *entrance) letter(c echo.Context, l portal.Opened) error {
	names, err := w.senders(c)
	if err != nil {
		return err
	}
	return w.show(c, "letter", titles.letter, letterPage{l, names(l.Content.Notice.Sender)})
}

// senders name the senders of notices.
func (w *entrance) senders(c echo.Context) (func(id string) ui.Text, error) {
	names := map[string]ui.Text{portal.Sender: says.portal}
	all, err := w.portal.Senders(c.Request().Context())
	for _, one := range all {
		names[one.ID] = ui.Text{JA: one.Name, EN: one.NameEN}
	}
	for _, one := range w.portal.Partners() {
		names[one.ID] = ui.Text{JA: one.Name, EN: one.NameEN}
	}
	return func(id string) ui.Text { return names[id] }, err
}

// stepOf is how far a row is for each state: 案内, 受付, 完了.
var stepOf = map[partner.State]int{portal.Waiting: 1, partner.Accepted: 2, partner.AskedBack: 2, partner.Rejected: 3, partner.Done: 3}
