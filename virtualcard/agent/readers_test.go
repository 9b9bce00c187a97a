package agent_test

import (
	"net/http"
	"strings"
	"testing"

	"example.jp/jpkimock/virtualcard/pcsc"
)

func TestAScriptSendsCommands(t *testing.T) {
	w := newTown(t)
	b := w.withReader()
	const selects, verify = `"00 A4 04 0C 0A D3 92 F0 00 26 01 00 00 00 01"`, `"0020009804 31323334"`
	real := "/v1/cards/pcsc:Bench%2000%2000/apdus"
	for _, c := range []struct {
		name, path, body string
		status           int
		want             string
	}{
		{"commands", "/v1/cards/card-hanako/apdus", `{"commands":[` + selects + `,"00A4020C020018","00200080"]}`, 200, `VERIFY, tries left of user authentication PIN (0018): 3 tries left`},
		{"a PIN", "/v1/cards/card-hanako/apdus", `{"commands":[` + selects + `,` + verify + `]}`, 200, `"command":"00 20 00 98 04 {PIN}"`},
		{"no command", "/v1/cards/card-hanako/apdus", `{"commands":["00A4"]}`, 400, `"malformed"`},
		{"nothing", "/v1/cards/card-hanako/apdus", `{"commands":[]}`, 400, `"malformed"`},
		{"no card", "/v1/cards/card-nobody/apdus", `{"commands":["00200080"]}`, 404, `"no_card"`},
		{"a dead card", "/v1/cards/card-minoru/apdus", `{"commands":["00200080"]}`, 409, `"dead_card"`},
		{"a real card, without a word", real, `{"commands":[` + selects + `]}`, 409, `"unconfirmed"`},
		{"a real card and a PIN", real, `{"commands":[` + selects + `,` + verify + `],"confirm":true}`, 409, `"pin_refused"`},
		{"a real card", real, `{"commands":[` + selects + `],"confirm":true}`, 200, `SELECT JPKI application: done`},
		{"another reader", "/v1/cards/pcsc:Other/apdus", `{"commands":[` + selects + `],"confirm":true}`, 404, `"no_reader"`},
	} {
		if a := w.script("POST", c.path, c.body); a.Status != c.status || !strings.Contains(a.Body, c.want) {
			t.Errorf("%s: %d %s, want %d %s", c.name, a.Status, a.Body, c.status, c.want)
		}
		if all, pins := b.commands(); pins != 0 || c.status == http.StatusConflict && all != 0 {
			t.Errorf("%s: %d commands and %d PINs were sent", c.name, all, pins)
		}
	}
	b.err = pcsc.ErrMute
	w.script("POST", real, `{"commands":["00200080"],"confirm":true}`).Refuses(409, "dead_card")
}

func TestAScriptSetsTheFaultsOfAReader(t *testing.T) {
	w := newTown(t)
	for _, c := range []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"GET", "/v1/readers/home/faults", ``, 200, `{}`},
		{"PUT", "/v1/readers/home/faults", `{"removed":3,"slow":true}`, 200, `{"removed":3,"slow":true}`},
		{"PUT", "/v1/readers/home/faults", `{"stolen":true}`, 400, `"malformed"`},
		{"PUT", "/v1/readers/home/faults", `{"garbled":-1}`, 400, `"malformed"`},
		{"GET", "/v1/readers/home/faults", ``, 200, `{"removed":3,"slow":true}`},
		{"GET", "/v1/readers/reception/faults", ``, 200, `{}`},
		{"PUT", "/v1/readers/home/faults", `{}`, 200, `{}`},
		{"PUT", "/v1/readers/kitchen/faults", `{}`, 404, `"no_reader"`},
		{"GET", "/v1/readers/home/log", ``, 200, ``},
		{"GET", "/v1/readers/kitchen/log", ``, 404, `"no_reader"`},
		{"GET", "/v1/cards/card-hanako/faults", ``, 200, `{}`},
		{"PUT", "/v1/cards/card-hanako/faults", `{"wrongStatus":2,"mute":true}`, 200, `{"wrongStatus":2,"mute":true}`},
		{"PUT", "/v1/cards/card-hanako/faults", `{"removed":-1}`, 400, `"malformed"`},
		{"GET", "/v1/cards/card-hanako/faults", ``, 200, `{"wrongStatus":2,"mute":true}`},
		{"GET", "/v1/cards/card-naoko/faults", ``, 200, `{}`},
		{"PUT", "/v1/cards/card-nobody/faults", `{}`, 404, `"no_card"`},
	} {
		if a := w.script(c.method, c.path, c.body); a.Status != c.status || !strings.Contains(a.Body, c.want) {
			t.Errorf("%s %s %s: %d %s, want %d %s", c.method, c.path, c.body, a.Status, a.Body, c.status, c.want)
		}
	}
}

