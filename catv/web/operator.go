package web

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/catv/booking"
	"example.jp/jpkimock/rp"
)

// contractsPage lists the contracts with their boxes.
type contractsPage struct {
	Contracts []contractLine
	Viewers   int
}

type contractLine struct {
	catv.Contract
	Enrolled int
}

func (w *set) contracts(c echo.Context) error {
	all, err := w.station.Contracts(c.Request().Context())
	if err != nil {
		return err
	}
	page := contractsPage{}
	for _, contract := range all {
		line := contractLine{Contract: contract}
		for _, p := range contract.Places {
			if p.Viewer != 0 {
				line.Enrolled++
			}
		}
		page.Viewers += line.Enrolled
		page.Contracts = append(page.Contracts, line)
	}
	return w.show(c, "operator", titles.operator, page)
}

// contractPage is a household with its viewers and their certificates.
type contractPage struct {
	Contract catv.Contract
	Places   []placeLine
	// Unasked: the authority did not say how the certificates stand.
	Unasked bool
}

type placeLine struct {
	catv.Place
	Viewer *catv.Viewer
	Status *rp.Status
	Known  []catv.Linked
}

func (w *set) contract(c echo.Context) error {
	ctx := c.Request().Context()
	contract, err := w.station.Contract(ctx, catv.ContractNumber(c.Param("number")))
	if err != nil {
		return err
	}
	viewers, err := w.station.Viewers(ctx, contract.Number)
	if err != nil {
		return err
	}
	status, err := w.station.CertificateStatus(ctx, viewers)
	page := contractPage{Contract: contract, Unasked: err != nil}
	for _, p := range contract.Places {
		line := placeLine{Place: p}
		for i, v := range viewers {
			if v.ID != p.Viewer {
				continue
			}
			line.Viewer = &viewers[i]
			if line.Known, err = w.station.Certificates(ctx, v.ID); err != nil {
				return err
			}
			if len(status) == len(viewers) {
				line.Status = &status[i]
			}
		}
		page.Places = append(page.Places, line)
	}
	return w.show(c, "contract", titles.contract, page)
}

// viewerLeaves ends an enrolment.
func (w *set) viewerLeaves(c echo.Context) error {
	ctx := c.Request().Context()
	id, err := strconv.ParseInt(c.Param("viewer"), 10, 64)
	if err != nil {
		return catv.ErrNoViewer
	}
	v, err := w.station.Viewer(ctx, catv.ViewerID(id))
	if err != nil {
		return err
	}
	if v.Contract != catv.ContractNumber(c.Param("number")) {
		return catv.ErrNoViewer
	}
	if _, err := w.station.Leave(ctx, v.ID); err != nil {
		return err
	}
	w.visits.EndAll(func(at visit) bool { return at.Viewer != nil && at.Viewer.ID == v.ID })
	return c.Redirect(http.StatusSeeOther, "/operator/contracts/"+string(v.Contract))
}

// newCode puts a new code on the papers.
func (w *set) newCode(c echo.Context) error {
	id, err := strconv.ParseInt(c.Param("place"), 10, 64)
	if err != nil {
		return catv.ErrCodeUsed
	}
	if _, err := w.station.NewCode(c.Request().Context(), catv.PlaceID(id)); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/operator/contracts/"+c.Param("number"))
}

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

func (w *set) dayList(c echo.Context) error {
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
	return w.show(c, "municipality", titles.municipality, page)
}
