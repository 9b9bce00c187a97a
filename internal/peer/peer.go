// Package peer is how the server of a house asks another house: JSON with a bearer key, a
// bounded time and a bounded answer, read as strictly as a request is.
//
//	platform := peer.New(url, key)
//	err := platform.Post(ctx, "/v1/confirmations", question, &answer)
//	if refused, ok := errors.AsType[*peer.Refused](err); ok && refused.Code == "no_member" {
//		…
//	}
//
// What the peer refuses is a *Refused. Every other error is its silence, whatever it
// consists in: no connection, no answer in time, or one that is not JSON.
package peer

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/tracing/carry"
)

// Bounds of a call, unless a Peer says otherwise.
const (
	Time      = 10 * time.Second
	MaxAnswer = 1 << 20 // octets
)

// Peer is another house.
type Peer struct {
	// URL is the start of its addresses, without a slash at the end.
	URL string
	// Key is sent as a bearer token; empty for none.
	Key string
	// Header is sent with every request besides.
	Header http.Header
	// HTTP makes the requests; it has a time limit. New follows no redirect: a key is for
	// the address that it was configured for.
	HTTP *http.Client
	// MaxAnswer bounds an answer, in octets; 0 for the constant.
	MaxAnswer int64
}

// New reaches a house at a URL with a key.
func New(url, key string) *Peer {
	return &Peer{URL: strings.TrimRight(url, "/"), Key: key, HTTP: &http.Client{
		Transport: carry.Transport{}, Timeout: Time, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Refused is an answer outside 2xx.
type Refused struct {
	Method, URL string
	Status      int
	// Code and Detail are those of the problem (RFC 9457) that was answered; empty where
	// there is none.
	Code, Detail string
	Body         []byte // as it came, with the members of the problem
}

// Error gives the request, and what was answered.
func (r *Refused) Error() string {
	if r.Code != "" {
		return fmt.Sprintf("%s %s: HTTP %d: %s: %s", r.Method, r.URL, r.Status, r.Code, r.Detail)
	}
	return fmt.Sprintf("%s %s: HTTP %d: %.200q", r.Method, r.URL, r.Status, r.Body)
}

// Get asks, and reads the answer into out.
func (p *Peer) Get(ctx context.Context, path string, out any) error {
	return p.Call(ctx, http.MethodGet, path, nil, out)
}

// Post sends in, and reads the answer into out.
func (p *Peer) Post(ctx context.Context, path string, in, out any) error {
	return p.Call(ctx, http.MethodPost, path, in, out)
}

// Call makes a request with the JSON of in, nil for no body, and reads the answer into
// out, nil to discard it. An empty answer leaves out as it is.
func (p *Peer) Call(ctx context.Context, method, path string, in, out any) error {
	r, err := p.request(ctx, method, path, in)
	if err != nil {
		return err
	}
	resp, err := p.HTTP.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := p.read(resp.Body)
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, r.URL, err)
	}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return refusal(r, resp, body)
	}
	if out == nil || len(body) == 0 {
		return nil
	}
	if err := decode(body, out); err != nil {
		return fmt.Errorf("%s %s: %w", method, r.URL, err)
	}
	return nil
}

func (p *Peer) request(ctx context.Context, method, path string, in any) (*http.Request, error) {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(b)
	}
	r, err := http.NewRequestWithContext(ctx, method, p.URL+path, body)
	if err != nil {
		return nil, err
	}
	for name, values := range p.Header {
		r.Header[name] = values
	}
	r.Header.Set("Accept", "application/json")
	if in != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if p.Key != "" {
		r.Header.Set("Authorization", "Bearer "+p.Key)
	}
	return r, nil
}

// read reads an answer whole.
func (p *Peer) read(from io.Reader) ([]byte, error) {
	most := p.MaxAnswer
	if most == 0 {
		most = MaxAnswer
	}
	body, err := io.ReadAll(io.LimitReader(from, most+1))
	if err == nil && int64(len(body)) > most {
		err = fmt.Errorf("the answer is larger than %d octets", most)
	}
	return body, err
}

// decode reads one JSON value. A member that is not known is passed over, so that a peer
// may say more one day; one that is given twice is not.
func decode(body []byte, out any) error {
	if err := door.CheckJSON(body); err != nil {
		return fmt.Errorf("the answer cannot be read: %w", err)
	}
	if err := json.Unmarshal(body, out); err != nil {
		return fmt.Errorf("the answer cannot be read: %w", err)
	}
	return nil
}

// refusal reads the problem in an answer outside 2xx, if there is one.
func refusal(r *http.Request, resp *http.Response, body []byte) *Refused {
	refused := &Refused{Method: r.Method, URL: r.URL.String(), Status: resp.StatusCode, Body: body}
	var problem struct {
		Code   string `json:"code"`
		Detail string `json:"detail"`
	}
	if decode(body, &problem) == nil {
		refused.Code, refused.Detail = problem.Code, problem.Detail
	}
	return refused
}
