package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/internal/door"
)

// papers are contract papers that were read in this session.
type papers struct {
	Number   catv.ContractNumber
	Code     catv.RegistrationCode
	Label    catv.Name
	Nickname catv.Nickname
}

// enrolment is the papers with a card's answer.
func (p papers) enrolment(token []byte, nonce string) catv.Enrolment {
	return catv.Enrolment{Contract: p.Number, Code: p.Code, Nickname: p.Nickname, Token: token, Nonce: nonce}
}

// papersPage asks for the two numbers of the contract papers.
type papersPage struct {
	Number catv.ContractNumber // known from the set's box
	Wrong  bool
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
	return w.ShowAs(c, status, "enrol", titles.enrol, page)
}

// readPapers checks the two numbers.
func (w *set) readPapers(c echo.Context) error {
	in, err := door.Read[struct{ Contract, Code string }](c)
	if err != nil {
		return err
	}
	p := papers{Number: catv.ContractNumber(strings.TrimSpace(in.Contract)), Code: catv.RegistrationCode(strings.TrimSpace(in.Code))}
	place, err := w.station.Papers(c.Request().Context(), p.Number, p.Code)
	if errors.Is(err, catv.ErrCode) {
		if len(p.Number) != 6 {
			p.Number = "" // no contract's number
		}
		return w.showPapers(c, http.StatusUnprocessableEntity, papersPage{Number: p.Number, Wrong: true})
	}
	if err != nil {
		return err
	}
	p.Label = place.Label
	w.visits.Update(c, func(v *visit) { v.Papers = &p })
	return c.Redirect(http.StatusSeeOther, "/enrol/name")
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
	return w.Show(c, "enrolname", titles.name, namePage{v.Papers.Label, catv.Nicknames()})
}

// chooseName keeps the nickname.
func (w *set) chooseName(c echo.Context) error {
	in, err := door.Read[struct{ Nickname string }](c)
	if err != nil {
		return err
	}
	nickname := catv.Nickname(strings.TrimSpace(in.Nickname))
	if err := nickname.Check(); err != nil {
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

// askEnrolment shows the third step.
func (w *set) askEnrolment(c echo.Context) error {
	v, _ := w.visits.Load(c)
	if v.Papers == nil || v.Papers.Nickname == "" {
		return c.Redirect(http.StatusSeeOther, "/enrol")
	}
	return w.ask(c, "enrolcard", titles.enrolCard, purpose{Enrolment: v.Papers})
}

// enrolJSON enrols a viewer for a program.
func (w *set) enrolJSON(c echo.Context) error {
	in, err := door.Read[struct {
		Contract catv.ContractNumber
		Code     catv.RegistrationCode
		Nickname catv.Nickname
		Token    json.RawMessage
	}](c)
	if err != nil {
		return err
	}
	nonce, err := w.takeNonce(c)
	if err != nil {
		return err
	}
	p := papers{Number: in.Contract, Code: in.Code, Nickname: in.Nickname}
	who, err := w.station.Enrol(c.Request().Context(), p.enrolment(in.Token, nonce))
	if err != nil {
		return err
	}
	return w.welcomeJSON(c, http.StatusCreated, who)
}
