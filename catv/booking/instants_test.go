package booking_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/catv/booking"
)

// anew is the town's service over another store or clock.
func (w *town) anew(store booking.Store, now func() time.Time) *booking.Service {
	w.t.Helper()
	s, err := booking.New(booking.Config{Household: w.house, Verifier: w.verifier, Linkage: w.linkage, Store: store, Now: now})
	w.well(err, "service")
	return s
}

// A slot can be booked until the instant it begins, on the last day that is open and
// not on the next; and cancelled until its facility's instant.
func TestBookingsEndAtAnInstant(t *testing.T) {
	w := newTown(t)
	taro := w.taro() // who is not a resident: the authority is not asked
	f := booking.List()[0]
	now := w.Clock.Now()
	s := w.anew(w.store, func() time.Time { return now })
	day, slot := w.today()+1, f.Slots[0]
	order := booking.Order{Facility: f.ID, Day: day, Slot: slot.From, Price: f.Others.Price}
	begins := day.At(slot.From, 0)
	now = begins
	_, err := s.Book(w.ctx, taro, order)
	w.refused(err, booking.ErrSlotPast, "the instant it begins")
	now = begins.Add(-1)
	_, err = s.Book(w.ctx, taro, order)
	w.well(err, "an instant before")

	order.Day = catv.DayOf(now) + catv.Day(f.Others.DaysAhead) + 1
	_, err = s.Book(w.ctx, taro, order)
	w.refused(err, booking.ErrTooFar, "the day after the last")
	order.Day--
	r, err := s.Book(w.ctx, taro, order)
	w.well(err, "the last day")
	until := f.CancelUntil(order.Day, order.Slot)
	now = until
	_, err = s.Cancel(w.ctx, taro, r.Reference)
	w.refused(err, booking.ErrTooLate, "the instant it is too late")
	now = until.Add(-1)
	_, err = s.Cancel(w.ctx, taro, r.Reference)
	w.well(err, "an instant before")
}

var errDisk = errors.New("disk is full")

// failing is a store whose n-th call fails.
type failing struct {
	booking.Store
	left int
}

func (f *failing) err() error {
	if f.left--; f.left == 0 {
		return errDisk
	}
	return nil
}

func (f *failing) Residency(ctx context.Context, of catv.ViewerID) (booking.Residency, error) {
	if err := f.err(); err != nil {
		return booking.Residency{}, err
	}
	return f.Store.Residency(ctx, of)
}

func (f *failing) StandingResidencies(ctx context.Context, before time.Time) ([]booking.Residency, error) {
	if err := f.err(); err != nil {
		return nil, err
	}
	return f.Store.StandingResidencies(ctx, before)
}

func (f *failing) ConfirmResidency(ctx context.Context, of catv.ViewerID, serial jpki.SerialNumber, l booking.Lapse, at time.Time) error {
	if err := f.err(); err != nil {
		return err
	}
	return f.Store.ConfirmResidency(ctx, of, serial, l, at)
}

func (f *failing) WatchResidency(ctx context.Context, of catv.ViewerID, before, after jpki.SerialNumber) error {
	if err := f.err(); err != nil {
		return err
	}
	return f.Store.WatchResidency(ctx, of, before, after)
}

func (f *failing) WithdrawResidency(ctx context.Context, of catv.ViewerID, at time.Time) error {
	if err := f.err(); err != nil {
		return err
	}
	return f.Store.WithdrawResidency(ctx, of, at)
}

func (f *failing) Reserve(ctx context.Context, r booking.Reservation, from catv.Day, limit int) (booking.Reservation, error) {
	if err := f.err(); err != nil {
		return booking.Reservation{}, err
	}
	return f.Store.Reserve(ctx, r, from, limit)
}

// Whichever call of the store fails, the act fails with it, and works when the store
// does.
func TestNoErrorOfTheStoreIsSwallowed(t *testing.T) {
	w := newTown(t)
	hanako := w.hanako()
	_, err := w.proves("hanako")
	w.well(err, "prove")
	f := booking.List()[0]
	store := &failing{Store: w.store}
	s := w.anew(store, w.Clock.Now)
	acts := []struct {
		name  string
		calls int // that can fail
		do    func() error
	}{
		{"is a resident, after a renewal", 4, func() error {
			resident, err := s.Resident(w.ctx, hanako)
			if err == nil && !resident {
				t.Error("no longer a resident")
			}
			return err
		}},
		{"book", 4, func() error {
			_, err := s.Book(w.ctx, hanako, booking.Order{Facility: f.ID, Day: w.today() + 2, Slot: f.Slots[0].From, Price: f.Price})
			return err
		}},
		{"confirm all", 2, func() error {
			_, _, err := s.ConfirmResidents(w.ctx)
			return err
		}},
		{"withdraw", 1, func() error { return s.WithdrawResidency(w.ctx, hanako) }},
	}
	w.Renew("hanako")
	for _, act := range acts {
		if act.name == "confirm all" {
			w.Clock.Advance(24 * time.Hour) // it is done once a day
		}
		for n := 1; n <= act.calls; n++ {
			store.left = n
			if err := act.do(); !errors.Is(err, errDisk) {
				t.Errorf("%s, call %d fails: %v", act.name, n, err)
			}
		}
		store.left = 0
		if err := act.do(); err != nil {
			t.Errorf("%s, when the store works: %v", act.name, err)
		}
	}
}
