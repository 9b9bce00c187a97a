package db

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/internal/dbopen"
)

// AddContract writes a contract with its places.
func (s *Store) AddContract(ctx context.Context, c catv.Contract) error {
	return s.db.Transaction(ctx, func(tx *gorm.DB) error {
		row := contractRow{Number: string(c.Number), Holder: c.Holder.JA, HolderEN: c.Holder.EN, Box: string(c.Box), Since: c.Since.UTC(),
			Subscriber: c.Subscriber.Name, Address: c.Subscriber.Address}
		if err := dbopen.Changed(tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&row), catv.ErrContractExists); err != nil {
			return err
		}
		places := dbopen.Each(c.Places, func(p catv.Place) placeRow { return placeToRow(p, c.Number) })
		return tx.Create(&places).Error
	})
}

// MoveContract enters a subscriber's name and address.
func (s *Store) MoveContract(ctx context.Context, number catv.ContractNumber, to catv.Subscriber) error {
	return dbopen.Changed(s.db.Write.WithContext(ctx).Model(&contractRow{}).Where("number = ?", string(number)).
		Updates(map[string]any{"subscriber": to.Name, "address": to.Address}), catv.ErrNoContract)
}

// Contracts gives all contracts with their places.
func (s *Store) Contracts(ctx context.Context) ([]catv.Contract, error) {
	var rows []contractRow
	if err := s.read(ctx).Order("number").Find(&rows).Error; err != nil {
		return nil, err
	}
	var places []placeRow
	if err := s.read(ctx).Order("id").Find(&places).Error; err != nil {
		return nil, err
	}
	of := map[string][]placeRow{}
	for _, p := range places {
		of[p.Contract] = append(of[p.Contract], p)
	}
	return dbopen.Each(rows, func(r contractRow) catv.Contract { return r.contract(of[r.Number]) }), nil
}

// Contract gives one contract with its places.
func (s *Store) Contract(ctx context.Context, number catv.ContractNumber) (catv.Contract, error) {
	return s.contractWhere(ctx, "number = ?", string(number))
}

// ContractOfBox gives the contract of a box.
func (s *Store) ContractOfBox(ctx context.Context, box catv.BoxID) (catv.Contract, error) {
	return s.contractWhere(ctx, "box = ?", string(box))
}

func (s *Store) contractWhere(ctx context.Context, query, value string) (catv.Contract, error) {
	var row contractRow
	if err := s.read(ctx).Where(query, value).Take(&row).Error; err != nil {
		return catv.Contract{}, dbopen.Missing(err, catv.ErrNoContract)
	}
	var places []placeRow
	err := s.read(ctx).Where("contract = ?", row.Number).Order("id").Find(&places).Error
	return row.contract(places), err
}

// TryCode looks a code up, and counts it if it is wrong. What it counts is
// committed although it refuses.
func (s *Store) TryCode(ctx context.Context, number catv.ContractNumber, code catv.RegistrationCode, at time.Time) (catv.Place, error) {
	var place placeRow
	var refusal error
	err := s.db.Transaction(ctx, func(tx *gorm.DB) error {
		var row contractRow
		err := tx.Clauses(clause.Locking{Strength: "UPDATE"}).Where("number = ?", string(number)).Take(&row).Error
		if errors.Is(err, gorm.ErrRecordNotFound) {
			refusal = catv.ErrCode
			return nil
		}
		if err != nil {
			return err
		}
		if until := dbopen.TimeOf(row.LockedUntil); at.Before(until) {
			refusal = &catv.LockedError{Until: until}
			return nil
		}
		err = tx.Where("contract = ? AND code = ?", row.Number, string(code)).Take(&place).Error
		if errors.Is(err, gorm.ErrRecordNotFound) {
			refusal, err = countWrong(&row, at), nil
		} else if err == nil && place.ViewerID != nil {
			refusal = catv.ErrCodeUsed
		} else {
			row.WrongCodes, row.LockedUntil = 0, nil
		}
		if err != nil {
			return err
		}
		return tx.Model(&row).Select("wrong_codes", "locked_until").Updates(&row).Error
	})
	if err != nil || refusal != nil {
		return catv.Place{}, errors.Join(err, refusal)
	}
	return place.place(), nil
}

