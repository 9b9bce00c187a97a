package accreditation

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/shown"
)

// Purpose is what revocation information is asked for; the ledger keeps them
// apart.
type Purpose int

// The purposes.
const (
	SignatureVerification Purpose = iota + 1 // 署名検証, and 利用者証明の検証
	CurrentStatus                            // 現況確認
	LatestData                               // 最新の利用者情報の提供: no revocation information, on the same bill
)

// latestDataYen is what a record of the latest four data costs (2023-05-16, 20 yen). The
// tariff, and the waiver of 2023, are about revocation information.
const latestDataYen = 20

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

// String gives "signature-verification", "current-status" or "latest-data".
func (p Purpose) String() string {
	switch p {
	case SignatureVerification:
		return "signature-verification"
	case CurrentStatus:
		return "current-status"
	case LatestData:
		return "latest-data"
	}
	return "unknown-purpose"
}

// ParsePurpose reads the purpose of an inquiry, in the form that String gives; empty text is
// SignatureVerification. LatestData is none.
func ParsePurpose(s string) (Purpose, error) {
	switch s {
	case "", SignatureVerification.String():
		return SignatureVerification, nil
	case CurrentStatus.String():
		return CurrentStatus, nil
	}
	return 0, desk.Invalid("purpose", "must be signature-verification or current-status")
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

// Of2014 are the prices in the material of 2014: 20 yen for an answer about a
// signature certificate, 2 yen for one about an authentication certificate.
func Of2014() []TariffRow {
	return []TariffRow{{"0001-01-01", jpki.DigitalSignature, 20}, {"0001-01-01", jpki.UserAuthentication, 2}}
}

// subjectTariff is what the log calls the tariff.
const subjectTariff = "tariff"

// Bounds of the tariff.
const (
	maxTariffRows = 200
	maxYen        = 1_000_000
)

// Tariff gives the prices, by day and kind.
func (m *Ministry) Tariff(ctx context.Context) ([]TariffRow, error) {
	rows, err := m.store.Tariff(ctx)
	if err == nil && rows == nil {
		rows = firstTariff()
	}
	return rows, err
}

// TariffVersion names a tariff.
func TariffVersion(rows []TariffRow) shown.Version {
	return shown.Of(fmt.Sprint(rows))
}

// SetTariff replaces the tariff. A day before the first row is free of charge.
// Prices of months that are over can no longer change: their statements are
// bills.
func (m *Ministry) SetTariff(ctx context.Context, rows []TariffRow, by desk.By) ([]TariffRow, error) {
	return m.changeTariff(ctx, by, func([]TariffRow) []TariffRow { return slices.Clone(rows) })
}

// SetPrice puts one price into the tariff, in place of one of the same day and
// kind.
func (m *Ministry) SetPrice(ctx context.Context, row TariffRow, by desk.By) ([]TariffRow, error) {
	return m.changeTariff(ctx, by, func(rows []TariffRow) []TariffRow {
		return append(slices.DeleteFunc(rows, func(r TariffRow) bool { return r.From == row.From && r.Kind == row.Kind }), row)
	})
}

// changeTariff reads, checks and writes the tariff in one.
func (m *Ministry) changeTariff(ctx context.Context, by desk.By, change func([]TariffRow) []TariffRow) ([]TariffRow, error) {
	if err := by.Check(); err != nil {
		return nil, err
	}
	m.changing.Lock()
	defer m.changing.Unlock()
	old, err := m.Tariff(ctx)
	if err != nil {
		return nil, err
	}
	if err := by.Seen.Still(TariffVersion(old)); err != nil {
		return nil, err
	}
	rows, err := orderedTariff(change(slices.Clone(old)))
	if err != nil {
		return nil, err
	}
	if !samePrices(old, rows, m.now().In(jpki.JST).Format("2006-01")+"-01") {
		return nil, desk.Invalid("from.past", "is in a past month, whose prices cannot change")
	}
	return rows, m.store.CommitAccreditation(ctx, Change{Tariff: rows, Audits: []Audit{audit(m.second(), subjectTariff, "changed", by)}})
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
		return nil, desk.Invalid("tariff", "must have 1 to 200 rows")
	}
	slices.SortFunc(rows, func(a, b TariffRow) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.Kind, b.Kind))
	})
	for i, r := range rows {
		_, err := time.Parse(time.DateOnly, r.From)
		switch {
		case err != nil:
			return nil, desk.Invalid("from", "must be a day, YYYY-MM-DD")
		case !r.Kind.Valid():
			return nil, desk.Invalid("kind", "is unknown")
		case r.Yen < 0 || r.Yen > maxYen:
			return nil, desk.Invalid("yen", "must be 0 to 1000000")
		case i > 0 && r.From == rows[i-1].From && r.Kind == rows[i-1].Kind:
			return nil, desk.Invalid("from", "has two prices of one kind from the same day")
		}
	}
	return rows, nil
}

