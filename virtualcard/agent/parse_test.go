package agent

import (
	"encoding/base64"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/virtualcard/agent/origin"
)

func TestTypedBecomesWhatACardCompares(t *testing.T) {
	for in, want := range map[string]string{"abc123": "ABC123", "ＡＢｃ１２３": "ABC123", "１２３４": "1234", "12 34": "12 34", "あ": "あ", "": ""} {
		if got := typed(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

// readAs reads a body as a handler does.
func readAs[T any](t *testing.T, kind, body string) (T, error) {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("Content-Type", kind)
	return door.Read[T](echo.New().NewContext(r, httptest.NewRecorder()))
}

// refusedWell fails unless err is what a parser may answer: a bounded problem of
// whoever sent the body.
func refusedWell(t *testing.T, err error) {
	t.Helper()
	told, known := describe(err)
	if !known && !errors.As(err, &told) || told.Status < 400 || told.Status >= 500 || len(told.Detail) > 600 {
		t.Errorf("refused with %v", err)
	}
}

// sound fails unless an accepted ask keeps every promise of its limits.
func sound(t *testing.T, a operation) {
	t.Helper()
	if err := origin.Check(a.Origin); err != nil {
		t.Error(err)
	}
	switch a.Action {
	case authenticate:
		octets, err := base64.StdEncoding.DecodeString(a.Nonce)
		if err != nil || len(octets) < minNonceOctets || len(a.Nonce) > maxNonce || a.Document.Content != nil {
			t.Errorf("accepted %+v", a)
		}
	case sign:
		c := a.Document.Content
		if len(c) == 0 || len(c) > maxDocument || !utf8.Valid(c) || strings.ContainsAny(string(c), "\x00\x1b\u202e") || a.Document.Name == "" || a.Nonce != "" {
			t.Errorf("accepted %+v", a)
		}
	default:
		t.Errorf("accepted the action %q", a.Action)
	}
}

const (
	seedAuth = `{"card":"card-hanako","pin":"1234","origin":"http://localhost:8083","nonce":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="}`
	seedSign = `{"card":"card-hanako","pin":"ABC123","origin":"http://localhost:8083","document":{"name":"a.txt","mediaType":"text/plain; charset=utf-8","content":"44GC"}}`
)

func FuzzAuthenticateBody(f *testing.F) {
	for _, s := range []string{seedAuth, seedSign, "", "null", "{}", "[]", `{"pin":1}`, `{"pin":"1","PIN":"2"}`, seedAuth + "{}", `{"a":{"a":{}}}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		b, err := readAs[authenticateBody](t, "application/json", string(body))
		if err != nil {
			refusedWell(t, err)
			return
		}
		a, err := b.parse()
		if err != nil {
			refusedWell(t, err)
			return
		}
		sound(t, a)
	})
}

func FuzzSignBody(f *testing.F) {
	for _, s := range []string{seedSign, seedAuth, `{"document":null}`, `{"document":{"name":1}}`, `{"document":{"name":"a","name":"b"}}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		b, err := readAs[signBody](t, "application/json", string(body))
		if err != nil {
			refusedWell(t, err)
			return
		}
		a, err := b.parse()
		if err != nil {
			refusedWell(t, err)
			return
		}
		sound(t, a)
	})
}

func FuzzWindowBody(f *testing.F) {
	for _, s := range []string{
		`{"origin":"http://localhost:8083","request":{"action":"authenticate","nonce":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="}}`,
		`{"origin":"http://localhost:8083","request":{"action":"sign","document":{"name":"a.txt","mediaType":"text/plain","content":"44GC"}}}`,
		`{"origin":"null","request":{"action":"authenticate"}}`, `{"request":null}`, `{"request":[]}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		b, err := readAs[windowBody](t, "application/json", string(body))
		if err != nil {
			refusedWell(t, err)
			return
		}
		a, err := b.parse()
		if err != nil {
			refusedWell(t, err)
			return
		}
		sound(t, a)
	})
}

func FuzzTakeover(f *testing.F) {
	good := "action=authenticate&nonce=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8%3D&return=http%3A%2F%2Flocalhost%3A8083%2Fsignin"
	for _, s := range []string{
		good, good + "&lang=en", good + "&return=x", good + "&greeting=x", "return=//localhost:8083", "return=http%3A%2F%2Fa%40localhost%3A8083%2F", "",
		"action=sign&documentName=a&mediaType=text/plain&document=44GC&return=http%3A%2F%2Flocalhost%3A8083%2F%3Fa%3Db",
	} {
		f.Add("http://localhost:8083", s)
	}
	f.Fuzz(func(t *testing.T, origin, body string) {
		form, err := readAs[takeoverForm](t, "application/x-www-form-urlencoded", body)
		if err != nil {
			refusedWell(t, err)
			return
		}
		got, err := form.parse(origin)
		if err != nil {
			refusedWell(t, err)
			return
		}
		sound(t, got)
		u, err := url.Parse(form.Return)
		if err != nil || u.Scheme+"://"+u.Host != origin || u.User != nil || len(form.Return) > maxReturn || !strings.HasPrefix(form.Return, origin) || got.Origin != origin {
			t.Errorf("an answer would go to %q for %q", form.Return, origin)
		}
	})
}
