package ui_test

import (
	"flag"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/ui"
)

// -gallery serves the component gallery for the eye, until interrupted:
//
//	go test ./internal/ui -run TestGallery -gallery 127.0.0.1:9999 -timeout 0
//
// /gallery?house=card shows a house's accent, /window the card agent's window,
// /refusal the page that says no.
var gallery = flag.String("gallery", "", "serve the component gallery at this address until interrupted")

func galleryPages(t *testing.T, house string) *ui.Pages {
	t.Helper()
	names := map[string]ui.Text{
		"bank": {JA: "みほん銀行", EN: "Mihon Bank"}, "card": {JA: "利用者クライアントソフト（模擬）", EN: "JPKI user client software (mock)"},
	}
	name, ok := names[house]
	if !ok {
		name = ui.Text{JA: "地方公共団体情報システム機構（模擬）", EN: "Japan Agency for Local Authority Information Systems (mock)"}
	}
	pages, err := ui.NewPages(ui.Site{
		House: house, Name: name, Tagline: ui.Text{JA: "カードでひらく口座", EN: "Accounts by card"},
		Nav:   []ui.Link{{Text: ui.Text{JA: "ご案内", EN: "Guide"}, Href: "/gallery"}, {Text: ui.Text{JA: "口座をひらく", EN: "Open an account"}, Href: "/new"}, {Text: ui.Text{JA: "口座の一覧", EN: "Accounts"}, Href: "/accounts"}},
		Lobby: "http://localhost:8080/", Now: func() time.Time { return at },
	}, os.DirFS("testdata/gallery"))
	if err != nil {
		t.Fatal(err)
	}
	return pages
}

func galleryHandler(t *testing.T) http.Handler {
	e := echo.New()
	e.HideBanner = true
	ui.MountAssets(e, nil)
	data := map[string]any{
		"Tones": []string{"info", "success", "warning", "error"}, "People": []string{"見本　花子", "見本　太郎"},
		"Amounts": []int64{50000, -1234, 1200000}, "Keys": []int{1, 2, 3, 4, 5, 6, 7, 8, 9}, "At": at,
	}
	house := func(c echo.Context, other string) *ui.Pages {
		if h := c.QueryParam("house"); h != "" {
			other = h
		}
		return galleryPages(t, other)
	}
	e.GET("/gallery", func(c echo.Context) error {
		ui.SignedIn(c, "見本　花子", "/signout")
		ui.Face(c, c.QueryParam("face"))
		return house(c, "bank").Render(c, http.StatusOK, "gallery", ui.Text{JA: "見本帳", EN: "Gallery"}, data)
	})
	e.GET("/window", func(c echo.Context) error {
		ui.Face(c, "bare")
		return house(c, "card").Render(c, http.StatusOK, "window", ui.Text{JA: "署名", EN: "Sign"}, nil)
	})
	e.GET("/refusal", func(c echo.Context) error {
		return house(c, "bank").Refuse(c, ui.Refusal{
			Status: http.StatusForbidden, Title: ui.Text{JA: "この証明書は失効しています", EN: "This certificate is revoked"},
			Body:   ui.Text{JA: "お引越しなどで記載が変わると、署名用の電子証明書は使えなくなります。\nお住まいの市区町村の窓口で、新しい証明書の発行を受けてください。", EN: "It was revoked because its content changed.\nPlease have a new one issued at your municipality."},
			Next:   []ui.Link{{Text: ui.Text{JA: "窓口のご案内を見る", EN: "See the counters"}, Href: "/", Primary: true}, {Text: ui.Text{JA: "最初のページへ戻る", EN: "Back to the front page"}, Href: "/"}},
			Detail: "revoked: expected good, found revoked (affiliationChanged)", Reference: "ABCDEFGHIJ",
		})
	})
	return e
}

// TestGalleryUsesEveryClass keeps the gallery whole: a class that the houses
// may use is one that somebody looks at.
func TestGalleryUsesEveryClass(t *testing.T) {
	if *gallery != "" {
		l, err := net.Listen("tcp", *gallery)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("gallery at http://%s/gallery, /window, /refusal", l.Addr())
		t.Fatal(http.Serve(l, galleryHandler(t)))
	}
	var all strings.Builder
	for _, path := range []string{"/gallery", "/window", "/refusal"} {
		w := httptest.NewRecorder()
		galleryHandler(t).ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if w.Code != http.StatusOK && w.Code != http.StatusForbidden {
			t.Fatalf("GET %s: %d %s", path, w.Code, w.Body)
		}
		all.WriteString(w.Body.String())
	}
	page := all.String()
	css, err := fs.ReadFile(os.DirFS("assets"), "ui.css")
	if err != nil {
		t.Fatal(err)
	}
	for _, class := range []string{
		"page", "narrow", "lead", "card", "grid", "two", "three", "button", "secondary", "danger", "text", "large", "actions",
		"notice", "info", "success", "warning", "error", "facts", "list", "table-scroll", "number", "badge", "good", "bad", "wait", "neutral",
		"field", "hint", "field-error", "steps", "done", "document", "pin-pad", "pin-dots", "amount", "balance", "muted", "tag", "refusal",
	} {
		if !strings.Contains(string(css), "."+class) {
			t.Errorf("ui.css has no .%s", class)
		}
		if !hasClass(page, class) {
			t.Errorf("the gallery does not show .%s", class)
		}
	}
}

func hasClass(page, class string) bool {
	for _, part := range strings.Split(page, `class="`)[1:] {
		value, _, _ := strings.Cut(part, `"`)
		for _, c := range strings.Fields(value) {
			if c == class {
				return true
			}
		}
	}
	return false
}
