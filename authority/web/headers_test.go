package web_test

import (
	"bytes"
	"crypto"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/web"
	"example.jp/jpkimock/internal/simclock"
)

// TestWhatAClientHasIsNotSentAgain: If-None-Match as RFC 9110 §13.1.2 has it.
func TestWhatAClientHasIsNotSentAgain(t *testing.T) {
	tn := open(t)
	const path = "/crl/digital-signature.crl"
	tag := tn.do("GET", path, nil, bearer...).Header.Get("ETag")
	for header, want := range map[string]int{
		tag: 304, `W/` + tag: 304, `"x", ` + tag: 304, `"x",W/` + tag + `,"y"`: 304, `*`: 304,
		`"x"`: 200, strings.Trim(tag, `"`): 200, ``: 200,
	} {
		for _, method := range []string{"GET", "HEAD"} {
			r := tn.do(method, path, nil, append([]string{"If-None-Match", header}, bearer...)...)
			if r.StatusCode != want || r.Header.Get("ETag") != tag || want == http.StatusNotModified && len(r.body) != 0 {
				t.Errorf("%s with %s: %d, %d octets; want %d", method, header, r.StatusCode, len(r.body), want)
			}
		}
	}
}

// TestTheSchemeIsWrittenInAnyCase: RFC 9110 §11.1.
func TestTheSchemeIsWrittenInAnyCase(t *testing.T) {
	tn := open(t)
	for _, scheme := range []string{"Bearer ", "bearer ", "BEARER  "} {
		tn.want(tn.do("GET", "/crl/digital-signature.crl", nil, "Authorization", scheme+authoritytest.Key), 200, "")
		tn.want(tn.do("GET", "/counter/v1/residents", nil, "Authorization", scheme+officerKey), 200, "")
	}
	for _, other := range []string{"Basic " + authoritytest.Key, "Bearer" + authoritytest.Key, authoritytest.Key} {
		tn.want(tn.do("GET", "/crl/digital-signature.crl", nil, "Authorization", other), 401, "no_key")
	}
}

// TestAQuestionOfNoKind: a suspended verifier that asks for its bill is not told
// of a kind that it did not ask about.
func TestAQuestionOfNoKind(t *testing.T) {
	tn := open(t)
	if _, err := tn.Ministry.SetState(t.Context(), "test-bank", accreditation.VerifierSuspended, desk.By{Why: "監査"}); err != nil {
		t.Fatal(err)
	}
	for _, r := range []reply{tn.do("GET", "/verifier/v1/statement", nil, bearer...), tn.do("POST", confirmPath, nil, asLines...)} {
		tn.want(r, 403, "not_accredited")
		if r.member("kind") != nil || r.member("reason") != "suspended" || strings.Contains(r.text(), jpki.DigitalSignature.String()) {
			t.Error(r.text())
		}
	}
	asked := tn.do("GET", "/crl/digital-signature.crl", nil, bearer...)
	if asked.member("kind") != "digital-signature" || asked.member("reason") != "suspended" {
		t.Error(asked.text())
	}
}

// TestASpreadsheetReadsTheBill: a byte order mark says that it is UTF-8.
func TestASpreadsheetReadsTheBill(t *testing.T) {
	tn := open(t)
	sheet := tn.do("GET", "/verifier/v1/statement?format=csv", nil, bearer...)
	if !strings.HasPrefix(sheet.text(), "\xef\xbb\xbfmonth,") || strings.Count(sheet.text(), "\uFEFF") != 1 {
		t.Errorf("%q", sheet.text())
	}
}

