package ecosystem

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	"example.jp/jpkimock/internal/webtest"
)

// floodSize is how many requests a flood has: more than a house keeps sessions or
// sign-ins.
const floodSize = 10_400

// nonce is one that a card answers: 32 octets in base64.
const nonce = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="

// Strangers ask for more than each house holds, at full speed, from the very address
// of the people who are signed in, and then come back with their cookies and lay
// cards from another address. Who is signed in, a card on a reader and a window
// that asks for a PIN stay where they are.
func TestFloodsEndNobodysSession(t *testing.T) {
	e := town(t, Config{SweepEvery: -1})
	var people []func() // fail where somebody is no longer
	for range 5 {
		people = append(people, customer(t, e), viewer(t, e))
	}
	for range 2 {
		people = append(people, pinWindow(t, e), pendingSignIn(t, e))
	}
	card := e.Peer("card")
	near := mob{TB: t, local: "127.0.0.1"}
	near.floods(floodSize, http.MethodPost, e.Peer("bank")+"/signin/challenge", "{}")
	near.floods(floodSize, http.MethodPost, e.Peer("catv")+"/signin/challenge", "{}")
	near.floods(floodSize/8, http.MethodPost, card+"/window/requests", windowRequest(e))
	far := mob{TB: t, local: "127.0.0.2"}
	far.floods(floodSize, http.MethodGet, e.Peer("platform")+authorize(e), "")
	far.returns = true
	far.floods(floodSize, http.MethodPost, card+"/reader", `{"card":"card-taro"}`)
	for _, still := range people {
		still()
	}
}

// mob sends requests from an address of this machine, each as a new browser; if it
// returns, that comes again with the cookie that it was given.
type mob struct {
	testing.TB
	local   string
	returns bool
}

func (m mob) floods(size int, method, url, body string) {
	m.Helper()
	const hands = 8
	to := &http.Transport{
		MaxIdleConnsPerHost: hands,
		DialContext:         (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(m.local)}}).DialContext,
	}
	defer to.CloseIdleConnections()
	send := func(cookies []*http.Cookie) []*http.Cookie {
		r, err := http.NewRequestWithContext(m.Context(), method, url, strings.NewReader(body))
		if err != nil {
			m.Error(err)
			return nil
		}
		if body != "" {
			r.Header.Set("Content-Type", "application/json")
		}
		for _, k := range cookies {
			r.AddCookie(k)
		}
		resp, err := to.RoundTrip(r)
		if err != nil {
			m.Error(err)
			return nil
		}
		defer resp.Body.Close()
		if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode >= 500 {
			m.Errorf("%s: %d %v", url, resp.StatusCode, err)
		}
		return resp.Cookies()
	}
	var all sync.WaitGroup
	for range hands {
		all.Go(func() {
			for range size / hands / everyNth {
				if given := send(nil); m.returns {
					send(given)
				}
			}
		})
	}
	all.Wait()
}

// token lets a card answer a challenge of a house.
func token(t testing.TB, e *Ecosystem, house, nonce, card, pin string) (token json.RawMessage) {
	t.Helper()
	send(t, webtest.NewBrowser(t, ""), e.Peer("card")+"/v1/authenticate", "",
		map[string]any{"card": card, "pin": pin, "origin": e.URL(house), "nonce": nonce, "confirm": true}, &token)
	return token
}

// signedIn signs in at a house by its interface for programs.
func signedIn(t testing.TB, e *Ecosystem, house, card, pin string) *webtest.Browser {
	t.Helper()
	b := webtest.NewBrowser(t, e.Peer(house))
	var challenge struct{ Nonce string }
	send(t, b, "/signin/challenge", "", struct{}{}, &challenge)
	send(t, b, "/signin", "", map[string]any{"token": token(t, e, house, challenge.Nonce, card, pin)}, nil)
	return b
}

// customer signs in at the bank.
func customer(t testing.TB, e *Ecosystem) func() {
	b := signedIn(t, e, "bank", "card-taro", "2345")
	account := b.Visits("/account").Says(200).Path()
	return func() { b.Visits(account).Says(200, "残高") }
}

// viewer signs in at the set.
func viewer(t testing.TB, e *Ecosystem) func() {
	b := signedIn(t, e, "catv", "card-taro", "2345")
	b.Visits("/").Says(200, "たろうさん")
	return func() { b.Visits("/").Says(200, "たろうさん") }
}

func windowRequest(e *Ecosystem) string {
	return `{"origin":"` + e.URL("bank") + `","request":{"action":"authenticate","nonce":"` + nonce + `"}}`
}

// pinWindow lays a card, and opens a window that asks for its PIN. It is typed in the
// end.
func pinWindow(t testing.TB, e *Ecosystem) func() {
	b := webtest.NewBrowser(t, e.Peer("card"))
	b.Visits("/reader?card=card-taro").Says(200)
	b.Visits("/reader").Says(200, `data-card="card-taro"`)
	var opened struct{ Location string }
	b.Calls(http.MethodPost, "/window/requests", windowRequest(e), &opened, "Accept", "application/json").Says(201)
	b.Visits(opened.Location).Says(200, `name="pin"`)
	return func() {
		p := b.Visits(opened.Location).Says(200, `name="pin"`)
		b.Fills(p.Path()+"/pin", "turn", "0", "pin", "2345").Says(200)
		b.Visits("/reader").Says(200, `data-card="card-taro"`)
	}
}

// authorize is a request of the cable operator's health service at the platform.
func authorize(e *Ecosystem) string {
	return "/api/realms/main/protocol/openid-connect/auth?" + webtest.Form(
		"response_type", "code", "client_id", "RP00000001", "redirect_uri", e.URL("catv")+"/health/callback", "scope", "openid", "state", "s", "nonce", "n",
		"code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "code_challenge_method", "S256").Encode()
}

// pendingSignIn comes to the platform for a service; the card answers in the end.
func pendingSignIn(t testing.TB, e *Ecosystem) func() {
	b := webtest.NewBrowser(t, e.Peer("platform"))
	p := b.Visits(authorize(e)).Says(200, `data-testid="login"`)
	return func() {
		b.Fills(p.Attribute("action"), "token", string(token(t, e, "platform", p.Attribute("data-jpki-nonce"), "card-taro", "2345"))).Says(200, `data-testid="consent"`)
	}
}
