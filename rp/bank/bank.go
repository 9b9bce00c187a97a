// Package bank is みほん銀行, the first relying party: a bank whose customers open
// an account with a signed application (口座開設) and sign in with their card
// (本人であることの確認). It keeps no passwords.
//
// It is also the example to copy. OpenAccount in opening.go, SignIn in
// signin.go and ConfirmCustomers in confirmation.go are all that a relying party
// writes besides its own business; the kit, package rp, does the rest behind the
// Verifier below. A customer who has changed is asked for a change form
// (change.go).
//
// Package db keeps the rows. The pages are in three packages: web for customers,
// desks/web for staff, and room/web for what both share. A file that continues
// these steps in another package has the same name there: opening.go, signin.go.
package bank

import (
	"context"
	"errors"
	"iter"
	"sync"
	"text/template"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
)

// Verifier is what the bank needs of the kit; *rp.Verifier implements it.
type Verifier interface {
	// SignatureVerifier is 本人確認: who signed this document, with a certificate
	// that is valid now.
	rp.SignatureVerifier
	// NewChallenge makes the nonce that a card must answer at sign-in.
	NewChallenge(ctx context.Context) (rp.Challenge, error)
	// VerifyAuthentication is 資格確認: which certificate answered this nonce.
	VerifyAuthentication(ctx context.Context, token []byte, nonce string) (*rp.Authentication, error)
	// StatusChecker is 変更確認: whether certificates kept earlier are still valid.
	// CheckStatusSeq is the same for more of them than fit in memory.
	rp.StatusChecker
	CheckStatusSeq(ctx context.Context, kind jpki.Kind, serials iter.Seq[jpki.SerialNumber]) iter.Seq2[rp.Status, error]
}

// Config is what a bank is made of. Verifier, Store and Now are required.
type Config struct {
	// Verifier should ask for the paired serial number (rp.Config.WantPaired), by which
	// the bank recognises a card at sign-in. Without it and without Linkage, a customer
	// who has opened an account cannot sign in.
	Verifier Verifier
	Store    Store
	Now      func() time.Time
	// Linkage says which certificates belong to one holder, so that customers are
	// recognised and watched after a renewal. If it is nil, they are not.
	Linkage rp.Links
	// Progress is told how many of a confirmation's findings have been written, of how
	// many. It may be nil, and must return at once.
	Progress func(done, of int)
}

// Bank is a bank over its store. Its methods may be called from any goroutine.
type Bank struct {
	verifier   Verifier
	store      Store
	linkage    rp.Links
	now        func() time.Time // in UTC
	progress   func(done, of int)
	forms      *template.Template
	confirming sync.Mutex // one confirmation at a time
}

// New returns a bank over what its store already holds.
func New(cfg Config) (*Bank, error) {
	if cfg.Verifier == nil || cfg.Store == nil || cfg.Now == nil {
		return nil, errors.New("bank: Verifier, Store and Now are required")
	}
	forms, err := parseForms()
	if err != nil {
		return nil, err
	}
	if cfg.Progress == nil {
		cfg.Progress = func(int, int) {}
	}
	return &Bank{
		verifier: cfg.Verifier, linkage: cfg.Linkage, store: cfg.Store, progress: cfg.Progress, forms: forms,
		now: func() time.Time { return cfg.Now().UTC() },
	}, nil
}

// Ping reports whether the bank's records can be reached.
func (b *Bank) Ping() error { return b.store.Ping() }
