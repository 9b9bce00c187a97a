package ecosystem

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/peer"
	"example.jp/jpkimock/internal/stage"
	"example.jp/jpkimock/internal/stage/client"
	"example.jp/jpkimock/internal/webtest"
)

// onStage is a town whose management interface is open.
func onStage(t testing.TB) (*Ecosystem, *client.Town) {
	t.Helper()
	e := town(t, Config{Manage: "127.0.0.1:0", SweepEvery: -1})
	return e, client.New(e.Managed())
}

// states gives the states of somebody's certificates, of signatures and of authentication.
func states(p stage.Person) (sign, authenticate string) {
	for _, c := range p.Certificates {
		state := c.State
		if c.Reason != "" {
			state += " " + c.Reason
		}
		if c.Expired {
			state = "expired"
		}
		if c.Kind == jpki.DigitalSignature {
			sign = state
		} else {
			authenticate = state
		}
	}
	return sign, authenticate
}

// What happens to people is done at the front doors, and each person is shown as they are
// afterwards.
func TestWhatHappensToPeople(t *testing.T) {
	t.Parallel()
	alone(t)
	_, town := onStage(t)
	for _, c := range []struct {
		who, event         string
		details            stage.Details
		sign, authenticate string
		also               func(stage.Person) bool
	}{
		{"hanako", "move", stage.Details{}, "revoked affiliationChanged", "good", func(p stage.Person) bool { return strings.HasSuffix(p.Address, "本町９丁目９番９号") }},
		{"hanako", "renew", stage.Details{}, "good", "good", nil},
		{"hanako", "move", stage.Details{}, "revoked affiliationChanged", "good", func(p stage.Person) bool { return strings.HasSuffix(p.Address, "中央８丁目８番８号") }},
		{"hanako", "renew", stage.Details{}, "good", "good", nil},
		{"hanako", "move", stage.Details{Address: "青葉県みほん市桜町１丁目１番１号"}, "revoked affiliationChanged", "good", func(p stage.Person) bool { return strings.HasSuffix(p.Address, "桜町１丁目１番１号") }},
		{"misaki", "marry", stage.Details{}, "revoked affiliationChanged", "good", func(p stage.Person) bool { return p.Name == "緑川　美咲" }},
		{"sakurako", "marry", stage.Details{Name: "山田　櫻子"}, "revoked affiliationChanged", "good", func(p stage.Person) bool { return p.Name == "山田　櫻子" }},
		{"taro", "lose", stage.Details{}, "suspended certificateHold", "suspended certificateHold", nil},
		{"taro", "find", stage.Details{}, "suspended certificateHold", "good", nil},
		{"naoko", "block-pin", stage.Details{}, "good", "good", func(p stage.Person) bool { return p.Card.TriesLeft[jpki.UserAuthentication] == 0 }},
		{"naoko", "unblock-pin", stage.Details{}, "good", "good", func(p stage.Person) bool { return p.Card.TriesLeft[jpki.UserAuthentication] == 3 }},
		{"hajime", "break-key", stage.Details{}, "good", "good", func(p stage.Person) bool { return p.Card.Dead && p.Card.Tampered }},
		{"maria", "die", stage.Details{}, "revoked cessationOfOperation", "revoked cessationOfOperation", func(p stage.Person) bool { return p.Standing == "dead" }},
	} {
		out, err := town.Happens(t.Context(), c.who, c.event, c.details)
		if err != nil {
			t.Errorf("%s %s: %v", c.who, c.event, err)
			continue
		}
		if sign, authenticate := states(out.After); sign != c.sign || authenticate != c.authenticate || c.also != nil && !c.also(out.After) {
			t.Errorf("%s %s: %s, %s: %+v", c.who, c.event, sign, authenticate, out.After)
		}
		now, err := town.Person(t.Context(), c.who)
		if sign, _ := states(now); err != nil || sign != c.sign {
			t.Errorf("%s after %s: %+v, %v", c.who, c.event, now, err)
		}
	}
	for _, c := range []struct{ who, event, code string }{
		{"nobody", "move", "no_person"}, {"hanako", "fly", "no_event"}, {"taro", "find", "card_not_lost"}, {"maria", "move", ""}, {"kenji", "find", ""},
	} {
		_, err := town.Happens(t.Context(), c.who, c.event, stage.Details{})
		if refused, ok := errors.AsType[*peer.Refused](err); !ok || c.code != "" && refused.Code != c.code {
			t.Errorf("%s %s: %v", c.who, c.event, err)
		}
	}
	everybody, err := town.People(t.Context())
	if err != nil || len(everybody) < 12 {
		t.Errorf("%d people, %v", len(everybody), err)
	}
}

