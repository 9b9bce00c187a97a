// Package trace remembers the last things that happened in the world, for the
// inspector. Houses do not know of it: internal/ecosystem joins their hooks to
// a Ring. Without this package nothing else changes.
package trace

import (
	"slices"
	"sync"
	"time"
	"unicode/utf8"
)

// MaxDetail is how many octets of an event's detail are kept.
const MaxDetail = 512

// Event is one thing that happened. It names no person: no name, address, PIN
// or key; a serial number is as far as Detail goes.
type Event struct {
	At     time.Time // simulated
	House  string    // "bank"
	What   string    // a stable word: "ocsp answered"
	Detail string    // for people; cut after MaxDetail octets
}

// Ring keeps the last events, as many as it was made for. Its methods may be
// called from any goroutine; Add is quick enough to be called from a hook.
type Ring struct {
	mu    sync.Mutex
	kept  []Event
	next  int // where the next event goes once the ring is full
	limit int
}

// NewRing returns a ring for the last limit events, at least one.
func NewRing(limit int) *Ring { return &Ring{limit: max(limit, 1)} }

// Add remembers e, and forgets the oldest event if there is no room.
func (r *Ring) Add(e Event) {
	if len(e.Detail) > MaxDetail {
		cut := MaxDetail
		for cut > 0 && !utf8.RuneStart(e.Detail[cut]) {
			cut--
		}
		e.Detail = e.Detail[:cut] + "…"
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.kept) < r.limit {
		r.kept = append(r.kept, e)
		return
	}
	r.kept[r.next] = e
	r.next = (r.next + 1) % r.limit
}

// Recent gives the last n events, the latest first.
func (r *Ring) Recent(n int) []Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := slices.Concat(r.kept[r.next:], r.kept[:r.next])
	slices.Reverse(all)
	return all[:min(max(n, 0), len(all))]
}
