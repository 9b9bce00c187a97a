package web

import (
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/internal/door"
)

// officerHeader names the officer who acts, beside the officer key. Without
// it the key alone may do everything, as the authority itself.
const officerHeader = "JPKI-Officer"

// officerKeyName is where a request keeps its officer.
const officerKeyName = "officer"

// post lets in the officers of a role, with the officer key.
func (h *house) post(role desk.Role) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return h.officersOnly(func(c echo.Context) error {
			id := c.Request().Header.Get(officerHeader)
			if id == "" {
				return next(c)
			}
			officer, ok := h.officer(id)
			switch {
			case !ok:
				return door.Problem{Status: http.StatusForbidden, Code: "unknown_officer", Detail: "no officer of that name"}
			case !officer.May(role):
				return door.Problem{Status: http.StatusForbidden, Code: "not_your_post", Detail: "the officer's post does not allow this", Extra: map[string]any{"role": string(role)}}
			}
			c.Set(officerKeyName, officer)
			return next(c)
		})
	}
}

// officer finds an officer by ID.
func (h *house) officer(id string) (desk.Officer, bool) {
	i := slices.IndexFunc(h.cfg.Officers, func(o desk.Officer) bool { return o.ID == id })
	if i < 0 {
		return desk.Officer{}, false
	}
	return h.cfg.Officers[i], true
}

// by puts the officer of the request into what the journal says of it.
func by(c echo.Context, said desk.By) desk.By {
	if officer, ok := c.Get(officerKeyName).(desk.Officer); ok {
		return officer.By(said.Why)
	}
	return said
}

// mountOffices lists the doors of the offices and of the verifiers' interface.
func (h *house) mountOffices(e *echo.Echo, scripts echo.MiddlewareFunc) {
	e.POST(confirmations, h.confirm, noStore)
	e.GET("/verifier/v1/certificates/:kind/:serial/successor", h.linked(h.successor), noStore)
	e.GET("/verifier/v1/certificates/:kind/:serial/predecessors", h.linked(h.predecessors), noStore)
	e.GET("/verifier/v1/certificates/:kind/:serial/validity", h.linked(h.validity), noStore)
	e.GET("/verifier/v1/statement", h.ownStatement, noStore)

	counter := e.Group("/counter/v1", scripts, noStore, h.post(desk.RoleCounter))
	counter.POST("/residents/:id/events", h.lifeEvent)
	counter.GET("/residents/:id/history", h.formerEntries)
	counter.GET("/residents/:id/journal", h.journal)
	counter.GET("/residents/:id/cards", h.cards)

	callCentre := e.Group("/suspension/v1", scripts, noStore, h.post(desk.RoleSuspension))
	callCentre.POST("/find", h.findHolder)
	callCentre.POST("/suspend", h.suspendHolder)

	e.GET("/register/v1/verifiers", h.publicVerifiers, noStore)
	e.POST("/register/v1/applications", h.apply, scripts, noStore)
	e.GET("/register/v1/tariff", h.tariff, noStore)
	ministry := e.Group("/register/v1", scripts, noStore, h.post(desk.RoleMinistry))
	ministry.GET("/applications", h.applications)
	ministry.POST("/applications/:id/approve", h.approve)
	ministry.POST("/applications/:id/reject", h.reject)
	ministry.POST("/verifiers/:id/state", h.changeVerifier)
	ministry.POST("/verifiers/:id/conditions", h.setConditions)
	ministry.GET("/audit", h.audit)
	ministry.PUT("/tariff", h.setTariff)
	ministry.GET("/statements", h.statements)
}

// eventRequest is a notice at the counter.
type eventRequest struct {
	register.Notice
	CardExpires string `json:"cardExpires"` // YYYY-MM-DD, Japanese civil time
}

func (h *house) lifeEvent(c echo.Context) error {
	var r eventRequest
	if err := readJSON(c, &r); err != nil {
		return err
	}
	r.ResidentID, r.By = c.Param("id"), by(c, r.By)
	if r.CardExpires != "" {
		day, err := time.ParseInLocation(time.DateOnly, r.CardExpires, jpki.JST)
		if err != nil {
			return malformed("cardExpires must be a day, YYYY-MM-DD")
		}
		r.Notice.CardExpires = day
	}
	ctx := c.Request().Context()
	switch c.QueryParam("preview") {
	case "1":
		p, err := h.cfg.Authority.Preview(ctx, r.Notice)
		if err != nil {
			return err
		}
		return c.JSON(http.StatusOK, previewOf(p))
	case "":
		done, err := h.cfg.Authority.Do(ctx, r.Notice)
		if err != nil {
			return err
		}
		return c.JSON(http.StatusOK, doneOf(done))
	}
	return malformed("preview must be 1 or absent")
}

// effectView is what an act does to a certificate. State is the one before it.
type effectView struct {
	Kind   jpki.Kind         `json:"kind"`
	Serial jpki.SerialNumber `json:"serial"`
	Card   string            `json:"card"`
	State  string            `json:"state"`
	Act    string            `json:"act"`
	Reason string            `json:"reason,omitempty"`
}

