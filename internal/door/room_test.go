package door_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/ui"
)

var errOfBoth = errors.New("what the house and its room refuse")

// A room's errors leave in its own words, to people and to programs; what the
// room does not know, and the rest of the house, leave as ever.
func TestARoomSaysNoInWordsOfItsOwn(t *testing.T) {
	says := func(who string) func(error) (ui.Refusal, bool) {
		return func(err error) (ui.Refusal, bool) {
			return ui.Refusal{Status: http.StatusConflict, Code: who, Title: ui.Text{JA: who + "のことば"}}, errors.Is(err, errOfBoth)
		}
	}
	pages, err := ui.NewPages(ui.Site{House: "bank", Name: ui.Text{JA: "みほん銀行"}, Now: func() time.Time { return time.Unix(0, 0) }}, fstest.MapFS{})
	if err != nil {
		t.Fatal(err)
	}
	e := door.New(door.Config{House: "bank", Pages: pages, Explain: says("house")})
	room := door.Room{Pages: pages, Explain: says("room")}
	fails := func(err error) echo.HandlerFunc { return func(echo.Context) error { return err } }
	e.GET("/hall", fails(errOfBoth))
	g := e.Group("/room", room.Errors)
	g.GET("", fails(errOfBoth))
	g.GET("/unknown", fails(errors.New("of neither")))
	for path, want := range map[string]struct {
		status   int
		ja, code string
	}{
		"/hall":         {http.StatusConflict, "houseのことば", `"code":"house"`},
		"/room":         {http.StatusConflict, "roomのことば", `"code":"room"`},
		"/room/unknown": {http.StatusInternalServerError, "お問い合わせ番号", `"code":"internal"`},
		"/room/nowhere": {http.StatusNotFound, "ページが見つかりません", `"code":"not_found"`},
	} {
		for accept, text := range map[string]string{"text/html": want.ja, "application/json": want.code} {
			q, w := httptest.NewRequest(http.MethodGet, "http://localhost"+path, nil), httptest.NewRecorder()
			q.Header.Set("Accept", accept)
			e.ServeHTTP(w, q)
			if w.Code != want.status || !strings.Contains(w.Body.String(), text) {
				t.Errorf("%s as %s: %d %s", path, accept, w.Code, w.Body)
			}
		}
	}
	q, w := httptest.NewRequest(http.MethodPost, "http://localhost/room", nil), httptest.NewRecorder()
	if e.ServeHTTP(w, q); w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD" {
		t.Errorf("POST /room: %d, Allow %q", w.Code, w.Header().Get("Allow"))
	}
}
