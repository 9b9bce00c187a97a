package vpcd

import (
	"context"
	"errors"
	"sync"

	"example.jp/jpkimock/virtualcard"
)

// ErrNoReader: there is no virtual reader of this name.
var ErrNoReader = errors.New("vpcd: no virtual reader has this name")

// Readers are virtual readers side by side. A card lies in at most one of them.
type Readers struct {
	all     []*Reader
	placing sync.Mutex

	mu      sync.Mutex
	turn    int
	changed chan struct{} // closed by the next change
	hand    hand
}

// NewReaders returns readers with different names.
func NewReaders(readers ...*Reader) *Readers {
	rs := &Readers{all: readers, changed: make(chan struct{}), hand: hand{moved: make(chan struct{})}}
	for _, r := range readers {
		r.mu.Lock()
		r.tell = rs.tell
		r.mu.Unlock()
	}
	return rs
}

// Watch returns a number that grows whenever the state of a reader changes, and a channel
// that is closed by the next change.
func (rs *Readers) Watch() (turn int, changed <-chan struct{}) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	return rs.turn, rs.changed
}

func (rs *Readers) tell() {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	rs.turn++
	close(rs.changed)
	rs.changed = make(chan struct{})
}

// All returns the readers in their order.
func (rs *Readers) All() []*Reader { return rs.all }

// Reader returns the reader of a name, or ErrNoReader.
func (rs *Readers) Reader(name string) (*Reader, error) {
	for _, r := range rs.all {
		if r.Name() == name {
			return r, nil
		}
	}
	return nil, ErrNoReader
}

// Place is Reader.Place of the reader of a name. The card leaves the reader in which it
// lay.
func (rs *Readers) Place(ctx context.Context, name string, id virtualcard.CardID) error {
	rs.placing.Lock()
	defer rs.placing.Unlock()
	to, err := rs.Reader(name)
	if err != nil {
		return err
	}
	if err := to.Place(ctx, id); err != nil {
		return err
	}
	rs.moves(id)
	if id == "" {
		return nil
	}
	for _, r := range rs.all {
		if r != to && r.State().Card == id {
			if err := r.Place(ctx, ""); err != nil {
				return err
			}
		}
	}
	return nil
}

// Run runs every reader until ctx ends.
func (rs *Readers) Run(ctx context.Context) {
	var running sync.WaitGroup
	for _, r := range rs.all {
		running.Go(func() { r.Run(ctx) })
	}
	running.Wait()
}
