package record

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// Record is what a card's issuer knows of it and its holder (券面事項).
type Record struct {
	Number        jpki.IndividualNumber
	Name, Address string
	DateOfBirth   jpki.DateOfBirth
	Gender        jpki.Gender
	Municipality  string    // of issue (市区町村コード), five digits
	Made, Expires time.Time // of the card; the portrait is of the day when it was made
	// Card tells cards apart; serial number and security code come from it.
	Card string
	// LongLengths writes the length of the four attributes with three bytes, as cards of
	// about 2023 seem to.
	LongLengths bool
}

// hash derives numbers of the card that mean nothing.
func (r Record) hash(what string, below uint64) uint64 {
	sum := sha256.Sum256([]byte(what + " of " + r.Card))
	return binary.BigEndian.Uint64(sum[:]) % below
}

// SerialNumber is the card's serial number (製造番号), 15 digits.
func (r Record) SerialNumber() string { return fmt.Sprintf("%015d", r.hash("serial number", 1e15)) }

// SecurityCode is the four digits printed on the card's face (セキュリティコード).
func (r Record) SecurityCode() string { return fmt.Sprintf("%04d", r.hash("security code", 1e4)) }

// expiry is the last day of the card, YYYYMMDD by Japanese civil time.
func (r Record) expiry() string { return r.Expires.In(jpki.JST).Format("20060102") }

// birth is YYYYMMDD, with zeros for unknown parts.
func (r Record) birth() string {
	return fmt.Sprintf("%04d%02d%02d", r.DateOfBirth.Year, r.DateOfBirth.Month, r.DateOfBirth.Day)
}

// NumberA is 照合番号A, which opens what only those may read who are told the
// Individual Number: its twelve digits.
func (r Record) NumberA() string { return string(r.Number) }

// NumberB is 照合番号B, 14 digits of what is printed on the front: date of birth YYMMDD
// with the year of the era, year of expiry, security code.
func (r Record) NumberB() string {
	return r.BirthKey() + r.Expires.In(jpki.JST).Format("2006") + r.SecurityCode()
}

// BirthKey is the date of birth YYMMDD with the year of its era, zeros for unknown
// parts.
func (r Record) BirthKey() string {
	return fmt.Sprintf("%02d%02d%02d", r.DateOfBirth.EraYear(), r.DateOfBirth.Month, r.DateOfBirth.Day)
}
