// Package agent is the JPKI user client software (利用者クライアントソフト) on its own
// origin. Only here is a PIN typed: a relying party's page opens the agent's
// window, which shows who asks, what will be signed and which card lies on the
// reader, and gives the card's answer back to that page alone.
//
// There are three interfaces. The window (/window) is for people; its pages work
// without scripts, except for the two messages exchanged with the page that
// opened it. The scripted interface (/v1) does the same for continuous
// integration and refuses whatever a browser page could send. The writer
// (/writer/v1) is the municipal counter's machine that makes, writes, unblocks
// and kills cards; it needs a key.
//
// The flow of a request is in request.go and knows nothing of pages. It has three
// faces. The window stands beside the page that asks, and the two exchange
// messages. The kiosk (/kiosk) of a reception and the television set (/tv) in a
// living room take the page's place; a page enters them with a form:
//
//	POST {agent}/kiosk/requests      or  /tv/requests
//	action        authenticate | sign | sign-digest
//	nonce         of an authentication, as Web eID has it
//	document      of a signature, in base64, with documentName and mediaType
//	digest        of a signature of a digest, in base64, with service, its name
//	return        where the answer is posted: an address of the asking origin
//	lang          ja | en; optional
//
// The Origin header says who asks; a page whose referrer policy makes it "null"
// (no-referrer, same-origin) is refused. The answer is a form, posted to the
// return address: token (JSON) or cms (base64), or error (a code) with message. The
// browser follows redirects of it within that origin only. With token there
// is also presence, a token for
//
//	GET {agent}/presence?token=…&wait=25    {"present":true|false}
//
// which waits until the card that answered is taken away, at most wait seconds
// (25), and which only a page of the asking origin can read. From then on it is
// false, and so it is 12 hours after the token was issued. POST {agent}/presence
// with the token in a form takes the card away: for a remote control drawn on a
// page.
package agent

import (
	"cmp"
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/held"
	"example.jp/jpkimock/internal/openapi"
	"example.jp/jpkimock/internal/session"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/agent/askers"
	"example.jp/jpkimock/virtualcard/attest"
	"example.jp/jpkimock/virtualcard/pcsc"
	"example.jp/jpkimock/virtualcard/vpcd"
	"example.jp/jpkimock/virtualcard/web"
)

//go:embed all:templates assets
var files embed.FS

var templates = ui.Embedded(files, "templates")

// Config configures an agent. Cabinet and Now are required.
type Config struct {
	Cabinet *virtualcard.Cabinet
	Now     func() time.Time
	// WriterKey opens the writer interface; empty keeps it shut.
	WriterKey string
	// PublicURL is the agent's own address as browsers know it, without a
	// trailing slash; Lobby is the lobby's, or empty.
	PublicURL, Lobby string
	Log              *slog.Logger
	// Hosts are further host names, without port, by which scripts and the
	// counter reach the agent beside localhost and IP addresses.
	Hosts []string
	// CardWait is how long to wait for a card that another program holds; 0
	// means three seconds.
	CardWait time.Duration
	// Register is the address at which this server reads the authority's register of
	// verifiers, without a slash at the end, and Sites are the sites whose operators
	// it names. Client makes the requests; nil for http.DefaultClient.
	Register string
	Sites    []askers.Site
	Client   *http.Client
	// Counter is the page of the counter where a holder gets a new card, or empty.
	Counter string
	// DigestOrigins are the origins whose pages may have a digest signed, whose document the
	// holder is not shown: the common platform's. None may without it.
	DigestOrigins []string
	// Household are cards that lie beside the reader, before all others.
	Household []virtualcard.CardID
	// Readers are virtual readers whose cards scripts may change; nil for none.
	Readers *vpcd.Readers
	// RealReaders are the PC/SC readers of this machine that people and scripts may use
	// here: their names, or pcsc.Any. Real cards may lie there.
	RealReaders []string
	// PCSC reaches them; nil for this machine's PC/SC service.
	PCSC pcsc.Service
	// Health reports why the house cannot serve; nil if it always can.
	Health func(context.Context) error
}

// Site is a site whose operator the agent names.
type Site = askers.Site

// browser is what the agent remembers of one browser: its card reader, and an
// identifier by which its requests are its own.
type browser struct {
	ID     string
	Reader *cardReader
}

// InUse reports that a card lies on the reader.
func (b browser) InUse() bool { return b.Reader != nil && b.Reader.look().Card != "" }

// placed returns what lies on a browser's reader, also if the browser is new.
func (h *house) placed(b browser) placement {
	return cmp.Or(b.Reader, newCardReader(h.cfg.Readers)).look()
}

// decade is how long a browser is remembered: a card stays on a reader until it
// is taken away, however far the clock is moved.
const decade = 10 * 365 * 24 * time.Hour

