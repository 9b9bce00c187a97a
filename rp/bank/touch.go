package bank

import (
	"context"
	"time"
)

// TouchLifetime is how long a teller may see the customer who has touched.
const TouchLifetime = 5 * time.Minute

// Visitor is what a touch of the card lets the teller see (お客様カードの代替): who
// it is, and what there is to do. It has no balance, address or date of birth.
type Visitor struct {
	Name    string
	Account AccountNumber
	Branch  Branch
	// Tasks are the messages that wait for something.
	Tasks []Notice
	At    time.Time
}

// Touch recognises the customer whose card has answered at the counter, without a
// customer card. The challenge is used up whatever the outcome.
func (b *Bank) Touch(ctx context.Context, token []byte, nonce string) (Visitor, error) {
	who, err := b.verifier.VerifyAuthentication(ctx, token, nonce)
	if err != nil {
		return Visitor{}, err
	}
	account, err := b.accountOfCard(ctx, who.Serial)
	if err != nil {
		return Visitor{}, err
	}
	v := Visitor{Name: account.Holder, Account: account.Number, Branch: account.Branch, At: b.now()}
	inbox, err := b.Inbox(ctx, account.Number)
	if err != nil {
		return Visitor{}, err
	}
	for _, n := range inbox {
		if n.Open() {
			v.Tasks = append(v.Tasks, n)
		}
	}
	return v, b.store.AddHistory(ctx, HistoryEntry{Customer: account.Customer, At: v.At, Act: ActTouched, By: who.Serial})
}
