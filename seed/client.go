package seed

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"time"
)

// Doors are the front doors that the world is planted through, by house: base
// URLs without a trailing slash. A house without one is left out of the story.
type Doors struct {
	Peer   map[string]string // at which the houses are called
	Public map[string]string // the origins of their pages
	// Keys open the houses' own interfaces: OFFICER the municipal counter, WRITER
	// the card workshop, PLATFORM_STAFF, CATV_STAFF and MEDICAL_…_STAFF those of the staff.
	Keys map[string]string
}

// maxAnswer bounds how much of an answer is read.
const maxAnswer = 4 << 20

// refused is an answer outside 2xx.
type refused struct {
	Method, URL string
	Status      int
	Body        string
}

// Error returns the request and the answer.
func (r *refused) Error() string {
	return fmt.Sprintf("seed: %s %s: HTTP %d: %s", r.Method, r.URL, r.Status, r.Body)
}

// caller sends JSON to one house and reads JSON.
type caller struct {
	base, key string
	officer   string // who acts at the counter, for its journal
	client    *http.Client
}

// as returns a caller that acts as an officer.
func (c *caller) as(officer string) *caller {
	named := *c
	named.officer = officer
	return &named
}

func newCaller(base, key string) (*caller, error) {
	jar, err := cookiejar.New(nil)
	return &caller{base: base, key: key, client: &http.Client{Jar: jar, Timeout: 30 * time.Second}}, err
}

// call sends in (nil for no body) and decodes the answer into out (nil to discard
// it). A status outside 2xx is a *refused error.
func (c *caller) call(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(b)
	}
	r, err := http.NewRequestWithContext(ctx, method, c.base+path, body)
	if err != nil {
		return err
	}
	if in != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set("Accept", "application/json")
	if c.key != "" {
		r.Header.Set("Authorization", "Bearer "+c.key)
	}
	if c.officer != "" {
		r.Header.Set("JPKI-Officer", c.officer)
	}
	resp, err := c.client.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return err
	}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return &refused{Method: method, URL: c.base + path, Status: resp.StatusCode, Body: string(answer)}
	}
	if out == nil || len(answer) == 0 {
		return nil
	}
	return json.Unmarshal(answer, out)
}
