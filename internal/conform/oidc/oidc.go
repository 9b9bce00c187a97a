// Package oidc has the cases of an OpenID Connect client, a service that lets people sign in at the
// common platform. The run is the platform, and the browser of one person.
package oidc

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"example.jp/jpkimock/internal/citizen"
	"example.jp/jpkimock/internal/conform"
)

// Profile is its name.
const Profile = "oidc-client"

// Client is the client that is tested.
type Client struct {
	Provider *Provider
	// Start is the URL that leads to the provider.
	Start string
	// SignedIn is what the page says to who has signed in; empty where any page of the client
	// will do that does not refuse.
	SignedIn string
	// Keys verify the client's assertions; empty where their signature is not looked at.
	Keys     Keys
	Language string // of the pages: "ja", "en"
	HTTP     http.RoundTripper
	// Restart starts the client anew, so that it asks for the discovery document again; nil where
	// the run does not start the client.
	Restart func(context.Context) error
}

// Suite gives the cases.
func (c *Client) Suite() conform.Suite {
	cases := []conform.Case{c.accepts("OC-01", wrong{}), c.accepts("OC-02", wrong{})}
	cases = append(cases, c.requests()...)
	cases = append(cases, c.answers()...)
	cases = append(cases, c.tokens()...)
	cases = append(cases, c.keys()...)
	cases = append(cases, c.failures()...)
	cases = append(cases, c.does("OC-60", conform.Refuse, c.impostor))
	return conform.Suite{Profile: Profile, Target: c.Start, Cases: append(cases, c.accepts("OC-99", wrong{}))}
}

func (c *Client) browser() (*citizen.Browser, error) {
	b, err := citizen.NewBrowser(c.HTTP)
	if err == nil && c.Language != "" {
		b.Language = c.Language
	}
	return b, err
}

// sees looks at the page that came in the end. No answer is a refusal.
func (c *Client) sees(b *citizen.Browser, err error) conform.Seen {
	if err != nil {
		return conform.Seen{Came: "no answer: " + err.Error()}
	}
	page := b.Seen()
	accepted := !page.Refused && (c.SignedIn == "" || b.Shows(c.SignedIn))
	at, err := url.Parse(page.URL)
	if err == nil && at.RawQuery != "" {
		at.RawQuery = "…" // a code and a state say nothing to the reader
		page.URL = at.Scheme + "://" + at.Host + at.Path + "?…"
	}
	return conform.Seen{Accepted: accepted, Came: fmt.Sprintf("HTTP %d at %s: %s", page.Status, page.URL, page.Heading)}
}

// signsIn has somebody follow the start URL to wherever it leads.
func (c *Client) signsIn(ctx context.Context, w wrong) (*citizen.Browser, conform.Seen, error) {
	c.Provider.begin(w)
	b, err := c.browser()
	if err != nil {
		return nil, conform.Seen{}, err
	}
	return b, c.sees(b, b.Goes(ctx, c.Start)), ctx.Err()
}

// tries makes a case of one sign-in with a fault.
func (c *Client) tries(id string, want conform.Expectation, w wrong) conform.Case {
	return c.does(id, want, func(ctx context.Context) (conform.Seen, error) {
		_, seen, err := c.signsIn(ctx, w)
		return seen, err
	})
}

func (c *Client) does(id string, want conform.Expectation, try func(context.Context) (conform.Seen, error)) conform.Case {
	return conform.Case{ID: id, Words: words(id), Expected: want, Try: try}
}

func (c *Client) accepts(id string, w wrong) conform.Case { return c.tries(id, conform.Accept, w) }
func (c *Client) refuses(id string, w wrong) conform.Case { return c.tries(id, conform.Refuse, w) }
