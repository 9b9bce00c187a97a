package ecosystem

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/internal/ecosystem/folder"
	"example.jp/jpkimock/internal/ecosystem/oneclock"
	readyfile "example.jp/jpkimock/internal/ready"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/seed"
)

// town starts every house on free ports and closes them when the test ends. No
// keys are generated ahead in it, because few tests issue a card.
func town(t testing.TB, cfg Config) *Ecosystem {
	t.Helper()
	cfg.KeysAhead = cmp.Or(cfg.KeysAhead, -1)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	e, err := Start(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return e
}

// alone leaves a test in which one caller asks after another to the run without the
// race detector, in which make unit has every test of this package.
func alone(t *testing.T) {
	t.Helper()
	if raced {
		t.Skip("one caller after another: run without the race detector")
	}
}

// get reads a URL and fails unless the answer has the status.
func get(t testing.TB, url string, status int) string {
	t.Helper()
	return webtest.NewBrowser(t, "").Visits(url).Says(status).Body
}

func TestEveryHouseAnswersAndTheWorldIsPlanted(t *testing.T) {
	t.Parallel()
	e := town(t, Config{})
	for _, h := range Houses() {
		if got := get(t, e.URL(h.Name)+"/healthz", 200); !strings.Contains(got, `"ok"`) {
			t.Errorf("%s: %s", h.Name, got)
		}
	}
	path := filepath.Join(t.TempDir(), "ready.json")
	if err := e.WriteReady(path, ""); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var ready Ready
	if err := json.Unmarshal(b, &ready); err != nil {
		t.Fatal(err)
	}
	if len(ready.Personas) < 12 || ready.URLs["bank"] != e.URL("bank") || ready.Version != 1 || ready.Issuer != e.URL("platform")+"/api/realms/main" {
		t.Errorf("ready file: %s", b)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the ready file, which holds keys: %v, %v", info.Mode(), err)
	}
	if off := e.Clock().Offset(); off > time.Second || off < -time.Second {
		t.Errorf("planting left the clock shifted by %v", off)
	}
	for _, page := range []string{"/", "/people", "/clock-room", "/integrators", "/?lang=en"} {
		if body := get(t, e.URL("lobby")+page, 200); !strings.Contains(body, "</html>") {
			t.Errorf("lobby%s is cut off", page)
		}
	}
	i := slices.IndexFunc(ready.Personas, func(p readyfile.Persona) bool { return p.ID == "taro" })
	if account := ready.Personas[i].Account; account == "" || !strings.Contains(get(t, e.URL("lobby")+"/people", 200), account) {
		t.Errorf("the people do not say the account number %q", account)
	}
}

func TestDataIsKeptBetweenRuns(t *testing.T) {
	t.Parallel()
	alone(t)
	dir := t.TempDir()
	cards := func() string {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		e, err := Start(ctx, Config{DataDir: dir})
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := e.Close(); err != nil {
				t.Error(err)
			}
		}()
		return get(t, e.URL("card")+"/v1/cards", 200)
	}
	first := cards()
	if second := cards(); second != first || !strings.Contains(first, "card-hanako") {
		t.Errorf("cards changed between two runs:\n%s\n%s", first, second)
	}
}

// TestTheClockIsKeptBetweenRuns: a certificate revoked next year would otherwise be
// revoked in the future after a restart.
func TestTheClockIsKeptBetweenRuns(t *testing.T) {
	t.Parallel()
	alone(t)
	const year = 365 * 24 * time.Hour
	dir := t.TempDir()
	offset := func(cfg Config, advance time.Duration) time.Duration {
		cfg.DataDir, cfg.Seed = dir, "none"
		e := town(t, cfg)
		defer e.Close()
		before := e.Clock().Offset()
		resp, err := http.Get(e.URL("bank") + "/clock")
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		var bank oneclock.State
		if err := json.NewDecoder(resp.Body).Decode(&bank); err != nil || bank.OffsetSeconds != before.Seconds() {
			t.Errorf("the bank's clock: %+v, %v", bank, err)
		}
		e.Clock().Advance(advance)
		return before
	}
	for i, want := range []time.Duration{0, year, 2 * year} {
		if got := offset(Config{}, year); got != want {
			t.Errorf("start %d: the clock is shifted by %v: want %v", i, got, want)
		}
	}
	at := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	asked := offset(Config{At: at}, 0)
	if got := offset(Config{}, 0); got != asked || got > 0 {
		t.Errorf("shifted by %v after a start at a time, which shifted it by %v", got, asked)
	}
	if err := os.WriteFile(filepath.Join(dir, clockFile), []byte("noon"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Start(t.Context(), Config{DataDir: dir, Seed: "none"}); err == nil || !strings.Contains(err.Error(), clockFile) {
		t.Errorf("a clock file that says nothing: %v", err)
	}
}

func TestAPlantingThatWasCutOffStartsOver(t *testing.T) {
	t.Parallel()
	alone(t)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, folder.PlantingMark), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "authority.db"), []byte("half of a database"), 0o600); err != nil {
		t.Fatal(err)
	}
	e := town(t, Config{DataDir: dir})
	if !strings.Contains(get(t, e.URL("card")+"/v1/cards", 200), "card-hanako") {
		t.Error("the town is empty")
	}
	if _, err := os.Stat(filepath.Join(dir, folder.PlantingMark)); err == nil {
		t.Error("the mark is still there")
	}
}

