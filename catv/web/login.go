package web

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/internal/oidcclient"
	"example.jp/jpkimock/internal/session"
	"example.jp/jpkimock/internal/ui"
)

// issuerPath is where the common platform's issuer is, as at デジタル認証アプリ.
const issuerPath = "/api/realms/main"

// login is a sign-in at the common platform that is under way.
type login struct {
	oidcclient.Login
	Service catv.Service
	Viewer  catv.ViewerID
}

// clients are the two services at the common platform.
func clients(cfg Config) map[catv.Service]*oidcclient.Client {
	platform := oidcclient.New(oidcclient.Config{
		Issuer: cfg.PlatformURL + issuerPath, Public: cfg.PlatformURL, Peer: cfg.PlatformPeer, Now: cfg.Now, HTTP: cfg.HTTP,
	})
	all := map[catv.Service]*oidcclient.Client{}
	for s, r := range map[catv.Service]oidcclient.Registration{catv.Health: cfg.HealthClient, catv.Booking: cfg.BookingClient} {
		r.Redirect = cfg.PublicURL + "/" + string(s) + "/callback"
		all[s] = platform.Client(r)
	}
	return all
}

// enterPage explains why the common platform asks for the card.
type enterPage struct {
	Service catv.Service
	Step    int // among those that ask for the PIN
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
		return w.Show(c, "enter", titles.service(s), enterPage{s, map[catv.Service]int{catv.Health: 2, catv.Booking: 3}[s]})
	}
}

// login leads to the common platform.
func (w *set) login(s catv.Service) echo.HandlerFunc {
	return func(c echo.Context) error {
		who, err := w.viewer(c)
		if err != nil {
			return err
		}
		l := login{Login: oidcclient.NewLogin(), Service: s, Viewer: who.ID}
		to, err := w.clients[s].Start(c.Request().Context(), l.Login,
			oidcclient.Param{Name: "jpki_face", Value: "tv"}, oidcclient.Param{Name: "ui_locales", Value: string(ui.LangOf(c))})
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
		l := session.Take(w.visits, c, func(v *visit) **login { return &v.Login })
		if l == nil || l.Service != s || l.Viewer != who.ID {
			return oidcclient.ErrNotAsked
		}
		ctx := c.Request().Context()
		named, err := w.clients[s].Finish(ctx, l.Login, c.QueryParams())
		if err != nil {
			return err
		}
		var beside struct {
			Presence string `json:"jpki_presence"` // the card agent's word for the card that answered there
		}
		if err := named.Claims(&beside); err != nil {
			return err
		}
		// The card that signed in here must still be the one on the reader, and so
		// must that which answered the platform.
		if !w.there(ctx, *who, who.Presence) || !w.there(ctx, *who, beside.Presence) {
			w.visits.Renew(c, visit{Said: saidGone})
			return errCardGone
		}
		if err := w.link(ctx, s, who.ID, named.Subject); err != nil {
			return err
		}
		w.updateViewer(c, who.ID, func(v *watching) {
			v.Health, v.Booking = v.Health || s == catv.Health, v.Booking || s == catv.Booking
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
