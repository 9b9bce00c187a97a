package e2e

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/labstack/echo/v4"
	"github.com/mxschmitt/playwright-go"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/simclock"
	"example.jp/jpkimock/internal/ui"
)

// tryHouse is a house with one sound page and one bad one, to see that the
// harness tells them apart.
func tryHouse(t *testing.T) string {
	t.Helper()
	pages, err := ui.NewPages(ui.Site{House: "bank", Name: ui.Text{JA: "ためしの家", EN: "A house to try"}, Now: simclock.New().Now}, fstest.MapFS{
		"sound.html": {Data: []byte(`{{define "main"}}<h1>{{.T "受付" "Desk"}}</h1><p data-testid="greeting">{{.T "こんにちは" "Hello"}}</p>{{end}}`)},
		"bad.html":   {Data: []byte(`{{define "main"}}<h1>Desk</h1><input type="text"><script>document.title = "no"</script>{{end}}`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	e := door.New(door.Config{House: "bank", Pages: pages})
	ui.MountAssets(e, nil)
	for _, name := range []string{"sound", "bad"} {
		e.GET("/"+name, func(c echo.Context) error {
			return pages.Render(c, http.StatusOK, name, ui.Text{JA: "受付", EN: "Desk"}, nil)
		})
	}
	s := httptest.NewServer(e)
	t.Cleanup(s.Close)
	return strings.Replace(s.URL, "127.0.0.1", "localhost", 1)
}

func TestASoundPageHasNoBarrierAndFitsBothScreens(t *testing.T) {
	t.Parallel()
	house := tryHouse(t)
	p := newPerson(t, "visitor", ui.Japanese)
	p.takesPictures = true
	picture := filepath.Join(outDir, "pages", "self-sound-ja-390x844.png")
	if err := os.Remove(picture); err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	p.GoesTo(house + "/sound")
	p.Reads("greeting", "こんにちは", "Hello")
	p.Pictures("self-sound")
	if _, err := os.Stat(picture); err != nil {
		t.Error(err)
	}
	p.Follows("English", "")
	p.lang = ui.English
	p.Reads("greeting", "こんにちは", "Hello")
	if r := p.GoesTo(house + "/nowhere"); r.Status() != http.StatusNotFound {
		t.Errorf("status %d for a page that is not there", r.Status())
	}
	p.IsTold("ページが見つかりません", "Page not found")
	p.FindsNoBarrier()
}

func TestABadPageIsNoticed(t *testing.T) {
	t.Parallel()
	house := tryHouse(t)
	p := newPerson(t, "visitor", ui.English)
	p.GoesTo(house + "/bad")
	ids := []string{}
	for _, v := range p.barriers() {
		ids = append(ids, v.ID)
	}
	if !slices.Contains(ids, "label") {
		t.Errorf("an input without a label is not among the barriers %q", ids)
	}
	p.must(p.page.Route("http://192.0.2.1/**", func(r playwright.Route) {
		_ = r.Fulfill(playwright.RouteFulfillOptions{Body: "far away"})
	}), "stand in for another machine")
	p.GoesTo("http://192.0.2.1/")
	p.mu.Lock()
	defer p.mu.Unlock()
	all := strings.Join(p.complaints, "\n")
	for _, want := range []string{"Content Security Policy", "request to another machine: http://192.0.2.1/"} {
		if !strings.Contains(all, want) {
			t.Errorf("no complaint about %q in:\n%s", want, all)
		}
	}
	p.complaints = nil
}
