package agent

import (
	"context"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/x509"
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/jpkiap"
)

// writerOnly lets in who holds the writer key. Its answer does not tell a near
// miss from a far one.
func (h *house) writerOnly(next echo.HandlerFunc) echo.HandlerFunc {
	want := sha256.Sum256([]byte(h.cfg.WriterKey))
	return func(c echo.Context) error {
		key, ok := door.Bearer(c.Request())
		if !ok {
			c.Response().Header().Set("WWW-Authenticate", `Bearer realm="card writer"`)
			return door.Problem{Status: http.StatusUnauthorized, Code: "no_key", Detail: "send Authorization: Bearer <writer key>"}
		}
		got := sha256.Sum256([]byte(key))
		if h.cfg.WriterKey == "" || subtle.ConstantTimeCompare(got[:], want[:]) != 1 {
			c.Response().Header().Set("WWW-Authenticate", `Bearer realm="card writer", error="invalid_token"`)
			return door.Problem{Status: http.StatusUnauthorized, Code: "wrong_key", Detail: "this is not the writer key"}
		}
		return next(c)
	}
}

// writerProblem says which rule of a card was broken.
func writerProblem(err error) error {
	var format *jpkiap.PINFormatError
	for _, known := range []struct {
		err    error
		status int
		code   string
	}{
		{virtualcard.ErrNoCard, http.StatusNotFound, string(codeNoCard)},
		{virtualcard.ErrCardID, http.StatusBadRequest, string(codeMalformed)},
		{virtualcard.ErrCardExists, http.StatusConflict, "card_exists"},
		{virtualcard.ErrDeadCard, http.StatusConflict, string(codeDeadCard)},
		{virtualcard.ErrKeyMismatch, http.StatusConflict, "key_mismatch"},
		{virtualcard.ErrCertificate, http.StatusBadRequest, "bad_certificate"},
		{virtualcard.ErrNoPIN, http.StatusBadRequest, "no_pin"},
		{virtualcard.ErrFace, http.StatusBadRequest, "bad_face"},
	} {
		if errors.Is(err, known.err) {
			return door.Problem{Status: known.status, Code: known.code, Detail: err.Error()}
		}
	}
	if errors.As(err, &format) {
		return door.Problem{Status: http.StatusBadRequest, Code: string(codeBadPINFormat), Detail: format.Error()}
	}
	return asProblem(troubleOf(err, 0))
}

// machine bounds how long the counter's machine waits for a card that lies in a
// reader; the time to make a key is in it.
func (h *house) machine(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		ctx, cancel := context.WithTimeoutCause(c.Request().Context(), 5*h.cfg.CardWait, errCardWait)
		defer cancel()
		c.SetRequest(c.Request().WithContext(ctx))
		return next(c)
	}
}

// writeBlank makes a card with fresh keys.
func (h *house) writeBlank(c echo.Context) error {
	var body struct {
		Card virtualcard.CardID `json:"card"`
	}
	if err := readJSON(c, maxSmallBody, &body); err != nil {
		return asProblem(err)
	}
	if body.Card == transitCard {
		return writerProblem(virtualcard.ErrCardID)
	}
	made, err := h.cfg.Cabinet.Blank(c.Request().Context(), body.Card)
	if err != nil {
		return writerProblem(err)
	}
	keys := map[jpki.Kind][]byte{}
	for k, pub := range made.Keys {
		if keys[k], err = spki(pub); err != nil {
			return err
		}
	}
	return c.JSON(http.StatusCreated, map[string]any{"card": made.Card, "publicKeys": keys})
}

// spki gives a public key as SubjectPublicKeyInfo in DER.
func spki(pub *rsa.PublicKey) ([]byte, error) { return x509.MarshalPKIXPublicKey(pub) }

// writeKey has a card make a new key of one kind, for a re-issue.
func (h *house) writeKey(c echo.Context) error {
	var body struct {
		Kind jpki.Kind `json:"kind"`
	}
	if err := readJSON(c, maxSmallBody, &body); err != nil {
		return asProblem(err)
	}
	if !body.Kind.Valid() {
		return asProblem(malformed("kind: missing"))
	}
	pub, err := h.cfg.Cabinet.NewKey(c.Request().Context(), virtualcard.CardID(c.Param("id")), body.Kind)
	if err != nil {
		return writerProblem(err)
	}
	der, err := spki(pub)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string][]byte{"publicKey": der})
}

// writeCard personalises a card. What the body leaves out stays as it is.
func (h *house) writeCard(c echo.Context) error {
	var body struct {
		Face           virtualcard.Face     `json:"face"`
		PINs           map[jpki.Kind]string `json:"pins"`
		Certificates   map[jpki.Kind][]byte `json:"certificates"`
		CACertificates map[jpki.Kind][]byte `json:"caCertificates"`
	}
	if err := readJSON(c, maxWriterBody, &body); err != nil {
		return asProblem(err)
	}
	err := h.cfg.Cabinet.Personalize(c.Request().Context(), virtualcard.CardID(c.Param("id")), virtualcard.Personalization{
		Face: body.Face, PINs: body.PINs, Certificates: body.Certificates, CACertificates: body.CACertificates,
	})
	if err != nil {
		return writerProblem(err)
	}
	return c.NoContent(http.StatusNoContent)
}

// writeUnblock sets a new PIN with all its tries.
func (h *house) writeUnblock(c echo.Context) error {
	var body struct {
		Kind jpki.Kind `json:"kind"`
		PIN  string    `json:"pin"`
	}
	if err := readJSON(c, maxSmallBody, &body); err != nil {
		return asProblem(err)
	}
	if !body.Kind.Valid() {
		return asProblem(malformed("kind: missing"))
	}
	if err := h.cfg.Cabinet.Unblock(c.Request().Context(), virtualcard.CardID(c.Param("id")), body.Kind, body.PIN); err != nil {
		return writerProblem(err)
	}
	return c.NoContent(http.StatusNoContent)
}

// writeKill makes a chip answer nothing any more.
func (h *house) writeKill(c echo.Context) error {
	if err := h.cfg.Cabinet.Kill(c.Request().Context(), virtualcard.CardID(c.Param("id"))); err != nil {
		return writerProblem(err)
	}
	return c.NoContent(http.StatusNoContent)
}
