package partner

import "context"

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
