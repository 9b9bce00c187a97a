package web

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/rpweb"
	desks "example.jp/jpkimock/rp/bank/desks/web"
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

// TestABodyThatDoesNotArriveIsToldAsWhatItIs: neither as wrong JSON nor as an
// empty form.
func TestABodyThatDoesNotArriveIsToldAsWhatItIs(t *testing.T) {
	w := &entrance{}
	for path, post := range map[string]echo.HandlerFunc{
		"/accounts/draft": w.writeDraft, "/signin": w.signIn, "/changes/draft": w.draftChange,
		desks.ReturnPath: func(c echo.Context) error { return new(rpweb.CardReturn[struct{}]).Receive(c, "") },
		"/accounts": func(c echo.Context) error {
			_, err := rpweb.ReadCMS(c)
			return err
		},
	} {
		for _, mediaType := range []string{"application/json", "application/x-www-form-urlencoded"} {
			r := httptest.NewRequest(http.MethodPost, path, &stalled{})
			r.Header.Set("Content-Type", mediaType)
			var p door.Problem
			if err := post(echo.New().NewContext(r, httptest.NewRecorder())); !errors.As(err, &p) || p.Code != tooSlow.Code || p.Status != tooSlow.Status {
				t.Errorf("%s, %s: %v: want %v", path, mediaType, err, tooSlow)
			}
		}
	}
}
