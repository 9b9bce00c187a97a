package ecosystem

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"example.jp/jpkimock/internal/stage"
	"example.jp/jpkimock/internal/stage/client"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/internal/whereabouts"
)

// organisation gives what one organisation holds of somebody.
func organisation(t testing.TB, town *client.Town, who, id string) whereabouts.Organisation {
	t.Helper()
	all, err := town.Whereabouts(t.Context(), who)
	webtest.Must(t, err)
	for _, h := range all.Houses {
		for _, o := range h.Organisations {
			if o.ID == id {
				return o
			}
		}
	}
	t.Fatalf("no house answers for %s: %+v", id, all)
	return whereabouts.Organisation{}
}

func held(items []whereabouts.Item, kind whereabouts.Kind) (value string, is bool) {
	i := slices.IndexFunc(items, func(i whereabouts.Item) bool { return i.Kind == kind })
	if i < 0 {
		return "", false
	}
	return items[i].Value, true
}

// Who has moved has the old address at the bank until the one-stop application is delivered,
// and then the new one, with the old one in the history.
func TestTheBankHoldsTheOldAddressUntilItIsTold(t *testing.T) {
	t.Parallel()
	alone(t)
	e, town := onStage(t)
	before := persona(t, e, "taro").Address
	const after = "青葉県みほん市本町９丁目９番９号"
	at := func(id string, want string) {
		t.Helper()
		if got, _ := held(organisation(t, town, "taro", id).Holds, whereabouts.Address); got != want {
			t.Errorf("%s has the address %q: want %q", id, got, want)
		}
	}
	for _, event := range []string{"move", "renew"} {
		_, err := town.Happens(t.Context(), "taro", event, stage.Details{})
		webtest.Must(t, err)
	}
	at("municipality", after)
	at("agency", after)
	at("card", after)
	for _, id := range []string{"bank", "portal", "denryoku", "kenpo"} {
		at(id, before)
	}
	taro := signedIn(t, e, "portal", "card-taro", "2345")
	signs(t, e, taro, "portal", persona(t, e, "taro"), "/apply/draft", "/apply", map[string]any{
		"changedOn": e.Clock().Now().Format("2006-01-02"), "partners": []string{"bank", "denryoku"},
	})
	e.sweeps.Ask()
	webtest.Must(t, e.Settled(t.Context()))
	for _, id := range []string{"bank", "portal", "denryoku"} {
		at(id, after)
	}
	at("kenpo", before)
	if was, _ := held(organisation(t, town, "taro", "bank").Holds, whereabouts.FormerAddress); was != before {
		t.Errorf("the bank's history has %q: want %q", was, before)
	}
}

// After a move of the clock each house tells what it did by itself, counted since the move.
func TestWhatTheHousesDidIsTold(t *testing.T) {
	t.Parallel()
	alone(t)
	e, town := onStage(t)
	_, err := town.Happens(t.Context(), "taro", "move", stage.Details{})
	webtest.Must(t, err)
	pays, taro := atTheCashier(), visitor{t, e, webtest.NewBrowser(t, e.Peer("medical"))}
	pays.before(taro)
	_, err = town.SwitchFaults(t.Context(), "gateway", []string{"answer-lost"}, nil)
	webtest.Must(t, err)
	_, err = pays.does(taro)
	webtest.Must(t, err)
	_, err = town.EndFaults(t.Context())
	webtest.Must(t, err)
	_, err = town.SwitchFaults(t.Context(), "medical", []string{"silent"}, nil) // the gateway's notice does not arrive: the cashier asks
	webtest.Must(t, err)
	did := func(move stage.Move) (all []string) {
		t.Helper()
		move.Wait = true
		clock, err := town.MoveClock(t.Context(), move)
		webtest.Must(t, err)
		for _, d := range clock.Did {
			all = append(all, d.House+" "+d.EN)
		}
		return all
	}
	day := stage.Move{Advance: &stage.Calendar{Days: 1}}
	first := did(day)
	for _, want := range []string{ // one of the portal's had moved before
		"bank customers asked for their new data: 1", "portal citizens found to have moved: 2",
		"medical payments whose outcome was found out: 1",
	} {
		if !slices.Contains(first, want) {
			t.Errorf("after a day: %q: want %q", first, want)
		}
	}
	_, err = town.EndFaults(t.Context())
	webtest.Must(t, err)
	again := did(day)
	if !slices.ContainsFunc(again, func(s string) bool { return strings.HasPrefix(s, "gateway merchants told of payments: ") }) {
		t.Errorf("after another day: %q", again)
	}
	if slices.ContainsFunc(again, func(s string) bool { return strings.Contains(s, "asked for") || strings.Contains(s, "have moved") }) {
		t.Errorf("after another day: %q", again)
	}
	later := did(stage.Move{Advance: &stage.Calendar{Years: 5}})
	for _, want := range []string{"bank customers’ certificates found to have expired: ", "authority certificates that expired: "} {
		if !slices.ContainsFunc(later, func(s string) bool { return strings.HasPrefix(s, want) }) {
			t.Errorf("after five years: %q: want %s", later, want)
		}
	}
}

