package rp

import (
	"context"
	"encoding/base64"
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// stage is a verifier whose clock a test moves and whose authority answers
// every question with what the play says, with the nonce echoed.
type stage struct {
	*Verifier
	mu   sync.Mutex
	time time.Time
	play *play
}

func (s *stage) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.time
}

func (s *stage) advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.time = s.time.Add(d)
}

func newStage(t testing.TB, kind jpki.Kind, change func(*Config)) *stage {
	t.Helper()
	s := &stage{time: storyNow, play: newPlay(kind)}
	cfg := Config{Anchors: storyAnchors(t), Origin: storyOrigin, AuthorityURL: "http://authority.example.jp", Now: s.Now, Client: s.client()}
	if change != nil {
		change(&cfg)
	}
	v, err := NewVerifier(cfg)
	if err != nil {
		t.Fatal(err)
	}
	s.Verifier = v
	return s
}

// token answers a nonce for an origin, as the card does.
func (s *stage) token(origin, nonce string) []byte {
	s.play.signed = [2]string{origin, nonce}
	return []byte(s.play.tokenText())
}

func TestChallengeIsUsedOnce(t *testing.T) {
	ctx, s := context.Background(), newStage(t, jpki.UserAuthentication, nil)
	c, err := s.NewChallenge(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if raw, err := base64.StdEncoding.DecodeString(c.Nonce); err != nil || len(raw) != 32 || c.Origin != storyOrigin {
		t.Fatalf("%+v %v", c, err)
	}
	token := s.token(c.Origin, c.Nonce)
	if _, err := s.VerifyAuthentication(ctx, token, c.Nonce); err != nil {
		t.Fatal(err)
	}
	_, err = s.VerifyAuthentication(ctx, token, c.Nonce)
	if no, ok := errors.AsType[*CheckError](err); !errors.Is(err, ErrChallenge) || !ok || no.Found.Code != "none" {
		t.Fatalf("replayed: %v", err)
	}
}

func TestChallengeIsUsedUpByAFailure(t *testing.T) {
	ctx, s := context.Background(), newStage(t, jpki.UserAuthentication, nil)
	c, _ := s.NewChallenge(ctx)
	if _, err := s.VerifyAuthentication(ctx, []byte("{"), c.Nonce); !errors.Is(err, ErrMalformed) {
		t.Fatal(err)
	}
	if _, err := s.VerifyAuthentication(ctx, s.token(c.Origin, c.Nonce), c.Nonce); !errors.Is(err, ErrChallenge) {
		t.Fatalf("after a failure: %v", err)
	}
}

func TestChallengeOfOneSessionDoesNotServeAnother(t *testing.T) {
	ctx, s := context.Background(), newStage(t, jpki.UserAuthentication, nil)
	mine, _ := s.NewChallenge(ctx)
	others, _ := s.NewChallenge(ctx)
	if _, err := s.VerifyAuthentication(ctx, s.token(mine.Origin, mine.Nonce), others.Nonce); !errors.Is(err, ErrOrigin) {
		t.Fatal(err)
	}
	if _, err := s.VerifyAuthentication(ctx, s.token(mine.Origin, mine.Nonce), ""); !errors.Is(err, ErrChallenge) {
		t.Fatal(err)
	}
}

func TestChallengeExpires(t *testing.T) {
	ctx, s := context.Background(), newStage(t, jpki.UserAuthentication, nil)
	c, _ := s.NewChallenge(ctx)
	s.advance(DefaultChallengeLifetime + time.Second)
	if _, err := s.VerifyAuthentication(ctx, s.token(c.Origin, c.Nonce), c.Nonce); !errors.Is(err, ErrChallengeExpired) {
		t.Fatal(err)
	}
}

func TestChallengeOfAnotherSite(t *testing.T) {
	ctx := context.Background()
	shared := NewMemoryChallenges(0, func() time.Time { return storyNow })
	one := newStage(t, jpki.UserAuthentication, func(c *Config) { c.Challenges = shared })
	two := newStage(t, jpki.UserAuthentication, func(c *Config) { c.Challenges, c.Origin = shared, "https://clinic.example.jp" })
	c, _ := one.NewChallenge(ctx)
	if _, err := two.VerifyAuthentication(ctx, one.token(c.Origin, c.Nonce), c.Nonce); !errors.Is(err, ErrOrigin) {
		t.Fatal(err)
	}
}

// brokenStore is a challenge store whose database is down.
type brokenStore struct{}

var errDown = errors.New("database is down")

func (brokenStore) Put(context.Context, Challenge) error            { return errDown }
func (brokenStore) Take(context.Context, string) (Challenge, error) { return Challenge{}, errDown }

func TestBrokenChallengeStoreLetsNobodyIn(t *testing.T) {
	ctx := context.Background()
	s := newStage(t, jpki.UserAuthentication, func(c *Config) { c.Challenges = brokenStore{} })
	if _, err := s.NewChallenge(ctx); !errors.Is(err, errDown) {
		t.Fatal(err)
	}
	if a, err := s.VerifyAuthentication(ctx, s.token(storyOrigin, "x"), "x"); a != nil || !errors.Is(err, errDown) {
		t.Fatal(err)
	}
}

func TestOneOfManyTakesAChallenge(t *testing.T) {
	ctx, m := context.Background(), NewMemoryChallenges(0, func() time.Time { return storyNow })
	if err := m.Put(ctx, Challenge{Nonce: "n", Expires: storyNow.Add(time.Minute)}); err != nil {
		t.Fatal(err)
	}
	var won atomic.Int32
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			if _, err := m.Take(ctx, "n"); err == nil {
				won.Add(1)
			}
		})
	}
	all.Wait()
	if won.Load() != 1 {
		t.Fatalf("%d took it", won.Load())
	}
}

