package web

import (
	"encoding/base64"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/held"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/medical/reception"
	"example.jp/jpkimock/rp"
)

// surgery is the doctor's room of a hospital (診察室), where prescriptions are written.
type surgery struct {
	staffRoom
	*terminal
	rx     RxClient
	drafts *held.Box[draft]
}

// draft is an order that waits for the doctor's signature.
type draft struct {
	Visit    int64
	Order    medical.Order
	Document rp.Document
}

func newSurgery(w *terminal, pages *ui.Pages) *surgery {
	return &surgery{
		staffRoom: newStaffRoom(w.cfg, w.ID+"_doctor", "/"+w.ID+"/doctor", w.DoctorKey, roomName(w.Name, w.NameEN, "doctor"), pages), terminal: w, rx: w.Rx,
		drafts: held.New(held.Config[draft]{Now: w.cfg.Now, Life: rp.DocumentLifetime, Max: 1000, Yields: func(draft) bool { return true }}),
	}
}

func (s *surgery) mount(e *echo.Echo) {
	people, scripts := s.open(e), s.scripts(e)
	people.GET("", shows(s.staffRoom, "doctor", s.visits))
	people.GET("/visits/:id", shows(s.staffRoom, "doctorvisit", s.page))
	people.GET("/visits/:id/order", shows(s.staffRoom, "order", s.page))
	people.POST("/visits/:id/order", door.Reads(s.order))
	people.GET("/drafts/:name", s.draft)
	people.GET("/visits/:id/slips/:rx", shows(s.staffRoom, "slip", s.slip))
	people.POST("/visits/:id/cancel", door.Reads(func(c echo.Context, in struct{ ID string }) error {
		_, err := s.rx.Cancel(c.Request().Context(), in.ID)
		return done(c, s.at(id(c)), medical.Heard(err, medical.PrescriptionsSilent))
	}))
	scripts.POST("/visits/:id/orders", door.Reads(s.order))
	for _, g := range []*echo.Group{people, scripts} {
		g.POST("/drafts/:name", s.sign)
	}
}

// surgeryPage is a visit as the doctor sees it.
type surgeryPage struct {
	Path, Here    string
	Visits        []visitLine // of today
	Visit         visitLine
	Prescriptions []rxView
	Silent        bool // the inquiry system
	Formulary     []medical.Drug
	Form          orderForm
	Findings      []findingView
	TimesList     []int
}

// findingView is a finding with the reason that was given.
type findingView struct {
	medical.Finding
	Reason string
}

func (s *surgery) at(visit int64) string { return s.path + "/visits/" + strconv.FormatInt(visit, 10) }

func (s *surgery) visits(c echo.Context) (surgeryPage, error) {
	q, err := s.Desk.Queue(c.Request().Context())
	seen := slices.DeleteFunc(q.Done, func(v reception.Visit) bool { return !prescribable(v) })
	return surgeryPage{Path: s.path, Visits: s.lines(seen, q.Day)}, err
}

// prescribable reports that an electronic prescription may be written: the eligibility is
// confirmed by a card, which says whose it is.
func prescribable(v reception.Visit) bool {
	return v.State == reception.Confirmed && v.Answer != nil && !v.Answer.ByNumber && !v.Answer.Expired()
}

// visit gives a visit for which something may be prescribed.
func (s *surgery) visit(c echo.Context) (reception.Visit, error) {
	v, err := s.Desk.Visit(c.Request().Context(), id(c))
	if err == nil && !prescribable(v) {
		err = reception.ErrState
	}
	return v, err
}

func (s *surgery) page(c echo.Context) (surgeryPage, error) {
	v, err := s.visit(c)
	if err != nil {
		return surgeryPage{}, err
	}
	page := surgeryPage{
		Path: s.path, Here: s.at(v.ID), Visit: s.line(v, v.Day), Formulary: medical.Formulary(), TimesList: []int{1, 2, medical.MaxTimes},
		Form: orderForm{Drug: make([]string, medical.MaxLines), Dose: make([]string, medical.MaxLines), Days: make([]string, medical.MaxLines), Times: 1},
	}
	all, err := s.rx.OfVisit(c.Request().Context(), v.Inquiry)
	page.Silent, page.Prescriptions = err != nil, s.cfg.views(all, "")
	return page, nil
}

// orderForm is a prescription as the form has it, a row for each medicine, and a reason
// for each finding.
type orderForm struct {
	Drug, Dose, Days, Original []string
	Times                      int
	Finding, Reason            []string
}

