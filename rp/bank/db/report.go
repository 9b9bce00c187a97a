package db

import (
	"context"
	"errors"

	"gorm.io/gorm"

	"example.jp/jpkimock/internal/dbopen"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank"
)

// Tally counts the customers by what is known about them.
func (s *Store) Tally(ctx context.Context) (bank.Tally, error) {
	return tally(s.db.Read.WithContext(ctx))
}

func tally(g *gorm.DB) (t bank.Tally, err error) {
	last, err := lastCoverage(g)
	if err != nil {
		return t, err
	}
	var rows []struct {
		Known    string
		Withheld bool
		N        int
	}
	err = g.Model(&customerRow{}).Select("CASE WHEN state = '' AND first_report <= ? THEN ? ELSE state END AS known, "+
		"consent_withdrawn_at IS NOT NULL AS withheld, COUNT(*) AS n", last.ID, string(rp.Unchanged)).Group("known, withheld").Find(&rows).Error
	by := map[string]*int{
		"": &t.Never, string(rp.Unchanged): &t.Unchanged, string(rp.Changed): &t.Changed, string(rp.Revoked): &t.Revoked, string(bank.Reissued): &t.Reissued,
		string(rp.Suspended): &t.Suspended, string(rp.Expired): &t.Expired, string(rp.Unknown): &t.Unknown,
	}
	for _, r := range rows {
		t.Customers += r.N
		if r.Withheld {
			t.Withheld += r.N
		} else if n, ok := by[r.Known]; ok {
			*n += r.N
		}
	}
	return t, err
}

// BeginReport assigns an ID to a report.
func (s *Store) BeginReport(ctx context.Context, r bank.Report) (bank.Report, error) {
	row := reportToRow(r)
	err := s.db.Write.WithContext(ctx).Create(&row).Error
	return row.report(), err
}

// FinishReport keeps a report, with the tally after it.
func (s *Store) FinishReport(ctx context.Context, r bank.Report) (bank.Report, error) {
	row := reportToRow(r)
	err := s.db.Transaction(ctx, func(tx *gorm.DB) error {
		if err := tx.Save(&row).Error; err != nil { // the tally is that after this report
			return err
		}
		t, err := tally(tx)
		if err != nil {
			return err
		}
		row.Tally = tallyColumns(t)
		return tx.Save(&row).Error
	})
	return row.report(), err
}

// Reports returns the newest finished reports.
func (s *Store) Reports(ctx context.Context, limit int) ([]bank.Report, error) {
	var rows []reportRow
	err := s.db.Read.WithContext(ctx).Where("finished_at IS NOT NULL").Order("id DESC").Limit(limit).Find(&rows).Error
	return dbopen.Each(rows, reportRow.report), err
}

// Report returns one finished report.
func (s *Store) Report(ctx context.Context, id int64) (bank.Report, error) {
	var row reportRow
	err := s.db.Read.WithContext(ctx).Where("id = ? AND finished_at IS NOT NULL", id).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return bank.Report{}, bank.ErrNoReport
	}
	return row.report(), err
}
