package web

import (
	"encoding/base64"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/ca"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/ocsp"
	"example.jp/jpkimock/internal/door"
)

// verifierKey gives the key a verifier shows: in the header, or in the path
// for clients that cannot set one. The header goes first.
func verifierKey(c echo.Context, inPath string) string {
	if key, ok := door.Bearer(c.Request()); ok {
		return key
	}
	return inPath
}

// kindOf reads a kind in a path.
func kindOf(name string) (jpki.Kind, error) {
	kind, err := jpki.ParseKind(name)
	if err != nil {
		return 0, door.Problem{Status: http.StatusNotFound, Code: "unknown_kind", Detail: "want digital-signature or user-authentication"}
	}
	return kind, nil
}

// postOCSP answers an OCSP request in the body (RFC 6960 appendix A.1).
func (h *house) postOCSP(c echo.Context) error {
	kind, err := kindOf(c.Param("kind"))
	if err != nil {
		return err
	}
	if t, _, err := mime.ParseMediaType(c.Request().Header.Get("Content-Type")); err != nil || t != "application/ocsp-request" {
		return door.Problem{Status: http.StatusUnsupportedMediaType, Code: "not_ocsp", Detail: "the body must be application/ocsp-request"}
	}
	der, err := readBody(c, ocsp.MaxRequest)
	if err != nil {
		return err
	}
	return h.answerOCSP(c, kind, verifierKey(c, c.Param("key")), der)
}

// getOCSP answers an OCSP request in the path: /ocsp/<kind>/<base64> or
// /ocsp/<kind>/key/<key>/<base64>. It reads the path as it was sent: base64
// holds '/' and '//' and '+', whether escaped or not, and must never be
// answered with a redirect to a tidier path.
func (h *house) getOCSP(c echo.Context) error {
	name, rest, _ := strings.Cut(strings.TrimPrefix(c.Request().URL.EscapedPath(), "/ocsp/"), "/")
	kind, err := kindOf(name)
	if err != nil {
		return err
	}
	key := ""
	if r, ok := strings.CutPrefix(rest, "key/"); ok {
		key, rest, _ = strings.Cut(r, "/")
	}
	der, err := decodePath(rest)
	if err != nil {
		der = nil // an accredited verifier is told malformedRequest, anybody else unauthorized
	}
	return h.answerOCSP(c, kind, verifierKey(c, key), der)
}

var errPath = errors.New("not base64")

// decodePath reads the base64 of an OCSP request from a path, with or without
// percent escapes and padding.
func decodePath(escaped string) ([]byte, error) {
	text, err := url.PathUnescape(escaped)
	if err != nil || len(text) > base64.StdEncoding.EncodedLen(ocsp.MaxRequest) || strings.ContainsAny(text, "\r\n") {
		return nil, errPath
	}
	der, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(text, "="))
	if err != nil {
		return nil, errPath
	}
	return der, nil
}

// purposeHeader states what a verifier asks for; the ledger counts by it.
const purposeHeader = "JPKI-Purpose"

func (h *house) answerOCSP(c echo.Context, kind jpki.Kind, key string, der []byte) error {
	purpose, err := accreditation.ParsePurpose(c.Request().Header.Get(purposeHeader))
	if err != nil {
		return problem(c, err)
	}
	answer, err := h.cfg.Authority.AnswerOCSPFor(c.Request().Context(), purpose, kind, key, der)
	if err != nil { // whoever asked has gone
		answer.DER = ocsp.Failure(ocsp.TryLater)
	}
	header := c.Response().Header()
	door.NoPage(header)
	if answer.ETag == "" {
		header.Set("Vary", "Authorization")
		header.Set("Cache-Control", "no-store")
		return c.Blob(http.StatusOK, "application/ocsp-response", answer.DER)
	}
	mayBeKept(header, h.cfg.Clock.Now(), answer)
	return tagged(c, answer.ETag, "application/ocsp-response", answer.DER)
}

// mayBeKept writes the cache headers of RFC 5019 §6.2, but private: the answer
// is for a verifier. It is on the path of every answer from memory, so the
// values share one array, and the names are canonical already.
func mayBeKept(header http.Header, now time.Time, answer ca.OCSPAnswer) {
	age := max(0, int(answer.CacheUntil.Sub(now)/time.Second))
	values := []string{
		"Authorization",
		now.Format(http.TimeFormat),
		"private, max-age=" + strconv.Itoa(age) + ", no-transform, must-revalidate",
		answer.ThisUpdate.Format(http.TimeFormat),
		answer.CacheUntil.Format(http.TimeFormat),
	}
	for i, name := range []string{"Vary", "Date", "Cache-Control", "Last-Modified", "Expires"} {
		header[name] = values[i : i+1 : i+1]
	}
}

// tagged sends a body under an ETag, or 304 to a client that has it (RFC 9110
// §13.1.2).
func tagged(c echo.Context, tag, contentType string, body []byte) error {
	tag = `"` + tag + `"`
	c.Response().Header().Set("ETag", tag)
	r := c.Request()
	if known := r.Header["If-None-Match"]; known != nil && (r.Method == http.MethodGet || r.Method == http.MethodHead) && lists(known, tag) {
		return c.NoContent(http.StatusNotModified)
	}
	return c.Blob(http.StatusOK, contentType, body)
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
	if _, err := h.cfg.Authority.Ministry.Accredited(verifierKey(c, c.Param("key")), kind); err != nil {
		return problem(c, err)
	}
	list, err := h.cfg.Authority.CRL(c.Request().Context(), kind)
	if err != nil {
		return problem(c, err)
	}
	header.Set("Date", h.cfg.Clock.Now().Format(http.TimeFormat))
	header.Set("Cache-Control", "private, no-cache") // it changes with every revocation; the ETag saves the transfer
	header.Set("Last-Modified", list.ThisUpdate.Format(http.TimeFormat))
	header.Set("Content-Disposition", `attachment; filename="`+kind.String()+`.crl"`)
	return tagged(c, kind.String()+"-"+strconv.FormatInt(list.Number, 10), "application/pkix-crl", list.DER)
}
