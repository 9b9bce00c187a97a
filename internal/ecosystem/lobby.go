package ecosystem

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/seed"
)

//go:embed templates/*.html assets
var lobbyFiles embed.FS

var lobbyTemplates = ui.Embedded(lobbyFiles, "templates")

// lobby is the first page of the town: its doors, its people with their PINs,
// and the clock.
type lobby struct {
	town   *Ecosystem
	pages  *ui.Pages
	client *http.Client
}

func openLobby(_ context.Context, e *Ecosystem) (http.Handler, error) {
	parsed, err := lobbyTemplates()
	if err != nil {
		return nil, err
	}
	assets, err := fs.Sub(lobbyFiles, "assets")
	if err != nil {
		return nil, err
	}
	site := ui.Site{
		House: "lobby", Now: e.clock.Now,
		Name:    ui.Text{JA: "jpkimock 案内所", EN: "jpkimock lobby"},
		Tagline: ui.Text{JA: "公的個人認証サービスの模擬環境", EN: "a mock of Japan's public personal authentication"},
		Nav: []ui.Link{
			{Text: ui.Text{JA: "はじめに", EN: "Start"}, Href: "/"},
			{Text: ui.Text{JA: "登場人物とカード", EN: "People and cards"}, Href: "/people"},
			{Text: ui.Text{JA: "職員として入る", EN: "Behind the counters"}, Href: "/offices"},
			{Text: ui.Text{JA: "時計と障害", EN: "Clock and faults"}, Href: "/clock-room"},
			{Text: ui.Text{JA: "接続する方へ", EN: "For integrators"}, Href: "/integrators"},
		},
	}
	pages, err := parsed.Pages(site)
	if err != nil {
		return nil, err
	}
	l := &lobby{town: e, pages: pages, client: &http.Client{Timeout: 10 * time.Second}}
	server := door.New(door.Config{House: "lobby", Pages: pages, Hosts: e.hosts(), Log: e.cfg.Log})
	ui.MountAssets(server, assets)
	server.GET("/", l.start)
	server.GET("/people", l.people)
	server.GET("/offices", l.offices)
	server.GET("/clock-room", l.clockRoom)
	server.POST("/clock-room", l.moveClock)
	server.POST("/faults", l.changeFaults)
	server.GET("/integrators", l.integrators)
	server.GET("/world.json", l.world)
	return server, nil
}

// doorLine is a house as the lobby shows it.
type doorLine struct {
	House
	URL string
}

func (l *lobby) doors() []doorLine {
	var all []doorLine
	for _, h := range Houses() {
		if url := l.town.URL(h.Name); h.Name != "lobby" && url != "" {
			all = append(all, doorLine{h, url})
		}
	}
	return all
}

// townPage is what the lobby's templates are given.
type townPage struct {
	Doors     []doorLine
	Personas  []seed.Persona
	Towns     map[string]seed.Municipality // by code
	First     *seed.Persona
	Sofa      *seed.Persona // somebody who has enrolled at a television
	Authority string
	Card      string // the card house's URL
	Bank      string
	CATV      string
	Platform  string
	Now       time.Time
	Offset    time.Duration
	Offices   []officeLine
	Silent    bool // the authority gives no answer about certificates
}

func (l *lobby) page() townPage {
	p := townPage{
		Doors: l.doors(), Personas: l.town.Personas(), Authority: l.town.URL("authority"), Card: l.town.URL("card"), Bank: l.town.URL("bank"), CATV: l.town.URL("catv"), Platform: l.town.URL("platform"),
		Now: l.town.clock.Now(), Offset: l.town.clock.Offset().Round(time.Minute),
	}
	p.Towns = map[string]seed.Municipality{}
	for _, m := range l.town.world.Municipalities {
		p.Towns[m.Code] = m
	}
	if len(p.Personas) > 0 {
		p.First = &p.Personas[0]
	}
	if p.CATV != "" {
		p.Sofa = l.town.world.Viewer()
	}
	return p
}

