package booking

import (
	"slices"
	"time"

	"example.jp/jpkimock/catv"
)

// FacilityID names a facility.
type FacilityID string

// Facility is a room or a court of the municipality (施設) with its rules.
type Facility struct {
	ID    FacilityID
	Name  catv.Name
	Place catv.Name
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

// Terms are what a viewer gets a facility for.
type Terms struct {
	Resident  bool
	Allowed   bool
	Price     Yen
	DaysAhead int
}

// FacilityByID gives a facility of the list, or ErrNoFacility.
func FacilityByID(id FacilityID) (Facility, error) {
	i := slices.IndexFunc(List(), func(f Facility) bool { return f.ID == id })
	if i < 0 {
		return Facility{}, ErrNoFacility
	}
	return List()[i], nil
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
func (f Facility) CancelUntil(day catv.Day, from int) time.Time {
	return day.At(from, 0).Add(-time.Duration(f.CancelHours) * time.Hour)
}

// Yen is an amount of money in whole yen.
type Yen int64

// Int64 gives the number of yen.
func (y Yen) Int64() int64 { return int64(y) }
