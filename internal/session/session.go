// Package session keeps what a house remembers of a browser between two
// requests: on the server, under a random identifier in the house's own
// cookie. It ends by idleness and by age, both on the simulated clock.
package session

import (
	"container/list"
	"crypto/rand"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/cookie"
)

// Config says how long a session lives and what its cookie is called.
type Config struct {
	// Cookie is the cookie's name. Cookies ignore ports, so each house names
	// its own after itself: "jpkimock_bank".
	Cookie string
	Now    func() time.Time
	Idle   time.Duration // ends after this long without a request
	Age    time.Duration // ends after this long in any case
	// Max is how many sessions are kept; 0 means 10,000. One more makes room: the
	// longest idle one whose browser never came back, or else of those that are not
	// InUse, or else of all. Browsers that did not come back yet may always have a
	// quarter of the places. An address of the network with more than a quarter makes
	// room among its own sessions.
	Max int
}

// Value is what a session holds.
type Value interface {
	// InUse reports that somebody would miss the session, such as one who is signed
	// in: no flood of requests by others ends it.
	InUse() bool
}

// Store keeps sessions that hold a T. T is copied in and out; change it with
// Update. What a pointer, slice or map in it leads to is not copied: replace it,
// and leave the old one as it was.
type Store[T Value] struct {
	cfg Config
	mu  sync.Mutex
	all map[string]*list.Element // of *entry[T]
	// ranks are the sessions by how much they would be missed; in each the last used
	// is in front. from counts them by address.
	ranks [ranks]*list.List
	from  map[string]int
}

// The ranks: the browser never came back, it did, and the value is in use as well.
const (
	unreturned = iota
	returned
	inUse
	ranks
)

type entry[T Value] struct {
	id            string
	value         T
	started, used time.Time
	returned      bool   // a request came with its cookie
	from          string // the address of the network where it began
	in            *list.List
}

func (e *entry[T]) rank() int {
	switch {
	case !e.returned:
		return unreturned
	case !e.value.InUse():
		return returned
	}
	return inUse
}

// New returns an empty store.
func New[T Value](cfg Config) *Store[T] {
	if cfg.Max == 0 {
		cfg.Max = 10000
	}
	s := &Store[T]{cfg: cfg, all: map[string]*list.Element{}, from: map[string]int{}}
	for i := range s.ranks {
		s.ranks[i] = list.New()
	}
	return s
}

// Load gives the request's session and counts as use of it. Without one, or
// with one that has ended, it gives the zero T and false.
func (s *Store[T]) Load(c echo.Context) (T, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.find(c)
	if e == nil {
		var zero T
		return zero, false
	}
	return e.value, true
}

// Update changes the request's session under the store's lock, so that of two
// requests that race for a value in it only one gets it. It starts a session
// if there is none. change must not call the store.
func (s *Store[T]) Update(c echo.Context, change func(*T)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.find(c)
	if e == nil {
		e = s.start(c)
	}
	change(&e.value)
	s.file(e)
}

// Take takes a value out of the request's session and leaves the zero value, so
// that of two requests that race for it only one gets it. Without a session it is
// zero.
func Take[T Value, V any](s *Store[T], c echo.Context, where func(*T) *V) (taken V) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.find(c); e != nil {
		var zero V
		at := where(&e.value)
		taken, *at = *at, zero
	}
	return taken
}

// Renew ends the request's session and starts one under a new identifier that
// holds v: what a sign-in does, so that an identifier planted before it is
// worth nothing.
func (s *Store[T]) Renew(c echo.Context, v T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, known := s.all[s.id(c)]
	s.drop(c)
	e := s.start(c)
	e.value, e.returned = v, known
	s.file(e)
}

// End ends the request's session.
func (s *Store[T]) End(c echo.Context) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drop(c)
	s.cookie().Forget(c)
}

// EndAll ends every session for which match is true, e.g. all of one card.
func (s *Store[T]) EndAll(match func(T) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, el := range s.all {
		if match(el.Value.(*entry[T]).value) {
			s.forget(id)
		}
	}
}

// idKey holds a session that began in this very request, whose cookie the
// request does not carry yet.
const idKey = "session.id."

