package booking_test

import (
	"testing"
	"time"

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
