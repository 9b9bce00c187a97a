package lobby_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/internal/fault"
	"example.jp/jpkimock/internal/lobby"
	"example.jp/jpkimock/internal/stage"
	"example.jp/jpkimock/internal/stage/play"
	"example.jp/jpkimock/internal/touch"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/internal/whereabouts"
	"example.jp/jpkimock/seed"
)

// house stands for a house that the lobby manages: it takes what is PUT, and says
// what it has.
type house struct {
	*httptest.Server
	faults map[string]fault.State
	clock  map[string]any
	state  string // what GET /clock says
	holds  string // what POST /whereabouts says
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{faults: map[string]fault.State{}, state: `{"sweeps":{"settled":true}}`}
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
	mux.HandleFunc("GET /v1/readers", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"readers":[{"name":"tv","card":"card-taro"}]}`)
	})
	mux.HandleFunc("GET /v1/cards/{id}", func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, `{"dead":`+strconv.FormatBool(r.PathValue("id") == "card-minoru")+`,"triesLeft":{"user-authentication":3}}`)
	})
	mux.HandleFunc("GET /counter/v1/residents/{id}", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"resident":{"basicFour":{"commonName":"青葉　花子","address":"青葉県みほん市桜町"},"municipality":{"code":"99201"}},"certificates":[`+
			`{"kind":"digital-signature","serial":"01","state":"revoked","reason":"affiliationChanged","notAfter":"2030-01-01T00:00:00Z"},`+
			`{"kind":"user-authentication","serial":"02","state":"good","notAfter":"2020-01-01T00:00:00Z"}]}`)
	})
	mux.HandleFunc("POST /counter/v1/residents/{id}/events", func(w http.ResponseWriter, r *http.Request) {
		var notice struct{ Event string }
		webtest.Must(t, json.NewDecoder(r.Body).Decode(&notice))
		if notice.Event == "death" {
			w.WriteHeader(http.StatusConflict)
			_, _ = io.WriteString(w, `{"code":"deceased","detail":"the resident has died"}`)
			return
		}
		_, _ = io.WriteString(w, `{"effects":[{"kind":"digital-signature","serial":"01","act":"revoked","reason":"affiliationChanged"}]}`)
	})
	mux.HandleFunc("PUT /v1/readers/{name}", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("GET /assets/portrait-f1.png", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "a face") })
	mux.HandleFunc("POST /whereabouts", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer tell" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		_, _ = io.WriteString(w, h.holds)
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
		World: world, Ready: map[string]string{"ready": "yes"}, Sweeps: map[string]map[string]ui.Text{"authority": {"acts": {JA: "手続", EN: "Acts finished"}}},
		Now: func() time.Time { return time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC) }, Offset: func() time.Duration { return 0 },
		Log: slog.New(slog.DiscardHandler),
	}
	cfg.Book = play.New(play.Config{Touches: touch.NewStore(cfg.Now, func(string) string { return "" }), Watch: func() {}, Hold: func() {}, Now: cfg.Now})
	for _, h := range []struct {
		name string
		*house
	}{{"authority", authority}, {"bank", bank}, {"card", authority}} {
		one := stage.House{Name: h.name, Title: ui.Text{JA: "家", EN: "House " + h.name}, Peer: h.URL}
		for _, f := range []string{"silent", "late"} {
			if h.name == "card" {
				continue
			}
			words := &fault.Words{Title: ui.Text{JA: "障害", EN: h.name + " " + f}, Begin: ui.Text{JA: "止める", EN: "begin " + h.name + " " + f}, End: ui.Text{JA: "再開", EN: "end " + h.name}}
			one.Faults = append(one.Faults, fault.Fault{Name: f, Effect: fault.Slow(time.Second), ByPerson: f == "late", Shown: words})
		}
		if h.name == "bank" {
			one.Callers = []string{"authority", "clinic"}
		}
		cfg.Houses = append(cfg.Houses, one)
	}
	cfg.Stage = stage.New(stage.Config{Houses: cfg.Houses, World: world, Clocks: []string{authority.URL, bank.URL}, Now: cfg.Now, Keys: map[string]string{"OFFICER": "open", whereabouts.KeyName: "tell"}})
	return webtest.NewBrowser(t, webtest.Serve(t, func(string) http.Handler {
		l, err := lobby.New(cfg)
		webtest.Must(t, err)
		return l
	}))
}

