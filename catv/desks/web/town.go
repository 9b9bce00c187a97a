package web

import (
	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/catv/booking"
)

// dayListPage is the municipality's list of a day.
type dayListPage struct {
	Day           catv.Day
	Before, After catv.Day
	Facilities    []facilityDay
	Booked        int
	Yen           int64
}

type facilityDay struct {
	Facility booking.Facility
	Slots    []slotDay
}

type slotDay struct {
	Slot    booking.Slot
	Booking *booking.Reservation
}

func (w *desks) dayList(c echo.Context) error {
	day, ok := catv.ParseDay(c.QueryParam("day"))
	if !ok {
		day = catv.DayOf(w.cfg.Now())
	}
	all, err := w.booking.DayList(c.Request().Context(), day)
	if err != nil {
		return err
	}
	page := dayListPage{Day: day, Before: day - 1, After: day + 1, Booked: len(all)}
	for _, f := range booking.List() {
		line := facilityDay{Facility: f}
		for _, s := range f.Slots {
			at := slotDay{Slot: s}
			for i, r := range all {
				if r.Facility == f.ID && r.Slot == s.From {
					at.Booking = &all[i]
					page.Yen += r.Price.Int64()
				}
			}
			line.Slots = append(line.Slots, at)
		}
		page.Facilities = append(page.Facilities, line)
	}
	return w.town.Show(c, "municipality", titles.municipality, page)
}
