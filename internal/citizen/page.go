package citizen

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// MostPages bounds how far a page may lead on by itself, and longestPage what is read of one,
// in octets.
const (
	MostPages   = 10
	longestPage = 4 << 20
)

// page is what a browser shows.
type page struct {
	at     *url.URL
	status int
	root   *html.Node // nil for what is no page
	text   string     // its words; all of it for what is no page
}

// opens goes where a request leads, and where the page there leads on by itself.
func (b *Browser) opens(ctx context.Context, method, address string, form url.Values) (page, error) {
	var shown page
	for range MostPages {
		var next string
		var err error
		shown, next, err = b.open(ctx, method, address, form)
		if err != nil || next == "" {
			return shown, err
		}
		method, address, form = http.MethodGet, next, nil
	}
	return shown, fmt.Errorf("more than %d pages lead on by themselves", MostPages)
}

// open makes one request. next is where the header Refresh leads, for a page that goes on.
func (b *Browser) open(ctx context.Context, method, address string, form url.Values) (shown page, next string, err error) {
	var body io.Reader
	if method == http.MethodPost {
		body = strings.NewReader(form.Encode())
	} else if form != nil {
		address += "?" + form.Encode()
	}
	r, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		return page{}, "", err
	}
	r.Header.Set("Accept", "text/html,application/xhtml+xml,*/*;q=0.1")
	r.Header.Set("Accept-Language", b.Language)
	if body != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return b.fetch(r)
}

// fetch makes a request that is ready. If nothing answers, the page has the address that was asked.
func (b *Browser) fetch(r *http.Request) (shown page, next string, err error) {
	answer, err := b.client.Do(r)
	if err != nil {
		return page{at: asked(r, err)}, "", err
	}
	defer answer.Body.Close()
	read, err := io.ReadAll(io.LimitReader(answer.Body, longestPage))
	if err != nil {
		return page{at: answer.Request.URL, status: answer.StatusCode}, "", err
	}
	shown = page{at: answer.Request.URL, status: answer.StatusCode, text: string(read)}
	if kind, _, _ := mime.ParseMediaType(answer.Header.Get("Content-Type")); kind == "text/html" {
		if shown.root, err = html.Parse(bytes.NewReader(read)); err != nil {
			return page{}, "", err
		}
		shown.text = words(shown.root)
	}
	if _, to, ok := strings.Cut(answer.Header.Get("Refresh"), "url="); ok {
		at, err := shown.at.Parse(to)
		if err != nil {
			return page{}, "", err
		}
		next = at.String()
	}
	return shown, next, nil
}

// asked gives the address that a failed request asked last, after redirects.
func asked(r *http.Request, err error) *url.URL {
	if failed, ok := errors.AsType[*url.Error](err); ok {
		if at, err := url.Parse(failed.URL); err == nil {
			return at
		}
	}
	return r.URL
}

// find returns the first element that fits, in the order of the document; nil if none does.
func find(in *html.Node, fits func(*html.Node) bool) *html.Node {
	if in == nil {
		return nil
	}
	for n := range in.Descendants() {
		if n.Type == html.ElementNode && fits(n) {
			return n
		}
	}
	return nil
}

// attribute returns the value of an attribute of an element.
func attribute(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Namespace == "" && a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

func valueOf(n *html.Node, name string) string {
	v, _ := attribute(n, name)
	return v
}

// words gives the text of an element, with single spaces.
func words(n *html.Node) string {
	if n == nil {
		return ""
	}
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// heading gives the page's first heading, or else its title.
func (p page) heading() string {
	for _, name := range []string{"h1", "title"} {
		if said := words(find(p.root, func(n *html.Node) bool { return n.Data == name })); said != "" {
			return said
		}
	}
	return ""
}

// fields gives what a form sends, but for its buttons.
func fields(form *html.Node) url.Values {
	all := url.Values{}
	for n := range form.Descendants() {
		name := valueOf(n, "name")
		if n.Type != html.ElementNode || n.Data != "input" || name == "" {
			continue
		}
		switch _, checked := attribute(n, "checked"); valueOf(n, "type") {
		case "submit", "button", "image", "reset", "file":
		case "checkbox", "radio":
			if checked {
				all.Add(name, valueOf(n, "value"))
			}
		default:
			all.Add(name, valueOf(n, "value"))
		}
	}
	return all
}

// errNoForm says that a button belongs to no form.
var errNoForm = errors.New("the button belongs to no form")

// submits sends a form, as if by a button; nil for none.
func (b *Browser) submits(ctx context.Context, from page, form, button *html.Node, sent url.Values) (page, error) {
	if form == nil {
		return page{}, errNoForm
	}
	action := valueOf(form, "action")
	method := strings.ToUpper(valueOf(form, "method"))
	if button != nil {
		if to, ok := attribute(button, "formaction"); ok {
			action = to
		}
		if name := valueOf(button, "name"); name != "" {
			sent.Add(name, valueOf(button, "value"))
		}
	}
	to, err := from.at.Parse(action)
	if err != nil {
		return page{}, err
	}
	if method != http.MethodPost {
		method = http.MethodGet
	}
	return b.opens(ctx, method, to.String(), sent)
}

// formOf returns the form around an element, or the one that it names.
func (p page) formOf(n *html.Node) *html.Node {
	if id := valueOf(n, "form"); id != "" {
		return find(p.root, func(f *html.Node) bool { return f.Data == "form" && valueOf(f, "id") == id })
	}
	for n = n.Parent; n != nil; n = n.Parent {
		if n.Type == html.ElementNode && n.Data == "form" {
			return n
		}
	}
	return nil
}
