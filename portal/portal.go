// Package portal is みほん くらしの手続ポータル: one signed application moves every
// address (手続のワンストップ化). Citizens enrol with their card and connect partner
// businesses. The portal notices by 変更確認 that somebody's certificate was revoked by
// a change (watch.go), invites them to apply (住所変更申請案内), takes one application
// signed with the new certificate (application.go), delivers it to each partner until it
// is decided (delivery.go), and keeps the results in an electronic post-office box
// (package postbox).
package portal

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"iter"
	"log/slog"
	"sync"
	"text/template"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/portal/partner"
	"example.jp/jpkimock/portal/postbox"
	"example.jp/jpkimock/rp"
)

// Verifier is what the portal needs of the kit; *rp.Verifier implements it.
type Verifier interface {
	rp.SignatureVerifier
	rp.StatusChecker
	NewChallenge(ctx context.Context) (rp.Challenge, error)
	VerifyAuthentication(ctx context.Context, token []byte, nonce string) (*rp.Authentication, error)
	CheckStatusSeq(ctx context.Context, kind jpki.Kind, serials iter.Seq[jpki.SerialNumber]) iter.Seq2[rp.Status, error]
}

// Line is a partner as the portal reaches it; partner.Client is one.
type Line interface {
	Connect(ctx context.Context, c partner.Connection) error
	Disconnect(ctx context.Context, customer string) error
	SameAddress(ctx context.Context, customer, address string) (bool, error)
	Deliver(ctx context.Context, a partner.Application) (partner.Receipt, error)
	Receipt(ctx context.Context, id string) (partner.Receipt, error)
	Answer(ctx context.Context, id, answer string) (partner.Receipt, error)
	Keys(ctx context.Context) (json.RawMessage, error)
}

// Partner is a business that has joined the portal (連携先事業者).
type Partner struct {
	ID, Name, NameEN string
	// Number names its customer number, such as 口座番号; empty for お客さま番号.
	Number, NumberEN string
	// Question is what an application must answer for this partner; nil for nothing.
	Question *Question
	// NoticesOnly: it takes no applications, and writes to the box. ByCard: it knows its
	// customers by the certificate, and has no customer numbers.
	NoticesOnly, ByCard bool
	Line                Line
}

// Question is something that one partner needs besides.
type Question struct{ ID, Text, TextEN string }

// Mailer sends an e-mail.
type Mailer func(ctx context.Context, m Mail) error

// Config is what a portal is made of. All fields but Mailer, Log and Step are required.
type Config struct {
	Verifier Verifier
	Linkage  rp.Links
	Store    Store
	Vault    *postbox.Vault
	Partners []Partner
	Now      func() time.Time
	// URL is the portal's own, as invitations name it.
	URL string
	// Mailer sends e-mails; nil leaves them in the outbox.
	Mailer Mailer
	Log    *slog.Logger
	// Step is told each step of a delivery that the end of the process could follow; its
	// error is that end. It is for tests.
	Step func(step string) error
}

// Portal is open. Its methods may be called from any goroutine.
type Portal struct {
	Records
	cfg      Config
	now      func() time.Time
	forms    *template.Template
	partners map[string]Partner
	sealer   *partner.Sealer
	watching sync.Mutex
	mailing  sync.Mutex
	lines    map[string]*sync.Mutex // one round of deliveries to a partner at a time
	hurried  sync.Map               // applications that are being hurried
	hurries  sync.WaitGroup
	keys     sync.Map // by partner: asked
	context  context.Context
	end      context.CancelFunc
}

//go:embed forms/*.txt
var formFiles embed.FS

// Sender is the portal as the sender of notices.
const Sender = "portal"

// New opens a portal over what its store already holds. Close it.
func New(ctx context.Context, cfg Config) (*Portal, error) {
	if cfg.Verifier == nil || cfg.Linkage == nil || cfg.Store == nil || cfg.Vault == nil || cfg.Now == nil {
		return nil, errors.New("portal: a field of the config is missing")
	}
	if cfg.Step == nil {
		cfg.Step = func(string) error { return nil }
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	p := &Portal{Records: cfg.Store, cfg: cfg, now: func() time.Time { return cfg.Now().UTC() }, partners: map[string]Partner{}, lines: map[string]*sync.Mutex{}}
	for _, one := range cfg.Partners {
		p.partners[one.ID], p.lines[one.ID] = one, &sync.Mutex{}
	}
	var err error
	if p.forms, err = template.ParseFS(formFiles, "forms/*.txt"); err != nil {
		return nil, err
	}
	key, err := cfg.Store.Key(ctx, partner.NewKey)
	if err != nil {
		return nil, err
	}
	if p.sealer, err = partner.NewSealer(Sender, key); err != nil {
		return nil, err
	}
	p.context, p.end = context.WithCancel(context.WithoutCancel(ctx))
	return p, nil
}

// Close ends what the portal does in the background, and waits for it.
func (p *Portal) Close() error {
	p.end()
	p.hurries.Wait()
	return nil
}

// Partners lists the businesses that have joined.
func (p *Portal) Partners() []Partner { return p.cfg.Partners }

// Partner gives a partner; one that has left the portal has no name.
func (p *Portal) Partner(id string) Partner { return p.partners[id] }

// Sweep does what has fallen due: the day's watch, deliveries, e-mails, what is
// no longer kept.
func (p *Portal) Sweep(ctx context.Context) error {
	return errors.Join(p.watchDaily(ctx), p.Deliver(ctx), p.SendMails(ctx), p.forget(ctx))
}

// What the portal refuses.
var (
	ErrUnknownHolder  = errors.New("portal: no citizen is enrolled with this card")
	ErrEnrolled       = errors.New("portal: the holder of this card is enrolled")
	ErrAnotherPerson  = errors.New("portal: the signature is not by who is signed in")
	ErrMail           = errors.New("portal: the e-mail address cannot be used")
	ErrNoPartner      = errors.New("portal: there is no such partner")
	ErrCustomer       = errors.New("portal: the partner has no such customer of this name and date of birth")
	ErrPartnerSilent  = errors.New("portal: the partner does not answer")
	ErrNotConnected   = errors.New("portal: this partner is not connected")
	ErrTooLate        = errors.New("portal: this was done in another window meanwhile")
	ErrNothingChanged = errors.New("portal: the certificate is the one that is registered")
	ErrNoneChosen     = errors.New("portal: at least one partner is required")
	ErrDay            = errors.New("portal: the day of the move must be in the last year and not after today")
	ErrAnswer         = errors.New("portal: an answer is required")
	ErrNoApplication  = errors.New("portal: there is no such application of this citizen")
	ErrSender         = errors.New("portal: a sender has an ID of its own, names and a JWK Set of P-256 keys")
	ErrNoSender       = errors.New("portal: the sender is not registered")
	ErrNoBox          = errors.New("portal: no citizen lets this sender write to this box")
	ErrDelivering     = errors.New("portal: an application to this partner is being delivered")
)
