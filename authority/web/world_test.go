package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/memory"
	"example.jp/jpkimock/authority/web"
	"example.jp/jpkimock/internal/simclock"
	"example.jp/jpkimock/internal/webtest"
)

const (
	officerKey = "test-officer-key-not-secret"
	sign       = jpki.DigitalSignature
	auth       = jpki.UserAuthentication
)

// town is an authority behind its real door, on a loopback port.
type town struct {
	*authoritytest.World
	t       testing.TB
	url     string
	clock   *simclock.Clock
	client  *http.Client
	handler http.Handler
	folder  string // for files that openssl reads
}

func open(t testing.TB) *town {
	t.Helper()
	tn := &town{t: t, clock: simclock.New(), folder: t.TempDir()}
	tn.url = webtest.Serve(t, func(url string) http.Handler {
		tn.World = authoritytest.Open(t, "../testdata", func(c *authority.Config) {
			c.Now, c.PublicURL = tn.clock.Now, url
		})
		var err error
		tn.handler, err = web.New(web.Config{Authority: tn.Authority, Clock: tn.clock, OfficerKey: officerKey, PublicURL: url, Lobby: "http://localhost:8080", Latest: memory.New()})
		webtest.Must(t, err)
		return tn.handler
	})
	tn.client = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return errors.New("redirected") }}
	return tn
}

// reply is an answer with its body read.
type reply struct {
	*http.Response
	body []byte
}

func (r reply) text() string { return string(r.body) }

// member gives a member of a JSON object.
func (r reply) member(name string) any {
	var m map[string]any
	if json.Unmarshal(r.body, &m) != nil {
		return nil
	}
	return m[name]
}

func (tn *town) do(method, path string, body []byte, headers ...string) reply {
	tn.t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), method, tn.url+path, bytes.NewReader(body))
	if err != nil {
		tn.t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		}
		r.Header.Set(headers[i], headers[i+1])
	}
	return tn.send(r)
}

func (tn *town) send(r *http.Request) reply {
	tn.t.Helper()
	resp, err := tn.client.Do(r)
	if err != nil {
		tn.t.Fatal(err)
	}
	defer resp.Body.Close()
	read, err := io.ReadAll(resp.Body)
	if err != nil {
		tn.t.Fatal(err)
	}
	return reply{resp, read}
}

// officer speaks to the counter.
func (tn *town) officer(method, path, body string) reply {
	tn.t.Helper()
	return tn.do(method, "/counter/v1"+path, []byte(body), "Authorization", "Bearer "+officerKey, "Content-Type", "application/json")
}

func (tn *town) want(r reply, status int, code string) {
	tn.t.Helper()
	if r.StatusCode != status || code != "" && r.member("code") != code {
		tn.t.Errorf("%s %s: %d %s, want %d %s", r.Request.Method, r.Request.URL.Path, r.StatusCode, r.text(), status, code)
	}
}

// file writes a file for openssl and gives its path.
func (tn *town) file(name string, content []byte) string {
	tn.t.Helper()
	path := filepath.Join(tn.folder, name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		tn.t.Fatal(err)
	}
	return path
}

func certPEM(der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

func jsonOf(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func contains(t *testing.T, what, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("%s does not say %q:\n%s", what, p, text)
		}
	}
}
