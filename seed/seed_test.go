package seed

import (
	"crypto/elliptic"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

func TestTheWorldHasEverybodyTheStoriesNeed(t *testing.T) {
	w, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	if len(w.Personas) < 12 {
		t.Errorf("%d personas: want at least 12", len(w.Personas))
	}
	states := map[State]int{}
	for _, p := range w.Personas {
		states[p.State]++
		for _, kind := range jpki.Kinds() {
			k, err := Key(p.CardID(), kind)
			if err != nil || k == nil || k.N.BitLen() != 2048 {
				t.Errorf("%s: test key for %s: %v", p.ID, kind, err)
			}
		}
		if p.Note.JA == "" || p.Note.EN == "" {
			t.Errorf("%s: no note", p.ID)
		}
	}
	for _, s := range []State{StateNormal, StateChild, StateExpired, StateRevoked, StateSuspended, StateOneTryLeft, StateBlocked, StateLost, StateDeadCard} {
		if states[s] == 0 {
			t.Errorf("nobody is %s", s)
		}
	}
}

// Everyone is named in a contract of the cable operator, with the year of birth and
// the sex that the register has.
func TestEverybodyHasContractPapersOfTheirOwn(t *testing.T) {
	w, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	seats, used := map[string]Seat{}, map[string]bool{}
	for _, h := range w.Households {
		for _, s := range h.Places {
			if _, twice := seats[s.Persona]; twice || used[h.Number+s.Code] || len(h.Number) != 6 || len(s.Code) != 6 {
				t.Errorf("%s: %s has %q", h.Number, s.Persona, s.Code)
			}
			seats[s.Persona], used[h.Number+s.Code] = s, true
		}
	}
	for _, p := range w.Personas {
		s, ok := seats[p.ID]
		if !ok {
			t.Errorf("%s has no papers", p.ID)
			continue
		}
		born, err := p.DateOfBirth(time.Date(2026, time.April, 1, 12, 0, 0, 0, jpki.JST))
		if err != nil {
			t.Fatal(err)
		}
		if years := born.Year - s.Profile.Born; years < -1 || years > 1 || s.Profile.Sex != string(p.Gender) {
			t.Errorf("%s: born %s, gender %s; the papers say %+v", p.ID, born, p.Gender, s.Profile)
		}
	}
}

func TestKeyOfNobodyIsNone(t *testing.T) {
	if k, err := Key("card-nobody", jpki.DigitalSignature); k != nil || err != nil {
		t.Errorf("got %v, %v", k, err)
	}
	if k, err := KeyP256("card-nobody", jpki.DigitalSignature); k != nil || err != nil {
		t.Errorf("got %v, %v", k, err)
	}
}

func TestAKeyIsOfItsType(t *testing.T) {
	for _, kind := range jpki.Kinds() {
		if k, err := Key("responder", kind); err != nil || k.N.BitLen() != 2048 {
			t.Errorf("%v: %v", kind, err)
		}
		if k, err := KeyP256("responder-p256", kind); err != nil || k.Curve != elliptic.P256() {
			t.Errorf("%v: %v", kind, err)
		}
	}
	if _, err := KeyP256("responder", jpki.DigitalSignature); err == nil {
		t.Error("an RSA key was taken for one on P-256")
	}
}

func TestLoadRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"an unknown member": "personas: [{id: a, nmae: b}]",
		"nobody":            "municipalities: []",
		"a bad id":          "municipalities: [{code: '1'}]\npersonas: [{id: 'A B', name: x, address: y, municipality: '1', birth: 1990-01-01}]",
		"a bad day":         "municipalities: [{code: '1'}]\npersonas: [{id: a, name: x, address: y, municipality: '1', birth: 1990-13-01}]",
		"no town":           "personas: [{id: a, name: x, address: y, municipality: '1', birth: 1990-01-01}]",
		"a busy officer":    "municipalities: [{code: '1', officer: o}, {code: '2', officer: o}]\npersonas: [{id: a, name: x, address: y, municipality: '1', birth: 1990-01-01}]",
		"twice the same":    "municipalities: [{code: '1'}]\npersonas: [{id: a, name: x, address: y, municipality: '1', birth: 1990-01-01},{id: a, name: x, address: y, municipality: '1', birth: 1990-01-01}]",
	} {
		if _, err := Load(strings.NewReader(text)); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

func TestWhatSomebodyAddsToTheWorld(t *testing.T) {
	path := filepath.Join(t.TempDir(), "own.yaml")
	open := func(world, text string) (World, error) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return Open(world, path)
	}
	const service = "services: [{id: own, name: x, redirectUris: [http://localhost:9000/callback], jwks: {keys: []}}]"
	w, err := open(DefaultWorld, `verifiers: [{id: own, name: わたしの店, key: my-key, origin: "http://localhost:9000"}]
`+service+`
personas: [{id: noriko, name: 野原　典子, romaji: Noriko Nohara, birth: 1995-05-05, gender: "2", address: 青葉県みほん市桜町１番１号, card: {authenticationPIN: "1234", signaturePIN: NORIKO1}}]
`)
	if err != nil {
		t.Fatal(err)
	}
	v := w.Verifiers[len(w.Verifiers)-1]
	if len(w.Own()) != 1 || v.ID != "own" || len(v.Kinds) != 2 || v.AccreditedDaysAgo != 1 || v.Why == "" || len(w.services) != 1 {
		t.Errorf("added %+v, %+v", w.Own(), w.services)
	}
	p, err := w.Persona("noriko")
	if err != nil || p.State != StateNormal || p.Municipality != w.Municipalities[0].Code || p.Card.IssuedDaysAgo == 0 {
		t.Errorf("%+v, %v", p, err)
	}
	if before, err := Open(DefaultWorld, ""); err != nil || len(before.Verifiers) != len(w.Verifiers)-1 || len(before.Own()) != 0 {
		t.Errorf("the world itself: %v", err)
	}
	for name, c := range map[string]struct{ world, text string }{
		"an unknown member":       {DefaultWorld, "verifier: []"},
		"no key":                  {DefaultWorld, "verifiers: [{id: own, name: x}]"},
		"an id of the world":      {DefaultWorld, "verifiers: [{id: mihon-bank, name: x, key: y}]"},
		"a key of the world":      {DefaultWorld, "verifiers: [{id: own, name: x, key: " + BankKey + "}]"},
		"an origin with a path":   {DefaultWorld, "verifiers: [{id: own, name: x, key: y, origin: 'http://localhost:9000/'}]"},
		"a service twice":         {DefaultWorld, strings.Replace(service, "]}}]", "]}}, {id: own, name: x, redirectUris: [http://localhost:9000/callback], jwks: {keys: []}}]", 1)},
		"a service of the world":  {DefaultWorld, strings.Replace(service, "id: own", "id: "+ServiceID("health"), 1)},
		"a service without a key": {DefaultWorld, "services: [{id: own, name: x, redirectUris: [http://localhost:9000/callback]}]"},
		"a person of the world":   {DefaultWorld, "personas: [{id: hanako, name: x, birth: 1995-05-05, address: y}]"},
		"a world of nobody":       {NoWorld, "verifiers: []"},
		"nothing":                 {DefaultWorld, ""},
	} {
		if _, err := open(c.world, c.text); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	if _, err := Open(DefaultWorld, path+".missing"); err == nil {
		t.Error("a file that is not there is taken")
	}
	if w, err := Open(NoWorld, ""); err != nil || len(w.Personas) != 0 {
		t.Errorf("no world: %v", err)
	}
}
