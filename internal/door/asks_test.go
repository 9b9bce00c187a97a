package door_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
)

// A caller is known by its key, and only then is its question read.
func TestCallersAreKnownByTheirKeys(t *testing.T) {
	all := door.Callers[string]{{Key: door.NewKey("first"), Who: "hospital"}, {Key: door.NewKey("second"), Who: "pharmacy"}}
	ask := door.AsksAs(all, "exchange", func(_ context.Context, by string, in struct{ About string }) (string, error) {
		return by + " asks about " + in.About, nil
	})
	for _, c := range []struct {
		key, body, said string
		status          int
	}{
		{"first", `{"about":"x"}`, "hospital asks about x", 200},
		{"second", `{"about":"x"}`, "pharmacy asks about x", 200},
		{"first", `{"other":"x"}`, "other", 400},
		{"third", `{"other":"x"}`, "wrong_key", 401},
		{"", `{"about":"x"}`, "wrong_key", 401},
	} {
		e := door.New(door.Config{})
		e.POST("/ask", ask)
		r := httptest.NewRequest(http.MethodPost, "http://localhost/ask", strings.NewReader(c.body))
		r.Header.Set(echo.HeaderContentType, "application/json")
		r.Header.Set("Authorization", "Bearer "+c.key)
		w := httptest.NewRecorder()
		e.ServeHTTP(w, r)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.said) || (c.status == 401) != (w.Header().Get("WWW-Authenticate") == `Bearer realm="exchange"`) {
			t.Errorf("key %q, %s: %d %s", c.key, c.body, w.Code, w.Body)
		}
	}
}
