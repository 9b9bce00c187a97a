package web_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/x509"
	"encoding/base64"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	xocsp "golang.org/x/crypto/ocsp"

	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/ocsp"
	"example.jp/jpkimock/authority/register"
)

func certificate(t testing.TB, c register.Certificate) *x509.Certificate {
	t.Helper()
	cert, err := x509.ParseCertificate(c.DER)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

// question is an OCSP request about a certificate, without a nonce.
func (tn *town) question(c register.Certificate, hash crypto.Hash) []byte {
	tn.t.Helper()
	der, err := xocsp.CreateRequest(certificate(tn.t, c), tn.CACertificate(c.Kind), &xocsp.RequestOptions{Hash: hash})
	if err != nil {
		tn.t.Fatal(err)
	}
	return der
}

func (tn *town) status(r reply, kind jpki.Kind) int {
	tn.t.Helper()
	if r.StatusCode != http.StatusOK || r.Header.Get("Content-Type") != "application/ocsp-response" {
		tn.t.Fatalf("%d %s", r.StatusCode, r.text())
	}
	answer, err := xocsp.ParseResponse(r.body, tn.CACertificate(kind))
	if err != nil {
		tn.t.Fatalf("%v: %x", err, r.body)
	}
	return answer.Status
}

var (
	bearer = []string{"Authorization", "Bearer " + authoritytest.Key}
	asOCSP = append([]string{"Content-Type", "application/ocsp-request"}, bearer...)
)

func TestPOST(t *testing.T) {
	tn := open(t)
	c := tn.Settle(authoritytest.Hanako()).Certificates[sign]
	der := tn.question(c, crypto.SHA1)
	for _, path := range []string{"/ocsp/digital-signature", "/ocsp/digital-signature/"} {
		if s := tn.status(tn.do("POST", path, der, asOCSP...), sign); s != xocsp.Good {
			t.Errorf("%s: %d", path, s)
		}
	}
	for _, path := range []string{"/ocsp/digital-signature/key/" + authoritytest.Key, "/ocsp/digital-signature/key/" + authoritytest.Key + "/"} {
		if s := tn.status(tn.do("POST", path, der, "Content-Type", "application/ocsp-request"), sign); s != xocsp.Good {
			t.Errorf("%s: %d", path, s)
		}
	}
	tn.want(tn.do("POST", "/ocsp/digital-signature", der, bearer...), http.StatusUnsupportedMediaType, "not_ocsp")
	tn.want(tn.do("POST", "/ocsp/signature", der, asOCSP...), http.StatusNotFound, "unknown_kind")
	tn.want(tn.do("POST", "/ocsp/digital-signature", make([]byte, ocsp.MaxRequest+1), asOCSP...), http.StatusRequestEntityTooLarge, "too_large")
	tn.want(tn.do("POST", "/ocsp/digital-signature", make([]byte, 2<<20), asOCSP...), http.StatusRequestEntityTooLarge, "too_large")
	tn.want(tn.do("PUT", "/ocsp/digital-signature", der, asOCSP...), http.StatusMethodNotAllowed, "method_not_allowed")
	for name, body := range map[string][]byte{"nothing": nil, "not DER": []byte("hello"), "a JSON": []byte("{}")} {
		r := tn.do("POST", "/ocsp/digital-signature", body, asOCSP...)
		if r.StatusCode != http.StatusOK || !bytes.Equal(r.body, ocsp.Failure(ocsp.MalformedRequest)) {
			t.Errorf("%s: %d %x", name, r.StatusCode, r.body)
		}
		if r := tn.do("POST", "/ocsp/digital-signature", body, "Content-Type", "application/ocsp-request"); !bytes.Equal(r.body, ocsp.Failure(ocsp.Unauthorized)) {
			t.Errorf("%s, without a key: %d %x", name, r.StatusCode, r.body)
		}
	}
}

// TestGET asks with every spelling of base64 in a path: as it is, escaped, and
// without padding. Requests are chosen that hold '+', '/' and '//'.
func TestGET(t *testing.T) {
	tn := open(t)
	c := tn.Settle(authoritytest.Hanako()).Certificates[sign]
	cert := certificate(t, c)
	seen := map[string]bool{}
	for i := int64(0); i < 4000 && !(seen["//"] && seen["+"]); i++ {
		hash := []crypto.Hash{crypto.SHA1, crypto.SHA256}[i%2]
		if i > 1 { // an unknown serial number, for the sake of its base64
			cert.SerialNumber.SetInt64(0x7FFF0000FFFF + i*0x3F3F3F)
		}
		der, err := xocsp.CreateRequest(cert, tn.CACertificate(sign), &xocsp.RequestOptions{Hash: hash})
		if err != nil {
			t.Fatal(err)
		}
		text := base64.StdEncoding.EncodeToString(der)
		fresh := i < 2
		for _, mark := range []string{"//", "+", "/", "="} {
			if strings.Contains(text, mark) && !seen[mark] {
				seen[mark], fresh = true, true
			}
		}
		if !fresh {
			continue
		}
		want := xocsp.Unknown
		if i < 2 {
			want = xocsp.Good
		}
		for _, path := range []string{text, url.PathEscape(text), url.QueryEscape(text), strings.TrimRight(text, "="), strings.ReplaceAll(text, "/", "%2f")} {
			if s := tn.status(tn.do("GET", "/ocsp/digital-signature/"+path, nil, bearer...), sign); s != want {
				t.Errorf("%s: %d", path, s)
			}
			if s := tn.status(tn.do("GET", "/ocsp/digital-signature/key/"+authoritytest.Key+"/"+path, nil), sign); s != want {
				t.Errorf("key, %s: %d", path, s)
			}
		}
	}
	if !seen["//"] || !seen["+"] {
		t.Fatalf("no request held // and +: %v", seen)
	}
	for _, path := range []string{"", "/", "/!!!", "/%00", "/MA", "/MA%0A==", "/..%2f..%2f", "//", "/key", "/key/", "/key/nobody-has-this-key/MA=="} {
		r := tn.do("GET", "/ocsp/digital-signature"+path, nil, bearer...)
		if r.StatusCode != http.StatusOK || !bytes.Equal(r.body, ocsp.Failure(ocsp.MalformedRequest)) {
			t.Errorf("%q: %d %x", path, r.StatusCode, r.body)
		}
		if r := tn.do("GET", "/ocsp/digital-signature"+path, nil); !bytes.Equal(r.body, ocsp.Failure(ocsp.Unauthorized)) {
			t.Errorf("%q, without a key: %d %x", path, r.StatusCode, r.body)
		}
	}
	tn.want(tn.do("GET", "/ocsp/", nil), http.StatusNotFound, "unknown_kind")
	if r := tn.do("GET", "/ocsp/digital-signature/"+strings.Repeat("A", 17<<10), nil, bearer...); r.StatusCode != http.StatusRequestHeaderFieldsTooLarge && !bytes.Equal(r.body, ocsp.Failure(ocsp.MalformedRequest)) {
		t.Errorf("a long path: %d", r.StatusCode)
	}
}

func TestCacheHeaders(t *testing.T) {
	tn := open(t)
	c := tn.Settle(authoritytest.Hanako()).Certificates[sign]
	path := "/ocsp/digital-signature/" + base64.StdEncoding.EncodeToString(tn.question(c, crypto.SHA1))
	first := tn.do("GET", path, nil, bearer...)
	h := first.Header
	date, _ := http.ParseTime(h.Get("Date"))
	expires, _ := http.ParseTime(h.Get("Expires"))
	modified, _ := http.ParseTime(h.Get("Last-Modified"))
	_, rest, _ := strings.Cut(h.Get("Cache-Control"), "max-age=")
	age, _, _ := strings.Cut(rest, ",")
	seconds, _ := strconv.Atoi(age)
	if seconds <= 14*60 || seconds > 15*60 || expires.Sub(modified) != 15*time.Minute || date.Before(modified) || h.Get("Vary") != "Authorization" {
		t.Errorf("%v", h)
	}
	again := tn.do("GET", path, nil, append([]string{"If-None-Match", h.Get("ETag")}, bearer...)...)
	if again.StatusCode != http.StatusNotModified || len(again.body) != 0 {
		t.Errorf("with its ETag: %d", again.StatusCode)
	}
	if _, err := tn.Suspend(context.Background(), sign, c.Serial, desk.By{}); err != nil {
		t.Fatal(err)
	}
	after := tn.do("GET", path, nil, append([]string{"If-None-Match", h.Get("ETag")}, bearer...)...)
	if tn.status(after, sign) != xocsp.Revoked || after.Header.Get("ETag") == h.Get("ETag") {
		t.Error("the old ETag still holds after suspension")
	}
	if r := tn.do("GET", path, nil); r.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("unauthorized may be kept: %v", r.Header)
	}
}

