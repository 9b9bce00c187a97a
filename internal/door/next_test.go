package door_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
)

func TestASignInGoesOnToPagesOfItsRoomsAlone(t *testing.T) {
	for asked, want := range map[string]string{
		"/staff/customers/7?x": "/staff", "/staff/customers/7": "/staff/customers/7", "/staff": "/staff", "/branch/customer": "/branch/customer",
		"": "/staff", "/": "/staff", "/staffroom": "/staff", "//evil.example/staff": "/staff", "https://evil.example/staff": "/staff",
		`/\evil.example`: "/staff", "/staff/../account": "/staff", "/staff//evil": "/staff", "/staff/%2e%2e/account": "/staff", "/staff\n": "/staff", "staff/x": "/staff",
	} {
		if got := door.NextPage(asked, "/staff", "/staff", "/branch"); got != want {
			t.Errorf("%q goes on to %s: want %s", asked, got, want)
		}
	}
}

func TestOnlyAPersonWhoAsksForAPageIsLedToTheSignIn(t *testing.T) {
	signedOut := errors.New("signed out")
	for _, tc := range []struct {
		method, accept, to string
	}{
		{http.MethodGet, "text/html", "/staff/signin?next=%2Fstaff%2Fletters"},
		{http.MethodGet, "application/json", ""},
		{http.MethodPost, "text/html", ""},
	} {
		r := httptest.NewRequest(tc.method, "/staff/letters", nil)
		r.Header.Set("Accept", tc.accept)
		w := httptest.NewRecorder()
		err := door.SignInFirst(echo.New().NewContext(r, w), "/staff/signin", signedOut)
		if to := w.Header().Get("Location"); to != tc.to || (err == signedOut) != (tc.to == "") {
			t.Errorf("%s for %s leads to %q, %v", tc.method, tc.accept, to, err)
		}
	}
}

// TestARedirectKeepsTheLanguage: what was chosen in an address is not lost where the
// address only leads on.
func TestARedirectKeepsTheLanguage(t *testing.T) {
	e := door.New(door.Config{House: "clinic"})
	e.GET("/account", func(c echo.Context) error { return c.Redirect(http.StatusSeeOther, door.SignInFor(c, "/signin")) })
	e.GET("/json", func(c echo.Context) error { return c.JSON(http.StatusOK, "as it is") })
	for path, want := range map[string]string{
		"/account?lang=en": "en", "/account?lang=ja": "ja", "/account?lang=fr": "", "/account": "", "/json?lang=en": "",
	} {
		w := httptest.NewRecorder()
		e.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://localhost"+path, nil))
		got := ""
		for _, c := range w.Result().Cookies() {
			got += c.Value
		}
		if got != want {
			t.Errorf("%s keeps %q, want %q", path, got, want)
		}
	}
}
