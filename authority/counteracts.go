package authority

import (
	"context"
	"maps"
	"slices"

	"example.jp/jpkimock/authority/jpki"
)

// Preview says what an act would do, and changes nothing. It refuses what Do
// would refuse for what the registers say now; PINs may still be missing.
func (a *Authority) Preview(ctx context.Context, n Notice) (Preview, error) {
	n.looking = len(n.PINs) == 0
	p, err := a.plan(ctx, n)
	return p.Preview, err
}

// Do does an act of the counter. Register, card, revocations and their lines
// in the journal are one commit; what is written onto a card comes from Issue,
// with what it supersedes.
func (a *Authority) Do(ctx context.Context, n Notice) (Done, error) {
	n.By.cause = n.Event
	switch n.Event {
	case CardIssue, Renewal, Reissue:
		return a.doIssue(ctx, n)
	case PINReset:
		return a.doPINReset(ctx, n)
	}
	done, err := a.doChange(ctx, n)
	if err == nil && done.Kills && a.writer != nil {
		done.ChipError = a.writer.Kill(context.WithoutCancel(ctx), done.Card.ID)
	}
	return done, err
}

// plan is a preview with what it was made of.
type plan struct {
	Preview
	rule lifeRule
}

func (a *Authority) plan(ctx context.Context, n Notice) (plan, error) {
	p := plan{Preview: Preview{Event: n.Event}}
	if !n.Event.Valid() {
		return p, &InvalidError{"event", "not an act of the counter"}
	}
	if field := n.stray(); field != "" {
		return p, &InvalidError{field, "is not for this event"}
	}
	if err := n.By.check(); err != nil {
		return p, err
	}
	r, err := a.store.Resident(ctx, n.ResidentID)
	if err != nil {
		return p, err
	}
	if err := n.responsible(r); err != nil {
		return p, err
	}
	if n.Municipality != nil && n.counter.Code != "" {
		n.Municipality = &n.counter // an office writes its own names its own way
	}
	p.Before, p.After = r, r
	cards, err := a.store.Cards(ctx, r.ID)
	if err != nil {
		return p, err
	}
	held, err := a.holding(ctx, r.ID)
	if err != nil {
		return p, err
	}
	if n.Event != CardIssue {
		if p.Card, err = cardOf(cards, n); err != nil {
			return p, err
		}
	}
	rule, changes := n.rule()
	if !changes {
		return p, a.planCardAct(ctx, &p, n, held)
	}
	p.rule = rule
	return p, a.planChange(&p, n, cards, held)
}

// holding gives the certificates a resident's cards have taken and that can
// still change.
func (a *Authority) holding(ctx context.Context, residentID string) ([]Certificate, error) {
	all, err := a.store.Certificates(ctx, CertificateQuery{ResidentID: residentID})
	now := a.second()
	return slices.DeleteFunc(all, func(c Certificate) bool {
		return !c.Delivered || c.Standing.State == Revoked || now.After(c.NotAfter)
	}), err
}

// rule gives the line of the table that a notice is about.
func (n Notice) rule() (lifeRule, bool) {
	rule, changes := lifeRules[n.Event]
	if n.everyCard {
		rule.onCard, rule.cardFrom = false, []CardState{CardInUse}
	}
	return rule, changes
}

