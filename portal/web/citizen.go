package web

import (
	"encoding/base64"
	"net/http"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/portal"
	"example.jp/jpkimock/rp"
)

func (w *entrance) front(c echo.Context) error {
	return w.show(c, "front", titles.front, frontPage{w.portal.Partners(), picture(0)})
}

type frontPage struct {
	Partners []portal.Partner
	Steps    []step
}

// signInPage carries the challenge that the card will answer.
type signInPage struct{ Nonce, Agent, Next string }

func (w *entrance) askSignIn(c echo.Context) error {
	nonce, err := w.challenges().Ask(c)
	if err != nil {
		return err
	}
	next := door.NextPage(c.QueryParam("next"), "", rooms...)
	return w.show(c, "signin", titles.signIn, signInPage{nonce, w.cfg.AgentURL, next})
}

// rooms are the pages that a sign-in goes on to.
var rooms = []string{"/me", "/partners", "/apply", "/applications", "/box"}

// challenges are those of the sign-in.
func (w *entrance) challenges() rpweb.Challenges[visit] {
	return rpweb.Challenges[visit]{
		Visits: w.visits, Nonce: func(v *visit) *string { return &v.Nonce }, New: w.portal.Challenge, Origin: w.cfg.PublicURL,
	}
}

// signIn takes the card's answer. With a card that nobody has enrolled it goes on to the
// enrolment.
func (w *entrance) signIn(c echo.Context) error {
	token, nonce, err := w.challenges().Answer(c)
	if err != nil {
		return err
	}
	if nonce == "" {
		return errNoNonce
	}
	in, err := w.portal.SignIn(c.Request().Context(), token, nonce)
	if err != nil {
		return err
	}
	if in.Citizen == nil {
		w.visits.Renew(c, visit{Card: in.Card})
		return door.Answer(c, http.StatusOK, map[string]any{"enrolled": false}, door.See("/enrol"))
	}
	w.visits.Renew(c, visit{Citizen: in.Citizen.ID, Name: in.Citizen.Four.CommonName})
	next := door.NextPage(c.QueryParam("next"), "/me", rooms...)
	return door.Answer(c, http.StatusOK, map[string]any{"enrolled": true, "standing": in.Citizen.Standing}, door.See(next))
}

func (w *entrance) signOut(c echo.Context) error {
	w.visits.End(c)
	return door.Answer(c, http.StatusOK, nil, door.See("/"))
}

func (w *entrance) askEnrol(c echo.Context) error {
	if v, _ := w.visits.Load(c); v.Card.IsZero() {
		return c.Redirect(http.StatusSeeOther, "/signin")
	}
	return w.show(c, "enrol", titles.enrol, nil)
}

func (w *entrance) draftEnrolment(c echo.Context) error {
	if v, _ := w.visits.Load(c); v.Card.IsZero() {
		return errSignedOut
	}
	in, err := door.Read[struct {
		Mail string `json:"mail"`
	}](c)
	if err != nil {
		return err
	}
	e, err := w.portal.DraftEnrolment(in.Mail)
	if err != nil {
		return err
	}
	w.visits.Update(c, func(v *visit) { v.Enrolment = &e })
	return door.Answer(c, http.StatusOK, map[string]any{"document": documentJSON(e.Document)}, door.See("/enrol/draft"))
}

// signPage is a document with the button that opens the card's window.
type signPage struct {
	Document              rp.Document
	Base64, Agent, Action string
	Heading, Button, Back ui.Text
	BackTo, EN            string
	Sheets                []sheetLine
}

func (w *entrance) signPage(d rp.Document) signPage {
	return signPage{Document: d, Base64: base64.StdEncoding.EncodeToString([]byte(d.Content)), Agent: w.cfg.AgentURL}
}

func documentJSON(d rp.Document) map[string]string {
	return map[string]string{"name": d.Name, "mediaType": d.MediaType, "content": base64.StdEncoding.EncodeToString([]byte(d.Content))}
}

