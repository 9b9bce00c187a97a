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
)

// reservationRow is a booking. The index makes a slot one live booking's,
// however many ask at once.
type reservationRow struct {
	Reference   string `gorm:"primaryKey"`
	ViewerID    int64  `gorm:"index;not null"`
	Facility    string `gorm:"uniqueIndex:live,where:cancelled_at IS NULL;not null"`
	Day         int    `gorm:"uniqueIndex:live,where:cancelled_at IS NULL;not null"`
	Slot        int    `gorm:"uniqueIndex:live,where:cancelled_at IS NULL;not null"`
	Resident    bool
	Price       int64
	At          time.Time
	CancelledAt *time.Time
}

func (reservationRow) TableName() string { return "reservations" }

func reservationToRow(r catv.Reservation) reservationRow {
	return reservationRow{
		Reference: string(r.Reference), ViewerID: int64(r.Viewer), Facility: string(r.Facility), Day: int(r.Day), Slot: r.Slot,
		Resident: r.Resident, Price: r.Price.Int64(), At: r.At.UTC(), CancelledAt: optionalTime(r.CancelledAt),
	}
}

// heldRow is a booking with whose it is, as a query gives it.
type heldRow struct {
	Row      reservationRow `gorm:"embedded"`
	Nickname string
	Contract string
}

func (h heldRow) reservation() catv.Reservation {
	r := h.Row
	return catv.Reservation{
		Reference: catv.Reference(r.Reference), Viewer: catv.ViewerID(r.ViewerID), Nickname: h.Nickname, Contract: catv.ContractNumber(h.Contract),
		Facility: catv.FacilityID(r.Facility), Day: catv.Day(r.Day), Slot: r.Slot, Resident: r.Resident, Price: catv.Yen(r.Price),
		At: r.At.UTC(), CancelledAt: timeOf(r.CancelledAt),
	}
}

func held(g *gorm.DB) *gorm.DB {
	return g.Table("reservations").Select("reservations.*, viewers.nickname, viewers.contract").
		Joins("LEFT JOIN viewers ON viewers.id = reservations.viewer_id")
}

// Reserve writes a booking. The unique index decides who gets the slot.
func (s *Store) Reserve(ctx context.Context, r catv.Reservation, from catv.Day, limit int) (catv.Reservation, error) {
	var made catv.Reservation
	err := s.inTransaction(ctx, func(tx *gorm.DB) error {
		// The viewer's row is locked, so that two bookings of one viewer do not
		// count past each other.
		var v viewerRow
		if err := tx.Clauses(clause.Locking{Strength: "UPDATE"}).Where("id = ?", int64(r.Viewer)).Take(&v).Error; err != nil {
			return missing(err, catv.ErrNoViewer)
		}
		row := reservationToRow(r)
		if err := changed(tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&row), catv.ErrSlotTaken); err != nil {
			return err
		}
		var n int64
		err := tx.Model(&reservationRow{}).Where("viewer_id = ? AND day >= ? AND cancelled_at IS NULL", row.ViewerID, int(from)).Count(&n).Error
		if err == nil && n > int64(limit) {
			err = catv.ErrTooMany
		}
		made = heldRow{row, v.Nickname, v.Contract}.reservation()
		return err
	})
	return made, err
}

// BookedOn gives the live bookings of a day.
func (s *Store) BookedOn(ctx context.Context, day catv.Day) ([]catv.Reservation, error) {
	var rows []heldRow
	err := held(s.read(ctx)).Where("reservations.day = ? AND reservations.cancelled_at IS NULL", int(day)).
		Order("reservations.facility, reservations.slot").Find(&rows).Error
	return each(rows, heldRow.reservation), err
}

// Reservations gives a viewer's bookings.
func (s *Store) Reservations(ctx context.Context, of catv.ViewerID, from catv.Day) ([]catv.Reservation, error) {
	var rows []heldRow
	err := held(s.read(ctx)).Where("reservations.viewer_id = ? AND reservations.day >= ?", int64(of), int(from)).
		Order("reservations.cancelled_at IS NOT NULL, reservations.day, reservations.slot").Limit(messagesShown).Find(&rows).Error
	return each(rows, heldRow.reservation), err
}

// Reservation gives one of a viewer's bookings.
func (s *Store) Reservation(ctx context.Context, of catv.ViewerID, ref catv.Reference) (catv.Reservation, error) {
	return reservation(s.read(ctx), of, ref)
}

func reservation(g *gorm.DB, of catv.ViewerID, ref catv.Reference) (catv.Reservation, error) {
	var row heldRow
	err := held(g).Where("reservations.viewer_id = ? AND reservations.reference = ?", int64(of), string(ref)).Take(&row).Error
	return row.reservation(), missing(err, catv.ErrNoBooking)
}

