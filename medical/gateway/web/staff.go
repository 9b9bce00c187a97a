package web

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/staffroom"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/medical/gateway"
)

// staffPath is where the card company's staff are.
const staffPath = "/staff"

// ledgerPage is what the staff see.
type ledgerPage struct {
	Payments []gateway.Payment
	Waiting  []gateway.Notice
	*house
}

// Shop gives the name of a merchant.
func (p ledgerPage) Shop(id string) ui.Text { return p.nameOf(id) }

// mountStaff lists what the staff see and do.
func (h *house) mountStaff(e *echo.Echo) {
	staff := staffroom.New(staffroom.Config[staffroom.Clerk]{
		At: staffPath + "/signin", Out: staffPath + "/signout", Front: staffPath, Cookie: "jpkimock_gateway_staff", Key: h.cfg.StaffKey, Now: h.cfg.Now, Pages: h.pages,
	})
	staff.Mount(e)
	g := e.Group(staffPath, staff.Only)
	g.GET("", h.ledger)
	g.POST("/notices", h.send)
}

func (h *house) ledger(c echo.Context) error {
	payments, waiting, err := h.Ledger(c.Request().Context())
	if err != nil {
		return err
	}
	return h.pages.Render(c, http.StatusOK, "ledger", word("title.ledger"), ledgerPage{payments, waiting, h})
}

// send delivers all notices that wait, due or not.
func (h *house) send(c echo.Context) error {
	if err := h.Notify(c.Request().Context(), h.cfg.Now().Add(24*time.Hour)); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, staffPath)
}
