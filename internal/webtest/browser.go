package webtest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
)

// Browser is somebody's browser, or a program that keeps cookies like one. It
// follows redirects, but not to another host: what leads out of a house is
// seen in the page's header. Whatever fails on the way ends the test.
type Browser struct {
	t testing.TB
	// URL stands before every path; it may be empty where paths are whole URLs.
	URL string
	http.Client
}

// NewBrowser gives a browser without cookies, before the house at url.
func NewBrowser(t testing.TB, url string) *Browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	Must(t, err)
	return &Browser{t: t, URL: url, Client: http.Client{Jar: jar, CheckRedirect: withinTheHouse}}
}

func withinTheHouse(to *http.Request, via []*http.Request) error {
	if to.URL.Host != via[0].URL.Host || len(via) >= 10 {
		return http.ErrUseLastResponse
	}
	return nil
}

// WithoutRedirects is the same browser, with the same cookies, when it shows a
// redirect instead of following it.
func (b *Browser) WithoutRedirects() *Browser {
	c := *b
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &c
}

// Sends makes a request as a browser makes it for a page, and reads the answer;
// headers are names and values, and replace the browser's own.
func (b *Browser) Sends(method, path, body string, headers ...string) Page {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.URL+path, strings.NewReader(body))
	Must(b.t, err)
	r.Header.Set("Accept", "text/html,application/xhtml+xml")
	for i := 0; i < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		}
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := b.Do(r)
	Must(b.t, err)
	defer resp.Body.Close()
	read, err := io.ReadAll(resp.Body)
	Must(b.t, err)
	return Page{t: b.t, Status: resp.StatusCode, Method: method, URL: resp.Request.URL, Header: resp.Header, Body: string(read)}
}

// Visits opens a page.
func (b *Browser) Visits(path string, headers ...string) Page {
	b.t.Helper()
	return b.Sends(http.MethodGet, path, "", headers...)
}

// Fills sends a form of names and values.
func (b *Browser) Fills(path string, pairs ...string) Page {
	b.t.Helper()
	return b.Posts(path, Form(pairs...))
}

// Posts sends a form with headers of its own.
func (b *Browser) Posts(path string, form url.Values, headers ...string) Page {
	b.t.Helper()
	headers = append([]string{"Content-Type", "application/x-www-form-urlencoded"}, headers...)
	return b.Sends(http.MethodPost, path, form.Encode(), headers...)
}

// Form makes a form of names and values; a name may come more than once.
func Form(pairs ...string) url.Values {
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return form
}

// Calls sends JSON as a program does, and reads the answer, also that of a
// refusal, into out if that is not nil. A string is sent as it stands, nil as no
// body.
func (b *Browser) Calls(method, path string, in, out any, headers ...string) Page {
	b.t.Helper()
	var body bytes.Buffer
	if raw, ok := in.(string); ok {
		body.WriteString(raw)
	} else if in != nil {
		Must(b.t, json.NewEncoder(&body).Encode(in))
	}
	headers = append([]string{"Accept", "application/json", "Content-Type", "application/json"}, headers...)
	p := b.Sends(method, path, body.String(), headers...)
	if out != nil {
		p.JSON(out)
	}
	return p
}

// Bearer is the header of a program that has a key.
func Bearer(key string) []string { return []string{"Authorization", "Bearer " + key} }
