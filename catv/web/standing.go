package web

import (
	"errors"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/catv/booking"
	"example.jp/jpkimock/internal/ui"
)

// applicant is who has shown their card at a computer to look at their residency.
type applicant struct {
	ID       catv.ViewerID
	Nickname string
	// Confirmed: the authority was asked in this visit and said that the
	// residency stands.
	Confirmed bool
}

// standingPage says at a computer how a residency stands: to who has shown the
// card, and to others where to lay it.
type standingPage struct {
	Agent, Nonce string // of the card's answer that is waited for
	Known        bool
	Standing     standing
	History      []proofLine
	// Unsure: the withdrawal was sent without the tick that confirms it.
	Unsure bool
}

// proofLine is a proof of residency with its end, if it has one.
type proofLine struct {
	booking.Residency
	Ended time.Time
	Why   ui.Text
}

func newProofLine(r booking.Residency) proofLine {
	line := proofLine{Residency: r, Ended: r.Lapse.At, Why: lapseSayings[r.Lapse.Why].Short}
	if r.Lapse.Why == "" && !r.ReplacedAt.IsZero() {
		line.Ended, line.Why = r.ReplacedAt, replacedByAnother
	}
	return line
}

// residencyStanding shows how a residency stands, or asks for the card.
func (w *set) residencyStanding(c echo.Context) error {
	return w.showStanding(c, http.StatusOK, standingPage{})
}

func (w *set) showStanding(c echo.Context, status int, page standingPage) error {
	v, _ := w.visits.Load(c)
	if v.Applicant == nil {
		nonce, err := w.newNonce(c, nil)
		if err != nil {
			return err
		}
		page.Agent, page.Nonce = w.cfg.AgentURL, nonce
		return w.pages.Render(c, status, "standing", titles.standing, page)
	}
	ui.SignedIn(c, v.Applicant.Nickname, "/residency/signout")
	ctx := c.Request().Context()
	var err error
	if page.Standing, err = w.standingOf(ctx, v.Applicant.ID, v.Applicant.Confirmed); err != nil {
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
	all, err := w.booking.Residencies(ctx, v.Applicant.ID)
	if err != nil {
		return err
	}
	for _, r := range all {
		page.History = append(page.History, newProofLine(r))
	}
	page.Known = true
	return w.pages.Render(c, status, "standing", titles.standing, page)
}

// standingSignIn takes the card's answer (資格確認). The session gets a new
// identifier; what else it holds stays.
func (w *set) standingSignIn(c echo.Context) error {
	nonce, err := w.takeNonce(c)
	if err != nil {
		return err
	}
	who, err := w.station.SignIn(c.Request().Context(), []byte(c.FormValue("token")), nonce)
	if err != nil {
		return err
	}
	v, _ := w.visits.Load(c)
	v.Applicant = &applicant{ID: who.ID, Nickname: who.Nickname}
	w.visits.Renew(c, v)
	return c.Redirect(http.StatusSeeOther, "/residency/standing")
}

// withdrawAtComputer takes the consent back, as the set does.
func (w *set) withdrawAtComputer(c echo.Context) error {
	v, _ := w.visits.Load(c)
	if v.Applicant == nil {
		return c.Redirect(http.StatusSeeOther, "/residency/standing")
	}
	if c.FormValue("sure") == "" {
		return w.showStanding(c, http.StatusUnprocessableEntity, standingPage{Unsure: true})
	}
	err := w.booking.WithdrawResidency(c.Request().Context(), v.Applicant.ID)
	if err != nil && !errors.Is(err, booking.ErrNoResidency) {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/residency/standing")
}

// standingSignOut forgets who looked.
func (w *set) standingSignOut(c echo.Context) error {
	w.visits.Update(c, func(v *visit) { v.Applicant = nil })
	return c.Redirect(http.StatusSeeOther, "/residency")
}
