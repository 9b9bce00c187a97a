package db

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/catv/health"
	"example.jp/jpkimock/internal/dbopen"
)

// readingRow is a reading that was typed in.
type readingRow struct {
	ViewerID int64  `gorm:"primaryKey;autoIncrement:false"`
	Day      int    `gorm:"primaryKey;autoIncrement:false"`
	Measure  string `gorm:"primaryKey"`
	Value    float64
	Second   float64
	Author   string
	At       time.Time
}

func (readingRow) TableName() string { return "readings" }

func (r readingRow) reading() health.Reading {
	return health.Reading{
		Viewer: catv.ViewerID(r.ViewerID), Day: catv.Day(r.Day), Measure: health.Measure(r.Measure),
		Value: r.Value, Second: r.Second, By: r.Author, At: r.At.UTC(),
	}
}

// checkupRow is a check-up that was typed in; Results is a JSON object.
type checkupRow struct {
	ViewerID int64 `gorm:"primaryKey;autoIncrement:false"`
	Day      int   `gorm:"primaryKey;autoIncrement:false"`
	Results  []byte
	Author   string
	At       time.Time
}

func (checkupRow) TableName() string { return "checkups" }

// messageRow is a message of the nurse.
type messageRow struct {
	ID         int64 `gorm:"primaryKey"`
	ViewerID   int64 `gorm:"index;not null"`
	Sender     string
	SenderEN   string
	Text       string
	TextEN     string
	At         time.Time
	Answers    string
	Answer     string
	AnsweredAt *time.Time
	ReadAt     *time.Time
}

func (messageRow) TableName() string { return "messages" }

func (r messageRow) message() health.Message {
	return health.Message{
		ID: health.MessageID(r.ID), Viewer: catv.ViewerID(r.ViewerID), From: catv.Name{JA: r.Sender, EN: r.SenderEN},
		Text: catv.Name{JA: r.Text, EN: r.TextEN}, At: r.At.UTC(), Answers: health.AnswerSet(r.Answers), Answer: r.Answer,
		AnsweredAt: dbopen.TimeOf(r.AnsweredAt), ReadAt: dbopen.TimeOf(r.ReadAt),
	}
}

// reminderRow is a reminder.
type reminderRow struct {
	ID       int64 `gorm:"primaryKey"`
	ViewerID int64 `gorm:"index;not null"`
	Text     string
	TextEN   string
	Due      int
	DoneAt   *time.Time
}

func (reminderRow) TableName() string { return "reminders" }

func (r reminderRow) reminder() health.Reminder {
	return health.Reminder{
		ID: health.ReminderID(r.ID), Viewer: catv.ViewerID(r.ViewerID), Text: catv.Name{JA: r.Text, EN: r.TextEN},
		Due: catv.Day(r.Due), DoneAt: dbopen.TimeOf(r.DoneAt),
	}
}

// shareRow is a consent. One of an owner holds: that without EndedAt.
type shareRow struct {
	ID      int64 `gorm:"primaryKey"`
	OwnerID int64 `gorm:"uniqueIndex:holds,where:ended_at IS NULL;not null"`
	WithID  int64 `gorm:"index;not null"`
	Since   time.Time
	EndedAt *time.Time
}

func (shareRow) TableName() string { return "shares" }