// CancelReservation cancels a booking; its slot is free again.
func (s *Store) CancelReservation(ctx context.Context, of catv.ViewerID, ref catv.Reference, at time.Time) (catv.Reservation, error) {
	var r catv.Reservation
	err := s.inTransaction(ctx, func(tx *gorm.DB) (err error) {
		if r, err = reservation(tx, of, ref); err != nil {
			return err
		}
		r.CancelledAt = at.UTC()
		g := tx.Model(&reservationRow{}).Where("reference = ? AND cancelled_at IS NULL", string(ref)).Update("cancelled_at", r.CancelledAt)
		return changed(g, catv.ErrCancelled)
	})
	return r, err
}

// residencyRow is a proof of residency; Record is the kit's record as JSON.
type residencyRow struct {
	ViewerID    int64 `gorm:"primaryKey;autoIncrement:false"`
	Number      string
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
}

func (residencyRow) TableName() string { return "residencies" }

// applicationRow is the number of an application that was received.
type applicationRow struct {
	Number string `gorm:"primaryKey"`
	At     time.Time
}

func (applicationRow) TableName() string { return "applications" }

func (r residencyRow) residency() (catv.Residency, error) {
	out := catv.Residency{
		Viewer: catv.ViewerID(r.ViewerID),
		Application: catv.SignedApplication{CMS: r.CMS, Draft: catv.Draft{
			Number: catv.ApplicationNumber(r.Number), At: r.WrittenAt.UTC(),
			Document: catv.Document{Name: r.Document, MediaType: r.MediaType, Content: r.Content},
		}},
		Certificate: r.Certificate, Serial: jpki.SerialNumber(r.Serial), Expires: r.Expires.UTC(),
		ProvenAt: r.ProvenAt.UTC(), ConfirmedAt: r.ConfirmedAt.UTC(),
		Lapse: catv.Lapse{Why: catv.LapseReason(r.Lapse), Reason: jpki.Reason(r.Reason), At: timeOf(r.LapsedAt)},
	}
	return out, json.Unmarshal(r.Record, &out.Record)
}

// PutResidency writes a proof over the viewer's former one.
func (s *Store) PutResidency(ctx context.Context, r catv.Residency) error {
	record, err := json.Marshal(r.Record)
	if err != nil {
		return err
	}
	d := r.Application.Draft
	row := residencyRow{
		ViewerID: int64(r.Viewer), Number: string(d.Number), WrittenAt: d.At.UTC(), Document: d.Document.Name,
		MediaType: d.Document.MediaType, Content: d.Document.Content, CMS: r.Application.CMS, Certificate: r.Certificate,
		Serial: r.Serial.String(), Expires: r.Expires.UTC(), ProvenAt: r.ProvenAt.UTC(), ConfirmedAt: r.ConfirmedAt.UTC(), Record: record,
	}
	return s.inTransaction(ctx, func(tx *gorm.DB) error {
		used := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&applicationRow{Number: row.Number, At: row.ProvenAt})
		if err := changed(used, catv.ErrUsed); err != nil {
			return err
		}
		return tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error
	})
}

// Residency gives a viewer's proof.
func (s *Store) Residency(ctx context.Context, of catv.ViewerID) (catv.Residency, error) {
	var row residencyRow
	if err := s.read(ctx).Where("viewer_id = ?", int64(of)).Take(&row).Error; err != nil {
		return catv.Residency{}, missing(err, catv.ErrNoResidency)
	}
	return row.residency()
}

// ConfirmResidency writes what was learned of the watched certificate.
func (s *Store) ConfirmResidency(ctx context.Context, of catv.ViewerID, serial jpki.SerialNumber, l catv.Lapse, at time.Time) error {
	return s.write(ctx).Model(&residencyRow{}).Where("viewer_id = ? AND serial = ? AND lapse = ''", int64(of), serial.String()).
		Updates(map[string]any{"lapse": string(l.Why), "reason": int(l.Reason), "lapsed_at": optionalTime(l.At), "confirmed_at": at.UTC()}).Error
}

// WatchResidency watches another certificate from now on.
func (s *Store) WatchResidency(ctx context.Context, of catv.ViewerID, before, after jpki.SerialNumber) error {
	return s.write(ctx).Model(&residencyRow{}).Where("viewer_id = ? AND serial = ?", int64(of), before.String()).Update("serial", after.String()).Error
}

// StandingResidencies gives those to ask about.
func (s *Store) StandingResidencies(ctx context.Context, confirmedBefore time.Time) ([]catv.Residency, error) {
	var rows []residencyRow
	if err := s.read(ctx).Where("lapse = '' AND confirmed_at < ?", confirmedBefore.UTC()).Order("viewer_id").Find(&rows).Error; err != nil {
		return nil, err
	}
	all := make([]catv.Residency, len(rows))
	var errs []error
	for i, r := range rows {
		var err error
		all[i], err = r.residency()
		errs = append(errs, err)
	}
	return all, errors.Join(errs...)
}

// CountLapsed counts the residencies that have ended.
func (s *Store) CountLapsed(ctx context.Context) (int, error) {
	var n int64
	err := s.read(ctx).Model(&residencyRow{}).Where("lapse <> ''").Count(&n).Error
	return int(n), err
}