func TestCRLGoesToVerifiersOnly(t *testing.T) {
	tn := open(t)
	if _, err := tn.Ministry.Register(context.Background(), accreditation.Registration{ID: "login", Name: "認証のみ", Key: "key-of-login-only-verifier", Kinds: []jpki.Kind{auth}}); err != nil {
		t.Fatal(err)
	}
	path := "/crl/digital-signature.crl"
	for _, c := range []struct {
		path, key, reason string
		status            int
		code              string
	}{
		{path, authoritytest.Key, "", 200, ""},
		{path + "/key/" + authoritytest.Key, "", "", 200, ""},
		{path, "", "", 401, "no_key"},
		{path, "nobody-has-this-key", "unknown_key", 403, "not_accredited"},
		{path, "key-of-login-only-verifier", "kind_not_covered", 403, "not_accredited"},
		{path + "/key/nobody-has-this-key", "", "unknown_key", 403, "not_accredited"},
		{"/crl/user-authentication.crl", "key-of-login-only-verifier", "", 200, ""},
		{"/crl/digital-signature.der", authoritytest.Key, "", 404, "not_found"},
		{"/crl/other.crl", authoritytest.Key, "", 404, "unknown_kind"},
	} {
		var headers []string
		if c.key != "" {
			headers = []string{"Authorization", "Bearer " + c.key}
		}
		r := tn.do("GET", c.path, nil, headers...)
		tn.want(r, c.status, c.code)
		if c.reason != "" && r.member("reason") != c.reason {
			t.Errorf("%s with %s: %s", c.path, c.key, r.text())
		}
		if c.status != 200 {
			continue
		}
		if _, err := x509.ParseRevocationList(r.body); err != nil || r.Header.Get("Content-Type") != "application/pkix-crl" {
			t.Errorf("%s: %v, %v", c.path, err, r.Header)
		}
		if again := tn.do("GET", c.path, nil, append(headers, "If-None-Match", r.Header.Get("ETag"))...); again.StatusCode != http.StatusNotModified {
			t.Errorf("%s with its ETag: %d", c.path, again.StatusCode)
		}
	}
}