// PutReading writes a reading over one of the same day.
func (s *Store) PutReading(ctx context.Context, r health.Reading) error {
	row := readingRow{int64(r.Viewer), int(r.Day), string(r.Measure), r.Value, r.Second, r.By, r.At.UTC()}
	return s.write(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error
}

// Readings gives the readings of some days.
func (s *Store) Readings(ctx context.Context, of catv.ViewerID, first, last catv.Day) ([]health.Reading, error) {
	var rows []readingRow
	err := s.read(ctx).Where("viewer_id = ? AND day BETWEEN ? AND ?", int64(of), int(first), int(last)).Find(&rows).Error
	return dbopen.Each(rows, readingRow.reading), err
}

// PutCheckup writes a check-up over one of the same day.
func (s *Store) PutCheckup(ctx context.Context, c health.Checkup) error {
	results, err := json.Marshal(c.Values)
	if err != nil {
		return err
	}
	row := checkupRow{int64(c.Viewer), int(c.Day), results, c.By, c.At.UTC()}
	return s.write(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error
}

// Checkups gives the check-ups that were typed in, newest first.
func (s *Store) Checkups(ctx context.Context, of catv.ViewerID) ([]health.Checkup, error) {
	var rows []checkupRow
	if err := s.read(ctx).Where("viewer_id = ?", int64(of)).Order("day DESC").Find(&rows).Error; err != nil {
		return nil, err
	}
	all := make([]health.Checkup, len(rows))
	for i, r := range rows {
		all[i] = health.Checkup{Viewer: of, Day: catv.Day(r.Day), By: r.Author, At: r.At.UTC()}
		if err := json.Unmarshal(r.Results, &all[i].Values); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// AddMessage writes a message.
func (s *Store) AddMessage(ctx context.Context, m health.Message) error {
	row := messageRow{
		ViewerID: int64(m.Viewer), Sender: m.From.JA, SenderEN: m.From.EN, Text: m.Text.JA, TextEN: m.Text.EN,
		At: m.At.UTC(), Answers: string(m.Answers),
	}
	return s.write(ctx).Create(&row).Error
}

// messagesShown bounds a list of messages.
const messagesShown = 50

// Messages gives a viewer's messages, newest first.
func (s *Store) Messages(ctx context.Context, of catv.ViewerID) ([]health.Message, error) {
	var rows []messageRow
	err := s.read(ctx).Where("viewer_id = ?", int64(of)).Order("at DESC, id DESC").Limit(messagesShown).Find(&rows).Error
	return dbopen.Each(rows, messageRow.message), err
}

// ReadMessage gives a message and marks it as read.
func (s *Store) ReadMessage(ctx context.Context, of catv.ViewerID, id health.MessageID, at time.Time) (health.Message, error) {
	var row messageRow
	err := s.db.Transaction(ctx, func(tx *gorm.DB) error {
		if err := tx.Where("viewer_id = ? AND id = ?", int64(of), int64(id)).Take(&row).Error; err != nil {
			return dbopen.Missing(err, health.ErrNoMessage)
		}
		if row.ReadAt != nil {
			return nil
		}
		row.ReadAt = dbopen.OptionalTime(at)
		return tx.Model(&row).Update("read_at", row.ReadAt).Error
	})
	return row.message(), err
}

// AnswerMessage writes an answer, once.
func (s *Store) AnswerMessage(ctx context.Context, of catv.ViewerID, id health.MessageID, choice string, at time.Time) error {
	g := s.write(ctx).Model(&messageRow{}).Where("viewer_id = ? AND id = ? AND answered_at IS NULL", int64(of), int64(id)).
		Updates(map[string]any{"answer": choice, "answered_at": at.UTC()})
	return dbopen.Changed(g, health.ErrAnswered)
}

// AddReminder writes a reminder.
func (s *Store) AddReminder(ctx context.Context, r health.Reminder) error {
	return s.write(ctx).Create(&reminderRow{ViewerID: int64(r.Viewer), Text: r.Text.JA, TextEN: r.Text.EN, Due: int(r.Due)}).Error
}

// Reminders gives a viewer's reminders, those to be done first.
func (s *Store) Reminders(ctx context.Context, of catv.ViewerID, doneSince time.Time) ([]health.Reminder, error) {
	var rows []reminderRow
	err := s.read(ctx).Where("viewer_id = ? AND (done_at IS NULL OR done_at > ?)", int64(of), doneSince.UTC()).
		Order("done_at IS NOT NULL, due, id").Limit(messagesShown).Find(&rows).Error
	return dbopen.Each(rows, reminderRow.reminder), err
}

// FinishReminder marks a reminder as done.
func (s *Store) FinishReminder(ctx context.Context, of catv.ViewerID, id health.ReminderID, at time.Time) error {
	g := s.write(ctx).Model(&reminderRow{}).Where("viewer_id = ? AND id = ?", int64(of), int64(id)).Update("done_at", at.UTC())
	return dbopen.Changed(g, health.ErrNoReminder)
}

// Share gives the consent of an owner that holds.
func (s *Store) Share(ctx context.Context, owner catv.ViewerID) (health.Share, error) {
	var row shareRow
	err := s.db.Read.WithContext(ctx).Where("owner_id = ? AND ended_at IS NULL", int64(owner)).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return health.Share{}, health.ErrNotYours
	}
	return health.Share{Owner: owner, With: catv.ViewerID(row.WithID), Since: row.Since.UTC()}, err
}

// PutShare ends the owner's consent before, and writes this one.
func (s *Store) PutShare(ctx context.Context, share health.Share) error {
	return s.db.Transaction(ctx, func(tx *gorm.DB) error {
		if err := endShare(tx, share.Owner, share.Since); err != nil {
			return err
		}
		return tx.Create(&shareRow{OwnerID: int64(share.Owner), WithID: int64(share.With), Since: share.Since.UTC()}).Error
	})
}

// EndShare ends an owner's consent, if there is one.
func (s *Store) EndShare(ctx context.Context, owner catv.ViewerID, at time.Time) error {
	return endShare(s.write(ctx), owner, at)
}

func endShare(g *gorm.DB, owner catv.ViewerID, at time.Time) error {
	return g.Model(&shareRow{}).Where("owner_id = ? AND ended_at IS NULL", int64(owner)).Update("ended_at", at.UTC()).Error
}

// SharedTo gives those who share with a viewer.
func (s *Store) SharedTo(ctx context.Context, with catv.ViewerID) ([]catv.Viewer, error) {
	var rows []viewerRow
	err := s.read(ctx).Joins("JOIN shares ON shares.owner_id = viewers.id").
		Where("shares.with_id = ? AND shares.ended_at IS NULL", int64(with)).Order("viewers.id").Find(&rows).Error
	return dbopen.Each(rows, viewerRow.viewer), err
}
