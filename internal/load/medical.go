package load

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"example.jp/jpkimock/seed"
)

// manyInsured is the insurer that --insured gives many insured persons.
const manyInsured = "06990014"

// Insured is how many they are, if nothing else is said.
const Insured = 1_000_000

// atOnce is how many patients are received at once.
const atOnce = 30

// receptions receives patients of the town at its hospital, who share the cards of the
// residents whom one insurer knows.
func receptions(ctx context.Context, f *field, clients int) (*answering, error) {
	return f.town.receptions(ctx, clients)
}

// receptionsOfMany does the same in a second town, whose insurer has many more.
func receptionsOfMany(ctx context.Context, f *field, clients int) (*answering, error) {
	return f.inSecondTown(ctx, (*town).receptions, clients, "--insured", strconv.Itoa(f.insured))
}

func (t *town) receptions(ctx context.Context, clients int) (*answering, error) {
	var patients []call
	for _, p := range t.Personas {
		if p.State != seed.StateNormal {
			continue
		}
		in := func(ctx context.Context) (int, time.Duration, error) {
			return t.receive(ctx, p.Card, p.AuthenticationPIN)
		}
		if n, _, err := in(ctx); err == nil && n > 0 { // others are not insured there
			patients = append(patients, in)
		}
	}
	if len(patients) == 0 {
		return nil, errors.New("no resident of the town can be received at the hospital")
	}
	calls := make([]call, clients)
	for i := range calls {
		calls[i] = patients[i%len(patients)]
	}
	return t.answers(calls), nil
}

// receive is one reception, from the challenge to the consents. Its answer counts if the
// insurer of the crowd alone confirmed it. aside is the card's time.
func (t *town) receive(ctx context.Context, card, pin string) (answers int, aside time.Duration, err error) {
	desk := t.URLs["medical"] + "/hospital/desk/v1/"
	var challenge struct{ Nonce, Origin string }
	if err := t.exchange(ctx, t.client, desk+"challenges", struct{}{}, &challenge); err != nil {
		return 0, 0, err
	}
	began := time.Now()
	var token json.RawMessage
	err = t.exchange(ctx, t.client, t.URLs["card"]+"/v1/authenticate",
		map[string]string{"card": card, "pin": pin, "origin": challenge.Origin, "nonce": challenge.Nonce}, &token)
	aside = time.Since(began)
	if err != nil {
		return 0, 0, err
	}
	var visit struct {
		ID            int64
		State, Reason string
		Steps         []struct{ Insurer string }
	}
	if err := t.exchange(ctx, t.client, desk+"receptions", map[string]any{"nonce": challenge.Nonce, "token": token}, &visit); err != nil {
		return 0, 0, err
	}
	if visit.State != "asking" || len(visit.Steps) != 4 || visit.Steps[3].Insurer != manyInsured {
		return 0, 0, fmt.Errorf("visit %d is %s: %s", visit.ID, visit.State, visit.Reason)
	}
	began = time.Now()
	err = t.exchange(ctx, t.client, fmt.Sprintf("%sreceptions/%d/consents", desk, visit.ID), map[string]any{"yes": []string{"drugs"}}, &visit)
	return 1, aside + time.Since(began), err
}
