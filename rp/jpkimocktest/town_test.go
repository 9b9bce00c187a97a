package jpkimocktest_test

import (
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/http/httptest"
	"testing"

	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/browser"
	"example.jp/jpkimock/rp/jpkimocktest"
	"example.jp/jpkimock/rp/rphttp"
)

var page = template.Must(template.New("").Parse(`<!doctype html><title>Sign in</title><h1>Sign in</h1><script src="/card.js" defer></script>
<form method="post" action="/signin" data-jpki="authenticate" data-jpki-agent="{{.Agent}}" data-jpki-nonce="{{.Nonce}}" data-jpki-field="token">
<input type="hidden" name="token"><button>Sign in with your card</button></form>`))

// program is a relying party as somebody outside writes it.
type program struct {
	*httptest.Server
	agent string
	in    rphttp.SignIn
}

func newProgram(t *testing.T) *program {
	p := &program{}
	mux := http.NewServeMux()
	mux.Handle("GET /card.js", browser.Handler())
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		challenge, err := p.in.New(w, r)
		if err != nil {
			rphttp.WriteProblem(w, err)
			return
		}
		_ = page.Execute(w, map[string]any{"Agent": p.agent, "Nonce": challenge.Nonce}) // fails if the browser has gone
	})
	mux.HandleFunc("POST /signin", func(w http.ResponseWriter, r *http.Request) {
		who, err := p.in.Verify(w, r)
		if err != nil {
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprintf(w, "<h1>refused: %s</h1>", rp.Code(err))
			return
		}
		fmt.Fprintf(w, "<h1>welcome %s</h1>", who.Serial)
	})
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

// A program of one's own signs people in, notices what happens to them, and refuses them while
// nobody can say whether a card is good.
func TestAProgramInATown(t *testing.T) {
	t.Parallel()
	p := newProgram(t)
	town := jpkimocktest.Open(t, p.URL)
	p.agent, p.in = town.URLs["card"], rphttp.SignIn{Verifier: town.Verifier(t)}
	signsIn := func(person, want string) {
		t.Helper()
		visitor := town.Visitor(t)
		visitor.Goes(p.URL)
		if err := visitor.LaysCard(person); err != nil {
			t.Fatal(err)
		}
		if got := visitor.Page().Heading; got[:min(len(want), len(got))] != want {
			t.Errorf("%s reads %q, want %q", person, got, want)
		}
	}
	signsIn("hanako", "welcome ")

	document := []byte("申込書\n")
	cms, err := town.Visitor(t).Signs("hanako", p.URL, "text/plain; charset=utf-8", document)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := p.in.Verifier.VerifySignature(t.Context(), document, cms)
	if err != nil || signed.BasicFour.CommonName != "青葉　花子" {
		t.Fatalf("%+v, %v", signed, err)
	}

	town.Happens(t, "hanako", "move")
	if _, err := p.in.Verifier.VerifySignature(t.Context(), document, cms); !errors.Is(err, rp.ErrRevoked) {
		t.Errorf("after a move: %v", err)
	}
	signsIn("hanako", "welcome ") // who has moved still signs in

	town.Happens(t, "hanako", "lose")
	signsIn("hanako", "refused: suspended")

	end := town.Fault(t, "authority", "error")
	signsIn("taro", "refused: status_unavailable")
	end()
	signsIn("taro", "welcome ")

	town.Advance(t, 11, 0, 0)
	signsIn("taro", "refused: expired")
	if town.Now().Year() != jpkimocktest.Start().Year()+11 {
		t.Errorf("the clock shows %s", town.Now())
	}

	town.PutBack(t)
	signsIn("hanako", "welcome ")
	if town.Now().Year() != jpkimocktest.Start().Year() {
		t.Errorf("the clock shows %s", town.Now())
	}
}

// Towns of tests that run at once know nothing of one another.
func TestTwoTowns(t *testing.T) {
	t.Parallel()
	one, other := jpkimocktest.Open(t, "http://127.0.0.1:9000"), jpkimocktest.Open(t, "http://127.0.0.1:9000")
	one.Happens(t, "hanako", "die")
	one.Advance(t, 0, 0, 1)
	for town, want := range map[*jpkimocktest.Town]error{one: rp.ErrRevoked, other: nil} {
		cms, err := town.Visitor(t).Signs("hanako", "http://127.0.0.1:9000", "text/plain", []byte("x"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := town.Verifier(t).VerifySignature(t.Context(), []byte("x"), cms); !errors.Is(err, want) || (err == nil) != (want == nil) {
			t.Errorf("%v, want %v", err, want)
		}
	}
}