// TestConditionalRequests is RFC 9110 §13.2.2 for whatever may be kept: the CRL, an
// OCSP answer in a path, the CA certificates.
func TestConditionalRequests(t *testing.T) {
	tn := open(t)
	c := tn.Settle(authoritytest.Hanako()).Certificates[sign]
	tn.clock.Advance(time.Minute)
	question := base64.StdEncoding.EncodeToString(tn.question(c, crypto.SHA1))
	for _, path := range []string{"/crl/digital-signature.crl", "/ocsp/digital-signature/" + question, "/ca/bundle.pem", "/ca/digital-signature.cer"} {
		full := tn.do("GET", path, nil, bearer...)
		tag, modified := full.Header.Get("ETag"), full.Header.Get("Last-Modified")
		at, err := http.ParseTime(modified)
		if err != nil || tag == "" || full.StatusCode != 200 {
			t.Fatalf("%s: %d %v", path, full.StatusCode, full.Header)
		}
		earlier, later, future := httpDate(at.Add(-time.Second)), httpDate(at.Add(time.Second)), httpDate(tn.clock.Now().Add(time.Hour))
		if strings.HasPrefix(path, "/crl") || strings.HasPrefix(path, "/ocsp") {
			tn.clock.Advance(2 * time.Second)
		}
		for _, x := range []struct {
			headers []string
			want    int
		}{
			{[]string{"If-Modified-Since", modified}, 304}, {[]string{"If-Modified-Since", later}, 304},
			{[]string{"If-Modified-Since", earlier}, 200}, {[]string{"If-Modified-Since", "yesterday"}, 200}, {[]string{"If-Modified-Since", future}, 200},
			{[]string{"If-None-Match", tag}, 304}, {[]string{"If-None-Match", `"x", W/` + tag}, 304}, {[]string{"If-None-Match", "*"}, 304},
			{[]string{"If-None-Match", `"x"`, "If-Modified-Since", modified}, 200}, {[]string{"If-None-Match", tag, "If-Modified-Since", earlier}, 304},
			{[]string{"If-Match", tag}, 200}, {[]string{"If-Match", "*"}, 200}, {[]string{"If-Match", `"x"`}, 412}, {[]string{"If-Match", "W/" + tag}, 412},
			{[]string{"If-Unmodified-Since", modified}, 200}, {[]string{"If-Unmodified-Since", earlier}, 412}, {[]string{"If-Match", tag, "If-Unmodified-Since", earlier}, 200},
			{[]string{"If-Match", tag, "If-None-Match", tag}, 304},
		} {
			for _, method := range []string{"GET", "HEAD"} {
				r := tn.do(method, path, nil, append(slices.Clone(x.headers), bearer...)...)
				whole := r.StatusCode == 200 && method == "GET"
				if r.StatusCode != x.want || r.Header.Get("ETag") != tag || whole != (len(r.body) > 0) || whole && !bytes.Equal(r.body, full.body) {
					t.Errorf("%s %s with %q: %d, %d octets; want %d", method, path, x.headers, r.StatusCode, len(r.body), x.want)
				}
			}
		}
	}
	post := tn.do("POST", "/ocsp/digital-signature", tn.question(c, crypto.SHA1), append([]string{"If-Match", `"x"`, "If-Modified-Since", httpDate(tn.clock.Now())}, asOCSP...)...)
	if tn.status(post, sign) != 0 {
		t.Errorf("a POST under conditions: %d", post.StatusCode)
	}
}

func httpDate(t time.Time) string { return t.UTC().Format(http.TimeFormat) }

// TestADateDoesNotHideAChangeOfTheSameSecond: two lists, or two answers, of one second
// have the same Last-Modified; whoever has the first is given the second.
func TestADateDoesNotHideAChangeOfTheSameSecond(t *testing.T) {
	w := authoritytest.Open(t, "../testdata", nil) // whose clock stands still
	clock := simclock.New()
	clock.Set(w.Clock.Now())
	h, err := web.New(web.Config{Authority: w.Authority, Clock: clock, PublicURL: "http://localhost"})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	defer server.Close()
	tn := &town{World: w, t: t, url: server.URL, client: server.Client()}
	c := tn.Settle(authoritytest.Hanako()).Certificates[sign]
	for _, path := range []string{"/crl/digital-signature.crl", "/ocsp/digital-signature/" + base64.StdEncoding.EncodeToString(tn.question(c, crypto.SHA1))} {
		first := tn.do("GET", path, nil, bearer...)
		suspended, err := tn.Suspend(t.Context(), sign, c.Serial, desk.By{})
		if err != nil {
			t.Fatal(err)
		}
		second := tn.do("GET", path, nil, append([]string{"If-Modified-Since", first.Header.Get("Last-Modified")}, bearer...)...)
		if second.StatusCode != 200 || bytes.Equal(first.body, second.body) || second.Header.Get("Last-Modified") != first.Header.Get("Last-Modified") {
			t.Errorf("%s: %d after the suspension of %s", path, second.StatusCode, suspended.Status.Since)
		}
		if _, err := tn.Resume(t.Context(), sign, c.Serial, desk.By{}); err != nil {
			t.Fatal(err)
		}
	}
}
