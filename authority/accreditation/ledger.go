package accreditation

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// flushInterval is how long counts stay in memory only. With the time of the
// write itself, less than a second of counts is lost to a sudden death.
const flushInterval = 400 * time.Millisecond

// ledger counts status answers for the fees (失効情報提供手数料): in memory, by
// adding to a number, and every flushInterval onto the disk. A page of counts
// is never written to again once it is taken away to be flushed.
type ledger struct {
	now   func() time.Time
	store Store
	log   *slog.Logger

	mu     sync.RWMutex // held shared while counting, alone to turn the page
	page   map[feeKey]*atomic.Int64
	closed bool

	flushing sync.Mutex // one flush at a time, so that what it returns is true of all before it
	unsaved  []FeeCount // what could not be written

	stop    chan struct{}
	stopped chan struct{}
}

// feeKey is what is counted apart. Day counts days since 1970 by Japanese
// civil time.
type feeKey struct {
	verifier string
	kind     jpki.Kind
	purpose  Purpose
	day      int32
}

func newLedger(now func() time.Time, store Store, log *slog.Logger) *ledger {
	l := &ledger{
		now: now, store: store, log: log, page: map[feeKey]*atomic.Int64{},
		stop: make(chan struct{}), stopped: make(chan struct{}),
	}
	go l.run()
	return l
}

// dayNumber gives the day of a moment, by Japanese civil time.
func dayNumber(t time.Time) int32 {
	_, offset := t.In(jpki.JST).Zone()
	return int32((t.Unix() + int64(offset)) / (24 * 60 * 60))
}

// dayName gives a day as YYYY-MM-DD.
func dayName(day int32) string {
	return time.Unix(int64(day)*24*60*60, 0).UTC().Format(time.DateOnly)
}

// add counts n answers given at a time. It is false once the ledger is closed:
// then the answer must not be given.
func (l *ledger) add(verifier string, kind jpki.Kind, purpose Purpose, at time.Time, n int) bool {
	if n == 0 {
		return true
	}
	key := feeKey{verifier, kind, purpose, dayNumber(at)}
	l.mu.RLock()
	if l.closed {
		l.mu.RUnlock()
		return false
	}
	count := l.page[key]
	if count != nil {
		count.Add(int64(n))
	}
	l.mu.RUnlock()
	return count != nil || l.addFirst(key, n)
}

// addFirst makes the line that add did not find.
func (l *ledger) addFirst(key feeKey, n int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return false
	}
	if l.page[key] == nil {
		l.page[key] = new(atomic.Int64)
	}
	l.page[key].Add(int64(n))
	return true
}

// flush writes everything counted before the call.
func (l *ledger) flush(ctx context.Context) error {
	l.flushing.Lock()
	defer l.flushing.Unlock()
	l.mu.Lock()
	page := l.page
	l.page = make(map[feeKey]*atomic.Int64, len(page)) // an empty page too: it is read below, out of the lock
	l.mu.Unlock()
	for key, n := range page {
		l.unsaved = append(l.unsaved, FeeCount{VerifierID: key.verifier, Kind: key.kind, Purpose: key.purpose, Day: dayName(key.day), N: n.Load()})
	}
	if len(l.unsaved) == 0 {
		return nil
	}
	// A caller who goes away must not leave it open whether the counts were
	// written: they would be written twice.
	if err := l.store.CommitAccreditation(context.WithoutCancel(ctx), Change{Fees: l.unsaved}); err != nil {
		return err
	}
	l.unsaved = nil
	return nil
}

func (l *ledger) run() {
	defer close(l.stopped)
	t := time.NewTicker(flushInterval)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			if err := l.flush(context.Background()); err != nil {
				l.log.Error("fees not saved; will retry", "error", err)
			}
		case <-l.stop:
			return
		}
	}
}

// close takes no more counts and writes those taken. A second call does
// nothing.
func (l *ledger) close() error {
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		return nil
	}
	l.closed = true
	l.mu.Unlock()
	close(l.stop)
	<-l.stopped
	return l.flush(context.Background())
}

// Count enters n answers given to a verifier. It is false once the ministry is
// closed: then the answers must not be given.
func (m *Ministry) Count(verifierID string, kind jpki.Kind, purpose Purpose, n int) bool {
	return m.ledger.add(verifierID, kind, purpose, m.now(), n)
}
