package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/internal/door"
)

// officerHeader names the officer who acts, beside the officers' key. Without it
// the key alone may do everything, as the authority itself.
const officerHeader = "JPKI-Officer"

// officerName is where a request keeps its officer.
const officerName = "officer"

// post lets in the officers of a role, with the officers' key.
func (h *house) post(role desk.Role) echo.MiddlewareFunc {
	keyed := h.staff.Scripts("municipal counter")
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return keyed(func(c echo.Context) error {
			id := c.Request().Header.Get(officerHeader)
			if id == "" {
				return next(c)
			}
			officer, ok := h.desks.Officer(id)
			switch {
			case !ok:
				return door.Problem{Status: http.StatusForbidden, Code: "unknown_officer", Detail: "no officer of that name"}
			case !officer.May(role):
				return door.Problem{Status: http.StatusForbidden, Code: "not_your_post", Detail: "the officer's post does not allow this", Extra: map[string]any{"role": string(role)}}
			}
			c.Set(officerName, officer)
			return next(c)
		})
	}
}

// officer gives the officer of a request; the zero officer serves everybody.
func officer(c echo.Context) desk.Officer {
	o, _ := c.Get(officerName).(desk.Officer)
	return o
}

// by puts the officer of the request into what the journal says of it.
func by(c echo.Context, said desk.By) desk.By {
	if o := officer(c); o.ID != "" {
		return o.By(said.Why).Having(said.Seen)
	}
	return said
}
