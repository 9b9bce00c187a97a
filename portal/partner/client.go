package partner

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Client is a partner as the portal reaches it. HTTP bounds how long it waits.
type Client struct {
	URL  string // of the interface, without a slash at the end
	Key  string // the portal's key at the partner
	HTTP *http.Client
}

// NewClient reaches a partner, waiting ten seconds at most for an answer.
func NewClient(url, key string) Client {
	return Client{URL: strings.TrimRight(url, "/"), Key: key, HTTP: &http.Client{Timeout: 10 * time.Second}}
}

// Refused is what a partner refuses for good. Every other error is silence, whatever
// it consists in: the same question may be asked again.
type Refused struct {
	Status int    `json:"status"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

// Error gives the code and the detail.
func (r *Refused) Error() string {
	return fmt.Sprintf("partner: refused: %s (%d): %s", r.Code, r.Status, r.Detail)
}

// Connect connects a customer.
func (c Client) Connect(ctx context.Context, to Connection) error {
	return c.call(ctx, http.MethodPost, "/v1/connections", to, nil)
}

// Disconnect ends a connection. One that is not there has ended.
func (c Client) Disconnect(ctx context.Context, customer string) error {
	return c.call(ctx, http.MethodDelete, "/v1/connections/"+url.PathEscape(customer), nil, nil)
}

// addressQuestion asks whether an address is the registered one.
type addressQuestion struct {
	Customer string `json:"customer"`
	Address  string `json:"address"`
}

type addressAnswer struct {
	Same bool `json:"same"`
}

// SameAddress asks whether a partner has this address of a connected customer. The
// partner says yes or no, and not what it has.
func (c Client) SameAddress(ctx context.Context, customer, address string) (bool, error) {
	var out addressAnswer
	err := c.call(ctx, http.MethodPost, "/v1/addresses", addressQuestion{customer, address}, &out)
	return out.Same, err
}

// Deliver delivers an application. It may be repeated: the partner takes it once.
func (c Client) Deliver(ctx context.Context, a Application) (Receipt, error) {
	return c.receipt(ctx, a.ID, http.MethodPost, "/v1/applications", a)
}

// Receipt asks how an application stands.
func (c Client) Receipt(ctx context.Context, id string) (Receipt, error) {
	return c.receipt(ctx, id, http.MethodGet, "/v1/applications/"+url.PathEscape(id), nil)
}

type answerBody struct {
	Answer string `json:"answer"`
}

// Answer gives the citizen's answer to what was asked back. It may be repeated.
func (c Client) Answer(ctx context.Context, id, answer string) (Receipt, error) {
	return c.receipt(ctx, id, http.MethodPost, "/v1/applications/"+url.PathEscape(id)+"/answers", answerBody{answer})
}

func (c Client) receipt(ctx context.Context, id, method, path string, in any) (Receipt, error) {
	var r Receipt
	if err := c.call(ctx, method, path, in, &r); err != nil {
		return Receipt{}, err
	}
	return r, r.Check(id)
}

// Keys asks for the JWK Set by which the partner's notices are verified.
func (c Client) Keys(ctx context.Context) (json.RawMessage, error) {
	var set json.RawMessage
	err := c.call(ctx, http.MethodGet, "/v1/keys", nil, &set)
	return set, err
}

// PostBox is the post-office boxes of a portal (電子私書箱), as a sender of notices reaches
// them: package postbox has the OpenAPI file.
type PostBox struct{ portal Client }

// NewPostBox reaches the post-office boxes of the portal at a URL. The seal of a notice
// says who sends it: no key is needed.
func NewPostBox(portal string) PostBox { return PostBox{NewClient(portal, "")} }

// Deliver delivers a notice that was sealed within the hour. One that is sealed anew with
// the same ID and content is not delivered again.
func (b PostBox) Deliver(ctx context.Context, sealed string) error {
	return b.portal.call(ctx, http.MethodPost, "/postbox/v1/letters", map[string]string{"notice": sealed}, nil)
}

// call sends a request. A status of 4xx with a code is a *Refused, unless it is about
// the caller rather than about what was asked.
func (c Client) call(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(b)
	}
	r, err := http.NewRequestWithContext(ctx, method, c.URL+path, body)
	if err != nil {
		return err
	}
	if in != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set("Accept", "application/json")
	if c.Key != "" {
		r.Header.Set("Authorization", "Bearer "+c.Key)
	}
	resp, err := c.HTTP.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, MaxBody))
	switch {
	case err != nil:
		return err
	case resp.StatusCode/100 == 2 && out != nil:
		return json.Unmarshal(text, out)
	case resp.StatusCode/100 == 2:
		return nil
	}
	refused := &Refused{}
	switch resp.StatusCode {
	case http.StatusBadRequest, http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity:
		if json.Unmarshal(text, refused) == nil && refused.Code != "" {
			refused.Status = resp.StatusCode
			return refused
		}
	}
	return fmt.Errorf("partner: %s answered %s", path, resp.Status)
}
