package web

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"strings"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/jpki"
)

// caCertificate gives a CA certificate to anybody: <kind>.pem, <kind>.cer (DER)
// or bundle.pem with both.
func (h *house) caCertificate(c echo.Context) error {
	file := c.Param("file")
	what := representation{modified: h.cert(jpki.DigitalSignature).NotBefore, contentType: "application/x-pem-file"}
	name, ending, _ := strings.Cut(file, ".")
	kind, err := jpki.ParseKind(name)
	switch {
	case file == "bundle.pem":
		what.body = h.pemOf(jpki.Kinds()...)
	case err == nil && ending == "pem":
		what.body = h.pemOf(kind)
	case err == nil && ending == "cer":
		what.body, what.contentType = h.cert(kind).Raw, "application/pkix-cert"
	default:
		return echo.ErrNotFound
	}
	sum := sha256.Sum256(what.body)
	what.tag = hex.EncodeToString(sum[:16])
	header := c.Response().Header()
	header.Set("Cache-Control", "public, max-age=3600")
	header.Set("Content-Disposition", `attachment; filename="`+downloadName(file)+`"`)
	serve(c.Response(), c.Request(), h.cfg.Clock.Now(), what)
	return nil
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
