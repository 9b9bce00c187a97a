package relyingparty

import (
	"context"
	"errors"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/conform"
	"example.jp/jpkimock/internal/conform/forge"
)

// after makes a case of a visit after something has happened. Afterwards undo undoes that.
func (p *Party) after(c conform.Case, happens func(ctx context.Context) error, undo func(ctx context.Context) error) conform.Case {
	try := c.Try
	c.Try = func(ctx context.Context) (seen conform.Seen, err error) {
		defer func() { err = errors.Join(err, undo(context.WithoutCancel(ctx))) }()
		if err := happens(ctx); err != nil {
			return conform.Seen{}, err
		}
		return try(ctx)
	}
	return c
}

// events are things that happen to the person, one after the other.
func (p *Party) events(all ...string) func(context.Context) error {
	return func(ctx context.Context) error {
		for _, event := range all {
			if err := p.Town.Happens(ctx, event); err != nil {
				return err
			}
		}
		return nil
	}
}

// lives are the cases of what happens to a certificate.
func (p *Party) lives() []conform.Case {
	put := p.Town.Reset
	return []conform.Case{
		p.after(p.refuses("RP-50", laid), p.events("lose"), p.events("find")),
		p.after(p.accepts("RP-51", laid), p.events("lose", "find"), put), // the digital signature certificate stays suspended
		p.after(p.refuses("RP-52", laid), p.events("die"), put),
		p.after(p.accepts("RP-53", laid), p.events("move"), put),
		p.after(p.refuses("RP-54", p.formerCard()), p.Town.Renews, put),
		p.after(p.accepts("RP-55", laid), p.Town.Renews, put),
		p.after(p.refuses("RP-56", laid), p.yearsLater, p.clockBack),
	}
}

// yearsLater moves the clock past the end of the person's certificate.
func (p *Party) yearsLater(ctx context.Context) error {
	honest, err := p.Town.Holder(ctx, jpki.UserAuthentication)
	if err != nil {
		return err
	}
	return p.Town.MoveClock(ctx, honest.NotAfter.Add(day))
}

// A target that asks for the town's time each second has heard of a move after clockTime.
const (
	clockTime  = 5 * time.Second
	clockBreak = 200 * time.Millisecond
)

// clockBack puts the town back, and gives the target time to follow: else what comes next would
// be refused, or pass, for the time alone.
func (p *Party) clockBack(ctx context.Context) error {
	if err := p.Town.Reset(ctx); err != nil {
		return err
	}
	return follows(ctx, p.accepts("", laid))
}

// follows tries a case again for a while until it is accepted. A target that never accepts fails
// the last case; here it is no error.
func follows(ctx context.Context, c conform.Case) error {
	patience, cancel := context.WithTimeout(ctx, clockTime)
	defer cancel()
	for {
		seen, err := c.Try(ctx)
		if err != nil || seen.Accepted {
			return err
		}
		pause := time.NewTimer(clockBreak)
		select {
		case <-pause.C:
		case <-patience.Done():
			pause.Stop()
			return ctx.Err()
		}
	}
}

// formerCard answers with the certificate that the card had before it was renewed.
func (p *Party) formerCard() answer {
	return spoilt(func(v *visit, t *forge.Token) error {
		key, err := v.Town.HolderKey(jpki.UserAuthentication)
		if err != nil {
			return err
		}
		t.Certificate = v.Town.Former.Raw
		*t, err = t.Sign(key, v.asks.Origin, v.asks.Nonce)
		return err
	})
}

// answers are the cases of what the authority says of a good certificate, or does not.
func (p *Party) answers() []conform.Case {
	fails := func(id, name string) conform.Case {
		return p.after(p.refuses(id, laid), func(ctx context.Context) error { return p.Town.Fails(ctx, name) }, p.Town.Mended)
	}
	return []conform.Case{
		fails("RP-60", "ocsp-unknown"),
		fails("RP-61", "ocsp-nonce"),
		fails("RP-62", "ocsp-stale"),
		fails("RP-63", "responder-expired"),
		fails("RP-64", "ocsp-signer"),
		fails("RP-65", "silent"),
		fails("RP-66", "error"),
	}
}
