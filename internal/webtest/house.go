package webtest

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

// Must ends the test on an error.
func Must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Serve opens a house on a free port until the test ends, and gives its URL. The
// handler is built when its own URL is known.
func Serve(t testing.TB, open func(url string) http.Handler) string {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	url := "http://" + server.Listener.Addr().String()
	server.Config.Handler = open(url)
	server.Start()
	t.Cleanup(server.Close) // before what the house stands on
	return url
}

// Reader stands for the card agent of a house that asks whether a card still lies
// where it lay: every card does, until it is taken away.
type Reader struct {
	*httptest.Server
	mu   sync.Mutex
	gone map[string]bool
}

// NewReader starts a reader for a test.
func NewReader(t testing.TB) *Reader {
	t.Helper()
	r := &Reader{gone: map[string]bool{}}
	r.Server = httptest.NewServer(http.HandlerFunc(r.answers))
	t.Cleanup(r.Close)
	return r
}

func (r *Reader) answers(w http.ResponseWriter, q *http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	w.Header().Set("Access-Control-Allow-Origin", "*")
	_ = json.NewEncoder(w).Encode(map[string]bool{"present": !r.gone[q.URL.Query().Get("token")]})
}

// TakeAway takes the card that answered with a presence token.
func (r *Reader) TakeAway(token string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.gone[token] = true
}
