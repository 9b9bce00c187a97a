package partner

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
)

// Business is what a partner writes. Its methods may be called at once from many
// goroutines, and what they acknowledge must be on the disk.
type Business interface {
	// Connect keeps a connection in place of an earlier one of the customer. It is
	// ErrNoCustomer if number, name and date of birth are not a customer's.
	Connect(ctx context.Context, c Connection) error
	// Disconnect forgets a connection, if there is one.
	Disconnect(ctx context.Context, customer string) error
	// Connected gives a connection, or ErrNoCustomer.
	Connected(ctx context.Context, customer string) (Connection, error)
	// SameAddress reports whether an address is the registered one.
	SameAddress(ctx context.Context, customer, address string) (bool, error)
	// Receive takes an application whose signature was verified. If there is one with
	// its ID, Receive changes nothing and gives how that one stands.
	Receive(ctx context.Context, c Change) (Receipt, error)
	// Receipt gives how an application stands and the Digest with which it came, or
	// ErrNoApplication.
	Receipt(ctx context.Context, id string) (Receipt, string, error)
	// Answer takes the answer to what was asked back, and changes nothing in another
	// state. It is ErrNoApplication for an unknown one.
	Answer(ctx context.Context, id, answer string) (Receipt, error)
}

// What a partner refuses.
var (
	ErrNoCustomer    = errors.New("partner: no customer with these data is connected")
	ErrNoApplication = errors.New("partner: no application with this ID was received")
	ErrConflict      = errors.New("partner: another application was received with this ID")
	ErrAnotherPerson = errors.New("partner: the signer is not the connected customer")
	errMalformed     = errors.New("partner: the request cannot be read")
)

// ServerConfig is what a partner's interface is made of. All fields but KeySet are
// required; Verifier and Links of a partner that takes applications.
type ServerConfig struct {
	ID       string // the partner's, as sheets name it
	Key      string // the portal's
	Verifier rp.SignatureVerifier
	Links    rp.Links
	Business Business
	Now      func() time.Time
	// KeySet is the JWK Set by which the notices in receipts are verified, as function
	// KeySet makes it; nil for a partner that sends none.
	KeySet []byte
}

// server is a partner's interface.
type server struct {
	ServerConfig
	key [sha256.Size]byte
}

// NewServer returns the interface of openapi.yaml in front of a business.
func NewServer(cfg ServerConfig) (http.Handler, error) {
	if cfg.ID == "" || cfg.Key == "" || (cfg.Verifier == nil) != (cfg.Links == nil) || cfg.Business == nil || cfg.Now == nil {
		return nil, errors.New("partner: a field of the server's config is missing")
	}
	if cfg.KeySet == nil {
		cfg.KeySet = []byte(`{"keys":[]}`)
	}
	s := &server{cfg, sha256.Sum256([]byte(cfg.Key))}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/keys", answer(func(*http.Request) (any, error) { return json.RawMessage(cfg.KeySet), nil }))
	mux.HandleFunc("POST /v1/connections", answer(s.connect))
	mux.HandleFunc("DELETE /v1/connections/{customer}", answer(s.disconnect))
	mux.HandleFunc("POST /v1/addresses", answer(s.sameAddress))
	mux.HandleFunc("POST /v1/applications", answer(s.receive))
	mux.HandleFunc("GET /v1/applications/{id}", answer(s.receipt))
	mux.HandleFunc("POST /v1/applications/{id}/answers", answer(s.takeAnswer))
	return s.keyed(mux), nil
}

// keyed lets in who has the portal's key.
func (s *server) keyed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		scheme, key, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		sum := sha256.Sum256([]byte(key))
		if !strings.EqualFold(scheme, "Bearer") || subtle.ConstantTimeCompare(sum[:], s.key[:]) != 1 {
			w.Header().Set("WWW-Authenticate", `Bearer realm="partner"`)
			problem(w, http.StatusUnauthorized, "wrong_key", "the key of the portal is required")
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, MaxBody)
		next.ServeHTTP(w, r)
	})
}

func (s *server) connect(r *http.Request) (any, error) {
	c, err := read[Connection](r)
	if err != nil {
		return nil, err
	}
	if !isID(c.Customer) || !isID(c.Box) || !isText(c.Name) || !c.DateOfBirth.Known() || c.Certificate.IsZero() {
		return nil, errMalformed
	}
	return nil, s.Business.Connect(r.Context(), c)
}

func (s *server) disconnect(r *http.Request) (any, error) {
	if !isID(r.PathValue("customer")) {
		return nil, errMalformed
	}
	return nil, s.Business.Disconnect(r.Context(), r.PathValue("customer"))
}

func (s *server) sameAddress(r *http.Request) (any, error) {
	q, err := read[addressQuestion](r)
	if err != nil {
		return nil, err
	}
	if !isID(q.Customer) || !isText(q.Address) {
		return nil, errMalformed
	}
	if _, err := s.Business.Connected(r.Context(), q.Customer); err != nil {
		return nil, err
	}
	same, err := s.Business.SameAddress(r.Context(), q.Customer, q.Address)
	return addressAnswer{same}, err
}

