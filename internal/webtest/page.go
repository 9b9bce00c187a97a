package webtest

import (
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// Page is an answer: its status, where the redirects led, and its body.
type Page struct {
	t      testing.TB
	Status int
	Method string // of the first request
	URL    *url.URL
	Header http.Header
	Body   string
}

// Path gives where the redirects led, with the query.
func (p Page) Path() string { return p.URL.RequestURI() }

// Says ends the test unless the page has the status, and fails it unless the page
// has all the texts, in its source or in what it shows.
func (p Page) Says(status int, texts ...string) Page {
	p.t.Helper()
	if p.Status != status {
		p.t.Fatalf("%s %s: status %d, want %d: %s", p.Method, p.Path(), p.Status, status, p.Words())
	}
	source := html.UnescapeString(p.Body)
	for _, text := range texts {
		if !strings.Contains(source, text) && !strings.Contains(p.Body, text) && !strings.Contains(p.Words(), text) {
			p.t.Errorf("%s %s does not say %q: %s", p.Method, p.Path(), text, p.Words())
		}
	}
	return p
}

// Lacks fails the test if the page has any of the texts, in its source or in what
// it shows.
func (p Page) Lacks(texts ...string) Page {
	p.t.Helper()
	for _, text := range texts {
		if strings.Contains(html.UnescapeString(p.Body), text) || strings.Contains(p.Words(), text) {
			p.t.Errorf("%s %s says %q", p.Method, p.Path(), text)
		}
	}
	return p
}

var unread = regexp.MustCompile(`(?s)<(script|style|svg).*?</(script|style|svg)>|<[^>]*>`)

// Words gives what the page shows: its text without tags, a space between words.
func (p Page) Words() string {
	return strings.Join(strings.Fields(html.UnescapeString(unread.ReplaceAllString(p.Body, " "))), " ")
}

// Attribute gives the first value of an attribute, of the page's main part if it
// has one.
func (p Page) Attribute(name string) string {
	p.t.Helper()
	part := p.Body
	if _, main, ok := strings.Cut(p.Body, "<main"); ok {
		part = main
	}
	return p.find(part, `\b`+name+`="([^"]*)"`, "attribute "+name)
}

// Text gives the text of the first element with a test id.
func (p Page) Text(testID string) string {
	p.t.Helper()
	return p.find(p.Body, `data-testid="`+testID+`"[^>]*>([^<]*)<`, "element "+testID)
}

// Field gives the value of a field that the page hands over by itself.
func (p Page) Field(name string) string {
	p.t.Helper()
	return p.find(p.Body, `name="`+name+`" value="([^"]*)"`, "field "+name)
}

func (p Page) find(part, pattern, what string) string {
	p.t.Helper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(part)
	if m == nil {
		p.t.Fatalf("%s %s (%d) has no %s: %s", p.Method, p.Path(), p.Status, what, p.Body)
	}
	return html.UnescapeString(m[1])
}

// JSON reads the answer.
func (p Page) JSON(into any) Page {
	p.t.Helper()
	if err := json.Unmarshal([]byte(p.Body), into); err != nil {
		p.t.Fatalf("%s %s (%d): %v: %s", p.Method, p.Path(), p.Status, err, p.Body)
	}
	return p
}

// Member gives a member of the answer, and nil if it is no object or has none of
// that name.
func (p Page) Member(name string) any {
	var all map[string]any
	if json.Unmarshal([]byte(p.Body), &all) != nil {
		return nil
	}
	return all[name]
}

// Refuses ends the test unless the answer has the status and the error code; an
// empty code allows any.
func (p Page) Refuses(status int, code string) Page {
	p.t.Helper()
	if p.Status != status || code != "" && p.Member("code") != code {
		p.t.Fatalf("%s %s: %d %s: want %d %s", p.Method, p.Path(), p.Status, p.Body, status, code)
	}
	return p
}
