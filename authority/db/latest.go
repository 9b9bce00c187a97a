package db

import (
	"context"
	"encoding/json"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/latest"
	kit "example.jp/jpkimock/rp/latest"
)

// consentRow is a holder's consent to the latest four data service. What is never searched
// by lies in one JSON column.
type consentRow struct {
	Number     string `gorm:"primaryKey;size:40"`
	ResidentID string `gorm:"size:63;index:consents_of"`
	VerifierID string `gorm:"size:63;index:consents_of"`
	Service    string `gorm:"size:63"`
	At         int64  `gorm:"index"`
	Body       []byte
}

func (consentRow) TableName() string { return "consents" }

func rowOfConsent(c latest.Consent) (consentRow, error) {
	body, err := json.Marshal(c)
	return consentRow{Number: c.Number, ResidentID: c.ResidentID, VerifierID: c.VerifierID, Service: c.Service, At: c.ReceivedAt.Unix(), Body: body}, err
}

func (r consentRow) consent() (latest.Consent, error) {
	var c latest.Consent
	err := json.Unmarshal(r.Body, &c)
	return c, err
}

// deliveryRow is a delivery of latest data: one for each consent and pair of certificates.
type deliveryRow struct {
	Consent    string `gorm:"primaryKey;size:40"`
	OldSerial  string `gorm:"primaryKey;size:40"`
	NewSerial  string `gorm:"primaryKey;size:40"`
	ResidentID string `gorm:"size:63;index"`
	Items      []byte // JSON
	At         int64
	Fee        int64
}

func (deliveryRow) TableName() string { return "deliveries" }

func rowOfDelivery(d latest.Delivery) (deliveryRow, error) {
	items, err := json.Marshal(d.Items)
	return deliveryRow{
		Consent: d.Consent, OldSerial: d.OldSerial.String(), NewSerial: d.NewSerial.String(), ResidentID: d.ResidentID, Items: items, At: d.At.Unix(), Fee: d.Fee,
	}, err
}

func (r deliveryRow) delivery() (latest.Delivery, error) {
	d := latest.Delivery{
		Consent: r.Consent, ResidentID: r.ResidentID, OldSerial: jpki.SerialNumber(r.OldSerial), NewSerial: jpki.SerialNumber(r.NewSerial), At: at(r.At), Fee: r.Fee,
		Items: []kit.Item{},
	}
	return d, json.Unmarshal(r.Items, &d.Items)
}

var _ latest.Store = (*Store)(nil)

// CommitLatest does what latest.Store says: one transaction.
func (s *Store) CommitLatest(ctx context.Context, c latest.Change) error {
	return s.transaction(ctx, func(t *tx) {
		put(t, c.Consents, rowOfConsent)
		for _, d := range c.Deliveries {
			row, err := rowOfDelivery(d)
			if t.err == nil {
				t.err = err
			}
			if t.err == nil {
				t.err = t.db.Create(&row).Error // a second one is an error: the first was charged
			}
		}
		for _, f := range c.Fees {
			t.addFee(f)
		}
	})
}

// Consents does what latest.Store says.
func (s *Store) Consents(ctx context.Context, q latest.Query) ([]latest.Consent, error) {
	db := s.read(ctx).Order("at DESC, number DESC")
	for column, is := range map[string]string{"number": q.Number, "resident_id": q.ResidentID, "verifier_id": q.VerifierID, "service": q.Service} {
		if is != "" {
			db = db.Where(column+" = ?", is)
		}
	}
	return many(db, "read consents", consentRow.consent)
}

// Deliveries does what latest.Store says.
func (s *Store) Deliveries(ctx context.Context, residentID string) ([]latest.Delivery, error) {
	return many(s.read(ctx).Where("resident_id = ?", residentID).Order("at DESC, new_serial DESC"), "read deliveries", deliveryRow.delivery)
}

// Delivered does what latest.Store says.
func (s *Store) Delivered(ctx context.Context, consent string, old, next jpki.SerialNumber) (latest.Delivery, bool, error) {
	q := s.read(ctx).Where("consent = ? AND old_serial = ? AND new_serial = ?", consent, old.String(), next.String())
	all, err := many(q.Limit(1), "read a delivery", deliveryRow.delivery)
	if err != nil || len(all) == 0 {
		return latest.Delivery{}, false, err
	}
	return all[0], true, nil
}
