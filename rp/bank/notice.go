package bank

import (
	"context"
	"slices"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// NoticeKind says what a message to a customer is about.
type NoticeKind string

// The kinds of messages. The first five ask for a change form.
const (
	NoticeChanged   NoticeKind = "changed"   // 異動: the four basic data have changed
	NoticeRenewed   NoticeKind = "renewed"   // 更新, and no newer certificate was found
	NoticeRevoked   NoticeKind = "revoked"   // 失効: loss for good, return, death
	NoticeReissued  NoticeKind = "reissued"  // 再発行: newer than one that was lost or has expired
	NoticeExpired   NoticeKind = "expired"   // 有効期間満了: asked to renew
	NoticeSuspended NoticeKind = "suspended" // 一時停止: no move; nothing is asked
	NoticeUnknown   NoticeKind = "unknown"   // for staff alone
	NoticeAccepted  NoticeKind = "accepted"  // 受付のお知らせ
	NoticeDelivered NoticeKind = "delivered" // 最新の利用者情報による更新のお知らせ
)

// AsksChange reports whether the message asks for a change form.
func (k NoticeKind) AsksChange() bool {
	return k == NoticeChanged || k == NoticeRenewed || k == NoticeRevoked || k == NoticeReissued || k == NoticeExpired
}

// ForStaff reports whether the customer does not see the message.
func (k NoticeKind) ForStaff() bool { return k == NoticeUnknown }

// NoticeID is the number of a message.
type NoticeID int64

// Notice is a message in a customer's inbox (お知らせ), and the letter that may be
// sent with it.
type Notice struct {
	ID       NoticeID
	Customer CustomerID
	Kind     NoticeKind
	// Serial is the certificate that it is about, and Reason and Since what the
	// authority says about it.
	Serial jpki.SerialNumber
	Reason jpki.Reason
	Since  time.Time
	At     time.Time // when it was written
	// ClosedAt is when nothing was left to do; zero while the message is open.
	ClosedAt  time.Time
	PrintedAt time.Time // the letter; zero for not yet
	// Letter: a letter is sent as well, to customers whose data have changed or who
	// have left the register. Those who have lost or renewed a card have not moved,
	// and find the message in the inbox.
	Letter bool
}

// Open reports whether there is still something to do.
func (n Notice) Open() bool { return n.ClosedAt.IsZero() }

// NoticeQuery selects messages; empty fields select all.
type NoticeQuery struct {
	Customer CustomerID
	ID       NoticeID
	Open     bool
	Letter   bool
	Since    time.Time // written then or later
	Page     int       // from 1, of PerPage messages; 0 selects the newest 1,000
}

// AddressedNotice is a message with its addressee: who it was written to, as on
// record at that time.
type AddressedNotice struct {
	Notice
	Account AccountNumber
	Branch  Branch
	Name    string
	Address string
}

// Masked returns the name as in the list of customers.
func (n AddressedNotice) Masked() string { return masked(n.Name) }

// Waiting counts the open messages. A customer has at most one.
type Waiting struct {
	Customers int // for customers
	Staff     int // for staff alone
	Letters   int // with a letter
}

// CountWaiting counts the open messages.
func (b *Bank) CountWaiting(ctx context.Context) (Waiting, error) { return b.store.CountWaiting(ctx) }

// Inbox returns a customer's messages, newest first.
func (b *Bank) Inbox(ctx context.Context, no AccountNumber) ([]Notice, error) {
	customer, err := b.store.Customer(ctx, no)
	if err != nil {
		return nil, err
	}
	all, err := b.store.Notices(ctx, NoticeQuery{Customer: customer.ID})
	if err != nil {
		return nil, err
	}
	var inbox []Notice
	for _, n := range all {
		if !n.Kind.ForStaff() {
			inbox = append(inbox, n.Notice)
		}
	}
	return inbox, nil
}

// Notice returns one message of a customer, or ErrNoNotice.
func (b *Bank) Notice(ctx context.Context, no AccountNumber, id NoticeID) (Notice, error) {
	inbox, err := b.Inbox(ctx, no)
	if err != nil {
		return Notice{}, err
	}
	i := slices.IndexFunc(inbox, func(n Notice) bool { return n.ID == id })
	if i < 0 {
		return Notice{}, ErrNoNotice
	}
	return inbox[i], nil
}

// Notices returns the selected messages, newest first.
func (b *Bank) Notices(ctx context.Context, q NoticeQuery) ([]AddressedNotice, error) {
	return b.store.Notices(ctx, q)
}
