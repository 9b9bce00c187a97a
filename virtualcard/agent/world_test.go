package agent_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"log/slog"
	"math/big"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/agent"
	"example.jp/jpkimock/virtualcard/jpkiap"
	"example.jp/jpkimock/virtualcard/vpcd"
)

// The people of the town and what they know.
const (
	hanako = virtualcard.CardID("card-hanako") // PINs 1234 and HANAKO123
	haruto = virtualcard.CardID("card-haruto") // a child: PIN 1212, no signature certificate
	makoto = virtualcard.CardID("card-makoto") // both PINs blocked
	naoko  = virtualcard.CardID("card-naoko")  // one try left of each
	minoru = virtualcard.CardID("card-minoru") // a dead chip

	writerKey = "test-writer-key-not-secret"
	bank      = "http://localhost:8083"
	platform  = "http://localhost:8087" // whose pages may have digests signed
	nonce     = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
)

// keys are two RSA keys that all cards of the tests share: making one takes
// long, and no test tells cards apart by their keys.
var keys = sync.OnceValue(func() map[jpki.Kind]*rsa.PrivateKey {
	m := map[jpki.Kind]*rsa.PrivateKey{}
	for _, k := range jpki.Kinds() {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(err)
		}
		m[k] = key
	}
	return m
})

type sharedKeys struct{}

func (sharedKeys) Key(_ context.Context, _ virtualcard.CardID, k jpki.Kind) (*rsa.PrivateKey, error) {
	return keys()[k], nil
}

// certificate gives a certificate of a kind, good enough for a card.
func certificate(t *testing.T, k jpki.Kind) []byte {
	t.Helper()
	key := keys()[k]
	tmpl := &x509.Certificate{
		SerialNumber: big.NewInt(0x0705D990 + int64(k)), Subject: pkix.Name{CommonName: "a card of the tests", Organization: []string{strings.Repeat("JPKI-MOCK ", 6)}},
		NotBefore: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// town is an agent with its cards, served over HTTP, with a clock to move and
// a log to read.
type town struct {
	t       *testing.T
	cabinet *virtualcard.Cabinet
	handler http.Handler
	url     string
	log     *bytes.Buffer

	mu  sync.Mutex
	now time.Time
}

func newTown(t *testing.T) *town {
	t.Helper()
	w := &town{t: t, log: &bytes.Buffer{}, now: time.Date(2026, 4, 1, 3, 0, 0, 0, time.UTC)}
	var err error
	w.cabinet, err = virtualcard.Open(t.Context(), virtualcard.Config{Store: virtualcard.NewMemoryStore(), Keys: sharedKeys{}, Now: w.Now})
	if err != nil {
		t.Fatal(err)
	}
	w.issue(hanako, "青葉　花子", map[jpki.Kind]string{jpki.DigitalSignature: "HANAKO123", jpki.UserAuthentication: "1234"})
	w.issue(haruto, "青葉　陽翔", map[jpki.Kind]string{jpki.UserAuthentication: "1212"})
	w.issue(makoto, "長谷川　誠", map[jpki.Kind]string{jpki.DigitalSignature: "MAKOTO88", jpki.UserAuthentication: "0123"})
	w.issue(naoko, "宮本　直子", map[jpki.Kind]string{jpki.DigitalSignature: "NAOKO777", jpki.UserAuthentication: "8901"})
	w.issue(minoru, "秋山　実", map[jpki.Kind]string{jpki.DigitalSignature: "MINORU64", jpki.UserAuthentication: "5790"})
	w.mistype(makoto, jpki.UserAuthentication, 3)
	w.mistype(makoto, jpki.DigitalSignature, 5)
	w.mistype(naoko, jpki.UserAuthentication, 2)
	w.mistype(naoko, jpki.DigitalSignature, 4)
	w.do(w.cabinet.Kill(t.Context(), minoru))
	w.url = webtest.Serve(t, func(string) http.Handler {
		w.handler, err = agent.New(agent.Config{
			Cabinet: w.cabinet, Now: w.Now, WriterKey: writerKey, PublicURL: "http://localhost:8082", Lobby: "http://localhost:8080",
			Hosts: []string{"card"}, DigestOrigins: []string{platform}, CardWait: 50 * time.Millisecond, Readers: vpcd.NewReaders(vpcd.NewReader(vpcd.Config{Name: "home", Cabinet: w.cabinet}), vpcd.NewReader(vpcd.Config{Name: "reception", Cabinet: w.cabinet})),
			Log: slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		})
		w.do(err)
		return w.handler
	})
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(w.log)
		}
	})
	return w
}

