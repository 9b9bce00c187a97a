package oidc

import (
	"context"
	"errors"
	"net/url"

	"example.jp/jpkimock/internal/conform"
)

// Why impostor does not apply to a client.
const (
	neverFinds = "the client does not ask for the discovery document"
	hasFound   = "the client did not ask for the discovery document again; --run lets the run start it anew"
)

// impostor has the discovery document name another issuer than the one at whose address it is
// (OpenID Connect Discovery 1.0 §4.3): once with answers and ID tokens of the configured issuer,
// and once with those of the other. A client that does not start with such a document refuses it.
func (c *Client) impostor(ctx context.Context) (seen conform.Seen, err error) {
	const other = "https://other-provider.example"
	defer func() {
		c.Provider.begin(wrong{})
		if c.Restart != nil {
			err = errors.Join(err, c.Restart(ctx))
		}
	}()
	own, others := wrong{names: other}, claim("iss", other)
	others.names, others.answer = other, func(q url.Values) { q.Set("iss", other) }
	for _, w := range []wrong{own, others} {
		c.Provider.begin(w)
		if c.Restart != nil {
			if err := c.Restart(ctx); err != nil {
				seen = conform.Seen{Came: "it does not start: " + err.Error()}
				continue
			}
		}
		b, err := c.browser()
		if err != nil {
			return conform.Seen{}, err
		}
		seen = c.sees(b, b.Goes(ctx, c.Start))
		switch {
		case ctx.Err() != nil:
			return conform.Seen{}, ctx.Err()
		case !c.Provider.wasFound() && c.Restart == nil:
			return conform.Seen{Skip: hasFound}, nil
		case !c.Provider.wasFound():
			return conform.Seen{Skip: neverFinds}, nil
		case seen.Accepted:
			return seen, nil
		}
	}
	return seen, ctx.Err()
}

// wasFound says whether the discovery document was asked for in this trial.
func (p *Provider) wasFound() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.found
}
