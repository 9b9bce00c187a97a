package agent

import (
	"context"
	"crypto/rand"
	"errors"
	"sync"
	"time"

	"example.jp/jpkimock/virtualcard"
)

// lifetime is how long a page's request waits for its person, on the simulated
// clock.
const lifetime = 5 * time.Minute

// maxRequests is how many requests are kept, finished ones included; the oldest
// makes room. With maxDocument it bounds the memory to some 64 MiB.
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
	id, holder string
	opened     time.Time

	step    sync.Mutex
	ask     ask
	turn    int      // counts PIN entries: a form of an earlier turn is stale
	trouble *trouble // what the last entry, or the request, ended in
	over    bool
	answer  answer
	taken   bool
}

// situation is what a face shows of a request.
type situation struct {
	ID    string
	Ask   ask
	Turn  int
	Until time.Time
	Card  *virtualcard.Summary // what lies on the reader; nil for nothing
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

// open keeps a request for the browser holder and gives its identifier.
func (s *requests) open(holder string, a ask) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.all {
		if r.step.TryLock() {
			s.expire(r)
			r.step.Unlock()
		}
	}
	if len(s.order) >= maxRequests {
		delete(s.all, s.order[0])
		s.order = s.order[1:]
	}
	r := &request{id: rand.Text(), holder: holder, opened: s.now(), ask: a}
	s.all[r.id] = r
	s.order = append(s.order, r.id)
	return r.id
}

// enterStep finds a request of holder and locks it; the caller unlocks step.
func (s *requests) enterStep(holder, id string) (*request, error) {
	s.mu.Lock()
	r := s.all[id]
	s.mu.Unlock()
	if r == nil || holder == "" || r.holder != holder {
		return nil, errNoRequest
	}
	r.step.Lock()
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
func (s *requests) look(ctx context.Context, holder, id string, card virtualcard.CardID) (situation, error) {
	r, err := s.enterStep(holder, id)
	if err != nil {
		return situation{}, err
	}
	defer r.step.Unlock()
	at := situation{ID: r.id, Ask: r.ask, Turn: r.turn, Until: r.opened.Add(lifetime), Trouble: r.trouble, Over: r.over}
	if r.over {
		return at, nil
	}
	if at.Card, err = s.desk.face(ctx, card); err != nil {
		return situation{}, err
	}
	tries, err := s.desk.inspect(ctx, card, r.ask.Action.kind())
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
func (s *requests) enter(ctx context.Context, holder, id string, card virtualcard.CardID, turn int, pin string) error {
	r, err := s.enterStep(holder, id)
	if err != nil {
		return err
	}
	defer r.step.Unlock()
	if r.over || turn != r.turn {
		return nil
	}
	r.turn++
	r.trouble = nil
	a, err := s.desk.perform(context.WithoutCancel(ctx), card, r.ask, pin)
	if errors.As(err, &r.trouble) {
		return nil
	}
	if err == nil {
		r.finish(a, nil)
	}
	return err
}

// changeCard forgets what the last entry ended in: it was another card's.
func (s *requests) changeCard(holder, id string) error {
	r, err := s.enterStep(holder, id)
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
func (s *requests) giveUp(ctx context.Context, holder, id string, card virtualcard.CardID) error {
	r, err := s.enterStep(holder, id)
	if err != nil {
		return err
	}
	defer r.step.Unlock()
	if r.over {
		return nil
	}
	why := &trouble{Code: codeCancelled, Detail: "the person cancelled"}
	var obstacle *trouble
	if _, err := s.desk.inspect(ctx, card, r.ask.Action.kind()); errors.As(err, &obstacle) {
		switch obstacle.Code {
		case codePINBlocked, codeNoCertificate, codeDeadCard, codeNotJPKI:
			why = obstacle
		}
	}
	r.finish(answer{}, why)
	return nil
}

// take hands over the answer, once, with the origin that it is for. A nil
// trouble is a success.
func (s *requests) take(holder, id string) (origin string, a answer, why *trouble, err error) {
	r, err := s.enterStep(holder, id)
	if err != nil {
		return "", answer{}, nil, err
	}
	defer r.step.Unlock()
	if !r.over {
		return "", answer{}, nil, errUnfinished
	}
	if r.taken {
		return "", answer{}, nil, errTaken
	}
	a = r.answer
	r.taken, r.answer = true, answer{}
	return r.ask.Origin, a, r.trouble, nil
}
