package ui_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/ui"
)

var at = time.Date(2026, 4, 1, 0, 30, 0, 0, time.UTC)

func site() ui.Site {
	return ui.Site{
		House: "bank", Name: ui.Text{JA: "みほん銀行", EN: "Mihon Bank"}, Lobby: "http://localhost:8080/",
		Nav: []ui.Link{{Text: ui.Text{JA: "ご案内", EN: "Guide"}, Href: "/"}, {Text: ui.Text{JA: "口座", EN: "Accounts"}, Href: "/accounts"}},
		Now: func() time.Time { return at },
	}
}

func house(t *testing.T, templates map[string]string) *ui.Pages {
	t.Helper()
	p, err := ui.NewPages(site(), folder(templates))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func folder(templates map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, text := range templates {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

// visit shows the answer of one handler to one request.
func visit(t *testing.T, r *http.Request, do func(echo.Context) error) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	if err := do(echo.New().NewContext(r, w)); err != nil {
		t.Fatal(err)
	}
	return w
}

func get(path string) *http.Request { return httptest.NewRequest(http.MethodGet, path, nil) }

func TestAPageSpeaksTheReadersLanguage(t *testing.T) {
	p := house(t, map[string]string{"hello.html": `{{define "main"}}<p>{{.T "こんにちは" "Hello"}} {{.Say .Title}}</p>{{end}}`})
	cases := []struct {
		name, path, cookie string
		want               ui.Lang
		remembers          bool
	}{
		{"nothing chosen", "/", "", ui.Japanese, false},
		{"chosen in the query", "/?lang=en", "", ui.English, true},
		{"chosen before", "/", "en", ui.English, false},
		{"query before cookie", "/?lang=ja", "en", ui.Japanese, true},
		{"no such language", "/?lang=fr", "", ui.Japanese, false},
		{"no such cookie", "/", "<script>", ui.Japanese, false},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			r := get(tc.path)
			if tc.cookie != "" {
				r.AddCookie(&http.Cookie{Name: "jpkimock_lang", Value: tc.cookie})
			}
			w := visit(t, r, func(c echo.Context) error {
				return p.Render(c, http.StatusOK, "hello", ui.Text{JA: "題", EN: "Title"}, nil)
			})
			want := map[ui.Lang]string{ui.Japanese: "こんにちは 題", ui.English: "Hello Title"}[tc.want]
			body := w.Body.String()
			if !strings.Contains(body, want) || !strings.Contains(body, `<html lang="`+string(tc.want)+`"`) {
				t.Errorf("want %q in lang %s: %s", want, tc.want, body)
			}
			if got := w.Header().Get("Content-Language"); got != string(tc.want) {
				t.Errorf("Content-Language is %q", got)
			}
			cookies := w.Result().Cookies()
			if remembered := len(cookies) == 1 && cookies[0].Value == string(tc.want) && cookies[0].HttpOnly; remembered != tc.remembers {
				t.Errorf("cookies %v: want remembered %t", cookies, tc.remembers)
			}
		})
	}
}

func TestTheSwitchLeadsToThisPageAndNoOtherHost(t *testing.T) {
	p := house(t, map[string]string{"x.html": `{{define "main"}}{{end}}`})
	cases := []struct{ method, path, want string }{
		{"GET", "/accounts/1?from=2026&lang=ja", `href="/accounts/1?from=2026&amp;lang=en"`},
		{"GET", "/a%3Fb%2Fc", `href="/a%3Fb%2Fc?lang=en"`},
		{"GET", "//evil.example/x", `href="/evil.example/x?lang=en"`},
		{"GET", `/\evil.example/x`, `href="/%5Cevil.example/x?lang=en"`},
		{"GET", "/?q=%22%3E%3Cscript%3E", `href="/?lang=en&amp;q=%22%3E%3Cscript%3E"`},
		{"POST", "/accounts", `href="/?lang=en"`},
	}
	for _, tc := range cases {
		r := get("/")
		r.Method = tc.method
		u, err := r.URL.Parse("http://localhost" + tc.path)
		if err != nil {
			t.Fatal(err)
		}
		r.URL = u
		w := visit(t, r, func(c echo.Context) error { return p.Render(c, 200, "x", ui.Text{}, nil) })
		if !strings.Contains(w.Body.String(), `class="lang" `+tc.want) {
			_, after, _ := strings.Cut(w.Body.String(), `class="lang" `)
			t.Errorf("%s %s: want %s, got %.80s", tc.method, tc.path, tc.want, after)
		}
	}
}

