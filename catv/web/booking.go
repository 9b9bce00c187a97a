package web

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/catv/booking"
	room "example.jp/jpkimock/catv/room/web"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/rp"
)

// bookingPage is the service's first page: the facilities, one's own bookings,
// and at which price.
type bookingPage struct {
	Facilities []booking.Facility
	Mine       []mineLine
	Standing   room.Standing
}

// mineLine is a booking with its facility.
type mineLine struct {
	booking.Reservation
	Facility booking.Facility
	Until    time.Time // to cancel
	UntilDay catv.Day  // the day of Until
	Open     bool      // it can be cancelled
	From, To int
	Over     bool
}

// standing says how the residency of who is signed in stands. The authority is
// asked for the pages once in a visit; a booking asks again.
func (w *set) standing(c echo.Context) (room.Standing, error) {
	v, _ := w.visits.Load(c)
	s, err := room.StandingOf(c.Request().Context(), w.booking, me(c), v.Viewer != nil && v.Viewer.Confirmed)
	if err == nil && s.Confirmed() {
		w.confirmed(c, true)
	}
	return s, err
}

// confirmed keeps with the visit whether its pages have asked the authority.
func (w *set) confirmed(c echo.Context, yes bool) {
	w.updateViewer(c, me(c), func(v *watching) { v.Confirmed = yes })
}

func (w *set) mine(c echo.Context) ([]mineLine, error) {
	all, err := w.booking.Reservations(c.Request().Context(), me(c))
	lines := make([]mineLine, 0, len(all))
	for _, r := range all {
		lines = append(lines, w.line(r))
	}
	return lines, err
}

func (w *set) line(r booking.Reservation) mineLine {
	f, _ := booking.FacilityByID(r.Facility)
	slot, _ := f.SlotFrom(r.Slot)
	until, now := f.CancelUntil(r.Day, r.Slot), w.cfg.Now()
	return mineLine{
		Reservation: r, Facility: f, Until: until, UntilDay: catv.DayOf(until), Open: r.CancelledAt.IsZero() && now.Before(until),
		From: slot.From, To: slot.To, Over: !now.Before(r.Day.At(r.Slot, 0)),
	}
}

func (w *set) bookingHome(c echo.Context) error {
	mine, err := w.mine(c)
	if err != nil {
		return err
	}
	s, err := w.standing(c)
	if err != nil {
		return err
	}
	return w.Show(c, "booking", titles.booking, bookingPage{booking.List(), mine, s})
}

// pricePage says at which price a viewer books, and by what: the certificate
// that is kept and checked, or why that ended and how to prove residency.
type pricePage struct {
	Standing room.Standing
	Address  string
	Town     catv.Name
}

func (w *set) price(c echo.Context) error {
	s, err := w.standing(c)
	if err != nil {
		return err
	}
	return w.Show(c, "price", titles.price, pricePage{s, w.cfg.PublicURL + "/residency", catv.Town})
}

// confirmPrice asks the authority again, and says what it says now.
func (w *set) confirmPrice(c echo.Context) error {
	w.confirmed(c, false)
	return c.Redirect(http.StatusSeeOther, "/booking/price")
}

// askWithdrawal asks once more, and says what the withdrawal means.
func (w *set) askWithdrawal(c echo.Context) error {
	r, err := w.booking.Residency(c.Request().Context(), me(c))
	if errors.Is(err, booking.ErrNoResidency) || err == nil && !r.Stands() {
		return c.Redirect(http.StatusSeeOther, "/booking/price")
	}
	if err != nil {
		return err
	}
	return w.Show(c, "withdraw", titles.withdraw, nil)
}