// TestTheVerifiersAreOlderThanTheirCustomers: each was accredited before the story
// begins, by an officer and for a reason.
func TestTheVerifiersAreOlderThanTheirCustomers(t *testing.T) {
	t.Parallel()
	alone(t)
	e := town(t, Config{At: time.Date(2026, 11, 30, 9, 0, 0, 0, time.FixedZone("JST", 9*3600))})
	b := webtest.NewBrowser(t, "")
	b.Visits(e.URL("authority")+"/verifiers").Says(200, "令和5年11月26日", "令和5年1月30日", "令和6年4月24日", "令和7年8月7日", "主務大臣", "2014年の資料")
	b.Fills(e.URL("authority")+"/office/signin", "officer", "mic-1", "key", e.key(officerKey)).Says(200)
	b.Visits(e.URL("authority")+"/office/verifiers/mihon-bank").Says(200, "口座の開設に係る本人確認及び変更確認のため", "mic-1 認定　四郎")
	b.Visits(e.URL("bank")+"/comparison?postage=0").Says(200, "2014年の資料の時代（20円・2円）", `name="fee"`, `value="20"`, "235,620円")
	b.Visits(e.URL("bank")+"/comparison?postage=0&fees=now").Says(200, "現在の手数料（無料）", "35,620円", `href="/comparison?fees=2014&amp;postage=0"`).Lacks("235,620円", "読めない")
	b.Visits(e.URL("authority")+"/office/verifiers/outside-shop?lang=en").Says(200, "The business has been closed", "To confirm identities in mail order")
	world, err := seed.Default()
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range world.Verifiers {
		b.Visits(e.URL("authority")+"/office/verifiers/"+v.ID+"?lang=en").Says(200).Lacks(v.Name, v.Why)
	}
}

func TestTheSameWorldOnTheSameDayIsTheSameToTheByte(t *testing.T) {
	t.Parallel()
	alone(t)
	at := time.Date(2026, 4, 1, 9, 0, 0, 0, time.FixedZone("JST", 9*3600))
	serials := func() string {
		e := town(t, Config{At: at})
		return get(t, e.URL("card")+"/v1/cards", 200)
	}
	if a, b := serials(), serials(); a != b {
		t.Errorf("two worlds of one day differ:\n%s\n%s", a, b)
	}
}

func TestTheLobbyMovesTheOneClock(t *testing.T) {
	t.Parallel()
	e := town(t, Config{Seed: "none"})
	post := func(step string) {
		resp, err := http.PostForm(e.URL("lobby")+"/clock-room", map[string][]string{"step": {step}})
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != 200 {
			t.Fatalf("step %s: %d", step, resp.StatusCode)
		}
	}
	post("1d")
	if off := e.Clock().Offset(); off < 24*time.Hour-time.Second || off > 24*time.Hour+time.Second {
		t.Errorf("offset %v: want a day", off)
	}
	post("back")
	if off := e.Clock().Offset(); off > time.Second || off < -time.Second {
		t.Errorf("offset %v: want none", off)
	}
}

// TestTheLobbySilencesTheAuthority: the status services stop, the counters keep
// working, and afterwards everything answers again.
func TestTheLobbySilencesTheAuthority(t *testing.T) {
	t.Parallel()
	e := town(t, Config{Seed: "none"})
	change := func(to string, status int) {
		t.Helper()
		resp, err := http.PostForm(e.URL("lobby")+"/faults", map[string][]string{"authority": {to}})
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != status {
			t.Errorf("%q: %d: want %d", to, resp.StatusCode, status)
		}
	}
	answers := func() bool {
		resp, err := http.Get(e.Peer("authority") + "/ocsp/digital-signature/MAA=")
		if err == nil {
			resp.Body.Close()
		}
		return err == nil
	}
	change("broken", http.StatusBadRequest)
	if !answers() {
		t.Fatal("the authority is silent from the start")
	}
	change("silent", http.StatusOK)
	if answers() {
		t.Error("the authority answers though it was silenced")
	}
	get(t, e.URL("authority")+"/", 200)
	if page := get(t, e.URL("lobby")+"/faults", 200); !strings.Contains(page, `data-testid="authority-silent"`) {
		t.Errorf("the lobby does not say so: %s", page)
	}
	change("answers", http.StatusOK)
	if !answers() {
		t.Error("the authority is still silent")
	}
	// A browser page cannot do it.
	for _, c := range []struct {
		body, origin string
		status       int
	}{{`{"silent":true}`, "http://evil.example", 403}, {`{"silent":1}`, "", 400}, {`{}`, "", 400}, {`{"silent":false,"x":1}`, "", 400}} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPut, e.URL("authority")+"/faults", strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		if c.origin != "" {
			r.Header.Set("Origin", c.origin)
		}
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != c.status {
			t.Errorf("%s of %q: %d: want %d", c.body, c.origin, resp.StatusCode, c.status)
		}
	}
}

// TestNoHouseAnswersForAnotherName: a page whose name server returns this machine's
// address as its own would have the same origin as the card agent.
func TestNoHouseAnswersForAnotherName(t *testing.T) {
	t.Parallel()
	alone(t)
	e := town(t, Config{Seed: "none", Hosts: []string{"mock.example"}, Peer: map[string]string{"catv": "http://catv.internal:8084"}})
	for _, h := range Houses() {
		for host, want := range map[string]int{"evil.example:8082": 421, "mock.example": 200, "catv.internal:8084": 200, "127.0.0.1": 200} {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, e.URL(h.Name)+"/", nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Host = host
			resp, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if resp.StatusCode != want {
				t.Errorf("%s as %s: %d: want %d", h.Name, host, resp.StatusCode, want)
			}
		}
	}
}
