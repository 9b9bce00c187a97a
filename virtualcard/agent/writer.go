package agent

import (
	"context"
	"crypto/x509"
	"net/http"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/chip"
)

// waitForCard bounds how long the card writer waits for a card that lies in a
// reader; the time to make a key counts, too.
func (h *house) waitForCard(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		ctx, cancel := context.WithTimeoutCause(c.Request().Context(), 5*h.cfg.CardWait, errCardWait)
		defer cancel()
		c.SetRequest(c.Request().WithContext(ctx))
		return next(c)
	}
}

// cardOf is the card that a route names.
func cardOf(c echo.Context) virtualcard.CardID { return virtualcard.CardID(c.Param("id")) }

// writeBlank makes a card with fresh keys.
func (h *house) writeBlank(c echo.Context) error {
	in, err := door.Read[struct {
		Card virtualcard.CardID `json:"card"`
	}](c)
	if err != nil {
		return err
	}
	made, err := h.cfg.Cabinet.Blank(c.Request().Context(), in.Card)
	if err != nil {
		return err
	}
	keys := map[jpki.Kind][]byte{} // SubjectPublicKeyInfo in DER
	for k, public := range made.Keys {
		if keys[k], err = x509.MarshalPKIXPublicKey(public); err != nil {
			return err
		}
	}
	return c.JSON(http.StatusCreated, map[string]any{"card": made.Card, "publicKeys": keys})
}

// readCard tells which certificates a card carries.
func (h *house) readCard(c echo.Context) error {
	card, err := h.cfg.Cabinet.Card(c.Request().Context(), cardOf(c))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]any{"card": card.ID, "serials": card.Serials})
}

// writeKey has a card make a new key of one kind, for a re-issue.
func (h *house) writeKey(c echo.Context) error {
	in, err := door.Read[struct {
		Kind jpki.Kind `json:"kind"`
	}](c)
	if err != nil {
		return err
	}
	if !in.Kind.Valid() {
		return malformed("kind: missing")
	}
	public, err := h.cfg.Cabinet.NewKey(c.Request().Context(), cardOf(c), in.Kind)
	if err != nil {
		return err
	}
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string][]byte{"publicKey": der})
}

// writeCard personalises a card. What the body leaves out stays as it is.
func (h *house) writeCard(c echo.Context) error {
	in, err := door.Read[struct {
		Face           virtualcard.Face     `json:"face"`
		Variant        jpki.CardVariant     `json:"variant"`
		PINs           map[jpki.Kind]string `json:"pins"`
		Certificates   map[jpki.Kind][]byte `json:"certificates"`
		CACertificates map[jpki.Kind][]byte `json:"caCertificates"`
	}](c)
	if err != nil {
		return err
	}
	err = h.cfg.Cabinet.Personalize(c.Request().Context(), cardOf(c), virtualcard.Personalization{
		Face: in.Face, Variant: in.Variant, PINs: in.PINs, Certificates: in.Certificates, CACertificates: in.CACertificates,
	})
	if err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// writeUnblock sets a new PIN with all its tries: that of a kind of certificate, or one of
// the other applications'.
func (h *house) writeUnblock(c echo.Context) error {
	in, err := door.Read[struct {
		Kind chip.Ref `json:"kind"`
		PIN  string   `json:"pin"`
	}](c)
	if err != nil {
		return err
	}
	if in.Kind == "" {
		return malformed("kind: missing")
	}
	if err := h.cfg.Cabinet.Unblock(c.Request().Context(), cardOf(c), in.Kind, in.PIN); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// writeKill breaks a card's chip.
func (h *house) writeKill(c echo.Context) error {
	if err := h.cfg.Cabinet.Kill(c.Request().Context(), cardOf(c)); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
