package db

import (
	"context"
	"time"

	"gorm.io/gorm/clause"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/dbopen"
	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/medical/platform"
)

// Platform is a platform.Store over a database.
type Platform struct{ *dbopen.DB }

var _ platform.Store = (*Platform)(nil)

// OpenPlatform opens the platform's database at a path or a postgres:// address.
func OpenPlatform(address string) (*Platform, error) {
	db, err := dbopen.Open(address, &routeRow{}, &inquiryRow{})
	return &Platform{db}, err
}

// routeRow is an insurer that has linked a certificate.
type routeRow struct {
	Serial  string `gorm:"primaryKey"`
	Insurer string `gorm:"primaryKey"`
	At      time.Time
}

func (routeRow) TableName() string { return "routes" }

// inquiryRow is a line of the log.
type inquiryRow struct {
	ID          int64  `gorm:"primaryKey"`
	Inquiry     string `gorm:"index"`
	At          time.Time
	Institution string
	Kind        string
	Serial      string
	Insurers    []medical.InsurerNumber `gorm:"serializer:json"`
	Validity    int
	Code        string
	Steps       []medical.Step `gorm:"serializer:json"`
}

func (inquiryRow) TableName() string { return "inquiries" }

func (r inquiryRow) entry() platform.Entry {
	return platform.Entry{
		Inquiry: r.Inquiry, At: r.At.UTC(), Institution: r.Institution, Kind: platform.Kind(r.Kind), Serial: jpki.SerialNumber(r.Serial), Insurers: r.Insurers,
		Validity: medical.Validity(r.Validity), Code: r.Code, Steps: r.Steps,
	}
}

// Routes gives the insurers that have linked a certificate.
func (s *Platform) Routes(ctx context.Context, serial jpki.SerialNumber) ([]medical.InsurerNumber, error) {
	return dbopen.List(s.From(ctx).Where("serial = ?", serial.String()).Order("at, insurer"), func(r routeRow) medical.InsurerNumber { return medical.InsurerNumber(r.Insurer) })
}

// AddRoute adds an insurer to those of a certificate.
func (s *Platform) AddRoute(ctx context.Context, serial jpki.SerialNumber, to medical.InsurerNumber, at time.Time) error {
	row := routeRow{serial.String(), string(to), at.UTC()}
	return s.To(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&row).Error
}

// Import adds an insurer to those of many certificates.
func (s *Platform) Import(ctx context.Context, to medical.InsurerNumber, serials []jpki.SerialNumber, at time.Time) error {
	rows := dbopen.Each(serials, func(serial jpki.SerialNumber) routeRow { return routeRow{serial.String(), string(to), at.UTC()} })
	return s.To(ctx).CreateInBatches(&rows, importAtOnce).Error
}

// DropRoute takes an insurer from those of a certificate.
func (s *Platform) DropRoute(ctx context.Context, serial jpki.SerialNumber, to medical.InsurerNumber) error {
	return s.To(ctx).Delete(&routeRow{Serial: serial.String(), Insurer: string(to)}).Error
}

// Write writes a line of the log.
func (s *Platform) Write(ctx context.Context, e platform.Entry) error {
	return s.To(ctx).Create(&inquiryRow{
		Inquiry: e.Inquiry, At: e.At.UTC(), Institution: e.Institution, Kind: string(e.Kind), Serial: string(e.Serial), Insurers: e.Insurers,
		Validity: int(e.Validity), Code: e.Code, Steps: e.Steps,
	}).Error
}

// Log gives the newest lines of the log.
func (s *Platform) Log(ctx context.Context, inquiry string, limit int) ([]platform.Entry, error) {
	return dbopen.List(s.From(ctx).Where(&inquiryRow{Inquiry: inquiry}).Order("id DESC").Limit(limit), inquiryRow.entry)
}

// Confirmed gives the newest line of an inquiry that was not refused.
func (s *Platform) Confirmed(ctx context.Context, inquiry string) (platform.Entry, error) {
	var row inquiryRow
	err := s.From(ctx).Where("inquiry = ? AND code = ''", inquiry).Order("id DESC").Limit(1).Find(&row).Error
	return row.entry(), err
}
