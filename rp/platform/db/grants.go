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
// what settle gives. What settle refuses leaves the code used; a code that was
// used before takes all with it that its sign-in came to.
func (s *Store) Redeem(ctx context.Context, client platform.ClientID, code platform.Digest, at time.Time, settle func(platform.Code) (platform.AccessToken, platform.RefreshToken, error)) error {
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
			return takeBack(tx, row.Digest)
		}
		access, refresh, refused := settle(row.code())
		if no = refused; no != nil {
			return nil
		}
		return keep(tx, row.Digest, access, refresh)
	})
	return errors.Join(err, no)
}

// keep writes what the sign-in of a code comes to.
func keep(tx *gorm.DB, code string, access platform.AccessToken, refresh platform.RefreshToken) error {
	token, further := tokenToRow(access, code), refreshToRow(refresh, code)
	if err := tx.Create(&token).Error; err != nil {
		return err
	}
	return tx.Create(&further).Error
}

// takeBack drops everything that the sign-in of a code came to.
func takeBack(tx *gorm.DB, code string) error {
	if err := tx.Where("code = ?", code).Delete(&tokenRow{}).Error; err != nil {
		return err
	}
	return tx.Where("code = ?", code).Delete(&refreshRow{}).Error
}

// RefreshToken gives a refresh token that was not used, or platform.ErrRefresh.
func (s *Store) RefreshToken(ctx context.Context, client platform.ClientID, token platform.Digest) (platform.RefreshToken, error) {
	var row refreshRow
	err := s.read(ctx).Take(&row, "digest = ? AND client = ? AND used_at IS NULL", string(token), string(client)).Error
	return row.token(), dbopen.Missing(err, platform.ErrRefresh)
}

// Renew marks a refresh token as used, by an update that only one can make, and keeps what settle
// gives. What settle refuses leaves it used; one that was used before takes all with it.
func (s *Store) Renew(ctx context.Context, client platform.ClientID, token platform.Digest, at time.Time, settle func(platform.RefreshToken) (platform.AccessToken, platform.RefreshToken, error)) error {
	var no error // is told after the commit
	err := s.db.Transaction(ctx, func(tx *gorm.DB) error {
		mine := tx.Where("digest = ? AND client = ?", string(token), string(client)).Session(&gorm.Session{})
		done := mine.Model(&refreshRow{}).Where("used_at IS NULL").Update("used_at", at.UTC())
		if done.Error != nil {
			return done.Error
		}
		var row refreshRow
		err := mine.Take(&row).Error
		switch {
		case errors.Is(err, gorm.ErrRecordNotFound):
			no = platform.ErrRefresh
			return nil
		case err != nil:
			return err
		case done.RowsAffected == 0:
			no = platform.ErrRefreshUsed
			return takeBack(tx, row.Code)
		}
		access, refresh, refused := settle(row.token())
		if no = refused; no != nil {
			return nil
		}
		return keep(tx, row.Code, access, refresh)
	})
	return errors.Join(err, no)
}

// TakeBack drops everything that the sign-in of a refresh token came to.
func (s *Store) TakeBack(ctx context.Context, token platform.Digest) error {
	return s.db.Transaction(ctx, func(tx *gorm.DB) error {
		var row refreshRow
		err := tx.Take(&row, "digest = ?", string(token)).Error
		if errors.Is(err, gorm.ErrRecordNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		return takeBack(tx, row.Code)
	})
}

// AccessToken gives a token, or platform.ErrToken.
func (s *Store) AccessToken(ctx context.Context, token platform.Digest) (platform.AccessToken, error) {
	var row tokenRow
	err := s.read(ctx).Take(&row, "digest = ?", string(token)).Error
	return row.token(), dbopen.Missing(err, platform.ErrToken)
}

// AddAccessToken keeps a token of a service's own. There is no code of its name.
func (s *Store) AddAccessToken(ctx context.Context, t platform.AccessToken) error {
	return s.db.Transaction(ctx, func(tx *gorm.DB) error {
		row := tokenToRow(t, string(t.Digest))
		return tx.Create(&row).Error
	})
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
