package web

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/catv/booking"
	room "example.jp/jpkimock/catv/room/web"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/session"
	"example.jp/jpkimock/internal/ui"
)

// applicant is who has shown their card to look at their residency.
type applicant struct {
	ID       catv.ViewerID
	Nickname catv.Nickname
	// Confirmed: the authority was asked in this visit and said that the
	// residency stands.
	Confirmed bool
}

// standingPage says how a residency stands: to who has shown the card, and to
// others where to lay it.
type standingPage struct {
	Agent, Nonce string // of the card's answer that is waited for
	Known        bool
	Standing     room.Standing
	History      []room.Proof
	// Unsure: the withdrawal was sent without the tick that confirms it.
	Unsure bool
}

// standing shows how a residency stands, or asks for the card.
func (w *pages) standing(c echo.Context) error {
	return w.showStanding(c, http.StatusOK, standingPage{})
}

func (w *pages) showStanding(c echo.Context, status int, page standingPage) error {
	v, _ := w.visits.Load(c)
	if v.Applicant == nil {
		nonce, err := w.cfg.Station.Challenge(c.Request().Context())
		if err != nil {
			return err
		}
		w.visits.Update(c, func(v *visit) { v.Nonce = nonce })
		page.Agent, page.Nonce = w.cfg.AgentURL, nonce
		return w.ShowAs(c, status, "standing", titles.standing, page)
	}
	ui.SignedIn(c, string(v.Applicant.Nickname), "/residency/signout")
	ctx := c.Request().Context()
	var err error
	if page.Standing, err = room.StandingOf(ctx, w.cfg.Booking, v.Applicant.ID, v.Applicant.Confirmed); err != nil {
		return err
	}
	if page.Standing.Confirmed() {
		now := *v.Applicant
		now.Confirmed = true
		w.visits.Update(c, func(v *visit) {
			if v.Applicant != nil && v.Applicant.ID == now.ID {
				v.Applicant = &now
			}
		})
	}
	all, err := w.cfg.Booking.Residencies(ctx, v.Applicant.ID)
	if err != nil {
		return err
	}
	for _, r := range all {
		page.History = append(page.History, room.ProofOf(r))
	}
	page.Known = true
	return w.ShowAs(c, status, "standing", titles.standing, page)
}

// signIn takes the card's answer (資格確認). The session gets a new identifier; an
// application that waits for its signature stays.
func (w *pages) signIn(c echo.Context) error {
	token, err := rpweb.ReadToken(c)
	if err != nil {
		return err
	}
	nonce := session.Take(w.visits, c, func(v *visit) *string { return &v.Nonce })
	if nonce == "" {
		return rpweb.ErrNotAsked
	}
	who, err := w.cfg.Station.SignIn(c.Request().Context(), token, nonce)
	if err != nil {
		return err
	}
	v, _ := w.visits.Load(c)
	w.visits.Renew(c, visit{Draft: v.Draft, Applicant: &applicant{ID: who.ID, Nickname: who.Nickname}})
	return c.Redirect(http.StatusSeeOther, "/residency/standing")
}

// withdraw takes the consent back, as the set does.
func (w *pages) withdraw(c echo.Context) error {
	v, _ := w.visits.Load(c)
	if v.Applicant == nil {
		return c.Redirect(http.StatusSeeOther, "/residency/standing")
	}
	in, err := door.Read[struct{ Sure bool }](c)
	if err != nil {
		return err
	}
	if !in.Sure {
		return w.showStanding(c, http.StatusUnprocessableEntity, standingPage{Unsure: true})
	}
	err = w.cfg.Booking.WithdrawResidency(c.Request().Context(), v.Applicant.ID)
	if err != nil && !errors.Is(err, booking.ErrNoResidency) {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/residency/standing")
}

// signOut forgets who looked.
func (w *pages) signOut(c echo.Context) error {
	w.visits.Update(c, func(v *visit) { v.Applicant = nil })
	return c.Redirect(http.StatusSeeOther, "/residency")
}
