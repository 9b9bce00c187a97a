package web

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
)

// stalled is a body of which the beginning came, and no more.
type stalled struct{ sent bool }

var tooSlow = door.Problem{Status: http.StatusRequestTimeout, Code: "too_slow", Detail: "the test does not send the rest"}

func (s *stalled) Read(b []byte) (int, error) {
	if s.sent {
		return 0, tooSlow
	}
	s.sent = true
	return copy(b, `{"cms":"`), nil
}

// TestABodyThatDoesNotArriveIsToldAsWhatItIs: neither as a wrong JSON object nor
// as an empty form.
func TestABodyThatDoesNotArriveIsToldAsWhatItIs(t *testing.T) {
	w := &entrance{}
	for mediaType, read := range map[string]func(echo.Context) error{
		"application/json": func(c echo.Context) error { return readJSON(c, &struct{ CMS string }{}) },
		"application/x-www-form-urlencoded": func(c echo.Context) error {
			_, err := w.readCMS(c)
			return err
		},
	} {
		r := httptest.NewRequest(http.MethodPost, "/accounts", &stalled{})
		r.Header.Set("Content-Type", mediaType)
		var p door.Problem
		if err := read(echo.New().NewContext(r, httptest.NewRecorder())); !errors.As(err, &p) || p.Code != tooSlow.Code || p.Status != tooSlow.Status {
			t.Errorf("%s: %v: want %v", mediaType, err, tooSlow)
		}
	}
	for path, post := range map[string]echo.HandlerFunc{
		"/accounts/draft": w.writeDraft, "/signin": w.signIn, "/changes/draft": w.draftChange, "/staff/signin": w.staffSignIn, returnPath: w.touchReturns,
	} {
		r := httptest.NewRequest(http.MethodPost, path, &stalled{})
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		var p door.Problem
		if err := post(echo.New().NewContext(r, httptest.NewRecorder())); !errors.As(err, &p) || p.Code != tooSlow.Code {
			t.Errorf("%s: %v: want %v", path, err, tooSlow)
		}
	}
}
