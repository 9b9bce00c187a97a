package db

import (
	"context"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"example.jp/jpkimock/internal/dbopen"
	"example.jp/jpkimock/rp/bank"
)

// Amend writes a change of a customer's record with all that belongs to it.
func (s *Store) Amend(ctx context.Context, a bank.Amendment) error {
	return s.db.Transaction(ctx, func(tx *gorm.DB) error {
		now, err := lockRecord(tx, a.Before)
		if err != nil {
			return err
		}
		if a.Form != nil {
			if err := refuseUsed(tx, &formRow{}, a.Form.Document.Number); err != nil {
				return err
			}
		}
		if err := refuseHeld(tx, customerToRow(a.After)); err != nil {
			return err
		}
		if err := replaceRecord(tx, now, a); err != nil {
			return err
		}
		past, err := historyToRow(a.History)
		if err != nil {
			return err
		}
		rows := []any{&past}
		if a.Form != nil {
			form, err := formToRow(*a.Form, a.Before.ID)
			if err != nil {
				return err
			}
			rows = append(rows, &form)
		}
		if a.Receipt != nil {
			receipt := noticeToRow(*a.Receipt)
			rows = append(rows, &receipt)
		}
		for _, row := range rows {
			if err := tx.Create(row).Error; err != nil {
				return err
			}
		}
		return nil
	})
}

// lockRecord reads the record for update, and returns ErrRecordChanged if it is no
// longer before.
func lockRecord(tx *gorm.DB, before bank.Customer) (now customerRow, err error) {
	err = tx.Clauses(clause.Locking{Strength: "UPDATE"}).Where("id = ?", int64(before.ID)).Take(&now).Error
	if err != nil {
		return now, dbopen.Missing(err, bank.ErrNoAccount)
	}
	was := customerToRow(before)
	if now.Serial != was.Serial || dbopen.TextOf[string](now.Paired) != dbopen.TextOf[string](was.Paired) || now.ConsentApplication != was.ConsentApplication ||
		!dbopen.TimeOf(now.Standing.ConsentWithdrawnAt).Equal(dbopen.TimeOf(was.Standing.ConsentWithdrawnAt)) {
		return now, bank.ErrRecordChanged
	}
	return now, nil
}

// replaceRecord writes what may change in a record. The Standing stays as it is,
// unless the certificate is new.
func replaceRecord(tx *gorm.DB, now customerRow, a bank.Amendment) error {
	last, err := lastCoverage(tx)
	if err != nil {
		return err
	}
	next, err := nextReport(tx)
	if err != nil {
		return err
	}
	columns := []string{"consent_application", "consent_given_at", "consent_withdrawn_at", "state", "confirmed_at", "first_report"}
	if a.After.Serial != a.Before.Serial || a.After.Paired != a.Before.Paired {
		columns = append(columns, "serial", "paired")
	}
	if a.After.Serial != a.Before.Serial {
		columns = append(columns, "person", "name", "date_of_birth", "gender", "address", "name_substitutes", "address_substitutes",
			"certificate", "certificate_expires", "followed", "unproven", "reason", "state_since", "final")
	} else {
		a.After.Standing = now.Standing.standing(last)
	}
	if err := keepAddressee(tx, now); err != nil {
		return err
	}
	row := customerToRow(a.After)
	row.Standing.FirstReport = next
	if err := tx.Model(&customerRow{}).Where("id = ?", row.ID).Select(columns).Updates(&row).Error; err != nil {
		return err
	}
	if !a.ClosesNotices {
		return nil
	}
	return tx.Model(&noticeRow{}).Where("customer_id = ? AND closed_at IS NULL", row.ID).Update("closed_at", a.History.At.UTC()).Error
}

// keepAddressee writes the name and address on record into the messages so far, before
// the record changes: a letter stays as it was sent.
func keepAddressee(tx *gorm.DB, before customerRow) error {
	return tx.Model(&noticeRow{}).Where("customer_id = ? AND addressee IS NULL", before.ID).
		Updates(map[string]any{"addressee": before.Name, "sent_to": before.Address}).Error
}
