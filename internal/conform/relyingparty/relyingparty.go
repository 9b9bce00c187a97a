// Package relyingparty has the cases of a relying party: a page that asks for a card by card.js,
// or by a form like its, and what it makes of the answer. The run is the citizen with the card,
// and the authority that says how a certificate stands.
package relyingparty

import (
	"cmp"
	"context"
	"fmt"
	"net/http"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/citizen"
	"example.jp/jpkimock/internal/conform"
	"example.jp/jpkimock/internal/conform/forge"
	"example.jp/jpkimock/internal/conform/town"
)

// Profile is its name.
const Profile = "relying-party"

// Party is the relying party that is tested.
type Party struct {
	Town *town.Town
	// Page is the URL of the page that asks for a card; where there is a Challenge, of the
	// interface that takes the token.
	Page string
	// Challenge is where a program's interface gives a nonce; empty for a page.
	Challenge string
	// SignedIn is what the page says to who has signed in; empty where any page that neither
	// refuses nor asks again will do.
	SignedIn string
	// Documents is where signed documents are posted; empty for a relying party that takes none.
	Documents string
	Language  string            // of the pages: "ja", "en"
	HTTP      http.RoundTripper // nil for the usual one
}

// Suite gives the cases.
func (p *Party) Suite() conform.Suite {
	cases := append(p.sound(), p.tokens()...)
	cases = append(cases, p.certificates()...)
	cases = append(cases, p.lives()...)
	cases = append(cases, p.answers()...)
	if p.Documents != "" {
		cases = append(append(cases, p.documents()...), p.documentCertificates()...)
	}
	last := p.accepts("RP-99", laid)
	return conform.Suite{Profile: Profile, Target: p.Page, Cases: append(cases, last)}
}

// visit is somebody at the page that asks for a card.
type visit struct {
	*Party
	b    *citizen.Browser
	asks citizen.Question
}

func (p *Party) visits(ctx context.Context) (*visit, error) {
	b, err := citizen.NewBrowser(p.HTTP)
	if err != nil {
		return nil, err
	}
	b.Language = cmp.Or(p.Language, b.Language)
	if p.Challenge != "" {
		q, err := b.Challenge(ctx, p.Challenge, p.Page)
		return &visit{p, b, q}, err
	}
	if err := b.Goes(ctx, p.Page); err != nil {
		return nil, err
	}
	q, err := b.Question()
	return &visit{p, b, q}, err
}

// card has the person's card answer.
func (v *visit) card(ctx context.Context, origin, nonce string) ([]byte, error) {
	return v.b.Token(ctx, v.Town.Card(jpki.UserAuthentication), origin, nonce)
}

// token has the person's card answer what the page asks.
func (v *visit) token(ctx context.Context) (forge.Token, error) {
	text, err := v.card(ctx, v.asks.Origin, v.asks.Nonce)
	if err != nil {
		return forge.Token{}, err
	}
	return forge.ReadToken(text)
}

// sends answers the page, and sees what comes. No answer is a refusal.
func (v *visit) sends(ctx context.Context, token []byte) (conform.Seen, error) {
	if err := v.b.Answers(ctx, v.asks, token); err != nil {
		return conform.Seen{Came: "no answer: " + err.Error()}, ctx.Err()
	}
	page := v.b.Seen()
	seen := conform.Seen{Accepted: !page.Refused, Came: fmt.Sprintf("HTTP %d at %s: %s", page.Status, page.URL, page.Heading)}
	if _, err := v.b.Question(); err == nil {
		seen.Accepted = false
		seen.Came += " (asks for a card again)"
	}
	if v.SignedIn != "" && !v.b.Shows(v.SignedIn) {
		seen.Accepted = false
	}
	return seen, nil
}

// answer is what somebody sends in place of the card's answer.
type answer func(ctx context.Context, v *visit) ([]byte, error)

// laid is the honest answer.
func laid(ctx context.Context, v *visit) ([]byte, error) {
	return v.card(ctx, v.asks.Origin, v.asks.Nonce)
}

// spoilt is the honest answer, otherwise.
func spoilt(how func(v *visit, t *forge.Token) error) answer {
	return func(ctx context.Context, v *visit) ([]byte, error) {
		t, err := v.token(ctx)
		if err == nil {
			err = how(v, &t)
		}
		if err != nil {
			return nil, err
		}
		return t.Text()
	}
}

// tries makes a case of one visit with one answer.
func (p *Party) tries(id string, want conform.Expectation, with answer) conform.Case {
	return conform.Case{ID: id, Words: words(id), Expected: want, Try: func(ctx context.Context) (conform.Seen, error) {
		v, err := p.visits(ctx)
		if err != nil {
			return conform.Seen{}, err
		}
		token, err := with(ctx, v)
		if err != nil {
			return conform.Seen{}, err
		}
		return v.sends(ctx, token)
	}}
}

func (p *Party) accepts(id string, with answer) conform.Case {
	return p.tries(id, conform.Accept, with)
}
func (p *Party) refuses(id string, with answer) conform.Case {
	return p.tries(id, conform.Refuse, with)
}

// swapped is the honest answer with another certificate for the same key, made from the honest one.
func swapped(how forged) answer {
	return spoilt(func(v *visit, t *forge.Token) error {
		honest, err := t.Holder()
		if err == nil {
			t.Certificate, err = how(v.Town, honest)
		}
		return err
	})
}
