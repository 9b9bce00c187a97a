package booking_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/catv/booking"
	"example.jp/jpkimock/internal/fuse"
	"example.jp/jpkimock/rp"
)

// The board at the town hall: hours, the resident price and how many days ahead, the same
// for others, and until how many hours before a booking can be cancelled.
func TestTheBoardOfFacilities(t *testing.T) {
	const courts, halls, rooms = "9-11 11-13 13-15 15-17", "9-11 11-13 13-15 15-17 17-19 19-21", "9-12 13-17 18-21"
	want := []string{
		"gym " + halls + " 800/60 1600/14 72", "meeting-large " + rooms + " 1200/90 1800/30 72", "meeting-small " + rooms + " 600/90 900/30 24",
		"tennis-1 " + courts + " 500/30 1000/7 24", "tennis-2 " + courts + " 500/30 1000/7 24", "kitchen " + rooms + " 700/60 residents 48",
	}
	var got []string
	for _, f := range booking.List() {
		var hours []string
		for _, s := range f.Slots {
			hours = append(hours, fmt.Sprintf("%d-%d", s.From, s.To))
		}
		others := "residents"
		if f.Others.Allowed {
			others = fmt.Sprintf("%d/%d", f.Others.Price, f.Others.DaysAhead)
		}
		got = append(got, fmt.Sprintf("%s %s %d/%d %s %d", f.ID, strings.Join(hours, " "), f.Price, f.DaysAhead, others, f.CancelHours))
		if f.Name.JA == "" || f.Name.EN == "" || f.Place.JA == "" || f.Place.EN == "" {
			t.Errorf("%s has no name or place in one of the languages", f.ID)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("the board says\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// A slot that is taken is taken at its facility alone; a facility that is no more is not
// offered, and its bookings are not cancelled by a rule that nobody knows.
func TestAFacilityIsOne(t *testing.T) {
	w := newTown(t)
	taro := w.taro()
	day := w.today() + 2
	_, err := w.Book(w.ctx, taro, booking.Order{Facility: "tennis-1", Day: day, Slot: 9, Price: 1000})
	w.well(err, "book")
	for id, want := range map[booking.FacilityID]booking.SlotState{"tennis-1": booking.SlotMine, "tennis-2": booking.SlotFree} {
		if offers, err := w.Offers(w.ctx, taro, id, day); err != nil || offers[0].State != want || offers[1].State != booking.SlotFree {
			t.Errorf("%s: %+v, %v", id, offers, err)
		}
	}
	offers, err := w.Offers(w.ctx, taro, "pool", day)
	if w.refused(err, booking.ErrNoFacility, "offers"); offers != nil {
		t.Errorf("%+v", offers)
	}
	gone, err := w.store.Reserve(w.ctx, booking.Reservation{Reference: "POOL-0001", Viewer: taro, Facility: "pool", Day: day + 9, Slot: 9, At: w.Clock.Now()}, w.today(), 4)
	w.well(err, "reserve")
	_, err = w.Cancel(w.ctx, taro, gone.Reference)
	w.refused(err, booking.ErrNoFacility, "cancel")
}

// unknownOf is a kit whose authority does not know some certificates.
type unknownOf struct {
	booking.Verifier
	these []jpki.SerialNumber
}

func (u unknownOf) CheckStatus(ctx context.Context, kind jpki.Kind, serials ...jpki.SerialNumber) ([]rp.Status, error) {
	all, err := u.Verifier.CheckStatus(ctx, kind, serials...)
	for i, s := range all {
		if slices.Contains(u.these, s.Serial) {
			all[i] = rp.Status{Kind: kind, Serial: s.Serial, State: rp.Unknown}
		}
	}
	return all, err
}

// Of the newest certificate, or one between, that the authority does not know nothing is
// concluded.
func TestALaterCertificateThatTheAuthorityDoesNotKnow(t *testing.T) {
	for name, newest := range map[string]bool{"the newest": true, "one between": false} {
		w := newTown(t)
		v := w.hanako()
		first, err := w.proves("hanako")
		w.well(err, "prove")
		w.lives("hanako", "renewed")
		unknown := w.Card("hanako").Serial(jpki.DigitalSignature)
		if !newest {
			w.lives("hanako", "renewed")
		}
		s, err := booking.New(booking.Config{Household: w.house, Verifier: unknownOf{w.verifier, []jpki.SerialNumber{unknown}}, Linkage: w.linkage, Store: w.store, Now: w.Clock.Now})
		w.well(err, "service")
		if resident, err := s.Resident(w.ctx, v); !errors.Is(err, rp.ErrStatusUnknown) || resident {
			t.Errorf("%s: %t, %v", name, resident, err)
		}
		if r, err := w.Residency(w.ctx, v); err != nil || !r.Stands() || r.Serial != first.Serial {
			t.Errorf("%s: %+v, %v", name, r.Lapse, err)
		}
	}
}

// What could not be written has not lapsed: neither an expiry nor a move.
func TestALapseThatCannotBeWritten(t *testing.T) {
	for name, ends := range map[string]func(*town){
		"expired": func(w *town) { w.Clock.Set(time.Date(2031, 2, 18, 12, 0, 0, 0, jpki.JST)) },
		"moved": func(w *town) {
			w.lives("hanako", "moved")
			w.Clock.Advance(25 * time.Hour)
		},
	} {
		w, f := newTown(t), &fuse.Fuse{}
		v := w.hanako()
		first, err := w.proves("hanako")
		w.well(err, "prove")
		ends(w)
		s := w.anew(outOfOrder{w.store, f}, w.Clock.Now)
		f.Everywhere(t, name, func() func() error {
			return func() error {
				asked, lapsed, err := s.ConfirmResidents(w.ctx)
				if want := map[bool]int{true: 1}[err == nil]; lapsed != want || err == nil && asked != 1 {
					t.Errorf("%s: asked %d, lapsed %d, %v", name, asked, lapsed, err)
				}
				return err
			}
		})
		if r, err := w.Residency(w.ctx, v); err != nil || r.Stands() || r.Serial != first.Serial {
			t.Errorf("%s: %+v, watches %s, %v", name, r.Lapse, r.Serial, err)
		}
	}
}

// A residency that has lapsed is watched no further.
func TestALapsedResidencyWatchesWhatItWatched(t *testing.T) {
	w := newTown(t)
	v := w.hanako()
	first, err := w.proves("hanako")
	w.well(err, "prove")
	w.lives("hanako", "lost", "renewed")
	if resident, err := w.Resident(w.ctx, v); err != nil || resident {
		t.Errorf("%t, %v", resident, err)
	}
	if r, err := w.Residency(w.ctx, v); err != nil || r.Serial != first.Serial || r.Lapse.Why != booking.LapsedByLoss {
		t.Errorf("%+v, watches %s, %v", r.Lapse, r.Serial, err)
	}
	if _, _, err := w.anew(w.store, w.Clock.Now).ConfirmResidents(w.ctx); err != nil {
		t.Error(err)
	}
	var none catv.ViewerID
	if resident, err := w.Resident(w.ctx, none); err != nil || resident {
		t.Errorf("nobody: %t, %v", resident, err)
	}
}
