package db

import (
	"context"
	"time"

	"example.jp/jpkimock/internal/dbopen"
	"example.jp/jpkimock/rp/bank"
)

// noticeLimit is how many messages a query without a page returns.
const noticeLimit = 1000

// Notices returns the selected messages with their addressees.
func (s *Store) Notices(ctx context.Context, q bank.NoticeQuery) ([]bank.AddressedNotice, error) {
	g := s.db.Read.WithContext(ctx).Table("notices").
		Select("notices.*, accounts.number AS account, accounts.branch, " +
			"COALESCE(notices.addressee, customers.name) AS name, COALESCE(notices.sent_to, customers.address) AS address").
		Joins("JOIN customers ON customers.id = notices.customer_id").
		Joins("JOIN accounts ON accounts.customer_id = notices.customer_id").Order("notices.id DESC")
	if q.Customer != 0 {
		g = g.Where("notices.customer_id = ?", int64(q.Customer))
	}
	if q.ID != 0 {
		g = g.Where("notices.id = ?", int64(q.ID))
	}
	if q.Open {
		g = g.Where("notices.closed_at IS NULL")
	}
	if !q.Since.IsZero() {
		g = g.Where("notices.at >= ?", q.Since.UTC())
	}
	if q.Letter {
		g = g.Where("notices.letter")
	}
	g = g.Limit(noticeLimit)
	if q.Page > 0 {
		g = g.Limit(bank.PerPage).Offset((q.Page - 1) * bank.PerPage)
	}
	var rows []addressedRow
	err := g.Find(&rows).Error
	return dbopen.Each(rows, addressedRow.notice), err
}

// CountWaiting counts the open messages.
func (s *Store) CountWaiting(ctx context.Context) (w bank.Waiting, err error) {
	var rows []struct {
		Kind   string
		Letter bool
		N      int
	}
	err = s.db.Read.WithContext(ctx).Model(&noticeRow{}).Select("kind, letter, COUNT(*) AS n").Where("closed_at IS NULL").Group("kind, letter").Find(&rows).Error
	for _, r := range rows {
		if bank.NoticeKind(r.Kind).ForStaff() {
			w.Staff += r.N
		} else {
			w.Customers += r.N
		}
		if r.Letter {
			w.Letters += r.N
		}
	}
	return w, err
}

// MarkPrinted records that a letter was printed.
func (s *Store) MarkPrinted(ctx context.Context, id bank.NoticeID, at time.Time) error {
	return s.db.Write.WithContext(ctx).Model(&noticeRow{}).Where("id = ?", int64(id)).Update("printed_at", at.UTC()).Error
}
