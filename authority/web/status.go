package web

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/door"
)

// verifierKey gives the key a verifier shows: in the header, or in the path
// for clients that cannot set one. The header goes first.
func verifierKey(r *http.Request, inPath string) string {
	if key, ok := door.Bearer(r); ok {
		return key
	}
	return inPath
}

// kindOf reads a kind in a path.
func kindOf(name string) (jpki.Kind, error) {
	kind, err := jpki.ParseKind(name)
	if err != nil {
		return 0, door.Problem{Status: http.StatusNotFound, Code: "unknown_kind", Detail: "the kind must be digital-signature or user-authentication"}
	}
	return kind, nil
}

// tagged sends a body under an ETag, or 304 to a client that has it (RFC 9110
// §13.1.2).
func tagged(c echo.Context, tag, contentType string, body []byte) error {
	tag = `"` + tag + `"`
	c.Response().Header().Set("ETag", tag)
	if notModified(c.Request(), tag) {
		return c.NoContent(http.StatusNotModified)
	}
	return c.Blob(http.StatusOK, contentType, body)
}

// notModified reports whether the client already has what a tag names.
func notModified(r *http.Request, tag string) bool {
	known := r.Header["If-None-Match"]
	return known != nil && (r.Method == http.MethodGet || r.Method == http.MethodHead) && lists(known, tag)
}

// lists reports whether an If-None-Match names a tag, by weak comparison, or
// any at all.
func lists(known []string, tag string) bool {
	for one := range strings.SplitSeq(strings.Join(known, ","), ",") {
		one = strings.Trim(one, " \t")
		if one == "*" || strings.TrimPrefix(one, "W/") == tag {
			return true
		}
	}
	return false
}

// crl gives the full CRL of a kind to an accredited verifier.
func (h *house) crl(c echo.Context) error {
	name, isCRL := strings.CutSuffix(c.Param("file"), ".crl")
	if !isCRL {
		return echo.ErrNotFound
	}
	kind, err := kindOf(name)
	if err != nil {
		return err
	}
	header := c.Response().Header()
	header.Set("Vary", "Authorization")
	if _, err := h.agency.Ministry.Accredited(verifierKey(c.Request(), c.Param("key")), kind); err != nil {
		return problem(c, err)
	}
	list, err := h.agency.CRL(c.Request().Context(), kind)
	if err != nil {
		return problem(c, err)
	}
	header.Set("Date", h.cfg.Clock.Now().Format(http.TimeFormat))
	header.Set("Cache-Control", "private, no-cache") // it changes with every revocation; the ETag saves the transfer
	header.Set("Last-Modified", list.ThisUpdate.Format(http.TimeFormat))
	header.Set("Content-Disposition", `attachment; filename="`+kind.String()+`.crl"`)
	return tagged(c, kind.String()+"-"+strconv.FormatInt(list.Number, 10), "application/pkix-crl", list.DER)
}
