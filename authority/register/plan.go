package register

import (
	"errors"
	"maps"
	"slices"
	"time"

	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
)

// plan is a preview in the making, with what it is made of.
type plan struct {
	Preview
	n    Notice
	rule lifeRule
	h    Holder
	live []Certificate
	at   time.Time
	day  time.Time // of a move
}

// Check refuses a notice that no register could take.
func (n Notice) Check() error {
	if !n.Event.Valid() {
		return desk.Invalid("event", "must be one of "+lifeEventList())
	}
	wrong := []error{n.By.Check()}
	for _, field := range n.stray() {
		wrong = append(wrong, desk.Invalid(field, "is not for this event"))
	}
	return errors.Join(wrong...)
}

// Preview plans an act that is only shown: PINs may still be missing.
func (n Notice) Preview(h Holder, at time.Time) (Preview, error) {
	n.pinsLater = len(n.PINs) == 0
	return n.Plan(h, at)
}

// Plan says what an act would do to its resident's entry, cards and
// certificates, or which rule it would break. The officer must be one of the
// responsible counter.
func (n Notice) Plan(h Holder, at time.Time) (Preview, error) {
	p := plan{Preview: Preview{Event: n.Event, Before: h.Resident, After: h.Resident}, h: h, live: h.Live(at), at: at}
	if err := n.responsible(h.Resident); err != nil {
		return Preview{Event: n.Event}, err
	}
	if own, bound := n.Counter(); bound && n.Municipality != nil {
		n.Municipality = &own // a counter knows how its own names are written
	}
	p.n = n
	rule, changes := n.rule()
	p.rule = rule
	if n.Event != CardIssue {
		var err error
		if p.Card, err = p.cardOf(); err != nil {
			return p.Preview, err
		}
	}
	act := p.planCardAct
	if changes {
		act = p.planChange
	}
	err := act()
	return p.Preview, err
}

// responsible refuses an officer of another municipality than the one an act
// belongs to: that of residence, or for a move in of a person who is named that of
// the new address.
func (n Notice) responsible(r Resident) error {
	if n.Event == MoveIn && n.Municipality != nil {
		if err := n.Serves(*n.Municipality); err != nil {
			return err
		}
	}
	if n.Event == MoveIn && n.Person != nil && n.Person.Names(r) {
		return nil
	}
	return n.Serves(r.Municipality)
}

// rule gives the line of the table that a notice is about.
func (n Notice) rule() (lifeRule, bool) {
	rule, changes := lifeRules[n.Event]
	if n.everyCard {
		rule.onCard, rule.cardFrom = false, []CardState{CardInUse}
	}
	return rule, changes
}

// LossOfAll gives the notice of a loss that suspends every valid certificate of
// a holder, and marks all cards in use as lost.
func LossOfAll(h Holder, by desk.By, at time.Time) (Notice, error) {
	live := h.Live(at)
	if !slices.ContainsFunc(live, func(c Certificate) bool { return c.Status.State == Good }) {
		if slices.ContainsFunc(h.Certificates, func(c Certificate) bool { return c.Status.State == Held }) {
			return Notice{}, ErrAlreadySuspended
		}
		return Notice{}, ErrNothingToDo
	}
	return Notice{ResidentID: h.Resident.ID, Event: Loss, By: by, everyCard: true}, nil
}

// cardOf finds the card of an act: the one named, else the one in use, else one
// that is lost, else the latest. It is nil if the resident has none and the act
// needs none. An act that would lose, find or end one of several cards is told
// which.
func (p *plan) cardOf() (*Card, error) {
	n, cards := p.n, slices.Clone(p.h.Cards)
	if n.CardID != "" {
		i := slices.IndexFunc(cards, func(c Card) bool { return c.ID == n.CardID })
		if i < 0 {
			return nil, ErrNoCard
		}
		return &cards[i], nil
	}
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
		case len(meant) > 1 && len(wanted) == 1 && p.rule.onCard && wanted[0] != p.rule.card:
			return nil, desk.Invalid("card", "must be given: the holder has more than one card that can be meant")
		case len(meant) > 0:
			return meant[0], nil
		}
	}
	if n.Event.aboutCard() {
		return nil, ErrNoCard
	}
	return nil, nil
}

// planChange plans an act that changes entry, status or card.
func (p *plan) planChange() error {
	if !slices.Contains(p.rule.from, p.Before.Standing) {
		return ErrNotRegistered
	}
	if p.Event.moves() {
		if err := p.planMove(); err != nil {
			return err
		}
	}
	if p.rule.entry != nil {
		if err := p.planEntry(); err != nil {
			return err
		}
	}
	for _, c := range p.live {
		if p.touches(c) {
			p.Effects = append(p.Effects, Effect{Certificate: c, Act: p.rule.act, Reason: p.rule.reason})
		}
	}
	if err := p.planCards(); err != nil {
		return err
	}
	if err := p.planDeadline(); err != nil {
		return err
	}
	if p.rule.entry == nil && len(p.Effects) == 0 && len(p.Cards) == 0 {
		return ErrNothingToDo
	}
	return nil
}

func (p *plan) planEntry() error {
	after, err := p.rule.entry(p.Before, p.n)
	if err != nil {
		return err
	}
	if after.Standing != StandingResident && after.Standing != p.Before.Standing {
		after.StandingSince = p.at
		if p.Event.moves() {
			after.StandingSince = p.day
		}
	}
	p.After = after.Completed()
	if err := p.After.Check(); err != nil {
		return err
	}
	if p.After == p.Before {
		return desk.Invalid("event", "changes nothing: the register already says so")
	}
	return nil
}

