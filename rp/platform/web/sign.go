package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/rp/platform"
	"example.jp/jpkimock/rp/platform/transactions"
)

// signs stands in the place of a nonce in what is asked of a card that is to sign.
const signs = "sign"

// pending is the page of a request that waits for its person.
func pending(l platform.Login) string {
	switch {
	case l.NeedsSignature():
		return loginPath(l.ID) + "/sign"
	case l.Verified():
		return loginPath(l.ID) + "/consent"
	}
	return loginPath(l.ID)
}

// nextPage is the page that an outcome leads to; empty for the service.
func nextPage(l platform.Login, out platform.Outcome) string {
	switch {
	case out.NeedsConsent:
		return loginPath(l.ID) + "/consent"
	case out.NeedsSignature:
		return loginPath(l.ID) + "/sign"
	}
	return ""
}

// askSignature shows what is to be signed, and for whom.
func (w *entrance) askSignature(c echo.Context) error {
	l := loginOf(c)
	if !l.NeedsSignature() {
		if door.WantsJSON(c.Request()) {
			return platform.ErrNotVerified
		}
		return c.Redirect(http.StatusSeeOther, pending(l))
	}
	if l.Ask.Face != platform.WindowFace {
		err := w.returns.Ask(l.ID, l.Ticket, rpweb.Question[platform.ClientID]{Nonce: signs, For: l.Ask.Client.ID, From: c.RealIP(), Watched: l.Ask.Face == platform.TVFace})
		if err != nil {
			return err
		}
	}
	return door.Answer(c, http.StatusOK, map[string]any{
		"service": l.Ask.Client.ID, "name": l.Ask.Client.Name, "sign_transaction_id": l.Ask.Transaction.ID, "digest": l.Ask.Transaction.Base64(), "face": l.Ask.Face, "origin": w.cfg.PublicURL,
	}, w.shown("sign", titles.sign, w.page(c, "")))
}

// signature takes the card's signature from the page itself.
func (w *entrance) signature(c echo.Context) error {
	l := loginOf(c)
	if l.Ask.Face == platform.TVFace && !door.WantsJSON(c.Request()) {
		return rpweb.ErrNoPresence // as in answer
	}
	token, err := rpweb.ReadToken(c)
	if err != nil {
		return err
	}
	out, err := w.platform.Sign(c.Request().Context(), l.ID, l.Ticket, token)
	if err != nil {
		return err
	}
	return goOn(c, out)
}

// bearer gives the access token of a request.
func bearer(c echo.Context) (string, error) {
	token, ok := door.Bearer(c.Request())
	if !ok {
		c.Response().Header().Set("WWW-Authenticate", "Bearer")
		return "", &platform.OAuthError{Code: platform.InvalidToken, Description: "want an access token: Authorization: Bearer"}
	}
	return token, nil
}

// openTransaction begins a signature for a service.
func (w *entrance) openTransaction(c echo.Context) error {
	access, err := bearer(c)
	if err != nil {
		return err
	}
	in, err := door.Read[struct {
		Digest string `json:"digest"`
	}](c)
	if err != nil {
		return err
	}
	t, err := w.platform.OpenTransaction(c.Request().Context(), access, in.Digest)
	if err != nil {
		return challenged(c, err)
	}
	return c.JSON(http.StatusCreated, map[string]any{"sign_transaction_id": t.ID, "expires_in": int(transactions.Lifetime.Seconds())})
}

// takeResult gives a service the signature that it asked for, once.
func (w *entrance) takeResult(c echo.Context) error {
	access, err := bearer(c)
	if err != nil {
		return err
	}
	sealed, err := w.platform.TakeResult(c.Request().Context(), access, c.Param("transaction"))
	if err != nil {
		return challenged(c, err)
	}
	return c.JSON(http.StatusOK, map[string]string{"result": sealed})
}

// challenged names the scheme where the token was refused (RFC 6750 3).
func challenged(c echo.Context, err error) error {
	if isInvalidToken(err) {
		c.Response().Header().Set("WWW-Authenticate", `Bearer error="`+platform.InvalidToken+`"`)
	}
	return err
}
