package latest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/internal/outgoing"
)

// The authority's addresses of the service.
const (
	ConsentsPath   = "/verifier/v1/latest/consents"
	DeliveriesPath = "/verifier/v1/latest/deliveries"
)

// maxAnswer bounds an answer of the authority, in octets.
const maxAnswer = 16 << 10

// Client asks the authority, as an accredited verifier. It may be used from any goroutine.
type Client struct {
	url, key string
	http     *http.Client
}

// New returns a Client. The address and the key are those of the kit's Linkage.
func New(cfg rp.LinkageConfig) (*Client, error) {
	if err := outgoing.CheckAddress(cfg.AuthorityURL); err != nil {
		return nil, fmt.Errorf("rp/latest: AuthorityURL: %w", err)
	}
	return &Client{url: strings.TrimRight(cfg.AuthorityURL, "/"), key: cfg.Key, http: outgoing.Client(cfg.Client, rp.DefaultTimeout)}, nil
}

// Submission is a signed consent on its way to the authority.
type Submission struct {
	Document []byte `json:"document"` // the XML
	CMS      []byte `json:"cms"`      // detached SignedData over it, DER
}

// Question asks for the latest data of the holder of a certificate.
type Question struct {
	Service string            `json:"service"`
	Serial  jpki.SerialNumber `json:"serial"`
}

// Consent hands a signed application to the authority, which verifies the signature and the
// certificate's status. The same application handed over twice is one consent. The error is
// a *RefusedError for what the authority refuses, and matches rp.ErrStatusUnavailable where
// it does not answer.
func (c *Client) Consent(ctx context.Context, document, cms []byte) (Consent, error) {
	var got Consent
	err := c.ask(ctx, http.MethodPost, ConsentsPath, Submission{document, cms}, &got)
	if err == nil && (got.Number == "" || got.Until.IsZero()) {
		err = unavailable(errors.New("an answer about no consent"))
	}
	return got, err
}

// State gives a consent as it stands now: a holder may withdraw it at the authority.
func (c *Client) State(ctx context.Context, number string) (Consent, error) {
	var got Consent
	err := c.ask(ctx, http.MethodGet, ConsentsPath+"/"+url.PathEscape(number), nil, &got)
	if err == nil && got.Number != number {
		err = unavailable(errors.New("an answer about another consent"))
	}
	return got, err
}

// Ask asks for the latest data of the holder of a digital signature certificate that was
// revoked. Asked again about the same change it gives the same, for no further fee. The error is a
// *RefusedError with one of the named errors, and matches rp.ErrStatusUnavailable where the
// authority does not answer.
func (c *Client) Ask(ctx context.Context, service string, serial jpki.SerialNumber) (Delivery, error) {
	var got Delivery
	err := c.ask(ctx, http.MethodPost, DeliveriesPath, Question{service, serial}, &got)
	if err == nil && (got.OldSerial != serial || got.Service != service || got.NewSerial.IsZero() || got.NewSerial == serial) {
		err = unavailable(errors.New("an answer about another certificate"))
	}
	return got, err
}

// codes are the named errors of the authority's codes.
var codes = map[string]error{
	"no_consent": ErrNoConsent, "consent_not_yet_valid": ErrNotYet, "consent_withdrawn": ErrWithdrawn, "consent_expired": ErrExpired,
	"nothing_new": ErrNothingNew, "unknown_certificate": ErrUnknown, "not_accredited": rp.ErrNotAccredited, "no_key": rp.ErrNotAccredited,
}

func unavailable(err error) error {
	return fmt.Errorf("rp/latest: %w: %w", rp.ErrStatusUnavailable, err)
}

func (c *Client) ask(ctx context.Context, method, path string, question, answer any) error {
	var body bytes.Buffer
	if question != nil {
		if err := json.NewEncoder(&body).Encode(question); err != nil {
			return fmt.Errorf("rp/latest: %w", err)
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, c.url+path, &body)
	if err != nil {
		return unavailable(err)
	}
	req.Header.Set("Authorization", "Bearer "+c.key)
	req.Header.Set("Accept", "application/json")
	if question != nil {
		req.Header.Set("Content-Type", "application/json")
		outgoing.MayRepeat(req) // what is asked twice is answered alike
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return unavailable(err)
	}
	defer resp.Body.Close()
	text, err := outgoing.Read(resp.Body, maxAnswer)
	if err != nil {
		return unavailable(err)
	}
	if resp.StatusCode >= 400 && resp.StatusCode < 500 {
		var no struct{ Code, Detail string }
		if json.Unmarshal(text, &no) == nil && no.Code != "" {
			named := codes[no.Code]
			if named == nil {
				named = rp.Rule(no.Code)
			}
			return &RefusedError{Code: no.Code, Detail: no.Detail, Err: named}
		}
	}
	if resp.StatusCode != http.StatusOK && resp.StatusCode != http.StatusCreated {
		return unavailable(errors.New(resp.Status))
	}
	if err := json.Unmarshal(text, answer); err != nil {
		return unavailable(err)
	}
	return nil
}
