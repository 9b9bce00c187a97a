package booking

import (
	"context"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/catv"
)

// Store keeps facility bookings and residencies. What a method has returned
// without an error is committed. The room db has one.
type Store interface {
	// Reserve writes a booking unless the slot is taken (ErrSlotTaken, by a
	// unique index) or the viewer has limit live ones from a day on (ErrTooMany).
	Reserve(ctx context.Context, r Reservation, from catv.Day, limit int) (Reservation, error)
	// BookedOn gives a day's live bookings, by facility and slot.
	BookedOn(ctx context.Context, day catv.Day) ([]Reservation, error)
	// Reservations gives a viewer's from a day on, by day, cancelled ones too.
	Reservations(ctx context.Context, of catv.ViewerID, from catv.Day) ([]Reservation, error)
	// Reservation gives ErrNoBooking for one of another viewer.
	Reservation(ctx context.Context, of catv.ViewerID, ref Reference) (Reservation, error)
	// CancelReservation gives ErrCancelled for one that is.
	CancelReservation(ctx context.Context, of catv.ViewerID, ref Reference, at time.Time) (Reservation, error)

	// PutResidency replaces a viewer's former one, which is kept. ErrUsed if the
	// application's number was used.
	PutResidency(ctx context.Context, r Residency) error
	// Residency gives the present one, or ErrNoResidency; Residencies all,
	// newest first.
	Residency(ctx context.Context, of catv.ViewerID) (Residency, error)
	Residencies(ctx context.Context, of catv.ViewerID) ([]Residency, error)
	// WithdrawResidency ends the present one as Withdrawn; ErrNoResidency if none
	// stands.
	WithdrawResidency(ctx context.Context, of catv.ViewerID, at time.Time) error
	// ConfirmResidency writes what was learned of the watched certificate; of
	// another one, or of one that does not stand any more, nothing.
	ConfirmResidency(ctx context.Context, of catv.ViewerID, serial jpki.SerialNumber, l Lapse, at time.Time) error
	WatchResidency(ctx context.Context, of catv.ViewerID, before, after jpki.SerialNumber) error
	// StandingResidencies gives those that stand and were last confirmed before
	// a time.
	StandingResidencies(ctx context.Context, confirmedBefore time.Time) ([]Residency, error)
}