// Prices gives what one answer costs by a tariff at a time, by kind.
func Prices(tariff []TariffRow, at time.Time) map[jpki.Kind]int64 {
	prices := map[jpki.Kind]int64{}
	for _, kind := range jpki.Kinds() {
		prices[kind] = price(tariff, kind, at.In(jpki.JST).Format(time.DateOnly))
	}
	return prices
}

// price gives what one of a count's answers costs.
func (c FeeCount) price(tariff []TariffRow) int64 {
	if c.Purpose == LatestData {
		return latestDataYen
	}
	return price(tariff, c.Kind, c.Day)
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
func (m *Ministry) Statement(ctx context.Context, verifierID, month string) (Statement, error) {
	v, ok := m.list.byID(verifierID)
	if !ok {
		return Statement{}, ErrNoVerifier
	}
	all, err := m.statements(ctx, []Verifier{v}, verifierID, month, nil)
	if err != nil {
		return Statement{}, err
	}
	return all[0], nil
}

// ParseMonth reads a month of a statement, YYYY-MM, as the midnight by Japanese civil
// time at which it begins. It returns false for any other text, and for a month
// outside the 199 years from 2001.
func ParseMonth(s string) (time.Time, bool) {
	m, err := time.ParseInLocation("2006-01", s, jpki.JST)
	return m, err == nil && m.Year() > 2000 && m.Year() < 2200
}

// Statements gives the bills of every registered verifier for a month, by ID.
func (m *Ministry) Statements(ctx context.Context, month string) ([]Statement, error) {
	return m.statements(ctx, m.list.all(), "", month, nil)
}

// Estimates gives what the bills of a month would be by another tariff.
func (m *Ministry) Estimates(ctx context.Context, month string, tariff []TariffRow) ([]Statement, error) {
	return m.statements(ctx, m.list.all(), "", month, tariff)
}

// statements gives bills by a tariff, nil for the one in force.
func (m *Ministry) statements(ctx context.Context, verifiers []Verifier, verifierID, month string, tariff []TariffRow) ([]Statement, error) {
	if _, ok := ParseMonth(month); !ok {
		return nil, desk.Invalid("month", "must be a month, YYYY-MM, from 2001-01 to 2199-12")
	}
	if err := m.FlushFees(ctx); err != nil {
		return nil, err
	}
	if tariff == nil {
		var err error
		if tariff, err = m.Tariff(ctx); err != nil {
			return nil, err
		}
	}
	counts, err := m.store.Fees(ctx, verifierID, month+"-01", month+"-31")
	if err != nil {
		return nil, err
	}
	out := make([]Statement, 0, len(verifiers))
	for _, v := range verifiers {
		s := Statement{VerifierID: v.ID, Name: v.Name, Month: month, Lines: []StatementLine{}, Made: m.second()}
		for _, c := range counts {
			if c.VerifierID == v.ID {
				line := StatementLine{FeeCount: c, Yen: c.price(tariff)}
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
func (m *Ministry) FlushFees(ctx context.Context) error { return m.ledger.flush(ctx) }
