package web

import (
	"errors"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/latest"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp"
	kit "example.jp/jpkimock/rp/latest"
)

// errNobody is a request that needs somebody who has shown their card.
var errNobody = errors.New("authority: nobody has shown a card in this session")

// errNoDraft is a signature that no withdrawal waits for.
var errNoDraft = errors.New("authority: no withdrawal waits for a signature in this session")

func (r *room) challenges() rpweb.Challenges[visit] {
	return rpweb.Challenges[visit]{
		Visits: r.visits, Nonce: func(v *visit) *string { return &v.Nonce }, New: r.cfg.Service.Challenge, Origin: r.cfg.PublicURL,
	}
}

// consentsPage asks for the card, or lists what its holder has consented to.
type consentsPage struct {
	Agent, Nonce string
	Known        bool
	Given        []given
	Names        map[kit.Item]ui.Text
	Withdrawn    string
}

// given is a consent in words.
type given struct {
	latest.Given
	State State
	Items []ui.Text
}

// consentJSON is a consent as programs of its holder get it.
type consentJSON struct {
	kit.Consent
	Verifier   string         `json:"verifier"`
	Purpose    string         `json:"purpose"`
	State      string         `json:"state"`
	Deliveries []deliveryJSON `json:"deliveries"`
}

type deliveryJSON struct {
	At        time.Time  `json:"at"`
	Items     []kit.Item `json:"items"`
	NewSerial string     `json:"newSerial"`
}

// consents shows a holder's consents, or asks for the card.
func (r *room) consents(c echo.Context) error {
	v, _ := r.visits.Load(c)
	if v.Who == nil {
		if !door.WantsPage(c.Request()) {
			return errNobody
		}
		nonce, err := r.challenges().Ask(c)
		if err != nil {
			return err
		}
		return r.pages.Render(c, http.StatusOK, "consents", titles.consents, consentsPage{Agent: r.cfg.AgentURL, Nonce: nonce})
	}
	all, err := r.cfg.Service.Given(c.Request().Context(), v.Who.ID)
	if err != nil {
		return err
	}
	page := consentsPage{Known: true, Names: items, Withdrawn: v.Withdrawn}
	told := make([]consentJSON, len(all))
	for i, g := range all {
		state := stateOf(g, r.cfg.Now())
		page.Given = append(page.Given, given{g, state, itemNames(g.Items)})
		told[i] = consentJSON{g.Consent.Consent, g.VerifierID, g.Purpose, state.Code, []deliveryJSON{}}
		for _, d := range g.Deliveries {
			told[i].Deliveries = append(told[i].Deliveries, deliveryJSON{d.At, d.Items, d.NewSerial.String()})
		}
	}
	ui.SignedIn(c, v.Who.Name, "/consents/signout")
	return door.Answer(c, http.StatusOK, map[string]any{"consents": told}, door.Shown(func(c echo.Context) error {
		r.visits.Update(c, func(v *visit) { v.Withdrawn = "" })
		return r.pages.Render(c, http.StatusOK, "consents", titles.consents, page)
	}))
}

// signIn takes the card's answer (照会: with the user authentication certificate).
func (r *room) signIn(c echo.Context) error {
	token, nonce, err := r.challenges().Answer(c)
	if err != nil {
		return err
	}
	if nonce == "" {
		return rpweb.ErrNotAsked
	}
	who, err := r.cfg.Service.Show(c.Request().Context(), token, nonce)
	if err != nil {
		return err
	}
	r.visits.Renew(c, visit{Who: &holder{who.ID, who.BasicFour.CommonName}})
	return door.Answer(c, http.StatusOK, nil, door.See("/consents"))
}

func (r *room) signOut(c echo.Context) error {
	r.visits.Renew(c, visit{})
	return door.Answer(c, http.StatusNoContent, nil, door.See("/consents"))
}

// who gives who has shown their card.
func (r *room) who(c echo.Context) (visit, error) {
	v, _ := r.visits.Load(c)
	if v.Who == nil {
		return v, errNobody
	}
	ui.SignedIn(c, v.Who.Name, "/consents/signout")
	return v, nil
}

// draft writes a withdrawal and keeps it in the session.
func (r *room) draft(c echo.Context) error {
	v, err := r.who(c)
	if err != nil {
		return err
	}
	w, err := r.cfg.Service.DraftWithdrawal(c.Request().Context(), v.Who.ID, c.Param("number"))
	if err != nil {
		return err
	}
	r.visits.Update(c, func(v *visit) { v.Withdrawal = &w })
	return door.Answer(c, http.StatusOK, map[string]any{"withdrawal": w.Document.Number, "document": documentJSON(w.Document)}, door.See("/consents/withdrawal"))
}

func documentJSON(d rp.Document) map[string]any {
	return map[string]any{"name": d.Name, "mediaType": d.MediaType, "content": []byte(d.Content)}
}

// withdrawalPage is a withdrawal before its signature.
type withdrawalPage struct {
	Agent, Base64 string
	latest.Withdrawal
	Items []ui.Text
}

func (r *room) withdrawal(c echo.Context) error {
	v, err := r.who(c)
	switch {
	case err != nil:
		return err
	case v.Withdrawal == nil:
		return errNoDraft
	}
	w := *v.Withdrawal
	return r.pages.Render(c, http.StatusOK, "withdrawal", titles.withdrawal, withdrawalPage{r.cfg.AgentURL, base64Of(w.Document), w, itemNames(w.Consent.Items)})
}

// withdraw takes the signature. The draft stays in the session until it is received, so that
// it can be signed once more.
func (r *room) withdraw(c echo.Context) error {
	v, err := r.who(c)
	switch {
	case err != nil:
		return err
	case v.Withdrawal == nil:
		return errNoDraft
	}
	cms, err := rpweb.ReadCMS(c)
	if err != nil {
		return err
	}
	done, err := r.cfg.Service.Withdraw(c.Request().Context(), *v.Withdrawal, cms)
	if err != nil {
		return err
	}
	r.visits.Update(c, func(v *visit) { v.Withdrawal, v.Withdrawn = nil, done.Number })
	return door.Answer(c, http.StatusOK, map[string]any{"consent": done.Consent}, door.See("/consents"))
}
