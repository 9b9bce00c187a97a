package virtualcard

import (
	"context"

	"example.jp/jpkimock/virtualcard/chip"
)

// Store keeps cards. What a method has done is on the disk when it returns, but
// for RestoreTries: that outlives the process, and may be lost with the machine's
// power.
// The package cardtest has the tests that a Store must pass.
type Store interface {
	// CreateCard stores a new card, or returns ErrCardExists.
	CreateCard(ctx context.Context, card Card) error
	// Card returns a card, or ErrNoCard.
	Card(ctx context.Context, id CardID) (Card, error)
	// Cards returns all cards in the order of their numbers.
	Cards(ctx context.Context) ([]Card, error)
	// ChangeCard reads a card, lets change change it and stores it, in one
	// transaction. An error of change is returned and nothing is stored.
	ChangeCard(ctx context.Context, id CardID, change func(*Card) error) error
	// SpendTry takes one try from a reference, and returns how many are left and true
	// once that is committed. Without a try left it changes nothing and returns
	// false.
	SpendTry(ctx context.Context, id CardID, r chip.Ref) (left int, spent bool, err error)
	// RestoreTries sets how many tries a reference has.
	RestoreTries(ctx context.Context, id CardID, r chip.Ref, tries int) error
}
