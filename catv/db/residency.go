package db

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/catv/booking"
	"example.jp/jpkimock/internal/dbopen"
	"example.jp/jpkimock/rp"
)

// residencyRow is a proof of residency; Record is the kit's record as JSON. One
// of a viewer is the present one: that without ReplacedAt.
type residencyRow struct {
	Number      string `gorm:"primaryKey"` // of the application
	ViewerID    int64  `gorm:"index;uniqueIndex:present,where:replaced_at IS NULL;not null"`
	WrittenAt   time.Time
	Document    string
	MediaType   string
	Content     string
	CMS         []byte
	Certificate []byte
	Serial      string `gorm:"index"`
	Expires     time.Time
	ProvenAt    time.Time
	ConfirmedAt time.Time
	Record      []byte
	Lapse       string `gorm:"index;not null;default:''"`
	Reason      int
	LapsedAt    *time.Time
	ReplacedAt  *time.Time
}

func (residencyRow) TableName() string { return "residency_proofs" }

// applicationRow is the number of an application that was received.
type applicationRow struct {
	Number string `gorm:"primaryKey"`
	At     time.Time
}

func (applicationRow) TableName() string { return "applications" }

func (r residencyRow) residency() (booking.Residency, error) {
	out := booking.Residency{
		Viewer: catv.ViewerID(r.ViewerID),
		Application: rp.SignedDocument{
			Document: rp.Document{Number: r.Number, WrittenAt: r.WrittenAt.UTC(), Name: r.Document, MediaType: r.MediaType, Content: r.Content},
			CMS:      r.CMS, Certificate: r.Certificate, ReceivedAt: r.ProvenAt.UTC(),
		},
		Serial: jpki.SerialNumber(r.Serial), Expires: r.Expires.UTC(),
		ProvenAt: r.ProvenAt.UTC(), ConfirmedAt: r.ConfirmedAt.UTC(),
		Lapse:      booking.Lapse{Why: booking.LapseReason(r.Lapse), Reason: jpki.Reason(r.Reason), At: dbopen.TimeOf(r.LapsedAt)},
		ReplacedAt: dbopen.TimeOf(r.ReplacedAt),
	}
	err := json.Unmarshal(r.Record, &out.Application.Record)
	out.Application.Serial = out.Application.Record.Serial
	return out, err
}

// PutResidency writes a proof in place of the viewer's former one.
func (s *Store) PutResidency(ctx context.Context, r booking.Residency) error {
	record, err := json.Marshal(r.Application.Record)
	if err != nil {
		return err
	}
	d := r.Application.Document
	row := residencyRow{
		ViewerID: int64(r.Viewer), Number: d.Number, WrittenAt: d.WrittenAt.UTC(), Document: d.Name,
		MediaType: d.MediaType, Content: d.Content, CMS: r.Application.CMS, Certificate: r.Application.Certificate,
		Serial: r.Serial.String(), Expires: r.Expires.UTC(), ProvenAt: r.ProvenAt.UTC(), ConfirmedAt: r.ConfirmedAt.UTC(), Record: record,
	}
	return s.db.Transaction(ctx, func(tx *gorm.DB) error {
		if _, err := locked(tx, r.Viewer); err != nil {
			return err
		}
		used := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&applicationRow{Number: row.Number, At: row.ProvenAt})
		if err := dbopen.Changed(used, booking.ErrUsed); err != nil {
			return err
		}
		if err := present(tx, r.Viewer).Update("replaced_at", row.ProvenAt).Error; err != nil {
			return err
		}
		return tx.Create(&row).Error
	})
}

// present narrows to a viewer's present proof.
func present(g *gorm.DB, of catv.ViewerID) *gorm.DB {
	return g.Model(&residencyRow{}).Where("viewer_id = ? AND replaced_at IS NULL", int64(of))
}

// Residency gives a viewer's present proof.
func (s *Store) Residency(ctx context.Context, of catv.ViewerID) (booking.Residency, error) {
	var row residencyRow
	if err := present(s.read(ctx), of).Take(&row).Error; err != nil {
		return booking.Residency{}, dbopen.Missing(err, booking.ErrNoResidency)
	}
	return row.residency()
}

// Residencies gives all proofs of a viewer, newest first.
func (s *Store) Residencies(ctx context.Context, of catv.ViewerID) ([]booking.Residency, error) {
	return residencies(s.read(ctx).Where("viewer_id = ?", int64(of)).Order("replaced_at IS NOT NULL, proven_at DESC, number"))
}

func residencies(g *gorm.DB) ([]booking.Residency, error) {
	var rows []residencyRow
	if err := g.Find(&rows).Error; err != nil {
		return nil, err
	}
	all := make([]booking.Residency, len(rows))
	var errs []error
	for i, r := range rows {
		var err error
		all[i], err = r.residency()
		errs = append(errs, err)
	}
	return all, errors.Join(errs...)
}

// WithdrawResidency ends the present proof of a viewer by their own word.
func (s *Store) WithdrawResidency(ctx context.Context, of catv.ViewerID, at time.Time) error {
	g := present(s.write(ctx), of).Where("lapse = ''").
		Updates(map[string]any{"lapse": string(booking.Withdrawn), "lapsed_at": at.UTC()})
	return dbopen.Changed(g, booking.ErrNoResidency)
}

// ConfirmResidency writes what was learned of the watched certificate.
func (s *Store) ConfirmResidency(ctx context.Context, of catv.ViewerID, serial jpki.SerialNumber, l booking.Lapse, at time.Time) error {
	return present(s.write(ctx), of).Where("serial = ? AND lapse = ''", serial.String()).
		Updates(map[string]any{"lapse": string(l.Why), "reason": int(l.Reason), "lapsed_at": dbopen.OptionalTime(l.At), "confirmed_at": at.UTC()}).Error
}

// WatchResidency watches another certificate from now on.
func (s *Store) WatchResidency(ctx context.Context, of catv.ViewerID, before, after jpki.SerialNumber) error {
	return present(s.write(ctx), of).Where("serial = ? AND lapse = ''", before.String()).Update("serial", after.String()).Error
}

// StandingResidencies gives those to ask about.
func (s *Store) StandingResidencies(ctx context.Context, confirmedBefore time.Time) ([]booking.Residency, error) {
	return residencies(s.read(ctx).Where("replaced_at IS NULL AND lapse = '' AND confirmed_at < ?", confirmedBefore.UTC()).Order("viewer_id"))
}
