package web

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/catv"
	room "example.jp/jpkimock/catv/room/web"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/staffroom"
	"example.jp/jpkimock/internal/ui"
)

// newStaff opens the sign-in of staff: one key, and a choice of the desks.
func newStaff(cfg Config, entrance *room.Room) *staffroom.Room[staffing] {
	desks := &staffroom.Choice{Field: "desk", Label: ui.Text{JA: "担当", EN: "Desk"}, First: deskOf}
	for _, d := range []deskName{operatorDesk, nurseDesk, townDesk} {
		desks.All = append(desks.All, staffroom.Person{ID: string(d), Name: deskNames[d]})
	}
	return staffroom.New(staffroom.Config[staffing]{
		At: "/staff", Out: "/staff/signout", Rooms: []string{"/operator", "/nurse", "/municipality"},
		Lead: func(desk, asked string) string {
			if deskOf(asked) == desk {
				return asked
			}
			return "/" + desk
		},
		Pages: entrance.Pages(), Key: cfg.StaffKey, Now: cfg.Now, Cookie: "jpkimock_catv_staff", Staff: desks,
		Name:  func(at staffing) ui.Text { return deskNames[at.At] },
		Post:  func(desk string) staffing { return staffing{At: deskName(desk)} },
		Words: staffroom.Words{Wrong: ui.Text{JA: "鍵がちがうか、担当が選ばれていません。", EN: "The key is wrong, or no desk was chosen."}},
		Marks: staffroom.Marks{Who: "desk"},
	})
}

// deskOf gives the desk of a page.
func deskOf(path string) string {
	desk, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return desk
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
