package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/ui"
)

// papers are contract papers that were read in this session.
type papers struct {
	Number   catv.ContractNumber
	Code     catv.RegistrationCode
	Label    catv.Name
	Nickname string
}

// papersPage asks for the two numbers of the contract papers.
type papersPage struct {
	Number catv.ContractNumber // known from the set's box
	Wrong  *ui.Text
}

// papers shows the first step of an enrolment.
func (w *set) papers(c echo.Context) error {
	return w.showPapers(c, http.StatusOK, papersPage{})
}

func (w *set) showPapers(c echo.Context, status int, page papersPage) error {
	if page.Number == "" {
		if contract, err := w.station.ContractOf(c.Request().Context(), boxOf(c)); err == nil {
			page.Number = contract.Number
		}
	}
	return w.pages.Render(c, status, "enrol", titles.enrol, page)
}

// readPapers checks the two numbers.
func (w *set) readPapers(c echo.Context) error {
	p := papers{
		Number: catv.ContractNumber(strings.TrimSpace(c.FormValue("contract"))),
		Code:   catv.RegistrationCode(strings.TrimSpace(c.FormValue("code"))),
	}
	place, err := w.station.Papers(c.Request().Context(), p.Number, p.Code)
	if errors.Is(err, catv.ErrCode) {
		wrong := sayings.code.why
		return w.showPapers(c, http.StatusUnprocessableEntity, papersPage{Number: clip(p.Number), Wrong: &wrong})
	}
	if err != nil {
		return err
	}
	p.Label = place.Label
	w.visits.Update(c, func(v *visit) { v.Papers, v.Nonce = &p, "" })
	return c.Redirect(http.StatusSeeOther, "/enrol/name")
}

// clip leaves out what is no contract's number.
func clip(n catv.ContractNumber) catv.ContractNumber {
	if len(n) != 6 {
		return ""
	}
	return n
}

// namePage offers nicknames.
type namePage struct {
	Label     catv.Name
	Nicknames []catv.Name
}

// askName shows the second step.
func (w *set) askName(c echo.Context) error {
	v, _ := w.visits.Load(c)
	if v.Papers == nil {
		return c.Redirect(http.StatusSeeOther, "/enrol")
	}
	return w.show(c, "enrolname", titles.name, namePage{v.Papers.Label, catv.Nicknames()})
}

// chooseName keeps the nickname.
func (w *set) chooseName(c echo.Context) error {
	nickname := strings.TrimSpace(c.FormValue("nickname"))
	if err := catv.CheckNickname(nickname); err != nil {
		return err
	}
	v, _ := w.visits.Load(c)
	if v.Papers == nil {
		return c.Redirect(http.StatusSeeOther, "/enrol")
	}
	p := *v.Papers
	p.Nickname = nickname
	w.visits.Update(c, func(v *visit) { v.Papers = &p })
	return c.Redirect(http.StatusSeeOther, "/enrol/card")
}

// askCard shows the third step.
func (w *set) askCard(c echo.Context) error {
	v, _ := w.visits.Load(c)
	if v.Papers == nil || v.Papers.Nickname == "" {
		return c.Redirect(http.StatusSeeOther, "/enrol")
	}
	return w.askAnswer(c, "enrolcard", titles.enrolCard, v.Papers)
}

// enrol takes the card's answer to the station.
func (w *set) enrol(c echo.Context, p papers, it arrival, nonce string) error {
	who, err := w.station.Enrol(c.Request().Context(), catv.Enrolment{
		Contract: p.Number, Code: p.Code, Nickname: p.Nickname, Token: []byte(it.token), Nonce: nonce,
	})
	if err != nil {
		return err
	}
	w.welcome(c, watching{ID: who.ID, Nickname: who.Nickname, Presence: it.presence}, who.Contract, saidEnrolled)
	return c.Redirect(http.StatusSeeOther, "/")
}

// challenge gives a new challenge to a program.
func (w *set) challenge(c echo.Context) error {
	nonce, err := w.newNonce(c, nil)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]string{"nonce": nonce, "origin": w.cfg.PublicURL})
}

// viewerFace is a viewer in JSON.
type viewerFace struct {
	ID       catv.ViewerID       `json:"id"`
	Nickname string              `json:"nickname"`
	Contract catv.ContractNumber `json:"contract"`
}

// takeNonce takes the challenge out of the session.
func (w *set) takeNonce(c echo.Context) (nonce string, err error) {
	if _, ok := w.visits.Load(c); ok {
		w.visits.Update(c, func(v *visit) { nonce, v.Nonce = v.Nonce, "" })
	}
	if nonce == "" {
		return "", errNoAnswer
	}
	return nonce, nil
}

// enrolJSON enrols a viewer for a program.
func (w *set) enrolJSON(c echo.Context) error {
	in, err := door.Read[struct {
		Contract catv.ContractNumber
		Code     catv.RegistrationCode
		Nickname string
		Token    json.RawMessage
	}](c)
	if err != nil {
		return err
	}
	nonce, err := w.takeNonce(c)
	if err != nil {
		return err
	}
	who, err := w.station.Enrol(c.Request().Context(), catv.Enrolment{
		Contract: in.Contract, Code: in.Code, Nickname: in.Nickname, Token: in.Token, Nonce: nonce,
	})
	if err != nil {
		return err
	}
	w.welcome(c, watching{ID: who.ID, Nickname: who.Nickname, Script: true}, who.Contract, "")
	return c.JSON(http.StatusCreated, map[string]any{"viewer": viewerFace{who.ID, who.Nickname, who.Contract}})
}

// signInJSON signs a viewer in for a program. No reader is watched.
func (w *set) signInJSON(c echo.Context) error {
	token, err := rpweb.ReadToken(c)
	if err != nil {
		return err
	}
	nonce, err := w.takeNonce(c)
	if err != nil {
		return err
	}
	who, err := w.station.SignIn(c.Request().Context(), token, nonce)
	if err != nil {
		return err
	}
	w.welcome(c, watching{ID: who.ID, Nickname: who.Nickname, Script: true}, who.Contract, "")
	return c.JSON(http.StatusOK, map[string]any{"viewer": viewerFace{who.ID, who.Nickname, who.Contract}})
}
