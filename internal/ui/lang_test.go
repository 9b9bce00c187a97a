package ui_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/ui"
)

// A choice that was made stands above what the browser prefers; a browser that
// prefers neither language gets Japanese.
func TestAPageIsInTheLanguageThatTheReaderWants(t *testing.T) {
	for _, c := range []struct {
		path, cookie, browser string
		want                  ui.Lang
	}{
		{"/", "", "", ui.Japanese},
		{"/", "", "en-US", ui.English},
		{"/", "", "en-US,en;q=0.9,ja;q=0.8", ui.English},
		{"/", "", "ja,en-US;q=0.9,en;q=0.8", ui.Japanese},
		{"/", "", "ja;q=0.3, EN-gb;q=0.7", ui.English},
		{"/", "", "fr-FR, fr;q=0.9, en;q=0.5", ui.English},
		{"/", "", "fr, de;q=0.7, *;q=0.1", ui.Japanese},
		{"/", "", "en;q=0", ui.Japanese},
		{"/", "", "en;q=much, eng", ui.Japanese},
		{"/", "ja", "en-US", ui.Japanese},
		{"/", "en", "ja", ui.English},
		{"/", "fr", "en-US", ui.English},
		{"/?lang=ja", "en", "en-US", ui.Japanese},
		{"/?lang=en", "ja", "ja", ui.English},
		{"/?lang=fr", "", "en-US", ui.English},
		{"/?lang=ja-simple", "en", "en-US", ui.Easy},
		{"/?lang=JA-Easy", "", "", ui.Easy},
		{"/", "ja-simple", "en-US", ui.Easy},
		{"/", "", "ja-simple, ja;q=0.9", ui.Easy},
		{"/", "", "ja-JP, ja-simple;q=0.9", ui.Japanese},
	} {
		r := httptest.NewRequest(http.MethodGet, c.path, nil)
		r.Header.Set("Accept-Language", c.browser)
		if c.cookie != "" {
			r.AddCookie(&http.Cookie{Name: "jpkimock_lang", Value: c.cookie})
		}
		if got := ui.LangOf(echo.New().NewContext(r, nil)); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}