func (s *Store[T]) id(c echo.Context) string {
	if id, ok := c.Get(idKey + s.cfg.Cookie).(string); ok {
		return id
	}
	return s.cookie().Get(c)
}

func (s *Store[T]) cookie() cookie.Cookie { return cookie.Cookie{Name: s.cfg.Cookie} }

func (s *Store[T]) find(c echo.Context) *entry[T] {
	el := s.all[s.id(c)]
	if el == nil {
		return nil
	}
	e, now := el.Value.(*entry[T]), s.cfg.Now()
	if why := s.over(e, now); why != "" {
		s.drop(c)
		c.Set(endKey+s.cfg.Cookie, why)
		return nil
	}
	e.used = now
	if _, began := c.Get(idKey + s.cfg.Cookie).(string); !began {
		e.returned = true
	}
	s.file(e)
	return e
}

// file puts a session in front of the list that it belongs to.
func (s *Store[T]) file(e *entry[T]) {
	to := s.ranks[e.rank()]
	if el := s.all[e.id]; el != nil && e.in == to {
		to.MoveToFront(el)
		return
	}
	s.forget(e.id)
	s.all[e.id], e.in = to.PushFront(e), to
	s.from[e.from]++
}

func (s *Store[T]) over(e *entry[T], now time.Time) Ending {
	switch {
	case now.Sub(e.used) > s.cfg.Idle:
		return EndedIdle
	case now.Sub(e.started) > s.cfg.Age || now.Before(e.started):
		return EndedByAge
	}
	return ""
}

// Ending says why a session is over.
type Ending string

// The endings. EndedElsewhere is a session that this store no longer knows:
// signed out in another window, found over in an earlier request, or gone with
// a restart.
const (
	EndedIdle      Ending = "idle"
	EndedByAge     Ending = "age"
	EndedElsewhere Ending = "elsewhere"
)

// endKey holds the ending that this request found.
const endKey = "session.ended."

// Ended says why the request has no session although its browser had one.
// It is empty for a request with a session, and for one that never had any.
func (s *Store[T]) Ended(c echo.Context) Ending {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.find(c) != nil {
		return ""
	}
	if why, ok := c.Get(endKey + s.cfg.Cookie).(Ending); ok {
		return why
	}
	if s.cookie().Get(c) != "" {
		return EndedElsewhere
	}
	return ""
}

func (s *Store[T]) drop(c echo.Context) {
	s.forget(s.id(c))
	c.Set(idKey+s.cfg.Cookie, "")
}

func (s *Store[T]) forget(id string) {
	el := s.all[id]
	if el == nil {
		return
	}
	e := el.Value.(*entry[T])
	e.in.Remove(el)
	delete(s.all, id)
	if s.from[e.from]--; s.from[e.from] == 0 {
		delete(s.from, e.from)
	}
}

// makeRoom ends a session while there are too many, for one that begins at an
// address.
func (s *Store[T]) makeRoom(from string) {
	if len(s.all) < s.cfg.Max {
		return
	}
	order := []*list.List{s.ranks[unreturned], s.ranks[returned], s.ranks[inUse]}
	if order[0].Len() < s.cfg.Max/4 { // these places are for who comes new
		order = append(order[1:], order[0])
	}
	if s.from[from] > s.cfg.Max/4 && s.endIdle(order, func(e *entry[T]) bool { return e.from == from }) {
		return
	}
	s.endIdle(order, func(*entry[T]) bool { return true })
}

// endIdle ends the longest idle session that matches, in the first list that has
// one.
func (s *Store[T]) endIdle(order []*list.List, match func(*entry[T]) bool) bool {
	for _, l := range order {
		for el := l.Back(); el != nil; el = el.Prev() {
			if e := el.Value.(*entry[T]); match(e) {
				s.forget(e.id)
				return true
			}
		}
	}
	return false
}

// start begins a session. Its identifier is never one that the request brought.
func (s *Store[T]) start(c echo.Context) *entry[T] {
	from := c.RealIP()
	s.makeRoom(from)
	now := s.cfg.Now()
	e := &entry[T]{id: rand.Text(), started: now, used: now, from: from}
	s.file(e)
	c.Set(idKey+s.cfg.Cookie, e.id)
	s.cookie().Set(c, e.id)
	return e
}
