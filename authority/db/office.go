package db

import (
	"context"
	"encoding/json"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/jpki"
)

// formerRow is an entry of the register that no longer holds; the resident
// lies in it as JSON.
type formerRow struct {
	ID         int64  `gorm:"primaryKey"`
	ResidentID string `gorm:"size:63;index"`
	Until      int64
	Cause      string `gorm:"size:32"`
	Officer    string
	Why        string
	Body       []byte
}

func (formerRow) TableName() string { return "former_entries" }

func (r formerRow) entry() (authority.FormerEntry, error) {
	e := authority.FormerEntry{ID: r.ID, Until: at(r.Until), Cause: authority.LifeEvent(r.Cause), Officer: r.Officer, Why: r.Why}
	err := json.Unmarshal(r.Body, &e.Resident)
	return e, err
}

// applicationRow is an application for accreditation, as JSON.
type applicationRow struct {
	ID   string `gorm:"primaryKey;size:63"`
	Body []byte
}

func (applicationRow) TableName() string { return "applications" }

func (r applicationRow) application() (authority.VerifierApplication, error) {
	var a authority.VerifierApplication
	err := json.Unmarshal(r.Body, &a)
	return a, err
}

// auditRow is a line of the ministry's log.
type auditRow struct {
	ID      int64 `gorm:"primaryKey"`
	At      int64
	Subject string `gorm:"size:63;index"`
	Act     string `gorm:"size:32"`
	Officer string
	Why     string
}

func (auditRow) TableName() string { return "audits" }

func (r auditRow) audit() (authority.Audit, error) {
	return authority.Audit{ID: r.ID, At: at(r.At), Subject: r.Subject, Act: r.Act, Officer: r.Officer, Why: r.Why}, nil
}

// feeRow counts the answers of one day.
type feeRow struct {
	VerifierID string `gorm:"primaryKey;size:63"`
	Day        string `gorm:"primaryKey;size:10"`
	Kind       int    `gorm:"primaryKey;autoIncrement:false"`
	Purpose    int    `gorm:"primaryKey;autoIncrement:false"`
	N          int64
}

func (feeRow) TableName() string { return "fees" }

func (r feeRow) count() (authority.FeeCount, error) {
	return authority.FeeCount{VerifierID: r.VerifierID, Kind: jpki.Kind(r.Kind), Purpose: authority.Purpose(r.Purpose), Day: r.Day, N: r.N}, nil
}

func writeOffice(tx *gorm.DB, c authority.Change) error {
	for _, f := range c.FormerEntries {
		body, err := json.Marshal(f.Resident)
		if err != nil {
			return err
		}
		row := formerRow{ResidentID: f.Resident.ID, Until: f.Until.Unix(), Cause: string(f.Cause), Officer: f.Officer, Why: f.Why, Body: body}
		if err := tx.Create(&row).Error; err != nil {
			return err
		}
	}
	for _, a := range c.Applications {
		body, err := json.Marshal(a)
		if err != nil {
			return err
		}
		if err := tx.Clauses(upsert()).Create(&applicationRow{ID: a.ID, Body: body}).Error; err != nil {
			return err
		}
	}
	for _, a := range c.Audits {
		row := auditRow{At: a.At.Unix(), Subject: a.Subject, Act: a.Act, Officer: a.Officer, Why: a.Why}
		if err := tx.Create(&row).Error; err != nil {
			return err
		}
	}
	return writeFees(tx, c.Fees)
}

func writeFees(tx *gorm.DB, fees []authority.FeeCount) error {
	add := clause.OnConflict{
		Columns:   []clause.Column{{Name: "verifier_id"}, {Name: "day"}, {Name: "kind"}, {Name: "purpose"}},
		DoUpdates: clause.Assignments(map[string]any{"n": gorm.Expr("fees.n + excluded.n")}),
	}
	for _, f := range fees {
		row := feeRow{VerifierID: f.VerifierID, Day: f.Day, Kind: int(f.Kind), Purpose: int(f.Purpose), N: f.N}
		if err := tx.Clauses(add).Create(&row).Error; err != nil {
			return err
		}
	}
	return nil
}

// ResidentsBorn does what authority.Store says.
func (s *Store) ResidentsBorn(ctx context.Context, day string, limit int) ([]authority.Resident, error) {
	return many(s.read(ctx).Where("born = ?", day).Order("id").Limit(limit), "read residents by birth", residentRow.resident)
}

// Cards does what authority.Store says.
func (s *Store) Cards(ctx context.Context, residentID string) ([]authority.Card, error) {
	return many(s.read(ctx).Where("resident_id = ?", residentID).Order("issued_at, id"), "read cards",
		func(r cardRow) (authority.Card, error) { return r.card(), nil })
}

// FormerEntries does what authority.Store says.
func (s *Store) FormerEntries(ctx context.Context, residentID string) ([]authority.FormerEntry, error) {
	return many(s.read(ctx).Where("resident_id = ?", residentID).Order("id DESC"), "read former entries", formerRow.entry)
}

// Applications does what authority.Store says.
func (s *Store) Applications(ctx context.Context) ([]authority.VerifierApplication, error) {
	return many(s.read(ctx).Order("id DESC"), "read applications", applicationRow.application)
}

// Audits does what authority.Store says.
func (s *Store) Audits(ctx context.Context, subject string, limit int) ([]authority.Audit, error) {
	q := s.read(ctx).Order("id DESC").Limit(limit)
	if subject != "" {
		q = q.Where("subject = ?", subject)
	}
	return many(q, "read the audit log", auditRow.audit)
}

// Fees does what authority.Store says.
func (s *Store) Fees(ctx context.Context, verifierID, from, to string) ([]authority.FeeCount, error) {
	q := s.read(ctx).Where("day >= ? AND day <= ?", from, to).Order("verifier_id, day, kind, purpose")
	if verifierID != "" {
		q = q.Where("verifier_id = ?", verifierID)
	}
	return many(q, "read fees", feeRow.count)
}
