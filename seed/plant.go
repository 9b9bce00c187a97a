package seed

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"sort"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/peer"
)

// planter replays the past of a world.
type planter struct {
	world                  World
	authority, agent, bank *caller
	writer                 *caller // the card house's workshop, for a chip that breaks
	catv                   *caller // the cable operator's interface for its technicians
	medical                *caller // the parties of the medical field
	gateway                *caller // the card company
	portal, utility        *caller // the portal, and the businesses that it delivers to
	doors                  Doors
	today                  time.Time
	serials                map[string]map[jpki.Kind]jpki.SerialNumber
	accounts               map[string]string // the number at the bank, by persona
}

// event is one thing that happened, at its time.
type event struct {
	at time.Time
	do func(context.Context) error
}

// Planted reports whether the houses behind the doors already have residents.
func Planted(ctx context.Context, d Doors) (bool, error) {
	c, err := newCaller(d.Peer["authority"], d.Keys["OFFICER"])
	if err != nil {
		return false, err
	}
	var all struct {
		Residents []struct{} `json:"residents"`
	}
	err = c.Call(ctx, http.MethodGet, "/counter/v1/residents", nil, &all)
	return len(all.Residents) > 0, err
}

// Plant replays the past of the world in order, moving the clock along, and leaves
// the clock as it was. It stops at the first refusal.
func Plant(ctx context.Context, w World, d Doors) (err error) {
	p := &planter{world: w, doors: d, serials: map[string]map[jpki.Kind]jpki.SerialNumber{}, accounts: map[string]string{}}
	for _, c := range []struct {
		to         **caller
		house, key string
	}{
		{&p.authority, "authority", "OFFICER"}, {&p.agent, "card", ""}, {&p.writer, "card", "WRITER"},
		{&p.catv, "catv", "CATV_STAFF"}, {&p.bank, "bank", ""}, {&p.medical, "medical", ""}, {&p.gateway, "gateway", ""},
		{&p.portal, "portal", ""}, {&p.utility, "utility", ""},
	} {
		if *c.to, err = newCaller(d.Peer[c.house], d.Keys[c.key]); err != nil {
			return err
		}
	}
	var clock struct {
		Now           time.Time `json:"now"`
		OffsetSeconds float64   `json:"offsetSeconds"`
	}
	if err := p.authority.Call(ctx, http.MethodGet, "/clock", nil, &clock); err != nil {
		return err
	}
	defer func() {
		back := map[string]any{"offsetSeconds": clock.OffsetSeconds}
		err = errors.Join(err, p.authority.Call(ctx, http.MethodPut, "/clock", back, nil), p.follow(ctx))
	}()
	now := clock.Now.In(jpki.JST)
	p.today = time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, jpki.JST)
	return p.play(ctx)
}

func (p *planter) play(ctx context.Context) error {
	if p.doors.Peer["platform"] != "" && p.doors.Peer["catv"] != "" {
		if err := p.registerServices(ctx, p.doors); err != nil {
			return err
		}
	}
	if err := p.registerOwn(ctx, p.doors); err != nil {
		return err
	}
	events := p.events()
	sort.SliceStable(events, func(i, j int) bool { return events[i].at.Before(events[j].at) })
	for _, e := range events {
		if err := p.authority.Call(ctx, http.MethodPut, "/clock", map[string]any{"now": e.at}, nil); err != nil {
			return err
		}
		if err := e.do(ctx); err != nil {
			return err
		}
	}
	return nil
}

// ministry is the officer who keeps the register of verifiers.
const ministry = "mic-1"

// verifier gives what happened to an accreditation.
func (p *planter) verifier(v Verifier, minute int) []event {
	on := func(daysAgo int) time.Time {
		return p.today.AddDate(0, 0, -daysAgo).Add(10*time.Hour + time.Duration(minute)*time.Minute)
	}
	send := func(path string, in map[string]any) func(context.Context) error {
		return func(ctx context.Context) error {
			return p.authority.as(ministry).Call(ctx, http.MethodPost, "/counter/v1/verifiers"+path, in, nil)
		}
	}
	all := []event{{on(v.AccreditedDaysAgo), send("", map[string]any{"id": v.ID, "name": v.Name, "key": v.Key, "kinds": v.Kinds, "why": v.Why})}}
	if d := v.Decided; d != nil {
		all = append(all, event{on(d.DaysAgo), send("/"+v.ID+"/state", map[string]any{"state": d.State, "why": d.Why})})
	}
	return all
}

