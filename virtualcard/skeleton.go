package virtualcard

import (
	"context"
	"crypto/rsa"
	"errors"
	"io"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

var errSkeleton = errors.New("virtualcard: not built yet")

// Config is what a cabinet is made of.
type Config struct {
	Store Store
	Keys  KeySource
	Now   func() time.Time
	Rand  io.Reader
}

// KeySource makes the keys of cards.
type KeySource interface {
	Key(ctx context.Context, id CardID, k jpki.Kind) (*rsa.PrivateKey, error)
}

// Cabinet holds cards.
type Cabinet struct{ cfg Config }

// Open opens the cabinet.
func Open(ctx context.Context, cfg Config) (*Cabinet, error) { return &Cabinet{cfg: cfg}, nil }

// Blank makes a card with keys and nothing else.
func (c *Cabinet) Blank(ctx context.Context, id CardID) (PublicKeys, error) {
	return PublicKeys{}, errSkeleton
}

// NewKey makes a pending key.
func (c *Cabinet) NewKey(ctx context.Context, id CardID, k jpki.Kind) (*rsa.PublicKey, error) {
	return nil, errSkeleton
}

// Personalize writes a card.
func (c *Cabinet) Personalize(ctx context.Context, id CardID, p Personalization) error {
	return errSkeleton
}

// Unblock sets a new PIN.
func (c *Cabinet) Unblock(ctx context.Context, id CardID, k jpki.Kind, newPIN string) error {
	return errSkeleton
}

// Kill makes the chip dead.
func (c *Cabinet) Kill(ctx context.Context, id CardID) error { return errSkeleton }

// List tells of all cards.
func (c *Cabinet) List(ctx context.Context) ([]Summary, error) { return nil, errSkeleton }

// Card tells of one card.
func (c *Cabinet) Card(ctx context.Context, id CardID) (Summary, error) {
	return Summary{}, errSkeleton
}

// Connect powers a card up.
func (c *Cabinet) Connect(ctx context.Context, id CardID) (*Connection, error) {
	return nil, errSkeleton
}

// Connection is a card in a reader.
type Connection struct{}

// Transmit carries a command.
func (n *Connection) Transmit(ctx context.Context, command []byte) ([]byte, error) {
	return nil, errSkeleton
}

// Close powers the card down.
func (n *Connection) Close() error { return nil }

// KeyPool makes keys ahead of need.
type KeyPool struct{}

// NewKeyPool starts a pool of at most size keys.
func NewKeyPool(size int) *KeyPool { return &KeyPool{} }

// Key gives a key.
func (p *KeyPool) Key(ctx context.Context, id CardID, k jpki.Kind) (*rsa.PrivateKey, error) {
	return nil, errSkeleton
}

// Close stops the pool.
func (p *KeyPool) Close() error { return nil }

// MemoryStore keeps cards in memory, for tests.
type MemoryStore struct{ Store }

// NewMemoryStore gives an empty store.
func NewMemoryStore() *MemoryStore { return &MemoryStore{} }
