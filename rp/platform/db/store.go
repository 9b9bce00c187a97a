// Package db keeps the platform's records in rows: the register of service
// providers with its log, holders by their certificates, consents, visits, and codes, tokens
// and client assertions until they expire. Codes and tokens are kept as digests.
package db

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"example.jp/jpkimock/internal/dbopen"
	"example.jp/jpkimock/rp/platform"
)

// Store is a platform.Store over a database.
type Store struct{ db *dbopen.DB }

var _ platform.Store = (*Store)(nil)

// Open opens the platform's database at a path or a postgres:// address.
func Open(address string) (*Store, error) {
	db, err := dbopen.Open(address, &secretsRow{}, &providerRow{}, &registerRow{}, &certificateRow{}, &consentRow{}, &visitRow{}, &codeRow{}, &tokenRow{}, &refreshRow{}, &assertionRow{}, &transactionRow{})
	if err != nil {
		return nil, err
	}
	return &Store{db}, nil
}

// Close closes the database.
func (s *Store) Close() error { return s.db.Close() }

// Ping reports whether the database answers.
func (s *Store) Ping() error { return s.db.Ping() }

func (s *Store) read(ctx context.Context) *gorm.DB { return s.db.Read.WithContext(ctx) }

// Secrets gives the one row of secrets; what is missing in it is made first.
func (s *Store) Secrets(ctx context.Context, complete func(*platform.Secrets) error) (kept platform.Secrets, err error) {
	err = s.db.Transaction(ctx, func(tx *gorm.DB) error {
		kept, err = changeSecrets(tx, complete)
		return err
	})
	return kept, err
}

// changeSecrets changes the one row of secrets, which is there afterwards.
func changeSecrets(tx *gorm.DB, change func(*platform.Secrets) error) (platform.Secrets, error) {
	row := secretsRow{ID: 1}
	if err := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&row).Error; err != nil {
		return platform.Secrets{}, err
	}
	// Another process may be at it, too, and then this one waits.
	if err := tx.Clauses(clause.Locking{Strength: "UPDATE"}).Take(&row, 1).Error; err != nil {
		return platform.Secrets{}, err
	}
	kept := row.secrets()
	if err := change(&kept); err != nil {
		return platform.Secrets{}, err
	}
	row = secretsToRow(kept)
	return kept, tx.Save(&row).Error
}

// RotateSecrets changes the row, and writes a line of the register's log.
func (s *Store) RotateSecrets(ctx context.Context, line platform.RegisterChange, change func(*platform.Secrets) error) error {
	return s.db.Transaction(ctx, func(tx *gorm.DB) error {
		if _, err := changeSecrets(tx, change); err != nil {
			return err
		}
		row, err := changeToRow(line)
		if err != nil {
			return err
		}
		return tx.Create(&row).Error
	})
}

// ServiceProvider gives an entry, or platform.ErrNoServiceProvider.
func (s *Store) ServiceProvider(ctx context.Context, id platform.ClientID) (platform.ServiceProvider, error) {
	var row providerRow
	if err := s.read(ctx).Take(&row, "id = ?", string(id)).Error; err != nil {
		return platform.ServiceProvider{}, dbopen.Missing(err, platform.ErrNoServiceProvider)
	}
	return row.provider()
}

// ServiceProviders gives the register by ID.
func (s *Store) ServiceProviders(ctx context.Context) ([]platform.ServiceProvider, error) {
	var rows []providerRow
	if err := s.read(ctx).Order("id").Find(&rows).Error; err != nil {
		return nil, err
	}
	all := make([]platform.ServiceProvider, len(rows))
	for i, r := range rows {
		var err error
		if all[i], err = r.provider(); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// assertionKept is how long a used assertion is remembered at least, by this
// machine's clock: a clock that is moved on and back would make it valid again.
const assertionKept = 24 * time.Hour

// ended selects what has expired at a time.
func ended(tx *gorm.DB, now time.Time) (tokens, codes, assertions, visits *gorm.DB) {
	before := tx.NowFunc().Add(-assertionKept)
	return tx.Where("expires_at < ?", now.UTC()),
		// A code is remembered for as long as its token could live, so that its
		// second use still takes the token back.
		tx.Where("expires_at < ?", now.Add(-platform.TokenLifetime).UTC()),
		tx.Where("expires_at < ? AND (used_at IS NULL OR used_at < ?)", now.UTC(), before),
		tx.Where("at < ?", now.AddDate(-platform.YearsKept, 0, 0).UTC())
}

// Sweep drops what has expired.
func (s *Store) Sweep(ctx context.Context, now time.Time) error {
	return s.db.Transaction(ctx, func(tx *gorm.DB) error {
		tokens, codes, assertions, visits := ended(tx, now)
		return errors.Join(
			tokens.Session(&gorm.Session{}).Delete(&tokenRow{}).Error, tokens.Session(&gorm.Session{}).Delete(&refreshRow{}).Error, codes.Delete(&codeRow{}).Error, assertions.Delete(&assertionRow{}).Error, s.dropTransactions(tx, now), visits.Delete(&visitRow{}).Error)
	})
}

// Expired does what platform.Store says.
func (s *Store) Expired(ctx context.Context, now time.Time) (grants, visits int, err error) {
	var tokens, refreshes, codes, lines, asked int64
	t, c, _, v := ended(s.db.From(ctx), now)
	err = errors.Join(t.Session(&gorm.Session{}).Model(&tokenRow{}).Count(&tokens).Error, t.Session(&gorm.Session{}).Model(&refreshRow{}).Count(&refreshes).Error, c.Model(&codeRow{}).Count(&codes).Error, v.Model(&visitRow{}).Count(&lines).Error,
		s.db.From(ctx).Model(&transactionRow{}).Where("expires_at < ?", now.UTC()).Count(&asked).Error)
	return int(tokens + refreshes + codes + asked), int(lines), err
}
