package web

import (
	"crypto/sha256"
	"crypto/x509/pkix"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/jpki"
)

// caView is one CA on the front page.
type caView struct {
	Kind        jpki.Kind
	Name        string // 署名用電子証明書
	Subject     string
	NotBefore   time.Time
	NotAfter    time.Time
	Fingerprint string // SHA-256, in pairs of digits
	Issued      int
}

type frontView struct {
	CAs       []caView
	Endpoints []endpoint
	URL       string
}

// front shows what the house is, the CA certificates and the endpoints.
func (h *house) front(c echo.Context) error {
	v := frontView{Endpoints: endpoints(), URL: strings.TrimSuffix(h.cfg.PublicURL, "/")}
	for _, kind := range jpki.Kinds() {
		ca := h.cert(kind)
		v.CAs = append(v.CAs, caView{
			Kind: kind, Name: kind.Japanese(), Subject: subject(ca.Subject), NotBefore: ca.NotBefore, NotAfter: ca.NotAfter,
			Fingerprint: fingerprint(ca.Raw), Issued: h.agency.Count(kind),
		})
	}
	return h.pages.Render(c, http.StatusOK, "front", titleFront, v)
}

// subject gives a CA's DN in the order in which it is written.
func subject(n pkix.Name) string {
	parts := []string{"C=" + strings.Join(n.Country, ""), "O=" + strings.Join(n.Organization, "")}
	for _, ou := range n.OrganizationalUnit {
		parts = append(parts, "OU="+ou)
	}
	return strings.Join(parts, ", ")
}

// fingerprint gives a SHA-256 fingerprint as openssl prints it.
func fingerprint(der []byte) string {
	sum := sha256.Sum256(der)
	pairs := make([]string, 0, len(sum))
	for _, b := range sum {
		pairs = append(pairs, fmt.Sprintf("%02X", b))
	}
	return strings.Join(pairs, ":")
}
