package citizen

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"unicode"

	"golang.org/x/net/html"
)

// Seen is the page that is shown.
type Seen struct {
	URL     string `json:"url"`
	Status  int    `json:"status"` // 0 if nothing answers at URL
	Heading string `json:"heading"`
	// Refused says that it is a page that refuses, as houses of this town show it.
	Refused bool `json:"refused,omitempty"`
	// Reason says why: the OAuth error in URL (RFC 6749 §4.1.2.1), and what the page says. It is there
	// with Refused, and with such an error at a page that does not refuse.
	Reason  string            `json:"reason,omitempty"`
	Cookies map[string]string `json:"cookies,omitempty"` // that go with the next request there
}

// Seen describes the page that is shown.
func (b *Browser) Seen() Seen {
	p := b.shown
	s := Seen{URL: p.at.String(), Status: p.status, Heading: p.heading(), Cookies: map[string]string{}}
	s.Refused = s.Status >= http.StatusBadRequest || find(p.root, func(n *html.Node) bool { return valueOf(n, "class") == "refusal" }) != nil
	s.Reason = p.oauthError()
	if s.Refused {
		s.Reason = strings.TrimPrefix(s.Reason+": "+p.says(), ": ")
	}
	s.Reason = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) { // a terminal would obey it
			return ' '
		}
		return r
	}, s.Reason)
	for _, c := range b.client.Jar.Cookies(p.at) {
		s.Cookies[c.Name] = c.Value
	}
	return s
}

// oauthError gives the error and its description that an authorization server sent here with; empty
// for none.
func (p page) oauthError() string {
	q := p.at.Query()
	if described := q.Get("error_description"); described != "" && q.Get("error") != "" {
		return q.Get("error") + " (" + described + ")"
	}
	return q.Get("error")
}

// longestReason bounds what is quoted of an answer that is no page, in characters.
const longestReason = 200

// says gives what a page says in a line, and never nothing: its heading, the detail of a problem
// (RFC 9457), the start of any other answer, and else its status.
func (p page) says() string {
	if said := p.heading(); said != "" {
		return said
	}
	status := strings.TrimSpace(fmt.Sprintf("HTTP %d %s", p.status, http.StatusText(p.status)))
	var problem struct{ Title, Detail string }
	said := strings.Join(strings.Fields(p.text), " ")
	if json.Unmarshal([]byte(p.text), &problem) == nil && problem.Title+problem.Detail != "" {
		said = strings.TrimSpace(problem.Title + " " + problem.Detail)
	}
	if said == "" {
		return status
	}
	if r := []rune(said); len(r) > longestReason {
		said = string(r[:longestReason]) + "…"
	}
	return status + ": " + said
}
