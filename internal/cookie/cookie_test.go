package cookie

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
)

// A cookie's name and attributes follow from the origin by which browsers reach the
// house, and it is found again under that name alone.
func TestACookieFollowsThePublicAddress(t *testing.T) {
	for name, tc := range map[string]struct {
		origin, path string
		tls          bool
		want         http.Cookie
	}{
		"http":                 {origin: "http://bank.example.jp", want: http.Cookie{Name: "k", Path: "/"}},
		"nothing said":         {want: http.Cookie{Name: "k", Path: "/"}},
		"https behind a proxy": {origin: "https://bank.example.jp", want: http.Cookie{Name: "__Host-k", Path: "/", Secure: true}},
		"HTTPS":                {origin: "HTTPS://bank.example.jp", want: http.Cookie{Name: "__Host-k", Path: "/", Secure: true}},
		"TLS here":             {origin: "http://bank.example.jp", tls: true, want: http.Cookie{Name: "__Host-k", Path: "/", Secure: true}},
		"a path, http":         {origin: "http://bank.example.jp", path: "/login/1", want: http.Cookie{Name: "k", Path: "/login/1"}},
		"a path, https":        {origin: "https://bank.example.jp", path: "/login/1", want: http.Cookie{Name: "__Secure-k", Path: "/login/1", Secure: true}},
	} {
		request := func() *http.Request {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			if tc.tls {
				r.TLS = &tls.ConnectionState{}
			}
			return r
		}
		k := Cookie{Name: "k", Path: tc.path, Life: time.Minute}
		visit := func(r *http.Request, act func(echo.Context)) *http.Cookie {
			rec := httptest.NewRecorder()
			err := Public(tc.origin)(func(c echo.Context) error { act(c); return nil })(echo.New().NewContext(r, rec))
			if err != nil {
				t.Fatal(err)
			}
			if all := rec.Result().Cookies(); len(all) == 1 {
				return all[0]
			}
			return nil
		}
		got := visit(request(), func(c echo.Context) { k.Set(c, "v") })
		if got == nil || got.Name != tc.want.Name || got.Path != tc.want.Path || got.Secure != tc.want.Secure || got.MaxAge != 60 ||
			!got.HttpOnly || got.SameSite != http.SameSiteLaxMode || got.Domain != "" {
			t.Errorf("%s: %v", name, got)
			continue
		}
		r := request()
		r.AddCookie(got)
		if tc.want.Name != "k" { // as a neighbour would plant it
			r.AddCookie(&http.Cookie{Name: "k", Value: "planted"})
		}
		visit(r, func(c echo.Context) {
			if k.Get(c) != "v" {
				t.Errorf("%s: found %q", name, k.Get(c))
			}
		})
		visit(request(), func(c echo.Context) {
			if k.Get(c) != "" {
				t.Errorf("%s: found %q where there is none", name, k.Get(c))
			}
		})
		if gone := visit(request(), k.Forget); gone == nil || gone.Name != tc.want.Name || gone.MaxAge != -1 || gone.Value != "" || gone.Path != tc.want.Path {
			t.Errorf("%s: forgotten as %v", name, gone)
		}
	}
}
