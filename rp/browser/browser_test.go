package browser

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func serve(method string, header ...string) *http.Response {
	r := httptest.NewRequest(method, "/card.js", nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, r)
	return w.Result()
}

func TestScriptIsServed(t *testing.T) {
	got := serve("GET")
	if got.StatusCode != 200 || got.Header.Get("Content-Type") != "text/javascript; charset=utf-8" || got.ContentLength != int64(len(CardJS())) {
		t.Fatalf("%v", got)
	}
	if again := serve("GET", "If-None-Match", got.Header.Get("ETag")); again.StatusCode != http.StatusNotModified {
		t.Errorf("unchanged: %s", again.Status)
	}
	if post := serve("POST"); post.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("post: %s", post.Status)
	}
	CardJS()[0] = 'x'
	if CardJS()[0] == 'x' {
		t.Error("a caller can change the script")
	}
}

// TestScriptKeepsToItsPromises looks for what a strict page would not run, and
// for what must never be absent from a script that listens to messages.
func TestScriptKeepsToItsPromises(t *testing.T) {
	text := string(CardJS())
	if !strings.HasPrefix(text, `"use strict";`) {
		t.Error("not in strict mode")
	}
	for _, never := range []string{`\beval\b`, `new Function`, `innerHTML`, `insertAdjacentHTML`, `document\.write`, `\.style\b`, `import\(`, `https?://[a-z]+\.[a-z]`, `localStorage`, `"\*"`} {
		if found := regexp.MustCompile(never).FindString(text); found != "" {
			t.Errorf("holds %q", found)
		}
	}
	for _, always := range []string{"event.source !== popup", "event.origin !== agent.origin", "popup.postMessage({ jpkimock: 1, type: \"request\", request }, agent.origin)"} {
		if !strings.Contains(text, always) {
			t.Errorf("lacks %q", always)
		}
	}
}

// TestTheTypesNameWhatTheScriptHas compares the members of the global object.
func TestTheTypesNameWhatTheScriptHas(t *testing.T) {
	w := httptest.NewRecorder()
	TypesHandler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/card.d.ts", nil))
	_, declared, found := strings.Cut(w.Body.String(), "declare const JPKICard: {")
	if w.Code != http.StatusOK || !found {
		t.Fatalf("%d\n%s", w.Code, w.Body)
	}
	var typed []string
	for _, m := range regexp.MustCompile(`(?m)^  (?:readonly )?(\w+)[:(]`).FindAllStringSubmatch(declared, -1) {
		typed = append(typed, m[1])
	}
	has := strings.Split(regexp.MustCompile(`JPKICard = Object\.freeze\({ (.*) }\)`).FindStringSubmatch(string(CardJS()))[1], ", ")
	slices.Sort(typed)
	slices.Sort(has)
	if !slices.Equal(typed, has) {
		t.Errorf("the types name %v, and the script has %v", typed, has)
	}
}
