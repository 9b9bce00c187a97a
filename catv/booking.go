package catv

import (
	"context"
	"crypto/rand"
	"slices"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// FacilityID names a facility.
type FacilityID string

// Facility is a room or a court of the municipality (施設) with its rules.
type Facility struct {
	ID    FacilityID
	Name  Name
	Place Name
	Slots []Slot
	// Price is the resident price of a slot (市民料金).
	Price Yen
	// DaysAhead is how many days before its day a slot opens to residents.
	DaysAhead int
	Others    OthersRule
	// CancelHours is until how many hours before it begins a booking can be
	// cancelled.
	CancelHours int
}

// OthersRule is a facility's rule for those who are no residents.
type OthersRule struct {
	Allowed   bool
	Price     Yen
	DaysAhead int
}

// Slot is a span of hours (時間帯); From is its name.
type Slot struct{ From, To int }

// maxAhead is how many bookings to come a viewer may have.
const maxAhead = 4

// Order is what a viewer asks for. Price is the one that was shown, so that
// nobody pays another.
type Order struct {
	Facility FacilityID
	Day      Day
	Slot     int // the slot's From
	Price    Yen
}

// Reference is the number of a booking (予約番号).
type Reference string

// Reservation is a booking (施設予約). It is live until CancelledAt.
type Reservation struct {
	Reference   Reference
	Viewer      ViewerID
	Nickname    string
	Contract    ContractNumber
	Facility    FacilityID
	Day         Day
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

// Terms are what a viewer gets a facility for.
type Terms struct {
	Resident  bool
	Allowed   bool
	Price     Yen
	DaysAhead int
}

// FacilityByID gives a facility of the list, or ErrNoFacility.
func FacilityByID(id FacilityID) (Facility, error) {
	i := slices.IndexFunc(Facilities(), func(f Facility) bool { return f.ID == id })
	if i < 0 {
		return Facility{}, ErrNoFacility
	}
	return Facilities()[i], nil
}

// SlotFrom gives the slot that begins at an hour; false if there is none.
func (f Facility) SlotFrom(hour int) (Slot, bool) {
	i := slices.IndexFunc(f.Slots, func(s Slot) bool { return s.From == hour })
	if i < 0 {
		return Slot{}, false
	}
	return f.Slots[i], true
}

// Terms gives what a resident, or another, gets the facility for.
func (f Facility) Terms(resident bool) Terms {
	if resident {
		return Terms{Resident: true, Allowed: true, Price: f.Price, DaysAhead: f.DaysAhead}
	}
	return Terms{Allowed: f.Others.Allowed, Price: f.Others.Price, DaysAhead: f.Others.DaysAhead}
}

// CancelUntil gives the time from which a booking cannot be cancelled.
func (f Facility) CancelUntil(day Day, from int) time.Time {
	return day.At(from, 0).Add(-time.Duration(f.CancelHours) * time.Hour)
}

// Offers gives the slots of a facility's day as me sees them.
func (s *Station) Offers(ctx context.Context, me ViewerID, id FacilityID, day Day) ([]SlotOffer, error) {
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
func (s *Station) Book(ctx context.Context, me ViewerID, o Order) (Reservation, error) {
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
	case o.Day > DayOf(now)+Day(terms.DaysAhead):
		return Reservation{}, ErrTooFar
	}
	t := rand.Text()
	return s.store.Reserve(ctx, Reservation{
		Reference: Reference(t[:4] + "-" + t[4:8]), Viewer: me, Facility: o.Facility, Day: o.Day, Slot: o.Slot,
		Resident: resident, Price: terms.Price, At: now.UTC(),
	}, DayOf(now), maxAhead)
}

// Cancel cancels a booking of one's own, until the facility's time.
func (s *Station) Cancel(ctx context.Context, me ViewerID, ref Reference) (Reservation, error) {
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
func (s *Station) Reservation(ctx context.Context, me ViewerID, ref Reference) (Reservation, error) {
	return s.store.Reservation(ctx, me, ref)
}

// Reservations gives a viewer's bookings from yesterday on, by day.
func (s *Station) Reservations(ctx context.Context, me ViewerID) ([]Reservation, error) {
	return s.store.Reservations(ctx, me, s.today()-1)
}

// DayList gives the live bookings of a day by facility and slot: the
// municipality's list.
func (s *Station) DayList(ctx context.Context, day Day) ([]Reservation, error) {
	return s.store.BookedOn(ctx, day)
}

// DayTime gives a slot's first moment.
func (s Slot) DayTime(d Day) time.Time { return d.At(s.From, 0).In(jpki.JST) }
