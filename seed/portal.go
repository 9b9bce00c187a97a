package seed

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Customer is somebody's contracts with the small businesses, and their enrolment at the
// portal, with which all of them are connected.
type Customer struct {
	Persona string `yaml:"persona"`
	// Numbers are the customer numbers, by business.
	Numbers map[string]string `yaml:"numbers"`
	// Cable is a contract of the cable operator. Bank says that the account at the bank
	// is connected too, whose number the bank has made.
	Cable string `yaml:"cable"`
	Bank  bool   `yaml:"bank"`
	// Senders may write to the box: insurers by their numbers, the city without one.
	Senders         map[string]string `yaml:"senders"`
	Mail            string            `yaml:"mail"`
	EnrolledDaysAgo int               `yaml:"enrolledDaysAgo"` // 0: not enrolled
}

// customersDaysAgo is when the small businesses entered their customers.
const customersDaysAgo = 190

// portalEvents are what happened at the small businesses and at the portal.
func (p *planter) portalEvents() (all []event) {
	for i, one := range p.world.Customers {
		at := func(daysAgo int) time.Time {
			return p.today.AddDate(0, 0, -daysAgo).Add(14*time.Hour + time.Duration(i)*time.Minute)
		}
		all = append(all, event{at(customersDaysAgo), func(ctx context.Context) error { return p.enterCustomer(ctx, one) }})
		if one.EnrolledDaysAgo > 0 {
			all = append(all, event{at(one.EnrolledDaysAgo), func(ctx context.Context) error { return p.enrolAtPortal(ctx, one) }})
		}
	}
	return all
}

func (p *planter) enterCustomer(ctx context.Context, c Customer) error {
	person, err := p.world.Persona(c.Persona)
	if err != nil {
		return err
	}
	birth, err := person.DateOfBirth(p.today)
	if err != nil {
		return err
	}
	four := person.basicFour(birth)
	for trade, no := range c.Numbers {
		staff := *p.utility.Peer
		staff.Key = p.doors.Keys["UTILITY_"+strings.ToUpper(trade)+"_STAFF"]
		in := map[string]any{"no": no, "name": four.CommonName, "address": four.Address, "dateOfBirth": birth}
		if err := staff.Call(ctx, http.MethodPost, "/"+trade+"/v1/customers", in, nil); err != nil {
			return err
		}
	}
	return nil
}

// enrolAtPortal signs somebody in at the portal, enrols them and connects the businesses.
func (p *planter) enrolAtPortal(ctx context.Context, c Customer) error {
	if err := p.follow(ctx); err != nil {
		return err
	}
	person, err := p.world.Persona(c.Persona)
	if err != nil {
		return err
	}
	portal, err := newCaller(p.portal.URL, "")
	if err != nil {
		return err
	}
	var challenge struct {
		Nonce  string `json:"nonce"`
		Origin string `json:"origin"`
	}
	if err := portal.Call(ctx, http.MethodPost, "/signin/challenge", map[string]any{}, &challenge); err != nil {
		return err
	}
	var token json.RawMessage
	in := map[string]any{"card": person.CardID(), "pin": person.Card.AuthenticationPIN, "origin": challenge.Origin, "nonce": challenge.Nonce}
	if err := p.agent.Call(ctx, http.MethodPost, "/v1/authenticate", in, &token); err != nil {
		return err
	}
	if err := portal.Call(ctx, http.MethodPost, "/signin", map[string]any{"token": token}, nil); err != nil {
		return err
	}
	var draft struct {
		Document map[string]string `json:"document"`
	}
	if err := portal.Call(ctx, http.MethodPost, "/enrol/draft", map[string]any{"mail": c.Mail}, &draft); err != nil {
		return err
	}
	var signed struct {
		CMS string `json:"cms"`
	}
	in = map[string]any{"card": person.CardID(), "pin": person.Card.SignaturePIN, "origin": challenge.Origin, "document": draft.Document}
	if err := p.agent.Call(ctx, http.MethodPost, "/v1/sign", in, &signed); err != nil {
		return err
	}
	if err := portal.Call(ctx, http.MethodPost, "/enrol", map[string]any{"cms": signed.CMS}, nil); err != nil {
		return err
	}
	numbers := maps.Clone(c.Numbers)
	if c.Cable != "" && p.catv.URL != "" {
		numbers["cable"] = c.Cable
	}
	if no := p.accounts[c.Persona]; c.Bank && no != "" {
		numbers["bank"] = no
	}
	if p.medical.URL != "" {
		maps.Copy(numbers, c.Senders)
	}
	for _, one := range slices.Sorted(maps.Keys(numbers)) {
		if err := portal.Call(ctx, http.MethodPost, "/partners/"+one, map[string]any{"customer": numbers[one], "consent": true}, nil); err != nil {
			return err
		}
	}
	return nil
}
