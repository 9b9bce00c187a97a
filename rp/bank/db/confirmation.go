package db

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank"
)

// final lists the states that do not change any more for one certificate.
func final() []string { return []string{string(rp.Changed), string(rp.Revoked), string(rp.Expired)} }

// Watched gives the customers to ask about.
func (s *Store) Watched(ctx context.Context) ([]bank.Watched, error) {
	var rows []struct {
		ID                 int64
		Serial             string
		CertificateExpires time.Time
	}
	err := s.db.Read.WithContext(ctx).Model(&customerRow{}).Select("id", "serial", "certificate_expires").
		Where("consent_withdrawn_at IS NULL AND state NOT IN ?", final()).Order("id").Find(&rows).Error
	watched := make([]bank.Watched, len(rows))
	for i, r := range rows {
		watched[i] = bank.Watched{Customer: bank.CustomerID(r.ID), Serial: jpki.SerialNumber(r.Serial), Expires: r.CertificateExpires.UTC()}
	}
	return watched, err
}

// RecordFindings writes what the authority said of customers.
func (s *Store) RecordFindings(ctx context.Context, at time.Time, findings []bank.Finding) (asked int, err error) {
	err = s.inTransaction(ctx, func(tx *gorm.DB) error {
		asked = 0
		current, err := stillCurrent(tx, findings)
		if err != nil {
			return err
		}
		var same []int64
		for _, f := range current {
			if f.State == rp.Unchanged {
				same = append(same, int64(f.Customer))
				continue
			}
			wrote, err := recordChange(tx, at, f)
			if err != nil {
				return err
			}
			if wrote {
				asked++
			}
		}
		return recordSame(tx, at, same)
	})
	return asked, err
}

// stillCurrent leaves out findings about what is not on record any more.
func stillCurrent(tx *gorm.DB, findings []bank.Finding) ([]bank.Finding, error) {
	ids := make([]int64, len(findings))
	for i, f := range findings {
		ids[i] = int64(f.Customer)
	}
	var rows []customerRow
	err := tx.Clauses(clause.Locking{Strength: "UPDATE"}).Select("id", "serial").
		Where("id IN ? AND consent_withdrawn_at IS NULL", ids).Find(&rows).Error
	on := make(map[int64]string, len(rows))
	for _, r := range rows {
		on[r.ID] = r.Serial
	}
	var current []bank.Finding
	for _, f := range findings {
		if serial, ok := on[int64(f.Customer)]; ok && serial == f.Serial.String() {
			current = append(current, f)
		}
	}
	return current, err
}

// recordSame marks customers as known to be unchanged. What a suspension had
// told them is over.
func recordSame(tx *gorm.DB, at time.Time, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	err := tx.Model(&customerRow{}).Where("id IN ?", ids).
		Updates(map[string]any{"state": string(rp.Unchanged), "reason": 0, "state_since": nil, "confirmed_at": at.UTC()}).Error
	if err != nil {
		return err
	}
	return tx.Model(&noticeRow{}).Where("customer_id IN ? AND closed_at IS NULL", ids).Update("closed_at", at.UTC()).Error
}

// recordChange writes a standing and the message it leads to; it reports
// whether a message was written.
func recordChange(tx *gorm.DB, at time.Time, f bank.Finding) (bool, error) {
	id := int64(f.Customer)
	err := tx.Model(&customerRow{}).Where("id = ?", id).
		Updates(map[string]any{"state": string(f.State), "reason": int(f.Reason), "state_since": optionalTime(f.Since)}).Error
	if err != nil {
		return false, err
	}
	n, leads := f.Notice(at)
	err = tx.Model(&noticeRow{}).Where("customer_id = ? AND closed_at IS NULL AND (kind <> ? OR serial <> ?)", id, string(n.Kind), f.Serial.String()).
		Update("closed_at", at.UTC()).Error
	if err != nil || !leads {
		return false, err
	}
	var there int64
	err = tx.Model(&noticeRow{}).Where("customer_id = ? AND closed_at IS NULL", id).Count(&there).Error
	if err != nil || there > 0 {
		return false, err
	}
	row := noticeToRow(n)
	return true, tx.Create(&row).Error
}

// Tally counts the customers by what is known of them.
func (s *Store) Tally(ctx context.Context) (bank.Tally, error) {
	var rows []struct {
		State    string
		Withheld bool
		N        int
	}
	err := s.db.Read.WithContext(ctx).Model(&customerRow{}).
		Select("state, consent_withdrawn_at IS NOT NULL AS withheld, COUNT(*) AS n").Group("state, withheld").Find(&rows).Error
	var t bank.Tally
	by := map[string]*int{
		"": &t.Never, string(rp.Unchanged): &t.Unchanged, string(rp.Changed): &t.Changed, string(rp.Revoked): &t.Revoked,
		string(rp.Suspended): &t.Suspended, string(rp.Expired): &t.Expired, string(rp.Unknown): &t.Unknown,
	}
	for _, r := range rows {
		t.Customers += r.N
		if r.Withheld {
			t.Withheld += r.N
		} else if n, ok := by[r.State]; ok {
			*n += r.N
		}
	}
	return t, err
}

// AddReport keeps a report.
func (s *Store) AddReport(ctx context.Context, r bank.Report) (bank.Report, error) {
	row := reportToRow(r)
	err := s.db.Write.WithContext(ctx).Create(&row).Error
	return row.report(), err
}

// Reports gives the newest reports.
func (s *Store) Reports(ctx context.Context, limit int) ([]bank.Report, error) {
	var rows []reportRow
	err := s.db.Read.WithContext(ctx).Order("id DESC").Limit(limit).Find(&rows).Error
	reports := make([]bank.Report, len(rows))
	for i, r := range rows {
		reports[i] = r.report()
	}
	return reports, err
}

// Report gives one report.
func (s *Store) Report(ctx context.Context, id int64) (bank.Report, error) {
	var row reportRow
	err := s.db.Read.WithContext(ctx).Where("id = ?", id).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return bank.Report{}, bank.ErrNoReport
	}
	return row.report(), err
}