// order checks what the doctor wrote, and keeps it for the signature if each finding has a
// reason.
func (s *surgery) order(c echo.Context, in orderForm) error {
	v, err := s.visit(c)
	if err != nil {
		return err
	}
	o := in.order(v, s.Name)
	if err := o.Check(); err != nil {
		return placed(s.at(v.ID)+"/order", err)
	}
	told := v.Consents.Yes[medical.Drugs]
	checked, err := s.rx.Check(c.Request().Context(), medical.Draft{Order: o, Told: told})
	if err != nil {
		return placed(s.at(v.ID), medical.Heard(err, medical.PrescriptionsSilent))
	}
	views := in.answer(&o, checked.Findings)
	if len(o.Unanswered(checked.Findings)) > 0 {
		return door.Answer(c, http.StatusUnprocessableEntity, checked, door.Shown(func(c echo.Context) error {
			page, err := s.page(c)
			page.Form, page.Findings = in, views
			if err != nil {
				return err
			}
			return s.staffRoom.pages.Render(c, http.StatusUnprocessableEntity, "order", word("title.order"), page)
		}))
	}
	d := draft{Visit: v.ID}
	d.Document, err = rp.WriteDocument("RX", s.cfg.Now(), func(d rp.Document) (string, error) {
		o.Number, o.WrittenAt = d.Number, d.WrittenAt
		return o.Text()
	})
	d.Order = o
	name := held.Name()
	if err := errors.Join(err, s.drafts.Put(name, d)); err != nil {
		return err
	}
	return door.Answer(c, http.StatusCreated, map[string]string{"draft": name, "document": d.Document.Content}, door.See(s.path+"/drafts/"+name))
}

// order reads the form for a visit.
func (f orderForm) order(v reception.Visit, institution string) medical.Order {
	q := v.Answer.Results[0]
	o := medical.Order{
		Institution: institution, Inquiry: v.Inquiry, Patient: q.Name, Birth: q.Birth, Member: q.Member, Share: q.Share, Times: f.Times,
	}
	number := func(all []string, i int) int {
		if i >= len(all) {
			return 0
		}
		n, _ := strconv.Atoi(all[i]) // 0, which no order has, for what is no number
		return n
	}
	for i, code := range f.Drug {
		if code != "" {
			o.Lines = append(o.Lines, medical.Line{Drug: code, Dose: number(f.Dose, i), Days: number(f.Days, i), Generic: !slices.Contains(f.Original, code)})
		}
	}
	return o
}

// answer puts the reasons that were given into an order, and gives the findings to show.
func (f orderForm) answer(o *medical.Order, all []medical.Finding) (views []findingView) {
	for _, found := range all {
		view := findingView{Finding: found}
		if i := slices.Index(f.Finding, found.Key()); i >= 0 && i < len(f.Reason) {
			view.Reason = strings.TrimSpace(f.Reason[i])
		}
		if view.Reason != "" {
			o.Answered = append(o.Answered, medical.Answered{Finding: found, Reason: view.Reason})
		}
		views = append(views, view)
	}
	return views
}

func (s *surgery) draft(c echo.Context) error {
	d, err := s.drafts.Look(c.Param("name"))
	if err != nil {
		return c.Redirect(http.StatusSeeOther, s.path)
	}
	return s.show(c, "rxdraft", map[string]any{
		"Here": s.path + "/drafts/" + c.Param("name"), "Back": s.at(d.Visit) + "/order", "Agent": s.cfg.AgentURL, "Document": d.Document,
		"Base64": base64.StdEncoding.EncodeToString([]byte(d.Document.Content)),
	})
}

// sign sends a signed order to the inquiry system. The draft stays until it has answered,
// so that it can be sent again.
func (s *surgery) sign(c echo.Context) error {
	d, err := s.drafts.Look(c.Param("name"))
	if err != nil {
		return reception.ErrState
	}
	cms, err := rpweb.ReadCMS(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	v, err := s.Desk.Visit(ctx, d.Visit)
	if err != nil {
		return err
	}
	out, err := s.rx.Issue(ctx, medical.Draft{Order: d.Order, Told: v.Consents.Yes[medical.Drugs], CMS: cms})
	if err == nil && out.Issued == nil {
		err = &medical.Refused{Code: medical.PrescriptionFindings}
	}
	if err != nil {
		return placed(s.at(d.Visit), medical.Heard(err, medical.PrescriptionsSilent))
	}
	s.drafts.Drop(c.Param("name"))
	return door.Answer(c, http.StatusCreated, out.Issued, door.See(s.at(d.Visit)))
}

// slip is the patient's copy (処方内容（控え）), to be printed.
func (s *surgery) slip(c echo.Context) (surgeryPage, error) {
	page, err := s.page(c)
	page.Prescriptions = slices.DeleteFunc(page.Prescriptions, func(v rxView) bool { return v.ID != c.Param("rx") })
	if err == nil && len(page.Prescriptions) == 0 {
		err = reception.ErrAnswer
	}
	return page, err
}
