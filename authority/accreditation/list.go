package accreditation

import (
	"crypto/sha256"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// list is the register of verifiers in memory: an inquiry looks its key up
// there and never in the store.
type list struct {
	mu   sync.RWMutex
	ids  map[string]Verifier
	keys map[[sha256.Size]byte]string

	version atomic.Uint64 // goes up with every change, when that can be read
}

func newList(all []Verifier) *list {
	r := &list{ids: map[string]Verifier{}, keys: map[[sha256.Size]byte]string{}}
	for _, v := range all {
		r.put(v)
	}
	return r
}

func (l *list) put(v Verifier) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if old, ok := l.ids[v.ID]; ok {
		delete(l.keys, old.KeyHash)
	}
	l.ids[v.ID], l.keys[v.KeyHash] = v, v.ID
	l.version.Add(1)
}

func (l *list) has(id string, key [sha256.Size]byte) bool {
	l.mu.RLock()
	defer l.mu.RUnlock()
	_, sameID := l.ids[id]
	_, sameKey := l.keys[key]
	return sameID || sameKey
}

func (l *list) byID(id string) (Verifier, bool) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	v, ok := l.ids[id]
	return v, ok
}

func (l *list) byKey(key [sha256.Size]byte) (Verifier, bool) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	v, ok := l.ids[l.keys[key]]
	return v, ok
}

func (l *list) all() []Verifier {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return slices.SortedFunc(maps.Values(l.ids), func(a, b Verifier) int { return strings.Compare(a.ID, b.ID) })
}
