package door_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
)

func TestABodyThatIsTooLargeChangesNothing(t *testing.T) {
	en := open(t, nil)
	cases := []struct {
		name   string
		body   io.Reader
		status int
	}{
		{"none", nil, 200},
		{"as large as may be", strings.NewReader(strings.Repeat("x", door.MaxBody)), 200},
		{"one octet more", strings.NewReader(strings.Repeat("x", door.MaxBody+1)), 413},
		{"unannounced, as large as may be", io.MultiReader(strings.NewReader(strings.Repeat("x", door.MaxBody))), 200},
		{"unannounced, one octet more", io.MultiReader(strings.NewReader(strings.Repeat("x", door.MaxBody+1))), 413},
		{"unannounced, without end", endless{}, 413},
		{"unannounced, broken off", io.MultiReader(strings.NewReader("amount=5"), brokenOff{}), 400},
	}
	for _, tc := range cases {
		before := en.changed
		w := en.do("POST", "/change", tc.body)
		if w.Code != tc.status {
			t.Errorf("%s: %d, want %d", tc.name, w.Code, tc.status)
		}
		if tc.status != 200 {
			problemOf(t, w)
		}
		if changed := en.changed != before; changed != (tc.status == 200) {
			t.Errorf("%s: changed: %t", tc.name, changed)
		}
	}
}

type endless struct{}

func (endless) Read(b []byte) (int, error) { return len(b), nil }

type brokenOff struct{}

func (brokenOff) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestAHandlersOwnLimitIsTooLargeToo(t *testing.T) {
	en := open(t, nil)
	en.POST("/small", func(c echo.Context) error {
		_, err := io.ReadAll(http.MaxBytesReader(c.Response(), c.Request().Body, 10))
		return err
	})
	w := en.do("POST", "/small", strings.NewReader("eleven octets"))
	if m := problemOf(t, w); w.Code != 413 || m["code"] != "too_large" {
		t.Errorf("%d %v", w.Code, m)
	}
}

func TestARouteThatStreamsReadsAsItComes(t *testing.T) {
	en := open(t, func(c *door.Config) { c.Streams = []string{"/stream/:kind"} })
	read := int64(0)
	en.POST("/stream/:kind", func(c echo.Context) error {
		n, err := io.Copy(io.Discard, c.Request().Body)
		read = n
		if err != nil {
			return err
		}
		return c.NoContent(http.StatusNoContent)
	})
	const long = 3 * door.MaxBody
	for _, body := range []io.Reader{strings.NewReader(strings.Repeat("x", long)), io.LimitReader(endless{}, long)} {
		if w := en.do("POST", "/stream/x", body); w.Code != http.StatusNoContent || read != long {
			t.Errorf("%d, %d octets read", w.Code, read)
		}
	}
	if w := en.do("POST", "/stream/x", io.MultiReader(strings.NewReader("x"), brokenOff{})); w.Code != http.StatusBadRequest {
		t.Errorf("broken off: %d", w.Code)
	}
	if w := en.do("POST", "/change", strings.NewReader(strings.Repeat("x", long))); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("another route: %d", w.Code)
	}
	if w := en.do("POST", "/stream/x", nil, "Origin", "http://evil.example"); w.Code != http.StatusForbidden {
		t.Errorf("a foreign page: %d", w.Code)
	}
}

