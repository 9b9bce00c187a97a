package web

import (
	"bytes"
	"encoding/base64"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/labstack/echo/v4"

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

// FuzzReadJSON: every body is read or refused as malformed, and what is read
// of a resident can be checked.
func FuzzReadJSON(f *testing.F) {
	for _, s := range []string{`{}`, `{"card":"x","pins":{"digital-signature":"ABC123"},"kinds":["user-authentication"]}`, `{"id":"x","basicFour":{"dateOfBirth":"319800217"}}`, `null`, `[`, `{"a":1}{"b":2}`, "\xff"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		resident, err := read[register.Resident](body)
		_ = resident.Check()
		_, of := read[issueRequest](body)
		_, to := read[moveRequest](body)
		for _, err := range []error{err, of, to} {
			var p door.Problem
			if err != nil && (!errors.As(err, &p) || p.Code != "malformed") {
				t.Errorf("%q: %v", body, err)
			}
		}
	})
}

func read[T any](body []byte) (T, error) {
	r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	return door.Read[T](echo.New().NewContext(r, httptest.NewRecorder()))
}
