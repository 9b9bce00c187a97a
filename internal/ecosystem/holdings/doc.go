// Package holdings says of each organisation what it holds about a person, read from its own
// records and nothing else (package whereabouts). It is a room of the wiring, so that no
// organisation's own part grows by what only a demonstration asks.
package holdings

import (
	"errors"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/whereabouts"
)

// known finds what an organisation knows by one of the person's certificates: found is false
// where every answer is the error none.
func known[T any](p whereabouts.Person, none error, find func(jpki.SerialNumber) (T, error)) (one T, found bool, err error) {
	for _, serial := range p.Serials {
		one, err = find(serial)
		if err == nil {
			return one, true, nil
		}
		if !errors.Is(err, none) {
			return one, false, err
		}
	}
	return one, false, nil
}

// both asks about a certificate as one of either kind.
func both[T any](none error, find func(jpki.Kind, jpki.SerialNumber) (T, error)) func(jpki.SerialNumber) (T, error) {
	return func(serial jpki.SerialNumber) (one T, err error) {
		for _, kind := range jpki.Kinds() {
			if one, err = find(kind, serial); !errors.Is(err, none) {
				return one, err
			}
		}
		return one, err
	}
}
