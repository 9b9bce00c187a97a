package seed

import (
	"context"
	"encoding/json"
	"net/http"
)

// CreditCard is a credit card that somebody has registered at the card company's gateway.
type CreditCard struct {
	Persona string `yaml:"persona"`
	DaysAgo int    `yaml:"daysAgo"`
	Number  string `yaml:"number"` // one of the gateway's published test numbers
}

// creditYears is how many years from today a credit card ends.
const creditYears = 4

// registerCard lets somebody register a credit card, by a touch of the individual number card.
func (p *planter) registerCard(ctx context.Context, card CreditCard) error {
	if p.gateway.URL == "" {
		return nil
	}
	if err := p.follow(ctx); err != nil {
		return err
	}
	person, err := p.world.Persona(card.Persona)
	if err != nil {
		return err
	}
	gateway, err := newCaller(p.gateway.URL, "")
	if err != nil {
		return err
	}
	var asked struct{ Nonce, Origin string }
	if err := gateway.Call(ctx, http.MethodGet, "/", nil, &asked); err != nil {
		return err
	}
	token, err := p.touch(ctx, person, asked.Origin, asked.Nonce)
	if err != nil {
		return err
	}
	if err := gateway.Call(ctx, http.MethodPost, "/signin", map[string]any{"token": token}, nil); err != nil {
		return err
	}
	in := map[string]string{"number": card.Number, "ends": p.today.AddDate(creditYears, 0, 0).Format("01/06"), "code": "123"}
	return gateway.Call(ctx, http.MethodPost, "/card", in, nil)
}

// touch lets somebody's card answer a challenge.
func (p *planter) touch(ctx context.Context, person Persona, origin, nonce string) (token json.RawMessage, err error) {
	in := map[string]any{"card": person.CardID(), "pin": person.Card.AuthenticationPIN, "origin": origin, "nonce": nonce}
	return token, p.agent.Call(ctx, http.MethodPost, "/v1/authenticate", in, &token)
}

// pay makes the bill of a visit, and lets the patient pay.
func (p *planter) pay(ctx context.Context, desk *caller, at string, v Visit, person Persona) error {
	if len(v.Acts) == 0 || p.gateway.URL == "" {
		return nil
	}
	if err := desk.Call(ctx, http.MethodPost, at+"bill", map[string]any{"act": v.Acts}, nil); err != nil {
		return err
	}
	switch v.Pays {
	case "cash":
		return desk.Call(ctx, http.MethodPost, at+"cash", nil, nil)
	case "credit":
		var asked struct{ Order, Nonce, Origin string }
		if err := desk.Call(ctx, http.MethodPost, at+"charges", nil, &asked); err != nil {
			return err
		}
		token, err := p.touch(ctx, person, asked.Origin, asked.Nonce)
		if err != nil {
			return err
		}
		in := map[string]any{"nonce": asked.Nonce, "token": token}
		return desk.Call(ctx, http.MethodPost, "/"+v.At+"/desk/v1/charges/"+asked.Order, in, nil)
	}
	return nil
}
