package touch

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/internal/tracing"
)

// began is when the spans of these tests begin.
var began = time.Date(2026, 4, 1, 3, 0, 0, 0, time.UTC)

func newStore() *Store {
	return NewStore(func() time.Time { return began }, func(server string) string { return strings.TrimSuffix(server, ":1") })
}

// request is a span of a request, so many milliseconds after the beginning.
func request(trace, id, parent, house, method, path string, from, to int, joins ...string) tracing.Span {
	return tracing.Span{
		Trace: trace, ID: id, Parent: parent, House: house, Method: method, Path: path, Status: 200,
		Start: began.Add(time.Duration(from) * time.Millisecond), End: began.Add(time.Duration(to) * time.Millisecond), Content: tracing.Content{Joins: joins},
	}
}

func TestAStoreThatIsClearedIsEmptyAndSaysSo(t *testing.T) {
	s := newStore()
	s.Add(request("t1", "a", "", "card", "POST", "/v1/authenticate", 0, 1, "nonce"))
	version, next := s.Changes()
	s.Clear()
	<-next
	if now, _ := s.Changes(); now != version+1 || len(s.List()) != 0 {
		t.Errorf("version %d after %d: %+v", now, version, s.List())
	}
	s.Add(request("t2", "b", "", "bank", "POST", "/signin", 2, 3, "nonce")) // of the touch that is forgotten
	if len(s.List()) != 0 {
		t.Errorf("a touch that was forgotten is back: %+v", s.List())
	}
}

func TestTracesThatShareAOneTimeValueAreOneTouch(t *testing.T) {
	s := newStore()
	s.Add(request("t1", "a", "", "bank", "POST", "/signin/challenge", 0, 1, "nonce"))
	s.Add(request("t3", "c", "", "bank", "POST", "/signin", 20, 30, "signature"))
	if len(s.List()) != 0 {
		t.Error("no card was used, and there is a touch")
	}
	version, next := s.Changes()
	s.Add(request("t2", "b", "", "card", "POST", "/v1/authenticate", 10, 12, "nonce", "signature"))
	<-next
	s.Add(request("t4", "d", "", "bank", "POST", "/signin", 40, 50, "another"))
	all := s.List()
	if now, _ := s.Changes(); len(all) != 1 || all[0].ID != "t1" || all[0].Story != BankSignIn || now != version+1 {
		t.Fatalf("%d touches, version %d after %d: %+v", len(all), now, version, all)
	}
	var order []string
	for _, step := range all[0].Steps {
		order = append(order, fmt.Sprint(step.From, ">", step.To))
	}
	if got, want := strings.Join(order, " "), "citizen>bank bank>citizen citizen>reader reader>citizen citizen>bank bank>citizen"; got != want {
		t.Errorf("%s: want %s", got, want)
	}
	if _, ok := s.Touch("t4"); ok {
		t.Error("a request without a card is a touch")
	}
	if found, ok := s.Touch("t1"); !ok || len(found.Steps) != 6 {
		t.Errorf("%v, %+v", ok, found)
	}
}

// What joins an old use of a card to an older request does not use the card again.
func TestAUseCountsFromWhenItHappened(t *testing.T) {
	s := newStore()
	s.Add(request("t1", "a", "", "bank", "POST", "/signin/challenge", 0, 1, "nonce"))
	s.Add(request("t2", "b", "", "card", "POST", "/v1/authenticate", 10, 12, "signature"))
	before := s.Mark()
	s.Add(request("t3", "c", "", "bank", "POST", "/signin", 20, 30, "nonce", "signature"))
	if now := s.Mark(); now != before+1 {
		t.Errorf("one span counts %d", now-before)
	}
	if again := s.Since(before); len(again) != 0 {
		t.Errorf("a card used before counts as used after: %+v", again)
	}
	if all := s.List(); len(all) != 1 || all[0].ID != "t1" || len(s.groups) != 1 {
		t.Errorf("%d groups: %+v", len(s.groups), all)
	}
}

