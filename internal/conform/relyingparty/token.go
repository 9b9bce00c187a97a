package relyingparty

import (
	"context"
	"crypto/rand"
	"encoding/base64"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/conform"
	"example.jp/jpkimock/internal/conform/forge"
)

// sound are the cases without a fault.
func (p *Party) sound() []conform.Case {
	return []conform.Case{p.accepts("RP-01", laid), p.accepts("RP-02", laid)}
}

// tokens are the cases about what a card signs.
func (p *Party) tokens() []conform.Case {
	return []conform.Case{
		p.refuses("RP-10", func(ctx context.Context, v *visit) ([]byte, error) {
			return v.card(ctx, "https://phishing.example", v.asks.Nonce)
		}),
		p.refuses("RP-11", otherVisit),
		p.refuses("RP-12", func(ctx context.Context, v *visit) ([]byte, error) {
			nonce := make([]byte, 33)
			if _, err := rand.Read(nonce); err != nil {
				return nil, err
			}
			return v.card(ctx, v.asks.Origin, base64.StdEncoding.EncodeToString(nonce))
		}),
		p.replays("RP-13", false),
		p.replays("RP-14", true),
		p.refuses("RP-15", spoilt(func(_ *visit, t *forge.Token) error {
			t.Signature[len(t.Signature)-1] ^= 1
			return nil
		})),
		p.refuses("RP-16", spoilt(func(v *visit, t *forge.Token) error {
			key, err := v.Town.StrangersKey(jpki.UserAuthentication)
			if err == nil {
				*t, err = t.Sign(key, v.asks.Origin, v.asks.Nonce)
			}
			return err
		})),
		p.refuses("RP-17", spoilt(func(_ *visit, t *forge.Token) error { t.Algorithm = "none"; return nil })),
		p.refuses("RP-18", spoilt(func(_ *visit, t *forge.Token) error { t.Format = "web-eid:9.0"; return nil })),
		p.refuses("RP-19", func(context.Context, *visit) ([]byte, error) { return []byte("no token"), nil }),
	}
}

// otherVisit answers the nonce that was given to another browser.
func otherVisit(ctx context.Context, v *visit) ([]byte, error) {
	other, err := v.visits(ctx)
	if err != nil {
		return nil, err
	}
	return v.card(ctx, other.asks.Origin, other.asks.Nonce)
}

// replays sends an honest answer a second time: with the cookies of the first time, or at a later
// page of another browser.
func (p *Party) replays(id string, later bool) conform.Case {
	return conform.Case{ID: id, Words: words(id), Expected: conform.Refuse, Try: func(ctx context.Context) (conform.Seen, error) {
		v, err := p.visits(ctx)
		if err != nil {
			return conform.Seen{}, err
		}
		again := &visit{p, nil, v.asks}
		if later {
			again, err = p.visits(ctx)
		} else {
			again.b, err = v.b.Copy(p.Page)
		}
		if err != nil {
			return conform.Seen{}, err
		}
		token, err := v.card(ctx, v.asks.Origin, v.asks.Nonce)
		if err != nil {
			return conform.Seen{}, err
		}
		if first, err := v.sends(ctx, token); err != nil || !first.Accepted {
			return conform.Seen{Accepted: true, Came: "the first time: " + first.Came}, err
		}
		return again.sends(ctx, token)
	}}
}

// wrongKind is an answer with the digital signature certificate, and its key.
func wrongKind(ctx context.Context, v *visit) ([]byte, error) {
	t, err := v.token(ctx)
	if err != nil {
		return nil, err
	}
	if t.Certificate, err = v.Town.Certificate(ctx, jpki.DigitalSignature); err != nil {
		return nil, err
	}
	key, err := v.Town.HolderKey(jpki.DigitalSignature)
	if err != nil {
		return nil, err
	}
	if t, err = t.Sign(key, v.asks.Origin, v.asks.Nonce); err != nil {
		return nil, err
	}
	return t.Text()
}
