package authority

import (
	"context"
	"time"

	"example.jp/jpkimock/authority/register"
)

// Done is an act that was done. What it says is on the disk.
type Done struct {
	register.Preview
	At time.Time
	// Issued is what was written onto the card, nil if nothing was.
	Issued *Issued
	// ChipError says that the card house could not switch the chip off. The
	// revocations hold regardless.
	ChipError error
}

// Preview says what an act would do, and changes nothing. It refuses what Do
// would refuse for what the registers say now; PINs may still be missing.
func (a *Authority) Preview(ctx context.Context, n register.Notice) (register.Preview, error) {
	if err := a.lapse(ctx); err != nil {
		return register.Preview{Event: n.Event}, err
	}
	return a.plan(ctx, n, register.Notice.Preview)
}

// plan makes a plan from what the registers say now.
func (a *Authority) plan(
	ctx context.Context, n register.Notice, plan func(register.Notice, register.Holder, time.Time) (register.Preview, error),
) (register.Preview, error) {
	if err := n.Check(); err != nil {
		return register.Preview{Event: n.Event}, err
	}
	h, err := a.holder(ctx, n.ResidentID)
	if err != nil {
		return register.Preview{Event: n.Event}, err
	}
	return plan(n, h, a.second())
}

// planned makes the plan of an act that is done now, if it is the one that was
// shown.
func (a *Authority) planned(ctx context.Context, n register.Notice) (register.Preview, error) {
	p, err := a.plan(ctx, n, register.Notice.Plan)
	if err == nil {
		err = n.Seen.Still(p.Version())
	}
	return p, err
}

// Do does an act of the counter. Entry, card, revocations and their lines in
// the journal are one commit; what is written onto a card comes from Issue, with
// what it supersedes.
func (a *Authority) Do(ctx context.Context, n register.Notice) (Done, error) {
	if err := a.lapse(ctx); err != nil {
		return Done{}, err
	}
	switch n.Event {
	case register.CardIssue, register.Renewal, register.Reissue:
		return a.doIssue(ctx, n)
	case register.PINReset:
		return a.doPINReset(ctx, n)
	}
	done, err := a.doChange(ctx, n)
	if err == nil && done.Kills && a.writer != nil {
		done.ChipError = a.writer.Kill(context.WithoutCancel(ctx), done.Card.ID)
	}
	return done, err
}

// doChange does an act that issues nothing.
func (a *Authority) doChange(ctx context.Context, n register.Notice) (Done, error) {
	a.changing.Lock()
	defer a.changing.Unlock()
	p, err := a.planned(ctx, n)
	if err != nil {
		return Done{}, err
	}
	now := a.second()
	var changes []statusChange
	for _, e := range p.Effects {
		changes = append(changes, statusChange{e.Applied(now), e.Act})
	}
	change := Change{Cards: p.Cards, Events: p.Lines(n, now)}
	if p.After != p.Before {
		change.Residents = []register.Resident{p.After}
		change.FormerEntries = []register.FormerEntry{{Until: now, Cause: n.Event, Officer: n.Officer, Why: n.Why, Resident: p.Before}}
	}
	if err := a.commit(ctx, change, changes, author{n.By, n.Event}); err != nil {
		return Done{}, err
	}
	return Done{Preview: p, At: now}, nil
}

// doIssue does an act that writes certificates onto a card.
func (a *Authority) doIssue(ctx context.Context, n register.Notice) (Done, error) {
	end, err := a.beginWriting(ctx, n.ResidentID)
	if err != nil {
		return Done{}, err
	}
	defer end()
	p, err := a.planned(ctx, n)
	if err != nil {
		return Done{}, err
	}
	app := Application{ResidentID: n.ResidentID, CardID: n.CardID, PINs: n.PINs, Kinds: p.Issues, CardExpires: n.CardExpires, By: n.By}
	if p.Card != nil {
		app.CardID = p.Card.ID
	}
	issued, err := a.issue(ctx, app, n.Event)
	if err != nil {
		return Done{}, err
	}
	p.Card = &issued.Card
	return Done{Preview: p, At: a.second(), Issued: &issued}, nil
}

// doPINReset sets new PINs on a card that is at the counter. A new PIN has all
// its tries.
func (a *Authority) doPINReset(ctx context.Context, n register.Notice) (Done, error) {
	end, err := a.beginWriting(ctx, n.ResidentID)
	if err != nil {
		return Done{}, err
	}
	defer end()
	p, err := a.planned(ctx, n)
	if err != nil {
		return Done{}, err
	}
	ctx = context.WithoutCancel(ctx)
	for _, kind := range p.Resets {
		if err := a.writer.Unblock(ctx, p.Card.ID, kind, n.PINs[kind]); err != nil {
			return Done{}, cardError("unblock", err)
		}
	}
	a.changing.Lock()
	defer a.changing.Unlock()
	now := a.second()
	return Done{Preview: p, At: now}, a.store.Commit(ctx, Change{Events: p.Lines(n, now)})
}