func TestWhatPeopleTypeIsEscaped(t *testing.T) {
	p := house(t, map[string]string{"x.html": `{{define "main"}}<p title="{{.Data}}">{{.Data}}</p><a href="{{.Data}}">x</a>{{end}}`})
	evil := `"><script>alert(1)</script>`
	w := visit(t, get("/"), func(c echo.Context) error {
		ui.SignedIn(c, evil, "javascript:alert(1)")
		return p.Render(c, 200, "x", ui.Text{JA: evil}, evil)
	})
	if body := w.Body.String(); strings.Contains(body, "<script>") || strings.Contains(body, "javascript:alert") {
		t.Errorf("not escaped: %s", body)
	}
}

func TestHalfAPageIsNeverWritten(t *testing.T) {
	p := house(t, map[string]string{"x.html": `{{define "main"}}<p>the first half</p>{{.Data.Missing.Field}}{{end}}`})
	w := httptest.NewRecorder()
	c := echo.New().NewContext(get("/?lang=en"), w)
	if err := p.Render(c, 200, "x", ui.Text{}, struct{ Missing *struct{ Field string } }{}); err == nil {
		t.Error("a template that fails gave no error")
	}
	if w.Body.Len() != 0 || c.Response().Committed || len(w.Result().Cookies()) != 0 {
		t.Errorf("written: %q", w.Body)
	}
	if err := p.Render(c, 200, "nowhere", ui.Text{}, nil); err == nil {
		t.Error("a page that is not there gave no error")
	}
}