func TestTheOldestTouchesAreForgotten(t *testing.T) {
	s := newStore()
	for i := range MostTouches + 5 {
		s.Add(request(fmt.Sprint("trace", i), "a", "", "card", "POST", "/v1/sign", i, i+1, fmt.Sprint("join", i)))
	}
	for i := range mostGroups + 5 {
		s.Add(request(fmt.Sprint("other", i), "a", "", "bank", "GET", "/", i, i+1, fmt.Sprint("other", i)))
	}
	all := s.List()
	if len(all) != MostTouches || all[0].ID != fmt.Sprint("trace", MostTouches+4) || len(s.groups) != MostTouches+mostGroups {
		t.Errorf("%d touches of %d groups, the latest %s", len(all), len(s.groups), all[0].ID)
	}
	if len(s.byTrace) != len(s.groups) || len(s.byJoin) != len(s.groups) {
		t.Errorf("%d traces and %d joins of %d groups", len(s.byTrace), len(s.byJoin), len(s.groups))
	}
	for i := range 2 * mostSpans {
		s.Add(request("long", fmt.Sprint(i), "", "card", "POST", "/v1/sign", i, i+1))
	}
	if found, ok := s.Touch("long"); !ok || len(found.Steps) != 2*mostSpans {
		t.Errorf("%v, %d steps", ok, len(found.Steps))
	}
}

// A house that is not there is seen by the call that nobody took.
func TestACallThatDidNotArriveIsDark(t *testing.T) {
	s := newStore()
	s.Add(request("t", "a", "", "card", "POST", "/v1/authenticate", 0, 1, "signature"))
	s.Add(tracing.Span{Trace: "u", ID: "b", Parent: "c", Call: true, Server: "authority:1", Method: "POST", Path: "/ocsp/user-authentication", Cut: true, Start: began.Add(3 * time.Millisecond), End: began.Add(4 * time.Millisecond)})
	refused := request("u", "c", "", "bank", "POST", "/signin", 2, 5, "signature")
	refused.Status = 503
	s.Add(refused)
	found := s.List()[0]
	if found.Numbers() != [5]bool{1: true, 2: true} {
		t.Errorf("%v of %+v", found.Numbers(), found.Steps)
	}
	for _, step := range found.Steps {
		if step.No == 3 && (step.From != Authority || step.To != Bank || step.State != Silent) || step.No == 4 && step.State != Refused {
			t.Errorf("%+v", step)
		}
	}
}

func TestTheTableOfCallsIsSound(t *testing.T) {
	for i, c := range calls {
		path := strings.ReplaceAll(c.Path, "*", "…")
		if found, ok := callOf(c.House, c.Method, path); !ok || found.Path != c.Path {
			t.Errorf("row %d: %s %s%s is hidden by %s", i, c.Method, c.House, c.Path, found.Path)
		}
		for _, side := range []Side{c.Ask, c.Answer} {
			if side.Text.JA == "" || side.Text.EN == "" || side.No < 0 || side.No > 4 {
				t.Errorf("%s %s%s: %+v", c.Method, c.House, c.Path, side)
			}
			for _, d := range side.Data {
				if d.Name().JA == "" || d.Name().EN == "" {
					t.Errorf("%s has no words", d)
				}
			}
		}
		if p := partyAt(c.House, path); p == Unknown || p.Name().JA == "" {
			t.Errorf("nobody works at %s%s", c.House, c.Path)
		}
	}
}

// What the browser is given of a card depends on what was asked of it.
func TestWhatTheCardMadeIsSaid(t *testing.T) {
	for said, want := range map[string]Datum{`{"cms": "•••"}`: Name, `{"format": "web-eid:1.0"}`: AuthCert} {
		s := newStore()
		span := request("t", "a", "", "card", "POST", "/v1/sign", 0, 1)
		span.Answered = said
		s.Add(span)
		if steps := s.List()[0].Steps; !slices.Contains(steps[1].Data, want) || slices.Contains(steps[0].Data, want) {
			t.Errorf("%s: %+v", said, steps)
		}
	}
}
