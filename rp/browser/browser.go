// Package browser is the half of the relying-party kit that runs in a page:
// card.js, which opens the card agent's window and brings its answer back. The
// script's first comment is its manual.
//
//	mux.Handle("GET /card.js", browser.Handler())
//
// The page that includes it must be allowed to open windows and to be their
// opener: it sends no Cross-Origin-Opener-Policy, or same-origin-allow-popups.
package browser

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"net/http"
	"time"
)

//go:embed card.js
var cardJS []byte

//go:embed card.d.ts
var cardTypes []byte

// CardJS gives a copy of the script, for those who bundle their own.
func CardJS() []byte { return bytes.Clone(cardJS) }

// Handler serves the script at whatever path it is mounted. A browser asks
// each time whether it has changed, so that page and script never differ.
func Handler() http.Handler { return serves("card.js", "text/javascript; charset=utf-8", cardJS) }

// TypesHandler serves its types for TypeScript, card.d.ts.
func TypesHandler() http.Handler {
	return serves("card.d.ts", "text/plain; charset=utf-8", cardTypes)
}

func serves(name, kind string, file []byte) http.Handler {
	sum := sha256.Sum256(file)
	tag := `"` + hex.EncodeToString(sum[:8]) + `"`
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
			return
		}
		h := w.Header()
		h.Set("Content-Type", kind)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "no-cache")
		h.Set("ETag", tag)
		http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(file))
	})
}
