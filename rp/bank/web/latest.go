package web

import (
	"encoding/base64"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank/latest"
)

// latestPage is the customer's consent to the latest four data service: not given, to be
// signed, or given.
type latestPage struct {
	Given, Holds, Waits, Unsure bool
	Consent                     latest.Consent
	Draft                       *rp.Document
	Base64, Agent               string
	Authority                   string // where it is withdrawn
}

// latestJSON is a consent as programs get it.
type latestJSON struct {
	Number string    `json:"consent"`
	From   time.Time `json:"from"`
	Until  time.Time `json:"until"`
	Holds  bool      `json:"holds"`
	Ended  time.Time `json:"ended,omitzero"`
}

func (w *entrance) latestJSON(c latest.Consent) latestJSON {
	return latestJSON{c.Number, c.From, c.Until, c.InForce(w.cfg.Now()), c.Ended}
}

// mountLatest is the list of the addresses of the consent to the latest four data service.
func (w *entrance) mountLatest(e *echo.Echo) {
	if w.cfg.Latest == nil {
		return
	}
	e.GET("/consent/latest", w.latest, w.header)
	e.GET("/consent/latest/about", w.page("latestabout", titles.latestAbout), w.header)
	e.POST("/consent/latest/draft", w.draftLatest, w.header)
	e.GET("/consent/latest/draft", w.showLatest, w.header)
	e.POST("/consent/latest", w.giveLatest, w.header)
}

// latest shows the consent, or asks for it.
func (w *entrance) latest(c echo.Context) error {
	who, err := w.customer(c)
	if err != nil {
		return err
	}
	page := latestPage{Authority: w.cfg.AuthorityURL + "/consents"}
	if page.Consent, page.Given, page.Unsure, err = w.cfg.Latest.Consent(c.Request().Context(), who.Account); err != nil {
		return err
	}
	told := map[string]any{} // no consent, no member
	if page.Given {
		now := w.cfg.Now()
		page.Holds, page.Waits = page.Consent.InForce(now), now.Before(page.Consent.From)
		told["consent"] = w.latestJSON(page.Consent)
	}
	return door.Answer(c, http.StatusOK, told, w.show("latest", titles.latest, page))
}

// draftLatest writes the consent, and keeps it in the session.
func (w *entrance) draftLatest(c echo.Context) error {
	who, err := w.customer(c)
	if err != nil {
		return err
	}
	draft, err := w.cfg.Latest.Draft(c.Request().Context(), who.Account)
	if err != nil {
		return err
	}
	w.visits.Update(c, func(v *visit) { v.Latest = &draft })
	return door.Answer(c, http.StatusOK, map[string]any{"number": draft.Number, "document": documentJSON(draft)}, door.See("/consent/latest/draft"))
}

// showLatest shows the consent that waits for its signature.
func (w *entrance) showLatest(c echo.Context) error {
	if _, err := w.customer(c); err != nil {
		return err
	}
	v, _ := w.visits.Load(c)
	if v.Latest == nil {
		return w.missing(c, needForm)
	}
	return w.pages.Render(c, http.StatusOK, "latestsign", titles.latestSign, latestPage{
		Draft: v.Latest, Agent: w.cfg.AgentURL, Base64: base64.StdEncoding.EncodeToString([]byte(v.Latest.Content)),
	})
}

// giveLatest takes the signed consent to the bank. The draft stays in the session until it is
// received, so that it can be signed once more.
func (w *entrance) giveLatest(c echo.Context) error {
	who, err := w.customer(c)
	if err != nil {
		return err
	}
	v, _ := w.visits.Load(c)
	if v.Latest == nil {
		return w.missing(c, needForm)
	}
	cms, err := rpweb.ReadCMS(c)
	if err != nil {
		return err
	}
	given, err := w.cfg.Latest.Give(c.Request().Context(), who.Account, *v.Latest, cms)
	if err != nil {
		return &formError{latestForm, err}
	}
	w.visits.Update(c, func(v *visit) { v.Latest = nil })
	return door.Answer(c, http.StatusOK, map[string]any{"consent": w.latestJSON(given)}, door.See("/consent/latest"))
}

// Refusals about the consent to the latest four data service.
var (
	sayLatestGiven = rpweb.Say(
		ui.Text{JA: "同意は、すでにいただいています", EN: "You have already agreed to this"},
		ui.Text{JA: "同意の期間が続いているため、改めて同意していただく必要はありません。", EN: "It is still valid, so you need not give it again."},
		ui.Text{JA: "同意の内容は、最新の情報の提供の画面でご覧になれます。", EN: "See the page about your consent."},
	)
	sayLatestRefused = rpweb.Say(
		ui.Text{JA: "同意が受け付けられませんでした", EN: "Your consent was not accepted"},
		ui.Text{JA: "地方公共団体情報システム機構が、この同意を受け付けませんでした。当行の記録は変わっていません。", EN: "The agency has not accepted your consent. Nothing has been changed."},
		ui.Text{JA: "もう一度はじめからお手続きください。続くときは、当行の窓口にお問い合わせください。", EN: "Please begin again. If it happens again, ask at a branch."},
	)
)