// Nobody is asked without the town's key, no PIN or number is told, and a house that gives no
// answer is said to give none.
func TestEachHouseAnswersForItself(t *testing.T) {
	t.Parallel()
	e, town := onStage(t)
	for _, h := range e.cfg.Houses {
		if h.Stays {
			continue
		}
		b := webtest.NewBrowser(t, e.URL(h.Name))
		b.Calls(http.MethodPost, whereabouts.Path, map[string]any{"resident": "taro"}, nil).Says(http.StatusUnauthorized)
		b.Calls(http.MethodPost, whereabouts.Path, map[string]any{"resident": 1}, nil, webtest.Bearer(e.key(whereabouts.KeyName))...).Says(http.StatusBadRequest)
	}
	webtest.NewBrowser(t, e.URL("bank")).Calls(http.MethodPut, "/faults", map[string]any{"silent": true}, nil).Says(http.StatusOK)
	for _, p := range e.Personas() {
		all, err := town.Whereabouts(t.Context(), p.ID)
		webtest.Must(t, err)
		for _, h := range all.Houses {
			if h.Silent != (h.House == "bank") {
				t.Errorf("%s: silent %v", h.House, h.Silent)
			}
			for _, o := range h.Organisations {
				for _, kind := range []whereabouts.Kind{whereabouts.PIN, whereabouts.PrivateKey, whereabouts.IndividualNumber} {
					value, has := held(o.Holds, kind)
					if _, lacks := held(o.Lacks, kind); value != "" || has == lacks || has && o.ID != "card" {
						t.Errorf("%s of %s: %s: held %v %q, lacking %v", o.ID, p.ID, kind, has, value, lacks)
					}
				}
			}
		}
	}
	if _, err := town.Whereabouts(t.Context(), "nobody"); err == nil {
		t.Error("somebody unknown is looked for")
	}
}

// What an organisation does not say is not in its databases either.
func TestNothingIsHeldThatIsNotSaid(t *testing.T) {
	t.Parallel()
	alone(t)
	dir := t.TempDir()
	e := town(t, Config{DataDir: dir, Manage: "127.0.0.1:0", SweepEvery: -1})
	of := map[string][]string{
		"authority": {"municipality", "agency"}, "authority-portal": {"municipality"}, "card": {"card"}, "bank": {"bank"}, "bank-portal": {"bank"},
		"catv": {"catv"}, "catv-portal": {"catv"}, "gateway": {"gateway"}, "platform": {"platform"}, "portal": {"portal"},
		"medical-platform": {"medical-platform"}, "medical-rx": {"prescriptions"}, "medical-rx-keys": {"prescriptions"},
		"medical-mihon": {"mihon-pharmacy"}, "medical-aoba": {"aoba-pharmacy"}, "medical-kenpo": {"kenpo"}, "medical-kokuho": {"kokuho"},
		"medical-kenpo-portal": {"kenpo"}, "medical-kokuho-portal": {"kokuho"}, "medical-hospital": {"hospital"}, "medical-clinic": {"clinic"},
		"utility-denryoku": {"denryoku"}, "utility-gas": {"gas"}, "utility-suido": {"suido"}, "utility-mobile": {"mobile"}, "utility-songai": {"songai"},
	}
	signedIn(t, e, "bank", "card-taro", "2345")
	said, atHome := map[string]map[string][]whereabouts.Item{}, map[string][]whereabouts.Item{} // atHome: of all of an address
	for _, p := range e.Personas() {
		all, err := client.New(e.Managed()).Whereabouts(t.Context(), p.ID)
		webtest.Must(t, err)
		said[p.ID] = map[string][]whereabouts.Item{}
		for _, h := range all.Houses {
			for _, o := range h.Organisations {
				said[p.ID][o.ID] = o.Holds
				atHome[p.Address+o.ID] = append(atHome[p.Address+o.ID], o.Holds...)
			}
		}
	}
	for _, h := range e.cfg.Houses {
		for _, name := range h.databases() {
			if of[name] == nil {
				t.Errorf("of nobody: the database %s", name)
			}
			kept := octets(t, dir, name)
			for _, p := range e.Personas() {
				for what, kinds := range map[string][]whereabouts.Kind{
					p.Name:    {whereabouts.Name, whereabouts.Application, whereabouts.Relative},
					p.Address: {whereabouts.Address, whereabouts.Application},
				} {
					tells := slices.ContainsFunc(of[name], func(id string) bool {
						return tells(said[p.ID][id], kinds) || what == p.Address && tells(atHome[p.Address+id], kinds)
					})
					if strings.Contains(kept, what) && !tells {
						t.Errorf("%s has %s of %s in its database, and does not say so", name, what, p.ID)
					}
				}
			}
		}
	}
}

// tells reports whether anything of these kinds is among what is held.
func tells(items []whereabouts.Item, kinds []whereabouts.Kind) bool {
	return slices.ContainsFunc(items, func(i whereabouts.Item) bool { return slices.Contains(kinds, i.Kind) })
}

// octets gives the octets of a database with those not yet written back.
func octets(t testing.TB, dir, name string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, name+".*"))
	webtest.Must(t, err)
	var all strings.Builder
	for _, f := range files {
		b, err := os.ReadFile(f)
		webtest.Must(t, err)
		all.Write(b)
	}
	if all.Len() == 0 {
		t.Fatalf("there is no database %s in %s", name, dir)
	}
	return all.String()
}
