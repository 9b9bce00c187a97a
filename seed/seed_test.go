package seed

import (
	"crypto/elliptic"
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
