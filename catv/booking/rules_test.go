package booking_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/catv/booking"
	"example.jp/jpkimock/catv/db"
	"example.jp/jpkimock/catv/internal/papers"
)

// Each facility has its own time until which a booking can be cancelled: a second
// before it can, at it no more.
func TestABookingIsCancelledUntilItsFacilitysTime(t *testing.T) {
	for _, f := range booking.List() {
		t.Run(string(f.ID), func(t *testing.T) {
			w := newTown(t)
			hanako := w.hanako()
			_, err := w.proves("hanako")
			w.well(err, "prove")
			day, slot := w.today()+10, f.Slots[0].From
			until := day.At(slot, 0).Add(-time.Duration(f.CancelHours) * time.Hour)
			if f.CancelHours < 24 || !f.CancelUntil(day, slot).Equal(until) {
				t.Errorf("until %v, %d hours", f.CancelUntil(day, slot), f.CancelHours)
			}
			book := func(slot booking.Slot) booking.Reference {
				r, err := w.Book(w.ctx, hanako, booking.Order{Facility: f.ID, Day: day, Slot: slot.From, Price: f.Price})
				w.well(err, "book")
				return r.Reference
			}
			first, later := book(f.Slots[0]), book(f.Slots[1])
			w.Clock.Set(until.Add(-time.Second))
			r, err := w.Cancel(w.ctx, hanako, first)
			if w.well(err, "a second before"); r.CancelledAt.IsZero() {
				t.Error("not cancelled")
			}
			first = book(f.Slots[0]) // it is free again
			w.Clock.Set(until.Add(time.Second))
			_, err = w.Cancel(w.ctx, hanako, first)
			w.refused(err, booking.ErrTooLate, "a second late")
			_, err = w.Cancel(w.ctx, hanako, later)
			w.well(err, "a later slot of the same day")
			if list, err := w.DayList(w.ctx, day); err != nil || len(list) != 1 || list[0].Reference != first {
				t.Errorf("on the list %+v, %v", list, err)
			}
		})
	}
}

// Each facility has its own rule for others, and how far ahead it opens.
func TestEachFacilityHasItsRuleForOthers(t *testing.T) {
	w := newTown(t)
	hanako, taro := w.hanako(), w.taro()
	_, err := w.proves("hanako")
	w.well(err, "prove")
	for _, f := range booking.List() {
		for who, terms := range map[catv.ViewerID]booking.Terms{hanako: f.Terms(true), taro: f.Terms(false)} {
			order := booking.Order{Facility: f.ID, Day: w.today() + catv.Day(terms.DaysAhead), Slot: f.Slots[0].From, Price: terms.Price}
			if !terms.Allowed {
				_, err := w.Book(w.ctx, who, order)
				w.refused(err, booking.ErrResidentsOnly, string(f.ID))
				continue
			}
			r, err := w.Book(w.ctx, who, order)
			if w.well(err, string(f.ID)); r.Price != terms.Price || r.Resident != terms.Resident {
				t.Errorf("%s: %+v", f.ID, r)
			}
			_, err = w.Cancel(w.ctx, who, r.Reference)
			w.well(err, "cancel")
			order.Day++
			_, err = w.Book(w.ctx, who, order)
			w.refused(err, booking.ErrTooFar, "a day more")
		}
		if others := f.Terms(false); others.Allowed && (others.Price <= f.Price || others.DaysAhead >= f.DaysAhead) {
			t.Errorf("%s: others pay %d and book %d days ahead", f.ID, others.Price, others.DaysAhead)
		}
	}
}

// Two processes over one database: the slot is given once all the same.
func TestTheDatabaseDecidesAlsoBetweenProcesses(t *testing.T) {
	address := filepath.Join(t.TempDir(), "catv.db")
	var stores []*db.Store
	for range 2 {
		s, err := db.Open(address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		stores = append(stores, s)
	}
	w := &town{t: t, ctx: t.Context()}
	noon := time.Date(2026, time.April, 1, 12, 0, 0, 0, jpki.JST)
	w.well(stores[0].AddContract(w.ctx, papers.Contracts()[6]), "contract")
	var people []catv.ViewerID
	for i, p := range papers.Contracts()[6].Places {
		place, err := stores[0].TryCode(w.ctx, "100107", p.Code, noon)
		w.well(err, "papers")
		v, err := stores[0].AddViewer(w.ctx, catv.Viewer{Contract: "100107", Place: place.ID, Nickname: "x", Serial: jpki.SerialNumber(fmt.Sprintf("0A%06X", i))})
		w.well(err, "viewer")
		people = append(people, v.ID)
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	got := map[string]int{}
	start := make(chan struct{})
	for i := range 40 {
		wg.Go(func() {
			<-start
			_, err := stores[i%2].Reserve(w.ctx, booking.Reservation{
				Reference: booking.Reference(fmt.Sprintf("T%03d", i)), Viewer: people[i%len(people)], Facility: "gym", Day: 20600, Slot: 9, At: noon,
			}, 20599, 4)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				got["booked"]++
			case errors.Is(err, booking.ErrSlotTaken):
				got["taken"]++
			default:
				got[err.Error()]++
			}
		})
	}
	close(start)
	wg.Wait()
	if got["booked"] != 1 || got["taken"] != 39 {
		t.Errorf("%v", got)
	}
}
