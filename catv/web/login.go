package web

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"net/http"

	"github.com/labstack/echo/v4"
	"golang.org/x/oauth2"

	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/internal/ui"
)

// login is a sign-in at the common platform that is under way.
type login struct {
	Service                catv.Service
	Viewer                 catv.ViewerID
	State, Nonce, Verifier string
}

// platformError is a refusal by the common platform, by its code (RFC 6749).
type platformError struct{ Code string }

func (e *platformError) Error() string { return "catv: web: the common platform refused: " + e.Code }

func (w *set) service(s catv.Service) service {
	return service{platform: w.platform, Client: w.clients[s], redirect: w.cfg.PublicURL + "/" + string(s) + "/callback"}
}

// enterPage explains why the common platform asks for the card.
type enterPage struct {
	Service catv.Service
	Booking bool
}

// enterService shows what will happen before the common platform's pages.
func (w *set) enterService(s catv.Service) echo.HandlerFunc {
	return func(c echo.Context) error {
		who, err := w.viewer(c)
		if err != nil {
			return err
		}
		if who.may(s) {
			return c.Redirect(http.StatusSeeOther, "/"+string(s))
		}
		return w.show(c, "enter", titles.service(s), enterPage{s, s == catv.Booking})
	}
}

// login leads to the common platform.
func (w *set) login(s catv.Service) echo.HandlerFunc {
	return func(c echo.Context) error {
		who, err := w.viewer(c)
		if err != nil {
			return err
		}
		l := login{Service: s, Viewer: who.ID, State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier()}
		to, err := w.service(s).start(c.Request().Context(), l, string(ui.LangOf(c)))
		if err != nil {
			return err
		}
		w.visits.Update(c, func(v *visit) { v.Login = &l })
		return c.Redirect(http.StatusSeeOther, to)
	}
}

// callback takes the platform's answer. The login leaves the session first, so
// that an answer is looked at once.
func (w *set) callback(s catv.Service) echo.HandlerFunc {
	return func(c echo.Context) error {
		who, err := w.viewer(c)
		if err != nil {
			return err
		}
		var l *login
		w.visits.Update(c, func(v *visit) { l, v.Login = v.Login, nil })
		if l == nil || l.Service != s || l.Viewer != who.ID || subtle.ConstantTimeCompare([]byte(l.State), []byte(c.QueryParam("state"))) != 1 {
			return errNoAnswer
		}
		if c.QueryParam("iss") != w.platform.issuer {
			return errTampered // RFC 9207 2.4: none is as bad as another's
		}
		if code := c.QueryParam("error"); code != "" {
			return &platformError{Code: code}
		}
		ctx := c.Request().Context()
		named, err := w.service(s).finish(ctx, *l, c.QueryParam("code"))
		if err != nil {
			return err
		}
		// The card that signed in here must still be the one on the reader, and so
		// must that which answered the platform.
		if !w.there(ctx, *who, who.Presence) || !w.there(ctx, *who, named.Presence) {
			w.visits.Renew(c, visit{Said: saidGone})
			return errCardGone
		}
		if err := w.link(ctx, s, who.ID, named.Sub); err != nil {
			return err
		}
		now := *who
		now.Health, now.Booking = now.Health || s == catv.Health, now.Booking || s == catv.Booking
		w.visits.Update(c, func(v *visit) {
			if v.Viewer != nil && v.Viewer.ID == now.ID {
				v.Viewer = &now
			}
		})
		return c.Redirect(http.StatusSeeOther, "/"+string(s))
	}
}

// link tells a service by which sub the platform knows a viewer there.
func (w *set) link(ctx context.Context, s catv.Service, id catv.ViewerID, sub string) error {
	if s == catv.Health {
		return w.health.Link(ctx, id, sub)
	}
	return w.booking.Link(ctx, id, sub)
}
