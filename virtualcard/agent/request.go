package agent

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"slices"
	"sync"
	"time"

	"example.jp/jpkimock/virtualcard"
)

// lifetime is how long a page's request waits for its person, on the simulated
// clock.
const lifetime = 5 * time.Minute

// maxRequests is how many requests are kept, finished ones included. One that
// nobody is waiting at makes room first: a page that opens many does not throw
// out the person who is typing a PIN. With maxDocument it bounds the memory to
// some 64 MiB.
const maxRequests = 256

var (
	// errNoRequest: there is no such request, or it is another browser's.
	errNoRequest = errors.New("agent: no such request")
	// errUnfinished: the answer was asked for before there is one.
	errUnfinished = errors.New("agent: the request has no answer yet")
	// errTaken: the answer has been handed over already.
	errTaken = errors.New("agent: the answer has been handed over")
)

// requests is the one flow that every face shows: a page's request is opened,
// looked at, answered by a PIN or given up, and its answer is taken once. It
// knows nothing of HTTP, pages or languages. No PIN is kept in it.
type requests struct {
	desk *desk
	now  func() time.Time
	mu   sync.Mutex // guards all and order
	all  map[string]*request
	// order has the identifiers by age.
	order []string
}

// request is one wish of a page on its way. Everything below step is guarded
// by it; it is held while the card works, so that of two forms sent at once
// only one reaches the card.
type request struct {
	id     string
	face   face
	back   string // the address that the answer is posted to; the window has none
	opened time.Time

	step sync.Mutex
	// holder is whose browser it is: from the start, or of the one who brings
	// the ticket.
	holder, ticket string

	ask     ask
	turn    int      // counts PIN entries: a form of an earlier turn is stale
	trouble *trouble // what the last entry, or the request, ended in
	on      laying   // what lay on the reader when the PIN was entered
	over    bool
	answer  answer
	taken   bool
}

// given is an answer on its way to the page that asked. A nil trouble is a
// success; on is the laying that answered.
type given struct {
	origin, back string
	answer       answer
	trouble      *trouble
	on           laying
}

// situation is what a face shows of a request.
type situation struct {
	ID    string
	Ask   ask
	Turn  int
	Until time.Time
	Card  *virtualcard.Summary // what lies on the reader; nil for nothing
	On    laying
	// TriesLeft is known when Ready: the card is there and a PIN can be typed.
	TriesLeft int
	Ready     bool
	// Trouble is what stands in the way, or what the last entry ended in.
	Trouble *trouble
	// Over: there is an answer. Without Trouble it is a success.
	Over bool
}

func newRequests(d *desk) *requests {
	return &requests{desk: d, now: d.now, all: map[string]*request{}}
}

// open keeps a request, for a browser or for whom the ticket is with, and gives
// its identifier.
func (s *requests) open(r *request) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	idle := -1 // the oldest that nobody is waiting at
	for i, id := range s.order {
		other := s.all[id]
		if !other.step.TryLock() {
			continue
		}
		s.expire(other)
		if idle < 0 && (other.over || other.holder == "") {
			idle = i
		}
		other.step.Unlock()
	}
	if len(s.order) >= maxRequests {
		idle = max(idle, 0)
		delete(s.all, s.order[idle])
		s.order = slices.Delete(s.order, idle, idle+1)
	}
	r.id, r.opened = rand.Text(), s.now()
	s.all[r.id] = r
	s.order = append(s.order, r.id)
	return r.id
}

func (s *requests) find(by caller, id string) *request {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.all[id]; r != nil && by.Holder != "" && r.face == by.Face {
		return r
	}
	return nil
}

// claim makes a request that is nobody's yet the caller's, if the ticket is the
// right one. A ticket is good once.
func (s *requests) claim(by caller, id, ticket string) {
	r := s.find(by, id)
	if r == nil {
		return
	}
	r.step.Lock()
	defer r.step.Unlock()
	if r.holder == "" && r.ticket != "" && subtle.ConstantTimeCompare([]byte(r.ticket), []byte(ticket)) == 1 {
		r.holder, r.ticket = by.Holder, ""
	}
}

// enterStep finds a request of the caller and locks it; the caller unlocks step.
func (s *requests) enterStep(by caller, id string) (*request, error) {
	r := s.find(by, id)
	if r == nil {
		return nil, errNoRequest
	}
	r.step.Lock()
	if r.holder != by.Holder {
		r.step.Unlock()
		return nil, errNoRequest
	}
	s.expire(r)
	return r, nil
}

