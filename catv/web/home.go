package web

import (
	"errors"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/internal/cookie"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/ui"
)

// homePage is the home screen: the channel, the services, notices and the clock.
type homePage struct {
	Now      time.Time
	Program  program
	Sky      string // what the drawn channel's sky looks like: dawn, day, dusk, night
	Nickname catv.Nickname
	Greeting ui.Text
	Said     *notice
	Notices  []notice
	// Unread counts the nurse's new messages; it is shown once the health
	// service knows the viewer.
	Unread int
}

// home shows the home screen.
func (w *set) home(c echo.Context) error {
	now := w.cfg.Now()
	page := homePage{Now: now, Program: onAir(now), Sky: sky(now), Notices: notices()}
	v, ok := w.visits.Load(c)
	if ok && v.Said != "" {
		page.Said = saidNotice(v.Said)
		w.visits.Update(c, func(v *visit) { v.Said = "" })
	}
	if v.Viewer != nil {
		page.Nickname, page.Greeting = v.Viewer.Nickname, greeting(now)
		if v.Viewer.Health {
			unread, err := w.unread(c, v.Viewer.ID)
			if err != nil {
				return err
			}
			page.Unread = unread
		}
	}
	return w.Show(c, "home", titles.home, page)
}

func (w *set) unread(c echo.Context, id catv.ViewerID) (int, error) {
	all, err := w.health.Messages(c.Request().Context(), id)
	n := 0
	for _, m := range all {
		if m.ReadAt.IsZero() {
			n++
		}
	}
	return n, err
}

// channelPage is the channel on the whole screen, with what comes next.
type channelPage struct {
	Program program
	Sky     string
	Next    []program
}

// channel shows the community channel.
func (w *set) channel(c echo.Context) error {
	now := w.cfg.Now()
	return w.Show(c, "channel", titles.channel, channelPage{onAir(now), sky(now), upNext(now)})
}

// sky tells what the drawn channel's sky looks like.
func sky(now time.Time) string {
	switch h := now.In(jpki.JST).Hour(); {
	case h < 5 || h >= 19:
		return "night"
	case h < 8:
		return "dawn"
	case h < 16:
		return "day"
	}
	return "dusk"
}

// boxCookie names the set-top box of a set. A real box says it by its own
// certificate; here it is chosen at /box, or by who signs in.
var boxCookie = cookie.Cookie{Name: "jpkimock_catv_box", Life: 365 * 24 * time.Hour}

func boxOf(c echo.Context) catv.BoxID {
	box := boxCookie.Get(c)
	if len(box) > 32 {
		return ""
	}
	return catv.BoxID(box)
}

func rememberBox(c echo.Context, box catv.BoxID) { boxCookie.Set(c, string(box)) }

// boxPage is the mock's way to say which household's set this is.
type boxPage struct {
	Contracts []catv.Contract
	Box       catv.BoxID
}

// box shows the boxes to choose from.
func (w *set) box(c echo.Context) error {
	contracts, err := w.station.Contracts(c.Request().Context())
	if err != nil {
		return err
	}
	return w.Show(c, "box", titles.box, boxPage{contracts, boxOf(c)})
}

// chooseBox makes this set that of a box. Whoever is signed in is signed out.
func (w *set) chooseBox(c echo.Context) error {
	in, err := door.Read[struct{ Box catv.BoxID }](c)
	if err != nil {
		return err
	}
	contract, err := w.station.ContractOf(c.Request().Context(), in.Box)
	if errors.Is(err, catv.ErrNoContract) {
		return echo.ErrNotFound
	}
	if err != nil {
		return err
	}
	w.visits.Renew(c, visit{Said: saidBox})
	rememberBox(c, contract.Box)
	return c.Redirect(http.StatusSeeOther, "/")
}
