package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/ui"
)

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

func (w *desks) askSignIn(c echo.Context) error {
	return w.showSignIn(c, http.StatusOK, staffPage{To: deskName(c.QueryParam("to"))})
}

func (w *desks) showSignIn(c echo.Context, status int, page staffPage) error {
	for _, d := range []deskName{operatorDesk, nurseDesk, townDesk} {
		page.Desks = append(page.Desks, deskChoice{d, deskNames[d]})
	}
	return w.entrance.ShowAs(c, status, "staff", titles.staff, page)
}

func (w *desks) signIn(c echo.Context) error {
	in, err := door.Read[struct {
		Desk deskName
		Key  string
	}](c)
	if err != nil {
		return err
	}
	right, err := w.keys.Admit(c, in.Key)
	if err != nil {
		return err
	}
	if _, known := deskNames[in.Desk]; !known || !right {
		return w.showSignIn(c, http.StatusForbidden, staffPage{To: in.Desk, Wrong: true})
	}
	w.posts.Renew(c, staffing{At: in.Desk})
	return c.Redirect(http.StatusSeeOther, "/"+string(in.Desk))
}

func (w *desks) signOut(c echo.Context) error {
	w.posts.End(c)
	return c.Redirect(http.StatusSeeOther, "/staff")
}

// installJSON enters a contract for a program.
func (w *desks) installJSON(c echo.Context) error {
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
func (w *desks) contractsJSON(c echo.Context) error {
	all, err := w.station.Contracts(c.Request().Context())
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]any{"contracts": all})
}
