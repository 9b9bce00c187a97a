package booking_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/catv/booking"
	"example.jp/jpkimock/internal/fuse"
	"example.jp/jpkimock/rp"
)

// outOfOrder is a store, and elsewhere an operator, of which one call fails.
type (
	outOfOrder struct {
		booking.Store
		*fuse.Fuse
	}
	elsewhere struct {
		booking.Household
		*fuse.Fuse
	}
)

func (o outOfOrder) Reserve(ctx context.Context, r booking.Reservation, from catv.Day, limit int) (booking.Reservation, error) {
	return fuse.Call(o.Fuse, func() (booking.Reservation, error) { return o.Store.Reserve(ctx, r, from, limit) })
}

func (o outOfOrder) BookedOn(ctx context.Context, day catv.Day) ([]booking.Reservation, error) {
	return fuse.Call(o.Fuse, func() ([]booking.Reservation, error) { return o.Store.BookedOn(ctx, day) })
}

func (o outOfOrder) Reservations(ctx context.Context, of catv.ViewerID, from catv.Day) ([]booking.Reservation, error) {
	return fuse.Call(o.Fuse, func() ([]booking.Reservation, error) { return o.Store.Reservations(ctx, of, from) })
}

func (o outOfOrder) Reservation(ctx context.Context, of catv.ViewerID, ref booking.Reference) (booking.Reservation, error) {
	return fuse.Call(o.Fuse, func() (booking.Reservation, error) { return o.Store.Reservation(ctx, of, ref) })
}

func (o outOfOrder) CancelReservation(ctx context.Context, of catv.ViewerID, ref booking.Reference, at time.Time) (booking.Reservation, error) {
	return fuse.Call(o.Fuse, func() (booking.Reservation, error) { return o.Store.CancelReservation(ctx, of, ref, at) })
}

func (o outOfOrder) PutResidency(ctx context.Context, r booking.Residency) error {
	return o.Do(func() error { return o.Store.PutResidency(ctx, r) })
}

func (o outOfOrder) Residency(ctx context.Context, of catv.ViewerID) (booking.Residency, error) {
	return fuse.Call(o.Fuse, func() (booking.Residency, error) { return o.Store.Residency(ctx, of) })
}

func (o outOfOrder) Residencies(ctx context.Context, of catv.ViewerID) ([]booking.Residency, error) {
	return fuse.Call(o.Fuse, func() ([]booking.Residency, error) { return o.Store.Residencies(ctx, of) })
}

func (o outOfOrder) WithdrawResidency(ctx context.Context, of catv.ViewerID, at time.Time) error {
	return o.Do(func() error { return o.Store.WithdrawResidency(ctx, of, at) })
}

func (o outOfOrder) ConfirmResidency(ctx context.Context, of catv.ViewerID, serial jpki.SerialNumber, l booking.Lapse, at time.Time) error {
	return o.Do(func() error { return o.Store.ConfirmResidency(ctx, of, serial, l, at) })
}

func (o outOfOrder) WatchResidency(ctx context.Context, of catv.ViewerID, before, after jpki.SerialNumber) error {
	return o.Do(func() error { return o.Store.WatchResidency(ctx, of, before, after) })
}

func (o outOfOrder) StandingResidencies(ctx context.Context, confirmedBefore time.Time) ([]booking.Residency, error) {
	return fuse.Call(o.Fuse, func() ([]booking.Residency, error) { return o.Store.StandingResidencies(ctx, confirmedBefore) })
}

func (e elsewhere) Signer(ctx context.Context, signature *rp.Signature) (catv.Viewer, error) {
	return fuse.Call(e.Fuse, func() (catv.Viewer, error) { return e.Household.Signer(ctx, signature) })
}

func (e elsewhere) Link(ctx context.Context, service catv.Service, id catv.ViewerID, sub string) (bool, error) {
	return fuse.Call(e.Fuse, func() (bool, error) { return e.Household.Link(ctx, service, id, sub) })
}

