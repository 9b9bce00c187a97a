package db

import (
	"fmt"

	"gorm.io/gorm"

	"example.jp/jpkimock/internal/dbopen"
	"example.jp/jpkimock/virtualcard/chip"
)

// completeReferences gives the cards of an earlier version, which had the JPKI application
// alone, what the others compare with: their four-digit PINs are the one for user
// authentication, as on a new card, and each printed number has all its tries.
func completeReferences(db *dbopen.DB) error {
	const (
		without = `NOT EXISTS (SELECT 1 FROM card_slots h WHERE h.card_id = c.id AND h.kind = ?)`
		pins    = `INSERT INTO card_slots (card_id, kind, pin, tries_left) SELECT c.id, ?, s.pin, ?
			FROM cards c JOIN card_slots s ON s.card_id = c.id AND s.kind = ? WHERE length(s.pin) > 0 AND ` + without
		printed = `INSERT INTO card_slots (card_id, kind, tries_left) SELECT c.id, ?, ? FROM cards c WHERE c.name <> '' AND ` + without
	)
	return db.Write.Transaction(func(tx *gorm.DB) error {
		for _, r := range chip.FurtherPINs() {
			if err := tx.Exec(pins, string(r), r.Tries(), string(chip.AuthenticationPIN), string(r)).Error; err != nil {
				return fmt.Errorf("complete %s: %w", r, err)
			}
		}
		for _, r := range chip.Printed() {
			if err := tx.Exec(printed, string(r), r.Tries(), string(r)).Error; err != nil {
				return fmt.Errorf("complete %s: %w", r, err)
			}
		}
		return nil
	})
}
