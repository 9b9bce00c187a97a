package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/ui"
)

// deskName is where somebody of staff works.
type deskName string

// The desks. Whoever signs in at one sees no other's pages.
const (
	operatorDesk deskName = "operator"     // みほんケーブルテレビ
	nurseDesk    deskName = "nurse"        // 保健師
	townDesk     deskName = "municipality" // みほん市 施設担当
)

// keyDesk is where a request keeps the desk that it is at.
const keyDesk = "catv.desk"

// desk is a session of staff.
type desk struct{ At deskName }

// staffPage is the sign-in of staff.
type staffPage struct {
	Desks []deskChoice
	To    deskName
	Wrong bool
}

type deskChoice struct {
	ID   deskName
	Name ui.Text
}

// desk lets only staff of a desk in; others are led to the sign-in.
func (w *set) desk(d deskName) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if at, ok := w.desks.Load(c); !ok || at.At != d {
				return c.Redirect(http.StatusSeeOther, "/staff?to="+string(d))
			}
			c.Set(keyDesk, d)
			ui.SignedIn(c, deskNames[d].In(ui.LangOf(c)), "/staff/signout")
			return next(c)
		}
	}
}

func choices() []deskChoice {
	var all []deskChoice
	for _, d := range []deskName{operatorDesk, nurseDesk, townDesk} {
		all = append(all, deskChoice{d, deskNames[d]})
	}
	return all
}

func (w *set) staffSignIn(c echo.Context) error {
	return w.show(c, "staff", titles.staff, staffPage{Desks: choices(), To: deskName(c.QueryParam("to"))})
}

func (w *set) staffEnter(c echo.Context) error {
	in, err := door.Read[struct {
		Desk deskName
		Key  string
	}](c)
	if err != nil {
		return err
	}
	right, err := w.staff.Admit(c, in.Key)
	if err != nil {
		return err
	}
	if _, known := deskNames[in.Desk]; !known || !right {
		return w.pages.Render(c, http.StatusForbidden, "staff", titles.staff, staffPage{Desks: choices(), To: in.Desk, Wrong: true})
	}
	w.desks.Renew(c, desk{At: in.Desk})
	return c.Redirect(http.StatusSeeOther, "/"+string(in.Desk))
}

func (w *set) staffLeave(c echo.Context) error {
	w.desks.End(c)
	return c.Redirect(http.StatusSeeOther, "/staff")
}

// installJSON enters a contract for a program.
func (w *set) installJSON(c echo.Context) error {
	in, err := door.Read[catv.Contract](c)
	if err != nil {
		return err
	}
	if err := w.station.Install(c.Request().Context(), in); err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, map[string]any{"number": in.Number, "box": in.Box})
}

// contractsJSON lists the contracts for a program.
func (w *set) contractsJSON(c echo.Context) error {
	all, err := w.station.Contracts(c.Request().Context())
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]any{"contracts": all})
}