// actView is a preview, or an act that was done.
type actView struct {
	Event   register.LifeEvent            `json:"event"`
	Done    bool                          `json:"done"`
	At      time.Time                     `json:"at,omitzero"`
	Before  register.Resident             `json:"before"`
	After   register.Resident             `json:"after"`
	Card    *cardView                     `json:"card,omitempty"`
	Cards   []cardView                    `json:"cards,omitempty"` // all whose state changes
	Effects []effectView                  `json:"effects"`
	Issues  []jpki.Kind                   `json:"issues,omitempty"`
	Resets  []jpki.Kind                   `json:"resets,omitempty"`
	Issued  map[jpki.Kind]certificateView `json:"issued,omitempty"`
	// Chip is "killed" or "not reached" after the return of a card.
	Chip string `json:"chip,omitempty"`
}

type cardView struct {
	ID       string    `json:"id"`
	State    string    `json:"state"`
	IssuedAt time.Time `json:"issuedAt"`
	Expires  time.Time `json:"expires"`
	Since    time.Time `json:"since,omitzero"`
}

func cardViewOf(c register.Card) cardView {
	v := cardView{c.ID, string(c.State), c.IssuedAt, c.Expires, c.Since}
	if c.State == register.CardInUse {
		v.State = "in-use"
	}
	return v
}

func previewOf(p register.Preview) actView {
	v := actView{Event: p.Event, Before: p.Before, After: p.After, Effects: []effectView{}, Issues: p.Issues, Resets: p.Resets}
	if p.Card != nil {
		card := cardViewOf(*p.Card)
		v.Card = &card
	}
	for _, c := range p.Cards {
		v.Cards = append(v.Cards, cardViewOf(c))
	}
	for _, e := range p.Effects {
		view := effectView{Kind: e.Certificate.Kind, Serial: e.Certificate.Serial, Card: e.Certificate.CardID, State: e.Certificate.Status.State.String(), Act: e.Act}
		if e.Act != "resumed" {
			view.Reason = e.Reason.String()
		}
		v.Effects = append(v.Effects, view)
	}
	return v
}

func doneOf(d authority.Done) actView {
	v := previewOf(d.Preview)
	v.Done, v.At = true, d.At
	if d.Issued != nil {
		v.Issued = map[jpki.Kind]certificateView{}
		for kind, cert := range d.Issued.Certificates {
			v.Issued[kind] = viewOf(cert)
		}
	}
	if d.Kills {
		v.Chip = "killed"
		if d.ChipError != nil {
			v.Chip = "not reached"
		}
	}
	return v
}

// formerView is an entry of the register that no longer holds.
type formerView struct {
	Until    time.Time          `json:"until"`
	Cause    register.LifeEvent `json:"cause"`
	Officer  string             `json:"officer,omitempty"`
	Why      string             `json:"why,omitempty"`
	Resident register.Resident  `json:"resident"`
}

func (h *house) formerEntries(c echo.Context) error {
	r, err := h.served(c)
	if err != nil {
		return err
	}
	entries, err := h.cfg.Authority.FormerEntries(c.Request().Context(), r.ID)
	if err != nil {
		return err
	}
	views := make([]formerView, 0, len(entries))
	for _, e := range entries {
		views = append(views, formerView{e.Until, e.Cause, e.Officer, e.Why, e.Resident})
	}
	return c.JSON(http.StatusOK, map[string]any{"entries": views})
}

// eventView is a line of the journal.
type eventView struct {
	At      time.Time          `json:"at"`
	Act     string             `json:"act"`
	Cause   register.LifeEvent `json:"cause,omitempty"`
	Kind    string             `json:"kind,omitempty"`
	Serial  jpki.SerialNumber  `json:"serial,omitempty"`
	Card    string             `json:"card,omitempty"`
	Reason  string             `json:"reason,omitempty"`
	Officer string             `json:"officer,omitempty"`
	Why     string             `json:"why,omitempty"`
}

func (h *house) journal(c echo.Context) error {
	r, err := h.served(c)
	if err != nil {
		return err
	}
	events, err := h.cfg.Authority.Events(c.Request().Context(), authority.EventQuery{ResidentID: r.ID, Limit: 500})
	if err != nil {
		return err
	}
	views := make([]eventView, 0, len(events))
	for _, e := range events {
		v := eventView{At: e.At, Act: e.Act, Cause: e.Cause, Serial: e.Serial, Card: e.CardID, Officer: e.Officer, Why: e.Why}
		if e.Kind.Valid() {
			v.Kind = e.Kind.String()
		}
		if e.Act == "revoked" || e.Act == "suspended" || e.Act == "discarded" {
			v.Reason = e.Reason.String()
		}
		views = append(views, v)
	}
	return c.JSON(http.StatusOK, map[string]any{"events": views})
}

func (h *house) cards(c echo.Context) error {
	r, err := h.served(c)
	if err != nil {
		return err
	}
	cards, err := h.cfg.Authority.CardsOf(c.Request().Context(), r.ID)
	if err != nil {
		return err
	}
	views := make([]cardView, 0, len(cards))
	for _, card := range cards {
		views = append(views, cardViewOf(card))
	}
	return c.JSON(http.StatusOK, map[string]any{"cards": views})
}