// events returns everything that happened. The minute of an event is the persona's
// place in the list, so that no two events share a time.
func (p *planter) events() []event {
	var all []event
	for i, v := range p.world.Verifiers {
		all = append(all, p.verifier(v, i)...)
	}
	for i, person := range p.world.Personas {
		on := func(daysAgo, hour int) time.Time {
			return p.today.AddDate(0, 0, -daysAgo).Add(time.Duration(hour)*time.Hour + time.Duration(i)*time.Minute)
		}
		all = append(all, event{on(person.Card.IssuedDaysAgo, 9), func(ctx context.Context) error { return p.issue(ctx, person) }})
		if b := person.Bank; b != nil && p.bank.URL != "" {
			all = append(all, event{on(b.OpenedDaysAgo, 11), func(ctx context.Context) error { return p.openAccount(ctx, person) }})
		}
		for _, act := range person.History {
			all = append(all, event{on(act.DaysAgo, 13), func(ctx context.Context) error { return p.act(ctx, person, act) }})
		}
		if person.Card.AuthenticationMistakes+person.Card.SignatureMistakes > 0 {
			all = append(all, event{on(1, 15), func(ctx context.Context) error { return p.mistype(ctx, person) }})
		}
		if person.Card.Dead {
			all = append(all, event{on(1, 16), func(ctx context.Context) error {
				return p.writer.Call(ctx, http.MethodPost, "/writer/v1/cards/"+person.CardID()+"/kill", nil, nil)
			}})
		}
	}
	if p.catv.URL != "" {
		for i, h := range p.world.Households {
			at := p.today.AddDate(0, 0, -h.EnrolledDaysAgo).Add(10*time.Hour + time.Duration(i)*time.Minute)
			all = append(all, event{at, func(ctx context.Context) error { return p.install(ctx, h) }})
		}
	}
	if p.medical.URL != "" {
		all = append(all, p.medicalEvents()...)
	}
	if p.portal.URL != "" && p.utility.URL != "" {
		all = append(all, p.portalEvents()...)
	}
	return all
}

// issue registers a resident and issues the card at the municipal counter.
func (p *planter) issue(ctx context.Context, person Persona) error {
	resident, err := p.resident(person)
	if err != nil {
		return err
	}
	counter, err := p.counter(person)
	if err != nil {
		return err
	}
	resident["why"] = "住民基本台帳の初期登録"
	if err := counter.Call(ctx, http.MethodPost, "/counter/v1/residents", resident, nil); err != nil {
		return err
	}
	pins := map[string]string{jpki.UserAuthentication.String(): person.Card.AuthenticationPIN}
	if person.Card.SignaturePIN != "" {
		pins[jpki.DigitalSignature.String()] = person.Card.SignaturePIN
	}
	in := map[string]any{"card": person.CardID(), "pins": pins, "why": "個人番号カードの交付申請"}
	if person.Card.Variant != "" {
		in["variant"] = person.Card.Variant
	}
	if person.Card.ExpiresInDays > 0 {
		in["cardExpires"] = p.today.AddDate(0, 0, person.Card.ExpiresInDays).Format(time.DateOnly)
	}
	var issued struct {
		Certificates map[jpki.Kind]struct {
			Serial jpki.SerialNumber `json:"serial"`
		} `json:"certificates"`
	}
	if err := counter.Call(ctx, http.MethodPost, "/counter/v1/residents/"+person.ID+"/cards", in, &issued); err != nil {
		return err
	}
	p.serials[person.ID] = map[jpki.Kind]jpki.SerialNumber{}
	for kind, c := range issued.Certificates {
		p.serials[person.ID][kind] = c.Serial
	}
	return nil
}

// counter returns a caller that acts as the officer of a persona's town.
func (p *planter) counter(person Persona) (*caller, error) {
	town, err := p.world.Town(person.Municipality)
	return p.authority.as(town.Officer), err
}

func (p *planter) resident(person Persona) (map[string]any, error) {
	town, err := p.world.Town(person.Municipality)
	if err != nil {
		return nil, err
	}
	birth, err := person.DateOfBirth(p.today)
	if err != nil {
		return nil, err
	}
	in := map[string]any{
		"id": person.ID, "kana": person.Kana, "romaji": person.Romaji, "basicFour": person.basicFour(birth),
		"municipality": map[string]string{
			"code": town.Code, "prefecture": town.Prefecture, "city": town.City,
			"prefectureRomaji": town.PrefectureRomaji, "cityRomaji": town.CityRomaji,
		},
	}
	if person.Nationality != "" {
		in["nationality"] = person.Nationality
	}
	if person.CertificateName != "" {
		in["registerName"] = person.Name
	}
	if person.CertificateAddress != "" {
		in["registerAddress"] = person.Address
	}
	return in, nil
}

