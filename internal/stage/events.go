package stage

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"slices"
	"strings"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/peer"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/seed"
)

// Event is something that happens to a person, brought to the front door where it belongs.
type Event struct {
	ID    string
	Title ui.Text
	// What says what is done, and Then what follows from it.
	What, Then ui.Text
	do         func(s *Stage, ctx context.Context, p seed.Persona, d Details) (Outcome, error)
}

// Details are what an event may be told; what is empty is chosen.
type Details struct {
	Address string `json:"address,omitempty"` // of move: in the same municipality
	Name    string `json:"name,omitempty"`    // of marry: the whole new name
}

// Outcome is what an event did at once. What follows later follows by the clock.
type Outcome struct {
	Event  string `json:"event"`
	Person string `json:"person"`
	// Effects are what happened to the certificates.
	Effects []Effect `json:"effects"`
	After   Person   `json:"after"`
}

// Effect is what an act did to one certificate.
type Effect struct {
	Kind   jpki.Kind         `json:"kind"`
	Serial jpki.SerialNumber `json:"serial"`
	Act    string            `json:"act"` // issued, revoked, suspended, resumed
	Reason string            `json:"reason,omitempty"`
}

// Events lists what can happen to people.
func Events() []Event { return slices.Clone(events) }

// Happens lets an event happen to a person: ErrNoPerson, ErrNoEvent, ErrNoKey, or a *peer.Refused of the
// house that refuses it.
func (s *Stage) Happens(ctx context.Context, person, event string, d Details) (Outcome, error) {
	p, err := s.persona(person)
	if err != nil {
		return Outcome{}, err
	}
	i := slices.IndexFunc(events, func(e Event) bool { return e.ID == event })
	if i < 0 {
		return Outcome{}, ErrNoEvent
	}
	if !s.KnowsPeople() {
		return Outcome{}, ErrNoKey
	}
	out, err := events[i].do(s, ctx, p, d)
	if err != nil {
		return Outcome{}, err
	}
	out.Event, out.Person = event, person
	if out.Effects == nil {
		out.Effects = []Effect{}
	}
	out.After, err = s.Person(ctx, person)
	return out, err
}

// counter brings an event to the municipal counter.
func (s *Stage) counter(ctx context.Context, p seed.Persona, notice map[string]any) (out Outcome, err error) {
	var done struct {
		Effects []Effect
		Issued  map[jpki.Kind]struct{ Serial jpki.SerialNumber }
	}
	notice["why"] = "実演の進行による届出"
	if err := s.ask(ctx, "authority", "OFFICER", http.MethodPost, "/counter/v1/residents/"+p.ID+"/events", notice, &done); err != nil {
		return Outcome{}, err
	}
	out.Effects = done.Effects
	for _, kind := range jpki.Kinds() {
		if c, ok := done.Issued[kind]; ok {
			out.Effects = append(out.Effects, Effect{Kind: kind, Serial: c.Serial, Act: "issued"})
		}
	}
	return out, nil
}

// plain is an event of the counter that needs nothing but its name.
func plain(event string) func(*Stage, context.Context, seed.Persona, Details) (Outcome, error) {
	return func(s *Stage, ctx context.Context, p seed.Persona, _ Details) (Outcome, error) {
		return s.counter(ctx, p, map[string]any{"event": event})
	}
}

// streets are where people of the town move to: the second is for who lives at the first.
var streets = [2]string{"本町９丁目９番９号", "中央８丁目８番８号"}

func move(s *Stage, ctx context.Context, p seed.Persona, d Details) (Outcome, error) {
	to := d.Address
	if to == "" {
		e, err := s.entry(ctx, p)
		if err != nil {
			return Outcome{}, err
		}
		town, err := s.cfg.World.Town(e.Resident.Municipality.Code)
		if err != nil {
			return Outcome{}, err
		}
		to = town.Prefecture + town.City + streets[0]
		if to == e.Resident.BasicFour.Address {
			to = town.Prefecture + town.City + streets[1]
		}
	}
	return s.counter(ctx, p, map[string]any{"event": "move-house", "address": to})
}

