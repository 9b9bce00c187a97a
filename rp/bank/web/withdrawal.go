package web

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// askWithdrawal asks whether the consent is to be withdrawn, and says what that
// means. Where it is withdrawn there is nothing to ask.
func (w *entrance) askWithdrawal(c echo.Context) error {
	who, err := w.customer(c)
	if err != nil {
		return err
	}
	customer, err := w.bank.Customer(c.Request().Context(), who.Account)
	if err != nil {
		return err
	}
	if !customer.Consent.WithdrawnAt.IsZero() {
		return w.toConsent(c)
	}
	return w.pages.Render(c, http.StatusOK, "withdraw", titles.withdraw, nil)
}
