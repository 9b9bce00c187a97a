package rphttp_test

import (
	"fmt"
	"html/template"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/browser"
	"example.jp/jpkimock/rp/rphttp"
	"example.jp/jpkimock/rp/rptest"
)

// page asks for a card at the agent of the town on this machine.
var page = template.Must(template.New("").Parse(`<!doctype html><title>Sign in</title><script src="/card.js"></script>
<form method="post" action="/signin" data-jpki="authenticate" data-jpki-agent="http://localhost:8082" data-jpki-nonce="{{.Nonce}}" data-jpki-field="token">
<input type="hidden" name="token"><button>Sign in with your card</button><p role="status" data-jpki-message></p></form>`))

// relyingParty is a whole server: a page that asks for a card, and a greeting. A real one keeps
// its customers by who.Serial, and begins a session of its own.
func relyingParty(verifier *rp.Verifier) http.Handler {
	in := rphttp.SignIn{Verifier: verifier}
	var mu sync.Mutex
	visits := map[jpki.SerialNumber]int{}
	mux := http.NewServeMux()
	mux.Handle("GET /card.js", browser.Handler())
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		challenge, err := in.New(w, r)
		if err != nil {
			rphttp.WriteProblem(w, err)
			return
		}
		_ = page.Execute(w, challenge) // fails if the browser has gone
	})
	mux.HandleFunc("POST /signin", func(w http.ResponseWriter, r *http.Request) {
		who, err := in.Verify(w, r)
		if err != nil {
			rphttp.WriteProblem(w, err)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		visits[who.Serial]++
		fmt.Fprintf(w, "welcome, on your visit %d", visits[who.Serial])
	})
	return mux
}

// A server signs people in. Against the town on this machine its verifier is
//
//	rp.NewVerifier(rp.Config{Anchors: anchors, Origin: "http://localhost:9000", Key: key, AuthorityURL: "http://localhost:8081"})
//
// with anchors of rp.FetchAnchors and a key of the ready file; here it has an authority and a
// card of its own.
func Example() {
	world, end := rptest.NewExample()
	defer end()
	const origin = "http://localhost:9000"
	server := httptest.NewServer(relyingParty(world.Verifier(origin)))
	defer server.Close()

	jar, _ := cookiejar.New(nil)
	visitor := http.Client{Jar: jar}
	shown, _ := visitor.Get(server.URL)
	html, _ := io.ReadAll(shown.Body)
	nonce := regexp.MustCompile(`data-jpki-nonce="([^"]*)"`).FindSubmatch(html)[1]
	token := world.Card("hanako").Authenticate(origin, strings.ReplaceAll(string(nonce), "&#43;", "+"))
	answer, _ := visitor.Post(server.URL+"/signin", "application/json", strings.NewReader(`{"token":`+string(token)+`}`))
	said, _ := io.ReadAll(answer.Body)
	fmt.Println(answer.StatusCode, string(said))
	// Output: 200 welcome, on your visit 1
}