func TestTemplatesThatCannotBeHadAreFoundAtTheStart(t *testing.T) {
	cases := map[string]map[string]string{
		"does not parse":  {"x.html": `{{define "main"}}{{end`},
		"no main":         {"x.html": `{{define "mian"}}{{end}}`},
		"broken partial":  {"_p.html": `{{define "p"}}`},
		"unknown partial": {"x.html": `{{define "main"}}{{nofunc}}{{end}}`},
	}
	for name, templates := range cases {
		if _, err := ui.NewPages(site(), folder(templates)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := ui.NewPages(ui.Site{House: "x"}, folder(nil)); err == nil {
		t.Error("no clock: no error")
	}
}

func TestPartialsAreSharedAndTakeSeveralValues(t *testing.T) {
	p := house(t, map[string]string{
		"_row.html": `{{define "row"}}<b>{{.name}}</b><i>{{.view.Yen .amount}}</i>{{end}}`,
		"a.html":    `{{define "main"}}{{template "row" (dict "view" . "name" "A" "amount" .Data)}}{{end}}`,
		"b.html":    `{{define "main"}}{{range lines "x\ny"}}[{{.}}]{{end}}{{end}}`,
		"bad.html":  `{{define "main"}}{{template "row" (dict "view")}}{{end}}`,
	})
	for name, want := range map[string]string{"a": "<b>A</b><i>1,000円</i>", "b": "[x][y]"} {
		w := visit(t, get("/"), func(c echo.Context) error { return p.Render(c, 200, name, ui.Text{}, int64(1000)) })
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: no %q in %s", name, want, w.Body)
		}
	}
	if err := p.Render(echo.New().NewContext(get("/"), httptest.NewRecorder()), 200, "bad", ui.Text{}, nil); err == nil {
		t.Error("dict with a name and no value: no error")
	}
}

func TestEveryPageSaysThatItIsAMock(t *testing.T) {
	p := house(t, map[string]string{"x.html": `{{define "main"}}{{end}}`})
	for _, face := range []string{"", "bare", "kiosk", "tv"} {
		w := visit(t, get("/accounts"), func(c echo.Context) error {
			ui.Face(c, face)
			ui.SignedIn(c, "見本　花子", "/signout")
			return p.Render(c, 200, "x", ui.Text{JA: "題"}, nil)
		})
		body := w.Body.String()
		for _, want := range []string{
			"これは模擬環境です", `href="http://localhost:8080/"`, "<title>題 | みほん銀行</title>", "令和8年4月1日 午前9時30分0秒",
			`action="/signout"`, "見本　花子", `href="/accounts" aria-current="page"`, `<main id="main"`,
		} {
			if !strings.Contains(body, want) {
				t.Errorf("face %q: no %q", face, want)
			}
		}
		class := "house-bank"
		if face != "" {
			class += " face-" + face
		}
		if !strings.Contains(body, `<body class="`+class+`">`) {
			t.Errorf("face %q: body is not of class %q", face, class)
		}
		if got := w.Header().Get("Cache-Control"); got != "no-store" {
			t.Errorf("Cache-Control is %q", got)
		}
	}
}

func TestDaysAndAmounts(t *testing.T) {
	p := house(t, map[string]string{"x.html": `{{define "main"}}<p>{{.Date .Data.At}}|{{.Moment .Data.At}}|{{.Yen .Data.N}}</p>{{end}}`})
	late := time.Date(2026, 12, 31, 15, 0, 0, 0, time.UTC) // already the new year in Japan
	cases := []struct {
		at   time.Time
		n    int64
		lang string
		want string
	}{
		{late, 0, "ja", "令和9年1月1日|令和9年1月1日 午前0時0分0秒|0円"},
		{late, 999, "en", "1 January 2027|1 January 2027 00:00:00|¥999"},
		{time.Time{}, 1000, "ja", "—|—|1,000円"},
		{late, -1234567, "ja", "令和9年1月1日|令和9年1月1日 午前0時0分0秒|-1,234,567円"},
		{late, -9223372036854775808, "ja", "令和9年1月1日|令和9年1月1日 午前0時0分0秒|-9,223,372,036,854,775,808円"},
	}
	for _, tc := range cases {
		w := visit(t, get("/?lang="+tc.lang), func(c echo.Context) error {
			return p.Render(c, 200, "x", ui.Text{}, map[string]any{"At": tc.at, "N": tc.n})
		})
		if !strings.Contains(w.Body.String(), "<p>"+tc.want+"</p>") {
			t.Errorf("%v %d: no %q", tc.at, tc.n, tc.want)
		}
	}
}

func TestARefusalSaysWhyAndShowsAWayOut(t *testing.T) {
	p := house(t, nil)
	w := visit(t, get("/"), func(c echo.Context) error {
		return p.Refuse(c, ui.Refusal{
			Status: http.StatusForbidden, Title: ui.Text{JA: "失効しています"}, Body: ui.Text{JA: "一行目\n二行目"},
			Reference: "ABCDE", Detail: "revoked: <b>", Code: "revoked",
		})
	})
	if w.Code != http.StatusForbidden {
		t.Errorf("status %d", w.Code)
	}
	for _, want := range []string{`role="alert"`, "<p>一行目</p><p>二行目</p>", "ABCDE", "revoked: &lt;b&gt;", `href="/">最初のページへ戻る</a>`} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("no %q in %s", want, w.Body)
		}
	}
	w = visit(t, get("/?lang=en"), func(c echo.Context) error {
		return p.Refuse(c, ui.Refusal{Status: 409, Title: ui.Text{JA: "題", EN: "No"}, Next: []ui.Link{{Text: ui.Text{JA: "窓口", EN: "Counter"}, Href: "/counter", Primary: true}}})
	})
	if body := w.Body.String(); !strings.Contains(body, `<a class="button" href="/counter">Counter</a>`) || strings.Contains(body, "Back to the front page") || strings.Contains(body, "<details>") {
		t.Errorf("the way out is not the one given: %s", body)
	}
}

func TestAssets(t *testing.T) {
	e := echo.New()
	ui.MountAssets(e, fstest.MapFS{"own.js": {Data: []byte("let x = 1")}, "sub/deep.css": {Data: []byte("p{}")}})
	do := func(path string, header ...string) *httptest.ResponseRecorder {
		r := get(path)
		for i := 0; i < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		w := httptest.NewRecorder()
		e.ServeHTTP(w, r)
		return w
	}
	for path, kind := range map[string]string{"/ui/ui.css": "text/css", "/ui/icon.svg": "image/svg+xml", "/assets/own.js": "text/javascript", "/assets/sub/deep.css": "text/css"} {
		w := do(path)
		if w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), kind) {
			t.Errorf("%s: %d %s", path, w.Code, w.Header())
		}
		tag := w.Header().Get("ETag")
		if again := do(path, "If-None-Match", tag); tag == "" || again.Code != http.StatusNotModified || again.Body.Len() != 0 {
			t.Errorf("%s: asked again with %q: %d", path, tag, again.Code)
		}
	}
	for _, path := range []string{"/ui/", "/ui/nothing.css", "/ui/../ui.go", "/ui/..%2fui.go", "/ui/%2e%2e/%2e%2e/go.mod", "/assets/sub", "/assets//etc/passwd", "/assets/%00", `/assets/..\own.js`} {
		if w := do(path); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}