func TestHeadIsAnsweredAsGetWithoutABody(t *testing.T) {
	en := open(t, nil)
	g := en.Group("/group", door.ScriptsOnly())
	g.GET("/item", func(c echo.Context) error { return c.String(200, "item") })
	s := httptest.NewServer(en)
	defer s.Close()
	for path, status := range map[string]int{"/page": 200, "/healthz": 200, "/group/item": 200, "/nowhere": 404, "/change": 405} {
		resp, err := http.Head(s.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		b, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if resp.StatusCode != status || len(b) != 0 {
			t.Errorf("HEAD %s: %d, %d octets", path, resp.StatusCode, len(b))
		}
	}
	if w := en.do("DELETE", "/page", nil); w.Code != 405 || !strings.Contains(w.Header().Get("Allow"), "HEAD") {
		t.Errorf("%d, Allow %q", w.Code, w.Header().Get("Allow"))
	}
	w := en.do("HEAD", "/group/item", nil, "Origin", "http://localhost:8083")
	if w.Code != http.StatusForbidden {
		t.Errorf("HEAD goes round the group's guard: %d", w.Code)
	}
}

func TestAForeignPageChangesNothing(t *testing.T) {
	cases := []struct {
		name, path string
		header     []string
		status     int
	}{
		{"a script, no header", "/change", nil, 200},
		{"own form", "/change", []string{"Origin", "http://localhost:8083", "Sec-Fetch-Site", "same-origin"}, 200},
		{"own form where no Sec-Fetch is sent", "/change", []string{"Origin", "http://localhost:8083"}, 200},
		{"typed by the person", "/change", []string{"Sec-Fetch-Site", "none"}, 200},
		{"another port of the same host", "/change", []string{"Origin", "http://localhost:8082", "Sec-Fetch-Site", "same-site"}, 403},
		{"another port where no Sec-Fetch is sent", "/change", []string{"Origin", "http://localhost:8082"}, 403},
		{"another site", "/change", []string{"Origin", "http://evil.example", "Sec-Fetch-Site", "cross-site"}, 403},
		{"an origin that is hidden", "/change", []string{"Origin", "null"}, 403},
		{"a sandboxed page of another site", "/change", []string{"Origin", "null", "Sec-Fetch-Site", "cross-site"}, 403},
		{"the registered return address", "/return", []string{"Origin", "http://localhost:8082", "Sec-Fetch-Site", "same-site"}, 200},
	}
	for _, tc := range cases {
		en := open(t, nil)
		w := en.do("POST", tc.path, strings.NewReader("x=1"), append(tc.header, "Content-Type", "application/x-www-form-urlencoded")...)
		if w.Code != tc.status || (en.changed == 1) != (tc.status == 200) {
			t.Errorf("%s: %d, changed %d", tc.name, w.Code, en.changed)
		}
		if tc.status == 403 {
			if m := problemOf(t, w); m["code"] != "foreign_page" {
				t.Errorf("%s: %v", tc.name, m)
			}
		}
	}
	if w := open(t, nil).do("GET", "/page", nil, "Sec-Fetch-Site", "cross-site"); w.Code != 200 {
		t.Errorf("a link from another site: %d", w.Code)
	}
}

func TestScriptsOnly(t *testing.T) {
	const js = "application/json"
	cases := []struct {
		name, method, host, kind, body string
		header                         []string
		status                         int
		code                           string
	}{
		{name: "a script", host: "localhost:8082", kind: js, body: "{}", status: 200},
		{name: "with a charset", host: "localhost:8082", kind: "application/json; charset=utf-8", body: "{}", status: 200},
		{name: "no body, no type", host: "localhost:8082", status: 200},
		{name: "by address", host: "127.0.0.1:8082", kind: js, body: "{}", status: 200},
		{name: "by IPv6 address", host: "[::1]:8082", kind: js, body: "{}", status: 200},
		{name: "by IPv6 address, no port", host: "[::1]", kind: js, body: "{}", status: 200},
		{name: "a name below localhost", host: "card.localhost:8082", kind: js, body: "{}", status: 200},
		{name: "capitals", host: "LOCALHOST:8082", kind: js, body: "{}", status: 200},
		{name: "a registered name", host: "card", kind: js, body: "{}", status: 200},
		{name: "a registered name, port, capitals", host: "Card:8082", kind: js, body: "{}", status: 200},
		{name: "a get", method: "GET", host: "localhost", status: 200},

		{name: "rebound name", host: "evil.example:8082", kind: js, body: "{}", status: 421, code: "foreign_host"},
		{name: "rebound name, get", method: "GET", host: "evil.example", status: 421, code: "foreign_host"},
		{name: "name that ends alike", host: "notlocalhost", kind: js, body: "{}", status: 421, code: "foreign_host"},
		{name: "name that begins alike", host: "localhost.evil.example", kind: js, body: "{}", status: 421, code: "foreign_host"},
		{name: "address that begins alike", host: "127.0.0.1.evil.example", kind: js, body: "{}", status: 421, code: "foreign_host"},
		{name: "registered name as label", host: "card.evil.example", kind: js, body: "{}", status: 421, code: "foreign_host"},
		{name: "trailing dot", host: "evil.example.", kind: js, body: "{}", status: 421, code: "foreign_host"},
		{name: "user part", host: "localhost@evil.example", kind: js, body: "{}", status: 421, code: "foreign_host"},
		{name: "no host", host: "-", kind: js, body: "{}", status: 421, code: "foreign_host"},

		{name: "a page's fetch", host: "localhost", kind: js, body: "{}", header: []string{"Origin", "http://localhost:8083"}, status: 403},
		{name: "a page of the same origin", host: "localhost:8082", kind: js, body: "{}", header: []string{"Origin", "http://localhost:8082", "Sec-Fetch-Site", "same-origin"}, status: 403},
		{name: "hidden origin", host: "localhost", kind: js, body: "{}", header: []string{"Origin", "null"}, status: 403},
		{name: "empty origin", host: "localhost", kind: js, body: "{}", header: []string{"Origin", ""}, status: 403},
		{name: "an image", method: "GET", host: "localhost", header: []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors", "Sec-Fetch-Dest", "image"}, status: 403, code: "browser_refused"},
		{name: "typed into the address line", method: "GET", host: "localhost", header: []string{"Sec-Fetch-Site", "none", "Sec-Fetch-Mode", "navigate"}, status: 403, code: "browser_refused"},
		{name: "the fetch of Node", method: "GET", host: "localhost", header: []string{"Sec-Fetch-Mode", "cors"}, status: 200},
		{name: "the fetch of Node with a body", host: "localhost", kind: js, body: "{}", header: []string{"Sec-Fetch-Mode", "cors"}, status: 200},

		{name: "a form", host: "localhost", kind: "application/x-www-form-urlencoded", body: "a=b", status: 415, code: "not_json"},
		{name: "text, as a form can send", host: "localhost", kind: "text/plain", body: "{}", status: 415, code: "not_json"},
		{name: "no type", host: "localhost", body: "{}", status: 415, code: "not_json"},
		{name: "JSON in a parameter only", host: "localhost", kind: "text/plain; x=application/json", body: "{}", status: 415, code: "not_json"},
		{name: "almost JSON", host: "localhost", kind: "application/json-seq", body: "{}", status: 415, code: "not_json"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			en, ran := open(t, func(c *door.Config) { c.Hosts = []string{"card", ""} }), false
			handler := func(c echo.Context) error { ran = true; return c.String(200, "done") }
			en.POST("/v1/sign", handler, door.ScriptsOnly())
			en.GET("/v1/sign", handler, door.ScriptsOnly())
			if tc.method == "" {
				tc.method = "POST"
			}
			r := httptest.NewRequest(tc.method, "http://localhost/v1/sign", strings.NewReader(tc.body))
			r.Host = strings.TrimPrefix(tc.host, "-")
			if tc.kind != "" {
				r.Header.Set("Content-Type", tc.kind)
			}
			for i := 0; i < len(tc.header); i += 2 {
				r.Header[http.CanonicalHeaderKey(tc.header[i])] = []string{tc.header[i+1]}
			}
			w := httptest.NewRecorder()
			en.ServeHTTP(w, r)
			if w.Code != tc.status || ran != (tc.status == 200) {
				t.Fatalf("%d %s, ran %t", w.Code, w.Body, ran)
			}
			if tc.status != 200 {
				if m := problemOf(t, w); tc.code != "" && m["code"] != tc.code {
					t.Errorf("code %v", m["code"])
				}
			}
		})
	}
}

// listen serves en on a real socket, with the shared limits made short enough
// to be waited for.
func listen(t *testing.T, en *entrance) (address string) {
	t.Helper()
	s := door.Server(en)
	for what, d := range map[string]time.Duration{"headers": s.ReadHeaderTimeout, "reading": s.ReadTimeout, "writing": s.WriteTimeout, "idling": s.IdleTimeout} {
		limit := time.Minute
		if what == "idling" {
			limit = 2 * time.Minute
		}
		if d <= 0 || d > limit {
			t.Errorf("the time limit for %s is %v", what, d)
		}
	}
	if client := http.DefaultTransport.(*http.Transport).IdleConnTimeout; s.IdleTimeout <= client {
		t.Errorf("an idle connection is ended after %v, and clients keep one for %v", s.IdleTimeout, client)
	}
	s.ReadHeaderTimeout, s.ReadTimeout, s.IdleTimeout = 50*time.Millisecond, 100*time.Millisecond, 50*time.Millisecond
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go s.Serve(l) //nolint:errcheck // ends with Close
	t.Cleanup(func() { s.Close() })
	return l.Addr().String()
}

// say writes text to a fresh connection and reads until the server closes it.
func say(t *testing.T, address, text string) string {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(c, text); err != nil && !strings.Contains(err.Error(), "reset") && !strings.Contains(err.Error(), "broken pipe") {
		t.Fatal(err)
	}
	b, err := io.ReadAll(bufio.NewReader(c))
	if e, ok := err.(net.Error); ok && e.Timeout() {
		t.Fatalf("the connection was not closed after %q", b)
	}
	return string(b)
}

// TestAShutdownWaitsForNobodyWhoIsSilent: connections that are idle, have sent
// nothing, half a header, or half a body are closed at once. The limits are the real
// ones: each would hold it up for 5 s at least.
func TestAShutdownWaitsForNobodyWhoIsSilent(t *testing.T) {
	for what, text := range map[string]string{
		"nothing": "", "half a header": "GET /page HTTP/1.1\r\nHost: localhost\r\nX: y",
		"half a body":             "POST /change HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf",
		"half of a second header": "GET /page HTTP/1.1\r\nHost: localhost\r\n\r\nGET /page HTTP/1.1\r\nHost: loc",
		"a request":               "GET /page HTTP/1.1\r\nHost: localhost\r\n\r\n",
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			arrived := make(chan struct{}, 16) // a connection is there, or its request is
			s := door.Server(open(t, nil))
			follow := s.ConnState
			s.ConnState = func(c net.Conn, state http.ConnState) { follow(c, state); arrived <- struct{}{} }
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			go s.Serve(l) //nolint:errcheck // ends with Close
			t.Cleanup(func() { s.Close() })
			c, err := net.Dial("tcp", l.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			if _, err := io.WriteString(c, text); err != nil {
				t.Fatal(err)
			}
			<-arrived
			if strings.Contains(text, "\r\n\r\n") {
				<-arrived // the first request has been read
			}
			ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
			defer cancel()
			if err := s.Shutdown(ctx); err != nil {
				t.Errorf("the shutdown waited: %v", err)
			}
		})
	}
}

