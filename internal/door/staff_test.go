package door_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
)

func TestAKeyMatchesItselfAlone(t *testing.T) {
	key := door.NewKey("open sesame")
	for given, want := range map[string]bool{"open sesame": true, "": false, "open": false, "open sesame ": false, "Open sesame": false} {
		if key.Matches(given) != want {
			t.Errorf("%q: want %t", given, want)
		}
	}
	for _, none := range []door.Key{{}, door.NewKey("")} {
		if none.IsSet() || none.Matches("") || none.Matches("open sesame") {
			t.Error("no key lets somebody in")
		}
	}
}

func TestStaffAreLetInByTheirKeyAndByNothingElse(t *testing.T) {
	now := func() time.Time { return time.Date(2026, 4, 1, 0, 30, 0, 0, time.UTC) }
	staff, shut := door.NewStaff("the key", now), door.NewStaff("", now)
	from := func(address string) echo.Context {
		r := httptest.NewRequest(http.MethodPost, "/staff", nil)
		r.RemoteAddr = address + ":1000"
		return echo.New().NewContext(r, httptest.NewRecorder())
	}
	admits := func(s *door.Staff, address, key string, want bool) {
		t.Helper()
		if right, err := s.Admit(from(address), key); err != nil || right != want {
			t.Errorf("%q from %s: %t, %v", key, address, right, err)
		}
	}
	admits(staff, "192.0.2.1", "the key", true)
	for range door.MaxWrongKeys {
		admits(staff, "192.0.2.1", "guess", false)
	}
	if _, err := staff.Admit(from("192.0.2.1"), "the key"); !errors.As(err, new(*door.TooManyAttempts)) {
		t.Errorf("the key after too many guesses: %v", err)
	}
	admits(staff, "192.0.2.2", "the key", true)
	admits(shut, "192.0.2.1", "", false)
	admits(shut, "192.0.2.1", "the key", false)
	if staff.Shut() || !shut.Shut() {
		t.Error("a house is shut without a key, and only then")
	}
}

func TestScriptsBearTheKeyOfStaff(t *testing.T) {
	now := func() time.Time { return time.Date(2026, 4, 1, 0, 30, 0, 0, time.UTC) }
	en := open(t, nil)
	opened := func(c echo.Context) error { return c.NoContent(http.StatusNoContent) }
	en.GET("/open", opened, door.NewStaff("the key", now).Scripts("register"))
	en.GET("/shut", opened, door.NewStaff("", now).Scripts("register"))
	for _, tc := range []struct {
		path, given     string
		status          int
		code, challenge string
	}{
		{"/open", "Bearer the key", 204, "", ""},
		{"/open", "", 401, "no_key", `Bearer realm="register"`},
		{"/open", "Basic the key", 401, "no_key", `Bearer realm="register"`},
		{"/open", "Bearer guess", 401, "wrong_key", `Bearer realm="register", error="invalid_token"`},
		{"/shut", "Bearer the key", 401, "wrong_key", `Bearer realm="register", error="invalid_token"`},
		{"/shut", "", 401, "no_key", `Bearer realm="register"`},
	} {
		r := httptest.NewRequest(http.MethodGet, "http://localhost"+tc.path, nil)
		r.Header.Set("Authorization", tc.given)
		w := httptest.NewRecorder()
		en.ServeHTTP(w, r)
		if w.Code != tc.status || w.Header().Get("WWW-Authenticate") != tc.challenge {
			t.Errorf("%s with %q: %d, %v", tc.path, tc.given, w.Code, w.Header())
		}
		if tc.code != "" && problemOf(t, w)["code"] != tc.code {
			t.Errorf("%s with %q: %s", tc.path, tc.given, w.Body)
		}
	}
	guess := func() *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, "http://localhost/open", nil)
		r.Header.Set("Authorization", "Bearer guess")
		w := httptest.NewRecorder()
		en.ServeHTTP(w, r)
		return w
	}
	for range door.MaxWrongKeys {
		guess()
	}
	if w := guess(); w.Code != http.StatusTooManyRequests {
		t.Errorf("one guess too many: %d", w.Code)
	}
}
