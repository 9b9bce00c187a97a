package db

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"example.jp/jpkimock/portal/partner"
)

// outboxRow is a notice on its way to a box, and later that it was told.
type outboxRow struct {
	Customer string `gorm:"primaryKey"`
	Notice   string `gorm:"primaryKey"`
	At       time.Time
	Open     bool           `gorm:"index"`
	Content  partner.Notice `gorm:"serializer:json"` // empty when it has left
	Refused  string         // the portal's code; empty for none
}

func (outboxRow) TableName() string { return "outbox" }

// gatheredRow says until when the business's records were asked.
type gatheredRow struct {
	ID int64 `gorm:"primaryKey"`
	At time.Time
}

func (gatheredRow) TableName() string { return "gathered" }

// Bounds of the outbox.
const (
	overlap    = time.Hour            // a record may be committed later than its time says
	toldKept   = 400 * 24 * time.Hour // that something was told
	atOnce     = 500                  // notices sent in one round
	firstPause = time.Minute          // after a round that the portal left unanswered
	longest    = 6 * time.Hour        // between rounds while the portal is silent
)

// Tell tells customers what the business has to tell them (電子私書箱への投函). What the
// portal leaves unanswered stays in the outbox, and costs the business nothing but the
// question.
func (d *Docket) Tell(ctx context.Context) error {
	var rows []connectionRow
	if err := d.db.From(ctx).Order("customer").Find(&rows).Error; err != nil || len(rows) == 0 {
		return err
	}
	if err := d.gather(ctx, rows); err != nil {
		return err
	}
	if d.cfg.Now().Before(d.next) {
		return nil
	}
	err := d.send(ctx, rows)
	if err == nil {
		d.pause = 0
		return nil
	}
	d.pause = min(max(firstPause, 2*d.pause), longest)
	d.next = d.cfg.Now().Add(d.pause)
	return err
}

// Told counts the notices that have left.
func (d *Docket) Told(ctx context.Context) (int, error) {
	var n int64
	err := d.db.From(ctx).Model(&outboxRow{}).Where("NOT open AND refused = ''").Count(&n).Error
	return int(n), err
}

// gather keeps in the outbox what is to be told.
func (d *Docket) gather(ctx context.Context, rows []connectionRow) error {
	now := d.cfg.Now().UTC()
	var last gatheredRow
	if err := d.db.From(ctx).Limit(1).Find(&last).Error; err != nil {
		return err
	}
	to := make([]partner.Connected, len(rows))
	since := map[string]time.Time{}
	for i, r := range rows {
		to[i] = partner.Connected{Connection: r.Connection, At: r.At.UTC()}
		since[r.Customer] = r.At
	}
	all, err := d.cfg.Tells(ctx, last.At.Add(-overlap), to)
	if err != nil || len(all) == 0 && now.Sub(last.At) < overlap {
		return err
	}
	return d.db.Transaction(ctx, func(tx *gorm.DB) error {
		for _, t := range all {
			if at, ok := since[t.Customer]; !ok || time.Unix(t.Notice.At, 0).Before(at.Truncate(time.Second)) {
				continue // from before the consent
			}
			row := outboxRow{Customer: t.Customer, Notice: t.ID, At: now, Open: true, Content: t.Notice}
			if err := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&row).Error; err != nil {
				return err
			}
		}
		if err := tx.Delete(&outboxRow{}, "at < ? AND NOT open", now.Add(-toldKept)).Error; err != nil {
			return err
		}
		return tx.Save(&gatheredRow{1, now}).Error
	})
}

// send sends what is in the outbox, the oldest first, until the portal is silent.
func (d *Docket) send(ctx context.Context, connected []connectionRow) error {
	boxes := map[string]string{}
	for _, r := range connected {
		boxes[r.Customer] = r.Connection.Box
	}
	var open []outboxRow
	if err := d.db.From(ctx).Where("open").Order("at, customer, notice").Limit(atOnce).Find(&open).Error; err != nil {
		return err
	}
	for _, r := range open {
		n := r.Content
		n.Box, n.At = boxes[r.Customer], d.cfg.Now().Unix()
		r.Open, r.Content = false, partner.Notice{}
		if n.Box != "" { // else the consent has been withdrawn since
			sealed, err := d.Seal(n)
			if err != nil {
				return err
			}
			err = d.cfg.PostBox.Deliver(ctx, sealed)
			if refused, ok := errors.AsType[*partner.Refused](err); ok {
				r.Refused = refused.Code
			} else if err != nil {
				return err
			}
		}
		if err := d.db.To(ctx).Save(&r).Error; err != nil {
			return err
		}
	}
	return nil
}