// expire ends a request whose time is up. A clock that was moved back counts:
// the request is of another time.
func (s *requests) expire(r *request) {
	age := s.now().Sub(r.opened)
	if !r.over && (age < 0 || age >= lifetime) {
		r.finish(answer{}, &trouble{Code: codeExpired, Detail: "the request was not answered in time"})
	}
}

// finish gives the request its answer and lets go of the document.
func (r *request) finish(a answer, t *trouble) {
	r.over, r.answer, r.trouble = true, a, t
	r.ask.Document.Content = nil
}

// look tells how a request stands with the given card on the reader. It changes
// nothing and spends no try.
func (s *requests) look(ctx context.Context, by caller, id string, on laying) (situation, error) {
	r, err := s.enterStep(by, id)
	if err != nil {
		return situation{}, err
	}
	defer r.step.Unlock()
	at := situation{ID: r.id, Ask: r.ask, Turn: r.turn, Until: r.opened.Add(lifetime), On: on, Trouble: r.trouble, Over: r.over}
	if r.over {
		return at, nil
	}
	if r.on.Count != on.Count {
		at.Trouble = nil // it was another card's
	}
	if at.Card, err = s.desk.face(ctx, on.Card); err != nil {
		return situation{}, err
	}
	tries, err := s.desk.inspect(ctx, on.Card, r.ask.Action.kind())
	var obstacle *trouble
	switch {
	case errors.As(err, &obstacle):
		at.Trouble = obstacle
	case err != nil:
		return situation{}, err
	default:
		at.Ready, at.TriesLeft = true, tries
	}
	return at, nil
}

// enter presents a typed PIN to the card. How it ended is told by the next
// look: done, or a trouble with which the person may try again. A form of an
// earlier turn, sent twice by a double click or the back button, spends
// nothing. The work goes on if the person closes the window in the middle of
// it, so that what the card did and what the request says agree.
func (s *requests) enter(ctx context.Context, by caller, id string, on laying, turn int, pin string) error {
	r, err := s.enterStep(by, id)
	if err != nil {
		return err
	}
	defer r.step.Unlock()
	if r.over || turn != r.turn {
		return nil
	}
	r.turn++
	r.trouble, r.on = nil, on
	a, err := s.desk.perform(context.WithoutCancel(ctx), on.Card, r.ask, pin)
	if errors.As(err, &r.trouble) {
		return nil
	}
	if err == nil {
		r.finish(a, nil)
	}
	return err
}

// changeCard forgets what the last entry ended in: it was another card's.
func (s *requests) changeCard(by caller, id string) error {
	r, err := s.enterStep(by, id)
	if err != nil {
		return err
	}
	defer r.step.Unlock()
	if !r.over {
		r.trouble = nil
		r.turn++
	}
	return nil
}

// giveUp ends a request without an answer. If the card on the reader could not
// have done it, the page is told so, that it can show a way out; else it is told
// that the person cancelled.
func (s *requests) giveUp(ctx context.Context, by caller, id string, on laying) error {
	r, err := s.enterStep(by, id)
	if err != nil {
		return err
	}
	defer r.step.Unlock()
	if r.over {
		return nil
	}
	why := &trouble{Code: codeCancelled, Detail: "the person cancelled"}
	var obstacle *trouble
	if _, err := s.desk.inspect(ctx, on.Card, r.ask.Action.kind()); errors.As(err, &obstacle) {
		switch obstacle.Code {
		case codePINBlocked, codeNoCertificate, codeDeadCard, codeNotJPKI:
			why = obstacle
		}
	}
	r.finish(answer{}, why)
	return nil
}

// take hands over the answer, once, with the origin that it is for.
func (s *requests) take(by caller, id string) (given, error) {
	r, err := s.enterStep(by, id)
	if err != nil {
		return given{}, err
	}
	defer r.step.Unlock()
	if !r.over {
		return given{}, errUnfinished
	}
	if r.taken {
		return given{}, errTaken
	}
	g := given{origin: r.ask.Origin, back: r.back, answer: r.answer, trouble: r.trouble, on: r.on}
	r.taken, r.answer = true, answer{}
	return g, nil
}
