package web_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/catv/booking"
	"example.jp/jpkimock/catv/db"
	"example.jp/jpkimock/catv/health"
	"example.jp/jpkimock/catv/internal/papers"
	"example.jp/jpkimock/catv/web"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/rptest"
)

const staffKey = "test-staff-key"

// room is a living room: a station with its door open over a real database and
// listener, people with cards, a reader, and a common platform.
type room struct {
	*testing.T
	*rptest.World
	station  *catv.Station
	health   *health.Service
	booking  *booking.Service
	handler  *echo.Echo
	url      string
	reader   *reader
	platform *stubPlatform
}

func newRoom(t *testing.T) *room {
	t.Helper()
	yuki := rptest.Person{ID: "yuki", BasicFour: jpki.NewBasicFour("若葉　由紀", jpki.DateOfBirthOn(1982, time.May, 5), jpki.Female, "若葉県いろは市本町1-1")}
	r := &room{T: t, World: rptest.New(t, rptest.People(yuki)), reader: newReader(t)}
	server := httptest.NewUnstartedServer(nil)
	r.url = "http://" + server.Listener.Addr().String()
	cfg := r.World.Config(r.url)
	cfg.WantPaired = true
	verifier, err := rp.NewVerifier(cfg)
	must(t, err)
	linkage, err := rp.NewLinkage(rp.LinkageConfig{AuthorityURL: r.World.URL(), Key: rptest.VerifierKey})
	must(t, err)
	store, err := db.Open(filepath.Join(t.TempDir(), "catv.db"))
	must(t, err)
	t.Cleanup(func() { _ = store.Close() })
	r.station, err = catv.New(catv.Config{Verifier: verifier, Linkage: linkage, Store: store, Now: r.Clock.Now})
	must(t, err)
	r.health, err = health.New(health.Config{Household: r.station, Store: store, Now: r.Clock.Now})
	must(t, err)
	r.booking, err = booking.New(booking.Config{Household: r.station, Verifier: verifier, Linkage: linkage, Store: store, Now: r.Clock.Now})
	must(t, err)
	for _, c := range papers.Contracts() {
		must(t, r.station.Install(t.Context(), c))
	}
	r.platform = newStubPlatform(t, r.Clock.Now)
	handler, err := web.New(web.Config{
		Station: r.station, Health: r.health, Booking: r.booking, Now: r.Clock.Now, PublicURL: r.url, Lobby: "http://localhost:8080",
		AgentURL: r.reader.URL, AgentPeer: r.reader.URL, PlatformURL: "http://platform.invalid", PlatformPeer: r.platform.URL,
		HealthClient: r.platform.client("RP00000001"), BookingClient: r.platform.client("RP00000002"), StaffKey: staffKey,
	})
	must(t, err)
	r.handler = handler.(*echo.Echo)
	server.Config.Handler = handler
	server.Start()
	t.Cleanup(server.Close)
	return r
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// reader stands for the card client: it says whether a card still lies there.
type reader struct {
	*httptest.Server
	mu   sync.Mutex
	gone map[string]bool
}

func newReader(t *testing.T) *reader {
	r := &reader{gone: map[string]bool{}}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		r.mu.Lock()
		defer r.mu.Unlock()
		w.Header().Set("Access-Control-Allow-Origin", "*")
		_ = json.NewEncoder(w).Encode(map[string]bool{"present": !r.gone[q.URL.Query().Get("token")]})
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *reader) takeAway(token string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.gone[token] = true
}

// browser is a set's browser, which keeps cookies and follows redirects.
type browser struct {
	*room
	http.Client
	card     string // whose card lies on the reader
	presence string
}

func (r *room) browser() *browser {
	jar, err := cookiejar.New(nil)
	must(r, err)
	return &browser{room: r, Client: http.Client{Jar: jar, CheckRedirect: func(q *http.Request, _ []*http.Request) error {
		if q.URL.Host == "platform.invalid" {
			return http.ErrUseLastResponse // passes goes there
		}
		return nil
	}}}
}

// page is an answer: its status, where the redirects led, and its text.
type page struct {
	t      *testing.T
	status int
	path   string
	header http.Header
	body   string
}

func (b *browser) send(q *http.Request) page {
	b.Helper()
	resp, err := b.Do(q)
	must(b, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	must(b, err)
	return page{b.T, resp.StatusCode, resp.Request.URL.RequestURI(), resp.Header, string(body)}
}

func (b *browser) request(method, path string, body io.Reader) *http.Request {
	b.Helper()
	q, err := http.NewRequestWithContext(b.Context(), method, b.url+path, body)
	must(b, err)
	q.Header.Set("Accept", "text/html,application/xhtml+xml")
	return q
}

func (b *browser) visits(path string) page {
	b.Helper()
	return b.send(b.request(http.MethodGet, path, nil))
}

// fills sends a form; pairs are names and values.
func (b *browser) fills(path string, pairs ...string) page {
	b.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	q := b.request(http.MethodPost, path, strings.NewReader(form.Encode()))
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.send(q)
}

// calls sends JSON as a program does, and reads the answer into out.
func (b *browser) calls(method, path string, in, out any, headers ...string) page {
	b.Helper()
	var body bytes.Buffer
	if in != nil {
		must(b, json.NewEncoder(&body).Encode(in))
	}
	q := b.request(method, path, &body)
	q.Header.Set("Accept", "application/json")
	q.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		q.Header.Set(headers[i], headers[i+1])
	}
	p := b.send(q)
	if out != nil && p.status/100 == 2 {
		must(b, json.Unmarshal([]byte(p.body), out))
	}
	return p
}

// says wants a status and texts in a page, tags left out.
func (p page) says(status int, texts ...string) page {
	p.t.Helper()
	if p.status != status {
		p.t.Fatalf("%s: status %d, want %d: %s", p.path, p.status, status, p.words())
	}
	for _, s := range texts {
		if !strings.Contains(p.body, s) && !strings.Contains(p.words(), s) {
			p.t.Errorf("%s says no %q: %s", p.path, s, p.words())
		}
	}
	return p
}

var tags = regexp.MustCompile(`(?s)<(script|style|svg).*?</(script|style|svg)>|<[^>]*>`)

func (p page) words() string {
	return strings.Join(strings.Fields(html.UnescapeString(tags.ReplaceAllString(p.body, " "))), " ")
}

func (p page) attribute(name string) string {
	m := regexp.MustCompile(name + `="([^"]*)"`).FindStringSubmatch(p.body)
	if m == nil {
		p.t.Fatalf("%s has no %s", p.path, name)
	}
	return html.UnescapeString(m[1])
}

// answers lays somebody's card on the reader, and posts its answer as the card
// client's page does; the session's cookie may be held back.
func (b *browser) answers(p page, person string, cookies bool) page {
	b.Helper()
	token := b.Card(person).Authenticate(b.url, p.attribute("data-jpki-nonce"))
	b.card, b.presence = person, rand.Text()
	form := url.Values{"token": {string(token)}, "presence": {b.presence}}
	q := b.request(http.MethodPost, "/answer", strings.NewReader(form.Encode()))
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	q.Header.Set("Origin", b.reader.URL)
	q.Header.Set("Sec-Fetch-Site", "cross-site")
	client := b.Client
	if !cookies {
		client.Jar = nil
	}
	resp, err := client.Do(q)
	must(b, err)
	defer resp.Body.Close()
	_, to, ok := strings.Cut(resp.Header.Get("Refresh"), "url=")
	if !ok {
		body, _ := io.ReadAll(resp.Body)
		return page{b.T, resp.StatusCode, "/answer", resp.Header, string(body)}
	}
	return b.visits(to)
}

func (b *browser) signsIn(person string) page {
	b.Helper()
	return b.answers(b.visits("/signin"), person, true)
}

// enrols enrols somebody, step by step.
func (b *browser) enrols(person, nickname string, number, code string) page {
	b.Helper()
	b.fills("/enrol", "contract", number, "code", code).says(200, "呼び名")
	return b.answers(b.fills("/enrol/name", "nickname", nickname).says(200), person, true)
}

// hanako and haruto are a mother and her child, at sets of their own.
func (r *room) family() (hanako, haruto *browser) {
	r.Helper()
	hanako, haruto = r.browser(), r.browser()
	hanako.enrols("hanako", "はなちゃん", "100101", "110011").says(200, "登録が終わりました")
	haruto.enrols("haruto", "はるくん", "100101", "110022").says(200, "登録が終わりました")
	return hanako, haruto
}

// enters goes through the common platform to a service.
func (b *browser) enters(service string) page {
	b.Helper()
	b.visits("/"+service).says(200, "みらい共通認証基盤")
	return b.passes("/" + service + "/login")
}

// passes goes to the platform, which sends the browser back.
func (b *browser) passes(path string) page {
	b.Helper()
	client := b.Client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := client.Do(b.request(http.MethodGet, path, nil))
	must(b, err)
	defer resp.Body.Close()
	to := resp.Header.Get("Location")
	if !strings.HasPrefix(to, "http://platform.invalid/") {
		body, _ := io.ReadAll(resp.Body)
		return page{b.T, resp.StatusCode, path, resp.Header, string(body)}
	}
	return b.visits(b.platform.authorize(b, to))
}

// signs lays an application's signature before the house.
func (b *browser) signs(person string) page {
	b.Helper()
	p := b.fills("/residency/draft").says(200, "申請書")
	document, err := base64.StdEncoding.DecodeString(p.attribute("data-jpki-document"))
	must(b, err)
	return b.fills("/residency", "cms", base64.StdEncoding.EncodeToString(b.Card(person).Sign(document)))
}

func newKey(t testing.TB) *ecdsa.PrivateKey {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	return key
}
