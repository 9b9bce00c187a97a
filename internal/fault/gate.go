package fault

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/ui"
)

// gate stands before a house.
type gate struct {
	*Switch
	house  http.Handler
	manage *echo.Echo
	pages  *ui.Pages // nil where the house has no title
}

// Before returns a house that can fail. It answers /faults in the house's place, if the
// house has faults.
func (s *Switch) Before(house http.Handler) http.Handler {
	if len(s.cfg.Faults) == 0 {
		return house
	}
	g := &gate{Switch: s, house: house}
	if s.cfg.Title != (ui.Text{}) && s.cfg.Now != nil {
		// The page that says so is the house's for people; it has no templates that could fail.
		g.pages, _ = ui.NewPages(ui.Site{House: s.cfg.House, Name: s.cfg.Title, Now: s.cfg.Now}, embed.FS{})
	}
	g.manage = door.New(door.Config{House: s.cfg.House, Hosts: s.cfg.Hosts, Log: s.cfg.Log})
	g.manage.GET("/faults", s.show)
	g.manage.PUT("/faults", s.change, door.ScriptsOnly())
	return g
}

// ServeHTTP fails as asked, or lets the house answer.
func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/faults" {
		g.manage.ServeHTTP(w, r)
		return
	}
	for _, l := range *g.active.Load() {
		if l.within || !l.covers(r.URL.Path) || l.counts() && r.Header.Get(Looks) != "" {
			continue
		}
		if g.strikes(l, g.about(r)) && !g.fail(l, w, r) {
			return
		}
	}
	g.house.ServeHTTP(w, r)
}

// about says who asks.
func (g *gate) about(r *http.Request) Case {
	if g.knows.Of == nil {
		return Case{}
	}
	return Case{Callers: func() []string { return g.knows.Of(r) }}
}

// covers reports whether a path fails while the fault is on.
func (f Fault) covers(path string) bool {
	if len(f.Routes) == 0 {
		dresses := f.status != 0 && isAsset(path) // the page that says so
		return path != "/clock" && path != "/healthz" && !dresses
	}
	return slices.ContainsFunc(f.Routes, func(prefix string) bool { return strings.HasPrefix(path, prefix) })
}

// fail does what a fault does, and reports whether the request goes on.
func (g *gate) fail(l *live, w http.ResponseWriter, r *http.Request) (goesOn bool) {
	f := l.Fault
	switch {
	case f.silent:
		if l.counts() {
			cutShort(w)
		}
		panic(http.ErrAbortHandler) // net/http closes the connection
	case f.unheard:
		g.house.ServeHTTP(nowhere{http.Header{}}, r)
		panic(http.ErrAbortHandler)
	case f.status != 0 && g.pages != nil && door.WantsPage(r):
		g.apologise(f, w, r)
		return false
	case f.status != 0:
		w.Header().Set("Content-Type", "application/problem+json")
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(f.status)
		_ = json.NewEncoder(w).Encode(map[string]any{
			"type": "about:blank", "title": http.StatusText(f.status), "status": f.status,
			"code": "fault", "detail": fmt.Sprintf("the fault %q of house %s is on", f.Name, g.cfg.House),
		})
		return false
	}
	select {
	case <-r.Context().Done():
		return false
	case <-g.cfg.After(f.delay):
		return true
	}
}

func isAsset(path string) bool {
	return strings.HasPrefix(path, "/ui/") || strings.HasPrefix(path, "/assets/")
}

// apologise is the page of a house that answers with an error.
func (g *gate) apologise(f Fault, w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	err := g.pages.Refuse(g.manage.NewContext(r, w), ui.Refusal{
		Status: f.status, Code: "fault",
		Title: ui.Text{JA: "ただいまご利用になれません", EN: "This service cannot be used now"},
		Body: ui.Text{
			JA: "障害のため、手続を進められません。何も変わっていません。しばらくしてから、もう一度お試しください。",
			EN: "Something has failed here, and nothing was changed. Try again later.",
		},
	})
	if err != nil {
		g.cfg.Log.Error("error page failed", "house", g.cfg.House, "error", err)
	}
}

// cutShort begins an answer, of which no more comes: where none begins, net/http and others
// ask once more by themselves, and one question would count twice.
func cutShort(w http.ResponseWriter) {
	conn, buffer, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return // HTTP/2, where it is not repeated
	}
	_, _ = buffer.WriteString("HTTP/1.1 ")
	_ = errors.Join(buffer.Flush(), conn.Close()) // whoever asked may have gone
}

// nowhere takes an answer that nobody hears.
type nowhere struct{ header http.Header }

func (n nowhere) Header() http.Header         { return n.header }
func (n nowhere) Write(p []byte) (int, error) { return len(p), nil }
func (n nowhere) WriteHeader(int)             {}
