// Package tester is the tester's screen of the common platform, in the manner of テストカード代替機能,
// with which デジタル認証アプリ lets who tests a service sign in without a card: the tester picks a
// test person and an outcome, 正常 or one of 異常.
//
// A pick verifies nothing. The person's own card answers the challenge of the sign-in, and the
// answer is verified as every other is; an outcome of 異常 spoils the question, the answer, or the
// verifier's finding. So a pick can refuse what would have been accepted, and never the reverse.
// No PIN passes here: Cards has those of the test persons, which are published.
package tester

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"example.jp/jpkimock/rp/platform"
)

// Errors of a pick.
var (
	ErrOff     = errors.New("tester: the tester's screen is switched off")
	ErrPerson  = errors.New("tester: no such test person")
	ErrOutcome = errors.New("tester: no such outcome")
	ErrSilent  = errors.New("tester: the card house does not answer")
	ErrLastTry = errors.New("tester: the card has one try left, and a wrong PIN would block it")
)

// Person is a test person.
type Person struct {
	ID           string // "hanako"
	Name, NameEN string
	// State is what the person was made to show, a seed.State: of "normal" the card and its
	// certificate are good.
	State string
}

// Pick is what a tester picks.
type Pick struct {
	Person  string  `json:"person"` // Person.ID
	Outcome Outcome `json:"outcome"`
}

// Question is what a card is to answer.
type Question struct {
	Person        string // Person.ID
	Origin, Nonce string
	Attributes    []string // of the four basic data
}

// CardError is the card house's word for why a card did not answer, as "pin_blocked"
// (docs/errors.md).
type CardError struct{ Code string }

func (e *CardError) Error() string { return "tester: the card did not answer: " + e.Code }

// Cards are the test persons with their cards.
type Cards interface {
	// Answer lets a person's card answer, and gives its Web eID token. What the card refuses is a
	// *CardError; a card house that is silent is ErrSilent.
	Answer(ctx context.Context, q Question) ([]byte, error)
	// Mistype lets a person type a wrong PIN, and then the right one, which gives the try back.
	// It gives the card's refusal, a *CardError, or ErrLastTry for a card that it would block.
	Mistype(ctx context.Context, q Question) error
}

// Screen is the tester's screen. A nil one is switched off.
type Screen struct {
	platform *platform.Platform
	origin   string
	people   []Person
	cards    Cards
}

// New opens the screen of a platform, whose kit must be a Verifier, at an origin.
func New(p *platform.Platform, origin string, people []Person, cards Cards) *Screen {
	return &Screen{platform: p, origin: origin, people: people, cards: cards}
}

// People lists the test persons.
func (s *Screen) People() ([]Person, error) {
	if s == nil {
		return nil, ErrOff
	}
	return s.people, nil
}

// Check finds what is wrong with a pick.
func (s *Screen) Check(p Pick) error {
	if s == nil {
		return ErrOff
	}
	if _, known := outcomes[p.Outcome]; !known {
		return ErrOutcome
	}
	for _, person := range s.people {
		if person.ID == p.Person {
			return nil
		}
	}
	return ErrPerson
}

// SignIn answers a sign-in by a pick. For Normal what follows is what the card and the authority
// say; a refusal that was picked is an error as the real one, or leads back to the service.
func (s *Screen) SignIn(ctx context.Context, l platform.Login, p Pick) (platform.Outcome, error) {
	if err := s.Check(p); err != nil {
		return platform.Outcome{}, err
	}
	o := outcomes[p.Outcome]
	switch {
	case p.Outcome == Declined:
		return s.platform.Decline(ctx, l.ID, l.Ticket)
	case p.Outcome == CardLeft:
		return s.platform.Leave(ctx, l.ID, l.Ticket)
	case o.trouble != "":
		return platform.Outcome{}, &CardError{Code: o.trouble}
	}
	q := Question{Person: p.Person, Origin: s.origin, Nonce: otherNonce(), Attributes: platform.Attributes(l.Ask.Scopes)}
	if p.Outcome == WrongPIN {
		return platform.Outcome{}, s.cards.Mistype(ctx, q)
	}
	var err error
	if q.Nonce, err = s.platform.Challenge(ctx, l.ID, l.Ticket); err != nil {
		return platform.Outcome{}, err
	}
	if o.ask != nil {
		o.ask(&q)
	}
	token, err := s.cards.Answer(ctx, q)
	if err == nil && o.spoil != nil {
		token, err = spoil(token, o.spoil)
	}
	if err != nil {
		return platform.Outcome{}, err
	}
	return s.platform.AnswerForTest(context.WithValue(ctx, pickedKey{}, o), l.ID, l.Ticket, token)
}

// spoil changes the signature of a card's answer.
func spoil(token []byte, change func(signature []byte)) ([]byte, error) {
	var answer map[string]json.RawMessage
	var signature []byte
	err := json.Unmarshal(token, &answer)
	if err == nil {
		err = json.Unmarshal(answer["signature"], &signature)
	}
	if err != nil || len(signature) == 0 {
		return nil, fmt.Errorf("%w: the answer has no signature", ErrSilent)
	}
	change(signature)
	if answer["signature"], err = json.Marshal(signature); err != nil {
		return nil, err
	}
	return json.Marshal(answer)
}
