// Package db keeps the records of the medical field's parties in rows. Each party opens a
// database of its own: no store reaches another's.
package db
