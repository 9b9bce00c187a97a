package db

import (
	"context"

	"example.jp/jpkimock/rp/bank"
)

// AddHistory adds an entry to a customer's history.
func (s *Store) AddHistory(ctx context.Context, p bank.HistoryEntry) error {
	row, err := historyToRow(p)
	if err != nil {
		return err
	}
	return s.db.Write.WithContext(ctx).Create(&row).Error
}

// History returns a customer's history, newest first.
func (s *Store) History(ctx context.Context, id bank.CustomerID) ([]bank.HistoryEntry, error) {
	var rows []historyRow
	if err := s.db.Read.WithContext(ctx).Where("customer_id = ?", int64(id)).Order("id DESC").Find(&rows).Error; err != nil {
		return nil, err
	}
	history := make([]bank.HistoryEntry, 0, len(rows))
	for _, r := range rows {
		p, err := r.entry()
		if err != nil {
			return nil, err
		}
		history = append(history, p)
	}
	return history, nil
}
