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

// Grant writes consent, code and visit in one transaction.
func (s *Store) Grant(ctx context.Context, g platform.Grant) error {
	return s.db.Transaction(ctx, func(tx *gorm.DB) error {
		if g.Consent != nil {
			row := consentToRow(*g.Consent)
			if err := tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error; err != nil {
				return err
			}
		} else {
			given, err := consentHeld(tx, g.Code.Holder, g.Code.Client)
			switch {
			case err != nil:
				return err
			case !given.Covers(g.Code.Scopes):
				return platform.ErrNoConsent
			}
		}
		code := codeToRow(g.Code)
		if err := tx.Create(&code).Error; err != nil {
			return err
		}
		return writeVisit(tx, g.Visit)
	})
}

// Redeem marks a code as used, by an update that only one can make, and keeps
// the token that settle gives. What settle refuses leaves the code used; a code
// that was used before takes its token with it.
func (s *Store) Redeem(ctx context.Context, client platform.ClientID, code platform.Digest, at time.Time, settle func(platform.Code) (platform.AccessToken, error)) error {
	var no error // is told after the commit
	err := s.db.Transaction(ctx, func(tx *gorm.DB) error {
		mine := tx.Where("digest = ? AND client = ?", string(code), string(client)).Session(&gorm.Session{})
		done := mine.Model(&codeRow{}).Where("used_at IS NULL").Update("used_at", at.UTC())
		if done.Error != nil {
			return done.Error
		}
		var row codeRow
		err := mine.Take(&row).Error
		switch {
		case errors.Is(err, gorm.ErrRecordNotFound):
			no = platform.ErrCode
			return nil
		case err != nil:
			return err
		case done.RowsAffected == 0:
			no = platform.ErrCodeUsed
			return tx.Where("code = ?", row.Digest).Delete(&tokenRow{}).Error
		}
		var token platform.AccessToken
		if token, no = settle(row.code()); no != nil {
			return nil
		}
		kept := tokenToRow(token, row.Digest)
		return tx.Create(&kept).Error
	})
	return errors.Join(err, no)
}

// AccessToken gives a token, or platform.ErrToken.
func (s *Store) AccessToken(ctx context.Context, token platform.Digest) (platform.AccessToken, error) {
	var row tokenRow
	err := s.read(ctx).Take(&row, "digest = ?", string(token)).Error
	return row.token(), dbopen.Missing(err, platform.ErrToken)
}

// UseAssertion notes a client assertion; it takes the place of one that has
// expired.
func (s *Store) UseAssertion(ctx context.Context, client platform.ClientID, jti string, expires, now time.Time) error {
	return s.db.Transaction(ctx, func(tx *gorm.DB) error {
		err := tx.Where("client = ? AND jti = ? AND expires_at < ?", string(client), jti, now.UTC()).Delete(&assertionRow{}).Error
		if err != nil {
			return err
		}
		row := assertionRow{Client: string(client), JTI: jti, ExpiresAt: expires.UTC()}
		done := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&row)
		if done.Error == nil && done.RowsAffected == 0 {
			return platform.ErrAssertionUsed
		}
		return done.Error
	})
}
