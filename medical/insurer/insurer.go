// Package insurer is an insurer (健康保険の保険者), a verifier with an accreditation of
// its own. It keeps the register of the insured, links each with the card's certificate
// at the first use (紐付け), and answers the platform of the medical field: confirm.go.
// The staff enter who joined and who left: register.go.
package insurer

import (
	"context"
	"errors"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/held"
	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/rp"
)

// Rules that a request can break. What the card or its certificate breaks is an error of
// the kit.
var (
	ErrNoInsured = errors.New("insurer: there is no such insured person")
	ErrNotLinked = errors.New("insurer: no insured person is linked with this certificate")
	ErrLinked    = errors.New("insurer: the card or the insured person is linked with another")
	ErrTries     = errors.New("insurer: too many wrong numbers with one touch of the card")
	ErrExists    = errors.New("insurer: an insured person with these numbers exists")
	ErrDetails   = errors.New("insurer: an insured person has numbers, a name, a class and a day of qualification")
	ErrLost      = errors.New("insurer: a day of loss is after the day of qualification, with a reason")
	ErrReplay    = errors.New("insurer: this question was asked before")
)

// Insured is somebody in the register (被保険者). Eligibility is given with the insurer's
// name and the patient's share.
type Insured struct {
	ID int64
	medical.Qualification
	HighIncome bool // 現役並み所得, which matters from the age of 70 on
}

// Link is a certificate by which an insured person is or was known.
type Link struct {
	Serial jpki.SerialNumber
	At     time.Time
	Ended  time.Time // when a newer certificate took its place; zero for the present one
}

// Entry is a line of the log: a question of the platform, or an act of the staff.
type Entry struct {
	At          time.Time
	Insured     int64 // 0 if nobody was found
	Act         Act
	Inquiry     string
	Institution string
	Code        string         // why it was refused; "" if it was not
	Steps       []medical.Step // of a question
}

// Act is what an entry of the log is about.
type Act string

// The acts.
const (
	ActConfirmed Act = "confirmed" // ④ was given, or refused
	ActLinked    Act = "linked"
	ActByNumber  Act = "by_number" // asked by numbers, without a card
	ActEntered   Act = "entered"
	ActLost      Act = "lost"
	ActUnlinked  Act = "unlinked"
)

// Store keeps the register, its links and the log. What a method has returned without an
// error is committed.
type Store interface {
	// Add gives ErrExists for numbers that are taken.
	Add(ctx context.Context, p Insured) (Insured, error)
	// Lose ends a qualification; ErrNoInsured.
	Lose(ctx context.Context, id int64, on medical.Date, why medical.LossReason) error
	Insured(ctx context.Context, id int64) (Insured, error)
	ByMember(ctx context.Context, m medical.Member) (Insured, error)
	// All gives up to limit of those whose name, kana or number begins so, by number.
	All(ctx context.Context, begins string, limit int) ([]Insured, error)

	// ByCertificate gives who is linked with a certificate, or ErrNotLinked.
	ByCertificate(ctx context.Context, serial jpki.SerialNumber) (Insured, error)
	// Link links a certificate; ErrLinked if it, or the person, has another link.
	Link(ctx context.Context, id int64, serial jpki.SerialNumber, at time.Time) error
	// Relink puts a newer certificate of the same holder in the place of the present one;
	// it may be told the same twice.
	Relink(ctx context.Context, id int64, serial jpki.SerialNumber, at time.Time) error
	Unlink(ctx context.Context, id int64, at time.Time) error
	Links(ctx context.Context, id int64) ([]Link, error)

	Write(ctx context.Context, e Entry) error
	// Log gives the newest entries: of an insured person and of an inquiry, if about names them.
	Log(ctx context.Context, about Entry, limit int) ([]Entry, error)
	Ping() error
}

// Verifier is what an insurer needs of the kit; *rp.Verifier is one.
type Verifier interface {
	VerifyAuthentication(ctx context.Context, token []byte, nonce string) (*rp.Authentication, error)
}

// Config is what an insurer is made of; all fields are required.
type Config struct {
	Number medical.InsurerNumber
	Name   string
	// Verifier must take its challenges from Challenges, and have Origin for its own.
	Verifier   Verifier
	Challenges *Challenges
	Linkage    rp.Links
	Store      Store
	Now        func() time.Time
}

// Office is an insurer at work.
type Office struct {
	Config
	verified *held.Box[verified]
}

// New opens an insurer over what its store holds.
func New(cfg Config) (*Office, error) {
	if cfg.Number == "" || cfg.Verifier == nil || cfg.Challenges == nil || cfg.Linkage == nil || cfg.Store == nil || cfg.Now == nil {
		return nil, errors.New("insurer: a field of the config is missing")
	}
	return &Office{Config: cfg, verified: held.New(held.Config[verified]{
		Now: cfg.Now, Life: rp.DefaultChallengeLifetime, Max: 10_000, Yields: func(verified) bool { return true },
	})}, nil
}

// Challenges holds the challenges of the platform, which made them, for as long as the
// answer of a card is verified. A challenge is taken from it once, ever: whoever hears a
// question cannot ask it again. Make one with NewChallenges.
type Challenges struct {
	*rp.MemoryChallenges
	used *held.Box[bool]
}

// NewChallenges holds none.
func NewChallenges(now func() time.Time) *Challenges {
	return &Challenges{rp.NewMemoryChallenges(0, now), held.New(held.Config[bool]{Now: now, Life: 2 * rp.DefaultChallengeLifetime, Max: rp.MaxMemoryChallenges})}
}

// vouched takes a challenge that the platform says it made, unless it was used.
func (c *Challenges) vouched(ctx context.Context, asked rp.Challenge, now time.Time) error {
	if asked.Expires.After(now.Add(rp.DefaultChallengeLifetime)) {
		return rp.ErrChallenge // it would outlive the memory of its use
	}
	if _, err := c.used.Look(asked.Nonce); err == nil {
		return ErrReplay
	}
	if err := c.used.Put(asked.Nonce, true); err != nil {
		return err
	}
	return c.Put(ctx, asked)
}
