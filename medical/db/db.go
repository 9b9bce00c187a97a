// Package db keeps the records of the medical field's parties in rows. Each party opens a
// database of its own: no store reaches another's.
package db

import (
	"context"

	"gorm.io/gorm"

	"example.jp/jpkimock/internal/dbopen"
)

// records is a party's database.
type records struct{ db *dbopen.DB }

// Close closes the database.
func (s records) Close() error { return s.db.Close() }

// Ping reports whether the database answers.
func (s records) Ping() error { return s.db.Ping() }

func (s records) read(ctx context.Context) *gorm.DB  { return s.db.Read.WithContext(ctx) }
func (s records) write(ctx context.Context) *gorm.DB { return s.db.Write.WithContext(ctx) }
