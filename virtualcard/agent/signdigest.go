package agent

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/agent/digest"
	"example.jp/jpkimock/virtualcard/agent/origin"
)

// newDigest checks what a page or a script wants signed without showing it. Every error is a
// *failure.
func newDigest(from, service, text string) (operation, error) {
	if err := origin.Check(from); err != nil {
		return operation{}, malformed("origin: " + err.Error())
	}
	ask, err := digest.Parse(service, text)
	if err != nil {
		return operation{}, malformed(err.Error())
	}
	return operation{Action: signDigest, Origin: from, Digest: ask}, nil
}

// trusts refuses a digest of an origin that was not named at start: a digest hides what is signed.
func (h *house) trusts(op operation) error {
	if op.Digest != nil && !slices.Contains(h.cfg.DigestOrigins, op.Origin) {
		return &failure{Code: codeDigestOrigin, Detail: "origin: only the common platform may ask for the signature of a digest"}
	}
	return nil
}

// signDigestBody is the body of POST /v1/sign-digest.
type signDigestBody struct {
	Card    virtualcard.CardID `json:"card"`
	PIN     string             `json:"pin"`
	Origin  string             `json:"origin"`
	Service string             `json:"service"`
	Digest  string             `json:"digest"` // base64
	agreed
}

// scriptSignDigest answers with the signature and the certificate.
func (h *house) scriptSignDigest(c echo.Context) error {
	in, err := door.Read[signDigestBody](c)
	if err != nil {
		return err
	}
	if in.Card == "" {
		return malformed("card: missing")
	}
	op, err := newDigest(in.Origin, in.Service, in.Digest)
	if err == nil {
		err = h.trusts(op)
	}
	if err != nil {
		return err
	}
	done, err := h.access.perform(c.Request().Context(), in.use(in.Card), op, in.PIN)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, done.Token)
}
