package peer_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/internal/peer"
	"example.jp/jpkimock/internal/webtest"
)

// asked is a house that answers with one answer, and how it was asked.
func asked(t *testing.T, status int, kind, body string) (*peer.Peer, *http.Request) {
	t.Helper()
	got := new(http.Request)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, err := io.ReadAll(r.Body)
		webtest.Must(t, err)
		*got = *r.Clone(context.Background())
		got.Body = io.NopCloser(strings.NewReader(string(b)))
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(s.Close)
	return peer.New(s.URL+"/", "a key"), got
}

type answer struct {
	Holds bool `json:"holds"`
}

func TestAPeerIsAsked(t *testing.T) {
	p, got := asked(t, 200, "application/json", `{"holds":true,"more":1}`)
	p.Header = http.Header{"Jpki-Officer": {"mado-1"}}
	var out answer
	webtest.Must(t, p.Post(t.Context(), "/v1/holds", map[string]string{"serial": "5"}, &out))
	body, _ := io.ReadAll(got.Body)
	if !out.Holds || got.Method != "POST" || got.URL.Path != "/v1/holds" || string(body) != `{"serial":"5"}` {
		t.Errorf("%s %s %s gave %+v", got.Method, got.URL, body, out)
	}
	for name, want := range map[string]string{
		"Authorization": "Bearer a key", "Content-Type": "application/json", "Accept": "application/json", "Jpki-Officer": "mado-1",
	} {
		if v := got.Header.Get(name); v != want {
			t.Errorf("%s is %q, want %q", name, v, want)
		}
	}
	p, got = asked(t, 204, "", "")
	p.Key = ""
	webtest.Must(t, p.Get(t.Context(), "/", &out))
	if got.Header.Get("Authorization") != "" || got.Header.Get("Content-Type") != "" {
		t.Errorf("without key and body %v was sent", got.Header)
	}
}

func TestWhatAPeerRefusesIsSaid(t *testing.T) {
	for _, c := range []struct {
		status           int
		kind, body, code string
	}{
		{422, "application/problem+json", `{"code":"no_member","detail":"nobody","steps":3}`, "no_member"},
		{409, "application/json", `{"code":"state"}`, "state"},
		{500, "text/html", `<p>{"code":"state"}`, ""},
		{401, "application/json", `{"code":"a","Code":"b"}`, ""},
		{303, "text/plain", "", ""}, // no redirect is followed
	} {
		p, _ := asked(t, c.status, c.kind, c.body)
		out := answer{}
		refused, ok := errors.AsType[*peer.Refused](p.Post(t.Context(), "/v1", struct{}{}, &out))
		if !ok || refused.Status != c.status || refused.Code != c.code || string(refused.Body) != c.body || out != (answer{}) {
			t.Errorf("%d %s: %+v", c.status, c.body, refused)
		}
	}
}

func TestWhatCannotBeReadIsSilence(t *testing.T) {
	silent := func(what string, p *peer.Peer) {
		t.Helper()
		var out answer
		err := p.Get(t.Context(), "/", &out)
		if _, refused := errors.AsType[*peer.Refused](err); err == nil || refused || out.Holds {
			t.Errorf("%s: %v, %+v", what, err, out)
		}
	}
	for _, body := range []string{"<html>", `{"holds":true}{}`, `{"holds":true,"holds":false}`, `{"holds":1}`, "{\"holds\":true,\"x\":\"\xff\"}", `{"holds":true`} {
		p, _ := asked(t, 200, "application/json", body)
		silent(body, p)
	}
	long, _ := asked(t, 200, "application/json", `{"holds":true}`)
	for most, wants := range map[int64]bool{13: false, 14: true} { // octets
		long.MaxAnswer = most
		var out answer
		if err := long.Get(t.Context(), "/", &out); (err == nil) != wants {
			t.Errorf("an answer of 14 octets where %d are allowed: %v", most, err)
		}
	}
	silent("nobody there", peer.New("http://127.0.0.1:1", "a key"))
	waits := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	defer waits.Close()
	slow := peer.New(waits.URL, "")
	slow.HTTP.Timeout = 20 * time.Millisecond
	silent("no answer in time", slow)
}
