// Package agent is the JPKI user client software (利用者クライアントソフト) on its own
// origin. Only here is a PIN typed: a relying party's page opens the agent's
// window, which shows who asks, what will be signed and which card lies on the
// reader, and gives the card's answer back to that page alone.
//
// There are three doors. The window (/window) is for people; its pages work
// without scripts, save for the two messages exchanged with the page that
// opened it. The scripted interface (/v1) does the same for continuous
// integration and refuses whatever a browser page could send. The writer
// (/writer/v1) is the municipal counter's machine that makes, writes, unblocks
// and kills cards, under a key.
//
// The flow of a request is in request.go and knows nothing of pages. Three faces
// are over it. The window stands beside the page that asks, and the two talk by
// messages. The kiosk (/kiosk) of a reception and the set (/tv) in a living room
// take the page's place; a page enters them with a form:
//
//	POST {agent}/kiosk/requests      or  /tv/requests
//	action        authenticate | sign
//	nonce         of an authentication, as Web eID has it
//	document      of a signature, in base64, with documentName and mediaType
//	return        where the answer is posted: an address of the asking origin
//	lang          ja | en; may be left out
//
// The Origin header says who asks; a page whose referrer policy makes it "null"
// (no-referrer, same-origin) is refused. The answer is a form, posted to the
// return address: token (JSON) or cms (base64), or error (a code) with message. The
// browser follows redirects of it within that origin only.
// From the set it has also presence, a token for
//
//	GET {agent}/presence?token=…&wait=25    {"present":true|false}
//
// which waits until the card that answered is taken away, at most wait seconds
// (25), and which a page of the asking origin alone can read. It stays false from
// then on, and 12 hours after it was given. POST {agent}/presence with the token
// in a form takes the card away: for a remote control drawn on a page.
package agent

import (
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
	"example.jp/jpkimock/internal/session"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/virtualcard"
)

//go:embed all:templates assets
var files embed.FS

var templates = ui.Embedded(files, "templates")

// Config is what an agent is made of.
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
	// Health reports why the house cannot serve; nil for always well.
	Health func(context.Context) error
}

// seat is what the agent remembers of one browser: its reader, and whose
// requests are its own.
type seat struct {
	Holder string
	Slot   *slot
}

// on is what lies on the seat's reader.
func (s seat) on() laying {
	if s.Slot == nil {
		return laying{}
	}
	return s.Slot.look()
}

// decade is how long a browser's seat lasts: a card stays on a reader until it
// is taken away, however far the clock is moved.
const decade = 10 * 365 * 24 * time.Hour

// house is the agent with its rooms.
type house struct {
	cfg      Config
	pages    *ui.Pages
	seats    *session.Store[seat]
	desk     *desk
	requests *requests
	// presences are the tokens by which pages learn that a card has left.
	presences *presences
	waits     waits
}

// New gives the agent's HTTP handler.
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
	parsed, err := templates()
	if err != nil {
		return nil, fmt.Errorf("agent: templates: %w", err)
	}
	assets, err := fs.Sub(files, "assets")
	if err != nil {
		return nil, fmt.Errorf("agent: assets: %w", err)
	}
	pages, err := parsed.Pages(ui.Site{
		House: "card", Lobby: cfg.Lobby, Now: cfg.Now,
		Name:    ui.Text{JA: "JPKI利用者ソフト（模擬）", EN: "JPKI client software (mock)"},
		Tagline: ui.Text{JA: "カードリーダーと暗証番号の画面", EN: "The card reader and the PIN window"},
		Nav: []ui.Link{
			{Text: ui.Text{JA: "このソフトについて", EN: "About"}, Href: "/"},
			{Text: ui.Text{JA: "カードリーダー", EN: "Card reader"}, Href: "/reader"},
		},
	})
	if err != nil {
		return nil, err
	}
	d := &desk{cabinet: cfg.Cabinet, now: cfg.Now, wait: cfg.CardWait}
	h := &house{
		cfg: cfg, pages: pages, desk: d, requests: newRequests(d), presences: newPresences(cfg.Now), waits: make(waits, maxWaiting),
		seats: session.New[seat](session.Config{Cookie: "jpkimock_card", Now: cfg.Now, Idle: decade, Age: decade}),
	}
	e := door.New(door.Config{
		House: "card", Pages: pages, Hosts: cfg.Hosts, Explain: explain, Health: cfg.Health, Log: cfg.Log,
		CrossOrigin: []string{"POST /kiosk/requests", "POST /tv/requests", "POST /presence"},
	})
	ui.MountAssets(e, assets)
	h.mountPages(e)
	h.mountScripts(e)
	h.mountWriter(e)
	return e, nil
}