// TestTheOldestChallengeMakesRoom: a full store refuses nobody, and forgets
// nobody but the one who has waited longest.
func TestTheOldestChallengeMakesRoom(t *testing.T) {
	ctx, now := context.Background(), storyNow
	m := NewMemoryChallenges(3, func() time.Time { return now })
	put := func(n int) {
		t.Helper()
		if err := m.Put(ctx, Challenge{Nonce: strconv.Itoa(n), Expires: now.Add(time.Minute)}); err != nil {
			t.Fatal(n, err)
		}
		if len(m.held) > 3 || m.age.Len() != len(m.held) {
			t.Fatalf("%d: %d challenges held, %d remembered", n, len(m.held), m.age.Len())
		}
	}
	take := func(n int, want error) {
		t.Helper()
		if c, err := m.Take(ctx, strconv.Itoa(n)); !errors.Is(err, want) || err == nil && c.Nonce != strconv.Itoa(n) {
			t.Errorf("%d: %v, %v; want %v", n, c, err, want)
		}
	}
	for i := range 4 {
		put(i)
	}
	take(0, ErrChallenge)
	take(2, nil)
	put(4)
	put(4) // once more: it is still one
	take(1, nil)
	put(5)
	for i := 6; i < 100; i++ {
		put(i)
	}
	take(96, ErrChallenge)
	take(97, nil)
	now = now.Add(time.Minute + DefaultChallengeLifetime)
	take(98, nil) // over, and still known by its name
	put(100)
	now = now.Add(time.Second)
	put(101)
	if _, known := m.held["99"]; known {
		t.Error("what is over for long is still held")
	}
}

func TestMemoryChallengesHaveAGreatestSize(t *testing.T) {
	for given, want := range map[int]int{-1: 65_536, 0: 65_536, 7: 7, 65_536: 65_536, 1 << 30: 65_536} {
		if got := NewMemoryChallenges(given, nil).max; got != want {
			t.Errorf("%d: %d", given, got)
		}
	}
}

// BenchmarkMemoryChallenges puts challenges into a store that is full.
func BenchmarkMemoryChallenges(b *testing.B) {
	ctx, m := context.Background(), NewMemoryChallenges(0, func() time.Time { return storyNow })
	n := 0
	put := func() {
		n++
		_ = m.Put(ctx, Challenge{Nonce: strconv.Itoa(n), Expires: storyNow.Add(time.Minute)}) // fails never
	}
	for range MaxMemoryChallenges {
		put()
	}
	for b.Loop() {
		put()
	}
}
