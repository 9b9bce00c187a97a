// Package browser is the half of the relying-party kit that runs in a page:
// card.js, which opens the card agent's window and brings its answer back.
package browser

import (
	_ "embed"
	"net/http"
)

// CardJS is the script. It needs no other, and no inline script: it works
// under Content-Security-Policy script-src 'self'.
//
//go:embed card.js
var cardJS []byte

// CardJS gives a copy of the script.
func CardJS() []byte { return append([]byte(nil), cardJS...) }

// Handler serves the script at whatever path it is mounted.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		_, _ = w.Write(cardJS)
	})
}
