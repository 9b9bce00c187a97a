package rpweb_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"example.jp/jpkimock/internal/rpweb"
)

func TestACardIsThereIfTheAgentSaysSo(t *testing.T) {
	agent := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/presence" || r.FormValue("wait") != "0" {
			t.Errorf("asked %s", r.URL)
		}
		switch r.FormValue("token") {
		case "P&1":
			_, _ = w.Write([]byte(`{"present":true}`))
		case "gone":
			_, _ = w.Write([]byte(`{"present":false}`))
		case "nonsense":
			_, _ = w.Write([]byte(`<html>`))
		default:
			http.Error(w, `{"present":false}`, http.StatusNotFound)
		}
	}))
	defer agent.Close()
	p := rpweb.Presence{Agent: agent.URL}
	for token, want := range map[string]bool{"P&1": true, "gone": false, "nonsense": false, "unknown": false, "": false} {
		if p.There(t.Context(), token) != want {
			t.Errorf("%q: want %t", token, want)
		}
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if !p.There(over, "P&1") {
		t.Error("a browser that has left the page took the card away")
	}
	agent.Close()
	if (rpweb.Presence{Agent: agent.URL, HTTP: &http.Client{}}).There(t.Context(), "P&1") {
		t.Error("an agent that does not answer is no card")
	}
	if asksNobody := (rpweb.Presence{}); !asksNobody.There(t.Context(), "P") || asksNobody.There(t.Context(), "") {
		t.Error("without an agent to ask, the token decides")
	}
}