func TestTheSocketsLimits(t *testing.T) {
	en := open(t, nil)
	address := listen(t, en)
	cases := []struct{ name, text, want string }{
		{"says nothing", "", ""},
		{"never ends its header", "GET /page HTTP/1.1\r\nHost: localhost\r\nX: y", ""},
		{"never ends its body", "POST /change HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf", "HTTP/1.1 408"},
		{"never ends its unannounced body", "POST /change HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", "HTTP/1.1 408"},
		{"sends chunks that are none", "POST /change HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "HTTP/1.1 400"},
		{"header too large", "GET /page HTTP/1.1\r\nHost: localhost\r\nX: " + strings.Repeat("y", 2*door.MaxHeader) + "\r\n\r\n", "HTTP/1.1 431"},
		{"announces too much", "POST /change HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n", "HTTP/1.1 413"},
		{"two lengths", "POST /change HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", "HTTP/1.1 400"},
		{"no host", "GET /page HTTP/1.1\r\n\r\n", "HTTP/1.1 400"},
		{"not HTTP", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello\r\n\r\n", "HTTP/1.1 400"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			if got := say(t, address, tc.text); !strings.HasPrefix(got, tc.want) || tc.want == "" && strings.HasPrefix(got, "HTTP/1.1 200") {
				t.Errorf("answered %.200q", got)
			}
		})
	}
	if en.changed != 0 {
		t.Errorf("changed %d times", en.changed)
	}
	resp, err := http.Get("http://" + address + "/healthz")
	if err != nil || resp.StatusCode != 200 {
		t.Fatalf("afterwards: %v %v", resp, err)
	}
	resp.Body.Close()
}

