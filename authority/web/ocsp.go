package web

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/ca"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/ocsp"
	"example.jp/jpkimock/internal/door"
)

// underOCSP is how the addresses of the responders begin.
const underOCSP = "/ocsp/"

// responder is the OCSP responder of the house. It answers nearly every request in
// quick, before the router and the page middleware, and hardly allocates. The
// routes answer the rest and make every refusal. BenchmarkOCSPHandler, and "ocsp"
// of jpkimock load, measure the gain.
type responder struct {
	authority *authority.Authority
	now       func() time.Time
	fixed     http.Header // headers of every answer, shared: net/http only reads the values
	scratch   sync.Pool   // of *scratch
}

// scratch holds the octets of one request and its answer. It is reused.
type scratch struct{ question, answer []byte }

func newResponder(cfg Config) *responder {
	return &responder{
		authority: cfg.Authority, now: cfg.Clock.Now,
		fixed: http.Header{"Vary": {"Authorization"}, "X-Content-Type-Options": {"nosniff"}, "Content-Type": {"application/ocsp-response"}},
		scratch: sync.Pool{New: func() any {
			return &scratch{question: make([]byte, 0, 512), answer: make([]byte, 0, 2<<10)}
		}},
	}
}

// inquiry is an OCSP request as HTTP carries it.
type inquiry struct {
	kind jpki.Kind
	key  string // of the verifier
	der  []byte
}

// post answers an OCSP request in the body (RFC 6960 appendix A.1).
func (o *responder) post(c echo.Context) error {
	kind, err := kindOf(c.Param("kind"))
	if err != nil {
		return err
	}
	if !isOCSP(c.Request().Header.Get("Content-Type")) {
		return door.Problem{Status: http.StatusUnsupportedMediaType, Code: "not_ocsp", Detail: "the body must be application/ocsp-request"}
	}
	der, err := readBody(c, ocsp.MaxRequest)
	if err != nil {
		return err
	}
	return o.answer(c, inquiry{kind, verifierKey(c.Request(), c.Param("key")), der})
}

const requestType = "application/ocsp-request"

func isOCSP(contentType string) bool {
	if contentType == requestType {
		return true
	}
	t, _, err := mime.ParseMediaType(contentType)
	return err == nil && t == requestType
}

// get answers an OCSP request in the path: /ocsp/<kind>/<base64> or
// /ocsp/<kind>/key/<key>/<base64>. It reads the path as it was sent: base64
// holds '/' and '//' and '+', whether escaped or not, and must never be
// answered with a redirect to a tidier path.
func (o *responder) get(c echo.Context) error {
	q, err := inPath(c.Request())
	if err != nil {
		return err
	}
	return o.answer(c, q)
}

// inPath reads a request in the path. One that is not base64 is empty: an
// accredited verifier is told malformedRequest, anybody else unauthorized.
func inPath(r *http.Request) (inquiry, error) {
	name, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.EscapedPath(), underOCSP), "/")
	kind, err := kindOf(name)
	if err != nil {
		return inquiry{}, err
	}
	key := ""
	if r, ok := strings.CutPrefix(rest, "key/"); ok {
		key, rest, _ = strings.Cut(r, "/")
	}
	der, err := decodePath(rest)
	if err != nil {
		der = nil
	}
	return inquiry{kind, verifierKey(r, key), der}, nil
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

// answer answers for a route.
func (o *responder) answer(c echo.Context, q inquiry) error {
	s := o.scratch.Get().(*scratch)
	defer o.scratch.Put(s)
	if err := o.write(c.Response(), c.Request(), q, s); err != nil {
		return problem(c, err)
	}
	return nil
}

// quick answers before the door (door.Quick): a GET, or a POST that says how long
// it is.
func (o *responder) quick(w http.ResponseWriter, r *http.Request) bool {
	s := o.scratch.Get().(*scratch)
	defer o.scratch.Put(s)
	var q inquiry
	var err error
	switch r.Method {
	case http.MethodGet:
		q, err = inPath(r)
	case http.MethodPost:
		q, err = inBody(r, s)
	default:
		return false
	}
	if err != nil {
		return false
	}
	if err = o.write(w, r, q, s); err != nil && r.Method == http.MethodPost {
		rewind(r, q.der, io.EOF)
	}
	return err == nil
}

