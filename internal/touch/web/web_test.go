package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/touch"
	"example.jp/jpkimock/internal/touch/web"
	"example.jp/jpkimock/internal/tracing"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/internal/webtest"
)

var began = time.Date(2026, 4, 1, 3, 0, 0, 0, time.UTC)

// lobby is a house with nothing but pictures, and how often somebody looked.
func lobby(t *testing.T) (guest *webtest.Browser, store *touch.Store, looks *int) {
	t.Helper()
	now := func() time.Time { return began }
	store, looks = touch.NewStore(now, func(string) string { return "" }), new(int)
	return webtest.NewBrowser(t, webtest.Serve(t, func(string) http.Handler {
		pages, err := ui.NewPages(ui.Site{House: "lobby", Now: now, Name: ui.Text{JA: "案内所", EN: "Lobby"}}, fstest.MapFS{})
		webtest.Must(t, err)
		e := door.New(door.Config{House: "lobby", Pages: pages})
		webtest.Must(t, web.Mount(e, web.Config{Pages: pages, Store: store, Watch: func() { *looks++ }, Style: []byte(".drawing { }"), Key: "traces", Now: now}))
		return e
	})), store, looks
}

// signsIn adds a sign-in at the bank, in which the authority answers or does not.
func signsIn(store *touch.Store, answers bool) {
	at := func(ms int) time.Time { return began.Add(time.Duration(ms) * time.Millisecond) }
	status, asked := http.StatusOK, http.StatusOK
	if !answers {
		status, asked = http.StatusServiceUnavailable, 0
	}
	store.Add(tracing.Span{Trace: "card", ID: "1", House: "card", Method: "POST", Path: "/v1/authenticate", Status: 200, Start: at(0), End: at(9), Content: tracing.Content{Joins: []string{"s"}}, Events: []tracing.Happened{
		{Name: "apdu", At: at(4), With: map[string]string{"says": "COMPUTE DIGITAL SIGNATURE with user authentication key", "command": "80 2A 00 80", "status": "9000"}},
	}})
	store.Add(tracing.Span{Trace: "bank", ID: "3", Parent: "2", House: "authority", Method: "POST", Path: "/ocsp/user-authentication", Status: asked, Cut: !answers, Start: at(20), End: at(22)})
	store.Add(tracing.Span{Trace: "bank", ID: "2", House: "bank", Method: "POST", Path: "/signin", Status: status, Start: at(15), End: at(30), Content: tracing.Content{Joins: []string{"s"}, Asked: "<b>asked</b>"}, Events: []tracing.Happened{
		{Name: "check", At: at(23), With: map[string]string{"check": "status", "expected": "good", "found": "good"}},
	}})
}

func TestTouchesAreListedAndDrawn(t *testing.T) {
	guest, store, looks := lobby(t)
	guest.Visits("/picture").Says(200, "まだ何も記録されていません")
	if *looks != 1 {
		t.Errorf("somebody looked %d times", *looks)
	}
	signsIn(store, true)
	guest.Visits("/picture").Says(200, "銀行へのサインイン", "④サービスが提供されました", `href="/picture/card"`)
	guest.Visits("/picture/card").Says(200, `data-testid="kept"><li>氏名</li>`, "④サービスが提供されました", "渡らなかったもの", "80 2A 00 80", "&lt;b&gt;asked", `class="arrow lit"`)
	guest.Visits("/picture/card?lang=en").Says(200, "Sign-in at the bank", "What did not cross", "Date of birth", "PIN")
	guest.Visits("/picture/card?party=authority&lang=ja").Says(200, "結果返却").Lacks("80 2A 00 80")
	guest.Visits("/picture/nobody").Says(404)
}

func TestWithoutAResultThePictureIsDark(t *testing.T) {
	guest, store, _ := lobby(t)
	signsIn(store, false)
	guest.Visits("/picture/card").Says(200, "③の回答がありません", `<li class="dark" data-testid="no-3"`, `<li class="dark" data-testid="no-4"`, `<li class="lit" data-testid="no-2"`)
	var said struct {
		Version int
		Touches []struct {
			ID, Story string
			Served    bool
			Lit       map[string]bool
		}
	}
	guest.Calls(http.MethodGet, "/picture", nil, &said).Says(200)
	if len(said.Touches) != 1 || said.Touches[0].Served || said.Touches[0].Lit["4"] || !said.Touches[0].Lit["2"] || said.Touches[0].Story != touch.BankSignIn {
		t.Errorf("%+v", said)
	}
}