func TestAMethodThatAPathDoesNotHave(t *testing.T) {
	en := open(t, nil)
	ok := func(c echo.Context) error { return c.NoContent(204) }
	g := en.Group("/group", door.ScriptsOnly())
	g.POST("/item/:id", ok)
	g.DELETE("/item/:id", func(echo.Context) error { return echo.ErrNotFound })
	for _, tc := range []struct {
		method, path, allow string
		status              int
	}{
		{"POST", "/group/item/1", "", 204},
		{"GET", "/group/item/1", "DELETE, POST", 405},
		{"PUT", "/group/item/a%2Fb", "DELETE, POST", 405},
		{"DELETE", "/group/item/1", "", 404}, // the handler knows no such item
		{"GET", "/group/nothing", "", 404},
		{"GET", "/nothing", "", 404},
	} {
		w := en.do(tc.method, tc.path, nil)
		if w.Code != tc.status || w.Header().Get("Allow") != tc.allow {
			t.Errorf("%s %s: %d, Allow %q", tc.method, tc.path, w.Code, w.Header().Get("Allow"))
		}
		if m := map[int]string{404: "not_found", 405: "method_not_allowed"}[tc.status]; m != "" && problemOf(t, w)["code"] != m {
			t.Errorf("%s %s: %s", tc.method, tc.path, w.Body)
		}
	}
}

