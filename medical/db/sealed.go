package db

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"gorm.io/gorm"

	"example.jp/jpkimock/internal/dbopen"
	"example.jp/jpkimock/internal/sealed"
	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/medical/prescription"
)

// sealedRow is a prescription. What says something of the patient's health stands in
// Sealed alone: the whole prescription as JSON, encrypted with the patient's key. Every
// other column is bound to it, so that a row that was swapped, or put back into an earlier
// state, does not open.
type sealedRow struct {
	ID      string `gorm:"primaryKey"`
	Patient string `gorm:"index;not null"`
	Issuer  string `gorm:"not null"`
	Inquiry string `gorm:"index;not null"`
	Number  string `gorm:"uniqueIndex;not null"`
	Ordinal int64  `gorm:"index;not null"` // nanoseconds of the issue, for the order
	State   string `gorm:"not null"`
	Version int    `gorm:"not null"`
	// Copy finds a row by what stands on the patient's copy: an HMAC of it under a key that is
	// kept with the patients' keys.
	Copy   string `gorm:"index;not null;default:''"`
	Sealed []byte `gorm:"not null"` // nonce and ciphertext of XChaCha20-Poly1305
}

func (sealedRow) TableName() string { return "prescriptions" }

func (r sealedRow) bound() []byte {
	return fmt.Appendf(nil, "%q %q %q %q %q %d %q %d", r.ID, r.Patient, r.Issuer, r.Inquiry, r.Number, r.Ordinal, r.State, r.Version)
}

// key gives a patient's key.
func (s *Prescriptions) key(ctx context.Context, patient string) ([]byte, error) {
	var row keyRow
	err := s.keys.Read.WithContext(ctx).Take(&row, "patient = ?", patient).Error
	return row.Key, err
}

// seal makes the row of a prescription.
func seal(key []byte, patient string, version int, p medical.Prescription) (sealedRow, error) {
	row := sealedRow{
		ID: p.ID, Patient: patient, Issuer: p.Issuer, Inquiry: p.Order.Inquiry, Number: p.Order.Number, Ordinal: p.At.UnixNano(), State: string(p.State), Version: version,
	}
	content, err := json.Marshal(p)
	if err != nil {
		return row, err
	}
	row.Sealed, err = sealed.Seal(key, content, row.bound())
	return row, err
}

// open gives the prescription of a row.
func (r sealedRow) open(key []byte) (p medical.Prescription, err error) {
	content, err := sealed.Open(key, r.Sealed, r.bound())
	if err != nil {
		return p, fmt.Errorf("medical: db: prescription %s: %w", r.ID, err)
	}
	return p, json.Unmarshal(content, &p)
}

// opened opens the rows of a query; each patient's key is read once.
func (s *Prescriptions) opened(ctx context.Context, g *gorm.DB) ([]medical.Prescription, error) {
	var rows []sealedRow
	if err := g.Order("ordinal DESC, id").Limit(found).Find(&rows).Error; err != nil {
		return nil, err
	}
	keys, all := map[string][]byte{}, make([]medical.Prescription, len(rows))
	for i, r := range rows {
		var err error
		if keys[r.Patient] == nil {
			if keys[r.Patient], err = s.key(ctx, r.Patient); err != nil {
				return nil, err
			}
		}
		if all[i], err = r.open(keys[r.Patient]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// found is how many prescriptions are given at once.
const found = 200

// Find gives prescriptions.
func (s *Prescriptions) Find(ctx context.Context, of prescription.Of) ([]medical.Prescription, error) {
	return s.opened(ctx, s.From(ctx).Where(&sealedRow{Patient: of.Patient, Issuer: of.Issuer, Inquiry: of.Inquiry, Number: of.Number}))
}

// Add keeps a new prescription, unless allow says no.
func (s *Prescriptions) Add(ctx context.Context, patient string, p medical.Prescription, allow func([]medical.Prescription) error) error {
	key, err := s.key(ctx, patient)
	if err != nil {
		return err
	}
	found, err := s.copied(ctx, medical.Copy{Member: p.Order.Member, Code: p.Code})
	if err != nil {
		return err
	}
	err = s.Transaction(ctx, func(tx *gorm.DB) error {
		var mine []holderRow // one order of a patient at a time
		if err := dbopen.Locked(tx).Find(&mine, "patient = ?", patient).Error; err != nil {
			return err
		}
		others, err := s.opened(ctx, tx.Where("patient = ?", patient))
		if err != nil {
			return err
		}
		if err := allow(others); err != nil {
			return err
		}
		row, err := seal(key, patient, 1, p)
		if err != nil {
			return err
		}
		row.Copy = found
		return tx.Create(&row).Error
	})
	return dbopen.Taken(err, prescription.ErrExists)
}

// Change changes a prescription where it is alone, and writes the line of the log with it.
func (s *Prescriptions) Change(ctx context.Context, id string, e prescription.Entry, change func(string, *medical.Prescription) error) (p medical.Prescription, err error) {
	err = s.Transaction(ctx, func(tx *gorm.DB) error {
		var row sealedRow
		if err := dbopen.Locked(tx).Take(&row, "id = ?", id).Error; err != nil {
			return dbopen.Missing(err, &medical.Refused{Code: medical.NoPrescription})
		}
		key, err := s.key(ctx, row.Patient)
		if err != nil {
			return err
		}
		if p, err = row.open(key); err != nil {
			return err
		}
		if err := change(row.Patient, &p); err != nil {
			return err
		}
		next, err := seal(key, row.Patient, row.Version+1, p)
		if err != nil {
			return err
		}
		e.Patient = row.Patient
		if err := tx.Create(actToRow(e)).Error; err != nil {
			return err
		}
		return dbopen.Changed(tx.Model(&sealedRow{}).Where("id = ? AND version = ?", id, row.Version).
			Updates(map[string]any{"state": next.State, "version": next.Version, "sealed": next.Sealed}), prescription.ErrExists)
	})
	return p, dbopen.Taken(err, prescription.ErrExists)
}

// copied gives what a row is found by that has the numbers of a copy.
func (s *Prescriptions) copied(ctx context.Context, c medical.Copy) (string, error) {
	key, err := s.keys.Key(ctx, func() ([]byte, error) { return sealed.NewKey(), nil })
	h := hmac.New(sha256.New, key)
	fmt.Fprintf(h, "%q %q %q %q %q", c.Member.Insurer, c.Member.Symbol, c.Member.Number, c.Member.Branch, c.Code)
	return hex.EncodeToString(h.Sum(nil)), err
}

// ByCopy gives the latest prescription with the numbers of a copy, and its patient.
func (s *Prescriptions) ByCopy(ctx context.Context, c medical.Copy) (patient string, p medical.Prescription, err error) {
	by, err := s.copied(ctx, c)
	if err != nil {
		return "", p, err
	}
	row, err := dbopen.One(s.From(ctx).Where("copy = ?", by).Order("ordinal DESC"), func(r sealedRow) sealedRow { return r }, &medical.Refused{Code: medical.NoPrescription})
	if err != nil {
		return "", p, err
	}
	key, err := s.key(ctx, row.Patient)
	if err != nil {
		return "", p, err
	}
	p, err = row.open(key)
	m := p.Order.Member
	if m.Birth = c.Member.Birth; err == nil && (m != c.Member || p.Code != c.Code) { // somebody swapped rows
		err = &medical.Refused{Code: medical.NoPrescription}
	}
	return row.Patient, p, err
}
