package web

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/rp/bank"
)

// applicationPage is the bank's copy of the signed application.
type applicationPage struct {
	Account     bank.AccountNumber
	Application bank.Application
	Customer    bank.Customer
	// Substituted: the name or the address has characters that stand for
	// others (代替文字).
	Substituted bool
	Issuer      string
	NotBefore   time.Time
	NotAfter    time.Time
	Checks      []rpweb.CheckLine
	HasStatus   bool   // whether the authority's answer was kept and can be downloaded
	CAURL       string // of the CA certificate; empty if it is not known
}

// application shows the signed application (申込書の控え).
func (w *entrance) application(c echo.Context) error {
	who, err := w.accountOwner(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	application, err := w.bank.Application(ctx, who.Account)
	if err != nil {
		return err
	}
	customer, err := w.bank.Customer(ctx, who.Account)
	if err != nil {
		return err
	}
	certificate, err := x509.ParseCertificate(application.Certificate)
	if err != nil {
		return err
	}
	page := applicationPage{
		Account: who.Account, Application: application, Customer: customer,
		Issuer: issuer(certificate), NotBefore: certificate.NotBefore, NotAfter: certificate.NotAfter,
		Substituted: substituted(customer.BasicFour),
		Checks:      rpweb.CheckLines(application.Record), HasStatus: len(application.Record.OCSPResponse) > 0,
	}
	if w.cfg.AuthorityURL != "" {
		page.CAURL = w.cfg.AuthorityURL + "/ca/" + jpki.DigitalSignature.String() + ".pem"
	}
	return door.Answer(c, http.StatusOK, map[string]any{"application": applicationJSON(application)}, w.show("application", titles.application, page))
}

// substituted reports whether the name or the address has a substitute character. The
// certificate flags each character: 0 as written, 1 substituted.
func substituted(f jpki.BasicFour) bool {
	return strings.Contains(f.SubstituteCharacterOfCommonName+f.SubstituteCharacterOfAddress, "1")
}

// issuer writes the issuer's name part by part as the certificate has it:
// pkix.Name would join its two OUs into one.
func issuer(certificate *x509.Certificate) string {
	var name pkix.RDNSequence
	if rest, err := asn1.Unmarshal(certificate.RawIssuer, &name); err != nil || len(rest) > 0 {
		return certificate.Issuer.String()
	}
	return name.String()
}

// download sends one part of the application: what was signed, the signature,
// the certificate, or the authority's answer about it.
func (w *entrance) download(c echo.Context) error {
	who, err := w.accountOwner(c)
	if err != nil {
		return err
	}
	a, err := w.bank.Application(c.Request().Context(), who.Account)
	if err != nil {
		return err
	}
	parts := map[string]struct {
		mediaType string
		content   []byte
	}{
		"document.txt":    {"text/plain; charset=utf-8", []byte(a.Document.Content)},
		"application.p7s": {"application/pkcs7-signature", a.CMS},
		"certificate.pem": {"application/x-pem-file", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.Certificate})},
		"status.ors":      {"application/ocsp-response", a.Record.OCSPResponse},
	}
	name := c.Param("file")
	part, ok := parts[name]
	if !ok || len(part.content) == 0 {
		return echo.ErrNotFound
	}
	h := c.Response().Header()
	h.Set(echo.HeaderContentDisposition, `attachment; filename="`+strings.ReplaceAll(name, `"`, "")+`"`)
	h.Set("Cache-Control", "no-store")
	return c.Blob(http.StatusOK, part.mediaType, part.content)
}