func (w *town) do(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// Now is the town's clock.
func (w *town) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *town) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// issue makes a card with a certificate for each PIN.
func (w *town) issue(id virtualcard.CardID, name string, pins map[jpki.Kind]string) {
	w.t.Helper()
	_, err := w.cabinet.Blank(w.t.Context(), id)
	w.do(err)
	certs := map[jpki.Kind][]byte{}
	for k := range pins {
		certs[k] = certificate(w.t, k)
	}
	w.do(w.cabinet.Personalize(w.t.Context(), id, virtualcard.Personalization{
		Face: virtualcard.Face{
			Name: name, Address: "青葉県みほん市一番町1番1号", DateOfBirth: "平成2年5月15日", Gender: "女", Expires: time.Date(2031, 4, 12, 0, 0, 0, 0, jpki.JST),
		}, PINs: pins, Certificates: certs,
	}))
}

func (w *town) mistype(id virtualcard.CardID, k jpki.Kind, times int) {
	w.t.Helper()
	conn, err := w.cabinet.Connect(w.t.Context(), id)
	w.do(err)
	defer func() { w.do(conn.Close()) }()
	card := jpkiap.New(conn)
	w.do(card.Select(w.t.Context()))
	wrong := map[jpki.Kind]string{jpki.DigitalSignature: "WRONG000", jpki.UserAuthentication: "9999"}[k]
	for range times {
		var refused *jpkiap.WrongPINError
		if err := card.Verify(w.t.Context(), k, wrong); !errors.As(err, &refused) {
			w.t.Fatalf("a wrong PIN was answered %v", err)
		}
	}
}

// tries tells the tries left of a card, signature first.
func (w *town) tries(id virtualcard.CardID) [2]int {
	w.t.Helper()
	s, err := w.cabinet.Card(w.t.Context(), id)
	w.do(err)
	return [2]int{s.TriesLeft[jpki.DigitalSignature], s.TriesLeft[jpki.UserAuthentication]}
}

// answered is an answer of the agent.
type answered struct{ webtest.Page }

// script sends what a script would: JSON, with the headers given as pairs.
func (w *town) script(method, path, body string, headers ...string) answered {
	w.t.Helper()
	return answered{webtest.NewBrowser(w.t, w.url).Sends(method, path, body, append([]string{"Content-Type", "application/json", "Accept", ""}, headers...)...)}
}

// browser is a person's browser.
type browser struct {
	*webtest.Browser
	w *town
}

func (w *town) browser() *browser {
	w.t.Helper()
	return &browser{webtest.NewBrowser(w.t, w.url), w}
}

func (b *browser) get(path string, headers ...string) answered {
	b.w.t.Helper()
	return b.request(http.MethodGet, path, "", "", headers...)
}

func (b *browser) request(method, path, kind, body string, headers ...string) answered {
	b.w.t.Helper()
	own := []string{"Accept", "text/html,*/*"}
	if kind != "" {
		own = append(own, "Content-Type", kind, "Origin", b.w.url, "Sec-Fetch-Site", "same-origin")
	}
	return answered{b.Sends(method, path, body, append(own, headers...)...)}
}

// post sends a form of the agent's own page.
func (b *browser) post(path string, pairs ...string) answered {
	b.w.t.Helper()
	return b.request(http.MethodPost, path, "application/x-www-form-urlencoded", webtest.Form(pairs...).Encode())
}

// fetch sends JSON as the window's script does.
func (b *browser) fetch(path, body string) answered {
	b.w.t.Helper()
	return b.request(http.MethodPost, path, "application/json", body, "Accept", "*/*")
}

// asked opens a request and gives the address of its page.
func (b *browser) asked(body string) string {
	b.w.t.Helper()
	a := b.fetch("/window/requests", body)
	if a.Status != http.StatusCreated {
		b.w.t.Fatalf("the request was answered %d %s", a.Status, a.Body)
	}
	return a.Member("location").(string)
}

var turnField = regexp.MustCompile(`name="turn" value="(\d+)"`)

// types types a PIN into the page at path and submits it.
func (b *browser) types(path, pin string) answered {
	b.w.t.Helper()
	m := turnField.FindStringSubmatch(b.get(path).Body)
	if m == nil {
		b.w.t.Fatal("the page has no PIN form")
	}
	return b.post(path+"/pin", "turn", m[1], "pin", pin)
}

// shows fails the test unless the page has all of these.
func (a answered) shows(t *testing.T, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(a.Body, want) {
			_, main, _ := strings.Cut(a.Body, "<main")
			t.Errorf("the page (%d) lacks %q:\n<main%s", a.Status, want, main)
			return
		}
	}
}

// issueBlank makes a card that nothing is written on.
func (w *town) issueBlank(id string) {
	w.t.Helper()
	_, err := w.cabinet.Blank(w.t.Context(), virtualcard.CardID(id))
	w.do(err)
}
