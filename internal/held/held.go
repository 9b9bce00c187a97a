// Package held keeps things for a short while in memory, under names that nobody
// can guess: an answer on its way between two pages, a request that waits for
// its person. A box holds so many and no more, each for so long and no longer,
// and what is taken out is gone.
//
// Nothing in a box survives a restart.
package held

import (
	"container/list"
	"crypto/rand"
	"errors"
	"sync"
	"time"
)

var (
	// ErrFull is the refusal of one thing too many.
	ErrFull = errors.New("held: the box is full")
	// ErrGone is a name under which nothing is held: it never was, its time is
	// over, or it was taken.
	ErrGone = errors.New("held: nothing is held under this name")
)

// Config bounds a box. Now and Max are required.
type Config[T any] struct {
	Now func() time.Time
	// Life is how long a thing is held. A clock that was moved back ends it, too:
	// it is of another time. Zero is for as long as there is room.
	Life time.Duration
	// Max is how many things are held at once.
	Max int
	// Yields reports whether a thing may be pushed out by a newer one while the box
	// is full; the oldest such goes first. Without it nothing yields, and one thing
	// too many is ErrFull.
	Yields func(T) bool
	// From names where a thing comes from, such as an address of the network, if it is
	// not nil. While the box is full, who has more than a quarter of it makes room
	// among its own things that yield, so that one address does not push out another's.
	From func(T) string
	// Quotas bound what belongs to one owner. One thing too many pushes out the
	// owner's oldest that yields, or else the owner's oldest.
	Quotas []Quota[T]
	// Swept: what is over leaves by Sweep alone, since its end is to be recorded.
	// Otherwise it makes room by itself.
	Swept bool
}

// Quota bounds how many things of one owner are held at once.
type Quota[T any] struct {
	Max int
	// Refuses: one thing too many is ErrFull, and pushes nothing out.
	Refuses bool
	// Owner names whose a thing is, such as a browser or an address; empty for
	// nobody's.
	Owner func(T) string
}

// Box holds things. Its methods may be called from any goroutine; the functions
// that are handed to them must not call the box.
type Box[T any] struct {
	cfg   Config[T]
	mu    sync.Mutex
	all   map[string]*list.Element // of *entry[T]
	byAge *list.List               // the oldest in front
	from  map[string]int           // counts by Config.From
}

type entry[T any] struct {
	name  string
	value T
	since time.Time
	from  string
}

// New returns an empty box.
func New[T any](cfg Config[T]) *Box[T] {
	return &Box[T]{cfg: cfg, all: map[string]*list.Element{}, byAge: list.New(), from: map[string]int{}}
}

// Name makes a name of 130 random bits.
func Name() string { return rand.Text() }

// Put holds a thing under a name, in place of what was held under it.
func (b *Box[T]) Put(name string, value T) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.forget(name)
	for _, q := range b.cfg.Quotas {
		if !b.keepWithin(q, q.Owner(value)) {
			return ErrFull
		}
	}
	e := b.entry(name, value, b.cfg.Now())
	if len(b.all) >= b.cfg.Max && !b.makeRoom(e.from) {
		return ErrFull
	}
	b.all[name] = b.byAge.PushBack(e)
	b.from[e.from]++
	return nil
}

func (b *Box[T]) entry(name string, value T, since time.Time) *entry[T] {
	e := &entry[T]{name: name, value: value, since: since}
	if b.cfg.From != nil {
		e.from = b.cfg.From(value)
	}
	return e
}

// keepWithin makes room for one more thing of an owner, and reports whether there is some.
func (b *Box[T]) keepWithin(q Quota[T], owner string) bool {
	if owner == "" {
		return true
	}
	var first *entry[T]
	count := 0
	b.each(func(e *entry[T]) {
		if q.Owner(e.value) != owner {
			return
		}
		count++
		if first == nil || b.yields(e) && !b.yields(first) {
			first = e
		}
	})
	switch {
	case count < q.Max:
	case q.Refuses && !b.over(first):
		return false
	default:
		b.forget(first.name)
	}
	return true
}

func (b *Box[T]) yields(e *entry[T]) bool {
	return !b.cfg.Swept && b.over(e) || b.cfg.Yields != nil && b.cfg.Yields(e.value)
}