// countWrong counts a wrong code, and shuts the contract at the last.
func countWrong(row *contractRow, at time.Time) error {
	if row.WrongCodes++; row.WrongCodes < catv.MaxWrongCodes {
		return catv.ErrCode
	}
	until := at.UTC().Add(catv.LockTime)
	row.WrongCodes, row.LockedUntil = 0, &until
	return &catv.LockedError{Until: until}
}

// ReplaceCode puts a new code in place of one that was not used.
func (s *Store) ReplaceCode(ctx context.Context, id catv.PlaceID, code catv.RegistrationCode) error {
	g := s.write(ctx).Model(&placeRow{}).Where("id = ? AND viewer_id IS NULL", int64(id)).Update("code", string(code))
	return dbopen.Changed(g, catv.ErrCodeUsed)
}

// AddViewer writes a viewer and uses up the place.
func (s *Store) AddViewer(ctx context.Context, v catv.Viewer) (catv.Viewer, error) {
	row := viewerToRow(v)
	err := s.db.Transaction(ctx, func(tx *gorm.DB) error {
		if err := dbopen.Changed(tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&row), catv.ErrEnrolled); err != nil {
			return err
		}
		place := tx.Model(&placeRow{}).Where("id = ? AND contract = ? AND viewer_id IS NULL", row.PlaceID, row.Contract).Update("viewer_id", row.ID)
		if err := dbopen.Changed(place, catv.ErrCodeUsed); err != nil {
			return err
		}
		return tx.Create(&certificateRow{ViewerID: row.ID, Serial: row.Serial, At: row.EnrolledAt}).Error
	})
	return row.viewer(), err
}

// Viewer gives a viewer.
func (s *Store) Viewer(ctx context.Context, id catv.ViewerID) (catv.Viewer, error) {
	var row viewerRow
	err := s.read(ctx).Where("id = ?", int64(id)).Take(&row).Error
	return row.viewer(), dbopen.Missing(err, catv.ErrNoViewer)
}

// Viewers gives a contract's viewers, or all.
func (s *Store) Viewers(ctx context.Context, number catv.ContractNumber) ([]catv.Viewer, error) {
	g := s.read(ctx).Order("id")
	if number != "" {
		g = g.Where("contract = ?", string(number))
	}
	var rows []viewerRow
	err := g.Find(&rows).Error
	return dbopen.Each(rows, viewerRow.viewer), err
}

// PlaceOf gives the papers' line of a viewer.
func (s *Store) PlaceOf(ctx context.Context, id catv.ViewerID) (catv.Place, error) {
	var row placeRow
	err := s.read(ctx).Where("viewer_id = ?", int64(id)).Take(&row).Error
	return row.place(), dbopen.Missing(err, catv.ErrNoViewer)
}

// ViewerByCertificate finds who is known by a user authentication certificate.
func (s *Store) ViewerByCertificate(ctx context.Context, n jpki.SerialNumber) (catv.Viewer, error) {
	return s.viewerWhere(ctx, "serial = ?", n)
}

// ViewerBySignature finds who is known by a digital signature certificate.
func (s *Store) ViewerBySignature(ctx context.Context, n jpki.SerialNumber) (catv.Viewer, error) {
	return s.viewerWhere(ctx, "signature = ?", n)
}

func (s *Store) viewerWhere(ctx context.Context, query string, n jpki.SerialNumber) (catv.Viewer, error) {
	var row viewerRow
	err := s.read(ctx).Where(query, n.String()).Take(&row).Error
	return row.viewer(), dbopen.Missing(err, &catv.UnknownViewerError{Serial: n})
}