func TestPair(t *testing.T) {
	tn := open(t)
	issued := tn.Settle(authoritytest.Hanako())
	child := tn.Settle(authoritytest.Taro())
	if _, err := tn.Ministry.Register(context.Background(), accreditation.Registration{ID: "login", Name: "認証のみ", Key: "key-of-login-only-verifier", Kinds: []jpki.Kind{auth}}); err != nil {
		t.Fatal(err)
	}
	path := func(kind jpki.Kind, serial jpki.SerialNumber) string {
		return "/verifier/v1/certificates/" + kind.String() + "/" + serial.String() + "/pair"
	}
	s, a := issued.Certificates[sign].Serial, issued.Certificates[auth].Serial
	r := tn.do("GET", path(sign, s), nil, bearer...)
	tn.want(r, 200, "")
	if want := `{"kind":"digital-signature","serial":"` + s.String() + `","pairedKind":"user-authentication","pairedSerial":"` + a.String() + `"}`; strings.TrimSpace(r.text()) != want {
		t.Errorf("%s, want %s", r.text(), want)
	}
	if r := tn.do("GET", path(auth, a), nil, bearer...); r.member("pairedSerial") != s.String() {
		t.Error(r.text())
	}
	tn.want(tn.do("GET", path(sign, s), nil), 401, "no_key")
	tn.want(tn.do("GET", path(sign, s), nil, "Authorization", "Basic "+authoritytest.Key), 401, "no_key")
	tn.want(tn.do("GET", path(sign, s), nil, "Authorization", "Bearer nobody-has-this-key"), 403, "not_accredited")
	tn.want(tn.do("GET", path(auth, a), nil, "Authorization", "Bearer key-of-login-only-verifier"), 403, "not_accredited")
	tn.want(tn.do("GET", path(sign, "7FFFFFFF"), nil, bearer...), 404, "unknown_certificate")
	tn.want(tn.do("GET", path(sign, "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"), nil, bearer...), 404, "unknown_certificate")
	tn.want(tn.do("GET", path(auth, child.Certificates[auth].Serial), nil, bearer...), 404, "no_paired_certificate")
	tn.want(tn.do("GET", path(sign, "xyz"), nil, bearer...), 400, "malformed")
	tn.want(tn.do("GET", "/verifier/v1/certificates/other/01/pair", nil, bearer...), 404, "unknown_kind")
}

func TestCACertificates(t *testing.T) {
	tn := open(t)
	bundle := tn.do("GET", "/ca/bundle.pem", nil)
	for _, kind := range jpki.Kinds() {
		der := tn.do("GET", "/ca/"+kind.String()+".cer", nil)
		cert, err := x509.ParseCertificate(der.body)
		if err != nil || !cert.Equal(tn.CACertificate(kind)) || der.Header.Get("Content-Type") != "application/pkix-cert" {
			t.Errorf("%v: %v, %v", kind, err, der.Header)
		}
		text := tn.do("GET", "/ca/"+kind.String()+".pem", nil)
		if !bytes.Equal(text.body, certPEM(der.body)) || !bytes.Contains(bundle.body, text.body) || text.Header.Get("Content-Type") != "application/x-pem-file" {
			t.Errorf("%v: %s", kind, text.body)
		}
	}
	for _, file := range []string{"digital-signature", "digital-signature.der", "other.pem", "bundle.cer", "..%2fx.pem", "digital-signature.pem.pem"} {
		if r := tn.do("GET", "/ca/"+file, nil); r.StatusCode != http.StatusNotFound || r.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %v", file, r.StatusCode, r.Header)
		}
	}
}
