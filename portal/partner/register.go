package partner

import (
	"context"
	"time"
)

// Register is the customers of a business that decides at once: what its own records
// say. The rows of package db keep the connections and the applications beside it.
type Register interface {
	// Connects is ErrNoCustomer unless the connection's holder is the customer.
	Connects(ctx context.Context, c Connection) error
	// SameAddress reports whether an address is the registered one.
	SameAddress(ctx context.Context, customer, address string) (bool, error)
	// Change makes the change, or gives the reason why it is rejected. It is repeated
	// if the process ended before the result was kept: a change that was made already is
	// one that is made.
	Change(ctx context.Context, c Change) (reason string, err error)
}

// NoticesOnly is the part of a Register of a business that sends notices and takes no
// applications: there is no customer for one.
type NoticesOnly struct{}

// SameAddress is ErrNoCustomer.
func (NoticesOnly) SameAddress(context.Context, string, string) (bool, error) {
	return false, ErrNoCustomer
}

// Change is ErrNoCustomer.
func (NoticesOnly) Change(context.Context, Change) (string, error) { return "", ErrNoCustomer }

// Connected is a customer who lets a business write to a post-office box, and since when.
type Connected struct {
	Connection
	At time.Time
}

// Told is what a business has to tell a customer: ID, Title, Body and Attachments of a
// notice, and At, when there was reason for it.
type Told struct {
	Customer string
	Notice
}
