package web

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/session"
	"example.jp/jpkimock/internal/ui"
)

// visit is what the house remembers of a set's browser. Its pointers are
// replaced, never written through.
type visit struct {
	// Secret is what this browser shows when it comes for a card's answer.
	Secret string
	// Nonce is the challenge of a program, which has no set.
	Nonce string
	// Papers are contract papers that were read, for an enrolment.
	Papers *papers
	// Viewer is who is signed in; nil for nobody.
	Viewer *watching
	// Login is a sign-in at the common platform that is under way.
	Login *login
	// Said is told once, on the next home screen.
	Said said
}

// InUse reports that somebody is signed in.
func (v visit) InUse() bool { return v.Viewer != nil }

// watching is a viewer in a session.
type watching struct {
	ID       catv.ViewerID
	Nickname catv.Nickname
	// Presence is the card agent's word for the card on the reader. Script is a
	// program's session, which has no reader and no Presence.
	Presence string
	Script   bool
	// Health and Booking: the common platform has told the service who this is.
	Health, Booking bool
	// Confirmed: the authority was asked in this visit and said that the
	// residency stands.
	Confirmed bool
}

// may reports whether the platform has told a service who this is.
func (v watching) may(s catv.Service) bool {
	return s == catv.Health && v.Health || s == catv.Booking && v.Booking
}

// said is something to be told once.
type said string

const (
	saidGone     said = "gone"     // the card was taken away
	saidIdle     said = "idle"     // nobody pressed a key
	saidOut      said = "out"      // signed out by hand
	saidEnrolled said = "enrolled" // welcome
	saidStopped  said = "stopped"  // stopped at the card
	saidBox      said = "box"      // a box was chosen
)

// signedOutError is a request that needs somebody signed in.
type signedOutError struct{ Why session.Ending }

func (e *signedOutError) Error() string { return "catv: web: nobody is signed in " + string(e.Why) }

// errCardGone is a request of somebody whose card has left the reader.
var errCardGone = errors.New("catv: web: the card has been taken away")

// screen gives a page the shape of the set, and shows nobody's page without
// their card: one that has left the reader ends the session here.
func (w *set) screen(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		ui.Face(c, "tv")
		v, _ := w.visits.Load(c)
		if v.Viewer == nil {
			return next(c)
		}
		if !w.there(c.Request().Context(), *v.Viewer, v.Viewer.Presence) {
			w.visits.Renew(c, visit{Said: saidGone})
			if c.Path() == "/" || c.Path() == "/set" || c.Path() == "/signout" {
				return next(c)
			}
			return errCardGone
		}
		ui.SignedIn(c, string(v.Viewer.Nickname), "/signout")
		return next(c)
	}
}

// there reports whether a card of a viewer's still lies on the set's reader. A
// program's session has none to watch.
func (w *set) there(ctx context.Context, who watching, presence string) bool {
	return who.Script && presence == "" || w.reader.There(ctx, presence)
}

// viewer gives who is signed in.
func (w *set) viewer(c echo.Context) (*watching, error) {
	v, ok := w.visits.Load(c)
	if v.Viewer != nil {
		return v.Viewer, nil
	}
	why := session.Ending("")
	if !ok {
		why = w.visits.Ended(c)
	}
	return nil, &signedOutError{Why: why}
}

// updateViewer changes what the session knows of who is signed in, unless
// somebody else is by now.
func (w *set) updateViewer(c echo.Context, id catv.ViewerID, change func(*watching)) {
	w.visits.Update(c, func(v *visit) {
		if v.Viewer != nil && v.Viewer.ID == id {
			now := *v.Viewer
			change(&now)
			v.Viewer = &now
		}
	})
}

// me gives the ID of who is signed in, behind granted.
func me(c echo.Context) catv.ViewerID {
	id, _ := c.Get("catv.me").(catv.ViewerID)
	return id
}

// granted lets only those in whom the common platform has named to a service.
// Others are led there.
func (w *set) granted(s catv.Service) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			who, err := w.viewer(c)
			if err != nil {
				return err
			}
			if !who.may(s) {
				return c.Redirect(http.StatusSeeOther, "/"+string(s)+"/enter")
			}
			c.Set("catv.me", who.ID)
			return next(c)
		}
	}
}

// state tells the page's script who is watched: the card agent's word for the
// card, and when to give the set back to nobody.
func (w *set) state(c echo.Context) error {
	v, _ := w.visits.Load(c)
	answer := map[string]any{"viewer": v.Viewer != nil, "idle": int(Idle / time.Second), "agent": w.cfg.AgentURL, "presence": ""}
	if v.Viewer != nil {
		answer["presence"] = v.Viewer.Presence
	}
	return c.JSON(http.StatusOK, answer)
}

// keepAlive keeps a session while keys are pressed on one page.
func (w *set) keepAlive(c echo.Context) error {
	w.visits.Load(c)
	return c.NoContent(http.StatusNoContent)
}

// signOut ends the session; the page's script says why it does.
func (w *set) signOut(c echo.Context) error {
	in, err := door.Read[struct{ Why said }](c)
	if err != nil {
		return err
	}
	if in.Why != saidGone && in.Why != saidIdle {
		in.Why = saidOut
	}
	w.visits.Renew(c, visit{Said: in.Why})
	return door.Answer(c, http.StatusNoContent, nil, door.See("/"))
}

// signOutAll ends every session of a viewer.
func (w *set) signOutAll(id catv.ViewerID) {
	w.visits.EndAll(func(v visit) bool { return v.Viewer != nil && v.Viewer.ID == id })
}
