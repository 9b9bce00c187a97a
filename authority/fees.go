package authority

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
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

// String gives "signature-verification" or "current-status".
func (p Purpose) String() string {
	switch p {
	case SignatureVerification:
		return "signature-verification"
	case CurrentStatus:
		return "current-status"
	}
	return "unknown-purpose"
}

// ParsePurpose reads the form that String gives; empty text is
// SignatureVerification.
func ParsePurpose(s string) (Purpose, error) {
	switch s {
	case "", SignatureVerification.String():
		return SignatureVerification, nil
	case CurrentStatus.String():
		return CurrentStatus, nil
	}
	return 0, &InvalidError{"purpose", "want signature-verification or current-status"}
}

// MarshalText writes the form that String gives.
func (p Purpose) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// firstTariff is the tariff of the seed: 20 yen and 2 yen, waived from 2023.
func firstTariff() []TariffRow {
	return []TariffRow{
		{"2016-01-01", jpki.DigitalSignature, 20}, {"2016-01-01", jpki.UserAuthentication, 2},
		{"2023-01-01", jpki.DigitalSignature, 0}, {"2023-01-01", jpki.UserAuthentication, 0},
	}
}

// keptTariff is where the tariff lies in the store, as JSON.
const keptTariff = "tariff"

// Bounds of the tariff.
const (
	maxTariffRows = 200
	maxYen        = 1_000_000
)

// Tariff gives the prices, by day and kind.
func (a *Authority) Tariff(ctx context.Context) ([]TariffRow, error) {
	kept, err := a.store.Kept(ctx, keptTariff)
	if errors.Is(err, ErrNotKept) {
		return firstTariff(), nil
	}
	if err != nil {
		return nil, err
	}
	var rows []TariffRow
	return rows, json.Unmarshal(kept, &rows)
}

// SetTariff replaces the tariff. A day before the first row is free of charge.
// Prices of months that are over cannot change any more: their statements are
// bills.
func (a *Authority) SetTariff(ctx context.Context, rows []TariffRow, by By) ([]TariffRow, error) {
	return a.changeTariff(ctx, by, func([]TariffRow) []TariffRow { return slices.Clone(rows) })
}

// SetPrice puts one price into the tariff, in place of one of the same day and
// kind.
func (a *Authority) SetPrice(ctx context.Context, row TariffRow, by By) ([]TariffRow, error) {
	return a.changeTariff(ctx, by, func(rows []TariffRow) []TariffRow {
		return append(slices.DeleteFunc(rows, func(r TariffRow) bool { return r.From == row.From && r.Kind == row.Kind }), row)
	})
}

// changeTariff reads, checks and writes the tariff in one.
func (a *Authority) changeTariff(ctx context.Context, by By, change func([]TariffRow) []TariffRow) ([]TariffRow, error) {
	if err := by.check(); err != nil {
		return nil, err
	}
	a.changing.Lock()
	defer a.changing.Unlock()
	old, err := a.Tariff(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := orderedTariff(change(slices.Clone(old)))
	if err != nil {
		return nil, err
	}
	if !samePrices(old, rows, a.now().In(jpki.JST).Format("2006-01")+"-01") {
		return nil, &InvalidError{"from.past", "the prices of months that are over cannot change"}
	}
	body, err := json.Marshal(rows)
	if err != nil {
		return nil, err
	}
	audit := Audit{At: a.second(), Subject: keptTariff, Act: "changed", Officer: by.Officer, Why: by.Why}
	return rows, a.store.Commit(ctx, Change{Kept: map[string][]byte{keptTariff: body}, Audits: []Audit{audit}})
}

// samePrices reports whether two tariffs, in order, have the same prices on
// every day before one.
func samePrices(a, b []TariffRow, before string) bool {
	for _, r := range slices.Concat(a, b) {
		if r.From < before && price(a, r.Kind, r.From) != price(b, r.Kind, r.From) {
			return false
		}
	}
	return true
}

// orderedTariff checks rows and puts them in order, by day and kind.
func orderedTariff(rows []TariffRow) ([]TariffRow, error) {
	if len(rows) == 0 || len(rows) > maxTariffRows {
		return nil, &InvalidError{"tariff", "want 1 to 200 rows"}
	}
	slices.SortFunc(rows, func(a, b TariffRow) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.Kind, b.Kind))
	})
	for i, r := range rows {
		_, err := time.Parse(time.DateOnly, r.From)
		switch {
		case err != nil:
			return nil, &InvalidError{"from", "want a day, YYYY-MM-DD"}
		case !r.Kind.Valid():
			return nil, &InvalidError{"kind", "an unknown kind"}
		case r.Yen < 0 || r.Yen > maxYen:
			return nil, &InvalidError{"yen", "want 0 to 1000000"}
		case i > 0 && r.From == rows[i-1].From && r.Kind == rows[i-1].Kind:
			return nil, &InvalidError{"from", "two prices of one kind from the same day"}
		}
	}
	return rows, nil
}

// price gives what one answer costs on a day. The rows are in order.
func price(tariff []TariffRow, kind jpki.Kind, day string) int64 {
	var yen int64
	for _, r := range tariff {
		if r.Kind == kind && r.From <= day {
			yen = r.Yen
		}
	}
	return yen
}

// Statement gives a verifier's bill for a month, "2026-04". Every answer given
// before the call is in it.
func (a *Authority) Statement(ctx context.Context, verifierID, month string) (Statement, error) {
	v, ok := a.register.byID(verifierID)
	if !ok {
		return Statement{}, ErrNoVerifier
	}
	all, err := a.statements(ctx, []Verifier{v}, verifierID, month)
	if err != nil {
		return Statement{}, err
	}
	return all[0], nil
}

// Statements gives the bills of every registered verifier for a month, by ID.
func (a *Authority) Statements(ctx context.Context, month string) ([]Statement, error) {
	return a.statements(ctx, a.register.all(), "", month)
}

func (a *Authority) statements(ctx context.Context, verifiers []Verifier, verifierID, month string) ([]Statement, error) {
	if _, err := time.Parse("2006-01", month); err != nil {
		return nil, &InvalidError{"month", "want a month, YYYY-MM"}
	}
	if err := a.FlushFees(ctx); err != nil {
		return nil, err
	}
	tariff, err := a.Tariff(ctx)
	if err != nil {
		return nil, err
	}
	counts, err := a.store.Fees(ctx, verifierID, month+"-01", month+"-31")
	if err != nil {
		return nil, err
	}
	out := make([]Statement, 0, len(verifiers))
	for _, v := range verifiers {
		s := Statement{VerifierID: v.ID, Name: v.Name, Month: month, Lines: []StatementLine{}, Made: a.second()}
		for _, c := range counts {
			if c.VerifierID == v.ID {
				line := StatementLine{FeeCount: c, Yen: price(tariff, c.Kind, c.Day)}
				line.Amount = line.N * line.Yen
				s.Lines, s.Count, s.Amount = append(s.Lines, line), s.Count+line.N, s.Amount+line.Amount
			}
		}
		out = append(out, s)
	}
	return out, nil
}

// FlushFees writes what the ledger has counted. It is done twice a second
// anyway.
func (a *Authority) FlushFees(ctx context.Context) error { return a.ledger.flush(ctx) }
