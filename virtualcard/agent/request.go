package agent

import (
	"context"
	"crypto/subtle"
	"errors"
	"sync"
	"time"

	"example.jp/jpkimock/internal/held"
	"example.jp/jpkimock/virtualcard"
)

// lifetime is how long a page's request waits for a PIN, on the simulated clock.
const lifetime = 5 * time.Minute

// How many requests are kept, finished ones included: in all, of one address and
// of one browser. One at which nobody is waiting makes room first: a page that
// opens many does not throw out the person who is typing a PIN. With maxDocument
// this bounds the memory to some 64 MiB.
const (
	maxRequests  = 256
	maxOfAddress = 128
	maxOfBrowser = 16
)

var (
	// errNoRequest: there is no such request, or it is another browser's.
	errNoRequest = errors.New("agent: no such request")
	// errUnfinished: the answer was asked for before there is one.
	errUnfinished = errors.New("agent: the request has no answer yet")
	// errTaken: the answer has been handed over already.
	errTaken = errors.New("agent: the answer has been handed over")
)

// requests is the one flow behind every face: a page's request is opened, viewed,
// answered by a PIN or cancelled, and its answer is taken once. It knows nothing
// of HTTP, pages or languages. It keeps no PIN.
type requests struct {
	access *cardAccess
	now    func() time.Time
	box    *held.Box[*request]
}

// request is a page's pending request. Everything below step is guarded by it; it
// is held while the card works, so that of two forms sent at once only one reaches
// the card.
type request struct {
	id      string
	face    face
	back    string // the address that the answer is posted to; the window has none
	address string // of the network, from which it was opened
	opened  time.Time

	step sync.Mutex
	// holder is the browser that it belongs to: from the start, or the one that
	// brings the ticket.
	holder, ticket string

	op      operation
	viewed  bool      // by its browser, or that browser was known before
	turn    int       // counts PIN entries: a form of an earlier turn is stale
	failure *failure  // what the last entry, or the request, ended in
	on      placement // what lay on the reader when the PIN was entered
	over    bool
	answer  answer
	taken   bool
}

// delivery is an answer on its way to the page that asked. A nil failure is a
// success; on is the placement that answered.
type delivery struct {
	origin, back string
	answer       answer
	failure      *failure
	on           placement
}

// requestView is what a face shows of a request.
type requestView struct {
	ID    string
	Face  face
	Op    operation
	Turn  int
	Until time.Time
	Card  *virtualcard.Summary // what lies on the reader; nil for nothing
	On    placement
	// TriesLeft is known when Ready: the card is there and a PIN can be typed.
	TriesLeft int
	Ready     bool
	// Failure is what stands in the way, or what the last entry ended in.
	Failure *failure
	// Over: there is an answer. Without Failure it is a success.
	Over bool
}

func newRequests(a *cardAccess) *requests {
	s := &requests{access: a, now: a.now}
	s.box = held.New(held.Config[*request]{
		Now: a.now, Max: maxRequests, Yields: s.idle,
		Quotas: []held.Quota[*request]{
			{Max: maxOfBrowser, Owner: func(r *request) string { return r.owner() }},
			{Max: maxOfAddress, Owner: func(r *request) string { return r.address }},
		},
	})
	return s
}

// owner is the browser that a request belongs to, empty for nobody's.
func (r *request) owner() string {
	if !r.step.TryLock() {
		return ""
	}
	defer r.step.Unlock()
	return r.holder
}

// idle reports that nobody is waiting at a request. One at which the card works is
// not idle.
func (s *requests) idle(r *request) bool {
	if !r.step.TryLock() {
		return false
	}
	defer r.step.Unlock()
	return !r.viewed || r.taken || s.late(r)
}

// open keeps a request, for a browser or for whoever brings the ticket, and
// returns its identifier, or held.ErrFull.
func (s *requests) open(r *request) (string, error) {
	r.id, r.opened = held.Name(), s.now()
	return r.id, s.box.Put(r.id, r)
}

func (s *requests) find(by caller, id string) *request {
	r, err := s.box.Look(id)
	if err != nil || by.Browser == "" || r.face != by.Face {
		return nil
	}
	return r
}

// pending returns the requests of a browser that have no answer yet.
func (s *requests) pending(browser string) []requestView {
	var all []requestView
	for _, r := range s.box.All() {
		if browser == "" || !r.step.TryLock() {
			continue
		}
		if r.holder == browser && !r.over && !s.late(r) {
			all = append(all, requestView{ID: r.id, Face: r.face, Op: r.op})
		}
		r.step.Unlock()
	}
	return all
}

// claim returns a request that belongs to nobody yet to the caller, if the ticket is
// the right one. A ticket is good once.
func (s *requests) claim(by caller, id, ticket string) {
	r := s.find(by, id)
	if r == nil {
		return
	}
	r.step.Lock()
	defer r.step.Unlock()
	if r.holder == "" && r.ticket != "" && subtle.ConstantTimeCompare([]byte(r.ticket), []byte(ticket)) == 1 {
		r.holder, r.ticket = by.Browser, ""
	}
}