func TestAPageIsToldOfChanges(t *testing.T) {
	guest, store, _ := lobby(t)
	signsIn(store, true)
	version, _ := store.Changes()
	var said struct{ Version int }
	guest.Calls(http.MethodGet, "/picture/changes?after=0", nil, &said).Says(200)
	if said.Version != version {
		t.Errorf("version %d: want %d", said.Version, version)
	}
	for _, bad := range []string{"", "?after=-1", "?after=x"} {
		guest.Calls(http.MethodGet, "/picture/changes"+bad, nil, nil).Refuses(http.StatusBadRequest, "malformed")
	}
	var waits sync.WaitGroup
	waits.Go(func() {
		guest.Calls(http.MethodGet, fmt.Sprint("/picture/changes?after=", version), nil, &said)
	})
	signsIn(store, false)
	waits.Wait()
	if said.Version <= version {
		t.Errorf("version %d after %d", said.Version, version)
	}
}

// A file that was saved says the same as the page, and holds the touch for programs.
func TestATouchIsSavedAsOneFile(t *testing.T) {
	guest, store, _ := lobby(t)
	signsIn(store, false)
	file := guest.Visits("/picture/card/export.html").Says(200, "③の回答がありません", "80 2A 00 80", ".drawing {", "模擬")
	file.Lacks("<link", "src=", "href=")
	if got := file.Header.Get("Content-Disposition"); got != `attachment; filename="jpkimock-card.html"` {
		t.Errorf("it is saved as %s", got)
	}
	_, rest, _ := strings.Cut(file.Body, `id="touch">`)
	inside, _, _ := strings.Cut(rest, "</script>")
	var saved, asked touch.Touch
	webtest.Must(t, json.Unmarshal([]byte(inside), &saved))
	guest.Calls(http.MethodGet, "/picture/card", nil, &asked).Says(200)
	if len(asked.Steps) == 0 || !reflect.DeepEqual(saved, asked) {
		t.Errorf("saved %+v\nasked %+v", saved, asked)
	}
	guest.Visits("/picture/card/mermaid.txt").Says(200, "sequenceDiagram\n  participant citizen as 本人\n", "  bank->>authority: ② 証明書の有効性確認\n", "  authority--xbank: ③ 回答なし\n")
	guest.Visits("/picture/card/mermaid.txt?lang=en").Says(200, "  participant bank as Mihon Bank\n")
	guest.Visits("/picture/nobody/export.html").Says(404)
}

func TestAnotherProcessSendsItsSpans(t *testing.T) {
	guest, store, _ := lobby(t)
	span := tracing.Span{Trace: strings.Repeat("ab", 16), ID: strings.Repeat("cd", 8), House: "card", Method: "POST", Path: "/v1/sign", Status: 200, Start: began, End: began}
	octets, err := tracing.Encode([]tracing.Span{span})
	webtest.Must(t, err)
	sends := func(body string, headers ...string) webtest.Page {
		return guest.Sends(http.MethodPost, tracing.TracesPath, body, append(headers, "Content-Type", tracing.ContentType, "Accept", "application/json")...)
	}
	sends(string(octets)).Refuses(http.StatusUnauthorized, "no_key")
	sends(string(octets), webtest.Bearer("another")...).Refuses(http.StatusUnauthorized, "wrong_key")
	sends("\xff", webtest.Bearer("traces")...).Refuses(http.StatusBadRequest, "malformed")
	if len(store.List()) > 0 {
		t.Error("what was refused is kept")
	}
	sends(string(octets), webtest.Bearer("traces")...).Says(http.StatusOK)
	if all := store.List(); len(all) != 1 || len(all[0].Steps) != 2 {
		t.Errorf("%+v", all)
	}
}
