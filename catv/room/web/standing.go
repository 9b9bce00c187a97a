package web

import (
	"context"
	"errors"
	"time"

	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/catv/booking"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp"
)

// Standing is what the booking service says of a viewer's residency.
type Standing struct {
	Resident  bool
	Residency *booking.Residency // that was proven once
	Lapse     LapseSaying        // of one that does not stand
	// Unconfirmed: the authority did not answer, so this is what it said last.
	// It is enough to look at; a booking is refused.
	Unconfirmed bool
}

// Confirmed reports that the residency stands, and that the authority said so.
func (s Standing) Confirmed() bool { return s.Resident && !s.Unconfirmed }

// Withdrawn reports that the holder took the consent back.
func (s Standing) Withdrawn() bool {
	return s.Residency != nil && s.Residency.Lapse.Why == booking.Withdrawn
}

// Ended reports that the residency ended, and not because its holder said so.
func (s Standing) Ended() bool { return s.Residency != nil && !s.Resident && !s.Withdrawn() }

// StandingOf asks the authority how a residency stands, unless this visit's pages
// have done so already.
func StandingOf(ctx context.Context, bookings *booking.Service, id catv.ViewerID, confirmed bool) (Standing, error) {
	unconfirmed := false
	if !confirmed {
		_, err := bookings.Resident(ctx, id)
		if unconfirmed = rp.Code(err) != ""; err != nil && !unconfirmed {
			return Standing{}, err
		}
	}
	r, err := bookings.Residency(ctx, id)
	if errors.Is(err, booking.ErrNoResidency) {
		return Standing{}, nil
	}
	return Standing{Resident: r.Stands(), Residency: &r, Lapse: lapseSayings[r.Lapse.Why], Unconfirmed: unconfirmed}, err
}

// Proof is a proof of residency with its end, if it has one.
type Proof struct {
	booking.Residency
	Ended time.Time
	Why   ui.Text
}

// ProofOf says how a proof ended.
func ProofOf(r booking.Residency) Proof {
	p := Proof{Residency: r, Ended: r.Lapse.At, Why: lapseSayings[r.Lapse.Why].Short}
	if r.Lapse.Why == "" && !r.ReplacedAt.IsZero() {
		p.Ended, p.Why = r.ReplacedAt, replacedByAnother
	}
	return p
}
