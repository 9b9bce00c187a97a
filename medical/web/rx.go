package web

import (
	"slices"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/session"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/medical/prescription"
)

// rxPath is where the prescription inquiry system is.
const rxPath = "/rx"

// Rx is the prescription inquiry system with its office open.
type Rx struct {
	System   *prescription.System
	StaffKey string
	Callers  []RxCaller
}

// RxCaller is a hospital or a pharmacy, and the key under which the system knows it.
type RxCaller struct {
	prescription.Party
	NameEN, Key string
}

// inquiries is the inquiry system: what hospitals and pharmacies ask of it, its log, and a
// page for patients.
type inquiries struct {
	staffRoom
	*prescription.System
	cfg    Config
	pages  *ui.Pages
	visits *session.Store[asking]
}

// asking is a patient's challenge on its way to the card.
type asking struct{ Nonce string }

// InUse reports that there is one.
func (a asking) InUse() bool { return a.Nonce != "" }

// self is the patient, to whom a challenge is given at the system's own page.
func self(c echo.Context) prescription.Party {
	return prescription.Party{ID: "patient", From: c.RealIP()}
}

func newInquiries(cfg Config, pages *ui.Pages) *inquiries {
	room := newStaffRoom(cfg, "rx", rxPath, cfg.Rx.StaffKey, word("name.rx"), pages)
	return &inquiries{room, cfg.Rx.System, cfg, room.pages, session.New[asking](session.Config{Cookie: "jpkimock_medical_mine", Now: cfg.Now, Idle: turnIdle, Age: turnAge})}
}

func (x *inquiries) mount(e *echo.Echo) {
	x.open(e).GET("", shows(x.staffRoom, "rxlog", x.log))
	own := e.Group(rxPath+"/mine", x.says)
	own.GET("", shows(x.staffRoom, "mine", x.askMine))
	own.POST("", shows(x.staffRoom, "mine", x.mine))
	var hospitals, pharmacies door.Callers[prescription.Party]
	for _, c := range x.cfg.Rx.Callers {
		to := &hospitals
		if c.Pharmacy {
			to = &pharmacies
		}
		*to = append(*to, door.Caller[prescription.Party]{Key: door.NewKey(c.Key), Who: c.Party})
	}
	v := e.Group(rxPath+"/relay", door.ScriptsOnly())
	v.POST("/checks", asked(hospitals, x.Check))
	v.POST("/prescriptions", asked(hospitals, x.Issue))
	v.POST("/visits", asked(hospitals, x.OfVisit))
	v.POST("/cancellations", asked(hospitals, x.Cancel))
	v.POST("/challenges", asked(pharmacies, x.Challenge))
	v.POST("/grants", asked(pharmacies, x.Open))
	v.POST("/copies", asked(pharmacies, x.Copied))
	v.POST("/lists", asked(pharmacies, x.List))
	v.POST("/ends", asked(pharmacies, x.Close))
	v.POST("/acts", asked(pharmacies, x.Act))
	v.POST("/settlements", asked(pharmacies, x.Settle))
}

// rxLine is a line of the log, with its party in words.
type rxLine struct {
	prescription.Entry
	By ui.Text
}

func (x *inquiries) lines(log []prescription.Entry) (all []rxLine) {
	for _, e := range log {
		all = append(all, rxLine{e, x.cfg.named(e.By)})
	}
	return all
}

func (x *inquiries) log(c echo.Context) ([]rxLine, error) {
	log, err := x.Log(c.Request().Context())
	return x.lines(log), err
}

// minePage is a patient's own: the challenge, or what it opened.
type minePage struct {
	agentAsk
	Prescriptions []rxView
	Lines         []rxLine
}

func (x *inquiries) askMine(c echo.Context) (minePage, error) {
	p, err := x.Challenge(c.Request().Context(), self(c), struct{}{})
	if err == nil {
		x.visits.Renew(c, asking{p.Nonce})
	}
	return minePage{agentAsk: agentAsk{Nonce: p.Nonce, Agent: x.cfg.AgentURL}}, err
}

// mine shows the patient's own, once: nothing of it is kept for another page.
func (x *inquiries) mine(c echo.Context) (minePage, error) {
	token, err := rpweb.ReadToken(c)
	if err != nil {
		return minePage{}, err
	}
	nonce := session.Take(x.visits, c, func(a *asking) *string { return &a.Nonce })
	all, log, err := x.Mine(c.Request().Context(), self(c), medical.Presented{Nonce: nonce, Token: token})
	return minePage{Prescriptions: x.cfg.views(all, ""), Lines: x.lines(log)}, placed(rxPath+"/mine", err)
}

// rxView is a prescription as pages show it.
type rxView struct {
	medical.Prescription
	State          medical.PrescriptionState // today
	Issuer, Holder ui.Text
	Here           bool // the pharmacy that shows it has it
	Early, May     bool // it is not due yet; it may be taken
	Round          int  // which time comes next
	Lines          []rxDrug
}

// rxDrug is a line of it.
type rxDrug struct {
	medical.Line
	medical.Drug
	N    int
	Left bool
}

// views shows prescriptions to a pharmacy, or to others by "".
func (cfg Config) views(all []medical.Prescription, pharmacy string) []rxView {
	today, out := medical.DateOf(cfg.Now()), make([]rxView, len(all))
	for i, p := range all {
		v := rxView{Prescription: p, State: p.StateOn(today), Issuer: cfg.named(p.Issuer), Holder: cfg.named(p.Pharmacy)}
		v.Here, v.Early = p.State == medical.Taken && p.Pharmacy == pharmacy, today < p.From
		v.May = pharmacy != "" && v.State == medical.Waiting && !v.Early
		done, left := p.Round()
		v.Round = done + 1
		for n, l := range p.Order.Lines {
			d, _ := medical.DrugByCode(l.Drug)
			v.Lines = append(v.Lines, rxDrug{l, d, n, slices.Contains(left, n)})
		}
		out[i] = v
	}
	return out
}

// named names a party of the inquiry system.
func (cfg Config) named(id string) ui.Text {
	for _, c := range cfg.Rx.Callers {
		if c.ID == id {
			return ui.Text{JA: c.Name, EN: c.NameEN}
		}
	}
	return word("name.patient")
}
