package web_test

import (
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
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
	"example.jp/jpkimock/internal/oidcclient/oidctest"
	"example.jp/jpkimock/internal/webtest"
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
	reader   *webtest.Reader
	platform *oidctest.Provider
}

func newRoom(t *testing.T) *room {
	t.Helper()
	yuki := rptest.Person{ID: "yuki", BasicFour: jpki.NewBasicFour("若葉　由紀", jpki.DateOfBirthOn(1982, time.May, 5), jpki.Female, "若葉県いろは市本町1-1")}
	r := &room{T: t, World: rptest.New(t, rptest.People(yuki)), reader: webtest.NewReader(t)}
	r.url = webtest.Serve(t, r.opens)
	return r
}

// opens builds the house at its URL.
func (r *room) opens(url string) http.Handler {
	t := r.T
	cfg := r.World.Config(url)
	cfg.WantPaired = true
	verifier, err := rp.NewVerifier(cfg)
	webtest.Must(t, err)
	linkage, err := rp.NewLinkage(rp.LinkageConfig{AuthorityURL: r.World.URL(), Key: rptest.VerifierKey})
	webtest.Must(t, err)
	store, err := db.Open(filepath.Join(t.TempDir(), "catv.db"))
	webtest.Must(t, err)
	t.Cleanup(func() { _ = store.Close() })
	r.station, err = catv.New(catv.Config{Verifier: verifier, Linkage: linkage, Store: store, Now: r.Clock.Now})
	webtest.Must(t, err)
	r.health, err = health.New(health.Config{Household: r.station, Store: store, Now: r.Clock.Now})
	webtest.Must(t, err)
	r.booking, err = booking.New(booking.Config{Household: r.station, Verifier: verifier, Linkage: linkage, Store: store, Now: r.Clock.Now})
	webtest.Must(t, err)
	for _, c := range papers.Contracts() {
		webtest.Must(t, r.station.Install(t.Context(), c))
	}
	r.platform = oidctest.New(t, r.Clock.Now)
	handler, err := web.New(web.Config{
		Station: r.station, Health: r.health, Booking: r.booking, Now: r.Clock.Now, PublicURL: url, Lobby: "http://localhost:8080",
		AgentURL: r.reader.URL, AgentPeer: r.reader.URL, PlatformURL: oidctest.Origin, PlatformPeer: r.platform.URL,
		HealthClient: r.platform.Register("RP00000001"), BookingClient: r.platform.Register("RP00000002"), StaffKey: staffKey,
	})
	webtest.Must(t, err)
	r.handler = handler.(*echo.Echo)
	return handler
}

// browser is a set's browser, which stops at the platform's door: passes goes
// there.
type browser struct {
	*room
	*webtest.Browser
	card     string // whose card lies on the reader
	presence string
}

func (r *room) browser() *browser { return &browser{room: r, Browser: webtest.NewBrowser(r, r.url)} }

// answers lays somebody's card on the reader, and posts its answer as the card
// agent's page does; the session's cookie may be held back.
func (b *browser) answers(p webtest.Page, person string, cookies bool) webtest.Page {
	b.Helper()
	token := b.Card(person).Authenticate(b.url, p.Attribute("data-jpki-nonce"))
	b.card, b.presence = person, rand.Text()
	window := b.Browser
	if !cookies {
		window = webtest.NewBrowser(b, b.URL)
	}
	return b.posts(window, p, webtest.Form("token", string(token), "presence", b.presence))
}

// posts hands an answer over as the card agent's page does, and goes on with the
// browser's own cookies.
func (b *browser) posts(window *webtest.Browser, asked webtest.Page, form url.Values) webtest.Page {
	b.Helper()
	sent := window.WithoutRedirects().Posts(answerPath(b, asked), form, "Origin", b.reader.URL, "Sec-Fetch-Site", "cross-site")
	if to := sent.Header.Get("Location"); sent.Status == http.StatusSeeOther {
		return b.Visits(to)
	}
	return sent
}

// answerPath is where the answer to a page goes.
func answerPath(t testing.TB, asked webtest.Page) string {
	t.Helper()
	u, err := url.Parse(asked.Attribute(`class="to-card" method="post" action`))
	webtest.Must(t, err)
	return u.Path
}

func (b *browser) signsIn(person string) webtest.Page {
	b.Helper()
	return b.answers(b.Visits("/signin"), person, true)
}

// enrols enrols somebody, step by step.
func (b *browser) enrols(person, nickname string, number, code string) webtest.Page {
	b.Helper()
	b.Fills("/enrol", "contract", number, "code", code).Says(200, "呼び名")
	return b.answers(b.Fills("/enrol/name", "nickname", nickname).Says(200), person, true)
}

// hanako and haruto are a mother and her child, at sets of their own.
func (r *room) family() (hanako, haruto *browser) {
	r.Helper()
	hanako, haruto = r.browser(), r.browser()
	hanako.enrols("hanako", "はなちゃん", "100101", "110011").Says(200, "登録が終わりました")
	haruto.enrols("haruto", "はるくん", "100101", "110022").Says(200, "登録が終わりました")
	return hanako, haruto
}

// enters goes through the common platform to a service.
func (b *browser) enters(service string) webtest.Page {
	b.Helper()
	b.Visits("/"+service).Says(200, "みらい共通認証基盤")
	return b.passes("/" + service + "/login")
}

// passes goes to the platform, which sends the browser back.
func (b *browser) passes(path string) webtest.Page {
	b.Helper()
	sent := b.WithoutRedirects().Visits(path)
	to := sent.Header.Get("Location")
	if !strings.HasPrefix(to, oidctest.Origin+"/") {
		return sent
	}
	return b.Visits(b.platform.Authorize(b.card, to, map[string]string{"scope": "openid", "jpki_face": "tv"}))
}

// signs lays an application's signature before the house.
func (b *browser) signs(person string) webtest.Page {
	b.Helper()
	p := b.Fills("/residency/draft").Says(200, "申請書")
	document, err := base64.StdEncoding.DecodeString(p.Attribute("data-jpki-document"))
	webtest.Must(b, err)
	return b.Fills("/residency", "cms", base64.StdEncoding.EncodeToString(b.Card(person).Sign(document)))
}
