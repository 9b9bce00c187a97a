package db

import (
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/chip"
	"example.jp/jpkimock/virtualcard/internal/secret"
)

// cardRow is a card without what it keeps for each kind.
type cardRow struct {
	ID          string `gorm:"primaryKey"`
	Name        string
	Kana        string `gorm:"not null;default:''"`
	NameEN      string
	Address     string
	DateOfBirth string
	Gender      string
	Expires     time.Time
	Number      string `gorm:"not null;default:''"`
	// Municipality is the code of the municipality of issue.
	Municipality string `gorm:"not null;default:''"`
	Variant      string `gorm:"not null;default:''"`
	Dead         bool
	Tampered     bool `gorm:"not null;default:false"`
	Made         time.Time
}

// TableName names the table.
func (cardRow) TableName() string { return "cards" }

// slotRow is what a card keeps for one kind of certificate and its PIN, or for another
// reference, which has a PIN at most.
type slotRow struct {
	CardID        string `gorm:"primaryKey"`
	Kind          string `gorm:"primaryKey"` // a chip.Ref
	Key           []byte // PKCS#8 DER
	PendingKey    []byte // PKCS#8 DER
	Certificate   []byte // DER
	CACertificate []byte // DER
	PIN           []byte `gorm:"column:pin"` // ASCII
	TriesLeft     int    `gorm:"not null;check:tries_left >= 0"`
}

// TableName names the table.
func (slotRow) TableName() string { return "card_slots" }

// locked makes a transaction on PostgreSQL wait for others on the same card; a
// SQLite transaction has the whole database.
func locked(tx *gorm.DB) *gorm.DB {
	if tx.Name() == "postgres" {
		return tx.Clauses(clause.Locking{Strength: "UPDATE"}).Session(&gorm.Session{})
	}
	return tx
}

func rowsOf(card virtualcard.Card) (cardRow, []slotRow) {
	row := cardRow{
		ID: string(card.ID), Name: card.Face.Name, Kana: card.Face.Kana, NameEN: card.Face.NameEN,
		Address: card.Face.Address, DateOfBirth: card.Face.DateOfBirth, Gender: card.Face.Gender,
		Expires: card.Face.Expires.UTC(), Number: string(card.Face.Number), Municipality: card.Face.Municipality,
		Variant: string(card.Variant), Dead: card.Dead, Tampered: card.Tampered, Made: card.Made.UTC(),
	}
	slots := make([]slotRow, 0, len(chip.Refs()))
	for _, k := range jpki.Kinds() {
		s, r := card.Slots[k], card.References[chip.RefOf(k)]
		slots = append(slots, slotRow{
			CardID: string(card.ID), Kind: k.String(), Key: secret.Open(s.Key), PendingKey: secret.Open(s.PendingKey),
			Certificate: s.Certificate, CACertificate: s.CACertificate, PIN: secret.Open(r.PIN), TriesLeft: r.TriesLeft,
		})
	}
	for _, ref := range chip.Refs() {
		if r, ok := card.References[ref]; ok && !ref.OfKind() {
			slots = append(slots, slotRow{CardID: string(card.ID), Kind: string(ref), PIN: secret.Open(r.PIN), TriesLeft: r.TriesLeft})
		}
	}
	return row, slots
}

func cardOf(row cardRow, slots []slotRow) (virtualcard.Card, error) {
	card := virtualcard.Card{
		ID: virtualcard.CardID(row.ID), Variant: jpki.CardVariant(row.Variant), Dead: row.Dead, Tampered: row.Tampered, Made: row.Made.UTC(),
		Slots: map[jpki.Kind]chip.Slot{}, References: map[chip.Ref]chip.Reference{},
		Face: virtualcard.Face{
			Name: row.Name, Kana: row.Kana, NameEN: row.NameEN, Address: row.Address,
			DateOfBirth: row.DateOfBirth, Gender: row.Gender, Expires: row.Expires.UTC(),
			Number: jpki.IndividualNumber(row.Number), Municipality: row.Municipality,
		},
	}
	for _, s := range slots {
		ref := chip.Ref(s.Kind)
		card.References[ref] = chip.Reference{PIN: secret.New(s.PIN), TriesLeft: s.TriesLeft}
		if !ref.OfKind() {
			continue
		}
		k, err := jpki.ParseKind(s.Kind)
		if err != nil {
			return virtualcard.Card{}, err
		}
		card.Slots[k] = chip.Slot{
			Key: secret.New(s.Key), PendingKey: secret.New(s.PendingKey), Certificate: s.Certificate, CACertificate: s.CACertificate,
		}
	}
	return card, nil
}
