package webtest_test

import (
	"fmt"
	"io/fs"
	"net/http"
	"strings"
	"testing"

	"example.jp/jpkimock/internal/webtest"
)

// desk is a house with a form, a way out of it, and an interface for programs.
func desk(t *testing.T) string {
	return webtest.Serve(t, func(url string) http.Handler {
		mux := http.NewServeMux()
		mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprintf(w, `<main data-at="%s"><h1>Desk &amp; counter</h1><input name="turn" value="3"><p data-testid="told">Good
 <b>day</b></p></main>`, url)
		})
		mux.HandleFunc("POST /name", func(w http.ResponseWriter, r *http.Request) {
			http.SetCookie(w, &http.Cookie{Name: "who", Value: r.PostFormValue("name"), Path: "/"})
			http.Redirect(w, r, "/known?twice="+r.PostFormValue("name"), http.StatusSeeOther)
		})
		mux.HandleFunc("GET /known", func(w http.ResponseWriter, r *http.Request) {
			c, err := r.Cookie("who")
			webtest.Must(t, err)
			fmt.Fprint(w, "<p>You are ", c.Value, "</p>")
		})
		mux.HandleFunc("GET /out", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://elsewhere.invalid/", http.StatusSeeOther)
		})
		mux.HandleFunc("POST /v1", func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != "Bearer right" {
				w.WriteHeader(http.StatusForbidden)
				fmt.Fprint(w, `{"code":"wrong_key"}`)
				return
			}
			fmt.Fprintf(w, `{"sent":%q,"accept":%q}`, r.Header.Get("Content-Type"), r.Header.Get("Accept"))
		})
		return mux
	})
}

func TestAVisitToADesk(t *testing.T) {
	url := desk(t)
	b := webtest.NewBrowser(t, url)
	p := b.Visits("/").Says(200, "Desk & counter", "Good day", `name="turn"`).Lacks("Bad day")
	if p.Attribute("data-at") != url || p.Field("turn") != "3" || strings.TrimSpace(p.Text("told")) != "Good" {
		t.Errorf("read wrongly: %s", p.Body)
	}
	if p := b.Fills("/name", "name", "hanako").Says(200, "You are hanako"); p.Path() != "/known?twice=hanako" {
		t.Errorf("led to %s", p.Path())
	}
	if to := b.WithoutRedirects().Posts("/name", webtest.Form("name", "taro")).Says(303).Header.Get("Location"); to != "/known?twice=taro" {
		t.Errorf("sent to %s", to)
	}
	b.Visits("/known").Says(200, "You are taro") // one jar for both
	if to := b.Visits("/out").Says(303).Header.Get("Location"); to != "http://elsewhere.invalid/" {
		t.Errorf("sent to %s", to)
	}
}

func TestAProgramAtADesk(t *testing.T) {
	b := webtest.NewBrowser(t, desk(t))
	var answer struct{ Sent, Accept string }
	b.Calls("POST", "/v1", nil, &answer, webtest.Bearer("wrong")...).Refuses(403, "wrong_key")
	b.Calls("POST", "/v1", "{", &answer, webtest.Bearer("right")...).Says(200)
	if answer.Sent != "application/json" || answer.Accept != "application/json" {
		t.Errorf("%+v", answer)
	}
}

// failed collects what a page holds against itself, in place of a test.
type failed struct {
	testing.TB
	said []string
}

func (f *failed) Helper() {}
func (f *failed) Errorf(format string, args ...any) {
	f.said = append(f.said, fmt.Sprintf(format, args...))
}
func (f *failed) Fatalf(format string, args ...any) { f.Errorf(format, args...) }

func TestAPageThatIsNotAsItShouldBeFails(t *testing.T) {
	f := &failed{TB: t}
	p := webtest.NewBrowser(f, desk(t)).Visits("/")
	for name, claim := range map[string]func(){
		"status": func() { p.Says(404) }, "text": func() { p.Says(200, "Bad day") }, "lacks": func() { p.Lacks("Good day") },
		"attribute": func() {
			defer func() { _ = recover() }() // Fatalf would have ended the test
			p.Attribute("data-none")
		},
		"json": func() { p.JSON(new(int)) }, "refusal": func() { p.Refuses(200, "wrong_key") },
	} {
		f.said = nil
		claim()
		if len(f.said) != 1 {
			t.Errorf("%s: %q", name, f.said)
		}
	}
}

func TestACardThatIsTakenAway(t *testing.T) {
	r := webtest.NewReader(t)
	b := webtest.NewBrowser(t, r.URL)
	r.TakeAway("hers")
	b.Visits("/?token=hers").Says(200, "false")
	b.Visits("/?token=his").Says(200, "true")
}

// TestTheCodeOfAnError: of the error within, or its text.
func TestTheCodeOfAnError(t *testing.T) {
	path := func(err *fs.PathError) string { return err.Path }
	within := fmt.Errorf("read: %w", &fs.PathError{Op: "open", Path: "/none", Err: fs.ErrNotExist})
	for want, err := range map[string]error{"/none": within, "file does not exist": fs.ErrNotExist, "": nil} {
		if got := webtest.Code(err, path); got != want {
			t.Errorf("%v: %q, want %q", err, got, want)
		}
	}
}
