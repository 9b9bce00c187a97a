package web

import (
	"bytes"
	"encoding/base64"
	"errors"
	"net/url"
	"testing"

	"example.jp/jpkimock/authority/ocsp"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/internal/door"
)

// FuzzDecodePath: nothing panics, and what is read encodes to the path again.
func FuzzDecodePath(f *testing.F) {
	for _, s := range []string{"MEMwQTA/MD0wOzAJBgUrDgMCGgUABBQ=", "MEMwQTA%2FMD0w", "//++//==", "%", "%zz", "MA\n==", "key/x", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, path string) {
		der, err := decodePath(path)
		if err != nil {
			return
		}
		if len(der) > ocsp.MaxRequest {
			t.Errorf("%d octets", len(der))
		}
		for _, again := range []string{base64.StdEncoding.EncodeToString(der), url.PathEscape(base64.StdEncoding.EncodeToString(der))} {
			if back, err := decodePath(again); err != nil || !bytes.Equal(back, der) {
				t.Errorf("%q: %x reads back as %x, %v", path, der, back, err)
			}
		}
	})
}

// FuzzParseJSON: every body is read or refused as malformed, and what is read
// of a resident can be checked.
func FuzzParseJSON(f *testing.F) {
	for _, s := range []string{`{}`, `{"card":"x","pins":{"digital-signature":"ABC123"},"kinds":["user-authentication"]}`, `{"id":"x","basicFour":{"dateOfBirth":"319800217"}}`, `null`, `[`, `{"a":1}{"b":2}`, "\xff"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var resident register.Resident
		for _, v := range []any{&resident, &issueRequest{}, &moveRequest{}} {
			var p door.Problem
			if err := parseJSON(body, v); err != nil && (!errors.As(err, &p) || p.Code != "malformed") {
				t.Errorf("%q: %v", body, err)
			}
		}
		_ = resident.Check()
	})
}