// Relink writes a viewer's certificates anew. What the same card already brought,
// at another set at the same moment, is not written a second time.
func (s *Store) Relink(ctx context.Context, v catv.Viewer, at time.Time) error {
	row := viewerToRow(v)
	return s.db.Transaction(ctx, func(tx *gorm.DB) error {
		g := tx.Model(&viewerRow{}).Where("id = ?", row.ID).Select("serial", "signature", "expires").Updates(&row)
		if err := dbopen.Changed(g, catv.ErrNoViewer); err != nil {
			return dbopen.Taken(err, catv.ErrEnrolled)
		}
		known := certificateRow{ViewerID: row.ID, Serial: row.Serial}
		return tx.Where(known).Attrs(certificateRow{At: at.UTC()}).FirstOrCreate(&known).Error
	})
}

// Certificates gives those by which a viewer was known, newest first.
func (s *Store) Certificates(ctx context.Context, id catv.ViewerID) ([]catv.Linked, error) {
	var rows []certificateRow
	err := s.read(ctx).Where("viewer_id = ?", int64(id)).Order("id DESC").Find(&rows).Error
	return dbopen.Each(rows, certificateRow.linked), err
}

// RecordSignIn keeps the time of the last sign-in.
func (s *Store) RecordSignIn(ctx context.Context, id catv.ViewerID, at time.Time) error {
	return dbopen.Changed(s.write(ctx).Model(&viewerRow{}).Where("id = ?", int64(id)).Update("seen_at", at.UTC()), catv.ErrNoViewer)
}

// RemoveViewer removes a viewer with all that is kept of them.
func (s *Store) RemoveViewer(ctx context.Context, id catv.ViewerID, code catv.RegistrationCode, at time.Time) error {
	return s.db.Transaction(ctx, func(tx *gorm.DB) error {
		if err := dbopen.Changed(tx.Where("id = ?", int64(id)).Delete(&viewerRow{}), catv.ErrNoViewer); err != nil {
			return err
		}
		for _, of := range []any{&certificateRow{}, &subjectRow{}, &readingRow{}, &checkupRow{}, &messageRow{}, &reminderRow{}, &residencyRow{}} {
			if err := tx.Where("viewer_id = ?", int64(id)).Delete(of).Error; err != nil {
				return err
			}
		}
		if err := tx.Where("owner_id = ? OR with_id = ?", int64(id), int64(id)).Delete(&shareRow{}).Error; err != nil {
			return err
		}
		err := tx.Model(&reservationRow{}).Where("viewer_id = ? AND day > ? AND cancelled_at IS NULL", int64(id), int(catv.DayOf(at))).
			Update("cancelled_at", at.UTC()).Error
		if err != nil {
			return err
		}
		return tx.Model(&placeRow{}).Where("viewer_id = ?", int64(id)).Updates(map[string]any{"viewer_id": nil, "code": string(code)}).Error
	})
}

// LinkSubject links what the platform calls a viewer.
func (s *Store) LinkSubject(ctx context.Context, service catv.Service, id catv.ViewerID, sub string, at time.Time) (bool, error) {
	fresh := false
	err := s.db.Transaction(ctx, func(tx *gorm.DB) error {
		var rows []subjectRow
		if err := tx.Where("service = ? AND (subject = ? OR viewer_id = ?)", string(service), sub, int64(id)).Find(&rows).Error; err != nil {
			return err
		}
		if len(rows) == 1 && rows[0].Subject == sub && rows[0].ViewerID == int64(id) {
			return nil
		}
		if len(rows) > 0 {
			return catv.ErrAnotherPerson
		}
		fresh = true
		row := subjectRow{Service: string(service), Subject: sub, ViewerID: int64(id), At: at.UTC()}
		return dbopen.Taken(tx.Create(&row).Error, catv.ErrAnotherPerson)
	})
	return fresh && err == nil, err
}