// Everything that a demonstration does is done over the management interface alone.
func TestTheTownIsMovedFromTheStage(t *testing.T) {
	t.Parallel()
	alone(t)
	e, town := onStage(t)
	must := func(what string, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	before, err := town.Person(t.Context(), "hanako")
	must("before", err)
	yes := true
	clock, err := town.MoveClock(t.Context(), stage.Move{Advance: &stage.Calendar{Years: 5, Days: 1}, Frozen: &yes, Wait: true})
	must("move the clock", err)
	if !slices.ContainsFunc(clock.Followed, func(c stage.Change) bool { return c.Person == "hanako" && c.What == "expired" }) {
		t.Errorf("five years later followed %+v", clock.Followed)
	}
	if want := time.Now().AddDate(5, 0, 1); !clock.Frozen || clock.Now.Sub(want).Abs() > 48*time.Hour || len(clock.Sweeps) != 0 {
		t.Errorf("the clock shows %+v", clock)
	}
	if later, err := town.Person(t.Context(), "hanako"); err != nil || later.Certificates[0].Expired == before.Certificates[0].Expired {
		t.Errorf("five years later: %+v, %v", later.Certificates, err)
	}
	lies, err := town.Lay(t.Context(), "taro", "tv")
	must("lay a card", err)
	if lies.Card.Reader != "tv" {
		t.Errorf("the card lies in %q", lies.Card.Reader)
	}
	if taken, err := town.Lay(t.Context(), "taro", ""); err != nil || taken.Card.Reader != "" {
		t.Errorf("taken, it lies in %q, %v", taken.Card.Reader, err)
	}
	all, err := town.SwitchFaults(t.Context(), "bank", []string{"error"}, nil)
	must("a fault", err)
	on := func(all []stage.Fault) (names []string) {
		for _, f := range all {
			if f.On {
				names = append(names, f.House+" "+f.Name)
			}
		}
		return names
	}
	if got := on(all); !slices.Equal(got, []string{"bank error"}) {
		t.Errorf("on: %v", got)
	}
	get(t, e.URL("bank")+"/", 503)
	all, err = town.EndFaults(t.Context())
	must("end the faults", err)
	if got := on(all); got != nil {
		t.Errorf("on: %v", got)
	}
	must("save", town.Save(t.Context(), "five-years"))
	clock, err = town.Restore(t.Context(), stage.Beginning)
	must("restore", err)
	if clock.Frozen || time.Until(clock.Now).Abs() > 10*time.Minute {
		t.Errorf("at the beginning the clock shows %+v", clock)
	}
	kept, err := town.Snapshots(t.Context())
	must("list", err)
	if len(kept) != 2 || kept[1].Name != "five-years" || !kept[1].Frozen {
		t.Errorf("kept: %+v", kept)
	}
	must("drop", town.Drop(t.Context(), "five-years"))
	_, err = town.Restore(t.Context(), "five-years")
	if refused, ok := errors.AsType[*peer.Refused](err); !ok || refused.Code != "no_snapshot" {
		t.Errorf("restore what was dropped: %v", err)
	}
	_, err = town.SwitchFaults(t.Context(), "bank", []string{"earthquake"}, nil)
	if refused, ok := errors.AsType[*peer.Refused](err); !ok || refused.Status != http.StatusBadRequest {
		t.Errorf("a fault that there is not: %v", err)
	}
}

// No page of another site reaches the management interface through somebody's browser.
func TestTheStageTakesNoBrowser(t *testing.T) {
	t.Parallel()
	e := town(t, Config{Manage: "127.0.0.1:0", SweepEvery: -1, Seed: "none"})
	b := webtest.NewBrowser(t, e.Managed())
	b.Sends(http.MethodGet, "/v1/clock", "", "Origin", "http://evil.example").Says(http.StatusForbidden)
	b.Sends(http.MethodGet, "/v1/clock", "", "Host", "evil.example").Says(http.StatusMisdirectedRequest)
	b.Sends(http.MethodPost, "/v1/people/hanako/events/move", `{"addres":"x"}`, "Content-Type", "application/json").Says(http.StatusBadRequest)
	b.Sends(http.MethodPut, "/v1/clock", `{}`, "Content-Type", "application/json").Refuses(http.StatusBadRequest, "malformed")
}

// With a key of the counter's own, the lobby, which anybody may open, lets nothing happen; the
// management interface does.
func TestTheLobbyActsWithPublishedKeysAlone(t *testing.T) {
	t.Parallel()
	alone(t)
	e := town(t, Config{Manage: "127.0.0.1:0", SweepEvery: -1, Keys: map[string]string{officerKey: "a-key-of-our-own"}})
	guest := webtest.NewBrowser(t, e.URL("lobby"))
	for _, event := range stage.Events() {
		guest.Fills("/people/hanako/events/"+event.ID).Says(http.StatusConflict, "窓口に別の鍵")
	}
	guest.Visits("/people/hanako").Says(http.StatusOK, "窓口で手続してください").Lacks("event-move")
	guest.Visits("/people").Says(http.StatusOK, "HANAKO123")
	guest.Fills("/clock-room", "step", "1d").Says(http.StatusOK).Lacks("起きたこと")
	if out, err := client.New(e.Managed()).Happens(t.Context(), "hanako", "move", stage.Details{}); err != nil || len(out.Effects) != 1 {
		t.Errorf("the management interface: %+v, %v", out, err)
	}
}