func TestFaultsOfACardReachWhoeverUsesIt(t *testing.T) {
	w := newTown(t)
	for _, c := range []struct {
		faults string
		status int
		code   string
	}{
		{`{"mute":true}`, 409, "dead_card"},
		{`{"removed":2}`, 404, "no_card"},
		{`{"wrongStatus":1}`, 502, "card_error"},
		{`{"garbled":1}`, 502, "card_error"},
	} {
		w.script("PUT", "/v1/cards/card-hanako/faults", c.faults)
		w.script("POST", "/v1/authenticate", members(t, authentication(), nil)).Refuses(c.status, c.code)
	}
	if left := w.tries(hanako); left != [2]int{5, 3} {
		t.Errorf("tries left: %v", left)
	}
	w.script("PUT", "/v1/cards/card-hanako/faults", `{}`)
	if a := w.script("POST", "/v1/authenticate", members(t, authentication(), nil)); a.Status != 200 {
		t.Errorf("without faults: %d %s", a.Status, a.Body)
	}
}

func TestTheLogOfAReaderHasWhatAScriptSaidToItsCard(t *testing.T) {
	w := newTown(t)
	w.script("PUT", "/v1/readers/home", `{"card":"card-hanako"}`)
	w.script("PUT", "/v1/readers/reception", `{"card":"card-hanako"}`) // and it leaves the first
	w.script("POST", "/v1/authenticate", members(t, authentication(), nil))
	if log := w.script("GET", "/v1/readers/reception/log", "").Body; !strings.Contains(log, "VERIFY user authentication PIN (0018): done\n> 00 20 00 80 04 {PIN}\n< 90 00") {
		t.Errorf("the log is %s", log)
	}
	if log := w.script("GET", "/v1/readers/home/log", "").Body; log != "" {
		t.Errorf("the reader that the card has left heard %s", log)
	}
}

// What lies in a reader of the town lies on every browser's reader, until its holder lays
// another card there; what a holder takes away leaves the town's reader.
func TestABrowsersReaderFollowsTheTowns(t *testing.T) {
	w := newTown(t)
	known := w.browser()
	lies := func(b *browser, count float64, present bool) {
		t.Helper()
		if a := b.get("/reader/presence"); a.Member("present") != present || a.Member("placement") != count {
			t.Errorf("%s: want placement %v, present %v", a.Body, count, present)
		}
	}
	known.post("/reader", "card", "card-haruto")
	w.script("PUT", "/v1/readers/reception", `{"card":"card-hanako"}`)
	lies(known, 2, true)
	lies(w.browser(), 1, true)
	w.script("PUT", "/v1/readers/home", `{"card":"card-haruto"}`)
	w.script("PUT", "/v1/readers/reception", `{"card":""}`)
	lies(known, 3, true) // another card was taken
	known.post("/reader", "card", string(hanako))
	w.script("PUT", "/v1/readers/home", `{"card":""}`)
	lies(known, 4, true) // hers lies there by hand

	w.script("PUT", "/v1/readers/reception", `{"card":"card-hanako"}`)
	token := known.sits("", "1234")
	w.script("PUT", "/v1/readers/reception", `{"card":""}`)
	w.asks(token, "20", bank).here(t, false)
	w.script("PUT", "/v1/readers/reception", `{"card":"card-hanako"}`)
	known.post("/reader", "card", "")
	if a := w.script("GET", "/v1/readers/reception", ""); a.Member("card") != nil && a.Member("card") != "" {
		t.Errorf("the card that was taken away lies in %s", a.Body)
	}
}
