package virtualcard

import (
	"context"

	"example.jp/jpkimock/authority/jpki"
)

// TryOutcome is what a comparison of a PIN came to.
type TryOutcome struct {
	Right   bool
	Restore int // the tries of a PIN that was right
}

// Store keeps cards. What a method has done is on the disk when it returns.
// The package cardtest has the tests that a Store must pass.
type Store interface {
	// CreateCard keeps a new card, or returns ErrCardExists.
	CreateCard(ctx context.Context, card Card) error
	// Card gives a card, or ErrNoCard.
	Card(ctx context.Context, id CardID) (Card, error)
	// Cards gives all cards in the order of their numbers.
	Cards(ctx context.Context) ([]Card, error)
	// ChangeCard reads a card, lets change alter it and keeps it, in one
	// transaction. An error of change is returned and nothing is kept.
	ChangeCard(ctx context.Context, id CardID, change func(*Card) error) error
	// CountTry counts a comparison of a PIN and returns the tries that are left
	// once they are committed: one fewer, or restored if the PIN was right.
	// Without a try left it changes nothing and returns false.
	CountTry(ctx context.Context, id CardID, k jpki.Kind, outcome TryOutcome) (left int, counted bool, err error)
}