func TestTheLobbyShowsTheTown(t *testing.T) {
	guest := enter(t, newHouse(t), newHouse(t))
	guest.Visits("/?lang=en").Says(200, "Agency", "Issuing", "http://localhost:8081/", "Hanako Aoba")
	guest.Visits("/people").Says(200, "HANAKO123", "Mihon-shi (counter: mado-1)", "broken chip", "signature: revoked", "authentication: expired").Lacks("account number") // there is no bank
	guest.Visits("/portraits/f1").Says(200, "a face")
	guest.Visits("/portraits/f9").Says(404)
	guest.Visits("/portraits/..%2Fx").Says(404)
	guest.Visits("/offices").Says(200, "Counter", "mado-1", "open-sesame", "http://localhost:8081/office")
	guest.Visits("/integrators").Says(200, "GET http://localhost:8081/ca/bundle.pem", "http://localhost:8081/openapi.json").Lacks("OpenID", "Bearer") // there is no platform, and no published key
	guest.Visits("/world.json").Says(200, `"ready": "yes"`)
}

func TestAFaultIsSwitchedAtItsHouse(t *testing.T) {
	authority, bank := newHouse(t), newHouse(t)
	guest := enter(t, authority, bank)
	guest.Visits("/faults?lang=en").Says(200, "begin bank silent", "begin bank late", "begin authority silent").Lacks("end bank")
	guest.Fills("/faults", "bank", "silent").Says(200, "end bank", "begin bank late", "begin authority silent")
	if !bank.faults["silent"].On || bank.faults["late"].On || len(authority.faults) > 0 {
		t.Errorf("bank %v, authority %v", bank.faults, authority.faults)
	}
	guest.Fills("/faults", "bank", "late")
	guest.Fills("/faults", "bank", "answers").Says(200).Lacks("end bank")
	if bank.faults["silent"].On || bank.faults["late"].On {
		t.Errorf("bank %v", bank.faults)
	}
	narrowed := fault.Setting{Count: 3, Percent: 50, Delay: "5s", Caller: "authority", Person: "hanako"}
	guest.Fills("/faults", "fault", "bank/late", "count", "3", "percent", "50", "delay", "5", "caller", "authority", "person", "hanako").
		Says(200, "end bank", "50% of requests, 3 to go, 5 seconds late, for authority alone, about hanako alone")
	if got := bank.faults["late"]; got != (fault.State{On: true, Setting: narrowed}) {
		t.Errorf("narrowed: %+v", got)
	}
	guest.Visits("/faults?lang=ja").Says(200, `<option value="authority">家</option></select>`) // the bank is never asked by itself
	for _, c := range []struct {
		fault, field, value, says string
	}{
		{"bank/late", "caller", "bonk", "問い合わせ元に「bonk」はありません。選べるのは次のとおりです：authority, clinic"},
		{"authority/late", "caller", "authority", "この機関の障害は、問い合わせ元を選んで起こせません"},
		{"bank/late", "person", "hanaco", "「hanaco」という人はいません。選べるのは次のとおりです：hanako, "},
		{"bank/silent", "person", "hanako", "この障害は、人を選んで起こせません"},
		{"bank/late", "count", "0", "回数は、1から1000000までの整数です"}, {"bank/late", "percent", "many", "割合は、1から100までの整数です"},
		{"bank/late", "delay", "31", "遅れは、30秒までです"}, {"bank/loud", "count", "1", ""},
	} {
		guest.Fills("/faults", "fault", c.fault, c.field, c.value).Says(400, c.says)
	}
	if bank.faults["silent"].On || len(authority.faults) > 0 {
		t.Errorf("bank %v, authority %v", bank.faults, authority.faults)
	}
	guest.Visits("/faults?lang=en")
	guest.Fills("/faults", "all", "answers").Says(200).Lacks("end bank")
	for _, form := range [][]string{{"bank", "broken"}, {"card", "silent"}, {}} {
		guest.Fills("/faults", form...).Says(400)
	}
	bank.Close() // it cannot say that it answers
	guest.Visits("/faults").Says(200, "end bank", "no answer")
	guest.Fills("/faults", "bank", "silent").Says(502)
}

func TestTheClockIsMovedAtTheAuthority(t *testing.T) {
	authority := newHouse(t)
	guest := enter(t, authority, newHouse(t))
	for step, want := range map[string]string{
		"10m": `{"advanceSeconds":600}`, "1d": `{"advance":{"days":1}}`, "5y": `{"advance":{"years":5}}`, "freeze": `{"frozen":true}`,
		"back": `{"frozen":false,"offsetSeconds":0}`,
	} {
		guest.Fills("/clock-room", "step", step).Says(200)
		if got, err := json.Marshal(authority.clock); err != nil || string(got) != want {
			t.Errorf("%s: the authority was told %s, %v: want %s", step, got, err, want)
		}
	}
	guest.Fills("/clock-room", "step", "set", "to", "2031-04-01T09:00").Says(200, `data-testid="followed"`)
	if authority.clock["now"] != "2031-04-01T09:00:00+09:00" {
		t.Errorf("the authority was told %v", authority.clock)
	}
	guest.Fills("/clock-room", "step", "set", "to", "soon").Says(400)
	guest.Fills("/clock-room", "step", "2y").Says(400)
}

