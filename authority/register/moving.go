package register

import (
	"time"

	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
)

// The days of a move. Sources: pages of municipalities (桑名市 on the three deadlines;
// 長与町, 栗東市 and 福島市 on moving abroad since 2024-05-27).
//
//	what                        until when                             else
//	notice of moving in         14 days after the move                 the card lapses with the notice
//	                            30 days after the planned day of       the card lapses by itself
//	                            moving out
//	taking the card on in use   90 days after the notice of moving in  the card lapses by itself
//	(継続利用)
//	keeping the card abroad     the day before departure               the card lapses on moving out
//
// A card that lapses is void, and both certificates on it are revoked.
const (
	moveInDays   = 14
	movedOutDays = 30
	takeOnDays   = 90
)

// WhyLapsed is the reason in the journal for a card that lapsed by itself.
const WhyLapsed = "継続利用の期限の経過"

// Bounds of the day of a move: a move out is notified at most so many days after it,
// every other at most a year before or after its notice.
const (
	lateDays    = 14
	maxMoveDays = 366
)

// moves reports whether an event is about a day of its own.
func (e LifeEvent) moves() bool { return e == MoveOut || e == MoveIn || e == MoveAbroad }

// dayOf gives the first moment of a notice's day by Japanese civil time; without
// one, the moment of the notice.
func (n Notice) dayOf(at time.Time) (time.Time, error) {
	if n.Day == "" {
		return at, nil
	}
	day, err := time.ParseInLocation(time.DateOnly, n.Day, jpki.JST)
	switch {
	case err != nil:
		return at, desk.Invalid("day", "must be a day, YYYY-MM-DD")
	case n.Event == MoveIn && day.After(at):
		return at, desk.Invalid("day", "must not be in the future: a move in is notified after it")
	case n.Event != MoveIn && at.After(after(day, lateDays)):
		return at, desk.Invalid("day", "must be at most 14 days before the notice")
	case day.After(at.AddDate(0, 0, maxMoveDays)) || day.Before(at.AddDate(0, 0, -maxMoveDays)):
		return at, desk.Invalid("day", "must be within a year of the notice")
	}
	return day.UTC(), nil
}

// after gives the end of the day that is some days after a moment's.
func after(t time.Time, days int) time.Time { return EndOfDay(t.In(jpki.JST).AddDate(0, 0, days)) }

// planMove fits the line of the table to the day of a move: a card that comes too
// late lapses, and one that is kept abroad stays.
func (p *plan) planMove() (err error) {
	if p.day, err = p.n.dayOf(p.at); err != nil {
		return err
	}
	switch {
	case p.Event == MoveIn && p.Before.Standing == StandingMovedOut && p.at.After(after(p.day, moveInDays)):
		p.rule.ends, p.rule.reason = bothKinds, jpki.CessationOfOperation
		p.rule.card, p.rule.cardFrom = CardVoid, inUseOrLost
	case p.Event == MoveAbroad && p.n.KeepCard:
		if err := p.keepsCard(); err != nil {
			return err
		}
		p.rule.ends, p.rule.cardFrom = signatureOnly, nil
	}
	return nil
}

// keepsCard refuses a card that cannot be kept abroad.
func (p *plan) keepsCard() error {
	switch {
	case p.Before.Nationality != "" && p.Before.Nationality != "JP":
		return ErrKeepsNoCard
	case p.Card == nil:
		return ErrNoCard
	case p.Card.State != CardInUse:
		return ErrCardNotInUse
	case p.Card.OverAt(p.at):
		return ErrCardExpired
	case !p.day.After(EndOfDay(p.at)):
		return desk.Invalid("day", "must be after today: the card is kept by the day before departure")
	}
	return nil
}

// planDeadline sets the day by which the cards must be taken on in use, or ends
// it.
func (p *plan) planDeadline() error {
	var until time.Time
	switch p.Event {
	case MoveOut:
		until = after(p.day, movedOutDays)
	case MoveIn:
		until = after(p.at, takeOnDays)
	case TakeOn:
		if p.Card.Lapses.IsZero() {
			return ErrNothingToDo
		}
	default:
		return nil
	}
	if p.rule.card == CardVoid {
		return nil
	}
	for _, c := range p.h.Cards {
		if c.State != CardInUse && c.State != CardLost || p.Event == TakeOn && c.ID != p.Card.ID {
			continue
		}
		c.Lapses = until
		p.Cards = append(p.Cards, c)
		if p.Card != nil && c.ID == p.Card.ID {
			p.Card = &c
		}
	}
	return nil
}