// surnames are those of the people whom people of the town marry.
var surnames = [2]string{"緑川", "朝日"}

func marry(s *Stage, ctx context.Context, p seed.Persona, d Details) (Outcome, error) {
	e, err := s.entry(ctx, p)
	if err != nil {
		return Outcome{}, err
	}
	before, given, two := strings.Cut(e.Resident.BasicFour.CommonName, "　")
	notice := map[string]any{"event": "name-change", "name": d.Name}
	if d.Name == "" {
		if !two {
			return Outcome{}, &peer.Refused{Status: http.StatusBadRequest, Code: "name_required", Detail: "the name has no surname that could change: give the new name"}
		}
		surname := surnames[0]
		if before == surname {
			surname = surnames[1]
		}
		notice["name"], notice["formerSurname"] = surname+"　"+given, before
	}
	return s.counter(ctx, p, notice)
}

// pins gives the published PINs of the kinds of certificate that a card has.
func pins(p seed.Persona, kinds ...jpki.Kind) map[jpki.Kind]string {
	all := map[jpki.Kind]string{jpki.UserAuthentication: p.Card.AuthenticationPIN}
	if p.Card.SignaturePIN != "" {
		all[jpki.DigitalSignature] = p.Card.SignaturePIN
	}
	for kind := range all {
		if !slices.Contains(kinds, kind) {
			delete(all, kind)
		}
	}
	return all
}

// renew renews what can be renewed by the calendar, and issues again what cannot.
func renew(s *Stage, ctx context.Context, p seed.Persona, _ Details) (Outcome, error) {
	out, err := s.counter(ctx, p, map[string]any{"event": "renewal", "pins": pins(p, jpki.Kinds()...)})
	refused, ok := errors.AsType[*peer.Refused](err)
	if !ok || refused.Code != "too_early" {
		return out, err
	}
	e, err := s.entry(ctx, p)
	if err != nil {
		return Outcome{}, err
	}
	kinds := []jpki.Kind{}
	for _, kind := range jpki.Kinds() {
		good := slices.ContainsFunc(e.Certificates, func(c Certificate) bool { return c.Kind == kind && c.State == "good" && c.Card == p.CardID() })
		if _, has := pins(p, kind)[kind]; has && !good {
			kinds = append(kinds, kind)
		}
	}
	if len(kinds) == 0 {
		return Outcome{}, refused
	}
	return s.counter(ctx, p, map[string]any{"event": "reissue", "kinds": kinds, "pins": pins(p, kinds...)})
}

// wrongTries is more than any PIN can be mistyped.
const wrongTries = 12

// block types a wrong PIN at the card's own door until the card takes none any more.
func block(s *Stage, ctx context.Context, p seed.Persona, _ Details) (Outcome, error) {
	in := map[string]any{
		"card": p.CardID(), "pin": wrongPIN(p.Card.AuthenticationPIN), "origin": "http://localhost",
		"nonce": base64.StdEncoding.EncodeToString(make([]byte, 33)),
	}
	for range wrongTries {
		err := s.ask(ctx, "card", "", http.MethodPost, "/v1/authenticate", in, nil)
		refused, ok := errors.AsType[*peer.Refused](err)
		switch {
		case ok && refused.Code == "wrong_pin":
		case ok && refused.Code == "pin_blocked":
			return Outcome{}, nil
		case err == nil:
			return Outcome{}, errors.New("stage: a wrong PIN was accepted")
		default:
			return Outcome{}, err
		}
	}
	return Outcome{}, errors.New("stage: the card never blocked its PIN")
}

func wrongPIN(right string) string {
	if right == "0000" {
		return "1111"
	}
	return "0000"
}

func unblock(s *Stage, ctx context.Context, p seed.Persona, _ Details) (Outcome, error) {
	return s.counter(ctx, p, map[string]any{"event": "pin-reset", "pins": pins(p, jpki.Kinds()...)})
}

func tamper(s *Stage, ctx context.Context, p seed.Persona, _ Details) (Outcome, error) {
	return Outcome{}, s.ask(ctx, "card", "", http.MethodPost, "/v1/cards/"+p.CardID()+"/tamper", nil, nil)
}
