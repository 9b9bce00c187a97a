package db

import (
	"context"
	"iter"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/dbopen"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank"
)

// watchedAtOnce is how many customers are read at once.
const watchedAtOnce = 10_000

// Watched reads the customers to ask about, a batch at a time.
func (s *Store) Watched(ctx context.Context) iter.Seq2[bank.Watched, error] {
	return func(yield func(bank.Watched, error) bool) {
		batch, last := make([]bank.Watched, 0, watchedAtOnce), int64(0)
		for {
			batch, err := s.watchedAfter(ctx, last, batch[:0])
			if err != nil {
				yield(bank.Watched{}, err)
				return
			}
			for _, w := range batch {
				if !yield(w, nil) {
					return
				}
			}
			if len(batch) < watchedAtOnce {
				return
			}
			last = int64(batch[len(batch)-1].Customer)
		}
	}
}

// watchedAfter reads the next batch. It bypasses gorm, which takes several times as
// long as the database (BenchmarkConfirm).
func (s *Store) watchedAfter(ctx context.Context, after int64, batch []bank.Watched) ([]bank.Watched, error) {
	rows, err := s.watched.QueryContext(ctx, after, watchedAtOnce)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var r customerRow
		if err := rows.Scan(&r.ID, &r.Serial, &r.Followed, &r.CertificateExpires, &r.Unproven, &r.Standing.State, &r.Standing.Reason, &r.Standing.StateSince); err != nil {
			return nil, err
		}
		batch = append(batch, r.watched(r.Standing.written()))
	}
	return batch, rows.Err()
}

// watched converts a row. The validity of a certificate that was followed is not
// known.
func (r customerRow) watched(known bank.Standing) bank.Watched {
	w := bank.Watched{
		Customer: bank.CustomerID(r.ID), Serial: jpki.SerialNumber(r.Serial), Expires: r.CertificateExpires.UTC(),
		Unproven: r.Unproven, Standing: known,
	}
	if r.Followed != nil {
		w.Serial, w.Expires = jpki.SerialNumber(*r.Followed), time.Time{}
	}
	return w
}

// RecordFindings writes what the authority said about customers.
func (s *Store) RecordFindings(ctx context.Context, at time.Time, findings []bank.Finding) (recorded bank.Recorded, err error) {
	err = s.db.Transaction(ctx, func(tx *gorm.DB) error {
		recorded = bank.Recorded{}
		current, err := stillCurrent(tx, findings)
		if err != nil {
			return err
		}
		var same []int64
		for _, f := range current {
			if err := recordNext(tx, at, f); err != nil {
				return err
			}
			switch state := f.State(); {
			case state == rp.Unchanged:
				same = append(same, int64(f.Watched.Customer))
				if _, followed := f.Next(); followed {
					recorded.Followed++
				}
				continue
			case state == bank.Reissued && f.Watched.Standing.State == bank.Reissued:
				continue
			}
			wrote, err := recordChange(tx, at, f)
			if err != nil {
				return err
			}
			if wrote {
				recorded.Asked++
			}
		}
		return recordUnchanged(tx, at, same)
	})
	return recorded, err
}

// stillCurrent leaves out findings about certificates that are no longer watched, and
// returns the others with the present Standing.
func stillCurrent(tx *gorm.DB, findings []bank.Finding) ([]bank.Finding, error) {
	ids := make([]int64, len(findings))
	for i, f := range findings {
		ids[i] = int64(f.Watched.Customer)
	}
	last, err := lastCoverage(tx)
	if err != nil {
		return nil, err
	}
	var rows []customerRow
	err = tx.Clauses(clause.Locking{Strength: "UPDATE"}).Where("id IN ? AND consent_withdrawn_at IS NULL", ids).
		Omit("certificate").Find(&rows).Error
	on := make(map[bank.CustomerID]bank.Watched, len(rows))
	for _, r := range rows {
		w := r.watched(r.Standing.standing(last))
		on[w.Customer] = w
	}
	var current []bank.Finding
	for _, f := range findings {
		if now, ok := on[f.Watched.Customer]; ok && now.Serial == f.Watched.Serial {
			f.Watched.Standing = now.Standing
			current = append(current, f)
		}
	}
	return current, err
}

// recordNext writes which certificate is watched from now on, if it is another one.
func recordNext(tx *gorm.DB, at time.Time, f bank.Finding) error {
	next, followed := f.Next()
	if !followed {
		return nil
	}
	err := tx.Model(&customerRow{}).Where("id = ?", int64(f.Watched.Customer)).
		Updates(map[string]any{"followed": next.Serial.String(), "unproven": next.Unproven}).Error
	if err != nil {
		return err
	}
	past, err := historyToRow(f.HistoryEntry(at))
	if err != nil {
		return err
	}
	return tx.Create(&past).Error
}

// recordUnchanged writes that customers are unchanged who were not, or whose
// certificate was renewed, and closes messages such as those about a suspension.
func recordUnchanged(tx *gorm.DB, at time.Time, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	next, err := nextReport(tx)
	if err != nil {
		return err
	}
	err = tx.Model(&customerRow{}).Where("id IN ?", ids).Updates(map[string]any{
		"state": string(rp.Unchanged), "reason": 0, "state_since": nil, "final": false, "confirmed_at": at.UTC(), "first_report": next,
	}).Error
	if err != nil {
		return err
	}
	return tx.Model(&noticeRow{}).Where("customer_id IN ? AND closed_at IS NULL", ids).Update("closed_at", at.UTC()).Error
}

// recordChange writes a Standing and the message it leads to. It reports whether a
// message was written.
func recordChange(tx *gorm.DB, at time.Time, f bank.Finding) (bool, error) {
	id := int64(f.Watched.Customer)
	err := tx.Model(&customerRow{}).Where("id = ?", id).Updates(map[string]any{
		"state": string(f.State()), "reason": int(f.Status.Reason), "state_since": dbopen.OptionalTime(f.Status.At), "final": f.Status.Meaning().Final(),
		"confirmed_at": dbopen.OptionalTime(f.Watched.Standing.ConfirmedAt),
	}).Error
	if err != nil {
		return false, err
	}
	n, leads := f.Notice(at)
	err = tx.Model(&noticeRow{}).Where("customer_id = ? AND closed_at IS NULL AND (kind <> ? OR serial <> ?)", id, string(n.Kind), n.Serial.String()).
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
