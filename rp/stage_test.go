package rp

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"crypto/x509"

	"example.jp/jpkimock/rp/internal/wire"
)

func storyAnchors(t testing.TB) []*x509.Certificate {
	t.Helper()
	text, err := os.ReadFile("testdata/anchors.pem")
	if err != nil {
		t.Fatal(err)
	}
	anchors, err := ParseAnchors(text)
	if err != nil {
		t.Fatal(err)
	}
	return anchors
}

// roundTrip lets a function be a transport.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func answered(req *http.Request, status int, kind string, body []byte) *http.Response {
	return &http.Response{StatusCode: status, Status: fmt.Sprint(status, " ", http.StatusText(status)), Header: http.Header{"Content-Type": {kind}},
		Body: io.NopCloser(bytes.NewReader(body)), Request: req}
}

// client is a stub authority in memory.
func (s *stage) client() *http.Client {
	return &http.Client{Transport: roundTrip(func(req *http.Request) (*http.Response, error) {
		if strings.HasSuffix(req.URL.Path, "/pair") {
			return answered(req, 200, "application/json", fmt.Appendf(nil, `{"kind":%q,"serial":"%08X","pairedKind":%q,"pairedSerial":"0A21C3F1"}`,
				s.play.kind, s.play.cert.serial, s.play.kind.Other())), nil
		}
		if answer := valid(req, s.Now().AddDate(1, 0, 0)); answer != nil {
			return answer, nil
		}
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		o := s.play.ocsp
		o.nonce = requestNonce(body)
		o.producedAt, o.thisUpdate, o.nextUpdate = s.Now(), s.Now(), s.Now().Add(15*60e9)
		return answered(req, 200, "application/ocsp-response", o.der()), nil
	})}
}

// valid answers the question for the end of a certificate's validity; nil if
// the request is another one.
func valid(req *http.Request, until time.Time) *http.Response {
	part := strings.Split(req.URL.Path, "/")
	if len(part) != 7 || part[6] != "validity" {
		return nil
	}
	return answered(req, 200, "application/json", fmt.Appendf(nil, `{"kind":%q,"serial":%q,"notAfter":%q}`, part[4], part[5], until.Format(time.RFC3339)))
}

// requestNonce finds the nonce in a request: the 32 octets after its
// identifier and three headers.
func requestNonce(request []byte) []byte {
	i := bytes.Index(request, []byte(wire.OIDOCSPNonce))
	if i < 0 {
		panic("a request without nonce: " + hex.EncodeToString(request))
	}
	at := i + len(wire.OIDOCSPNonce) + 4
	return request[at : at+nonceOctets]
}
