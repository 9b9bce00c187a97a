package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank"
)

// consentPage is the customer's consent, given or withdrawn.
type consentPage struct {
	Consent  bank.Consent
	Standing bank.Standing
	Serial   jpki.SerialNumber
	Checked  bool // whether a confirmation has found the certificate unchanged
}

// consent shows the permission to keep and check the certificate (利用許諾).
func (w *entrance) consent(c echo.Context) error {
	who, err := w.customer(c)
	if err != nil {
		return err
	}
	customer, err := w.bank.Customer(c.Request().Context(), who.Account)
	if err != nil {
		return err
	}
	return door.Answer(c, http.StatusOK, map[string]any{"consent": consentJSON(customer.Consent)}, w.show("consent", titles.consent, consentPage{
		Consent: customer.Consent, Standing: customer.Standing, Serial: customer.WatchedSerial(), Checked: customer.Standing.State == rp.Unchanged,
	}))
}

// askWithdrawal asks for confirmation before the consent is withdrawn, and says what
// that means. If it has been withdrawn, it leads back to the consent.
func (w *entrance) askWithdrawal(c echo.Context) error {
	who, err := w.customer(c)
	if err != nil {
		return err
	}
	customer, err := w.bank.Customer(c.Request().Context(), who.Account)
	if err != nil {
		return err
	}
	if !customer.Consent.InForce() {
		return w.toConsent(c)
	}
	return w.pages.Render(c, http.StatusOK, "withdraw", titles.withdraw, nil)
}

// withdrawConsent withdraws the consent.
func (w *entrance) withdrawConsent(c echo.Context) error {
	who, err := w.customer(c)
	if err != nil {
		return err
	}
	if err := w.bank.WithdrawConsent(c.Request().Context(), who.Account); err != nil {
		return err
	}
	return w.toConsent(c)
}

// draftConsent writes the form that gives the consent again, and keeps it in the session.
func (w *entrance) draftConsent(c echo.Context) error {
	who, err := w.customer(c)
	if err != nil {
		return err
	}
	draft, err := w.bank.DraftConsentForm(c.Request().Context(), who.Account)
	if err != nil {
		return err
	}
	return w.keepForm(c, draft, "/consent/draft")
}

// giveConsent takes the signed form to the bank.
func (w *entrance) giveConsent(c echo.Context) error {
	if _, err := w.customer(c); err != nil {
		return err
	}
	form, cms, err := w.signedForm(c, bank.ConsentForm)
	if err != nil {
		return err
	}
	if err := w.bank.GiveConsent(c.Request().Context(), form, cms); err != nil {
		return &formError{bank.ConsentForm, err}
	}
	w.visits.Update(c, func(v *visit) { v.Form = nil })
	return w.toConsent(c)
}

func (w *entrance) toConsent(c echo.Context) error {
	return door.Answer(c, http.StatusOK, nil, door.See("/consent"))
}
