package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/jpki"
)

// pair gives the serial number of the paired certificate.
func (h *house) pair(c echo.Context) error {
	kind, serial, err := certificate(c)
	if err != nil {
		return err
	}
	paired, err := h.cfg.Authority.Pair(c.Request().Context(), verifierKey(c, ""), kind, serial)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, pairAnswer{kind, serial, kind.Other(), paired})
}

type pairAnswer struct {
	Kind         jpki.Kind         `json:"kind"`
	Serial       jpki.SerialNumber `json:"serial"`
	PairedKind   jpki.Kind         `json:"pairedKind"`
	PairedSerial jpki.SerialNumber `json:"pairedSerial"`
}

// successor gives the newest valid certificate of the same holder and kind.
func (h *house) successor(c echo.Context) error {
	kind, serial, err := certificate(c)
	if err != nil {
		return err
	}
	next, err := h.cfg.Authority.Successor(c.Request().Context(), verifierKey(c, ""), kind, serial)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, successorAnswer{kind, serial, next})
}

type successorAnswer struct {
	Kind      jpki.Kind         `json:"kind"`
	Serial    jpki.SerialNumber `json:"serial"`
	Successor jpki.SerialNumber `json:"successor"`
}

// predecessors gives the earlier certificates of the same holder and kind, the
// latest first.
func (h *house) predecessors(c echo.Context) error {
	kind, serial, err := certificate(c)
	if err != nil {
		return err
	}
	earlier, err := h.cfg.Authority.Predecessors(c.Request().Context(), verifierKey(c, ""), kind, serial)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, predecessorsAnswer{kind, serial, earlier})
}

type predecessorsAnswer struct {
	Kind         jpki.Kind           `json:"kind"`
	Serial       jpki.SerialNumber   `json:"serial"`
	Predecessors []jpki.SerialNumber `json:"predecessors"`
}
