package db

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/dbopen"
	"example.jp/jpkimock/rp/platform"
)

// HolderByCertificate finds a holder by a user authentication certificate.
func (s *Store) HolderByCertificate(ctx context.Context, serial jpki.SerialNumber) (platform.HolderID, error) {
	return s.holder(ctx, "serial = ?", serial)
}

// HolderByPaired finds a holder by the signature certificate on the same card.
func (s *Store) HolderByPaired(ctx context.Context, paired jpki.SerialNumber) (platform.HolderID, error) {
	return s.holder(ctx, "paired = ?", paired)
}

func (s *Store) holder(ctx context.Context, by string, serial jpki.SerialNumber) (platform.HolderID, error) {
	var row certificateRow
	err := s.read(ctx).Where(by, serial.String()).Order("id DESC").Take(&row).Error
	return platform.HolderID(row.Holder), dbopen.Missing(err, platform.ErrUnknownHolder)
}

// AddCertificate keeps a certificate, with a new holder if it names none.
func (s *Store) AddCertificate(ctx context.Context, c platform.Certificate) (platform.HolderID, error) {
	if c.Holder == "" {
		c.Holder = platform.HolderID(rand.Text())
	}
	row := certificateToRow(c)
	err := s.db.Transaction(ctx, func(tx *gorm.DB) error {
		if err := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&row).Error; err != nil {
			return err
		}
		row = certificateRow{}
		return tx.Take(&row, "serial = ?", c.Serial.String()).Error
	})
	return platform.HolderID(row.Holder), err
}

// Consent gives a holder's consent to a service, or the zero one.
func (s *Store) Consent(ctx context.Context, h platform.HolderID, client platform.ClientID) (platform.Consent, error) {
	return consent(s.read(ctx), h, client)
}

func consent(g *gorm.DB, h platform.HolderID, client platform.ClientID) (platform.Consent, error) {
	var row consentRow
	err := g.Take(&row, "holder = ? AND client = ?", string(h), string(client)).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return platform.Consent{}, nil
	}
	return row.consent(), err
}

// consentHeld gives a consent that nobody else can withdraw until the
// transaction ends. SQLite has no locks of rows and needs none: it has one writer.
func consentHeld(tx *gorm.DB, h platform.HolderID, client platform.ClientID) (platform.Consent, error) {
	return consent(tx.Clauses(clause.Locking{Strength: "UPDATE"}), h, client)
}

// Consents gives a holder's consents, the newest first.
func (s *Store) Consents(ctx context.Context, h platform.HolderID) ([]platform.Consent, error) {
	var rows []consentRow
	err := s.read(ctx).Where("holder = ?", string(h)).Order("given_at DESC, client").Find(&rows).Error
	all := make([]platform.Consent, len(rows))
	for i, r := range rows {
		all[i] = r.consent()
	}
	return all, err
}

// Withdraw ends a consent with its codes and tokens, and writes it into the log.
func (s *Store) Withdraw(ctx context.Context, h platform.HolderID, client platform.ClientID, at time.Time) error {
	return s.db.Transaction(ctx, func(tx *gorm.DB) error {
		of := tx.Where("holder = ? AND client = ?", string(h), string(client)).Session(&gorm.Session{})
		done := of.Model(&consentRow{}).Where("withdrawn_at IS NULL").Update("withdrawn_at", at.UTC())
		switch {
		case done.Error != nil:
			return done.Error
		case done.RowsAffected == 0:
			return platform.ErrNoConsent
		}
		if err := of.Delete(&codeRow{}).Error; err != nil {
			return err
		}
		for _, given := range []any{&tokenRow{}, &refreshRow{}} {
			if err := of.Delete(given).Error; err != nil {
				return err
			}
		}
		return writeVisit(tx, platform.Visit{Holder: h, Client: client, Face: platform.WindowFace, At: at, Result: platform.Withdrew})
	})
}

// RecordVisit keeps a visit.
func (s *Store) RecordVisit(ctx context.Context, v platform.Visit) error {
	return s.db.Transaction(ctx, func(tx *gorm.DB) error { return writeVisit(tx, v) })
}

func writeVisit(tx *gorm.DB, v platform.Visit) error {
	row, err := visitToRow(v)
	if err != nil {
		return err
	}
	return tx.Create(&row).Error
}

// Visits gives a holder's visits, newest first.
func (s *Store) Visits(ctx context.Context, h platform.HolderID, limit int) ([]platform.Visit, error) {
	var rows []visitRow
	if err := s.read(ctx).Where("holder = ?", string(h)).Order("id DESC").Limit(limit).Find(&rows).Error; err != nil {
		return nil, err
	}
	all := make([]platform.Visit, len(rows))
	for i, r := range rows {
		var err error
		if all[i], err = r.visit(); err != nil {
			return nil, err
		}
	}
	return all, nil
}
