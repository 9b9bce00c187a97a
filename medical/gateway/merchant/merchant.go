// Package merchant is what the card company's gateway gives its merchants (加盟店): the
// words of its interface, a client, and the check of its signed notices. A merchant's
// program needs nothing else of the gateway.
package merchant

import (
	"encoding/json"
	"time"
)

// State is how far a payment has come.
type State string

// The states.
const (
	Confirming State = "confirming" // the cardholder is to confirm at the gateway's page
	Authorised State = "authorised" // 与信: the amount is reserved, nothing is charged
	Captured   State = "captured"   // 売上: charged
	Cancelled  State = "cancelled"  // 取消: nothing was charged, and nothing will be
	Declined   State = "declined"   // refused, for the reason in Decline
)

// Payment is a merchant's order as the gateway tells it. A merchant learns no more of a
// credit card than its brand and last four digits.
type Payment struct {
	Order   string    `json:"order"`  // the merchant's, used once
	Amount  int64     `json:"amount"` // in yen
	State   State     `json:"state"`
	Decline string    `json:"decline,omitempty"`
	Brand   string    `json:"brand,omitempty"`
	Last4   string    `json:"last4,omitempty"`
	Confirm string    `json:"confirm,omitempty"` // the page at which the cardholder confirms
	Refunds []Refund  `json:"refunds,omitempty"`
	At      time.Time `json:"at"`
}

// Refunded is how much was given back.
func (p Payment) Refunded() (sum int64) {
	for _, r := range p.Refunds {
		sum += r.Amount
	}
	return sum
}

// Refund gives back some or all of what was charged. ID is the merchant's, used once.
type Refund struct {
	ID     string    `json:"id"`
	Amount int64     `json:"amount"`
	At     time.Time `json:"at,omitzero"`
}

// The bodies of the interface.
type (
	// Order is an order and what it costs.
	Order struct {
		Order  string `json:"order"`
		Amount int64  `json:"amount,omitempty"`
	}
	// Challenge is what the individual number card of the cardholder is to answer.
	Challenge struct {
		Nonce string `json:"nonce"`
	}
	// Charge is the card's answer to a challenge that was made for this order. Return is the
	// page of the merchant's to which the cardholder comes back from confirming.
	Charge struct {
		Order  string          `json:"order"`
		Amount int64           `json:"amount"`
		Nonce  string          `json:"nonce"`
		Token  json.RawMessage `json:"token"`
		Return string          `json:"return"`
	}
	// Reversal gives back some or all of an order.
	Reversal struct {
		Order  string `json:"order"`
		Refund string `json:"refund"`
		Amount int64  `json:"amount"`
	}
)

// NoOrder is the code for an order that the gateway has not heard of.
const NoOrder = "no_order"

// Refused is the gateway's answer that nothing was done, with the code of the reason.
type Refused struct{ Code string }

func (e *Refused) Error() string { return "merchant: the gateway refused: " + e.Code }