func (l *lobby) start(c echo.Context) error {
	return l.pages.Render(c, http.StatusOK, "start", ui.Text{JA: "はじめに", EN: "Start"}, l.page())
}

func (l *lobby) people(c echo.Context) error {
	return l.pages.Render(c, http.StatusOK, "people", ui.Text{JA: "登場人物とカード", EN: "People and cards"}, l.page())
}

func (l *lobby) offices(c echo.Context) error {
	p := l.page()
	p.Offices = l.town.offices()
	return l.pages.Render(c, http.StatusOK, "offices", ui.Text{JA: "職員として入る", EN: "Behind the counters"}, p)
}

func (l *lobby) clockRoom(c echo.Context) error {
	p := l.page()
	silent, err := l.silent(c.Request().Context())
	p.Silent = silent || err != nil
	return l.pages.Render(c, http.StatusOK, "clock", ui.Text{JA: "時計と障害", EN: "Clock and faults"}, p)
}

func (l *lobby) integrators(c echo.Context) error {
	return l.pages.Render(c, http.StatusOK, "integrators", ui.Text{JA: "接続する方へ", EN: "For integrators"}, l.page())
}

// world gives what the ready file holds, for scripts that start after it.
func (l *lobby) world(c echo.Context) error {
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSONPretty(http.StatusOK, l.town.Ready(), "  ")
}

// steps are the moves that the clock's buttons offer.
func steps() map[string]time.Duration {
	const day = 24 * time.Hour
	return map[string]time.Duration{"10m": 10 * time.Minute, "1h": time.Hour, "1d": day, "30d": 30 * day, "365d": 365 * day}
}

// moveClock moves the one clock by asking the authority, which owns it.
func (l *lobby) moveClock(c echo.Context) error {
	change := map[string]any{"offsetSeconds": 0}
	if step := c.FormValue("step"); step != "back" {
		d, ok := steps()[step]
		if !ok {
			return door.Problem{Status: http.StatusBadRequest, Code: "bad_step", Detail: "step is one of back, 10m, 1h, 1d, 30d, 365d"}
		}
		change = map[string]any{"advanceSeconds": d.Seconds()}
	}
	if err := l.ask(c.Request().Context(), http.MethodPut, "/clock", change, nil); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/clock-room")
}

// silent asks the authority whether it is silent.
func (l *lobby) silent(ctx context.Context) (bool, error) {
	var faults Faults
	err := l.ask(ctx, http.MethodGet, "/faults", nil, &faults)
	return faults.Silent, err
}

// changeFaults silences the authority, or lets it answer again.
func (l *lobby) changeFaults(c echo.Context) error {
	var faults Faults
	switch c.FormValue("authority") {
	case "silent":
		faults.Silent = true
	case "answers":
	default:
		return door.Problem{Status: http.StatusBadRequest, Code: "bad_fault", Detail: "authority is one of silent, answers"}
	}
	if err := l.ask(c.Request().Context(), http.MethodPut, "/faults", faults, nil); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/clock-room")
}

// ask puts a question or a change to the authority, which owns the clock and the
// faults.
func (l *lobby) ask(ctx context.Context, method, path string, change, answer any) error {
	var body io.Reader
	if change != nil {
		b, err := json.Marshal(change)
		if err != nil {
			return err
		}
		body = bytes.NewReader(b)
	}
	r, err := http.NewRequestWithContext(ctx, method, l.town.Peer("authority")+path, body)
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	resp, err := l.client.Do(r)
	if err != nil {
		return door.Problem{Status: http.StatusBadGateway, Code: "no_authority", Detail: "the authority does not answer"}
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(io.LimitReader(resp.Body, 4096))
	if err != nil || resp.StatusCode/100 != 2 {
		return door.Problem{Status: http.StatusBadGateway, Code: "refused_by_authority", Detail: fmt.Sprintf("the authority answered %d: %s", resp.StatusCode, b)}
	}
	if answer == nil {
		return nil
	}
	return json.Unmarshal(b, answer)
}