// mountPages lists the doors for people.
func (h *house) mountPages(e *echo.Echo) {
	e.GET("/", h.front)
	e.GET("/reader", h.reader)
	e.POST("/reader", h.changeReader)

	w := e.Group("/window", shaped(windowFace), small)
	w.GET("", h.window)
	w.POST("/requests", h.openRequest)
	w.POST("/requests/:id/answer", h.takeAnswer)
	mountRequest(w, h)
	for _, f := range []face{kioskFace, tvFace} {
		g := e.Group("/"+string(f), shaped(f), small)
		g.POST("/requests", h.enter)
		mountRequest(g, h)
	}

	e.GET("/reader/presence", h.readerPresence, private)
	e.GET("/presence", h.learnPresence, private)
	e.POST("/presence", h.endPresence, private, small)
}

// mountRequest lists what a person can do to a request, at any face.
func mountRequest(g *echo.Group, h *house) {
	g.GET("/requests/:id", h.showRequest)
	g.POST("/requests/:id/pin", h.enterPIN)
	g.POST("/requests/:id/reader", h.changeCard)
	g.POST("/requests/:id/cancel", h.cancel)
}

// mountScripts lists the doors for scripts.
func (h *house) mountScripts(e *echo.Echo) {
	v := e.Group("/v1", door.ScriptsOnly(), private)
	v.POST("/authenticate", h.scriptAuthenticate)
	v.POST("/sign", h.scriptSign)
	v.GET("/cards", h.scriptCards)
	v.GET("/cards/:id", h.scriptCard)
}

// mountWriter lists the doors of the counter's card machine.
func (h *house) mountWriter(e *echo.Echo) {
	v := e.Group("/writer/v1", door.ScriptsOnly(), private, h.writerOnly, h.machine)
	v.POST("/cards", h.writeBlank)
	v.PUT("/cards/:id", h.writeCard)
	v.POST("/cards/:id/keys", h.writeKey)
	v.POST("/cards/:id/unblock", h.writeUnblock)
	v.POST("/cards/:id/kill", h.writeKill)
}

// private keeps an answer out of every cache.
func private(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Set("Cache-Control", "no-store")
		return next(c)
	}
}

// explain turns the flow's errors into pages.
func explain(err error) (ui.Refusal, bool) {
	if errors.Is(err, errNoRequest) {
		return ui.Refusal{
			Status: http.StatusNotFound,
			Title:  ui.Text{JA: "この依頼は見つかりません", EN: "There is no such request"},
			Body: ui.Text{
				JA: "すでに終了したか、別のブラウザーで受け付けた依頼です。\nこの画面を閉じ、元のページからもう一度操作してください。Cookieを使わない設定のブラウザーでは利用できません。",
				EN: "It has ended, or it belongs to another browser.\nClose this window and start again from the page. A browser that keeps no cookies cannot be used.",
			},
			Next: []ui.Link{{Text: ui.Text{JA: "カードリーダーを見る", EN: "Look at the card reader"}, Href: "/reader"}},
		}, true
	}
	return ui.Refusal{}, false
}