// receive verifies an application, unless it was received before: since then the
// certificate may have been revoked.
func (s *server) receive(r *http.Request) (any, error) {
	a, err := read[Application](r)
	if err != nil {
		return nil, err
	}
	if !isID(a.ID) || len(a.Document) > maxDocument || !utf8.ValidString(a.Document) {
		return nil, errMalformed
	}
	if s.Verifier == nil {
		return nil, ErrNoCustomer // no application can be for one
	}
	ctx := r.Context()
	before, digest, err := s.Business.Receipt(ctx, a.ID)
	switch {
	case err == nil && digest != a.digest():
		return nil, ErrConflict
	case err == nil:
		return before, nil
	case !errors.Is(err, ErrNoApplication):
		return nil, err
	}
	c, err := s.verify(ctx, a)
	if err != nil {
		return nil, err
	}
	return s.Business.Receive(ctx, c)
}

// verify makes sure of everything that a partner relies on: the sheet is part of what
// was signed, the signature is good and the certificate valid, and the signer is the
// connected customer.
func (s *server) verify(ctx context.Context, a Application) (Change, error) {
	sheet, err := sheetOf(a, s.ID)
	if err != nil {
		return Change{}, err
	}
	connection, err := s.Business.Connected(ctx, sheet.Customer)
	if err != nil {
		return Change{}, err
	}
	signature, err := s.Verifier.VerifySignature(ctx, []byte(a.Document), a.Signature)
	if err != nil {
		return Change{}, err
	}
	if signature.Serial != connection.Certificate {
		known := func(_ context.Context, k jpki.Kind, n jpki.SerialNumber) (bool, error) {
			return k == jpki.DigitalSignature && n == connection.Certificate, nil
		}
		holder, err := rp.Recognise(ctx, s.Links, jpki.DigitalSignature, signature.Serial, known)
		if err != nil {
			return Change{}, err
		}
		if !holder.Known() {
			return Change{}, ErrAnotherPerson
		}
	}
	return Change{Application: a, Signature: signature, Digest: a.digest(), Sheet: sheet, Received: s.Now().UTC()}, nil
}

func (s *server) receipt(r *http.Request) (any, error) {
	receipt, _, err := s.Business.Receipt(r.Context(), r.PathValue("id"))
	return receipt, err
}

func (s *server) takeAnswer(r *http.Request) (any, error) {
	in, err := read[answerBody](r)
	if err != nil {
		return nil, err
	}
	if !isText(in.Answer) {
		return nil, errMalformed
	}
	return s.Business.Answer(r.Context(), r.PathValue("id"), in.Answer)
}

// isID reports whether s is 1 to 64 letters, digits, hyphens and underscores.
func isID(s string) bool {
	return s != "" && len(s) <= maxID && strings.IndexFunc(s, func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '_'
	}) < 0
}

// isText reports whether s is one line of text.
func isText(s string) bool { return s != "" && jpki.CheckLine(s, maxText/4) == nil }

// read reads a JSON body strictly.
func read[T any](r *http.Request) (in T, err error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return in, errMalformed
	}
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if d.Decode(&in) != nil {
		return in, errMalformed
	}
	if _, err := d.Token(); err != io.EOF {
		return in, errMalformed
	}
	return in, nil
}

// answer writes what a handler returns: JSON, 204 for nothing, or a problem.
func answer(do func(*http.Request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		out, err := do(r)
		if err != nil {
			status, code := refusal(err)
			detail := err.Error()
			if status == http.StatusInternalServerError {
				detail = "the problem is on our side"
			}
			problem(w, status, code, detail)
			return
		}
		if out == nil {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(out) // who does not listen asks again
	}
}

// refusal gives the status and code of an error. What the authority did not answer is
// silence: the portal asks again.
func refusal(err error) (status int, code string) {
	for _, line := range []struct {
		is     error
		status int
		code   string
	}{
		{errMalformed, http.StatusBadRequest, "malformed"},
		{ErrNoCustomer, http.StatusNotFound, "no_customer"},
		{ErrNoApplication, http.StatusNotFound, "no_application"},
		{ErrConflict, http.StatusConflict, "conflict"},
		{ErrSheet, http.StatusUnprocessableEntity, "sheet"},
		{ErrAnotherPerson, http.StatusUnprocessableEntity, "another_person"},
	} {
		if errors.Is(err, line.is) {
			return line.status, line.code
		}
	}
	switch code := rp.Code(err); code {
	case "":
		return http.StatusInternalServerError, "internal"
	case "not_accredited", "status_responder", "status_missing", "status_stale", "status_nonce", "status_unavailable":
		return http.StatusServiceUnavailable, code
	default:
		return http.StatusUnprocessableEntity, code
	}
}

func problem(w http.ResponseWriter, status int, code, detail string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(Refused{Status: status, Code: code, Detail: detail})
}
