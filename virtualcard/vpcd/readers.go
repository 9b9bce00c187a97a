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
}

// NewReaders returns readers with different names.
func NewReaders(readers ...*Reader) *Readers { return &Readers{all: readers} }

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
	if err := to.Place(ctx, id); err != nil || id == "" {
		return err
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
