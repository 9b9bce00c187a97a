package db

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/catv/booking"
	"example.jp/jpkimock/internal/dbopen"
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

func reservationToRow(r booking.Reservation) reservationRow {
	return reservationRow{
		Reference: string(r.Reference), ViewerID: int64(r.Viewer), Facility: string(r.Facility), Day: int(r.Day), Slot: r.Slot,
		Resident: r.Resident, Price: r.Price.Int64(), At: r.At.UTC(), CancelledAt: dbopen.OptionalTime(r.CancelledAt),
	}
}

// heldRow is a booking with whose it is, as a query gives it.
type heldRow struct {
	Row      reservationRow `gorm:"embedded"`
	Nickname string
	Contract string
}

func (h heldRow) reservation() booking.Reservation {
	r := h.Row
	return booking.Reservation{
		Reference: booking.Reference(r.Reference), Viewer: catv.ViewerID(r.ViewerID), Nickname: catv.Nickname(h.Nickname), Contract: catv.ContractNumber(h.Contract),
		Facility: booking.FacilityID(r.Facility), Day: catv.Day(r.Day), Slot: r.Slot, Resident: r.Resident, Price: booking.Yen(r.Price),
		At: r.At.UTC(), CancelledAt: dbopen.TimeOf(r.CancelledAt),
	}
}

func held(g *gorm.DB) *gorm.DB {
	return g.Table("reservations").Select("reservations.*, viewers.nickname, viewers.contract").
		Joins("LEFT JOIN viewers ON viewers.id = reservations.viewer_id")
}

// Reserve writes a booking. The unique index decides who gets the slot.
func (s *Store) Reserve(ctx context.Context, r booking.Reservation, from catv.Day, limit int) (booking.Reservation, error) {
	var made booking.Reservation
	err := s.db.Transaction(ctx, func(tx *gorm.DB) error {
		v, err := locked(tx, r.Viewer) // two bookings of one viewer do not count past each other
		if err != nil {
			return err
		}
		row := reservationToRow(r)
		if err := dbopen.Changed(tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&row), booking.ErrSlotTaken); err != nil {
			return err
		}
		var n int64
		err = tx.Model(&reservationRow{}).Where("viewer_id = ? AND day >= ? AND cancelled_at IS NULL", row.ViewerID, int(from)).Count(&n).Error
		if err == nil && n > int64(limit) {
			err = booking.ErrTooMany
		}
		made = heldRow{row, string(v.Nickname), v.Contract}.reservation()
		return err
	})
	return made, err
}

// locked gives a viewer's row, which is the transaction's alone until its end.
func locked(tx *gorm.DB, id catv.ViewerID) (viewerRow, error) {
	var v viewerRow
	err := tx.Clauses(clause.Locking{Strength: "UPDATE"}).Where("id = ?", int64(id)).Take(&v).Error
	return v, dbopen.Missing(err, catv.ErrNoViewer)
}

// BookedOn gives the live bookings of a day.
func (s *Store) BookedOn(ctx context.Context, day catv.Day) ([]booking.Reservation, error) {
	var rows []heldRow
	err := held(s.read(ctx)).Where("reservations.day = ? AND reservations.cancelled_at IS NULL", int(day)).
		Order("reservations.facility, reservations.slot").Find(&rows).Error
	return dbopen.Each(rows, heldRow.reservation), err
}

// Reservations gives a viewer's bookings.
func (s *Store) Reservations(ctx context.Context, of catv.ViewerID, from catv.Day) ([]booking.Reservation, error) {
	var rows []heldRow
	err := held(s.read(ctx)).Where("reservations.viewer_id = ? AND reservations.day >= ?", int64(of), int(from)).
		Order("reservations.cancelled_at IS NOT NULL, reservations.day, reservations.slot").Limit(messagesShown).Find(&rows).Error
	return dbopen.Each(rows, heldRow.reservation), err
}

// Reservation gives one of a viewer's bookings.
func (s *Store) Reservation(ctx context.Context, of catv.ViewerID, ref booking.Reference) (booking.Reservation, error) {
	return reservation(s.read(ctx), of, ref)
}

func reservation(g *gorm.DB, of catv.ViewerID, ref booking.Reference) (booking.Reservation, error) {
	var row heldRow
	err := held(g).Where("reservations.viewer_id = ? AND reservations.reference = ?", int64(of), string(ref)).Take(&row).Error
	return row.reservation(), dbopen.Missing(err, booking.ErrNoBooking)
}

// CancelReservation cancels a booking; its slot is free again.
func (s *Store) CancelReservation(ctx context.Context, of catv.ViewerID, ref booking.Reference, at time.Time) (booking.Reservation, error) {
	var r booking.Reservation
	err := s.db.Transaction(ctx, func(tx *gorm.DB) (err error) {
		if r, err = reservation(tx, of, ref); err != nil {
			return err
		}
		r.CancelledAt = at.UTC()
		g := tx.Model(&reservationRow{}).Where("reference = ? AND cancelled_at IS NULL", string(ref)).Update("cancelled_at", r.CancelledAt)
		return dbopen.Changed(g, booking.ErrCancelled)
	})
	return r, err
}
