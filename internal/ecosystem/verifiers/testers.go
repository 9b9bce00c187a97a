package verifiers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/peer"
	"example.jp/jpkimock/rp/platform"
	"example.jp/jpkimock/rp/platform/tester"
	"example.jp/jpkimock/seed"
)

// Tested is the kit of a platform whose tester's screen is switched on or off.
func Tested(on bool, kit platform.Verifier) platform.Verifier {
	if !on {
		return kit
	}
	return tester.Verifier{Verifier: kit}
}

// Tester opens the common platform's tester's screen at an origin: its test persons are the people
// of the world, whose cards answer at the card house at an address for this server. It is nil where the screen is switched off.
func Tester(on bool, p *platform.Platform, origin, agent string, w seed.World) *tester.Screen {
	if !on {
		return nil
	}
	cards := &testCards{house: peer.New(agent, ""), people: map[string]seed.Persona{}}
	var people []tester.Person
	for _, who := range w.Personas {
		cards.people[who.ID] = who
		people = append(people, tester.Person{ID: who.ID, Name: who.Name, NameEN: who.Romaji, State: string(who.State)})
	}
	return tester.New(p, origin, people, cards)
}

// testCards are the people of the world with their cards, by the card house's interface for
// scripts. Their PINs are published with the world.
type testCards struct {
	house  *peer.Peer
	people map[string]seed.Persona
	// typing is held from a wrong PIN to the right one: two at once would spend two tries.
	typing sync.Mutex
}

// Answer lets a person's card answer.
func (c *testCards) Answer(ctx context.Context, q tester.Question) ([]byte, error) {
	return c.authenticate(ctx, q, c.people[q.Person].Card.AuthenticationPIN)
}

func (c *testCards) authenticate(ctx context.Context, q tester.Question, pin string) (token []byte, err error) {
	in := map[string]any{"card": c.people[q.Person].CardID(), "pin": pin, "origin": q.Origin, "nonce": q.Nonce, "attributes": append([]string{}, q.Attributes...)}
	var answer json.RawMessage
	err = c.ask(ctx, http.MethodPost, "/v1/authenticate", in, &answer)
	return answer, err
}

// Mistype types a wrong PIN and then the right one. A person who stops in between, or a card house
// that falls silent, leaves the card with one try less until its next right PIN.
func (c *testCards) Mistype(ctx context.Context, q tester.Question) error {
	c.typing.Lock()
	defer c.typing.Unlock()
	var card struct {
		TriesLeft map[jpki.Kind]int `json:"triesLeft"`
	}
	person := c.people[q.Person]
	if err := c.ask(ctx, http.MethodGet, "/v1/cards/"+person.CardID(), nil, &card); err != nil {
		return err
	}
	if card.TriesLeft[jpki.UserAuthentication] == 1 {
		return tester.ErrLastTry
	}
	ctx = context.WithoutCancel(ctx)
	_, refused := c.authenticate(ctx, q, wrong(person.Card.AuthenticationPIN))
	of, ok := errors.AsType[*tester.CardError](refused)
	switch {
	case refused == nil:
		return errors.New("verifiers: a wrong PIN was accepted")
	case !ok || of.Code != "wrong_pin":
		return refused
	}
	if _, err := c.authenticate(ctx, q, person.Card.AuthenticationPIN); err != nil {
		return err
	}
	return refused
}

func wrong(pin string) string {
	if pin == "0000" {
		return "1111"
	}
	return "0000"
}

// ask asks the card house.
func (c *testCards) ask(ctx context.Context, method, path string, in, out any) error {
	err := c.house.Call(ctx, method, path, in, out)
	if err == nil {
		return nil
	}
	refused, ok := errors.AsType[*peer.Refused](err)
	if !ok || refused.Code == "" || refused.Code == "fault" || refused.Code == "internal" {
		return fmt.Errorf("%w: %w", tester.ErrSilent, err)
	}
	return &tester.CardError{Code: refused.Code}
}
