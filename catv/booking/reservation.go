package booking

import (
	"context"
	"crypto/rand"
	"time"

	"example.jp/jpkimock/catv"
)

// maxAhead is how many bookings to come a viewer may have.
const maxAhead = 4

// Order is what a viewer asks for. Price is the one that was shown, so that
// nobody pays another.
type Order struct {
	Facility FacilityID
	Day      catv.Day
	Slot     int // the slot's From
	Price    Yen
}

// Reference is the number of a booking (予約番号).
type Reference string

// Reservation is a booking (施設予約). It is live until CancelledAt.
type Reservation struct {
	Reference   Reference
	Viewer      catv.ViewerID
	Nickname    catv.Nickname
	Contract    catv.ContractNumber
	Facility    FacilityID
	Day         catv.Day
	Slot        int
	Resident    bool
	Price       Yen
	At          time.Time
	CancelledAt time.Time
}

// SlotState says what a slot is for whoever asks.
type SlotState string

// The states of a slot.
const (
	SlotFree  SlotState = "free"
	SlotTaken SlotState = "taken"
	SlotMine  SlotState = "mine"
	SlotPast  SlotState = "past"
)

// SlotOffer is a slot of a day as a viewer sees it.
type SlotOffer struct {
	Slot  Slot
	State SlotState
	Mine  Reference // of one's own booking
}

// Offers gives the slots of a facility's day as me sees them.
func (s *Service) Offers(ctx context.Context, me catv.ViewerID, id FacilityID, day catv.Day) ([]SlotOffer, error) {
	f, err := FacilityByID(id)
	if err != nil {
		return nil, err
	}
	booked, err := s.store.BookedOn(ctx, day)
	if err != nil {
		return nil, err
	}
	offers := make([]SlotOffer, len(f.Slots))
	for i, slot := range f.Slots {
		offers[i] = SlotOffer{Slot: slot, State: SlotFree}
		if !s.now().Before(day.At(slot.From, 0)) {
			offers[i].State = SlotPast
		}
		for _, r := range booked {
			if r.Facility != id || r.Slot != slot.From {
				continue
			}
			if offers[i].State != SlotPast {
				offers[i].State = SlotTaken
			}
			if r.Viewer == me {
				offers[i].State, offers[i].Mine = SlotMine, r.Reference
			}
		}
	}
	return offers, nil
}

// Book books a slot (施設予約). Whether the viewer is a resident is confirmed with
// the authority now; if it has lapsed since the price was shown, nothing is
// booked. Of any number who ask for one slot at once the database gives it to
// one; the others get ErrSlotTaken.
func (s *Service) Book(ctx context.Context, me catv.ViewerID, o Order) (Reservation, error) {
	f, err := FacilityByID(o.Facility)
	if err != nil {
		return Reservation{}, err
	}
	if _, ok := f.SlotFrom(o.Slot); !ok {
		return Reservation{}, ErrNoSlot
	}
	resident, err := s.Resident(ctx, me)
	if err != nil {
		return Reservation{}, err
	}
	terms, now := f.Terms(resident), s.now()
	switch {
	case !terms.Allowed:
		return Reservation{}, ErrResidentsOnly
	case terms.Price != o.Price:
		return Reservation{}, ErrPriceChanged
	case !now.Before(o.Day.At(o.Slot, 0)):
		return Reservation{}, ErrSlotPast
	case o.Day > catv.DayOf(now)+catv.Day(terms.DaysAhead):
		return Reservation{}, ErrTooFar
	}
	t := rand.Text()
	return s.store.Reserve(ctx, Reservation{
		Reference: Reference(t[:4] + "-" + t[4:8]), Viewer: me, Facility: o.Facility, Day: o.Day, Slot: o.Slot,
		Resident: resident, Price: terms.Price, At: now.UTC(),
	}, catv.DayOf(now), maxAhead)
}

// Cancel cancels a booking of one's own, until the facility's time.
func (s *Service) Cancel(ctx context.Context, me catv.ViewerID, ref Reference) (Reservation, error) {
	r, err := s.store.Reservation(ctx, me, ref)
	if err != nil {
		return Reservation{}, err
	}
	f, err := FacilityByID(r.Facility)
	if err != nil {
		return Reservation{}, err
	}
	now := s.now().UTC()
	if !now.Before(f.CancelUntil(r.Day, r.Slot)) {
		return Reservation{}, ErrTooLate
	}
	return s.store.CancelReservation(ctx, me, ref, now)
}

// Reservation gives a booking of one's own; another's is ErrNoBooking.
func (s *Service) Reservation(ctx context.Context, me catv.ViewerID, ref Reference) (Reservation, error) {
	return s.store.Reservation(ctx, me, ref)
}

// Reservations gives a viewer's bookings from yesterday on, by day.
func (s *Service) Reservations(ctx context.Context, me catv.ViewerID) ([]Reservation, error) {
	return s.store.Reservations(ctx, me, s.today()-1)
}

// DayList gives the live bookings of a day by facility and slot: the
// municipality's list.
func (s *Service) DayList(ctx context.Context, day catv.Day) ([]Reservation, error) {
	return s.store.BookedOn(ctx, day)
}
