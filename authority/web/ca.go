package web

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/jpki"
)

// caCertificate gives a CA certificate to anybody: <kind>.pem, <kind>.cer (DER)
// or bundle.pem with both.
func (h *house) caCertificate(c echo.Context) error {
	file := c.Param("file")
	header := c.Response().Header()
	header.Set("Cache-Control", "public, max-age=3600")
	header.Set("Content-Disposition", `attachment; filename="`+downloadName(file)+`"`)
	if file == "bundle.pem" {
		return c.Blob(http.StatusOK, "application/x-pem-file", h.pemOf(jpki.Kinds()...))
	}
	name, ending, _ := strings.Cut(file, ".")
	kind, err := jpki.ParseKind(name)
	switch {
	case err == nil && ending == "pem":
		return c.Blob(http.StatusOK, "application/x-pem-file", h.pemOf(kind))
	case err == nil && ending == "cer":
		return c.Blob(http.StatusOK, "application/pkix-cert", h.cert(kind).Raw)
	}
	header.Del("Content-Disposition")
	return echo.ErrNotFound
}

// downloadName says in the file's name that it is a mock's.
func downloadName(file string) string { return "jpki-mock-" + strings.Map(nameChars, file) }

func nameChars(r rune) rune {
	if r == '.' || r == '-' || r >= 'a' && r <= 'z' {
		return r
	}
	return -1
}

func (h *house) cert(kind jpki.Kind) *x509.Certificate { return h.agency.CACertificate(kind) }

func (h *house) pemOf(kinds ...jpki.Kind) []byte {
	var b bytes.Buffer
	for _, kind := range kinds {
		b.Write(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: h.cert(kind).Raw}))
	}
	return b.Bytes()
}
