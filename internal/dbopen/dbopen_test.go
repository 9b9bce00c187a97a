package dbopen

import (
	"path/filepath"
	"testing"
)

type note struct {
	ID   int64 `gorm:"primaryKey"`
	Text string
}

func TestReadSeesWhatWasWrittenAndCannotWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a folder", "house%20.db")
	db, err := Open(path, &note{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Write.Create(&note{ID: 1, Text: "受付"}).Error; err != nil {
		t.Fatal(err)
	}
	var n note
	if err := db.Read.First(&n, 1).Error; err != nil || n.Text != "受付" {
		t.Fatalf("read %+v, %v", n, err)
	}
	if err := db.Read.Create(&note{ID: 2}).Error; err == nil {
		t.Fatal("the reader could write")
	}
	if err := db.Ping(); err != nil {
		t.Fatal(err)
	}
}
