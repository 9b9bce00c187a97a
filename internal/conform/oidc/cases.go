package oidc

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"example.jp/jpkimock/internal/conform"
)

// answers are the cases of what the browser brings back.
func (c *Client) answers() []conform.Case {
	set := func(name, value string) wrong {
		return wrong{answer: func(q url.Values) { q.Set(name, value) }}
	}
	return []conform.Case{
		c.refuses("OC-10", set("state", "another-state")),
		c.refuses("OC-11", wrong{answer: func(q url.Values) { q.Del("state") }}),
		c.does("OC-12", conform.Refuse, c.mixedUp),
		c.refuses("OC-13", set("iss", "https://other-provider.example")),
		c.refuses("OC-14", wrong{answer: func(q url.Values) {
			q.Del("code")
			q.Set("error", "access_denied")
		}}),
		c.does("OC-15", conform.Refuse, c.replay),
	}
}

// mixedUp brings the answer to one browser's sign-in to another browser.
func (c *Client) mixedUp(ctx context.Context) (conform.Seen, error) {
	if _, _, err := c.signsIn(ctx, wrong{hold: true}); err != nil {
		return conform.Seen{}, err
	}
	other, err := c.browser()
	if err != nil {
		return conform.Seen{}, err
	}
	return c.comesBack(ctx, other.Goes, func(err error) conform.Seen { return c.sees(other, err) })
}

// replay brings the same answer a second time, with the cookies of the first time.
func (c *Client) replay(ctx context.Context) (conform.Seen, error) {
	b, _, err := c.signsIn(ctx, wrong{hold: true})
	if err != nil {
		return conform.Seen{}, err
	}
	again, err := b.Copy(c.Start)
	if err != nil {
		return conform.Seen{}, err
	}
	first, err := c.comesBack(ctx, b.Goes, func(err error) conform.Seen { return c.sees(b, err) })
	if err != nil || !first.Accepted {
		return conform.Seen{Accepted: true, Came: "the first time: " + first.Came}, err
	}
	return c.comesBack(ctx, again.Goes, func(err error) conform.Seen { return c.sees(again, err) })
}

// comesBack goes where the provider would have sent the browser.
func (c *Client) comesBack(ctx context.Context, goes func(context.Context, string) error, sees func(error) conform.Seen) (conform.Seen, error) {
	c.Provider.mu.Lock()
	to := c.Provider.held
	c.Provider.mu.Unlock()
	if to == "" {
		return conform.Seen{}, errNotAsked
	}
	seen := sees(goes(ctx, to))
	return seen, ctx.Err()
}

// claim changes one claim of the ID token; nil takes it away.
func claim(name string, value any) wrong {
	return wrong{claims: func(_, claims map[string]any) {
		if value == nil {
			delete(claims, name)
			return
		}
		claims[name] = value
	}}
}

// strangerSigns signs with a key that nobody publishes.
func strangerSigns(input string) string {
	stranger, err := newKey()
	if err != nil {
		return "" // no token at all is no token either
	}
	return stranger.signs(input)
}

// tokens are the cases of ID tokens with one fault.
func (c *Client) tokens() []conform.Case {
	return []conform.Case{
		c.refuses("OC-20", wrong{signed: func(_ *Provider, input, signature string) string {
			header, _, _ := strings.Cut(input, ".")
			return header + "." + altered(input) + "." + signature
		}, subject: somebodyElse}), // as userinfo would have it
		c.refuses("OC-21", wrong{signed: func(_ *Provider, input, signature string) string {
			return strangerSigns(input)
		}}),
		c.refuses("OC-22", wrong{claims: func(header, _ map[string]any) { header["kid"] = "unknown" }, signed: func(_ *Provider, input, _ string) string {
			return strangerSigns(input)
		}}),
		c.refuses("OC-23", wrong{claims: func(header, _ map[string]any) { header["alg"] = "none" }, signed: func(_ *Provider, input, _ string) string { return input + "." }}),
		c.refuses("OC-24", wrong{claims: func(header, _ map[string]any) { header["alg"] = "HS256" }, signed: func(p *Provider, input, _ string) string {
			return input + "." + p.key.shared(input)
		}}),
		c.refuses("OC-25", claim("iss", "https://other-provider.example")),
		c.refuses("OC-26", claim("aud", "another-client")),
		c.refuses("OC-27", claim("nonce", "another-nonce")),
		c.refuses("OC-28", claim("nonce", nil)),
		c.refuses("OC-29", wrong{claims: func(_, claims map[string]any) {
			now := c.Provider.now()
			claims["iat"], claims["exp"] = now.Add(-2*time.Hour).Unix(), now.Add(-time.Hour).Unix()
		}}),
		c.refuses("OC-30", claim("sub", nil)),
		c.refuses("OC-31", claim("exp", nil)),
		c.does("OC-32", conform.Refuse, c.swapped),
	}
}

// somebodyElse is another subject than that of the ID token.
const somebodyElse = "somebody-else"

// swapped has userinfo tell of somebody else (OpenID Connect Core 1.0 §5.3.2).
func (c *Client) swapped(ctx context.Context) (conform.Seen, error) {
	_, seen, err := c.signsIn(ctx, wrong{subject: somebodyElse})
	c.Provider.mu.Lock()
	defer c.Provider.mu.Unlock()
	if !c.Provider.told {
		return conform.Seen{Came: "userinfo was not asked"}, err
	}
	return seen, err
}

// keys are the cases of a provider that changes its key.
func (c *Client) keys() []conform.Case {
	var retired *key
	return []conform.Case{
		c.does("OC-40", conform.Accept, func(ctx context.Context) (seen conform.Seen, err error) {
			if retired, err = c.Provider.rotate(); err != nil {
				return conform.Seen{}, err
			}
			_, seen, err = c.signsIn(ctx, wrong{})
			return seen, err
		}),
		c.does("OC-41", conform.Refuse, func(ctx context.Context) (conform.Seen, error) {
			if retired == nil {
				return conform.Seen{}, errNotAsked
			}
			_, seen, err := c.signsIn(ctx, wrong{
				claims: func(header, _ map[string]any) { header["kid"] = retired.id },
				signed: func(_ *Provider, input, _ string) string { return retired.signs(input) },
			})
			return seen, err
		}),
	}
}

// failures are the cases of a token endpoint that gives no ID token.
func (c *Client) failures() []conform.Case {
	says := func(status int, what any) wrong {
		return wrong{token: func(w http.ResponseWriter) { write(w, status, what) }}
	}
	return []conform.Case{
		c.refuses("OC-50", says(http.StatusBadRequest, map[string]string{"error": "invalid_grant"})),
		c.refuses("OC-51", says(http.StatusServiceUnavailable, map[string]string{"error": "server_error"})),
		c.refuses("OC-52", wrong{token: func(http.ResponseWriter) { panic(http.ErrAbortHandler) }}), // net/http closes the connection
		c.refuses("OC-53", wrong{response: func(answer map[string]any) { delete(answer, "id_token") }}),
		c.refuses("OC-54", says(http.StatusOK, "no object")),
	}
}