// lock finds a request of the caller and locks it; the caller unlocks step.
func (s *requests) lock(by caller, id string) (*request, error) {
	r := s.find(by, id)
	if r == nil {
		return nil, errNoRequest
	}
	r.step.Lock()
	if r.holder != by.Browser {
		r.step.Unlock()
		return nil, errNoRequest
	}
	if !r.over && s.late(r) {
		r.finish(answer{}, &failure{Code: codeExpired, Detail: "the request was not answered in time"})
	}
	return r, nil
}

// late reports that a request's time is up. A clock that was moved back ends it,
// too: the request is of another time.
func (s *requests) late(r *request) bool {
	age := s.now().Sub(r.opened)
	return age < 0 || age >= lifetime
}

// finish returns the request its answer and drops the document.
func (r *request) finish(a answer, f *failure) {
	r.over, r.answer, r.failure = true, a, f
	r.op.Document.Content = nil
}

// view returns the state of a request with the given card on the reader. It
// changes nothing else and spends no try.
func (s *requests) view(ctx context.Context, by caller, id string, on placement) (requestView, error) {
	r, err := s.lock(by, id)
	if err != nil {
		return requestView{}, err
	}
	defer r.step.Unlock()
	r.viewed = true
	v := requestView{ID: r.id, Face: r.face, Op: r.op, Turn: r.turn, Until: r.opened.Add(lifetime), On: on, Failure: r.failure, Over: r.over}
	if r.over {
		return v, nil
	}
	if r.on.Count != on.Count {
		v.Failure = nil // it was another card's
	}
	if v.Card, err = s.access.summary(ctx, on.Card); err != nil {
		return requestView{}, err
	}
	tries, err := s.access.inspect(ctx, on.use(false), r.op)
	var obstacle *failure
	switch {
	case errors.As(err, &obstacle):
		v.Failure = obstacle
	case err != nil:
		return requestView{}, err
	default:
		v.Ready, v.TriesLeft = true, tries
	}
	return v, nil
}

// typedPIN is a PIN as it was typed into the form of a turn. LastTry: the holder of a card
// that may be real was told that it is the last try.
type typedPIN struct {
	Turn    int
	PIN     string
	LastTry bool
}

// enterPIN presents a typed PIN to the card. The next view says how it ended: done,
// or a failure after which the person may try again. A form of an earlier turn,
// sent twice by a double click or the back button, spends nothing. The work goes on
// if the person closes the window in the middle of it, so that what the card did
// and what the request says agree.
func (s *requests) enterPIN(ctx context.Context, by caller, id string, on placement, e typedPIN) error {
	r, err := s.lock(by, id)
	if err != nil {
		return err
	}
	defer r.step.Unlock()
	if r.over || e.Turn != r.turn {
		return nil
	}
	r.turn++
	r.failure, r.on = nil, on
	a, err := s.access.perform(context.WithoutCancel(ctx), on.use(e.LastTry), r.op, e.PIN)
	if errors.As(err, &r.failure) {
		return nil
	}
	if err == nil {
		r.finish(a, nil)
	}
	return err
}

// changeCard forgets what the last entry ended in: it was another card's.
func (s *requests) changeCard(by caller, id string) error {
	r, err := s.lock(by, id)
	if err != nil {
		return err
	}
	defer r.step.Unlock()
	if !r.over {
		r.failure = nil
		r.turn++
	}
	return nil
}

// cancel ends a request without an answer. If the card on the reader could not
// have done it, the page is told why, so that it can show a way out; otherwise it
// is told that the person cancelled.
func (s *requests) cancel(ctx context.Context, by caller, id string, on placement) error {
	r, err := s.lock(by, id)
	if err != nil {
		return err
	}
	defer r.step.Unlock()
	if r.over {
		return nil
	}
	why := &failure{Code: codeCancelled, Detail: "the person cancelled"}
	var obstacle *failure
	if _, err := s.access.inspect(ctx, on.use(false), r.op); errors.As(err, &obstacle) {
		switch obstacle.Code {
		case codePINBlocked, codeNoCertificate, codeDeadCard, codeTampered, codeNotJPKI:
			why = obstacle
		}
	}
	r.finish(answer{}, why)
	return nil
}

// takeAnswer hands the answer over, once, with the origin that it is for.
func (s *requests) takeAnswer(by caller, id string) (delivery, error) {
	r, err := s.lock(by, id)
	if err != nil {
		return delivery{}, err
	}
	defer r.step.Unlock()
	if !r.over {
		return delivery{}, errUnfinished
	}
	if r.taken {
		return delivery{}, errTaken
	}
	d := delivery{origin: r.op.Origin, back: r.back, answer: r.answer, failure: r.failure, on: r.on}
	r.taken, r.answer = true, answer{}
	return d, nil
}
