package door

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
)

// Page is how an answer looks to people.
type Page interface {
	show(c echo.Context) error
}

// See leads to another page (303), as after a form.
type See string

func (s See) show(c echo.Context) error { return c.Redirect(http.StatusSeeOther, string(s)) }

// Shown draws a page.
type Shown func(c echo.Context) error

func (s Shown) show(c echo.Context) error { return s(c) }

// Answer is the one way a handler answers at an address that people and programs
// share: JSON of v with the status, or the page. A program gets 204 if v is nil,
// and with 201 the address that a person would be led to, in Location.
//
//	made, err := w.bank.Transfer(ctx, order)
//	if err != nil {
//		return err
//	}
//	return door.Answer(c, http.StatusCreated, transferJSON(made), door.See("/transfers/"+made.Reference))
func Answer(c echo.Context, status int, v any, page Page) error {
	if !WantsJSON(c.Request()) {
		return page.show(c)
	}
	h := c.Response().Header()
	h.Set("Cache-Control", "no-store")
	if at, ok := page.(See); ok && status == http.StatusCreated {
		made, _, _ := strings.Cut(string(at), "?") // which only says how to greet a person there
		h.Set(echo.HeaderLocation, made)
	}
	if v == nil {
		return c.NoContent(http.StatusNoContent)
	}
	return c.JSON(status, v)
}