// makeRoom drops what is over, or else the oldest thing that yields.
func (b *Box[T]) makeRoom(from string) bool {
	before := len(b.all)
	if !b.cfg.Swept {
		b.each(func(e *entry[T]) {
			if b.over(e) {
				b.forget(e.name)
			}
		})
	}
	if len(b.all) < before || b.cfg.Yields == nil {
		return len(b.all) < before
	}
	return b.from[from] > b.cfg.Max/4 && b.pushOut(func(e *entry[T]) bool { return e.from == from }) ||
		b.pushOut(func(*entry[T]) bool { return true })
}

// pushOut drops the oldest thing that matches and yields.
func (b *Box[T]) pushOut(match func(*entry[T]) bool) bool {
	for el := b.byAge.Front(); el != nil; el = el.Next() {
		if e := el.Value.(*entry[T]); match(e) && b.cfg.Yields(e.value) {
			b.forget(e.name)
			return true
		}
	}
	return false
}

// Look gives a thing and leaves it there.
func (b *Box[T]) Look(name string) (T, error) {
	return b.Update(name, func(*T) error { return nil })
}

// All gives everything that is held, the oldest first.
func (b *Box[T]) All() []T {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := make([]T, 0, len(b.all))
	b.each(func(e *entry[T]) {
		if !b.over(e) {
			all = append(all, e.value)
		}
	})
	return all
}

// Update changes a thing unless change says no, and gives it as it is then. Of
// two requests that race only one finds what the other changes.
func (b *Box[T]) Update(name string, change func(*T) error) (T, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var zero T
	e, err := b.find(name)
	if err != nil {
		return zero, err
	}
	value := e.value
	if err := change(&value); err != nil {
		return zero, err
	}
	e.value = value
	return value, nil
}

// Take gives a thing once, unless may says no: then it stays. A nil may says yes.
func (b *Box[T]) Take(name string, may func(T) error) (T, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var zero T
	e, err := b.find(name)
	if err != nil {
		return zero, err
	}
	if may != nil {
		if err := may(e.value); err != nil {
			return zero, err
		}
	}
	b.forget(name)
	return e.value, nil
}

// Drop forgets a thing.
func (b *Box[T]) Drop(name string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.forget(name)
}

// DropIf forgets everything that matches.
func (b *Box[T]) DropIf(match func(T) bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.each(func(e *entry[T]) {
		if match(e.value) {
			b.forget(e.name)
		}
	})
}

// Full reports that a newer thing would be too many, or push another out.
func (b *Box[T]) Full() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.all) >= b.cfg.Max
}

// Sweep takes out what is over and gives it to end, which is not called under the
// box's lock. What end cannot end is kept until the next time; it stays over.
// Sweep gives the errors of end, joined.
func (b *Box[T]) Sweep(end func(T) error) error {
	b.mu.Lock()
	var over []*entry[T]
	b.each(func(e *entry[T]) {
		if b.over(e) {
			b.forget(e.name)
			over = append(over, e)
		}
	})
	b.mu.Unlock()
	var errs []error
	for _, e := range over {
		if err := end(e.value); err != nil {
			b.PutBack(e.name, e.value, e.since)
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// PutBack returns what was taken to where it was: as old as before, and whether
// or not the box is full.
func (b *Box[T]) PutBack(name string, value T, since time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.forget(name)
	e := b.entry(name, value, since)
	b.all[name] = b.byAge.PushFront(e)
	b.from[e.from]++
}

func (b *Box[T]) each(do func(*entry[T])) {
	for el := b.byAge.Front(); el != nil; {
		next := el.Next()
		do(el.Value.(*entry[T]))
		el = next
	}
}

func (b *Box[T]) find(name string) (*entry[T], error) {
	el := b.all[name]
	if el == nil {
		return nil, ErrGone
	}
	e := el.Value.(*entry[T])
	if b.over(e) {
		return nil, ErrGone
	}
	return e, nil
}

func (b *Box[T]) over(e *entry[T]) bool {
	age := b.cfg.Now().Sub(e.since)
	return b.cfg.Life > 0 && (age < 0 || age >= b.cfg.Life)
}

func (b *Box[T]) forget(name string) {
	if el := b.all[name]; el != nil {
		from := el.Value.(*entry[T]).from
		if b.from[from]--; b.from[from] == 0 {
			delete(b.from, from)
		}
		b.byAge.Remove(el)
		delete(b.all, name)
	}
}
