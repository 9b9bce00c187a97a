package web_test

import (
	"net/http"
	"strings"
	"testing"

	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
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
