package ui

import "context"

// Town is what every page says of the town besides what its house says.
type Town struct {
	// Failing are the faults that are on, each in words; none: no band.
	Failing []Text
	// Age grows each time the town is put back, so that an open page notices. 0 where it
	// never is.
	Age int
	// TestKeys are the published keys of the house's staff, where this machine alone can
	// reach it: whoever demonstrates need not type them.
	TestKeys []string
}

type townKey struct{}

// WithTown gives the pages that answer a request what to say of the town.
func WithTown(ctx context.Context, now func() Town) context.Context {
	return context.WithValue(ctx, townKey{}, now)
}

// TownOf returns what pages say of the town; nothing where nobody said it.
func TownOf(ctx context.Context) Town {
	if now, ok := ctx.Value(townKey{}).(func() Town); ok {
		return now()
	}
	return Town{}
}
