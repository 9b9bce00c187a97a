package db

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/ca"
	"example.jp/jpkimock/authority/jpki"
)

// verifierRow is an entry of the verifiers' register.
type verifierRow struct {
	ID      string `gorm:"primaryKey;size:63"`
	Name    string
	KeyHash []byte `gorm:"uniqueIndex"`
	Kinds   string // names, separated by spaces
	State   string `gorm:"size:16"`
	Since   int64
	Why     string

	Conditions string
}

func (verifierRow) TableName() string { return "verifiers" }

func rowOfVerifier(v accreditation.Verifier) (verifierRow, error) {
	var kinds []string
	for _, k := range v.Kinds {
		kinds = append(kinds, k.String())
	}
	return verifierRow{
		ID: v.ID, Name: v.Name, KeyHash: v.KeyHash[:], Kinds: strings.Join(kinds, " "), State: string(v.State), Since: v.Since.Unix(), Why: v.Why,
		Conditions: v.Conditions,
	}, nil
}

func (r verifierRow) verifier() (accreditation.Verifier, error) {
	v := accreditation.Verifier{ID: r.ID, Name: r.Name, State: accreditation.VerifierState(r.State), Since: at(r.Since), Why: r.Why, Conditions: r.Conditions}
	if copy(v.KeyHash[:], r.KeyHash) != len(v.KeyHash) {
		return v, fmt.Errorf("verifier %s: key hash of %d octets", r.ID, len(r.KeyHash))
	}
	for _, name := range strings.Fields(r.Kinds) {
		kind, err := jpki.ParseKind(name)
		if err != nil {
			return v, err
		}
		v.Kinds = append(v.Kinds, kind)
	}
	return v, nil
}

// applicationRow is an application for accreditation, as JSON.
type applicationRow struct {
	ID   string `gorm:"primaryKey;size:63"`
	Body []byte
}

func (applicationRow) TableName() string { return "applications" }

func (r applicationRow) application() (accreditation.Application, error) {
	var a accreditation.Application
	err := json.Unmarshal(r.Body, &a)
	return a, err
}

func rowOfApplication(a accreditation.Application) (applicationRow, error) {
	body, err := json.Marshal(a)
	return applicationRow{ID: a.ID, Body: body}, err
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

func (r auditRow) audit() (accreditation.Audit, error) {
	return accreditation.Audit{ID: r.ID, At: at(r.At), Subject: r.Subject, Act: r.Act, Officer: r.Officer, Why: r.Why}, nil
}

func rowOfAudit(a accreditation.Audit) (auditRow, error) {
	return auditRow{At: a.At.Unix(), Subject: a.Subject, Act: a.Act, Officer: a.Officer, Why: a.Why}, nil
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

func (r feeRow) count() (accreditation.FeeCount, error) {
	return accreditation.FeeCount{VerifierID: r.VerifierID, Kind: jpki.Kind(r.Kind), Purpose: accreditation.Purpose(r.Purpose), Day: r.Day, N: r.N}, nil
}

// CommitAccreditation does what accreditation.Store says: one transaction.
func (s *Store) CommitAccreditation(ctx context.Context, c accreditation.Change) error {
	return s.transaction(ctx, func(t *tx) {
		put(t, c.Verifiers, rowOfVerifier)
		put(t, c.Applications, rowOfApplication)
		put(t, c.Audits, rowOfAudit)
		for _, f := range c.Fees {
			t.addFee(f)
		}
		if c.Tariff != nil {
			put(t, [][]accreditation.TariffRow{c.Tariff}, rowOfTariff)
		}
	})
}

// addFee adds to what was counted before.
func (t *tx) addFee(f accreditation.FeeCount) {
	add := clause.OnConflict{
		Columns:   []clause.Column{{Name: "verifier_id"}, {Name: "day"}, {Name: "kind"}, {Name: "purpose"}},
		DoUpdates: clause.Assignments(map[string]any{"n": gorm.Expr("fees.n + excluded.n")}),
	}
	row := feeRow{VerifierID: f.VerifierID, Day: f.Day, Kind: int(f.Kind), Purpose: int(f.Purpose), N: f.N}
	if t.err == nil {
		t.err = t.db.Clauses(add).Create(&row).Error
	}
}

// tariffName is the name under which the tariff is kept, as JSON.
const tariffName = "tariff"

func rowOfTariff(rows []accreditation.TariffRow) (keptRow, error) {
	body, err := json.Marshal(rows)
	return keptRow{Name: tariffName, Value: body}, err
}

// Tariff does what accreditation.Store says.
func (s *Store) Tariff(ctx context.Context) (rows []accreditation.TariffRow, err error) {
	body, err := s.Kept(ctx, tariffName)
	switch {
	case errors.Is(err, ca.ErrNotKept):
		return nil, nil
	case err != nil:
		return nil, err
	}
	return rows, json.Unmarshal(body, &rows)
}

// Verifiers does what accreditation.Store says.
func (s *Store) Verifiers(ctx context.Context) ([]accreditation.Verifier, error) {
	return many(s.read(ctx).Order("id"), "read verifiers", verifierRow.verifier)
}

// Applications does what accreditation.Store says.
func (s *Store) Applications(ctx context.Context) ([]accreditation.Application, error) {
	return many(s.read(ctx).Order("id DESC"), "read applications", applicationRow.application)
}

// Audits does what accreditation.Store says.
func (s *Store) Audits(ctx context.Context, subject string, limit int) ([]accreditation.Audit, error) {
	q := s.read(ctx).Order("id DESC").Limit(limit)
	if subject != "" {
		q = q.Where("subject = ?", subject)
	}
	return many(q, "read the audit log", auditRow.audit)
}

// Fees does what accreditation.Store says.
func (s *Store) Fees(ctx context.Context, verifierID, from, to string) ([]accreditation.FeeCount, error) {
	q := s.read(ctx).Where("day >= ? AND day <= ?", from, to).Order("verifier_id, day, kind, purpose")
	if verifierID != "" {
		q = q.Where("verifier_id = ?", verifierID)
	}
	return many(q, "read fees", feeRow.count)
}
