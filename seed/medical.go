package seed

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// insurerNumbers are the numbers of the two insurers (保険者番号), by their IDs.
var insurerNumbers = map[string]string{"kenpo": "06990014", "kokuho": "00992016"}

// Insured is somebody in the register of an insurer.
type Insured struct {
	Persona          string `yaml:"persona"`
	Insurer          string `yaml:"insurer"` // kenpo, kokuho
	Symbol           string `yaml:"symbol"`
	Number           string `yaml:"number"`
	Branch           string `yaml:"branch"`
	Of               string `yaml:"of"` // the persona whose family this is; empty for nobody's
	QualifiedDaysAgo int    `yaml:"qualifiedDaysAgo"`
	LostDaysAgo      int    `yaml:"lostDaysAgo"` // 0: insured today
	Loss             string `yaml:"loss"`        // the reason's code
}

// Visit is somebody's visit to a hospital or a clinic.
type Visit struct {
	Persona string `yaml:"persona"`
	At      string `yaml:"at"` // hospital, clinic
	DaysAgo int    `yaml:"daysAgo"`
	Hour    int    `yaml:"hour"` // 0: ten o'clock
	// Link is the insurer with whose numbers the card is linked at this visit, the first
	// by card; empty for none.
	Link     string   `yaml:"link"`
	Consents []string `yaml:"consents"`
	Trouble  string   `yaml:"trouble"` // why the card gave no answer; empty if it did
	// Acts are what was done, by code, and Pays how it was paid: credit, cash, or not.
	Acts []string `yaml:"acts"`
	Pays string   `yaml:"pays"`
	// Prescribe is what the hospital's doctor prescribed.
	Prescribe *Prescribed `yaml:"prescribe"`
}

// registeredDaysAgo is when the insurers' registers were entered at once.
const registeredDaysAgo = 1000

// medicalEvents are what happened at the insurers and at the receptions.
func (p *planter) medicalEvents() []event {
	day := func(daysAgo, hour, minute int) time.Time {
		return p.today.AddDate(0, 0, -daysAgo).Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute)
	}
	var all []event
	var register []Insured
	ids := map[Insured]int64{}
	for i, one := range p.world.Insured {
		if one.QualifiedDaysAgo >= registeredDaysAgo {
			register = append(register, one)
		} else {
			all = append(all, event{day(one.QualifiedDaysAgo, 8, i), func(ctx context.Context) error { return p.insure(ctx, ids, one) }})
		}
		if one.LostDaysAgo > 0 {
			all = append(all, event{day(one.LostDaysAgo, 8, i), func(ctx context.Context) error {
				in := map[string]string{"on": p.dayAgo(one.LostDaysAgo), "why": one.Loss}
				return p.staffOf(one.Insurer).Call(ctx, http.MethodPost, fmt.Sprintf("/insurers/%s/v1/insured/%d/loss", one.Insurer, ids[one]), in, nil)
			}})
		}
	}
	if len(register) > 0 {
		all = append(all, event{day(registeredDaysAgo, 8, 0), func(ctx context.Context) error { return p.insure(ctx, ids, register...) }})
	}
	for i, v := range p.world.Visits {
		hour := v.Hour
		if hour == 0 {
			hour = 10
		}
		all = append(all, event{day(v.DaysAgo, hour, 15+i), func(ctx context.Context) error { return p.visit(ctx, v) }})
	}
	for i, card := range p.world.CreditCards {
		all = append(all, event{day(card.DaysAgo, 9, 30+i), func(ctx context.Context) error { return p.registerCard(ctx, card) }})
	}
	return all
}

// staffOf gives a caller of a party of the medical field, with its staff's key.
func (p *planter) staffOf(party string) *caller {
	named := *p.medical.Peer
	named.Key = p.doors.Keys["MEDICAL_"+strings.ToUpper(party)+"_STAFF"]
	return &caller{&named}
}

