package web

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/cookie"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/rp/platform"
)

// ticketOf is the cookie that binds a request to the browser that brought it, on
// the pages of that request only.
func ticketOf(login string) cookie.Cookie {
	return cookie.Cookie{Name: "jpkimock_platform_ticket", Path: loginPath(login), Life: platform.LoginLifetime}
}

// authorize is the authorization endpoint (OpenID Connect Core 3.1.2), by GET or
// POST. A request in order leads to its sign-in page.
func (w *entrance) authorize(c echo.Context) error {
	r := c.Request()
	if err := door.ParseForm(r); err != nil {
		return err
	}
	q := r.Form
	if r.Method == http.MethodPost {
		q = r.PostForm
	}
	ask, err := w.platform.ReadAsk(r.Context(), q)
	if err != nil {
		return w.tellService(c, err)
	}
	pick, err := w.headersPick(r, ask)
	if err != nil {
		return w.tellService(c, err)
	}
	ask.From = c.RealIP()
	login, err := w.platform.Begin(r.Context(), ask)
	if err != nil {
		return w.tellService(c, err)
	}
	ticketOf(login.ID).Set(c, login.Ticket)
	to := loginPath(login.ID)
	if pick != nil {
		to = testerPath(login.ID) + "/picked"
		if err := w.chosen.Put(login.ID, *pick); err != nil {
			return err
		}
	}
	if ask.Lang != "" {
		to += "?lang=" + ask.Lang
	}
	return c.Redirect(http.StatusSeeOther, to)
}

// tellService sends a refusal to the service's redirect URI, if that is to be
// trusted; else it stays with the person.
func (w *entrance) tellService(c echo.Context, err error) error {
	var no *platform.OAuthError
	if errors.As(err, &no) && no.ReturnTo != "" {
		return c.Redirect(http.StatusSeeOther, w.platform.ErrorURL(no))
	}
	return err
}

func loginPath(id string) string { return "/login/" + url.PathEscape(id) }