// What happens to somebody is said on their page, and what is refused with its reason.
func TestSomethingHappensToSomebody(t *testing.T) {
	authority := newHouse(t)
	guest := enter(t, authority, newHouse(t))
	guest.Visits("/people/hanako?lang=en").Says(200, "青葉県みほん市桜町", "revoked", "Moves house", "Tries to read the keys").Lacks("What happened")
	guest.Fills("/people/hanako/events/move").Says(200, "What happened: Moves house", "digital signature certificate 01 was revoked", "notice at their next change confirmation").Lacks("were asked")
	after := guest.Fills("/people/hanako/events/move").Says(200).Path()
	authority.state = `{"now":"2026-04-02T00:00:00Z","sweeps":{"settled":true,"deeds":[{"no":1,"house":"bank","n":3,"ja":"{n}人","en":"{n} were asked"}]}}`
	guest.Visits(after).Says(200, "What the houses did since", "3 were asked")
	guest.Visits("/people/taro?" + after[strings.Index(after, "?")+1:]).Says(200).Lacks("were asked") // it did not happen to him
	guest.Fills("/people/taro/events/die").Says(409, "The house refused it", "the resident has died")
	guest.Fills("/people/hanako/events/fly").Says(404, "no such event")
	guest.Visits("/people/nobody").Says(404, "nobody of this name")
	guest.Fills("/snapshots", "act", "restore").Says(409, "cannot be put back") // several processes
	guest.Fills("/snapshots", "act", "burn").Says(400)
}

// What each house holds is what it answers; a house without an answer is said to have none.
func TestWhatIsHeldIsWhatTheHousesAnswer(t *testing.T) {
	authority, bank := newHouse(t), newHouse(t)
	authority.holds = `{"organisations":[{"id":"municipality","name":{"ja":"市","en":"The city"},"holds":[{"kind":"address","what":{"ja":"住所","en":"Address"},"value":"青葉県みほん市桜町"},{"kind":"portrait","value":"f1"}],"lacks":[{"kind":"pin","what":{"ja":"暗証番号","en":"PINs"}},{"kind":"private-key"}]}]}`
	bank.holds = `{"organisations":[{"id":"bank","name":{"ja":"銀行","en":"The bank"},"holds":[{"kind":"address","what":{"ja":"住所","en":"Address"},"value":"青葉県みほん市本町"},{"kind":"account","value":"7654321"},{"kind":"date-of-birth","value":"1990-04-12"},{"kind":"birth-year","value":"1990"}],"lacks":[{"kind":"pin"},{"kind":"private-key"}]},` +
		`{"id":"tv","name":{"ja":"テレビ","en":"The cable"},"holds":[{"kind":"nickname","what":{"ja":"名","en":"Nickname"},"value":"はな"}],"lacks":[{"kind":"basic-four"},{"kind":"pin"},{"kind":"private-key"}]},` +
		`{"id":"hospital","name":{"ja":"病院","en":"The hospital"},"holds":[{"kind":"name","value":"青葉　花子"}],"lacks":[{"kind":"pin"},{"kind":"private-key"}]},` +
		`{"id":"gas","name":{"ja":"ガス","en":"The gas"},"holds":[],"lacks":[{"kind":"pin"},{"kind":"private-key"}]}]}`
	guest := enter(t, authority, bank)
	guest.Visits("/whereabouts?person=hanako&lang=en").Says(200, "before a change: The bank<", "no name, no address", "Not held:", "alone. Each organisation", "<p>The gas</p>",
		"Of 6 organisations, 3 hold the address, 1 tell the person by a certificate’s serial number alone, 1 hold other data without the address, and 1 nothing", "12 April 1990")
	guest.Visits("/whereabouts?person=hanako&lang=ja").Says(200, "6の組織のうち、住所を持っているのは3、電子証明書の発行番号だけで見分けているのは1、住所のほかの情報だけを持っているのは1、何も持っていないのは1です。",
		"平成2年4月12日", "1990年").Lacks("1990-04-12")
	guest.Visits("/whereabouts?lang=en")
	guest.Visits("/people/hanako").Says(200, "7654321", `src="/portraits/f1"`)
	guest.Visits("/people").Says(200, "7654321", `src="/portraits/f1"`)
	var said stage.Whereabouts
	guest.Calls(http.MethodGet, "/whereabouts?person=hanako", nil, &said).Says(200)
	if len(said.Houses) != 3 || len(said.Houses[1].Organisations) != 4 || !said.Houses[1].Organisations[0].Holds[0].Outdated {
		t.Errorf("as JSON: %+v", said)
	}
	bank.Close()
	guest.Visits("/whereabouts?person=hanako").Says(200, `data-testid="silent"`).Lacks("The bank")
	guest.Visits("/whereabouts?person=nobody").Says(404, "nobody of this name")
}