func (p *planter) dayAgo(n int) string { return p.today.AddDate(0, 0, -n).Format(time.DateOnly) }

// insure enters people in the registers of their insurers.
func (p *planter) insure(ctx context.Context, ids map[Insured]int64, all ...Insured) error {
	for _, one := range all {
		person, err := p.world.Persona(one.Persona)
		if err != nil {
			return err
		}
		birth, err := person.DateOfBirth(p.today)
		if err != nil {
			return err
		}
		family, name := "1", person.Name
		if one.Of != "" {
			of, err := p.world.Persona(one.Of)
			if err != nil {
				return err
			}
			family, name = "2", of.Name
		}
		in := map[string]string{
			"symbol": one.Symbol, "number": one.Number, "branch": one.Branch, "birth": birth.Gregorian(), "name": person.Name, "kana": person.Kana,
			"sex": string(person.Gender), "address": person.Address, "family": family, "insuredName": name, "qualifiedOn": p.dayAgo(one.QualifiedDaysAgo),
		}
		var out struct {
			ID int64 `json:"id"`
		}
		if err := p.staffOf(one.Insurer).Call(ctx, http.MethodPost, "/insurers/"+one.Insurer+"/v1/insured", in, &out); err != nil {
			return err
		}
		ids[one] = out.ID
	}
	return nil
}

// visit lets somebody check in with the card.
func (p *planter) visit(ctx context.Context, v Visit) error {
	if err := p.follow(ctx); err != nil {
		return err
	}
	desk, at := p.staffOf(v.At), "/"+v.At+"/desk/v1/"
	if v.Trouble != "" {
		return desk.Call(ctx, http.MethodPost, at+"receptions", map[string]string{"trouble": v.Trouble}, nil)
	}
	person, err := p.world.Persona(v.Persona)
	if err != nil {
		return err
	}
	var challenge struct{ Nonce, Origin string }
	if err := desk.Call(ctx, http.MethodPost, at+"challenges", nil, &challenge); err != nil {
		return err
	}
	token, err := p.touch(ctx, person, challenge.Origin, challenge.Nonce)
	if err != nil {
		return err
	}
	var visit struct {
		ID    int64  `json:"id"`
		State string `json:"state"`
	}
	if err := desk.Call(ctx, http.MethodPost, at+"receptions", map[string]any{"nonce": challenge.Nonce, "token": token}, &visit); err != nil {
		return err
	}
	if v.Link != "" {
		numbers, err := p.numbers(v)
		if err != nil {
			return err
		}
		if err := desk.Call(ctx, http.MethodPost, fmt.Sprintf("%sreceptions/%d/numbers", at, visit.ID), numbers, &visit); err != nil {
			return err
		}
	}
	if visit.State != "asking" {
		return nil // it waits for the staff
	}
	if err := desk.Call(ctx, http.MethodPost, fmt.Sprintf("%sreceptions/%d/consents", at, visit.ID), map[string]any{"yes": v.Consents}, nil); err != nil {
		return err
	}
	if v.Prescribe != nil {
		if err := p.prescribe(ctx, visit.ID, person, *v.Prescribe); err != nil {
			return err
		}
	}
	return p.pay(ctx, desk, fmt.Sprintf("%svisits/%d/", at, visit.ID), v, person)
}

// numbers are what the notice of the insurer says of who links a card.
func (p *planter) numbers(v Visit) (map[string]string, error) {
	for _, one := range p.world.Insured {
		if one.Persona != v.Persona || one.Insurer != v.Link {
			continue
		}
		person, err := p.world.Persona(v.Persona)
		if err != nil {
			return nil, err
		}
		birth, err := person.DateOfBirth(p.today)
		return map[string]string{
			"insurer": insurerNumbers[v.Link], "symbol": one.Symbol, "number": one.Number, "branch": one.Branch, "birth": birth.Gregorian(),
		}, err
	}
	return nil, fmt.Errorf("seed: %s is not insured with %s", v.Persona, v.Link)
}
