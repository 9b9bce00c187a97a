package lobby_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"example.jp/jpkimock/internal/fault"
	"example.jp/jpkimock/internal/lobby"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/seed"
)

// house stands for a house that the lobby manages: it takes what is PUT, and says
// what it has.
type house struct {
	*httptest.Server
	faults map[string]bool
	clock  map[string]float64
	state  string // what GET /clock says
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{faults: map[string]bool{}, state: `{"sweeps":{"settled":true}}`}
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /faults", func(_ http.ResponseWriter, r *http.Request) {
		webtest.Must(t, json.NewDecoder(r.Body).Decode(&h.faults))
	})
	mux.HandleFunc("GET /faults", func(w http.ResponseWriter, _ *http.Request) { webtest.Must(t, json.NewEncoder(w).Encode(h.faults)) })
	mux.HandleFunc("GET /clock", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, h.state) })
	mux.HandleFunc("PUT /clock", func(_ http.ResponseWriter, r *http.Request) {
		h.clock = nil
		webtest.Must(t, json.NewDecoder(r.Body).Decode(&h.clock))
	})
	h.Server = httptest.NewServer(mux)
	t.Cleanup(h.Close)
	return h
}

// enter opens a lobby for two houses, each with two faults of which one is shown.
func enter(t *testing.T, authority, bank *house) *webtest.Browser {
	t.Helper()
	world, err := seed.Default()
	webtest.Must(t, err)
	cfg := lobby.Config{
		Doors: []lobby.Door{{House: "authority", Title: ui.Text{JA: "機構", EN: "Agency"}, What: ui.Text{JA: "発行", EN: "Issuing"}, URL: "http://localhost:8081"}},
		Desks: []lobby.Desk{{
			Name: ui.Text{JA: "窓口", EN: "Counter"}, What: ui.Text{JA: "交付", EN: "Cards issued"}, URL: "http://localhost:8081/office",
			Officers: []lobby.Officer{{ID: "mado-1", Office: ui.Text{JA: "みほん市", EN: "Mihon-shi"}}}, Key: "open-sesame",
		}},
		World: world, Ready: map[string]string{"ready": "yes"}, Authority: authority.URL,
		Clocks: []string{authority.URL, bank.URL}, Sweeps: map[string]map[string]ui.Text{"authority": {"acts": {JA: "手続", EN: "Acts finished"}}},
		Now: func() time.Time { return time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC) }, Offset: func() time.Duration { return 0 },
		Log: slog.New(slog.DiscardHandler),
	}
	for name, h := range map[string]*house{"authority": authority, "bank": bank} {
		for _, f := range []string{"silent", "late"} {
			words := &fault.Words{Title: ui.Text{JA: "障害", EN: name + " " + f}, Begin: ui.Text{JA: "止める", EN: "begin " + name + " " + f}, End: ui.Text{JA: "再開", EN: "end " + name}}
			cfg.Faults = append(cfg.Faults, lobby.Fault{House: name, URL: h.URL, Fault: fault.Fault{Name: f, Effect: fault.Silent(), Shown: words}})
		}
	}
	return webtest.NewBrowser(t, webtest.Serve(t, func(string) http.Handler {
		l, err := lobby.New(cfg)
		webtest.Must(t, err)
		return l
	}))
}

func TestTheLobbyShowsTheTown(t *testing.T) {
	guest := enter(t, newHouse(t), newHouse(t))
	guest.Visits("/?lang=en").Says(200, "Agency", "Issuing", "http://localhost:8081/", "Hanako Aoba")
	guest.Visits("/people").Says(200, "HANAKO123", "Mihon-shi (counter: mado-1)", "broken chip").Lacks("account number") // there is no bank
	guest.Visits("/offices").Says(200, "Counter", "mado-1", "open-sesame", "http://localhost:8081/office")
	guest.Visits("/integrators").Says(200, "GET http://localhost:8081/ca/bundle.pem").Lacks("OpenID", "Bearer") // there is no platform, and no published key
	guest.Visits("/world.json").Says(200, `"ready": "yes"`)
}

func TestAFaultIsSwitchedAtItsHouse(t *testing.T) {
	authority, bank := newHouse(t), newHouse(t)
	guest := enter(t, authority, bank)
	guest.Visits("/clock-room?lang=en").Says(200, "begin bank silent", "begin bank late", "begin authority silent").Lacks("end bank")
	guest.Fills("/faults", "bank", "silent").Says(200, "end bank", "begin bank late", "begin authority silent")
	if !bank.faults["silent"] || bank.faults["late"] || len(authority.faults) > 0 {
		t.Errorf("bank %v, authority %v", bank.faults, authority.faults)
	}
	guest.Fills("/faults", "bank", "late")
	guest.Fills("/faults", "bank", "answers").Says(200).Lacks("end bank")
	if bank.faults["silent"] || bank.faults["late"] {
		t.Errorf("bank %v", bank.faults)
	}
	for _, form := range [][]string{{"bank", "broken"}, {"card", "silent"}, {}} {
		guest.Fills("/faults", form...).Says(400)
	}
	bank.Close() // it cannot say that it answers
	guest.Visits("/clock-room").Says(200, "end bank")
	guest.Fills("/faults", "bank", "silent").Says(502)
}

func TestTheClockIsMovedAtTheAuthority(t *testing.T) {
	authority := newHouse(t)
	guest := enter(t, authority, newHouse(t))
	for step, want := range map[string]map[string]float64{"1d": {"advanceSeconds": 86400}, "back": {"offsetSeconds": 0}} {
		guest.Fills("/clock-room", "step", step).Says(200)
		for name, seconds := range want {
			if got, ok := authority.clock[name]; !ok || got != seconds {
				t.Errorf("%s: the authority was told %v: want %v", step, authority.clock, want)
			}
		}
	}
	guest.Fills("/clock-room", "step", "1y").Says(400)
}

// TestTheClockRoomShowsWhatIsStillBeingDone, of each process that answers.
func TestTheClockRoomShowsWhatIsStillBeingDone(t *testing.T) {
	authority, bank := newHouse(t), newHouse(t)
	guest := enter(t, authority, bank)
	guest.Visits("/clock-room?lang=en").Says(200, `data-settled="true"`).Lacks("fell due")
	authority.state = `{"sweeps":{"settled":false,"house":"authority","sweep":"acts","done":1,"of":4,"items":{"done":3000,"of":10002}}}`
	guest.Visits("/clock-room").Says(200, `data-settled="false"`, "Agency: Acts finished (2/4) done: 3,000 / 10,002", "fell due")
	bank.Close()
	guest.Visits("/clock-room").Says(200, "Agency: Acts finished")
}
