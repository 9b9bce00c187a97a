package web

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/jpki"
)

// linked answers a verifier's question for the certificates that are linked with
// the one in the path.
func (h *house) linked(ask func(ctx context.Context, key string, kind jpki.Kind, serial jpki.SerialNumber) (any, error)) echo.HandlerFunc {
	return func(c echo.Context) error {
		kind, serial, err := certificate(c)
		if err != nil {
			return err
		}
		answer, err := ask(c.Request().Context(), verifierKey(c.Request(), ""), kind, serial)
		if err != nil {
			return err
		}
		return c.JSON(http.StatusOK, answer)
	}
}

// pair gives the serial number of the paired certificate.
func (h *house) pair(ctx context.Context, key string, kind jpki.Kind, serial jpki.SerialNumber) (any, error) {
	paired, err := h.agency.Pair(ctx, key, kind, serial)
	return pairAnswer{kind, serial, kind.Other(), paired}, err
}

type pairAnswer struct {
	Kind         jpki.Kind         `json:"kind"`
	Serial       jpki.SerialNumber `json:"serial"`
	PairedKind   jpki.Kind         `json:"pairedKind"`
	PairedSerial jpki.SerialNumber `json:"pairedSerial"`
}

// successor gives the newest valid certificate of the same holder and kind.
func (h *house) successor(ctx context.Context, key string, kind jpki.Kind, serial jpki.SerialNumber) (any, error) {
	next, err := h.agency.Successor(ctx, key, kind, serial)
	return successorAnswer{kind, serial, next}, err
}

type successorAnswer struct {
	Kind      jpki.Kind         `json:"kind"`
	Serial    jpki.SerialNumber `json:"serial"`
	Successor jpki.SerialNumber `json:"successor"`
}

// predecessors gives the earlier certificates of the same holder and kind, the
// latest first.
func (h *house) predecessors(ctx context.Context, key string, kind jpki.Kind, serial jpki.SerialNumber) (any, error) {
	earlier, err := h.agency.Predecessors(ctx, key, kind, serial)
	return predecessorsAnswer{kind, serial, earlier}, err
}

// validity gives the last second of a certificate's validity.
func (h *house) validity(ctx context.Context, key string, kind jpki.Kind, serial jpki.SerialNumber) (any, error) {
	end, err := h.agency.Validity(ctx, key, kind, serial)
	return validityAnswer{kind, serial, end}, err
}

type validityAnswer struct {
	Kind     jpki.Kind         `json:"kind"`
	Serial   jpki.SerialNumber `json:"serial"`
	NotAfter time.Time         `json:"notAfter"`
}

type predecessorsAnswer struct {
	Kind         jpki.Kind           `json:"kind"`
	Serial       jpki.SerialNumber   `json:"serial"`
	Predecessors []jpki.SerialNumber `json:"predecessors"`
}