// touches reports whether the act changes a live certificate.
func (p *plan) touches(c Certificate) bool {
	switch {
	case !slices.Contains(p.rule.ends, c.Kind), p.rule.onCard && c.CardID != p.Card.ID:
		return false
	case p.Event == Correction && p.After.BasicFour == p.Before.BasicFour:
		return false // only what no certificate says
	case p.rule.act == ActSuspended:
		return c.Status.State == Good
	case p.rule.act == ActResumed:
		return c.Status.State == Held
	}
	return true
}

// planCards plans the new state of the card of the act, or, when a person
// leaves the register or has lost all, of all.
func (p *plan) planCards() error {
	if p.rule.cardFrom == nil {
		return nil
	}
	about := p.h.Cards
	if p.rule.onCard {
		if !slices.Contains(p.rule.cardFrom, p.Card.State) {
			if p.Event == Found || p.Event == LossFinal {
				return ErrCardNotLost
			}
			return ErrCardNotInUse
		}
		about = []Card{*p.Card}
	}
	for _, c := range about {
		if c.State != p.rule.card && slices.Contains(p.rule.cardFrom, c.State) {
			c.State, c.Since = p.rule.card, p.at
			p.Cards = append(p.Cards, c)
		}
		if p.Card != nil && c.ID == p.Card.ID {
			p.Card = &c
		}
	}
	p.Kills = p.rule.kills
	return nil
}

// planCardAct plans an act that needs the card's own work.
func (p *plan) planCardAct() error {
	if p.Event != CardIssue {
		switch {
		case p.Card.State != CardInUse:
			return ErrCardNotInUse
		case p.Card.OverAt(p.at):
			return ErrCardExpired
		}
	}
	if p.Event == PINReset {
		return p.planPINReset()
	}
	if p.Before.Standing != StandingResident {
		return ErrNotRegistered
	}
	return p.planIssue()
}

func (p *plan) planIssue() error {
	allowed := p.Before.Kinds(p.at)
	p.Issues = allowed
	switch {
	case p.Event == Reissue && len(p.n.Kinds) == 0:
		p.Issues = []jpki.Kind{jpki.DigitalSignature}
	case len(p.n.Kinds) > 0:
		p.Issues = p.n.Kinds
	}
	for _, kind := range p.Issues {
		if kind.Valid() && !slices.Contains(allowed, kind) {
			return ErrTooYoung
		}
	}
	if p.Event == Renewal && p.tooEarly() {
		return ErrTooEarly
	}
	if err := desk.CheckKinds(p.Issues); err != nil {
		return err
	}
	for _, kind := range p.Issues {
		pin, given := p.n.PINs[kind]
		if p.n.pinsLater || !given && p.carried(kind) {
			continue
		}
		if err := CheckPIN(kind, pin); err != nil {
			return err
		}
	}
	for _, c := range p.live {
		if slices.Contains(p.Issues, c.Kind) {
			p.Effects = append(p.Effects, Effect{Certificate: c, Act: ActRevoked, Reason: jpki.Superseded})
		}
	}
	return nil
}

// carried reports whether the card of the act ever had a certificate of a kind,
// and so has a PIN for it.
func (p *plan) carried(kind jpki.Kind) bool {
	return p.Card != nil && slices.ContainsFunc(p.h.Certificates, func(c Certificate) bool {
		return c.Delivered && c.Kind == kind && c.CardID == p.Card.ID
	})
}

// tooEarly reports whether a certificate on the card has more than three months
// left. One that has expired, or is missing because its holder was too young
// for it, can be renewed.
func (p *plan) tooEarly() bool {
	return slices.ContainsFunc(p.live, func(c Certificate) bool {
		return c.CardID == p.Card.ID && slices.Contains(p.Issues, c.Kind) && p.at.Before(RenewableFrom(c.NotAfter))
	})
}

func (p *plan) planPINReset() error {
	if len(p.n.PINs) == 0 && !p.n.pinsLater {
		return desk.Invalid("pins", "must have a new PIN for at least one kind")
	}
	p.Resets = slices.Sorted(maps.Keys(p.n.PINs))
	for _, kind := range p.Resets {
		switch {
		case !kind.Valid():
			return desk.Invalid("pins", "has an unknown kind")
		case !slices.Contains(p.Before.Kinds(p.at), kind):
			return ErrTooYoung
		}
		if err := CheckPIN(kind, p.n.PINs[kind]); err != nil {
			return err
		}
	}
	return nil
}

// Applied gives the certificate as it is after the act.
func (e Effect) Applied(at time.Time) Certificate {
	c := e.Certificate
	c.Status = Status{State: Revoked, Reason: e.Reason, Since: at}
	switch e.Act {
	case ActSuspended:
		c.Status.State = Held
	case ActResumed:
		c.Status = Status{State: Good, Since: at}
	}
	return c
}

// Lines are what the journal says of the act itself: of a loss of several cards
// a line for each, of a PIN reset one for each kind.
func (p Preview) Lines(n Notice, at time.Time) []Event {
	line := Event{At: at, Act: string(n.Event), ResidentID: p.Before.ID, Officer: n.Officer, Why: n.Why, Cause: n.Event}
	if p.Card != nil && n.Event.aboutCard() {
		line.CardID = p.Card.ID
	}
	var all []Event
	if n.everyCard {
		for _, c := range p.Cards {
			line.CardID = c.ID
			all = append(all, line)
		}
	}
	for _, kind := range p.Resets {
		line.Kind = kind
		all = append(all, line)
	}
	if len(all) == 0 {
		all = []Event{line}
	}
	return all
}
