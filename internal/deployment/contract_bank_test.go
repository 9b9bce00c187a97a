//go:build unix

package deployment

import (
	"strconv"
	"testing"

	"example.jp/jpkimock/internal/ecosystem"
)

// cards is the card house, by which callers sign and sign in.
type cards struct {
	*caller
	town *ecosystem.Ecosystem
}

func cardsOf(t *testing.T, town *ecosystem.Ecosystem) cards {
	return cards{contractOf(t, "card", town.URL("card")).as(), town}
}

// signs gives a signature in base64.
func (c cards) signs(card, pin, house string, document any) any {
	c.t.Helper()
	return c.asks("POST /v1/sign", object{"card": card, "pin": pin, "origin": c.town.URL(house), "document": document})["cms"]
}

// answers gives a card's answer to a challenge.
func (c cards) answers(card, pin, house string, nonce any) object {
	c.t.Helper()
	return c.asks("POST /v1/authenticate", object{"card": card, "pin": pin, "origin": c.town.URL(house), "nonce": nonce})
}

func bankContract(t *testing.T, town *ecosystem.Ecosystem) {
	bank, cards := contractOf(t, "bank", town.URL("bank")), cardsOf(t, town)
	hanako := bank.as()
	hanako.refused("POST /accounts", object{"cms": "AAAA"}, 409, "no_draft")
	draft := hanako.asks("POST /accounts/draft", object{"purpose": "living", "branch": "901"})
	hanako.refused("POST /accounts/draft", object{"purpose": "?", "branch": "901"}, 422, "purpose")
	opened := hanako.asks("POST /accounts", object{"cms": cards.signs("card-hanako", "HANAKO123", "bank", draft["document"])})
	no := opened["account"].(object)["number"].(string)
	hanako.asks("GET /accounts/:no", nil, no)
	hanako.refused("GET /accounts/:no", nil, 404, "not_yours", "901-0000000")
	hanako.asks("GET /accounts/:no/application", nil, no)
	hanako.asks("GET /accounts/:no/application/:file", nil, no, "application.p7s")
	hanako.asks("GET /inbox", nil)
	hanako.refused("GET /inbox/:id", nil, 404, "no_notice", "1")

	hanako.asks("GET /consent", nil)
	hanako.asks("POST /consent/withdraw", nil)
	hanako.refused("POST /consent/withdraw", nil, 409, "consent_withdrawn")
	form := hanako.asks("POST /consent/draft", nil)
	hanako.asks("POST /consent", object{"cms": cards.signs("card-hanako", "HANAKO123", "bank", form["document"])})

	hanako.asks("GET /consent/latest", nil)
	hanako.refused("POST /consent/latest", object{"cms": "AAAA"}, 409, "no_form")
	latest := hanako.asks("POST /consent/latest/draft", nil)
	hanako.asks("POST /consent/latest", object{"cms": cards.signs("card-hanako", "HANAKO123", "bank", latest["document"])})
	hanako.refused("POST /consent/latest/draft", nil, 409, "latest_given")
	hanako.asks("GET /consent/latest", nil)

	other := bank.as()
	asked := other.asks("POST /signin/challenge", nil)
	to := other.asks("POST /signin", object{"token": cards.answers("card-misaki", "3456", "bank", asked["nonce"])})["account"].(object)["number"]
	pays := hanako.with("Idempotency-Key", "key-of-a-test")
	sent := pays.asks("POST /transfers", object{"to": to, "amount": 500, "memo": "昼食代"})["transfer"].(object)
	hanako.refused("POST /transfers", object{"to": to, "amount": 500}, 400, "idempotency_key_missing")
	hanako.asks("GET /transfers/:reference", nil, sent["reference"].(string))
	hanako.asks("POST /signout", nil)
	hanako.refused("GET /consent", nil, 401, "signed_out")

	hanako.refused("POST /signin", object{"token": object{}}, 409, "no_challenge")
	challenge := hanako.asks("POST /signin/challenge", nil)
	hanako.asks("POST /signin", object{"token": cards.answers("card-hanako", "1234", "bank", challenge["nonce"])})
	hanako.asks("POST /changes/draft", object{})

	staff := bank.as()
	staff.refused("GET /staff/sweeps", nil, 401, "staff_signed_out")
	staff.asks("POST /staff/signin", object{"key": town.Ready().Keys["bank-staff"]})
	report := staff.asks("POST /staff/sweeps", nil)["report"].(object)
	staff.asks("GET /staff/sweeps", nil)
	staff.asks("GET /staff/sweeps/:id", nil, number(report["id"]))
	staff.asks("POST /branch/touch", nil)
	staff.refused("GET /branch/customer", nil, 409, "touch_over")
	// A message and a change need somebody who has moved; a visitor a reader at a counter.
	bank.complete("rp/bank/web/examples.json", "GET /inbox/:id", "POST /changes", "GET /branch/customer")
}

func number(v any) string { return strconv.Itoa(int(v.(float64))) }