// withdrawResidency takes the consent back. Where none stands there is nothing
// to end, and the page says how things are.
func (w *set) withdrawResidency(c echo.Context) error {
	err := w.booking.WithdrawResidency(c.Request().Context(), me(c))
	if err != nil && !errors.Is(err, booking.ErrNoResidency) {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/booking/price")
}

// daysShown is how many days stand beside one another.
const daysShown = 7

// facilityPage is a facility's week: days across, slots down.
type facilityPage struct {
	Facility    booking.Facility
	Terms       booking.Terms
	Days        []dayColumn
	First, Last catv.Day
	Before      *catv.Day // the week before, unless it is over
	After       *catv.Day // the week after, if it is open
	CancelHours int
}

type dayColumn struct {
	Day    catv.Day
	Offers []booking.SlotOffer
	Open   bool
}

func (w *set) facility(c echo.Context) error {
	f, err := booking.FacilityByID(booking.FacilityID(c.Param("facility")))
	if err != nil {
		return err
	}
	s, err := w.standing(c)
	if err != nil {
		return err
	}
	today := catv.DayOf(w.cfg.Now())
	first := today
	if d, ok := catv.ParseDay(c.QueryParam("from")); ok && d > today && d < today+370 {
		first = d
	}
	page := facilityPage{Facility: f, Terms: f.Terms(s.Resident), First: first, Last: first + daysShown - 1, CancelHours: f.CancelHours}
	for d := first; d < first+daysShown; d++ {
		offers, err := w.booking.Offers(c.Request().Context(), me(c), f.ID, d)
		if err != nil {
			return err
		}
		page.Days = append(page.Days, dayColumn{
			Day: d, Offers: offers,
			Open: page.Terms.Allowed && d <= today+catv.Day(page.Terms.DaysAhead),
		})
	}
	if first > today {
		before := max(today, first-daysShown)
		page.Before = &before
	}
	if after := first + daysShown; after <= today+catv.Day(page.Terms.DaysAhead) {
		page.After = &after
	}
	return w.Show(c, "facility", titles.facility, page)
}

// orderForm is what is to be booked, as the pages send it.
type orderForm struct {
	Facility         booking.FacilityID
	Day, Slot, Price string
}

// order reads it.
func (f orderForm) order() (booking.Order, booking.Facility, booking.Slot, error) {
	at, err := booking.FacilityByID(f.Facility)
	if err != nil {
		return booking.Order{}, at, booking.Slot{}, err
	}
	day, ok := catv.ParseDay(f.Day)
	from, err := strconv.Atoi(f.Slot)
	slot, known := at.SlotFrom(from)
	if !ok || err != nil || !known {
		return booking.Order{}, at, slot, booking.ErrNoSlot
	}
	price, _ := strconv.ParseInt(f.Price, 10, 32)
	return booking.Order{Facility: at.ID, Day: day, Slot: from, Price: booking.Yen(price)}, at, slot, nil
}

// confirmPage is a booking before it is made.
type confirmPage struct {
	Order    booking.Order
	Facility booking.Facility
	Slot     booking.Slot
	Terms    booking.Terms
	Until    time.Time // to cancel
	UntilDay catv.Day  // the day of Until
	// Cancellable: there is still time to cancel after booking.
	Cancellable bool
}

func (w *set) confirmBooking(c echo.Context) error {
	o, f, slot, err := orderForm{
		Facility: booking.FacilityID(c.QueryParam("facility")), Day: c.QueryParam("day"), Slot: c.QueryParam("slot"),
	}.order()
	if err != nil {
		return err
	}
	s, err := w.standing(c)
	if err != nil {
		return err
	}
	terms := f.Terms(s.Resident)
	o.Price = terms.Price
	until := f.CancelUntil(o.Day, o.Slot)
	return w.Show(c, "confirm", titles.confirm, confirmPage{o, f, slot, terms, until, catv.DayOf(until), w.cfg.Now().Before(until)})
}

func (w *set) book(c echo.Context) error {
	in, err := door.Read[orderForm](c)
	if err != nil {
		return err
	}
	o, _, _, err := in.order()
	if err != nil {
		return err
	}
	r, err := w.booking.Book(c.Request().Context(), me(c), o)
	if rp.Code(err) != "" {
		w.confirmed(c, false) // the pages are to say so, too
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/booking/mine/"+string(r.Reference)+"?booked")
}

// reservationPage is a booking of one's own; Booked is right after booking.
type reservationPage struct {
	Line   mineLine
	Booked bool
}

func (w *set) reservation(c echo.Context) error {
	r, err := w.booking.Reservation(c.Request().Context(), me(c), booking.Reference(c.Param("reference")))
	if err != nil {
		return err
	}
	return w.Show(c, "reservation", titles.reservation, reservationPage{w.line(r), c.QueryParams().Has("booked")})
}

func (w *set) cancelReservation(c echo.Context) error {
	r, err := w.booking.Cancel(c.Request().Context(), me(c), booking.Reference(c.Param("reference")))
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/booking/mine/"+string(r.Reference))
}
