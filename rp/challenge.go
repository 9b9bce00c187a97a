package rp

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"slices"
	"sync"
	"time"
)

// Challenge is what a page hands to the card, once. Nonce is 32 random octets
// in base64 (44 characters); the card signs over these characters.
type Challenge struct {
	Nonce   string    `json:"nonce"`
	Origin  string    `json:"origin"`
	Expires time.Time `json:"expires"`
}

// ChallengeStore keeps challenges between the page and its answer. Take must
// get and remove in one step, so that of two answers with one nonce only one
// is verified; it returns ErrChallenge for a nonce it does not hold. It gives
// expired challenges too, if it still has them: the Verifier looks at Expires.
type ChallengeStore interface {
	Put(ctx context.Context, c Challenge) error
	Take(ctx context.Context, nonce string) (Challenge, error)
}

// ErrTooManyChallenges is returned by a full MemoryChallenges.
var ErrTooManyChallenges = errors.New("rp: too many challenges are waiting for an answer")

// MemoryChallenges is a ChallengeStore in the memory of one process. All
// methods may be called from any goroutine.
type MemoryChallenges struct {
	max  int
	now  func() time.Time
	mu   sync.Mutex
	held map[string]Challenge
	age  []string // nonces, oldest first; taken ones are skipped
}

// NewMemoryChallenges returns an empty store of at most max challenges (10,000
// if max is not positive). When it is full, expired challenges are dropped;
// if none is, Put fails, so that a flood of requests cannot push out
// challenges that people are answering. A nil now is the wall clock.
func NewMemoryChallenges(max int, now func() time.Time) *MemoryChallenges {
	if max <= 0 {
		max = 10_000
	}
	if now == nil {
		now = time.Now
	}
	return &MemoryChallenges{max: max, now: now, held: map[string]Challenge{}}
}

// Put keeps a challenge.
func (m *MemoryChallenges) Put(_ context.Context, c Challenge) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.drop()
	if len(m.held) >= m.max {
		return ErrTooManyChallenges
	}
	m.held[c.Nonce] = c
	m.age = append(m.age, c.Nonce)
	return nil
}

// drop forgets taken and expired challenges from the oldest on. While there is
// room an expired one is kept a little longer, to be refused by its own name.
func (m *MemoryChallenges) drop() {
	now, grace := m.now(), DefaultChallengeLifetime
	if len(m.held) >= m.max {
		grace = 0
	}
	for len(m.age) > 0 {
		if c, held := m.held[m.age[0]]; held && !now.After(c.Expires.Add(grace)) {
			break
		}
		delete(m.held, m.age[0])
		m.age = m.age[1:]
	}
	if len(m.age) > 2*m.max { // many were taken behind one that still waits
		m.age = slices.DeleteFunc(m.age, func(n string) bool { _, held := m.held[n]; return !held })
	}
}

// Take gets and removes a challenge.
func (m *MemoryChallenges) Take(_ context.Context, nonce string) (Challenge, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c, held := m.held[nonce]
	if !held {
		return Challenge{}, ErrChallenge
	}
	delete(m.held, nonce)
	return c, nil
}

// NewChallenge makes a challenge for the verifier's origin and keeps it until
// it is answered. Give Nonce to the page, and keep it in the session: that is
// what VerifyAuthentication wants back.
func (v *Verifier) NewChallenge(ctx context.Context) (Challenge, error) {
	if v.cfg.Origin == "" {
		return Challenge{}, errors.New("rp: NewChallenge needs Config.Origin")
	}
	nonce := make([]byte, 32)
	if _, err := io.ReadFull(v.random, nonce); err != nil {
		return Challenge{}, err
	}
	c := Challenge{
		Nonce:   base64.StdEncoding.EncodeToString(nonce),
		Origin:  v.cfg.Origin,
		Expires: v.cfg.Now().Add(v.cfg.ChallengeLifetime),
	}
	if err := v.cfg.Challenges.Put(ctx, c); err != nil {
		return Challenge{}, err
	}
	return c, nil
}
