package authority

import (
	"context"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// Purpose is what revocation information is asked for; the ledger keeps them
// apart.
type Purpose int

// The purposes.
const (
	SignatureVerification Purpose = iota + 1 // 署名検証, and 利用者証明の検証
	CurrentStatus                            // 現況確認
)

// TariffRow is a price from a day on, in yen for one answer.
type TariffRow struct {
	From string    `json:"from"` // YYYY-MM-DD, Japanese civil time
	Kind jpki.Kind `json:"kind"`
	Yen  int64     `json:"yen"`
}

// FeeCount is how many answers a verifier was given on a day.
type FeeCount struct {
	VerifierID string    `json:"verifier"`
	Kind       jpki.Kind `json:"kind"`
	Purpose    Purpose   `json:"purpose"`
	Day        string    `json:"day"` // YYYY-MM-DD, Japanese civil time
	N          int64     `json:"count"`
}

// StatementLine is one line of a statement.
type StatementLine struct {
	FeeCount
	Yen    int64 `json:"yen"`    // for one
	Amount int64 `json:"amount"` // yen
}

// Statement is a verifier's bill for a month (失効情報提供手数料の明細).
type Statement struct {
	VerifierID string          `json:"verifier"`
	Name       string          `json:"name"`
	Month      string          `json:"month"` // YYYY-MM
	Lines      []StatementLine `json:"lines"` // by day, kind, purpose
	Count      int64           `json:"count"`
	Amount     int64           `json:"amount"`
	Made       time.Time       `json:"made"`
}

// Statement gives a verifier's bill for a month, "2026-04". Every answer given
// before the call is in it.
func (a *Authority) Statement(ctx context.Context, verifierID, month string) (Statement, error) {
	return Statement{}, errNotYet
}

// Statements gives the bills of every registered verifier for a month, by ID.
func (a *Authority) Statements(ctx context.Context, month string) ([]Statement, error) {
	return nil, errNotYet
}

// Tariff gives the prices, by day and kind.
func (a *Authority) Tariff(ctx context.Context) ([]TariffRow, error) { return nil, errNotYet }

// SetTariff replaces the tariff.
func (a *Authority) SetTariff(ctx context.Context, rows []TariffRow, by By) ([]TariffRow, error) {
	return nil, errNotYet
}

// FlushFees writes what the ledger has counted. It is done twice a second
// anyway.
func (a *Authority) FlushFees(ctx context.Context) error { return errNotYet }
