package touch

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"example.jp/jpkimock/internal/tracing"
)

func exchange(house, method, path, kind, asked string, status int, answered string) tracing.Exchange {
	r := httptest.NewRequest(method, path, nil)
	r.Header.Set("Content-Type", kind)
	return tracing.Exchange{House: house, Request: r, Asked: []byte(asked), Status: status, Header: http.Header{"Content-Type": {"application/json"}, "Location": {"/a/" + strings.Repeat("N", 26) + "?code=secret"}}, Answered: []byte(answered)}
}

func TestOnlyWhatSaysNothingAboutAnybodyIsKept(t *testing.T) {
	name := strings.Repeat("nonce", 9)
	for _, c := range []struct {
		what            string
		x               tracing.Exchange
		asked, answered string
		code            string
	}{
		{
			"a PIN at a program's interface", exchange("card", "POST", "/v1/authenticate", "application/json", `{"pin":"1234","card":"card-taro","nonce":"`+name+`","n":7,"confirm":true}`, 200, `{"format":"web-eid:1.0","signature":"c2lnbmF0dXJlIGlzIGxvbmc="}`),
			"{\n  \"card\": \"•••\",\n  \"confirm\": true,\n  \"n\": \"•••\",\n  \"nonce\": \"noncenon…\",\n  \"pin\": \"•••\"\n}",
			"HTTP 200 OK\nLocation: /a/…\n\n{\n  \"format\": \"web-eid:1.0\",\n  \"signature\": \"c2lnbmF0…\"\n}", "",
		}, {
			"a PIN in a form, and a refusal", exchange("card", "POST", "/window/requests/"+name+"/pin", "application/x-www-form-urlencoded", "pin=1234&turn=0", 422, `{"code":"pin_wrong","detail":"青葉　花子"}`),
			"pin = •••\nturn = 0", "HTTP 422 Unprocessable Entity\nLocation: /a/…\n\n{\n  \"code\": \"pin_wrong\",\n  \"detail\": \"•••\"\n}", "pin_wrong",
		}, {
			"an authorization code", exchange("platform", "POST", "/api/realms/main/protocol/openid-connect/token", "application/x-www-form-urlencoded", "code=Abc123&grant_type=authorization_code", 200, `{"id_token":"x.y.z","code":"613370"}`),
			"code = •••\ngrant_type = authorization_code", "HTTP 200 OK\nLocation: /a/…\n\n{\n  \"code\": \"•••\",\n  \"id_token\": \"•••\"\n}", "",
		}, {
			"a call without a row", exchange("bank", "POST", "/nowhere", "application/json", `{"code":"x"}`, 200, `{}`), "", "", "",
		}, {
			"no answer", exchange("bank", "POST", "/signin", "text/plain", "name", 0, ""), "text/plain, 4 octets", "", "",
		},
	} {
		got := Read(c.x)
		if got.Asked != c.asked || got.Answered != c.answered || got.Code != c.code {
			t.Errorf("%s:\n%s\n%s\n%q", c.what, got.Asked, got.Answered, got.Code)
		}
	}
}

func TestATreeHoldsNoNames(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	address, err := asn1.Marshal([]any{asn1.ObjectIdentifier{1, 2, 392, 200149, 8, 5, 5, 5}, "青葉県みほん市桜町"})
	if err != nil {
		t.Fatal(err)
	}
	cert := &x509.Certificate{
		SerialNumber: big.NewInt(0x0705D999), Subject: pkix.Name{Organization: []string{"JPKI"}, CommonName: "青葉　花子"}, KeyUsage: x509.KeyUsageContentCommitment,
		NotBefore: began, NotAfter: began.AddDate(5, 0, 0), ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 17}, Value: address}},
	}
	der, err := x509.CreateCertificate(rand.Reader, cert, cert, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	got := Read(exchange("bank", "POST", "/accounts", "application/json", `{"cms":"`+base64.StdEncoding.EncodeToString(der)+`"}`, 200, "{}")).Asked
	for _, want := range []string{"cms:\nSEQUENCE\n", "INTEGER 0705D999", "PrintableString JPKI", "UTF8String •••", "2.5.29.15 keyUsage", "2.5.29.17 subjectAltName", "住所 address", "BOOLEAN true", "UTCTime 260401030000Z"} {
		if !strings.Contains(got, want) {
			t.Errorf("the tree lacks %q:\n%s", want, got)
		}
	}
	if strings.Contains(got, "青葉") {
		t.Errorf("the tree holds a name:\n%s", got)
	}
	for _, bad := range []string{"\x30\x05\x02", "name", strings.Repeat("\x30\x80", 50)} {
		if got := tree([]byte(bad)); !strings.HasPrefix(got, "not DER") {
			t.Errorf("%q is written as %s", bad, got)
		}
	}
}

func FuzzTree(f *testing.F) {
	f.Add([]byte("\x30\x03\x02\x01\x01"))
	f.Fuzz(func(t *testing.T, der []byte) {
		tree(der)
		ocspRequest(der)
		ocspResponse(der)
	})
}
