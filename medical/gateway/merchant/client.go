package merchant

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"example.jp/jpkimock/internal/peer"
)

// Client asks the gateway for a merchant. Each act has the idempotency key of its order or
// refund, so that it may be asked again. URL and Key are required.
type Client struct{ URL, Key string }

// Challenge gets a challenge for whoever pays an order.
func (c Client) Challenge(ctx context.Context, o Order) (string, error) {
	var out Challenge
	err := c.call(ctx, "/v1/challenges", "", o, &out)
	return out.Nonce, err
}

// Authorise reserves an amount (与信).
func (c Client) Authorise(ctx context.Context, in Charge) (out Payment, err error) {
	if !json.Valid(in.Token) {
		in.Token = []byte("null") // what is no JSON is no card's answer either
	}
	return out, c.call(ctx, "/v1/payments", "authorise "+in.Order, in, &out)
}

// Capture charges what was reserved (売上).
func (c Client) Capture(ctx context.Context, order string) (out Payment, err error) {
	return out, c.call(ctx, "/v1/captures", "capture "+order, Order{Order: order}, &out)
}

// Cancel sees to it that an order is not charged (取消).
func (c Client) Cancel(ctx context.Context, order string) (out Payment, err error) {
	return out, c.call(ctx, "/v1/cancellations", "cancel "+order, Order{Order: order}, &out)
}

// Refund gives some or all back (返金).
func (c Client) Refund(ctx context.Context, in Reversal) (out Payment, err error) {
	return out, c.call(ctx, "/v1/refunds", "refund "+in.Refund, in, &out)
}

// Order asks how an order stands.
func (c Client) Order(ctx context.Context, order string) (out Payment, err error) {
	return out, c.call(ctx, "/v1/orders", "", Order{Order: order}, &out)
}

// call asks. What the gateway refuses, so that nothing was done, is a *Refused; after any
// other error nobody knows.
func (c Client) call(ctx context.Context, path, key string, in, out any) error {
	p := peer.New(c.URL, c.Key)
	p.Header = http.Header{"Idempotency-Key": {key}}
	err := p.Post(ctx, path, in, out)
	said, ok := errors.AsType[*peer.Refused](err)
	if ok && said.Code != "" && said.Code != "fault" && (said.Status < 500 || said.Status == http.StatusServiceUnavailable) {
		return &Refused{said.Code}
	}
	return err
}

// Deliver posts a notice of the gateway's to a merchant, signed at a time.
func Deliver(ctx context.Context, url, secret string, at time.Time, body []byte) error {
	p := peer.New(url, "")
	p.Header = http.Header{Header: {Sign(secret, at, body)}}
	return p.Post(ctx, "", json.RawMessage(body), nil)
}
