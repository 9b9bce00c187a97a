// Package turnstile stands before the houses of a process, so that they can be closed and
// opened again under their listeners: whoever comes meanwhile waits. It knows no house.
package turnstile

import (
	"context"
	"errors"
	"net/http"
	"sync"
)

// Errors of Stop, and of those who wait when the town is closed.
var (
	ErrBusy = errors.New("turnstile: requests are under way") // they did not end in time
	errShut = errors.New("turnstile: the town is closed")
)

// Turnstile lets requests through to houses. Its methods may be called from any goroutine.
type Turnstile struct {
	mu      sync.Mutex
	houses  map[string]http.Handler // nil while those who come wait
	acts    int                     // requests under way that may change something
	all     int                     // requests under way
	shut    bool                    // nobody waits any more
	clears  bool                    // Clear is ever called
	open    context.Context         // of the requests under way
	end     context.CancelFunc
	changed chan struct{} // closed when anything of this changes
}

// New returns a turnstile at which everybody waits. One that never clears costs a request
// next to nothing.
func New(clears bool) *Turnstile {
	t := &Turnstile{houses: map[string]http.Handler{}, changed: make(chan struct{}), clears: clears}
	t.open, t.end = context.WithCancel(context.Background())
	return t
}

// tell wakes whoever waits for a change. The lock is held.
func (t *Turnstile) tell() {
	close(t.changed)
	t.changed = make(chan struct{})
}

// Let lets requests through to a house.
func (t *Turnstile) Let(house string, to http.Handler) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.houses[house] = to
	t.tell()
}

// At returns what serves at the door of a house, for as long as the process runs.
func (t *Turnstile) At(house string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		to, open, err := t.enter(r, house)
		if err != nil {
			panic(http.ErrAbortHandler) // nobody waits for an answer
		}
		defer t.leave(r)
		if !t.clears {
			to.ServeHTTP(w, r)
			return
		}
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		defer context.AfterFunc(open, cancel)()
		to.ServeHTTP(w, r.WithContext(ctx))
	})
}

// acts reports whether a request may change something.
func acts(r *http.Request) bool { return r.Method != http.MethodGet && r.Method != http.MethodHead }

// enter waits until the house is open, and counts the request.
func (t *Turnstile) enter(r *http.Request, house string) (http.Handler, context.Context, error) {
	var came context.Context
	for {
		t.mu.Lock()
		to, changed := t.houses[house], t.changed
		if came == nil {
			came = t.open
		}
		switch {
		case to == nil && t.shut || came.Err() != nil:
			t.mu.Unlock()
			return nil, nil, errShut
		case to != nil:
			t.all++
			if acts(r) {
				t.acts++
			}
			open := t.open
			t.mu.Unlock()
			return to, open, nil
		}
		t.mu.Unlock()
		select {
		case <-r.Context().Done():
			return nil, nil, context.Cause(r.Context())
		case <-changed:
		}
	}
}

func (t *Turnstile) leave(r *http.Request) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.all--
	if acts(r) {
		t.acts--
	}
	if t.acts == 0 || t.all == 0 {
		t.tell()
	}
}

// Stop makes whoever comes wait, as soon as no request that may change something is under
// way: such a request may need an answer of another house, so that nobody is kept waiting
// before. If ctx ends first, everybody is let through as before, and the error is ErrBusy.
func (t *Turnstile) Stop(ctx context.Context) (goOn func(), err error) {
	for {
		t.mu.Lock()
		if t.acts == 0 {
			defer t.mu.Unlock()
			before := t.houses
			t.houses = map[string]http.Handler{}
			return func() { t.putBack(before) }, nil
		}
		changed := t.changed
		t.mu.Unlock()
		select {
		case <-ctx.Done():
			return nil, ErrBusy
		case <-changed:
		}
	}
}

func (t *Turnstile) putBack(houses map[string]http.Handler) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.houses = houses
	t.tell()
}

// Clear makes whoever comes wait, ends the requests under way, and waits until they have
// gone or ctx ends; left is how many have not. What they ask of other houses meanwhile is
// not done there later.
func (t *Turnstile) Clear(ctx context.Context) (left int) {
	t.mu.Lock()
	t.houses = map[string]http.Handler{}
	t.end()
	t.tell()
	t.mu.Unlock()
	defer t.reopen()
	for {
		t.mu.Lock()
		all, changed := t.all, t.changed
		t.mu.Unlock()
		if all == 0 {
			return 0
		}
		select {
		case <-ctx.Done():
			return all
		case <-changed:
		}
	}
}

// reopen lets whoever comes from now on wait: who came before is turned away.
func (t *Turnstile) reopen() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.open, t.end = context.WithCancel(context.Background())
	t.tell()
}

// Shut turns away whoever waits, and whoever comes to a house that is not open.
func (t *Turnstile) Shut() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.shut = true
	t.tell()
}
