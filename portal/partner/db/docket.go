// Package db is the docket (受付簿) of a business whose customers are kept elsewhere: the
// connections and the applications of the portal, in rows, in front of a
// partner.Register.
package db

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/dbopen"
	"example.jp/jpkimock/portal/partner"
)

// Config says whose docket it is. All fields but PostBox and Tells are required.
type Config struct {
	Address  string // of the database: a path, or postgres://
	ID, Name string // the partner's
	Done     string // what a notice says where a change was made
	Register partner.Register
	Now      func() time.Time
	// PostBox is where the business writes to its customers, and Tells what it has to tell
	// them since a time, from its own records. What it gives again is not told again.
	PostBox partner.PostBox
	Tells   func(ctx context.Context, since time.Time, to []partner.Connected) ([]partner.Told, error)
}

// Docket is a partner.Business over a database.
type Docket struct {
	*partner.Sealer
	cfg Config
	db  *dbopen.DB
	// After a round of Tell that failed, the next is so much later. Rounds come one after
	// the other.
	pause time.Duration
	next  time.Time
}

var _ partner.Business = (*Docket)(nil)

// connectionRow is a customer's consent.
type connectionRow struct {
	Customer   string             `gorm:"primaryKey"`
	Connection partner.Connection `gorm:"serializer:json"`
	At         time.Time
}

func (connectionRow) TableName() string { return "connections" }

// applicationRow is an application that was decided.
type applicationRow struct {
	ID       string `gorm:"primaryKey"`
	Customer string
	Digest   string
	Receipt  partner.Receipt `gorm:"serializer:json"`
}

func (applicationRow) TableName() string { return "applications" }

// Open opens a docket.
func Open(ctx context.Context, cfg Config) (*Docket, error) {
	db, err := dbopen.Open(cfg.Address, &connectionRow{}, &applicationRow{}, &outboxRow{}, &gatheredRow{}, &dbopen.KeyRow{})
	if err != nil {
		return nil, err
	}
	d := &Docket{cfg: cfg, db: db}
	key, err := db.Key(ctx, partner.NewKey)
	if err == nil {
		d.Sealer, err = partner.NewSealer(cfg.ID, key)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return d, nil
}

// Close closes the database.
func (d *Docket) Close() error { return d.db.Close() }

// Connect keeps a consent, if the holder is the customer.
func (d *Docket) Connect(ctx context.Context, c partner.Connection) error {
	if err := d.cfg.Register.Connects(ctx, c); err != nil {
		return err
	}
	row := connectionRow{c.Customer, c, d.cfg.Now().UTC()}
	return d.db.To(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error
}

// Disconnect forgets a consent, and what has not been told by then.
func (d *Docket) Disconnect(ctx context.Context, customer string) error {
	return d.db.Transaction(ctx, func(tx *gorm.DB) error {
		return errors.Join(tx.Delete(&connectionRow{}, "customer = ?", customer).Error, tx.Delete(&outboxRow{}, "customer = ? AND open", customer).Error)
	})
}

// Connected gives a connection, or partner.ErrNoCustomer.
func (d *Docket) Connected(ctx context.Context, customer string) (partner.Connection, error) {
	var row connectionRow
	err := d.db.From(ctx).Take(&row, "customer = ?", customer).Error
	return row.Connection, dbopen.Missing(err, partner.ErrNoCustomer)
}

// Kept is a connection, and since when it is kept.
type Kept struct {
	partner.Connection
	At time.Time
}

// ConnectedBy gives the connections that were made with one of these certificates.
func (d *Docket) ConnectedBy(ctx context.Context, certificates []jpki.SerialNumber) (all []Kept, err error) {
	for _, serial := range certificates {
		var rows []connectionRow
		if err := d.db.From(ctx).Order("customer").Find(&rows, "connection LIKE ?", `%"certificate":"`+serial.String()+`"%`).Error; err != nil {
			return nil, err
		}
		for _, row := range rows {
			all = append(all, Kept{row.Connection, row.At.UTC()})
		}
	}
	return all, nil
}

// SameAddress asks the register.
func (d *Docket) SameAddress(ctx context.Context, customer, address string) (bool, error) {
	return d.cfg.Register.SameAddress(ctx, customer, address)
}

// Receipt gives how an application stands, or partner.ErrNoApplication.
func (d *Docket) Receipt(ctx context.Context, id string) (partner.Receipt, string, error) {
	var row applicationRow
	err := d.db.From(ctx).Take(&row, "id = ?", id).Error
	return row.Receipt, row.Digest, dbopen.Missing(err, partner.ErrNoApplication)
}

// Answer changes nothing: nothing is asked back.
func (d *Docket) Answer(ctx context.Context, id, _ string) (partner.Receipt, error) {
	r, _, err := d.Receipt(ctx, id)
	return r, err
}

// Receive lets the register make the change, and keeps the result. If the process ends
// between the two, the portal repeats the application, and the register finds it made.
func (d *Docket) Receive(ctx context.Context, c partner.Change) (partner.Receipt, error) {
	connection, err := d.Connected(ctx, c.Sheet.Customer)
	if err != nil {
		return partner.Receipt{}, err
	}
	reason, err := d.cfg.Register.Change(ctx, c)
	if err != nil {
		return partner.Receipt{}, err
	}
	r := partner.Receipt{ID: c.ID, State: partner.Done, At: c.Received.Truncate(time.Second), Reason: reason}
	if reason != "" {
		r.State = partner.Rejected
	}
	r, err = d.SealResult(partner.Result{
		Receipt: r, Box: connection.Box, From: d.cfg.Name, Name: c.BasicFour.CommonName, Customer: c.Sheet.Customer, ChangedOn: c.Sheet.ChangedOn, Done: d.cfg.Done,
	})
	if err != nil {
		return r, err
	}
	kept := applicationRow{c.ID, c.Sheet.Customer, c.Digest, r}
	err = d.db.Transaction(ctx, func(tx *gorm.DB) error { return d.keep(tx, &kept, connection, c) })
	return kept.Receipt, err
}

// keep keeps a result once; kept becomes that of the first. From then on the customer is
// known by the certificate that signed.
func (d *Docket) keep(tx *gorm.DB, kept *applicationRow, connection partner.Connection, c partner.Change) error {
	made := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(kept)
	if made.Error != nil {
		return made.Error
	}
	if made.RowsAffected == 0 {
		if err := tx.Take(kept, "id = ?", c.ID).Error; err != nil {
			return err
		}
		if kept.Digest != c.Digest {
			return partner.ErrConflict
		}
		return nil
	}
	if kept.Receipt.State != partner.Done {
		return nil
	}
	connection.Certificate = c.Serial
	return tx.Model(&connectionRow{}).Where("customer = ?", connection.Customer).Select("Connection").Updates(&connectionRow{Connection: connection}).Error
}
