package bank

import (
	"context"

	"example.jp/jpkimock/rp"
)

// stateExpired is the state of a certificate whose validity has ended
// (有効期間満了), as a change confirmation tells it.
const stateExpired rp.State = "expired"

// currentStatus says that a question is asked to confirm what is on record
// (現況確認).
func currentStatus(ctx context.Context) context.Context { return ctx }
