package web

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/internal/peer"
)

// cardWriterTime bounds one request to the card house; the time to make a key
// is in it.
const cardWriterTime = 30 * time.Second

// maxCardAnswer bounds what is read of the card house's answer, in octets.
const maxCardAnswer = 64 << 10

// cardWriter reaches the card house over HTTP.
type cardWriter struct{ house peer.Peer }

// NewCardWriter gives the card house at baseURL, with the writer's key. A nil
// client is one with a time limit of its own.
func NewCardWriter(baseURL, key string, client *http.Client) authority.CardWriter {
	if client == nil {
		client = &http.Client{Timeout: cardWriterTime}
	}
	return &cardWriter{peer.Peer{URL: strings.TrimSuffix(baseURL, "/") + "/writer/v1/cards", Key: key, HTTP: client, MaxAnswer: maxCardAnswer}}
}

// Blank makes a card with its keys.
func (w *cardWriter) Blank(ctx context.Context, cardID string) (authority.BlankCard, error) {
	var answer struct {
		Card       string               `json:"card"`
		PublicKeys map[jpki.Kind][]byte `json:"publicKeys"`
	}
	blank := authority.BlankCard{PublicKeys: map[jpki.Kind]*rsa.PublicKey{}}
	if err := w.call(ctx, http.MethodPost, "", map[string]string{"card": cardID}, &answer); err != nil {
		return blank, err
	}
	blank.ID = answer.Card
	for kind, der := range answer.PublicKeys {
		key, err := rsaKey(der)
		if err != nil {
			return blank, err
		}
		blank.PublicKeys[kind] = key
	}
	return blank, nil
}

// NewKey makes a further key on a card.
func (w *cardWriter) NewKey(ctx context.Context, cardID string, kind jpki.Kind) (*rsa.PublicKey, error) {
	var answer struct {
		PublicKey []byte `json:"publicKey"`
	}
	if err := w.call(ctx, http.MethodPost, "/"+url.PathEscape(cardID)+"/keys", map[string]jpki.Kind{"kind": kind}, &answer); err != nil {
		return nil, err
	}
	return rsaKey(answer.PublicKey)
}

func rsaKey(der []byte) (*rsa.PublicKey, error) {
	key, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return nil, fmt.Errorf("public key: %w", err)
	}
	pub, ok := key.(*rsa.PublicKey)
	if !ok {
		return nil, fmt.Errorf("public key is a %T", key)
	}
	return pub, nil
}

// Write personalises a card.
func (w *cardWriter) Write(ctx context.Context, cardID string, p authority.Personalization) error {
	return w.call(ctx, http.MethodPut, "/"+url.PathEscape(cardID), map[string]any{
		"face": p.Face, "variant": p.Variant, "pins": p.PINs, "certificates": p.Certificates, "caCertificates": p.CACertificates,
	}, nil)
}

// Carried gives what a card carries.
func (w *cardWriter) Carried(ctx context.Context, cardID string) (map[jpki.Kind]jpki.SerialNumber, error) {
	var answer struct {
		Serials map[jpki.Kind]jpki.SerialNumber `json:"serials"`
	}
	err := w.call(ctx, http.MethodGet, "/"+url.PathEscape(cardID), nil, &answer)
	return answer.Serials, err
}

// Unblock sets a new PIN.
func (w *cardWriter) Unblock(ctx context.Context, cardID string, kind jpki.Kind, newPIN string) error {
	return w.call(ctx, http.MethodPost, "/"+url.PathEscape(cardID)+"/unblock", map[string]any{"kind": kind, "pin": newPIN}, nil)
}

// Kill disables the chip.
func (w *cardWriter) Kill(ctx context.Context, cardID string) error {
	return w.call(ctx, http.MethodPost, "/"+url.PathEscape(cardID)+"/kill", nil, nil)
}

// call makes one request. No error repeats what was sent: there is a PIN in
// it.
func (w *cardWriter) call(ctx context.Context, method, path string, body, answer any) error {
	err := w.house.Call(ctx, method, path, body, answer)
	if refused, ok := errors.AsType[*peer.Refused](err); ok {
		return cardProblem(refused)
	}
	return err
}

// cardProblem turns the card house's problem into the domain's error where the
// domain knows it.
func cardProblem(refused *peer.Refused) error {
	switch refused.Code {
	case "card_exists":
		return register.ErrCardExists
	case "no_card":
		return register.ErrNoCard
	}
	return refused
}
