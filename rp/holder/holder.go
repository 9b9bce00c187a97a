// Package holder finds what a relying party keeps for the holder of a card, by the
// certificate on it or by one that it replaced.
package holder

import (
	"context"
	"errors"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
)

// Of gives what the caller keeps for the holder of a user authentication certificate
// that was verified: under the certificate itself or, with moved, under one that went before
// it, of which the authority is asked as rp.Recognise does. The caller keeps what moved under
// the new one from then on. find gives what is kept under a certificate, or missing, which
// is the error if the caller knows nobody.
func Of[T any](ctx context.Context, l rp.Links, serial jpki.SerialNumber,
	find func(context.Context, jpki.SerialNumber) (T, error), missing error) (kept T, moved bool, err error) {
	if kept, err = find(ctx, serial); !errors.Is(err, missing) {
		return kept, false, err
	}
	known := func(ctx context.Context, kind jpki.Kind, before jpki.SerialNumber) (_ bool, err error) {
		if kind != jpki.UserAuthentication {
			return false, nil
		}
		if kept, err = find(ctx, before); errors.Is(err, missing) {
			return false, nil
		}
		return err == nil, err
	}
	found, err := rp.Recognise(ctx, l, jpki.UserAuthentication, serial, known)
	if err == nil && !found.Known() {
		err = missing
	}
	return kept, err == nil && found.Serial != serial, err
}
