package virtualcard

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"

	"example.jp/jpkimock/virtualcard/chip"
)

// MemoryStore is a Store that forgets everything when the process ends, for tests.
type MemoryStore struct {
	mu    sync.Mutex
	cards map[CardID]Card
}

var _ Store = (*MemoryStore)(nil)

// NewMemoryStore returns an empty store.
func NewMemoryStore() *MemoryStore { return &MemoryStore{cards: map[CardID]Card{}} }

// copied keeps the store's card apart from the caller's.
func copied(card Card) Card {
	card.Slots, card.References = maps.Clone(card.Slots), maps.Clone(card.References)
	return card
}

// CreateCard does what Store says.
func (m *MemoryStore) CreateCard(_ context.Context, card Card) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.cards[card.ID]; ok {
		return ErrCardExists
	}
	m.cards[card.ID] = copied(card)
	return nil
}

// Card does what Store says.
func (m *MemoryStore) Card(_ context.Context, id CardID) (Card, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	card, ok := m.cards[id]
	if !ok {
		return Card{}, ErrNoCard
	}
	return copied(card), nil
}

// Cards does what Store says.
func (m *MemoryStore) Cards(_ context.Context) ([]Card, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	cards := make([]Card, 0, len(m.cards))
	for _, card := range m.cards {
		cards = append(cards, copied(card))
	}
	slices.SortFunc(cards, func(a, b Card) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return cards, nil
}

// ChangeCard does what Store says.
func (m *MemoryStore) ChangeCard(_ context.Context, id CardID, change func(*Card) error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	card, ok := m.cards[id]
	if !ok {
		return ErrNoCard
	}
	card = copied(card)
	if err := change(&card); err != nil {
		return err
	}
	card.ID = id
	m.cards[id] = card
	return nil
}

// SpendTry does what Store says.
func (m *MemoryStore) SpendTry(ctx context.Context, id CardID, r chip.Ref) (left int, spent bool, err error) {
	err = m.ChangeCard(ctx, id, func(card *Card) error {
		if left = card.References[r].TriesLeft; left > 0 {
			left, spent = left-1, true
			card.setTries(r, left)
		}
		return nil
	})
	return left, spent, err
}

// RestoreTries does what Store says.
func (m *MemoryStore) RestoreTries(ctx context.Context, id CardID, r chip.Ref, tries int) error {
	return m.ChangeCard(ctx, id, func(card *Card) error {
		card.setTries(r, tries)
		return nil
	})
}