// Every story names people, events and readers that there are, and each step says in both
// languages what to do.
func TestTheStoriesCanBePlayed(t *testing.T) {
	guest := enter(t, newHouse(t), newHouse(t))
	list := guest.Visits("/stories?lang=en").Says(200, "Begin")
	begins := regexp.MustCompile(`href="(/stories/[a-z-]+)" data-testid="story-`).FindAllStringSubmatch(list.Body, -1)
	if len(begins) != 6 {
		t.Fatalf("%d stories", len(begins))
	}
	next := regexp.MustCompile(`href="(/stories/[^"]*)" rel="next"`)
	for _, b := range begins {
		steps := 0
		for _, lang := range []string{"ja", "en"} {
			guest.Visits(b[1]+"?lang="+lang).Says(200, `data-testid="merits"`, `data-testid="begin"`)
			guest.Visits(b[1]+"/present?lang="+lang).Says(200, `data-testid="merits"`, `id="s4"`).Lacks("&#34;") // as a script would be quoted
			guest.Visits(b[1]+"/handout?lang="+lang).Says(200, `data-testid="handout-page"`)
		}
		guest.Fills(b[1]+"/begin").Says(200, `data-place="1"`)
		for at := b[1] + "/1"; at != ""; steps++ {
			p := guest.Visits(at+"?lang=en").Says(200, `data-testid="caption"`)
			ja := guest.Visits(at + "?lang=ja").Says(200)
			if p.Text("caption") == "" || p.Text("caption") == ja.Text("caption") {
				t.Errorf("%s says %q and %q", at, p.Text("caption"), ja.Text("caption"))
			}
			if regexp.MustCompile(`data-testid="do"`).MatchString(p.Body) {
				guest.Fills(at).Says(200)
			}
			at = ""
			if m := next.FindStringSubmatch(p.Body); m != nil {
				at = m[1]
			}
		}
		if steps < 4 {
			t.Errorf("%s has %d steps", b[1], steps)
		}
	}
	for _, nowhere := range []string{"/stories/bank-open/0", "/stories/bank-open/9", "/stories/other/1", "/stories/bank-open/x"} {
		guest.Visits(nowhere).Says(404)
	}
}

// TestTheClockRoomShowsWhatIsStillBeingDone, of each process that answers.
func TestTheClockRoomShowsWhatIsStillBeingDone(t *testing.T) {
	authority, bank := newHouse(t), newHouse(t)
	guest := enter(t, authority, bank)
	guest.Visits("/clock-room?lang=en").Says(200, `data-settled="true"`).Lacks("fell due")
	authority.state = `{"sweeps":{"settled":false,"house":"authority","sweep":"acts","done":1,"of":4,"items":{"done":3000,"of":10002}}}`
	guest.Visits("/clock-room").Says(200, `data-settled="false"`, "Agency: Acts finished (2/4) done: 3,000 / 10,002", "fell due")
	// What the houses did is told since the move, summed up, of each process.
	authority.state = `{"now":"2026-04-01T00:00:00Z","sweeps":{"settled":true,"deeds":[{"no":7,"house":"bank","n":9,"ja":"{n}人","en":"{n} were asked"}]}}`
	bank.state = `{"now":"2026-04-01T00:00:01Z","sweeps":{"settled":true}}`
	at := guest.Fills("/clock-room", "step", "1d").Says(200).Lacks("were asked").Path()
	authority.state = `{"now":"2026-04-02T00:00:00Z","sweeps":{"settled":true,"deeds":[{"no":7,"house":"bank","n":9,"ja":"{n}人","en":"{n} were asked"},` +
		`{"no":8,"house":"authority","n":2,"ja":"{n}人","en":"{n} were asked"},{"no":9,"house":"authority","n":3,"ja":"{n}人","en":"{n} were asked"}]}}`
	guest.Visits(at).Says(200, `data-settled="false"`, "House bank: Its clock is being moved", "Agency: 5 were asked").Lacks("9 were")
	bank.state = `{"now":"2026-04-02T00:00:01Z","sweeps":{"settled":true,"deeds":[{"no":1,"house":"bank","n":4,"ja":"{n}人","en":"{n} have moved"}]}}`
	guest.Visits(at).Says(200, `data-settled="true"`, "Agency: 5 were asked", "House bank: 4 have moved")
	authority.state = `{"sweeps":{"settled":false,"house":"authority","sweep":"acts"}}`
	bank.Close()
	guest.Visits("/clock-room").Says(200, "Agency: Acts finished")
}
