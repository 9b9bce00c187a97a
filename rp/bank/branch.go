package bank

import (
	"context"
	"time"
)

// TouchLifetime is how long a teller sees what a touch allows.
const TouchLifetime = 5 * time.Minute

// Visitor is what a touch of the card lets the teller see (お客様カードの代替):
// who it is, and what there is to do. No balance, no address, no date of birth.
type Visitor struct {
	Name    string
	Account AccountNumber
	Branch  Branch
	// Tasks are the messages that wait for something.
	Tasks []Notice
	At    time.Time
}

// Touch finds the customer whose card has answered at the counter, without a
// customer card. The challenge is used up whatever the outcome.
func (b *Bank) Touch(ctx context.Context, token []byte, nonce string) (Visitor, error) {
	who, err := b.verifier.VerifyAuthentication(ctx, token, nonce)
	if err != nil {
		return Visitor{}, err
	}
	account, err := b.holder(ctx, who.Serial)
	if err != nil {
		return Visitor{}, err
	}
	v := Visitor{Name: account.Holder, Account: account.Number, Branch: account.Branch, At: b.now().UTC()}
	inbox, err := b.Inbox(ctx, account.Number)
	if err != nil {
		return Visitor{}, err
	}
	for _, n := range inbox {
		if n.Open() {
			v.Tasks = append(v.Tasks, n)
		}
	}
	return v, b.store.AddPast(ctx, Past{Customer: account.Customer, At: v.At, Act: PastTouched, By: who.Serial})
}
