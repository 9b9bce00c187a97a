// Package db keeps the portal's records in rows. What is in letters is encrypted before
// it comes here.
package db

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/dbopen"
	"example.jp/jpkimock/portal"
	"example.jp/jpkimock/rp"
)

// Store is a portal.Store over a database.
type Store struct{ *dbopen.DB }

var _ portal.Store = (*Store)(nil)

// Open opens the portal's database at a path or a postgres:// address.
func Open(address string) (*Store, error) {
	db, err := dbopen.Open(address, &citizenRow{}, &enrolmentRow{}, &connectionRow{}, &applicationRow{}, &deliveryRow{}, &letterRow{}, &senderRow{}, &mailRow{}, &watchRow{}, &dbopen.KeyRow{})
	return &Store{db}, err
}

// AddCitizen enrols somebody.
func (s *Store) AddCitizen(ctx context.Context, c portal.Citizen, application rp.SignedDocument) (portal.Citizen, error) {
	row := citizenToRow(c)
	err := s.Transaction(ctx, func(tx *gorm.DB) error {
		row.ID = 0
		if err := tx.Create(&row).Error; err != nil {
			return dbopen.Taken(err, portal.ErrEnrolled)
		}
		return tx.Create(&enrolmentRow{row.ID, application}).Error
	})
	return row.citizen(), err
}

// Import enrols many who signed no application, such as those of package crowd.
func (s *Store) Import(ctx context.Context, citizens []portal.Citizen) error {
	rows := dbopen.Each(citizens, citizenToRow)
	return s.To(ctx).CreateInBatches(&rows, 1000).Error
}

// Citizen gives a citizen, or portal.ErrUnknownHolder.
func (s *Store) Citizen(ctx context.Context, id int64) (portal.Citizen, error) {
	return dbopen.One(s.From(ctx).Where("id = ?", id), citizenRow.citizen, portal.ErrUnknownHolder)
}

// CitizenByCertificate finds a citizen, or is portal.ErrUnknownHolder.
func (s *Store) CitizenByCertificate(ctx context.Context, kind jpki.Kind, serial jpki.SerialNumber) (portal.Citizen, error) {
	column := "signature"
	if kind == jpki.UserAuthentication {
		column = "authentication"
	}
	return dbopen.One(s.From(ctx).Where(column+" = ?", serial.String()), citizenRow.citizen, portal.ErrUnknownHolder)
}

// ChangeCitizen changes a citizen.
func (s *Store) ChangeCitizen(ctx context.Context, id int64, change func(*portal.Citizen) error) (c portal.Citizen, err error) {
	err = s.Transaction(ctx, func(tx *gorm.DB) error {
		c, err = changeCitizen(tx, id, change)
		return err
	})
	return c, err
}

func changeCitizen(tx *gorm.DB, id int64, change func(*portal.Citizen) error) (portal.Citizen, error) {
	return dbopen.Change(tx.Where("id = ?", id), citizenRow.citizen, citizenToRow, portal.ErrUnknownHolder, change)
}

// Notice changes a citizen together with what is sent about it.
func (s *Store) Notice(ctx context.Context, id int64, change func(*portal.Citizen) (portal.Sent, error)) error {
	return s.Transaction(ctx, func(tx *gorm.DB) error {
		var sent portal.Sent
		if _, err := changeCitizen(tx, id, func(c *portal.Citizen) (err error) {
			sent, err = change(c)
			return err
		}); err != nil {
			return err
		}
		return send(tx, sent)
	})
}

// send keeps letters and e-mails. A notice that is there already is not kept again.
func send(tx *gorm.DB, sent portal.Sent) error {
	for _, l := range sent.Letters {
		row := letterToRow(l)
		if err := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&row).Error; err != nil {
			return err
		}
	}
	for _, m := range sent.Mails {
		row := mailToRow(m)
		if err := tx.Create(&row).Error; err != nil {
			return err
		}
	}
	return nil
}

// Watched gives everybody who stands so.
func (s *Store) Watched(ctx context.Context, standing portal.Standing) ([]portal.Citizen, error) {
	return dbopen.List(s.From(ctx).Where("standing = ?", string(standing)).Order("id"), citizenRow.citizen)
}

// What a watch drops: reports before the newest watchesKept, and e-mails after mailsKept.
const (
	watchesKept = 400
	mailsKept   = 90 * 24 * time.Hour
)

// CompleteWatch keeps a report.
func (s *Store) CompleteWatch(ctx context.Context, w portal.WatchReport) error {
	return s.Transaction(ctx, func(tx *gorm.DB) error {
		row := watchRow{At: w.At.UTC(), Asked: w.Asked, Moved: w.Moved, Renewed: w.Renewed, Ready: w.Ready}
		if err := tx.Create(&row).Error; err != nil {
			return err
		}
		if err := tx.Where("at < ?", row.At.Add(-mailsKept)).Delete(&mailRow{}).Error; err != nil {
			return err
		}
		return tx.Where("id <= ?", row.ID-watchesKept).Delete(&watchRow{}).Error
	})
}

// Watches gives the newest reports.
func (s *Store) Watches(ctx context.Context, limit int) ([]portal.WatchReport, error) {
	return dbopen.List(s.From(ctx).Order("id DESC").Limit(limit), func(r watchRow) portal.WatchReport {
		return portal.WatchReport{At: r.At.UTC(), Asked: r.Asked, Moved: r.Moved, Renewed: r.Renewed, Ready: r.Ready}
	})
}

// Connect keeps a connection, in place of an earlier one with the partner.
func (s *Store) Connect(ctx context.Context, k portal.Connection) error {
	row := connectionRow(k)
	row.ConsentedAt = row.ConsentedAt.UTC()
	return s.To(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error
}

// Withdraw drops a connection.
func (s *Store) Withdraw(ctx context.Context, citizen int64, partner string) (portal.Connection, error) {
	var row connectionRow
	err := s.Transaction(ctx, func(tx *gorm.DB) error {
		if err := dbopen.Locked(tx).Take(&row, "citizen = ? AND partner = ?", citizen, partner).Error; err != nil {
			return dbopen.Missing(err, portal.ErrNotConnected)
		}
		var open int64
		err := tx.Model(&deliveryRow{}).Where("citizen = ? AND partner = ? AND open", citizen, partner).Count(&open).Error
		if err != nil {
			return err
		}
		if open > 0 {
			return portal.ErrDelivering
		}
		return tx.Delete(&row).Error
	})
	return portal.Connection(row), err
}

// Connections lists a citizen's connections.
func (s *Store) Connections(ctx context.Context, citizen int64) ([]portal.Connection, error) {
	all := s.From(ctx).Where("citizen = ?", citizen).Order("consented_at, partner")
	return dbopen.List(all, func(r connectionRow) portal.Connection { return portal.Connection(r) })
}
