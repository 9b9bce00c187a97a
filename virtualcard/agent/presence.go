package agent

import (
	"crypto/rand"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
)

const (
	// presenceLife is how long a presence token tells of its card, on the
	// simulated clock.
	presenceLife = 12 * time.Hour
	// maxPresences is how many tokens are kept; the oldest makes room.
	maxPresences = 4096
)

// presence is what a token stands for: that the card which answered a page of
// an origin still lies where it lay. Once that is untrue it stays untrue.
type presence struct {
	slot   *slot
	count  int // the laying that answered
	origin string
	issued time.Time
}

// presences keeps the tokens that were handed out. They do not survive a
// restart: a page then learns that the card is gone.
type presences struct {
	now   func() time.Time
	mu    sync.Mutex
	all   map[string]presence
	order []string
}

func newPresences(now func() time.Time) *presences {
	return &presences{now: now, all: map[string]presence{}}
}

// issue makes a token, of 130 bits, for a laying.
func (s *presences) issue(on *slot, count int, origin string) string {
	token := rand.Text()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.order) >= maxPresences {
		delete(s.all, s.order[0])
		s.order = s.order[1:]
	}
	s.all[token] = presence{slot: on, count: count, origin: origin, issued: s.now()}
	s.order = append(s.order, token)
	return token
}

func (s *presences) find(token string) (presence, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.all[token]
	return p, ok
}

// lasts reports that the token's time is not up.
func (s *presences) lasts(p presence) bool {
	age := s.now().Sub(p.issued)
	return age >= 0 && age < presenceLife
}

// patience reads how many seconds an asker wants to wait for a change.
func patience(c echo.Context) (time.Duration, error) {
	text := c.QueryParam("wait")
	if text == "" {
		return maxPatience, nil
	}
	seconds, err := strconv.Atoi(text)
	if err != nil || seconds < 0 || seconds > int(maxPatience/time.Second) {
		return 0, asProblem(malformed("wait: want 0 to 25 seconds"))
	}
	return time.Duration(seconds) * time.Second, nil
}

// watched finds what a page of another origin asks about, and lets that origin
// alone read the answer. An unknown token is answered to anybody: there is
// nothing to learn from it but that no card is there.
func (h *house) watched(c echo.Context, token string) (presence, bool, error) {
	p, known := h.presences.find(token)
	head := c.Response().Header()
	head.Set("Vary", "Origin")
	origin := c.Request().Header.Get("Origin")
	switch {
	case !known:
		head.Set("Access-Control-Allow-Origin", "*")
		return p, false, nil
	case origin != "" && origin != p.origin:
		return p, false, door.Problem{Status: http.StatusForbidden, Code: "foreign_page", Detail: "the presence token was given to a page of another origin"}
	}
	head.Set("Access-Control-Allow-Origin", p.origin)
	return p, true, nil
}

// learnPresence tells a relying party's page whether the card that answered it
// still lies on the reader: {"present":true|false}. The answer waits until it
// turns false, at most 25 seconds or what the page says. Once false it stays so.
func (h *house) learnPresence(c echo.Context) error {
	wait, err := patience(c)
	if err != nil {
		return err
	}
	p, known, err := h.watched(c, c.QueryParam("token"))
	if err != nil {
		return err
	}
	if !known {
		return c.JSON(http.StatusNotFound, map[string]bool{"present": false})
	}
	present := h.presences.lasts(p) && h.waits.until(c.Request().Context(), p.slot, p.count, wait).Count == p.count
	return c.JSON(http.StatusOK, map[string]bool{"present": present && h.presences.lasts(p)})
}

// endPresence takes the card away, as a hand would: it is for a remote control
// drawn on a relying party's page. Only a page of the token's own origin may, and
// it can do nothing else to the reader.
func (h *house) endPresence(c echo.Context) error {
	f, err := form(c)
	if err != nil {
		return err
	}
	p, known, err := h.watched(c, f.Get("token"))
	if err != nil {
		return err
	}
	if known && c.Request().Header.Get("Origin") == p.origin && h.presences.lasts(p) {
		p.slot.takeAway(p.count)
	}
	if !known {
		return c.JSON(http.StatusNotFound, map[string]bool{"present": false})
	}
	now := p.slot.look()
	return c.JSON(http.StatusOK, map[string]bool{"present": h.presences.lasts(p) && now.Count == p.count})
}

// readerPresence tells the agent's own pages what lies on this browser's reader:
// {"laying":n,"present":true|false}. With laying=n it waits until that is no
// longer so.
func (h *house) readerPresence(c echo.Context) error {
	if from := c.Request().Header.Get("Sec-Fetch-Site"); from != "" && from != "same-origin" {
		return door.Problem{Status: http.StatusForbidden, Code: "foreign_page", Detail: "the reader is looked at by the agent's own pages; another origin asks /presence with its token"}
	}
	wait, err := patience(c)
	if err != nil {
		return err
	}
	mine, _ := h.seats.Load(c)
	on := mine.on()
	if seen, err := strconv.Atoi(strings.TrimSpace(c.QueryParam("laying"))); err == nil && mine.Slot != nil {
		on = h.waits.until(c.Request().Context(), mine.Slot, seen, wait)
	}
	return c.JSON(http.StatusOK, map[string]any{"laying": on.Count, "present": on.Card != ""})
}