var errUnusual = errors.New("not a plain request")

// inBody reads a request in a body of a known length, at one of the addresses that
// the routes of post have.
func inBody(r *http.Request, s *scratch) (inquiry, error) {
	path := strings.TrimSuffix(strings.TrimPrefix(r.URL.Path, underOCSP), "/")
	name, rest, more := strings.Cut(path, "/")
	key, withKey := strings.CutPrefix(rest, "key/")
	kind, err := jpki.ParseKind(name)
	if err != nil || r.URL.RawPath != "" || more && (!withKey || key == "" || strings.Contains(key, "/")) ||
		r.ContentLength < 0 || r.ContentLength > ocsp.MaxRequest || !isOCSP(r.Header.Get("Content-Type")) {
		return inquiry{}, errUnusual
	}
	s.question = append(s.question[:0], make([]byte, r.ContentLength)...)
	if n, err := io.ReadFull(r.Body, s.question); err != nil {
		rewind(r, s.question[:n], err)
		return inquiry{}, err
	}
	return inquiry{kind, verifierKey(r, key), s.question}, nil
}

// rewind makes a body readable from its beginning, up to the same end.
func rewind(r *http.Request, read []byte, end error) {
	r.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(bytes.Clone(read)), errReader{end}), r.Body}
}

// errReader returns an error from every Read.
type errReader struct{ err error }

func (e errReader) Read([]byte) (int, error) { return 0, e.err }

// purposeHeader states what a verifier asks for; the ledger counts by it.
const purposeHeader = "JPKI-Purpose"

// write answers an inquiry. If it returns an error, the request is at fault and
// nothing has been written.
func (o *responder) write(w http.ResponseWriter, r *http.Request, q inquiry, s *scratch) error {
	purpose, err := accreditation.ParsePurpose(r.Header.Get(purposeHeader))
	if err != nil {
		return err
	}
	answer, err := o.authority.AppendOCSP(r.Context(), s.answer[:0], purpose, q.kind, q.key, q.der)
	if err != nil { // the client has gone
		answer.DER = append(s.answer[:0], ocsp.Failure(ocsp.TryLater)...)
	}
	s.answer = answer.DER
	header := w.Header()
	door.NoPage(header)
	maps.Copy(header, o.fixed)
	if answer.ETag == "" {
		header["Cache-Control"] = []string{"no-store"}
	} else {
		now := o.now()
		mayBeKept(header, now, answer)
		if conditional(r) {
			serve(w, r, now, representation{answer.ETag, answer.ThisUpdate, answer.SameSecond, "application/ocsp-response", answer.DER})
			return nil
		}
	}
	_, _ = w.Write(answer.DER) // fails if the client has gone
	return nil
}

// conditional reports whether a request depends on what its client has.
func conditional(r *http.Request) bool {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	for _, name := range [...]string{"If-None-Match", "If-Modified-Since", "If-Match", "If-Unmodified-Since"} {
		if r.Header[name] != nil {
			return true
		}
	}
	return false
}

// mayBeKept writes the cache headers of RFC 5019 §6.2, but private: the answer
// is for a verifier. The values are parts of one string
// and share one array, and the names are already canonical: BenchmarkOCSPHandler.
func mayBeKept(header http.Header, now time.Time, answer ca.OCSPAnswer) {
	age := max(0, int(answer.CacheUntil.Sub(now)/time.Second))
	var room [256]byte
	var ends [5]int
	b := now.AppendFormat(room[:0], http.TimeFormat)
	ends[0] = len(b)
	b = append(strconv.AppendInt(append(b, "private, max-age="...), int64(age), 10), ", no-transform, must-revalidate"...)
	ends[1] = len(b)
	b = answer.ThisUpdate.AppendFormat(b, http.TimeFormat)
	ends[2] = len(b)
	b = answer.CacheUntil.AppendFormat(b, http.TimeFormat)
	ends[3] = len(b)
	b = append(append(append(b, '"'), answer.ETag...), '"')
	ends[4] = len(b)
	all, values, from := string(b), make([]string, len(ends)), 0
	for i, name := range [...]string{"Date", "Cache-Control", "Last-Modified", "Expires", "Etag"} {
		values[i] = all[from:ends[i]]
		header[name] = values[i : i+1 : i+1]
		from = ends[i]
	}
}