// house is the agent with its rooms.
type house struct {
	cfg      Config
	pages    *ui.Pages
	browsers *session.Store[browser]
	access   *cardAccess
	requests *requests
	// presences are the tokens by which pages learn that a card has left.
	presences *held.Box[presence]
	waits     waits
	writer    *door.Staff
	register  *askers.Register
}

// New returns the agent's HTTP handler.
func New(cfg Config) (http.Handler, error) {
	if cfg.Cabinet == nil || cfg.Now == nil {
		return nil, errors.New("agent: Config needs Cabinet and Now")
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.CardWait == 0 {
		cfg.CardWait = 3 * time.Second
	}
	if u, err := url.Parse(cfg.PublicURL); err == nil && u.Hostname() != "" {
		cfg.Hosts = append(slices.Clone(cfg.Hosts), u.Hostname())
	}
	pages, err := newPages(cfg)
	if err != nil {
		return nil, err
	}
	assets, err := fs.Sub(files, "assets")
	if err != nil {
		return nil, fmt.Errorf("agent: assets: %w", err)
	}
	if cfg.Readers == nil {
		cfg.Readers = vpcd.NewReaders()
	}
	if cfg.Client == nil {
		cfg.Client = http.DefaultClient
	}
	if cfg.PCSC == nil {
		cfg.PCSC = pcsc.Machine{}
	}
	attester, err := attest.New(cfg.Now)
	if err != nil {
		return nil, err
	}
	access := &cardAccess{cabinet: cfg.Cabinet, now: cfg.Now, wait: cfg.CardWait, real: pcsc.Allowed{Service: cfg.PCSC, Names: cfg.RealReaders}, attest: attester}
	h := &house{
		cfg: cfg, pages: pages, access: access, requests: newRequests(access), presences: newPresences(cfg.Now),
		waits: make(waits, maxWaiting), writer: door.NewStaff(cfg.WriterKey, cfg.Now),
		register: askers.Open(cfg.Register, cfg.Client, cfg.Now, cfg.Sites),
		browsers: session.New[browser](session.Config{Cookie: "jpkimock_card", Now: cfg.Now, Idle: decade, Age: decade}),
	}
	e := door.New(door.Config{
		House: "card", Pages: pages, Hosts: cfg.Hosts, PublicURL: cfg.PublicURL, Explain: explainError, Describe: describe, Health: cfg.Health, Log: cfg.Log,
		CrossOrigin: []string{"POST /kiosk/requests", "POST /tv/requests", "POST /presence"},
	})
	ui.MountAssets(e, assets)
	h.mountPages(e)
	h.mountScripts(e)
	h.mountWriter(e)
	return e, openapi.Mount(e, web.API(told))
}

func newPages(cfg Config) (*ui.Pages, error) {
	parsed, err := templates()
	if err != nil {
		return nil, fmt.Errorf("agent: templates: %w", err)
	}
	return parsed.Pages(ui.Site{
		House: "card", Lobby: cfg.Lobby, Now: cfg.Now,
		Name:    ui.Text{JA: "JPKI利用者ソフト（模擬）", EN: "JPKI client software (mock)"},
		Tagline: ui.Text{JA: "カードリーダーと暗証番号の画面", EN: "The card reader and the PIN window"},
		Nav: []ui.Link{
			{Text: ui.Text{JA: "このソフトについて", EN: "About"}, Href: "/"},
			{Text: ui.Text{JA: "カードリーダー", EN: "Card reader"}, Href: "/reader"},
			{Text: ui.Text{JA: "カードデスク", EN: "Card desk"}, Href: "/desk"},
		},
	})
}

// Bounds of request bodies, in octets. A document of maxDocument octets in
// base64, with its name and the members around it, fits in maxSignBody; a form
// percent-encodes at most every second character of base64.
const (
	maxSmallBody    = 16 << 10
	maxSignBody     = maxDocument/3*4 + 16<<10
	maxTakeoverBody = maxDocument/3*8 + 16<<10
	maxWriterBody   = 128 << 10
)

// mountPages lists the routes for people.
func (h *house) mountPages(e *echo.Echo) {
	small := door.UpTo(maxSmallBody)
	e.GET("/", h.front)
	e.GET("/reader", h.reader)
	e.POST("/reader", h.changeReader, small)
	web.MountDesk(e, h.desk(), web.DeskConfig{Pages: h.pages, Wallet: h.wallet, Explain: explainCard, Counter: h.cfg.Counter})

	w := e.Group("/window", shaped(windowFace))
	w.GET("", h.window)
	w.POST("/requests", h.openRequest, door.UpTo(maxSignBody))
	w.POST("/requests/:id/answer", h.takeAnswer, small)
	mountRequest(w, h)
	for _, f := range []face{kioskFace, tvFace} {
		g := e.Group("/"+string(f), shaped(f))
		g.POST("/requests", h.takeOver, door.UpTo(maxTakeoverBody))
		mountRequest(g, h)
	}

	e.GET("/reader/presence", h.readerPresence, private)
	e.GET("/presence", h.learnPresence, private)
	e.GET("/attest/jwks.json", h.attesterKeys)
	e.POST("/presence", h.endPresence, private, small)
}

// mountRequest lists what a person can do with a request, at any face.
func mountRequest(g *echo.Group, h *house) {
	small := door.UpTo(maxSmallBody)
	g.GET("/requests/:id", h.showRequest)
	g.POST("/requests/:id/pin", h.enterPIN, small)
	g.POST("/requests/:id/reader", h.changeCard, small)
	g.POST("/requests/:id/cancel", h.cancel, small)
}

// mountScripts lists the routes for scripts.
func (h *house) mountScripts(e *echo.Echo) {
	v := e.Group("/v1", door.ScriptsOnly(), private)
	v.POST("/authenticate", h.scriptAuthenticate, door.UpTo(maxSmallBody))
	v.POST("/sign", h.scriptSign, door.UpTo(maxSignBody))
	v.POST("/sign-digest", h.scriptSignDigest, door.UpTo(maxSmallBody))
	v.GET("/cards", h.scriptCards)
	v.GET("/cards/:id", h.scriptCard)
	v.POST("/cards/:id/tamper", h.scriptTamper, door.UpTo(maxSmallBody))
	web.Mount(v, h.desk())
}

// desk is what the readers' pages and scripts work on.
func (h *house) desk() web.Config {
	return web.Config{Cabinet: h.cfg.Cabinet, Readers: h.cfg.Readers, Real: h.access.real, CardWait: h.cfg.CardWait, Busy: failureOf(errCardWait, 0)}
}

// mountWriter lists the routes of the counter's card writer.
func (h *house) mountWriter(e *echo.Echo) {
	v := e.Group("/writer/v1", door.ScriptsOnly(), private, h.writer.Scripts("card writer"), h.waitForCard, door.UpTo(maxWriterBody))
	v.POST("/cards", h.writeBlank, door.UpTo(maxSmallBody))
	v.GET("/cards/:id", h.readCard)
	v.PUT("/cards/:id", h.writeCard)
	v.POST("/cards/:id/keys", h.writeKey, door.UpTo(maxSmallBody))
	v.POST("/cards/:id/unblock", h.writeUnblock, door.UpTo(maxSmallBody))
	v.POST("/cards/:id/kill", h.writeKill)
}

// private keeps an answer out of every cache.
func private(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Set("Cache-Control", "no-store")
		return next(c)
	}
}

