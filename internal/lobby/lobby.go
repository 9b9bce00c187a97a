// Package lobby is the stage: the first page of the town with its doors and its
// desks, its people with their PINs, the clock and the faults. It knows houses
// by their URLs alone, and asks them over HTTP as any script would.
package lobby

import (
	"embed"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/held"
	"example.jp/jpkimock/internal/openapi"
	"example.jp/jpkimock/internal/stage"
	"example.jp/jpkimock/internal/stage/play"
	"example.jp/jpkimock/internal/touch"
	picture "example.jp/jpkimock/internal/touch/web"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/seed"
)

//go:embed templates/*.html assets
var files embed.FS

var templates = ui.Embedded(files, "templates")

// Config is the town as the lobby shows it. URLs have no slash at the end.
type Config struct {
	Doors []Door
	Desks []Desk
	World seed.World
	// Stage moves the town. Houses are those of it that can fail.
	Stage  *stage.Stage
	Houses []stage.House
	// Ready is what GET /world.json answers: what scripts need to know of the
	// running town.
	Ready any
	// VerifierKey is a published key of a verifier, for those who try the interfaces;
	// empty if another was set in its place.
	VerifierKey string
	// Sweeps are the words for what houses do by themselves, by house and name.
	Sweeps    map[string]map[string]ui.Text
	Now       func() time.Time
	Offset    func() time.Duration // of the clock, from the wall clock
	Hosts     []string             // as door.Config.Hosts
	PublicURL string               // the lobby's own origin, as browsers see it
	// Touches are shown at /picture, and Watch is called while somebody looks; nil for a
	// lobby without pictures. TracesKey opens the collector to the town's other processes.
	Touches   *touch.Store
	Watch     func()
	TracesKey string
	// Book is the stories, and how far each is played.
	Book *play.Book
	Log  *slog.Logger
}

// Door is a house that people can enter.
type Door struct {
	House string // its machine name, "bank"
	Title ui.Text
	What  ui.Text // what people do there, in a sentence
	URL   string
}

// Address is the URL as people read it out, without the scheme that is plain.
func (d Door) Address() string { return strings.TrimPrefix(d.URL, "http://") }

// Desk is a place behind a counter.
type Desk struct {
	Name, What ui.Text
	URL        string
	Officers   []Officer // who can sign in there; empty where the key is enough
	Key        string    // the published key that opens it; empty where another was configured
}

// Officer is somebody who works at a desk.
type Officer struct {
	ID     string
	Office ui.Text
}

// lobby is the house.
type lobby struct {
	cfg   Config
	pages *ui.Pages
	// outcomes are what came of events, for the page that a form leads to.
	outcomes *held.Box[happened]
	// followed is what moves of the clock changed for people, in the same way.
	followed *held.Box[moved]
}

// maxOutcomes bounds the outcomes that are held. The clock may be moved while they are, to
// see what the houses do then.
const maxOutcomes = 100

// New builds the lobby.
func New(cfg Config) (http.Handler, error) {
	parsed, err := templates()
	if err != nil {
		return nil, err
	}
	assets, err := fs.Sub(files, "assets")
	if err != nil {
		return nil, err
	}
	pages, err := parsed.Pages(site(cfg))
	if err != nil {
		return nil, err
	}
	l := &lobby{cfg: cfg, pages: pages, outcomes: held.New(held.Config[happened]{
		Now: cfg.Now, Max: maxOutcomes, Yields: func(happened) bool { return true },
	}), followed: held.New(held.Config[moved]{
		Now: cfg.Now, Max: maxOutcomes, Yields: func(moved) bool { return true },
	})}
	server := door.New(door.Config{House: "lobby", Pages: pages, Hosts: cfg.Hosts, PublicURL: cfg.PublicURL, Log: cfg.Log, Explain: explain})
	ui.MountAssets(server, assets)
	server.GET("/", l.shows("start", titleStart))
	l.mountStories(server)
	server.GET("/people", l.people)
	server.GET("/people/:id", l.person)
	server.GET("/portraits/:name", l.portrait)
	server.POST("/people/:id/card", l.lay)
	server.POST("/people/:id/events/:event", l.happens)
	server.GET("/whereabouts", l.whereabouts)
	server.GET("/offices", l.shows("offices", titleOffices))
	server.GET("/clock-room", l.clockRoom)
	server.POST("/clock-room", l.moveClock)
	server.GET("/faults", l.faults)
	server.POST("/faults", l.switchFault)
	server.POST("/snapshots", l.keep)
	server.GET("/integrators", l.shows("integrators", titleIntegrators))
	server.GET("/world.json", l.world)
	if cfg.Touches != nil {
		style, noStyle := fs.ReadFile(assets, "picture.css")
		err = errors.Join(noStyle, picture.Mount(server, picture.Config{Pages: pages, Store: cfg.Touches, Watch: cfg.Watch, Style: style, Key: cfg.TracesKey, Now: cfg.Now}))
	}
	return server, errors.Join(err, openapi.Mount(server, api(cfg.Touches != nil)))
}

func site(cfg Config) ui.Site {
	site := ui.Site{
		House: "lobby", Now: cfg.Now,
		Name:    ui.Text{JA: "jpkimock 案内所", EN: "jpkimock lobby"},
		Tagline: ui.Text{JA: "公的個人認証サービスの模擬環境", EN: "a mock of Japan's public personal authentication"},
		Nav: []ui.Link{
			{Text: titleStart, Href: "/"},
			{Text: titleStories, Href: "/stories"},
			{Text: titlePeople, Href: "/people"},
			{Text: titleWhereabouts, Href: "/whereabouts"},
			{Text: titleOffices, Href: "/offices"},
			{Text: titleClock, Href: "/clock-room"},
			{Text: titleFaults, Href: "/faults"},
			{Text: titleIntegrators, Href: "/integrators"},
		},
	}
	if cfg.Touches != nil {
		site.Nav = slices.Insert(site.Nav, 1, ui.Link{Text: picture.Title(), Href: picture.Path})
	}
	return site
}

// The titles of the pages, which are also the navigation.
var (
	titleStart       = ui.Text{JA: "はじめに", EN: "Start"}
	titleStories     = ui.Text{JA: "台本", EN: "Stories"}
	titlePeople      = ui.Text{JA: "登場人物とカード", EN: "People and cards"}
	titleWhereabouts = ui.Text{JA: "個人情報はどこに", EN: "Personal data"}
	titleOffices     = ui.Text{JA: "職員として入る", EN: "Behind the counters"}
	titleClock       = ui.Text{JA: "時計とやり直し", EN: "Clock and starting over"}
	titleFaults      = ui.Text{JA: "障害", EN: "Faults"}
	titleIntegrators = ui.Text{JA: "接続する方へ", EN: "For integrators"}
)