// cardOf finds the card of an act: the one named, else the one in use, else one
// that is lost, else the latest. It is nil if the resident has none and the act
// needs none. An act that would lose, find or end one of several cards is told
// which.
func cardOf(cards []Card, n Notice) (*Card, error) {
	if n.CardID != "" {
		i := slices.IndexFunc(cards, func(c Card) bool { return c.ID == n.CardID })
		if i < 0 {
			return nil, ErrNoCard
		}
		return &cards[i], nil
	}
	rule, _ := n.rule()
	order := [][]CardState{{CardInUse}, {CardLost}, {CardVoid, CardReplaced, CardReturned}}
	if n.Event == Found || n.Event == LossFinal {
		order[0], order[1] = order[1], order[0]
	}
	for _, wanted := range order {
		var meant []*Card
		for i, c := range slices.Backward(cards) {
			if slices.Contains(wanted, c.State) {
				meant = append(meant, &cards[i])
			}
		}
		switch {
		case len(meant) > 1 && len(wanted) == 1 && rule.onCard && wanted[0] != rule.card:
			return nil, &InvalidError{"card", "want the card's number: the holder has more than one that can be meant"}
		case len(meant) > 0:
			return meant[0], nil
		}
	}
	if n.Event.aboutCard() {
		return nil, ErrNoCard
	}
	return nil, nil
}

// planChange plans an act that changes register, standings or card.
func (a *Authority) planChange(p *plan, n Notice, cards []Card, held []Certificate) error {
	if !slices.Contains(p.rule.from, p.Before.Standing) {
		return ErrNotRegistered
	}
	if p.rule.entry != nil {
		if err := a.planEntry(p, n); err != nil {
			return err
		}
	}
	for _, c := range held {
		if p.touches(c) {
			p.Effects = append(p.Effects, Effect{Certificate: c, Act: p.rule.act, Reason: p.rule.reason})
		}
	}
	if err := p.planCards(n, cards, a); err != nil {
		return err
	}
	if p.rule.entry == nil && len(p.Effects) == 0 && len(p.Cards) == 0 {
		return ErrNothingToDo
	}
	return nil
}

func (a *Authority) planEntry(p *plan, n Notice) error {
	after, err := p.rule.entry(p.Before, n)
	if err != nil {
		return err
	}
	if after.Standing != StandingResident && after.Standing != p.Before.Standing {
		after.StandingSince = a.second()
	}
	p.After = after.completed()
	if err := p.After.Check(); err != nil {
		return err
	}
	if p.After == p.Before {
		return &InvalidError{"event", "the register says so already"}
	}
	return nil
}

// touches reports whether the act changes a certificate that is still held.
func (p *plan) touches(c Certificate) bool {
	switch {
	case !slices.Contains(p.rule.ends, c.Kind), p.rule.onCard && c.CardID != p.Card.ID:
		return false
	case p.Event == Correction && p.After.BasicFour == p.Before.BasicFour:
		return false // only what no certificate says
	case p.rule.act == "suspended":
		return c.Standing.State == Good
	case p.rule.act == "resumed":
		return c.Standing.State == Held
	}
	return true
}

// planCards plans the new state of the card of the act, or, when a person
// leaves the register or has lost all, of all.
func (p *plan) planCards(n Notice, cards []Card, a *Authority) error {
	if p.rule.cardFrom == nil {
		return nil
	}
	about := cards
	if p.rule.onCard {
		if !slices.Contains(p.rule.cardFrom, p.Card.State) {
			if n.Event == Found || n.Event == LossFinal {
				return ErrCardNotLost
			}
			return ErrCardNotInUse
		}
		about = []Card{*p.Card}
	}
	for _, c := range about {
		if c.State != p.rule.card && slices.Contains(p.rule.cardFrom, c.State) {
			c.State, c.Since = p.rule.card, a.second()
			p.Cards = append(p.Cards, c)
		}
		if p.Card != nil && c.ID == p.Card.ID {
			p.Card = &c
		}
	}
	p.Kills = p.rule.kills
	return nil
}