// explainCard says what an error of a card or reader means.
func explainCard(err error) (ui.Refusal, bool) {
	if p, ok := errors.AsType[door.Problem](err); ok && (p.Code == string(codeUnconfirmed) || p.Code == string(codePINRefused)) {
		err = &failure{Code: code(p.Code), Detail: p.Detail}
	}
	return explainError(failureOf(err, 0))
}

// explainError turns errors into pages.
func explainError(err error) (ui.Refusal, bool) {
	toReader := []ui.Link{{Text: ui.Text{JA: "カードリーダーを見る", EN: "Go to the card reader"}, Href: "/reader"}}
	var f *failure
	switch {
	case errors.As(err, &f):
		e := explain(f)
		return ui.Refusal{Status: f.problem().Status, Code: string(f.Code), Title: e.Title, Body: e.Body, Detail: f.Error(), Next: toReader}, true
	case errors.Is(err, errNoRequest):
		return ui.Refusal{
			Status: http.StatusNotFound, Code: "no_request", Next: toReader,
			Title: ui.Text{JA: "この依頼は見つかりません", EN: "Request not found"},
			Body: ui.Text{
				JA: "すでに終了したか、別のブラウザーで受け付けた依頼です。\nこの画面を閉じ、元のページからもう一度操作してください。Cookieを使わない設定のブラウザーでは利用できません。",
				EN: "It has ended, or it belongs to another browser.\nClose this window and start again from the page. Your browser must accept cookies.",
			},
			Detail: "no such request in this browser",
		}, true
	case errors.Is(err, held.ErrFull):
		return ui.Refusal{
			Status: http.StatusServiceUnavailable, Code: "busy", Next: toReader,
			Title:  ui.Text{JA: "ただいま混み合っています", EN: "Too many requests at the moment"},
			Body:   ui.Text{JA: "数分たってから、元のページでもう一度操作してください。", EN: "Please wait a few minutes, then start again from the page."},
			Detail: "too many requests are waiting for a PIN",
		}, true
	}
	return ui.Refusal{}, false
}
