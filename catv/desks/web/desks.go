// Package web is the desks of staff, each under the name of its office: the cable
// operator's, with the interface for scripts, the public-health nurse's and that
// of the municipality's facilities.
package web

import (
	"embed"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/catv/booking"
	"example.jp/jpkimock/catv/health"
	room "example.jp/jpkimock/catv/room/web"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/staffroom"
	"example.jp/jpkimock/internal/ui"
)

//go:embed all:templates
var files embed.FS

var templates = ui.Embedded(files, "templates", room.Partials())

// Config is what the desks need. Station, the two services and Now are required.
type Config struct {
	Station *catv.Station
	Health  *health.Service
	Booking *booking.Service
	Now     func() time.Time
	Lobby   string // the lobby's address, or empty
	// StaffKey opens the desks; empty keeps them shut.
	StaffKey string
	// Left is told of a viewer whose enrolment has ended.
	Left func(catv.ViewerID)
}

// deskName is where somebody of staff works.
type deskName string

// The desks. Whoever signs in at one sees no other's pages.
const (
	operatorDesk deskName = "operator"     // みほんケーブルテレビ
	nurseDesk    deskName = "nurse"        // 保健師
	townDesk     deskName = "municipality" // みほん市 施設担当
)

// staffing is a session of staff.
type staffing struct{ At deskName }

// InUse reports that staff are signed in.
func (s staffing) InUse() bool { return s.At != "" }

// desks are the rooms of staff.
type desks struct {
	cfg     Config
	station *catv.Station
	health  *health.Service
	booking *booking.Service
	staff   *staffroom.Room[staffing]

	operator, nurse, town *room.Room
}

// refusals is everything that the desks refuse.
var refusals = room.Table{
	Words: room.Plain, Otherwise: room.BadAnswer,
	Own: []room.Refusal{
		room.Rule(catv.ErrContract, http.StatusUnprocessableEntity, "contract"),
		room.Rule(catv.ErrContractExists, http.StatusConflict, "contract_exists"),
		room.Rule(catv.ErrNoContract, http.StatusNotFound, "no_contract"),
		room.Rule(catv.ErrNoViewer, http.StatusNotFound, "no_viewer"),
		room.Rule(catv.ErrCodeUsed, http.StatusConflict, "code_used"),
		room.Rule(health.ErrMeasure, http.StatusNotFound, "no_measure"),
		room.Rule(health.ErrNoChoice, http.StatusUnprocessableEntity, "no_choice"),
		room.Rule(health.ErrReading, http.StatusUnprocessableEntity, "reading"),
		room.Rule(health.ErrText, http.StatusUnprocessableEntity, "text"),
		room.Rule(health.ErrNotInTheDay, http.StatusUnprocessableEntity, "day"),
	},
}

// match finds an error's line. What the nurse entered leads back to whom it was
// for.
func match(err error) (room.Refusal, bool) {
	r, ok := refusals.Match(err)
	if errors.As(err, new(*health.RangeError)) {
		r.Say = room.Rule(err, 0, "range").Say
	}
	if at, entered := errors.AsType[*atParticipant](err); entered {
		r.Next = []ui.Link{{Text: ways.participant, Href: participantPath(at.id)}}
	}
	return r, ok
}

// Mount opens the desks.
func Mount(e *echo.Echo, cfg Config) error {
	entrance, err := room.New(room.Site(cfg.Lobby, cfg.Now), templates, match)
	if err != nil {
		return err
	}
	at := func(d deskName) *room.Room { return entrance.Under(deskSite(d, cfg.Lobby, cfg.Now)) }
	w := &desks{
		cfg: cfg, station: cfg.Station, health: cfg.Health, booking: cfg.Booking, staff: newStaff(cfg, entrance),
		operator: at(operatorDesk), nurse: at(nurseDesk), town: at(townDesk),
	}
	w.mount(e, entrance)
	return nil
}

func (w *desks) mount(e *echo.Echo, entrance *room.Room) {
	w.staff.Mount(e, room.Private, entrance.Door().Errors)

	o := e.Group("/operator", room.Private, w.operator.Door().Errors, w.only(operatorDesk))
	o.GET("", w.contracts)
	o.GET("/contracts/:number", w.contract)
	o.POST("/contracts/:number/viewers/:viewer/leave", w.viewerLeaves)
	o.POST("/contracts/:number/places/:place/code", w.newCode)

	n := e.Group("/nurse", room.Private, w.nurse.Door().Errors, w.only(nurseDesk))
	n.GET("", w.participants)
	n.GET("/viewers/:viewer", w.participant)
	n.POST("/viewers/:viewer/readings", w.entering("reading", w.enterReading))
	n.POST("/viewers/:viewer/checkups", w.entering("checkup", w.enterCheckup))
	n.POST("/viewers/:viewer/messages", w.entering("message", w.writeMessage))
	n.POST("/viewers/:viewer/reminders", w.entering("reminder", w.writeReminder))

	e.GET("/municipality", w.dayList, room.Private, w.town.Door().Errors, w.only(townDesk))

	v := e.Group("/operator/v1", door.ScriptsOnly(), room.Private, w.operator.Door().Errors, w.staff.Scripts("operator"))
	v.POST("/contracts", w.installJSON)
	v.GET("/contracts", w.contractsJSON)
}

// only lets staff of a desk in; others are led to the sign-in.
func (w *desks) only(d deskName) echo.MiddlewareFunc {
	return w.staff.OnlyAs(string(d), func(at staffing) bool { return at.At == d })
}

// id reads a number out of an address; 0, which nothing has, for what is none.
func id(c echo.Context, name string) int64 {
	n, err := strconv.ParseInt(c.Param(name), 10, 64)
	if err != nil {
		return 0
	}
	return n
}
