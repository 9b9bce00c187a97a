package virtualcard

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard/apdulog"
	"example.jp/jpkimock/virtualcard/chip"
)

// Config configures a cabinet.
type Config struct {
	// Store keeps the cards; required.
	Store Store
	// Keys makes the keys of cards; required. A KeyPool is one.
	Keys KeySource
	// Now tells when a card is made; required.
	Now func() time.Time
	// Rand is the source of challenges and of the numbers of new cards; nil for
	// crypto/rand.
	Rand io.Reader
	// Rest waits before an answer of a card that is slow by a fault; see Trouble.
	Rest func(ctx context.Context)
}

// KeySource makes the keys of cards: RSA-2048, a new one for every call unless it
// returns the published test key of a card and kind.
type KeySource interface {
	Key(ctx context.Context, id CardID, k jpki.Kind) (*rsa.PrivateKey, error)
}

// Cabinet holds the cards of everybody in the mock's world. Its methods may be called
// from any goroutine; a card does one thing at a time.
type Cabinet struct {
	store Store
	keys  KeySource
	now   func() time.Time
	rand  io.Reader
	rest  func(ctx context.Context)

	mu    sync.Mutex
	seats map[CardID]*seat
}

// seat is where a card is used: by one reader, or by one counter.
type seat struct {
	taken chan struct{} // holds one token while the card is in use
	dead  atomic.Bool
	// tampered: dead, because somebody tried to read its keys.
	tampered atomic.Bool
	cache    chip.Cache // for whoever has the seat
	trouble  Trouble
	log      atomic.Pointer[apdulog.Log] // of the reader where the card lies; nil for none

	mu     sync.Mutex
	waits  int    // how many wait for the seat
	wanted func() // of whoever has it: told once that somebody waits
}

// death is why the chip does not answer, nil if it does.
func (s *seat) death() error {
	switch {
	case s.tampered.Load():
		return ErrTampered
	case s.dead.Load():
		return ErrDeadCard
	}
	return nil
}

// whenWanted has a function called, on a goroutine of its own, as soon as somebody
// waits for the seat. Whoever has it calls this.
func (s *seat) whenWanted(wanted func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wanted = wanted
	if s.waits > 0 {
		s.tell()
	}
}

// tell is called with mu held.
func (s *seat) tell() {
	if s.wanted != nil {
		go s.wanted()
		s.wanted = nil
	}
}

// awaited reports that somebody waits for the seat.
func (s *seat) awaited() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.waits > 0
}

// queue counts who waits, until the function that it returns is called.
func (s *seat) queue() (leave func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waits++
	s.tell()
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.waits--
	}
}

// Open opens the cabinet whose cards the store keeps.
func Open(ctx context.Context, cfg Config) (*Cabinet, error) {
	if cfg.Store == nil || cfg.Keys == nil || cfg.Now == nil {
		return nil, errors.New("virtualcard: a cabinet needs a store, a key source and a clock")
	}
	if cfg.Rand == nil {
		cfg.Rand = rand.Reader
	}
	if _, err := cfg.Store.Cards(ctx); err != nil {
		return nil, fmt.Errorf("virtualcard: read the cards: %w", err)
	}
	return &Cabinet{store: cfg.Store, keys: cfg.Keys, now: cfg.Now, rand: cfg.Rand, rest: cfg.Rest, seats: map[CardID]*seat{}}, nil
}

// seatOf returns the seat of a card, or ErrNoCard.
func (c *Cabinet) seatOf(ctx context.Context, id CardID) (*seat, error) {
	c.mu.Lock()
	s := c.seats[id]
	c.mu.Unlock()
	if s != nil {
		return s, nil
	}
	if id != TransitCard {
		if _, err := c.store.Card(ctx, id); err != nil {
			return nil, err
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.seats[id] == nil {
		c.seats[id] = &seat{taken: make(chan struct{}, 1), trouble: Trouble{Rest: c.rest}}
	}
	return c.seats[id], nil
}

// take waits until nobody uses the card; leave must be called then.
func (s *seat) take(ctx context.Context) error {
	select {
	case s.taken <- struct{}{}:
		return nil
	default:
	}
	defer s.queue()()
	select {
	case s.taken <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("virtualcard: wait for the card: %w", ctx.Err())
	}
}

func (s *seat) leave() {
	s.mu.Lock()
	s.wanted = nil
	s.mu.Unlock()
	<-s.taken
}

// change changes a card while nobody uses it. A dead card is not changed.
func (c *Cabinet) change(ctx context.Context, id CardID, change func(*Card) error) error {
	s, err := c.seatOf(ctx, id)
	if err != nil {
		return err
	}
	if err := s.take(ctx); err != nil {
		return err
	}
	defer s.leave()
	return c.store.ChangeCard(ctx, id, func(card *Card) error {
		if card.Dead {
			return ErrDeadCard
		}
		return change(card)
	})
}

// List returns the summaries of all cards that a counter made, in the order of
// their numbers.
func (c *Cabinet) List(ctx context.Context) ([]Summary, error) {
	cards, err := c.store.Cards(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]Summary, 0, len(cards))
	for _, card := range cards {
		list = append(list, summarize(card))
	}
	return list, nil
}

// Card returns the summary of one card, dead or not, or ErrNoCard.
func (c *Cabinet) Card(ctx context.Context, id CardID) (Summary, error) {
	if id == TransitCard {
		return transitSummary(), nil
	}
	card, err := c.store.Card(ctx, id)
	if err != nil {
		return Summary{}, err
	}
	return summarize(card), nil
}

func summarize(card Card) Summary {
	s := Summary{
		ID: card.ID, Face: card.Face, Dead: card.Dead, Tampered: card.Tampered, Variant: card.Variant, Made: card.Made,
		Serials: map[jpki.Kind]jpki.SerialNumber{}, TriesLeft: map[jpki.Kind]int{},
	}
	if card.Face != (Face{}) {
		s.Look = card.record().Look()
	}
	for _, k := range jpki.Kinds() {
		s.TriesLeft[k] = card.References[chip.RefOf(k)].TriesLeft
		if cert, err := x509.ParseCertificate(card.Slots[k].Certificate); err == nil {
			s.Serials[k] = jpki.SerialNumberOf(cert)
		}
	}
	return s
}

// storedMemory is a chip's memory in a store.
type storedMemory struct {
	store Store
	id    CardID
	seat  *seat
}

func (m storedMemory) SpendTry(ctx context.Context, r chip.Ref) (int, bool, error) {
	return m.store.SpendTry(ctx, m.id, r)
}

func (m storedMemory) RestoreTries(ctx context.Context, r chip.Ref, tries int) error {
	return m.store.RestoreTries(ctx, m.id, r, tries)
}

func (m storedMemory) ChangePIN(ctx context.Context, r chip.Ref, pin []byte) error {
	return m.store.ChangeCard(ctx, m.id, func(card *Card) error {
		card.setPIN(r, pin)
		return nil
	})
}

func (m storedMemory) DestroyKeys(ctx context.Context) error {
	return destroy(ctx, m.store, m.id, m.seat)
}
