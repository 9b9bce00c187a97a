package conformtest

import (
	"context"
	"crypto/ecdsa"
	"crypto/rand"
	"fmt"
	"html"
	"net/http"
	"sync"
	"time"

	"example.jp/jpkimock/internal/oidcclient"
)

// KeyID is how a House names its key.
const KeyID = "k1"

// House is an OpenID Connect client as the houses of this town are: internal/oidcclient, and a
// session for each browser. A sign-in begins at /start.
type House struct {
	issuer, origin string
	key            *ecdsa.PrivateKey
	now            func() time.Time

	mu     sync.Mutex
	client *oidcclient.Client
	logins map[string]oidcclient.Login // by cookie
}

// NewHouse returns one at an origin, with a key of P-256 and this machine's clock.
func NewHouse(issuer, origin string, key *ecdsa.PrivateKey, now func() time.Time) *House {
	h := &House{issuer: issuer, origin: origin, key: key, now: now, logins: map[string]oidcclient.Login{}}
	h.Forget()
	return h
}

// Forget makes it forget what it knows of the provider, as one that starts.
func (h *House) Forget() {
	provider := oidcclient.New(oidcclient.Config{Issuer: h.issuer, Now: h.now})
	h.mu.Lock()
	defer h.mu.Unlock()
	h.client = provider.Client(oidcclient.Registration{ID: "RP-TEST", Key: h.key, KeyID: KeyID, Redirect: h.origin + "/callback"})
}

// Discover looks for the provider, which else the first sign-in does.
func (h *House) Discover(ctx context.Context) error {
	_, err := h.at().Start(ctx, oidcclient.NewLogin())
	return err
}

func (h *House) at() *oidcclient.Client {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.client
}

func (h *House) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if r.URL.Path == "/start" {
		id, login := rand.Text(), oidcclient.NewLogin()
		to, err := h.at().Start(r.Context(), login)
		if err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		h.mu.Lock()
		h.logins[id] = login
		h.mu.Unlock()
		http.SetCookie(w, &http.Cookie{Name: "visit", Value: id, Path: "/"})
		http.Redirect(w, r, to, http.StatusSeeOther)
		return
	}
	var login oidcclient.Login
	if visit, err := r.Cookie("visit"); err == nil {
		h.mu.Lock()
		login = h.logins[visit.Value]
		delete(h.logins, visit.Value)
		h.mu.Unlock()
	}
	who, err := h.at().Finish(r.Context(), login, r.URL.Query())
	if err != nil {
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprintf(w, "<h1>%s</h1>", html.EscapeString(err.Error()))
		return
	}
	fmt.Fprintf(w, "<h1>Welcome %s</h1>", html.EscapeString(who.Subject))
}
