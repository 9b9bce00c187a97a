package web

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp"
)

// arrival is the card client's answer on its way to the session that asked. A
// browser may keep the session's cookie back when the card client's page posts
// the answer, and sends it with the next page.
type arrival struct {
	token, code, presence string
	// nonce is the challenge of the session whose cookie came with the post; empty
	// for an answer that nobody is known to wait for.
	nonce string
	at    time.Time
}

// Answers wait for arrivalLife, and maxArrivals of them at most.
const (
	arrivalLife = time.Minute
	maxArrivals = 1000
)

// arrivals keeps answers for the moment between two pages.
type arrivals struct {
	now   func() time.Time
	mu    sync.Mutex
	all   map[string]arrival
	order []string // the oldest first
}

func (a *arrivals) over(it arrival) bool {
	age := a.now().Sub(it.at)
	return age < 0 || age >= arrivalLife
}

func newArrivals(now func() time.Time) *arrivals {
	return &arrivals{now: now, all: map[string]arrival{}}
}

// put keeps an answer, in place of an earlier one to the same challenge. When all
// places are taken, the oldest that nobody is known to wait for makes room, so
// that no number of strangers' posts reaches an answer that a session waits for;
// if each is waited for, it is errBusy.
func (a *arrivals) put(it arrival) (string, error) {
	id := rand.Text()
	it.at = a.now()
	a.mu.Lock()
	defer a.mu.Unlock()
	a.order = slices.DeleteFunc(a.order, func(id string) bool {
		old, there := a.all[id]
		gone := !there || a.over(old) || it.nonce != "" && old.nonce == it.nonce
		if gone {
			delete(a.all, id)
		}
		return gone
	})
	if len(a.order) >= maxArrivals {
		i := slices.IndexFunc(a.order, func(id string) bool { return a.all[id].nonce == "" })
		if i < 0 {
			return "", errBusy
		}
		delete(a.all, a.order[i])
		a.order = slices.Delete(a.order, i, i+1)
	}
	a.all[id] = it
	a.order = append(a.order, id)
	return id, nil
}

// take gives an answer once.
func (a *arrivals) take(id string) (arrival, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	it, ok := a.all[id]
	delete(a.all, id)
	return it, ok && !a.over(it)
}

// answer takes what the card client's page posts, and goes on by a page of this
// house.
func (w *set) answer(c echo.Context) error {
	if from := c.Request().Header.Get("Origin"); from != "" && !w.mayAnswer(from) {
		return door.Problem{Status: http.StatusForbidden, Code: "foreign_page", Detail: "only the card client answers here"}
	}
	it := arrival{token: c.FormValue("token"), code: c.FormValue("error"), presence: c.FormValue("presence")}
	if len(it.token) > rp.MaxToken || len(it.code) > 64 || len(it.presence) > 128 {
		return rp.ErrTooLarge
	}
	if v, known := w.visits.Load(c); known {
		it.nonce = v.Nonce
	}
	id, err := w.arrivals.put(it)
	if err != nil {
		return err
	}
	to := "/answered/" + id
	c.Response().Header().Set("Refresh", "0; url="+to)
	return w.show(c, "answer", titles.answer, to)
}

// mayAnswer reports that an origin is the card client's, or this house's own.
func (w *set) mayAnswer(origin string) bool {
	for _, known := range origins(w.cfg.AgentURL, w.cfg.PublicURL) {
		if u, err := url.Parse(known); err == nil && u.Scheme+"://"+u.Host == origin {
			return true
		}
	}
	return false
}

// codeError is the card client's word for why there is no answer.
type codeError struct{ Code string }

func (e *codeError) Error() string { return "catv: web: no answer from the card: " + e.Code }

// answered takes the answer to whoever asked in this session: an enrolment, if
// papers were read, or else a sign-in. The challenge leaves the session first.
func (w *set) answered(c echo.Context) error {
	it, ok := w.arrivals.take(c.Param("id"))
	if !ok {
		return errNoAnswer
	}
	v, nonce := visit{}, ""
	if _, known := w.visits.Load(c); known {
		w.visits.Update(c, func(now *visit) { v, nonce, now.Nonce = *now, now.Nonce, "" })
	}
	switch {
	case it.code == "cancelled":
		if _, known := w.visits.Load(c); known {
			w.visits.Update(c, func(now *visit) { now.Said = saidStopped })
		}
		return c.Redirect(http.StatusSeeOther, "/")
	case it.code != "":
		return &codeError{it.code}
	case nonce == "":
		return errNoAnswer
	case it.presence == "":
		return errNoPresence
	case v.Papers != nil:
		return w.enrol(c, *v.Papers, it, nonce)
	}
	who, err := w.station.SignIn(c.Request().Context(), []byte(it.token), nonce)
	if err != nil {
		return err
	}
	w.welcome(c, watching{ID: who.ID, Nickname: who.Nickname, Presence: it.presence}, who.Contract, "")
	return c.Redirect(http.StatusSeeOther, "/")
}

// welcome begins a viewer's session, and tells the set whose box it is.
func (w *set) welcome(c echo.Context, who watching, number catv.ContractNumber, s said) {
	w.visits.Renew(c, visit{Viewer: &who, Said: s})
	if contract, err := w.station.Contract(c.Request().Context(), number); err == nil {
		rememberBox(c, contract.Box)
	}
}

// askPage carries the challenge that a card will answer.
type askPage struct {
	Nonce, Agent string
	Nickname     string // of an enrolment
}

// askSignIn shows the page that hands the set over to the card client.
func (w *set) askSignIn(c echo.Context) error {
	if v, _ := w.visits.Load(c); v.Viewer != nil {
		return c.Redirect(http.StatusSeeOther, "/")
	}
	return w.askAnswer(c, "signin", titles.signIn, nil)
}

func (w *set) askAnswer(c echo.Context, page string, title ui.Text, p *papers) error {
	nonce, err := w.newNonce(c, p)
	if err != nil {
		return err
	}
	ask := askPage{Nonce: nonce, Agent: w.cfg.AgentURL}
	if p != nil {
		ask.Nickname = p.Nickname
	}
	return w.show(c, page, title, ask)
}

// newNonce makes a challenge and binds it to this browser, with what it is for.
func (w *set) newNonce(c echo.Context, p *papers) (string, error) {
	nonce, err := w.station.Challenge(c.Request().Context())
	if err == nil {
		w.visits.Update(c, func(v *visit) { v.Nonce, v.Papers = nonce, p })
	}
	return nonce, err
}
