package db

import (
	"path/filepath"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank"
)

// TestNothingIsWrittenOfWhoIsUnchanged: a report alone says so.
func TestNothingIsWrittenOfWhoIsUnchanged(t *testing.T) {
	s, err := Open(filepath.Join(t.TempDir(), "bank.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	at := time.Date(2026, 4, 1, 3, 0, 0, 0, time.UTC)
	people := []bank.Customer{
		{BasicFour: jpki.NewBasicFour("見本　花子", jpki.DateOfBirthOn(1980, 2, 17), jpki.Female, "青葉県"), Serial: "0705D991", Since: at, Consent: bank.Consent{GivenAt: at}},
		{BasicFour: jpki.NewBasicFour("見本　太郎", jpki.DateOfBirthOn(1975, 11, 3), jpki.Male, "青葉県"), Serial: "0705D992", Since: at, Consent: bank.Consent{GivenAt: at}},
	}
	if err := s.Import(t.Context(), bank.Branches()[0], people); err != nil {
		t.Fatal(err)
	}
	rows := func() (all []customerRow) {
		t.Helper()
		if err := s.db.Read.Order("id").Find(&all).Error; err != nil {
			t.Fatal(err)
		}
		return all
	}
	before := rows()
	r, err := s.BeginReport(t.Context(), bank.Report{At: at})
	if err != nil {
		t.Fatal(err)
	}
	r.Finished = at
	if r, err = s.FinishReport(t.Context(), r); err != nil || r.Tally != (bank.Tally{Customers: 2, Unchanged: 2}) {
		t.Errorf("report %+v, %v", r, err)
	}
	for i, row := range rows() {
		if row.Standing != before[i].Standing {
			t.Errorf("wrote %+v over %+v", row.Standing, before[i].Standing)
		}
		last, err := lastCoverage(s.db.Read)
		if want := (bank.Standing{State: rp.Unchanged, ConfirmedAt: at}); err != nil || row.Standing.standing(last) != want {
			t.Errorf("%v: standing %+v: want %+v", err, row.Standing.standing(last), want)
		}
	}
}

// TestWatchedGoesOnFromBatchToBatch: everybody is read once, in order.
func TestWatchedGoesOnFromBatchToBatch(t *testing.T) {
	s, err := Open(filepath.Join(t.TempDir(), "bank.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	const n = 2*watchedAtOnce + 1
	rows := make([]customerRow, n)
	for i := range rows {
		rows[i] = customerRow{Person: string(rune('一'+i)) + "人", Serial: string(rune('一' + i))}
		rows[i].Standing.Final = i%2 == 1
	}
	if err := s.db.Write.CreateInBatches(&rows, importAtOnce).Error; err != nil {
		t.Fatal(err)
	}
	last, seen := bank.CustomerID(0), 0
	for w, err := range s.Watched(t.Context()) {
		if err != nil || w.Customer <= last || (w.Customer-1)%2 != 0 {
			t.Fatalf("%+v after %d, %v", w, last, err)
		}
		last, seen = w.Customer, seen+1
	}
	if seen != watchedAtOnce+1 {
		t.Errorf("read %d", seen)
	}
}