func (w *entrance) showEnrolment(c echo.Context) error {
	v, _ := w.visits.Load(c)
	if v.Enrolment == nil {
		return errNoDraft
	}
	page := w.signPage(v.Enrolment.Document)
	page.Action, page.Heading, page.Button, page.Back, page.BackTo, page.EN = "/enrol", says.enrolment, says.enrolButton, says.change, "/enrol", says.enrolmentEN
	return w.show(c, "sign", titles.sign, page)
}

func (w *entrance) enrol(c echo.Context) error {
	v, _ := w.visits.Load(c)
	if v.Enrolment == nil {
		return errNoDraft
	}
	cms, err := rpweb.ReadCMS(c)
	if err != nil {
		return err
	}
	citizen, err := w.portal.Enrol(c.Request().Context(), v.Card, *v.Enrolment, cms)
	if err != nil {
		return err
	}
	w.visits.Renew(c, visit{Citizen: citizen.ID, Name: citizen.Four.CommonName})
	return door.Answer(c, http.StatusCreated, map[string]any{"enrolled": true}, door.See("/partners?welcome"))
}

// mePage is a citizen's first page.
type mePage struct {
	Citizen      portal.Citizen
	Connections  int
	Unread       int
	Applications []portal.Application
	Steps        []step
}

func (w *entrance) me(c echo.Context, citizen portal.Citizen) error {
	ctx := c.Request().Context()
	page := mePage{Citizen: citizen, Steps: picture(0)}
	if citizen.Standing.Moved() {
		page.Steps = picture(1)
	}
	if citizen.Standing == portal.Invited {
		page.Steps = picture(2)
	}
	connected, err := w.portal.Connections(ctx, citizen.ID)
	if err != nil {
		return err
	}
	page.Connections = len(connected)
	if _, page.Unread, err = w.portal.CountLetters(ctx, citizen.ID); err != nil {
		return err
	}
	if page.Applications, err = w.portal.Applications(ctx, citizen.ID); err != nil {
		return err
	}
	return door.Answer(c, http.StatusOK, map[string]any{
		"standing": citizen.Standing, "address": citizen.Four.Address, "name": citizen.Four.CommonName, "unread": page.Unread,
	}, w.shown("me", titles.me, page))
}

// partnerLine is a partner, or a registered sender, with a citizen's connection; nil for none.
type partnerLine struct {
	portal.Partner
	Connection *portal.Connection
}

func (w *entrance) lines(c echo.Context, citizen int64) (partners, senders []partnerLine, err error) {
	ctx := c.Request().Context()
	connected, err := w.portal.Connections(ctx, citizen)
	if err != nil {
		return nil, nil, err
	}
	registered, err := w.portal.Senders(ctx)
	for _, one := range w.portal.Partners() {
		partners = append(partners, partnerLine{one, portal.ConnectionWith(one.ID, connected)})
	}
	for _, s := range registered {
		senders = append(senders, partnerLine{portal.Partner{ID: s.ID, Name: s.Name, NameEN: s.NameEN}, portal.ConnectionWith(s.ID, connected)})
	}
	return partners, senders, err
}

type partnersPage struct {
	Lines, Senders []partnerLine
	Welcome        bool
}

func (w *entrance) partners(c echo.Context, citizen portal.Citizen) error {
	lines, senders, err := w.lines(c, citizen.ID)
	if err != nil {
		return err
	}
	return w.show(c, "partners", titles.partners, partnersPage{lines, senders, c.QueryParams().Has("welcome")})
}

func (w *entrance) connect(c echo.Context, citizen portal.Citizen) error {
	in, err := door.Read[struct {
		Customer string `json:"customer"`
		Consent  bool   `json:"consent"`
	}](c)
	if err != nil {
		return err
	}
	if !in.Consent {
		return errConsent
	}
	if err := w.portal.Connect(c.Request().Context(), citizen.ID, c.Param("id"), in.Customer); err != nil {
		return err
	}
	return door.Answer(c, http.StatusCreated, map[string]any{"partner": c.Param("id")}, door.See("/partners"))
}

func (w *entrance) withdraw(c echo.Context, citizen portal.Citizen) error {
	if err := w.portal.Withdraw(c.Request().Context(), citizen.ID, c.Param("id")); err != nil {
		return err
	}
	return door.Answer(c, http.StatusOK, nil, door.See("/partners"))
}
