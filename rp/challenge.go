package rp

import (
	"container/list"
	"context"
	"encoding/base64"
	"errors"
	"io"
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

// ErrTooManyChallenges is for a ChallengeStore that can hold no more to return
// from Put. MemoryChallenges makes room instead.
var ErrTooManyChallenges = errors.New("rp: too many challenges are waiting for an answer")

// MaxMemoryChallenges is how many challenges a MemoryChallenges holds at most,
// at about 300 octets each.
const MaxMemoryChallenges = 1 << 16

// MemoryChallenges is a ChallengeStore in the memory of one process. All
// methods may be called from any goroutine and take the same time however many
// challenges are held.
//
// Anyone may ask for a challenge. When the store is full, the oldest challenge is
// dropped: its answer gets ErrChallenge, and the person has to start again. A flood
// of requests therefore locks people out only while it lasts, and leaves each the
// time that it takes to fill the store: 65,536 challenges at 1,000 a second are a
// minute.
type MemoryChallenges struct {
	max  int
	now  func() time.Time
	mu   sync.Mutex
	held map[string]*list.Element
	age  list.List // of Challenge, oldest first
}

// NewMemoryChallenges returns an empty store of at most max challenges;
// MaxMemoryChallenges if max is not positive, or more than that. A nil now is
// the wall clock.
func NewMemoryChallenges(max int, now func() time.Time) *MemoryChallenges {
	if max <= 0 || max > MaxMemoryChallenges {
		max = MaxMemoryChallenges
	}
	if now == nil {
		now = time.Now
	}
	return &MemoryChallenges{max: max, now: now, held: map[string]*list.Element{}}
}

// Put keeps a challenge. It never fails.
func (m *MemoryChallenges) Put(_ context.Context, c Challenge) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e, held := m.held[c.Nonce]; held {
		m.forget(e)
	}
	// Expired challenges are kept a little longer, so that they get ErrChallengeExpired.
	for e := m.age.Front(); e != nil; e = m.age.Front() {
		if len(m.held) < m.max && !m.now().After(e.Value.(Challenge).Expires.Add(DefaultChallengeLifetime)) {
			break
		}
		m.forget(e)
	}
	m.held[c.Nonce] = m.age.PushBack(c)
	return nil
}

func (m *MemoryChallenges) forget(e *list.Element) {
	delete(m.held, e.Value.(Challenge).Nonce)
	m.age.Remove(e)
}

// Take gets and removes a challenge.
func (m *MemoryChallenges) Take(_ context.Context, nonce string) (Challenge, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	e, held := m.held[nonce]
	if !held {
		return Challenge{}, ErrChallenge
	}
	m.forget(e)
	return e.Value.(Challenge), nil
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