// TestTheSwitchOfAnAnsweredFormLeadsBackToIt: and to no other host.
func TestTheSwitchOfAnAnsweredFormLeadsBackToIt(t *testing.T) {
	en := open(t, nil)
	refuses := func(echo.Context) error { return errRevoked }
	en.POST("/page", refuses)
	en.POST("/form/draft", refuses)
	const here = "http://localhost:8083"
	for _, tc := range []struct{ path, referer, want string }{
		{"/page", here + "/nowhere", "/page?lang=en"},
		{"/form/draft", here + "/page?x=1", "/page?lang=en&amp;x=1"},
		{"/form/draft", here + "/nowhere", "/?lang=en"},
		{"/form/draft", here + "/form/draft", "/?lang=en"},
		{"/form/draft", "http://evil.example/page", "/?lang=en"},
		{"/form/draft", "", "/?lang=en"},
	} {
		w := en.do("POST", tc.path, nil, "Accept", "text/html", "Referer", tc.referer)
		if !strings.Contains(w.Body.String(), `class="lang" href="`+tc.want+`"`) {
			t.Errorf("%s from %q: want %s in %s", tc.path, tc.referer, tc.want, w.Body)
		}
	}
}

func TestBearer(t *testing.T) {
	for header, want := range map[string]string{
		"Bearer key": "key", "bearer key": "key", "BEARER  key ": "key",
		"": "", "key": "", "Bearer": "", "Bearer ": "", "Basic key": "", "Bearerkey": "",
	} {
		r := httptest.NewRequest("GET", "http://localhost/", nil)
		r.Header.Set("Authorization", header)
		if key, ok := door.Bearer(r); ok != (want != "") || ok && key != want {
			t.Errorf("%q: %q, %t", header, key, ok)
		}
	}
}
