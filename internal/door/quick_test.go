package door_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"example.jp/jpkimock/internal/door"
)

// TestWhatIsQuickGoesFirst: an answer that is given very often leaves without the
// router, and what it leaves is answered by the routes, with its body whole.
func TestWhatIsQuickGoesFirst(t *testing.T) {
	asked := 0
	en := open(t, func(c *door.Config) {
		c.Quick = door.Quick{Under: "/change", Answer: func(w http.ResponseWriter, r *http.Request) bool {
			asked++
			switch r.Header.Get("Wish") {
			case "quick":
				_, _ = io.WriteString(w, "quick")
				return true
			case "panic":
				panic(secret)
			}
			return false
		}}
	})
	if w := en.do("POST", "/change", strings.NewReader("four"), "Wish", "quick"); w.Code != 200 || w.Body.String() != "quick" || en.changed != 0 {
		t.Errorf("quick: %d %s", w.Code, w.Body)
	}
	if w := en.do("POST", "/change", strings.NewReader("four")); w.Code != 200 || w.Body.String() != "4" || en.changed != 1 {
		t.Errorf("left to the routes: %d %s", w.Code, w.Body)
	}
	if w := en.do("GET", "/page", nil, "Wish", "quick"); w.Body.String() == "quick" {
		t.Error("the quick answer was given at another address")
	}
	if asked != 2 {
		t.Errorf("asked %d times", asked)
	}
	w := en.do("POST", "/change", strings.NewReader("four"), "Wish", "panic")
	if m := problemOf(t, w); w.Code != 500 || m["code"] != "internal" || w.Header().Get("Content-Security-Policy") == "" {
		t.Errorf("a panic: %d %v %v", w.Code, m, w.Header())
	}
	if log := en.log.String(); !strings.Contains(log, "route=/change") || !strings.Contains(log, "stack=") {
		t.Error("the panic is not in the log:", log)
	}
}

// TestGuardsComeBeforeWhatIsQuick: foreign hosts and foreign pages are refused as
// everywhere.
func TestGuardsComeBeforeWhatIsQuick(t *testing.T) {
	en := open(t, func(c *door.Config) {
		c.Quick = door.Quick{Under: "/", Answer: func(w http.ResponseWriter, r *http.Request) bool {
			t.Errorf("%s %s was answered", r.Host, r.URL)
			return true
		}}
	})
	for _, header := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "http://attacker.example"}} {
		if w := en.do("POST", "/change", strings.NewReader("x"), header...); w.Code != 403 || problemOf(t, w)["code"] != "foreign_page" {
			t.Errorf("%v: %d %s", header, w.Code, w.Body)
		}
	}
	r := httptest.NewRequest("GET", "http://attacker.example/page", nil)
	w := httptest.NewRecorder()
	en.ServeHTTP(w, r)
	if w.Code != 421 || problemOf(t, w)["code"] != "foreign_host" {
		t.Errorf("a foreign host: %d %s", w.Code, w.Body)
	}
}
