// A relying party in Go with the kit: it asks for a card, and knows who came.
//
// Settings come from the environment, under the names of the town's env file
// (docs/integrate.md): JPKI_AUTHORITY_URL, JPKI_CARD_URL, JPKI_BANK_VERIFIER_KEY, and PORT for itself.
package main

import (
	"cmp"
	"context"
	"fmt"
	"html/template"
	"log"
	"net/http"
	"os"
	"sync"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/browser"
	"example.jp/jpkimock/rp/mockclock"
	"example.jp/jpkimock/rp/rphttp"
)

var page = template.Must(template.New("").Parse(`<!doctype html><html lang="en"><meta charset="utf-8"><title>Go</title>
{{with .Nonce}}<h1>Sign in</h1><script src="/card.js"></script>
<form method="post" action="/signin" data-jpki="authenticate" data-jpki-agent="{{$.Agent}}" data-jpki-nonce="{{.}}" data-jpki-field="token">
<input type="hidden" name="token"><button data-testid="signin">Sign in with your card</button><p role="status" data-jpki-message></p></form>{{end}}
{{with .Visit}}<h1>Welcome, on your visit {{.}}</h1>{{end}}
{{with .Refusal}}<h1 class="refusal">{{.}}</h1><a href="/">Try again</a>{{end}}</html>`))

// shown is what a page says.
type shown struct {
	Agent, Nonce, Refusal string
	Visit                 int
}

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	authority, port := os.Getenv("JPKI_AUTHORITY_URL"), cmp.Or(os.Getenv("PORT"), "9000")
	clock, err := mockclock.Follow(ctx, nil, authority) // in production: the wall clock
	if err != nil {
		return err
	}
	anchors, err := rp.FetchAnchors(ctx, nil, authority) // in production: from a file whose fingerprint was compared
	if err != nil {
		return err
	}
	verifier, err := rp.NewVerifier(rp.Config{
		Anchors: anchors, Origin: "http://127.0.0.1:" + port, AuthorityURL: authority, Key: os.Getenv("JPKI_BANK_VERIFIER_KEY"), Now: clock.Now,
	})
	if err != nil {
		return err
	}
	return http.ListenAndServe("127.0.0.1:"+port, handler(verifier, os.Getenv("JPKI_CARD_URL")))
}

// handler serves the two pages. A real relying party keeps its customers by who.Serial, and
// begins a session of its own.
func handler(verifier *rp.Verifier, agent string) http.Handler {
	in := rphttp.SignIn{Verifier: verifier}
	var mu sync.Mutex
	visits := map[jpki.SerialNumber]int{}
	say := func(w http.ResponseWriter, status int, s shown) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(status)
		_ = page.Execute(w, s) // fails if the browser has gone
	}
	refuse := func(w http.ResponseWriter, err error) {
		say(w, rphttp.Status(rp.Code(err)), shown{Refusal: rp.Code(err)})
	}
	mux := http.NewServeMux()
	mux.Handle("GET /card.js", browser.Handler())
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		challenge, err := in.New(w, r)
		if err != nil {
			refuse(w, err)
			return
		}
		say(w, http.StatusOK, shown{Agent: agent, Nonce: challenge.Nonce})
	})
	mux.HandleFunc("POST /signin", func(w http.ResponseWriter, r *http.Request) {
		who, err := in.Verify(w, r)
		if err != nil {
			refuse(w, err)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		visits[who.Serial]++
		say(w, http.StatusOK, shown{Visit: visits[who.Serial]})
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, fmt.Sprintf("nothing at %s", r.URL.Path), http.StatusNotFound)
	})
	return mux
}
