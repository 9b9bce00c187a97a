package authority

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/ca"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
)

// Config is what an authority is made of. Now and Store are required.
type Config struct {
	// Now is the clock.
	Now func() time.Time
	// Store keeps everything that must not be forgotten.
	Store Store
	// Keys gives the CA and responder keys; nil makes them once and keeps them
	// in the Store.
	Keys ca.Keys
	// Writer writes the cards; without one nothing can be issued.
	Writer CardWriter
	// PublicURL is the address written into certificates, as
	// "http://localhost:8081": AIA gets <PublicURL>/ocsp/<kind>, the CRL
	// distribution point <PublicURL>/crl/<kind>.crl.
	PublicURL string
	// OCSPKept is how long a signed OCSP answer without a nonce is given again, in
	// whole seconds, at most ca.MaxKept; zero is ca.MaxKept, negative is not at all.
	OCSPKept time.Duration
	// Counted, if set, is told of each status answer given to a verifier: n is
	// how many certificates it was about. It is called while the answer waits
	// and must return at once.
	Counted func(verifierID string, kind jpki.Kind, n int)
	// Wrong, if set, is asked before each status answer whether it is to be a wrong one: a
	// fault that comes from outside. It must return at once.
	Wrong func(Inquiry) ca.Wrong
	// Log gets errors that no caller can be given; nil is the default log.
	Log *slog.Logger
}

// Authority is the agency: two CAs, the registers of residents, cards and
// certificates, and the ministry's register of verifiers. Its methods may be
// called from any goroutine. What a method has acknowledged is on the disk and
// in every answer that begins afterwards.
type Authority struct {
	// Ministry keeps the register of verifiers, the tariff and the ledger.
	Ministry *accreditation.Ministry

	now     func() time.Time
	store   Store
	writer  CardWriter
	counted func(string, jpki.Kind, int)
	wrong   func(Inquiry) ca.Wrong
	cas     map[jpki.Kind]*ca.CA
	signers *ca.Signers
	log     *slog.Logger

	// changing is held from the reading that an act rests on until its change
	// is in the store and in memory.
	changing sync.Mutex
	busy     busy

	nextLapse atomic.Int64 // Unix seconds; no card lapses before they are over
}

// New opens the authority on its store: it loads or makes the CAs and rebuilds
// the status table. Call Settle when the card house answers.
func New(ctx context.Context, cfg Config) (_ *Authority, err error) {
	if cfg.Now == nil || cfg.Store == nil {
		return nil, errors.New("authority: Config needs Now and Store")
	}
	u, err := url.Parse(cfg.PublicURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || !printable(cfg.PublicURL) {
		return nil, fmt.Errorf("authority: PublicURL %q is not an http address", cfg.PublicURL)
	}
	switch {
	case cfg.OCSPKept > ca.MaxKept || cfg.OCSPKept%time.Second != 0 && cfg.OCSPKept > 0:
		return nil, fmt.Errorf("authority: OCSPKept %s: want whole seconds, at most %s", cfg.OCSPKept, ca.MaxKept)
	case cfg.OCSPKept == 0:
		cfg.OCSPKept = ca.MaxKept
	}
	if cfg.Keys == nil {
		cfg.Keys = ca.KeptKeys{Store: cfg.Store}
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	a := &Authority{
		now: cfg.Now, store: cfg.Store, writer: cfg.Writer, counted: cfg.Counted, wrong: cfg.Wrong, log: cfg.Log,
		cas: map[jpki.Kind]*ca.CA{}, signers: ca.NewSigners(),
	}
	defer func() {
		if err != nil {
			a.signers.Close()
		}
	}()
	for _, kind := range jpki.Kinds() {
		a.cas[kind], err = ca.Open(ctx, kind, ca.Config{
			Store: cfg.Store, Keys: cfg.Keys, Signers: a.signers, PublicURL: strings.TrimSuffix(cfg.PublicURL, "/"), Kept: max(cfg.OCSPKept, 0),
		})
		if err != nil {
			return nil, fmt.Errorf("authority: %v CA: %w", kind, err)
		}
	}
	if err = a.setLapse(ctx); err != nil {
		return nil, err
	}
	a.Ministry, err = accreditation.Open(ctx, accreditation.Config{Now: cfg.Now, Store: cfg.Store, Log: cfg.Log})
	return a, err
}

// printable reports whether s can stand in an IA5String.
func printable(s string) bool {
	for _, c := range []byte(s) {
		if c <= ' ' || c > '~' {
			return false
		}
	}
	return true
}

// Close ends the signing goroutines and writes the fees that were counted: it
// must come before the store is closed. Inquiries after it get tryLater.
func (a *Authority) Close() {
	a.signers.Close()
	if err := a.Ministry.Close(); err != nil {
		a.log.Error("fees not saved on close", "error", err)
	}
}

// CACertificate gives the self-signed certificate of the CA of a kind: the
// anchor that relying parties and cards carry. It is the same for the same
// key, whenever it is made.
func (a *Authority) CACertificate(kind jpki.Kind) *x509.Certificate {
	return a.cas[kind].Certificate()
}

// ResponderCertificate gives the certificate of a kind's OCSP responder.
func (a *Authority) ResponderCertificate(kind jpki.Kind) *x509.Certificate {
	return a.cas[kind].ResponderCertificate()
}

// Count gives how many certificates of a kind were issued.
func (a *Authority) Count(kind jpki.Kind) int { return a.cas[kind].Count() }

// CRL gives the full CRL of a kind: every revoked or suspended certificate,
// with time and reason. Nothing acknowledged before the call is missing in it.
func (a *Authority) CRL(ctx context.Context, kind jpki.Kind) (ca.CRL, error) {
	c := a.cas[kind]
	if c == nil {
		return ca.CRL{}, register.ErrNoCertificate
	}
	if err := a.lapse(ctx); err != nil {
		return ca.CRL{}, err
	}
	if a.wrong != nil && a.wrong(Inquiry{Kind: kind, List: true}) == ca.Stale {
		return c.StaleCRL(ctx, a.second())
	}
	return c.CRL(ctx, a.second())
}

// second gives the clock's time in whole seconds, as everything here is kept.
func (a *Authority) second() time.Time { return a.now().UTC().Truncate(time.Second) }
