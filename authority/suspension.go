package authority

import (
	"context"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// Suspend suspends a certificate (一時保留): it is answered as revoked with
// certificateHold until it is resumed or revoked.
func (a *Authority) Suspend(ctx context.Context, kind jpki.Kind, serial jpki.SerialNumber, by By) (Certificate, error) {
	return a.changeStanding(ctx, kind, serial, "suspended", by, func(now time.Time, old Standing) (Standing, error) {
		switch old.State {
		case Revoked:
			return old, ErrAlreadyRevoked
		case Held:
			return old, ErrAlreadySuspended
		}
		return Standing{State: Held, Reason: jpki.CertificateHold, Since: now}, nil
	})
}

// Resume ends a suspension (一時保留の解除). A revoked certificate cannot be
// resumed.
func (a *Authority) Resume(ctx context.Context, kind jpki.Kind, serial jpki.SerialNumber, by By) (Certificate, error) {
	return a.changeStanding(ctx, kind, serial, "resumed", by, func(now time.Time, old Standing) (Standing, error) {
		switch old.State {
		case Revoked:
			return old, ErrAlreadyRevoked
		case Good:
			return old, ErrNotSuspended
		}
		return Standing{State: Good, Since: now}, nil
	})
}
