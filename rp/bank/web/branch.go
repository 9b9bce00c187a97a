package web

import (
	"crypto/rand"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp/bank"
)

// returnPath is where the card agent's page posts the answer of a touch. The
// browser sends no cookie with it if the agent is of another site, so that the
// address says which touch it is.
const returnPath = "/branch/return"

// maxTouches is how many touches are remembered at once.
const maxTouches = 1000

// touch is a touch of a card at a counter: begun by a member of staff, answered
// once, and over after bank.TouchLifetime.
type touch struct {
	nonce   string
	until   time.Time
	visitor *bank.Visitor
	err     error
	done    bool // answered
}

// touches keeps the touches of all counters.
type touches struct {
	now func() time.Time
	mu  sync.Mutex
	all map[string]*touch
}

func newTouches(now func() time.Time) *touches { return &touches{now: now, all: map[string]*touch{}} }

// begin makes room for a touch and gives its name.
func (t *touches) begin(nonce string) (string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	for id, old := range t.all {
		if now.After(old.until) || old.until.Sub(now) > bank.TouchLifetime {
			delete(t.all, id)
		}
	}
	if len(t.all) >= maxTouches {
		return "", errTouchesFull
	}
	id := rand.Text()
	t.all[id] = &touch{nonce: nonce, until: now.Add(bank.TouchLifetime)}
	return id, nil
}

// take gives the nonce of a touch that waits for its answer, once.
func (t *touches) take(id string) (nonce string, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	at := t.all[id]
	if at == nil || at.done || t.now().After(at.until) {
		return "", false
	}
	at.done = true
	return at.nonce, true
}

// answer keeps what a touch allows to see, for bank.TouchLifetime.
func (t *touches) answer(id string, v *bank.Visitor, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if at := t.all[id]; at != nil {
		at.visitor, at.err, at.until = v, err, t.now().Add(bank.TouchLifetime)
	}
}

// look gives the answer of a touch while it may be seen.
func (t *touches) look(id string) (touch, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	at := t.all[id]
	if at == nil || t.now().After(at.until) {
		return touch{}, false
	}
	return *at, true
}

// end forgets a touch.
func (t *touches) end(id string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.all, id)
}

var (
	errTouchesFull = errors.New("bank: web: too many touches at once")
	errNoTouch     = errors.New("bank: web: no touch waits for this answer")
	errTouchOver   = errors.New("bank: web: what the touch allowed to see is over")
)

// counterFault is a refusal at the branch counter. Agent is the card agent's
// code if it gave one.
type counterFault struct {
	Agent string
	Err   error
}

func (e *counterFault) Error() string {
	if e.Agent != "" {
		return "bank: web: the card agent answered " + e.Agent
	}
	return e.Err.Error()
}

// Unwrap gives the error of the bank.
func (e *counterFault) Unwrap() error { return e.Err }

// branchPage is the counter before a touch: Nonce and Return go to the card
// agent's page.
type branchPage struct {
	Agent, Nonce, Return string
	Ready                bool
}

// branch shows the counter's page.
func (w *entrance) branch(c echo.Context) error {
	return w.desk.Render(c, http.StatusOK, "branch", titles.branch, branchPage{})
}

// beginTouch hands the terminal over to the visitor: the page leads to the card
// agent's kiosk.
func (w *entrance) beginTouch(c echo.Context) error {
	challenge, err := w.bank.Challenge(c.Request().Context())
	if err != nil {
		return staffError(err)
	}
	id, err := w.touches.begin(challenge.Nonce)
	if err != nil {
		return staffError(err)
	}
	before := ""
	w.clerks.Update(c, func(v *clerk) { before, v.Touch = v.Touch, id })
	w.touches.end(before)
	page := branchPage{Agent: w.cfg.AgentURL, Nonce: challenge.Nonce, Return: w.cfg.PublicURL + returnPath + "?touch=" + id, Ready: true}
	if wantsJSON(c) {
		return reply(c, http.StatusOK, map[string]string{"nonce": page.Nonce, "return": page.Return, "origin": w.cfg.PublicURL})
	}
	// The terminal is turned to the visitor: it is no page of staff any more.
	ui.Face(c, "kiosk")
	ui.SignedIn(c, "", "")
	return w.pages.Render(c, http.StatusOK, "branch", titles.branch, page)
}

// touchReturns takes the card's answer, from the agent's page. Nothing of it is
// shown here: the teller's own page asks for it.
func (w *entrance) touchReturns(c echo.Context) error {
	if err := door.ParseForm(c.Request()); err != nil {
		return err
	}
	id := c.QueryParam("touch")
	nonce, ok := w.touches.take(id)
	if !ok {
		return &counterFault{Err: errNoTouch}
	}
	if code := c.FormValue("error"); code != "" {
		if len(code) > 40 {
			code = code[:40]
		}
		w.touches.answer(id, nil, &counterFault{Agent: code})
		return c.Redirect(http.StatusSeeOther, "/branch/customer")
	}
	visitor, err := w.bank.Touch(c.Request().Context(), []byte(c.FormValue("token")), nonce)
	if err != nil {
		w.touches.answer(id, nil, &counterFault{Err: err})
	} else {
		w.touches.answer(id, &visitor, nil)
	}
	return c.Redirect(http.StatusSeeOther, "/branch/customer")
}

// visitorPage is what the teller sees of a customer.
type visitorPage struct {
	Visitor bank.Visitor
	Tasks   []noticeLine
	Until   time.Time
}

// branchCustomer shows the teller what the touch of this counter allows.
func (w *entrance) branchCustomer(c echo.Context) error {
	who, _ := w.clerks.Load(c)
	at, ok := w.touches.look(who.Touch)
	switch {
	case !ok:
		return &counterFault{Err: errTouchOver}
	case at.err != nil:
		return at.err
	case at.visitor == nil:
		return &counterFault{Err: errTouchOver}
	}
	if wantsJSON(c) {
		return reply(c, http.StatusOK, map[string]any{"customer": visitorJSON(*at.visitor), "until": at.until.UTC()})
	}
	page := visitorPage{Visitor: *at.visitor, Until: at.until}
	for _, n := range at.visitor.Tasks {
		page.Tasks = append(page.Tasks, lineOf(n))
	}
	return w.desk.Render(c, http.StatusOK, "visitor", titles.visitor, page)
}

// endTouch ends what the touch allowed, before its time.
func (w *entrance) endTouch(c echo.Context) error {
	before := ""
	w.clerks.Update(c, func(v *clerk) { before, v.Touch = v.Touch, "" })
	w.touches.end(before)
	return c.Redirect(http.StatusSeeOther, "/branch")
}