// Whichever call fails, of the store, the kit or the operator, the act fails with it, and
// works when they do.
func TestNoFailureIsSwallowed(t *testing.T) {
	w, f := newTown(t), &fuse.Fuse{}
	hanako := w.hanako()
	facility := booking.List()[0]
	whole := booking.Config{
		Household: elsewhere{w.house, f}, Verifier: fuse.Kit{Verifier: w.verifier, Fuse: f}, Linkage: w.linkage, Store: outOfOrder{w.store, f}, Now: w.Clock.Now,
	}
	s, err := booking.New(whole)
	w.well(err, "service")
	document, err := s.DraftApplication(w.ctx)
	w.well(err, "draft")
	cms := w.Card("hanako").Sign([]byte(document.Content))
	day, slot := w.today()+14, facility.Slots[0].From
	var booked booking.Reservation
	try := func(what string, act func() error) {
		t.Helper()
		f.Everywhere(t, what, func() func() error { return act })
	}
	try("prove", func() error { _, err := s.ProveResidency(w.ctx, document, cms); return err })
	w.Renew("hanako")
	try("is a resident, after a renewal", func() error {
		resident, err := s.Resident(w.ctx, hanako)
		if err == nil && !resident {
			t.Error("no longer a resident")
		}
		return err
	})
	try("book", func() (err error) {
		booked, err = s.Book(w.ctx, hanako, booking.Order{Facility: facility.ID, Day: day, Slot: slot, Price: facility.Price})
		return err
	})
	try("offers", func() error { _, err := s.Offers(w.ctx, hanako, facility.ID, day); return err })
	try("reservation", func() error { _, err := s.Reservation(w.ctx, hanako, booked.Reference); return err })
	try("reservations", func() error { _, err := s.Reservations(w.ctx, hanako); return err })
	try("day list", func() error { _, err := s.DayList(w.ctx, day); return err })
	try("cancel", func() error { _, err := s.Cancel(w.ctx, hanako, booked.Reference); return err })
	try("residency", func() error { _, err := s.Residency(w.ctx, hanako); return err })
	try("residencies", func() error { _, err := s.Residencies(w.ctx, hanako); return err })
	try("link", func() error { return s.Link(w.ctx, hanako, "sub") })
	w.Clock.Advance(24 * time.Hour) // it is done once a day
	try("confirm all", func() error { _, _, err := s.ConfirmResidents(w.ctx); return err })
	try("withdraw", func() error { return s.WithdrawResidency(w.ctx, hanako) })

	for name, without := range map[string]func(*booking.Config){
		"household": func(c *booking.Config) { c.Household = nil }, "verifier": func(c *booking.Config) { c.Verifier = nil },
		"linkage": func(c *booking.Config) { c.Linkage = nil }, "store": func(c *booking.Config) { c.Store = nil }, "clock": func(c *booking.Config) { c.Now = nil },
	} {
		cfg := whole
		without(&cfg)
		if _, err := booking.New(cfg); err == nil {
			t.Errorf("a service without a %s", name)
		}
	}
}

// A slot is over from the instant at which it begins.
func TestASlotIsOverWhenItBegins(t *testing.T) {
	w := newTown(t)
	taro := w.taro()
	facility := booking.List()[0]
	day, slot := w.today()+1, facility.Slots[0]
	now := day.At(slot.From, 0)
	s := w.anew(w.store, func() time.Time { return now })
	for _, c := range []struct {
		before time.Duration
		want   booking.SlotState
	}{{1, booking.SlotFree}, {0, booking.SlotPast}, {-1, booking.SlotPast}} {
		now = day.At(slot.From, 0).Add(-c.before)
		offers, err := s.Offers(w.ctx, taro, facility.ID, day)
		if err != nil || offers[0].State != c.want {
			t.Errorf("%v before: %+v, %v", c.before, offers, err)
		}
	}
}

// A residency stands until it lapses or another takes its place.
func TestWhenAResidencyStands(t *testing.T) {
	at := time.Date(2026, 4, 1, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		r    booking.Residency
		want bool
	}{
		{booking.Residency{}, true}, {booking.Residency{ReplacedAt: at}, false}, {booking.Residency{Lapse: booking.Lapse{Why: booking.LapsedByChange}}, false},
	} {
		if c.r.Stands() != c.want {
			t.Errorf("%+v: %t", c.r, c.r.Stands())
		}
	}
}

// unknowing is a kit whose authority knows no certificate.
type unknowing struct{ booking.Verifier }

func (unknowing) CheckStatus(_ context.Context, kind jpki.Kind, serials ...jpki.SerialNumber) (all []rp.Status, _ error) {
	for _, s := range serials {
		all = append(all, rp.Status{Kind: kind, Serial: s, State: rp.Unknown})
	}
	return all, nil
}

// An authority that does not know a certificate has not answered: nothing lapses.
func TestACertificateThatTheAuthorityDoesNotKnow(t *testing.T) {
	w := newTown(t)
	hanako := w.hanako()
	_, err := w.proves("hanako")
	w.well(err, "prove")
	s, err := booking.New(booking.Config{Household: w.house, Verifier: unknowing{w.verifier}, Linkage: w.linkage, Store: w.store, Now: w.Clock.Now})
	w.well(err, "service")
	if _, err := s.Resident(w.ctx, hanako); !errors.Is(err, rp.ErrStatusUnknown) {
		t.Errorf("%v", err)
	}
	if r, err := s.Residency(w.ctx, hanako); err != nil || !r.Stands() {
		t.Errorf("%+v, %v", r, err)
	}
}
