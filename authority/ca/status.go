package ca

import (
	"fmt"
	"sync"
	"time"

	"example.jp/jpkimock/authority/register"
)

// statusTable holds the status of every certificate of a kind, twelve bytes
// each: a status inquiry never reaches the store. Serial numbers are dense, so
// that a certificate is found by its distance from the first.
type statusTable struct {
	first uint64

	mu      sync.RWMutex
	entries []statusEntry
	next    uint64 // the serial number to give next
	version uint64 // counts the changes that a CRL would show
	issued  int
}

// statusEntry is a certificate's status. Times are Unix seconds, good until
// 2106. The zero value is a certificate that was never issued.
type statusEntry struct {
	notAfter uint32
	since    uint32
	state    smallState
	reason   uint8
}

// smallState is a register.State in one byte.
type smallState uint8

// maxSerials bounds the table against a store that is not ours.
const maxSerials = 1 << 27

func newStatusTable(first uint64) *statusTable { return &statusTable{first: first, next: first} }

// reserve gives a serial number that no certificate has. One that is reserved
// and then not used is given again after a restart, never before.
func (t *statusTable) reserve() uint64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := t.next
	t.next++
	return n
}

// set records a status.
func (t *statusTable) set(serial uint64, notAfter time.Time, s register.Status) error {
	if serial < t.first || serial-t.first >= maxSerials {
		return fmt.Errorf("authority: serial %X is not one this authority gives", serial)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	i := int(serial - t.first)
	if i >= len(t.entries) {
		t.entries = append(t.entries, make([]statusEntry, i+1-len(t.entries))...)
	}
	if t.entries[i].state == 0 {
		t.issued++
	}
	if s.State != register.Good || t.entries[i].state > smallState(register.Good) {
		t.version++
	}
	t.entries[i] = statusEntry{notAfter: seconds(notAfter), since: seconds(s.Since), state: smallState(s.State), reason: uint8(s.Reason)}
	t.next = max(t.next, serial+1)
	return nil
}

// get gives a certificate's status, or the zero value.
func (t *statusTable) get(serial uint64) statusEntry {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if serial < t.first || serial-t.first >= uint64(len(t.entries)) {
		return statusEntry{}
	}
	return t.entries[serial-t.first]
}

func (t *statusTable) count() int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.issued
}

// unavailable is one line of a CRL.
type unavailable struct {
	serial uint64
	since  uint32
	reason uint8
}

// unavailableSince gives what a CRL lists, in the order of serial numbers: all
// that are revoked or suspended and whose validity had not ended at since. It
// also gives the version that this is the picture of.
func (t *statusTable) unavailableSince(since time.Time) ([]unavailable, uint64) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	limit := seconds(since)
	n := 0
	for _, e := range t.entries {
		if e.state > smallState(register.Good) && e.notAfter >= limit {
			n++
		}
	}
	list := make([]unavailable, 0, n)
	for i, e := range t.entries {
		if e.state > smallState(register.Good) && e.notAfter >= limit {
			list = append(list, unavailable{serial: t.first + uint64(i), since: e.since, reason: e.reason})
		}
	}
	return list, t.version
}

func (t *statusTable) currentVersion() uint64 {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.version
}

func seconds(t time.Time) uint32 { return uint32(min(max(t.Unix(), 0), 1<<32-1)) }

func (e statusEntry) time() time.Time { return time.Unix(int64(e.since), 0).UTC() }
