package authority

import (
	"crypto/sha256"
	"slices"
	"strings"
	"sync"
)

// verifierRegister is the register of verifiers in memory: an inquiry looks
// its key up there and never in the store.
type verifierRegister struct {
	mu   sync.RWMutex
	ids  map[string]Verifier
	keys map[[sha256.Size]byte]string
}

func newVerifierRegister(all []Verifier) *verifierRegister {
	r := &verifierRegister{ids: map[string]Verifier{}, keys: map[[sha256.Size]byte]string{}}
	for _, v := range all {
		r.put(v)
	}
	return r
}

func (r *verifierRegister) put(v Verifier) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ids[v.ID], r.keys[v.KeyHash] = v, v.ID
}

func (r *verifierRegister) has(id string, key [sha256.Size]byte) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	_, sameID := r.ids[id]
	_, sameKey := r.keys[key]
	return sameID || sameKey
}

func (r *verifierRegister) byID(id string) (Verifier, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	v, ok := r.ids[id]
	return v, ok
}

func (r *verifierRegister) byKey(key [sha256.Size]byte) (Verifier, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	v, ok := r.ids[r.keys[key]]
	return v, ok
}

func (r *verifierRegister) all() []Verifier {
	r.mu.RLock()
	defer r.mu.RUnlock()
	list := make([]Verifier, 0, len(r.ids))
	for _, v := range r.ids {
		list = append(list, v)
	}
	slices.SortFunc(list, func(a, b Verifier) int { return strings.Compare(a.ID, b.ID) })
	return list
}