// act replays one act of a persona's history.
func (p *planter) act(ctx context.Context, person Persona, a Act) error {
	counter, err := p.counter(person)
	if err != nil {
		return err
	}
	switch a.Act {
	case "call":
		return p.call(ctx, person, a)
	case "suspend", "resume", "revoke":
	default:
		in := map[string]any{"event": a.Act, "why": a.Why}
		if a.Address != "" {
			in["address"] = a.Address
		}
		return counter.Call(ctx, http.MethodPost, "/counter/v1/residents/"+person.ID+"/events", in, nil)
	}
	for _, kind := range a.Kinds {
		serial := p.serials[person.ID][kind]
		in := map[string]any{"why": a.Why}
		if a.Act == "revoke" {
			in["reason"] = a.Reason
		}
		path := fmt.Sprintf("/counter/v1/certificates/%s/%s/%s", kind, serial, a.Act)
		if err := counter.Call(ctx, http.MethodPost, path, in, nil); err != nil {
			return err
		}
	}
	return nil
}

// call replays a telephone call to the suspension desk.
func (p *planter) call(ctx context.Context, person Persona, a Act) error {
	birth, err := person.DateOfBirth(p.today)
	if err != nil {
		return err
	}
	in := map[string]any{
		"name": person.Name, "address": person.Address, "why": a.Why,
		"dateOfBirth": fmt.Sprintf("%04d-%02d-%02d", birth.Year, birth.Month, birth.Day),
	}
	return p.authority.as(callCentre).Call(ctx, http.MethodPost, "/suspension/v1/suspend", in, nil)
}

// callCentre is the officer of the suspension desk.
const callCentre = "denwa-1"

// mistype enters wrong PINs as often as the world says.
func (p *planter) mistype(ctx context.Context, person Persona) error {
	for range person.Card.AuthenticationMistakes {
		in := map[string]any{"card": person.CardID(), "pin": "0000", "origin": "http://localhost", "nonce": base64.StdEncoding.EncodeToString(make([]byte, 33))}
		if err := wrong(p.agent.Call(ctx, http.MethodPost, "/v1/authenticate", in, nil)); err != nil {
			return err
		}
	}
	for range person.Card.SignatureMistakes {
		doc := map[string]string{"name": "memo.txt", "mediaType": "text/plain; charset=utf-8", "content": base64.StdEncoding.EncodeToString([]byte("暗証番号の確認"))}
		in := map[string]any{"card": person.CardID(), "pin": "WRONG000", "origin": "http://localhost", "document": doc}
		if err := wrong(p.agent.Call(ctx, http.MethodPost, "/v1/sign", in, nil)); err != nil {
			return err
		}
	}
	return nil
}

// wrong returns nil for the refusal of a wrong PIN.
func wrong(err error) error {
	var r *peer.Refused
	if err == nil {
		return errors.New("seed: a wrong PIN was accepted")
	}
	if errors.As(err, &r) && r.Status == http.StatusForbidden {
		return nil
	}
	return err
}

// openAccount opens an account at the bank: draft, signature, account.
func (p *planter) openAccount(ctx context.Context, person Persona) error {
	if err := p.follow(ctx); err != nil {
		return err
	}
	bank, err := newCaller(p.bank.URL, "")
	if err != nil {
		return err
	}
	var draft struct {
		Document map[string]string `json:"document"`
	}
	if err := bank.Call(ctx, http.MethodPost, "/accounts/draft", map[string]any{"purpose": "living"}, &draft); err != nil {
		return err
	}
	var signed struct {
		CMS string `json:"cms"`
	}
	in := map[string]any{"card": person.CardID(), "pin": person.Card.SignaturePIN, "origin": p.bank.URL, "document": draft.Document}
	if err := p.agent.Call(ctx, http.MethodPost, "/v1/sign", in, &signed); err != nil {
		return err
	}
	var opened struct {
		Account struct {
			Number string `json:"number"`
		} `json:"account"`
	}
	if err := bank.Call(ctx, http.MethodPost, "/accounts", map[string]any{"cms": signed.CMS}, &opened); err != nil {
		return err
	}
	p.accounts[person.ID] = opened.Account.Number
	return nil
}

// follow waits until every house shows the authority's time: houses in other
// processes follow the clock with a short delay.
func (p *planter) follow(ctx context.Context) error {
	type clock struct {
		OffsetSeconds float64 `json:"offsetSeconds"`
	}
	var want clock
	if err := p.authority.Call(ctx, http.MethodGet, "/clock", nil, &want); err != nil {
		return err
	}
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for _, house := range []*caller{p.agent, p.bank, p.catv, p.medical, p.gateway, p.portal, p.utility} {
		for house.URL != "" {
			var have clock
			if err := house.Call(ctx, http.MethodGet, "/clock", nil, &have); err != nil {
				return err
			}
			if d := have.OffsetSeconds - want.OffsetSeconds; d > -1 && d < 1 {
				break
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-tick.C:
			}
		}
	}
	return nil
}
