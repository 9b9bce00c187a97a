package db

import (
	"context"

	"gorm.io/gorm"

	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank"
)

// lineRow is a line of the list of customers, as Customers selects it.
type lineRow struct {
	Number   string
	Branch   string
	Name     string
	Standing standingColumns `gorm:"embedded"`
}

// Customers returns a page of the list of customers; q.Page is 1 or more.
func (s *Store) Customers(ctx context.Context, q bank.CustomerQuery) ([]bank.CustomerLine, int, error) {
	last, err := lastCoverage(s.db.Read.WithContext(ctx))
	if err != nil {
		return nil, 0, err
	}
	g := s.db.Read.WithContext(ctx).Table("accounts").Joins("JOIN customers ON customers.id = accounts.customer_id")
	if q.Account != "" {
		g = g.Where("accounts.number = ?", string(q.Account))
	}
	switch {
	case q.Withheld:
		g = g.Where("customers.consent_withdrawn_at IS NOT NULL")
	case q.State == rp.Unchanged:
		g = g.Where("customers.consent_withdrawn_at IS NULL AND (customers.state = ? OR "+covered+")", string(q.State), last.ID)
	case q.State != "":
		g = g.Where("customers.consent_withdrawn_at IS NULL AND customers.state = ?", string(q.State))
	}
	var n int64
	if err := g.Session(&gorm.Session{}).Count(&n).Error; err != nil {
		return nil, 0, err
	}
	var rows []lineRow
	err = g.Select("accounts.number, accounts.branch, customers.*").
		Order("accounts.number").Limit(bank.PerPage).Offset((q.Page - 1) * bank.PerPage).Find(&rows).Error
	lines := make([]bank.CustomerLine, len(rows))
	for i, r := range rows {
		branch, _ := bank.BranchByCode(r.Branch)
		lines[i] = bank.CustomerLine{
			Account: bank.AccountNumber(r.Number), Branch: branch, Name: r.Name,
			Withheld: r.Standing.ConsentWithdrawnAt != nil, Standing: r.Standing.standing(last),
		}
	}
	return lines, int(n), err
}

// importAtOnce is how many rows one INSERT has.
const importAtOnce = 500

// Import adds customers who signed no application.
func (s *Store) Import(ctx context.Context, branch bank.Branch, customers []bank.Customer) error {
	rows := make([]customerRow, len(customers))
	for i, c := range customers {
		rows[i] = customerToRow(c)
		rows[i].ID = 0
	}
	return s.db.Transaction(ctx, func(tx *gorm.DB) error {
		next, err := nextReport(tx)
		if err != nil {
			return err
		}
		for i := range rows {
			rows[i].Standing.FirstReport = next
		}
		if err := tx.CreateInBatches(&rows, importAtOnce).Error; err != nil {
			return err
		}
		accounts := make([]accountRow, len(rows))
		for i, r := range rows {
			number, err := accountNumberOf(r.ID)
			if err != nil {
				return err
			}
			accounts[i] = accountRow{Number: number, Branch: branch.Code, CustomerID: r.ID, OpenedAt: r.Since}
		}
		return tx.CreateInBatches(&accounts, importAtOnce).Error
	})
}