// doChange does an act that issues nothing.
func (a *Authority) doChange(ctx context.Context, n Notice) (Done, error) {
	a.changing.Lock()
	defer a.changing.Unlock()
	p, err := a.plan(ctx, n)
	if err != nil {
		return Done{}, err
	}
	now := a.second()
	var changes []standingChange
	for _, e := range p.Effects {
		c := e.Certificate
		c.Standing = Standing{State: Revoked, Reason: e.Reason, Since: now}
		switch e.Act {
		case "suspended":
			c.Standing.State = Held
		case "resumed":
			c.Standing = Standing{State: Good, Since: now}
		}
		changes = append(changes, standingChange{c, e.Act})
	}
	change := Change{Cards: p.Cards, Events: p.lines(n, a)}
	if p.After != p.Before {
		change.Residents = []Resident{p.After}
		change.FormerEntries = []FormerEntry{{Until: now, Cause: n.Event, Officer: n.Officer, Why: n.Why, Resident: p.Before}}
	}
	if err := a.commitWith(ctx, change, changes, n.By); err != nil {
		return Done{}, err
	}
	return Done{Preview: p.Preview, At: now}, nil
}

// lines is what the journal says of the act itself: of a loss of several cards
// a line for each.
func (p *plan) lines(n Notice, a *Authority) []Event {
	line := p.line(n, a)
	if !n.everyCard || len(p.Cards) == 0 {
		return []Event{line}
	}
	var all []Event
	for _, c := range p.Cards {
		line.CardID = c.ID
		all = append(all, line)
	}
	return all
}

// line is what the journal says of the act, about its card.
func (p *plan) line(n Notice, a *Authority) Event {
	e := Event{At: a.second(), Act: string(n.Event), ResidentID: p.Before.ID, Officer: n.Officer, Why: n.Why, Cause: n.Event}
	if p.Card != nil && n.Event.aboutCard() {
		e.CardID = p.Card.ID
	}
	return e
}

// doIssue does an act that writes certificates onto a card.
func (a *Authority) doIssue(ctx context.Context, n Notice) (Done, error) {
	p, err := a.plan(ctx, n)
	if err != nil {
		return Done{}, err
	}
	app := Application{ResidentID: n.ResidentID, CardID: n.CardID, PINs: n.PINs, Kinds: p.Issues, CardExpires: n.CardExpires, By: n.By}
	if p.Card != nil {
		app.CardID = p.Card.ID
	}
	issued, err := a.Issue(ctx, app)
	if err != nil {
		return Done{}, err
	}
	p.Card = &issued.Card
	return Done{Preview: p.Preview, At: a.second(), Issued: &issued}, nil
}

// doPINReset sets new PINs on a card that is at the counter. A PIN that is set
// anew has all its tries back.
func (a *Authority) doPINReset(ctx context.Context, n Notice) (Done, error) {
	p, err := a.plan(ctx, n)
	if err != nil {
		return Done{}, err
	}
	if a.writer == nil {
		return Done{}, ErrNoCardWriter
	}
	ctx = context.WithoutCancel(ctx)
	for _, kind := range p.Resets {
		if err := a.writer.Unblock(ctx, p.Card.ID, kind, n.PINs[kind]); err != nil {
			return Done{}, cardError("unblock", err)
		}
	}
	var lines []Event
	for _, kind := range p.Resets {
		e := p.line(n, a)
		e.Kind = kind
		lines = append(lines, e)
	}
	a.changing.Lock()
	defer a.changing.Unlock()
	return Done{Preview: p.Preview, At: a.second()}, a.store.Commit(ctx, Change{Events: lines})
}

// FormerEntries gives what the register said of a resident before, the latest
// first.
func (a *Authority) FormerEntries(ctx context.Context, residentID string) ([]FormerEntry, error) {
	if _, err := a.store.Resident(ctx, residentID); err != nil {
		return nil, err
	}
	return a.store.FormerEntries(ctx, residentID)
}

// CardsOf gives a resident's cards, in the order of their issue.
func (a *Authority) CardsOf(ctx context.Context, residentID string) ([]Card, error) {
	if _, err := a.store.Resident(ctx, residentID); err != nil {
		return nil, err
	}
	return a.store.Cards(ctx, residentID)
}

// sortedKinds gives the kinds of a set of PINs in the card's order.
func sortedKinds(pins map[jpki.Kind]string) []jpki.Kind { return slices.Sorted(maps.Keys(pins)) }
