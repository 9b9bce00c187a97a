package web

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"time"

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

// representation is what stands at an address: the answer to a GET of it, with
// what RFC 9110 §13 lets a client compare.
type representation struct {
	tag         string // without quotes
	modified    time.Time
	sameSecond  bool // another one of the same second may have gone before
	contentType string
	body        []byte
}

// serve answers a GET or HEAD with a representation: 304 to a client that has it,
// 412 to one that wants another. A date that is ahead of the clock says nothing
// (RFC 9110 §13.1.3), nor one of a second that had two representations (§8.8.2.2).
func serve(w http.ResponseWriter, r *http.Request, now time.Time, what representation) {
	w.Header().Set("ETag", `"`+what.tag+`"`)
	w.Header().Set("Content-Type", what.contentType)
	for _, name := range []string{"If-Match", "If-None-Match"} {
		if lines := r.Header[name]; len(lines) > 1 {
			r.Header.Set(name, strings.Join(lines, ","))
		}
	}
	since, err := http.ParseTime(r.Header.Get("If-Modified-Since"))
	if err == nil && (since.After(now) || what.sameSecond && !since.After(what.modified)) {
		r.Header.Del("If-Modified-Since")
	}
	http.ServeContent(w, r, "", what.modified, bytes.NewReader(what.body))
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
	now := h.cfg.Clock.Now()
	header.Set("Date", now.Format(http.TimeFormat))
	header.Set("Cache-Control", "private, no-cache") // it changes with every revocation; the ETag saves the transfer
	header.Set("Content-Disposition", `attachment; filename="`+kind.String()+`.crl"`)
	serve(c.Response(), c.Request(), now, representation{
		tag: kind.String() + "-" + strconv.FormatInt(list.Number, 10), modified: list.ThisUpdate, sameSecond: list.SameSecond,
		contentType: "application/pkix-crl", body: list.DER,
	})
	return nil
}
