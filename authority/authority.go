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
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// Config is what an authority is made of. Now and Store are required.
type Config struct {
	// Now is the clock.
	Now func() time.Time
	// Store keeps everything that must not be forgotten.
	Store Store
	// Keys gives the CA and responder keys; nil makes them once and keeps them
	// in the Store.
	Keys Keys
	// Writer writes the cards; without one nothing can be issued.
	Writer CardWriter
	// PublicURL is the address written into certificates, as
	// "http://localhost:8081": AIA gets <PublicURL>/ocsp/<kind>, the CRL
	// distribution point <PublicURL>/crl/<kind>.crl.
	PublicURL string
	// Counted, if set, is told of each status answer given to a verifier: n is
	// how many certificates it was about. It is called while the answer waits
	// and must return at once.
	Counted func(verifierID string, kind jpki.Kind, n int)
	// Log is told what goes wrong where nobody waits for an answer; nil is the
	// default log.
	Log *slog.Logger
}

// Authority is the agency: two CAs, the register of residents, the register of
// verifiers and the status of every certificate. Its methods may be called
// from any goroutine. What a method has acknowledged is on the disk and in
// every answer that begins afterwards.
type Authority struct {
	now       func() time.Time
	store     Store
	writer    CardWriter
	publicURL string
	counted   func(string, jpki.Kind, int)

	cas      map[jpki.Kind]*ca
	register *verifierRegister
	signers  *signers
	ledger   *ledger
	log      *slog.Logger

	// changing is held from the reading that an act rests on until its change
	// is in the store and in memory.
	changing sync.Mutex
}

// New opens the authority on its store: it loads or makes the CAs, rebuilds
// the status table, and revokes what was issued but never reached its card.
func New(ctx context.Context, cfg Config) (*Authority, error) {
	if cfg.Now == nil || cfg.Store == nil {
		return nil, errors.New("authority: Config needs Now and Store")
	}
	u, err := url.Parse(cfg.PublicURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || !printable(cfg.PublicURL) {
		return nil, fmt.Errorf("authority: PublicURL %q is not an http address", cfg.PublicURL)
	}
	a := &Authority{
		now: cfg.Now, store: cfg.Store, writer: cfg.Writer, counted: cfg.Counted,
		publicURL: strings.TrimSuffix(cfg.PublicURL, "/"), cas: map[jpki.Kind]*ca{},
	}
	if cfg.Keys == nil {
		cfg.Keys = keptKeys{cfg.Store}
	}
	for _, kind := range jpki.Kinds() {
		if a.cas[kind], err = openCA(ctx, kind, cfg.Store, cfg.Keys); err != nil {
			return nil, fmt.Errorf("authority: %v CA: %w", kind, err)
		}
	}
	verifiers, err := cfg.Store.Verifiers(ctx)
	if err != nil {
		return nil, err
	}
	a.register = newVerifierRegister(verifiers)
	if err := a.discardUndelivered(ctx); err != nil {
		return nil, err
	}
	if a.log = cfg.Log; a.log == nil {
		a.log = slog.Default()
	}
	a.signers = newSigners()
	a.ledger = newLedger(a.now, a.store, a.log)
	return a, nil
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

// Close lets the signing goroutines go and writes the fees that were counted:
// it must come before the store is closed. Inquiries after it get tryLater.
func (a *Authority) Close() {
	a.signers.close()
	if err := a.ledger.close(); err != nil {
		a.log.Error("fees not written at the end", "error", err)
	}
}

// CACertificate gives the self-signed certificate of the CA of a kind: the
// anchor that relying parties and cards carry. It is the same for the same
// key, whenever it is made.
func (a *Authority) CACertificate(kind jpki.Kind) *x509.Certificate { return a.cas[kind].cert }

// ResponderCertificate gives the certificate of a kind's OCSP responder.
func (a *Authority) ResponderCertificate(kind jpki.Kind) *x509.Certificate {
	return a.cas[kind].responderCert
}

// Count gives how many certificates of a kind were issued.
func (a *Authority) Count(kind jpki.Kind) int { return a.cas[kind].table.count() }

// second gives the clock's time in whole seconds, as everything here is kept.
func (a *Authority) second() time.Time { return a.now().UTC().Truncate(time.Second) }

// ocspURL and crlURL are what goes into the certificates of a kind.
func (a *Authority) ocspURL(kind jpki.Kind) string { return a.publicURL + "/ocsp/" + kind.String() }
func (a *Authority) crlURL(kind jpki.Kind) string {
	return a.publicURL + "/crl/" + kind.String() + ".crl"
}
