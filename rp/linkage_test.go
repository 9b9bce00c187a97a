package rp

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"example.jp/jpkimock/authority/jpki"
)

func TestLinkage(t *testing.T) {
	const auth = jpki.UserAuthentication
	status, body, asked := 0, "", ""
	l, err := NewLinkage(LinkageConfig{AuthorityURL: "http://authority.example.jp/", Key: "a-key", Client: &http.Client{
		Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			asked = r.Method + " " + r.URL.String() + " " + r.Header.Get("Authorization")
			return answered(r, status, "application/json", []byte(body)), nil
		})}})
	if err != nil {
		t.Fatal(err)
	}
	pair := func() (jpki.SerialNumber, error) { return l.Pair(t.Context(), auth, "0A21C3F1") }
	successor := func() (jpki.SerialNumber, error) { return l.Successor(t.Context(), auth, "0A21C3F1") }
	predecessors := func() (jpki.SerialNumber, error) {
		all, err := l.Predecessors(t.Context(), auth, "0A21C3F1")
		return jpki.SerialNumber(strings.Join(texts(all), " ")), err
	}
	const at = "GET http://authority.example.jp/verifier/v1/certificates/user-authentication/0A21C3F1/"
	for name, c := range map[string]struct {
		ask    func() (jpki.SerialNumber, error)
		asks   string
		status int
		body   string
		want   jpki.SerialNumber
		err    error
	}{
		"a pair":           {pair, "pair", 200, `{"kind":"user-authentication","serial":"0A21C3F1","pairedKind":"digital-signature","pairedSerial":"0705D990"}`, "0705D990", nil},
		"no pair":          {pair, "pair", 404, `{}`, "", nil},
		"a pair of itself": {pair, "pair", 200, `{"kind":"user-authentication","serial":"0A21C3F1","pairedKind":"user-authentication","pairedSerial":"0A21C3F1"}`, "", ErrStatusUnavailable},
		"a pair of nobody": {pair, "pair", 200, `{"kind":"user-authentication","serial":"0A21C3F1","pairedKind":"digital-signature"}`, "", ErrStatusUnavailable},
		"another's pair":   {pair, "pair", 200, `{"kind":"digital-signature","serial":"0A21C3F1","pairedKind":"digital-signature","pairedSerial":"0705D990"}`, "", ErrStatusUnavailable},
		"followed by none": {successor, "successor", 200, `{"kind":"user-authentication","serial":"0A21C3F1"}`, "", ErrStatusUnavailable},
		"before no kind":   {predecessors, "predecessors", 200, `{"kind":"digital-signature","serial":"0A21C3F1","predecessors":["0A21C3F0"]}`, "", ErrStatusUnavailable},
		"a successor":      {successor, "successor", 200, `{"kind":"user-authentication","serial":"0A21C3F1","successor":"0A21C400"}`, "0A21C400", nil},
		"no successor":     {successor, "successor", 404, `{}`, "", nil},
		"another's":        {successor, "successor", 200, `{"kind":"user-authentication","serial":"0A21C3F2","successor":"0A21C400"}`, "", ErrStatusUnavailable},
		"of another kind":  {successor, "successor", 200, `{"kind":"digital-signature","serial":"0A21C3F1","successor":"0A21C400"}`, "", ErrStatusUnavailable},
		"predecessors":     {predecessors, "predecessors", 200, `{"kind":"user-authentication","serial":"0A21C3F1","predecessors":["0A21C3F0","0A21C300"]}`, "0A21C3F0 0A21C300", nil},
		"the first":        {predecessors, "predecessors", 200, `{"kind":"user-authentication","serial":"0A21C3F1","predecessors":[]}`, "", nil},
		"nobody's":         {predecessors, "predecessors", 404, `{}`, "", nil},
		"of its own":       {predecessors, "predecessors", 200, `{"kind":"user-authentication","serial":"0A21C3F1","predecessors":["0A21C3F1"]}`, "", ErrStatusUnavailable},
		"no list":          {predecessors, "predecessors", 200, `{"kind":"user-authentication","serial":"0A21C3F1"}`, "", ErrStatusUnavailable},
		"empty places":     {predecessors, "predecessors", 200, `{"kind":"user-authentication","serial":"0A21C3F1","predecessors":[null]}`, "", ErrStatusUnavailable},
		"before another":   {predecessors, "predecessors", 200, `{"kind":"user-authentication","serial":"0A21C3F2","predecessors":["0A21C3F0"]}`, "", ErrStatusUnavailable},
		"no authority":     {predecessors, "predecessors", 503, `{}`, "", ErrStatusUnavailable},
		"no key":           {successor, "successor", 401, `{}`, "", ErrNotAccredited},
		"not accredited":   {successor, "successor", 403, `{}`, "", ErrNotAccredited},
		"out of order":     {successor, "successor", 500, `{}`, "", ErrStatusUnavailable},
		"sent elsewhere":   {successor, "successor", 302, `{}`, "", ErrStatusUnavailable},
		"no JSON":          {successor, "successor", 200, `nothing`, "", ErrMalformed},
		"no serial number": {successor, "successor", 200, `{"kind":"user-authentication","serial":"0A21C3F1","successor":"soon"}`, "", ErrMalformed},
		"without end":      {successor, "successor", 200, strings.Repeat(" ", maxLinked+1), "", ErrTooLarge},
	} {
		status, body = c.status, c.body
		got, err := c.ask()
		if got != c.want || !errors.Is(err, c.err) || (err != nil) != (c.err != nil) || asked != at+c.asks+" Bearer a-key" {
			t.Errorf("%s: %q, %v after %s; want %q, %v", name, got, err, asked, c.want, c.err)
		}
		if _, ok := errors.AsType[*CheckError](err); err != nil && !ok {
			t.Errorf("%s: %T is no CheckError", name, err)
		}
	}
	asked = ""
	if _, err := l.Pair(t.Context(), auth, "../../x"); !errors.Is(err, ErrMalformed) || asked != "" {
		t.Errorf("a path as a serial number: %v after %q", err, asked)
	}
	if _, err := l.Successor(t.Context(), 0, "01"); !errors.Is(err, ErrMalformed) || asked != "" {
		t.Errorf("no kind: %v after %q", err, asked)
	}
	if _, err := NewLinkage(LinkageConfig{}); err == nil {
		t.Error("a linkage with nowhere to ask")
	}
}

func texts(serials []jpki.SerialNumber) []string {
	out := make([]string, len(serials))
	for i, s := range serials {
		out[i] = s.String()
	}
	return out
}

// TestASignInAsksForNoPair: who signs in is known by the serial number, and a
// pair is asked for only when a document was signed.
func TestASignInAsksForNoPair(t *testing.T) {
	s := newStage(t, jpki.UserAuthentication, func(c *Config) { c.WantPaired = true })
	inner := s.cfg.Client.Transport
	s.cfg.Client.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
		if strings.HasSuffix(r.URL.Path, "/pair") {
			t.Error("asked for", r.URL)
		}
		return inner.RoundTrip(r)
	})
	c, err := s.NewChallenge(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.VerifyAuthentication(context.Background(), s.token(c.Origin, c.Nonce), c.Nonce); err != nil {
		t.Fatal(err)
	}
}
