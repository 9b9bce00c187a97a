// Package catv is みほんケーブルテレビ, a cable operator whose viewers (視聴者) use
// the card in the living room, with a remote control and no password: they sign
// in at the set, look at their health information, and book the municipality's
// facilities.
//
// household.go has contracts, set-top boxes and viewers, who are enrolled with
// the user authentication certificate and the registration code of the contract
// papers; signin.go recognises them, also after their card was re-issued;
// operator.go is the operator's own desk. Health information and booking are two
// services of their own, in the rooms health and booking: each learns from the
// common platform, as an OpenID Connect client, that the viewer is there, and
// keeps the viewer's sub (service.go).
//
// The other rooms: db keeps the rows of all three, web shows the pages.
package catv

import (
	"context"
	"errors"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
)

// Verifier is what the operator needs of the kit; *rp.Verifier is one.
type Verifier interface {
	// NewChallenge makes the nonce that a card must answer.
	NewChallenge(ctx context.Context) (rp.Challenge, error)
	// VerifyAuthentication is 資格確認: which certificate answered this nonce.
	VerifyAuthentication(ctx context.Context, token []byte, nonce string) (*rp.Authentication, error)
	// CheckStatus is 変更確認: whether certificates kept earlier are still valid.
	CheckStatus(ctx context.Context, kind jpki.Kind, serials ...jpki.SerialNumber) ([]rp.Status, error)
}

// Config is what a station is made of. All fields but Linkage are required.
type Config struct {
	Verifier Verifier
	Store    Store
	Now      func() time.Time
	// Linkage is asked about a certificate that no viewer is known by: it may be
	// a viewer's new one. Nil asks nobody.
	Linkage rp.Links
}

// Station is the cable operator at work. Its methods may be called from any
// goroutine.
type Station struct {
	verifier Verifier
	linkage  rp.Links
	store    Store
	now      func() time.Time
}

// New opens a station over what its store already holds.
func New(cfg Config) (*Station, error) {
	if cfg.Verifier == nil || cfg.Store == nil || cfg.Now == nil {
		return nil, errors.New("catv: Verifier, Store and Now are required")
	}
	return &Station{verifier: cfg.Verifier, linkage: cfg.Linkage, store: cfg.Store, now: cfg.Now}, nil
}

// Ping reports whether the station's records can be reached.
func (s *Station) Ping() error { return s.store.Ping() }

// Name is a name or a sentence in both languages. An empty EN means that there
// is none: what a person wrote is shown as it was written.
type Name struct {
	JA string `json:"ja"`
	EN string `json:"en"`
}
