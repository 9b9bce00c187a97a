package dbopen_test

import (
	"path/filepath"
	"testing"

	"example.jp/jpkimock/internal/dbopen"
	"example.jp/jpkimock/internal/webtest"
)

// paper is a row of an earlier version, form the same one now.
type (
	paper struct {
		ID    int64 `gorm:"primaryKey"`
		Of    int64 `gorm:"index;not null"`
		Paper string
	}
	form struct {
		ID       int64 `gorm:"primaryKey"`
		Of       int64 `gorm:"index;not null"`
		Document string
	}
)

func (form) Formerly() (string, map[string]string) {
	return "papers", map[string]string{"document": "paper"}
}

// TestADatabaseOfAnEarlierVersionKeepsItsRows under the names that tables and columns
// have now, also when it is opened again, and so does a new one.
func TestADatabaseOfAnEarlierVersionKeepsItsRows(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bank.db")
	before, err := dbopen.Open(path, &paper{})
	webtest.Must(t, err)
	webtest.Must(t, before.Write.Create(&paper{ID: 7, Of: 3, Paper: "変更届"}).Error)
	webtest.Must(t, before.Close())
	for range 2 {
		now, err := dbopen.Open(path, &form{})
		webtest.Must(t, err)
		var rows []form
		webtest.Must(t, now.Read.Find(&rows).Error)
		if len(rows) != 1 || rows[0] != (form{7, 3, "変更届"}) {
			t.Errorf("the rows are %+v", rows)
		}
		if m := now.Write.Migrator(); m.HasTable("papers") || m.HasIndex(&form{}, "idx_papers_of") || !m.HasIndex(&form{}, "idx_forms_of") {
			t.Error("the names of the earlier version are still there")
		}
		webtest.Must(t, now.Close())
	}
	fresh, err := dbopen.Open(filepath.Join(t.TempDir(), "new.db"), &form{})
	webtest.Must(t, err)
	webtest.Must(t, fresh.Write.Create(&form{ID: 1, Document: "x"}).Error)
	webtest.Must(t, fresh.Close())
}
