package pcsc

import (
	"context"
	"io"
	"slices"

	"example.jp/jpkimock/virtualcard/jpkiap"
)

// Any in Allowed.Names stands for every reader.
const Any = "any"

// Service reaches the PC/SC readers of a machine.
type Service interface {
	Readers() ([]Reader, error)
	Connect(ctx context.Context, reader string) (Session, error)
}

// Session is a card with power, for whoever connected.
type Session interface {
	jpkiap.Transmitter
	io.Closer
}

// Machine is the Service of this machine.
type Machine struct{}

// Readers is the function Readers.
func (Machine) Readers() ([]Reader, error) { return Readers() }

// Connect is the function Connect.
func (Machine) Connect(ctx context.Context, reader string) (Session, error) {
	card, err := Connect(ctx, reader)
	if err != nil {
		return nil, err
	}
	return card, nil
}

// Allowed are the readers of a service that may be used: those that Names has, none by
// default.
type Allowed struct {
	Service Service
	Names   []string
}

// Readers lists the readers that may be used. The service is not asked if there are none.
func (a Allowed) Readers() ([]Reader, error) {
	if len(a.Names) == 0 {
		return nil, nil
	}
	all, err := a.Service.Readers()
	return slices.DeleteFunc(all, func(r Reader) bool { return !a.allows(r.Name) }), err
}

// Connect is Service.Connect of a reader that may be used, else ErrNoReader.
func (a Allowed) Connect(ctx context.Context, reader string) (Session, error) {
	if !a.allows(reader) {
		return nil, ErrNoReader
	}
	return a.Service.Connect(ctx, reader)
}

func (a Allowed) allows(name string) bool {
	return slices.Contains(a.Names, Any) || slices.Contains(a.Names, name)
}
