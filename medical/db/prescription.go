package db

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm/clause"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/dbopen"
	"example.jp/jpkimock/internal/sealed"
	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/medical/prescription"
)

// Prescriptions is a prescription.Store over two databases: one of the records, in which
// the content of each is sealed, and one of the patients' keys.
type Prescriptions struct {
	*dbopen.DB
	keys *dbopen.DB
}

var _ prescription.Store = (*Prescriptions)(nil)

// OpenPrescriptions opens the inquiry system's databases, each at a path or a postgres://
// address.
func OpenPrescriptions(address, keys string) (*Prescriptions, error) {
	db, err := dbopen.Open(address, &sealedRow{}, &holderRow{}, &actRow{})
	if err != nil {
		return nil, err
	}
	apart, err := dbopen.Open(keys, &keyRow{}, &dbopen.KeyRow{})
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &Prescriptions{db, apart}, nil
}

// Close closes the databases.
func (s *Prescriptions) Close() error { return errors.Join(s.DB.Close(), s.keys.Close()) }

// Ping reports whether the databases answer.
func (s *Prescriptions) Ping() error { return errors.Join(s.DB.Ping(), s.keys.Ping()) }

// keyRow is a patient's key.
type keyRow struct {
	Patient string `gorm:"primaryKey"`
	Key     []byte `gorm:"not null"`
}

func (keyRow) TableName() string { return "patient_keys" }

// holderRow is a user authentication certificate of a patient.
type holderRow struct {
	Serial  string `gorm:"primaryKey"`
	Patient string `gorm:"index;not null"`
}

func (holderRow) TableName() string { return "holders" }

// actRow is a line of the log. Key is NULL for all but dispensings.
type actRow struct {
	ID           int64 `gorm:"primaryKey"`
	At           time.Time
	By           string
	Who          string `gorm:"not null;default:''"`
	Act          string
	Patient      string `gorm:"index"`
	Prescription string `gorm:"index"`
	Code         string
	Key          *string        `gorm:"uniqueIndex"`
	Steps        []medical.Step `gorm:"serializer:json"`
}

func (actRow) TableName() string { return "acts" }

func actToRow(e prescription.Entry) *actRow {
	return &actRow{
		At: e.At.UTC(), By: e.By, Who: e.Who, Act: string(e.Act), Patient: e.Patient, Prescription: e.Prescription, Code: e.Code, Key: dbopen.Optional(e.Key), Steps: e.Steps,
	}
}

func (r actRow) entry() prescription.Entry {
	return prescription.Entry{
		At: r.At.UTC(), By: r.By, Who: r.Who, Act: prescription.Act(r.Act), Patient: r.Patient, Prescription: r.Prescription, Code: r.Code,
		Key: dbopen.TextOf[string](r.Key), Steps: r.Steps,
	}
}

// Patient gives whose a certificate is.
func (s *Prescriptions) Patient(ctx context.Context, serial jpki.SerialNumber) (string, error) {
	var row holderRow
	err := s.From(ctx).Where("serial = ?", serial.String()).Limit(1).Find(&row).Error
	return row.Patient, err
}

// AddCertificate gives whose a certificate is, the patient of before if there is one. Each
// gets a key before anything is sealed with it.
func (s *Prescriptions) AddCertificate(ctx context.Context, serial jpki.SerialNumber, patient string) (string, error) {
	once := clause.OnConflict{DoNothing: true}
	if err := s.keys.Write.WithContext(ctx).Clauses(once).Create(&keyRow{patient, sealed.NewKey()}).Error; err != nil {
		return "", err
	}
	if err := s.To(ctx).Clauses(once).Create(&holderRow{serial.String(), patient}).Error; err != nil {
		return "", err
	}
	return s.Patient(ctx, serial)
}

// Write writes a line of the log.
func (s *Prescriptions) Write(ctx context.Context, e prescription.Entry) error {
	return dbopen.Taken(s.To(ctx).Create(actToRow(e)).Error, prescription.ErrExists)
}

// ByKey gives the line of the log with a key.
func (s *Prescriptions) ByKey(ctx context.Context, key string) (prescription.Entry, error) {
	var row actRow
	err := s.From(ctx).Take(&row, "key = ?", key).Error
	return row.entry(), err
}

// Log gives the newest lines of the log.
func (s *Prescriptions) Log(ctx context.Context, about prescription.Entry, limit int) ([]prescription.Entry, error) {
	g := s.From(ctx).Where(&actRow{Patient: about.Patient, Prescription: about.Prescription})
	return dbopen.List(g.Order("id DESC").Limit(limit), actRow.entry)
}
