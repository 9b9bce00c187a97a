// Package partners has the cases of a partner of the portal: the rules of portal/partner, and what
// a partner makes of what happens to its customer and of an authority that is wrong or silent. The
// run is the portal, the customer and the authority.
package partners

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/citizen"
	"example.jp/jpkimock/internal/conform"
	"example.jp/jpkimock/internal/conform/town"
	"example.jp/jpkimock/portal/partner"
)

// Profile is its name.
const Profile = "partner"

// Partner is the partner that is tested.
type Partner struct {
	Town *town.Town
	URL  string // of the interface, without a slash at the end
	Key  string // the portal's key there
	// ID is the partner's in sheets, and Customer the number that the person has there.
	ID, Customer string
}

// Suite gives the cases.
func (p *Partner) Suite() conform.Suite {
	var cases, last []conform.Case
	born := partner.Check{ID: "PA-07", Refuses: true, Codes: []string{"no_customer"}, Try: func(ctx context.Context, c partner.Candidate) error {
		c.Connection.DateOfBirth = jpki.DateOfBirthOn(1901, time.January, 1)
		return c.Connect(ctx, c.Connection)
	}}
	for _, check := range partner.Checks() {
		switch one := p.does(check); {
		case check.ID >= "PA-90":
			last = append(last, one)
		case check.ID == "PA-08": // in the order of the numbers
			cases = append(cases, p.does(born), one)
		default:
			cases = append(cases, one)
		}
	}
	cases = append(cases, p.answers()...)
	cases = append(cases, p.lives()...)
	return conform.Suite{Profile: Profile, Target: p.URL, Cases: append(cases, last...)}
}

// candidate is the partner with the customer as the card says now.
func (p *Partner) candidate(ctx context.Context) (c partner.Candidate, err error) {
	holder, err := p.Town.Holder(ctx, jpki.DigitalSignature)
	if err != nil {
		return c, err
	}
	four, err := jpki.BasicFourOf(holder)
	if err != nil {
		return c, err
	}
	somebody, err := p.Town.Somebody()
	if err != nil {
		return c, err
	}
	return partner.Candidate{
		Client: partner.NewClient(p.URL, p.Key), ID: p.ID, Address: four.Address,
		Connection: partner.Connection{
			Customer: p.Customer, Name: four.CommonName, DateOfBirth: four.DateOfBirth, Certificate: jpki.SerialNumberOf(holder), Box: "conformance-box",
		},
		Sign:     p.signer(ctx, p.Town.Card(jpki.DigitalSignature)),
		Stranger: p.signer(ctx, citizen.Card{Agent: p.Town.URLs["card"], ID: somebody.Card, PIN: somebody.SignaturePIN}),
	}, nil
}

// signer signs with a card, for the portal's page.
func (p *Partner) signer(ctx context.Context, card citizen.Card) func([]byte) ([]byte, error) {
	return func(document []byte) ([]byte, error) {
		b, err := citizen.NewBrowser(nil)
		if err != nil {
			return nil, err
		}
		portal, err := url.Parse(p.Town.URLs["portal"])
		if err != nil {
			return nil, err
		}
		origin := (&url.URL{Scheme: portal.Scheme, Host: portal.Host}).String()
		return b.Sign(ctx, card, origin, "application.txt", "text/plain; charset=utf-8", document)
	}
}

// does makes a case of what a partner does with a candidate. A refusal that is not one of the
// contract's counts as none.
func (p *Partner) does(check partner.Check) conform.Case {
	want := conform.Accept
	if check.Refuses {
		want = conform.Refuse
	}
	return conform.Case{ID: check.ID, Words: words(check.ID), Expected: want, Try: func(ctx context.Context) (conform.Seen, error) {
		c, err := p.candidate(ctx)
		if err != nil {
			return conform.Seen{}, err
		}
		err = check.Try(ctx, c)
		wrong := check.Judge(err)
		seen := conform.Seen{Accepted: (wrong == nil) != check.Refuses, Came: "as the contract says"}
		if err != nil {
			seen.Came = err.Error()
		}
		if wrong != nil {
			seen.Came = wrong.Error()
		}
		return seen, ctx.Err()
	}}
}

// delivers is a rule about a good application, which is delivered after something has happened.
func delivers(id string, refuses bool, codes []string, happens func(ctx context.Context) error) partner.Check {
	return partner.Check{ID: id, Refuses: refuses, Codes: codes, Try: func(ctx context.Context, c partner.Candidate) error {
		if err := c.Connect(ctx, c.Connection); err != nil {
			return err
		}
		a, err := c.Good()
		if err == nil {
			err = happens(ctx)
		}
		if err == nil {
			_, err = c.Deliver(ctx, a)
		}
		return err
	}}
}

// with puts the town right after a case.
func with(c conform.Case, undo func(context.Context) error) conform.Case {
	try := c.Try
	c.Try = func(ctx context.Context) (seen conform.Seen, err error) {
		defer func() { err = errors.Join(err, undo(context.WithoutCancel(ctx))) }()
		return try(ctx)
	}
	return c
}

// answers are the cases of an authority that is wrong or silent: the partner does not take the
// application, and does not refuse it for good either, so that the portal delivers it again.
func (p *Partner) answers() []conform.Case {
	later := func(id, fault string) conform.Case {
		check := partner.Check{ID: id, Try: func(ctx context.Context, c partner.Candidate) error {
			if err := c.Connect(ctx, c.Connection); err != nil {
				return err
			}
			a, err := c.Good()
			if err == nil {
				err = p.Town.Fails(ctx, fault)
			}
			if err != nil {
				return err // before anything was delivered
			}
			_, err = c.Deliver(ctx, a)
			refused, final := errors.AsType[*partner.Refused](err)
			switch {
			case err == nil:
				return errors.New("it was taken")
			case final:
				return fmt.Errorf("it was refused for good: %w", refused)
			}
			return nil
		}}
		return with(p.does(check), p.Town.Mended)
	}
	return []conform.Case{
		later("PA-30", "silent"), later("PA-31", "error"), later("PA-32", "ocsp-nonce"), later("PA-33", "ocsp-stale"),
		later("PA-34", "responder-expired"), later("PA-35", "ocsp-signer"),
	}
}

// lives are the cases of what happens to the customer.
func (p *Partner) lives() []conform.Case {
	event := func(name string) func(context.Context) error {
		return func(ctx context.Context) error { return p.Town.Happens(ctx, name) }
	}
	renewed := delivers("PA-42", false, nil, func(context.Context) error { return nil })
	renewed.Try = func(ctx context.Context, c partner.Candidate) error {
		if err := errors.Join(c.Connect(ctx, c.Connection), p.Town.Happens(ctx, "move"), p.Town.Renews(ctx)); err != nil {
			return err
		}
		a, err := c.Good() // with the new certificate
		if err == nil {
			_, err = c.Deliver(ctx, a)
		}
		return err
	}
	return []conform.Case{
		with(p.does(delivers("PA-40", true, []string{"suspended"}, event("lose"))), p.Town.Reset),
		with(p.does(delivers("PA-41", true, []string{"revoked"}, event("move"))), p.Town.Reset),
		with(p.does(renewed), p.Town.Reset),
	}
}
