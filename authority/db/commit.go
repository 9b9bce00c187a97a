package db

import (
	"context"
	"errors"
	"slices"

	"gorm.io/gorm"

	"example.jp/jpkimock/authority"
)

// Commit does what authority.Store says: one transaction.
func (s *Store) Commit(ctx context.Context, c authority.Change) error {
	err := s.db.Write.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		for _, write := range []func(*gorm.DB, authority.Change) error{
			writeRegisters, writeCertificates, writeStandings, writeJournal, writeOffice,
		} {
			if err := write(tx, c); err != nil {
				return err
			}
		}
		return nil
	})
	switch {
	case errors.Is(err, authority.ErrNoCertificate), errors.Is(err, authority.ErrSerialTaken):
		return err
	}
	return wrap("commit", err)
}

func writeRegisters(tx *gorm.DB, c authority.Change) error {
	for _, r := range c.Residents {
		row, err := rowOfResident(r)
		if err != nil {
			return err
		}
		if err := tx.Clauses(upsert()).Create(&row).Error; err != nil {
			return err
		}
	}
	for _, k := range c.Cards {
		row := rowOfCard(k)
		if err := tx.Clauses(upsert()).Create(&row).Error; err != nil {
			return err
		}
	}
	for _, v := range c.Verifiers {
		row := rowOfVerifier(v)
		if err := tx.Clauses(upsert()).Create(&row).Error; err != nil {
			return err
		}
	}
	for _, p := range c.Publications {
		row := publicationRow{Kind: int(p.Kind), Number: p.Number, ThisUpdate: p.ThisUpdate.Unix()}
		if err := tx.Clauses(upsert()).Create(&row).Error; err != nil {
			return err
		}
	}
	for name, value := range c.Kept {
		if err := tx.Clauses(upsert()).Create(&keptRow{Name: name, Value: value}).Error; err != nil {
			return err
		}
	}
	return nil
}

// batch is how many rows go into one statement: a population of millions is
// written in batches, and SQLite bounds the values of one statement.
const batch = 1000

func writeCertificates(tx *gorm.DB, c authority.Change) error {
	for part := range slices.Chunk(c.Certificates, batch) {
		rows := make([]certificateRow, 0, len(part))
		for _, n := range part {
			row, err := rowOfCertificate(n)
			if err != nil {
				return err
			}
			rows = append(rows, row)
		}
		err := tx.Create(&rows).Error
		if errors.Is(err, gorm.ErrDuplicatedKey) {
			return authority.ErrSerialTaken
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func writeStandings(tx *gorm.DB, c authority.Change) error {
	for _, n := range c.Standings {
		id, err := number(n.Serial)
		if err != nil {
			return authority.ErrNoCertificate
		}
		columns := map[string]any{"state": int(n.Standing.State), "reason": int(n.Standing.Reason), "since": n.Standing.Since.Unix()}
		if n.Deliver {
			columns["delivered"] = true
		}
		r := tx.Model(&certificateRow{}).Where("kind = ? AND number = ?", int(n.Kind), id).Updates(columns)
		if r.Error != nil {
			return r.Error
		}
		if r.RowsAffected == 0 {
			return authority.ErrNoCertificate
		}
	}
	return nil
}

func writeJournal(tx *gorm.DB, c authority.Change) error {
	for _, e := range c.Events {
		row, err := rowOfEvent(e)
		if err != nil {
			return err
		}
		if err := tx.Create(&row).Error; err != nil {
			return err
		}
	}
	return nil
}
