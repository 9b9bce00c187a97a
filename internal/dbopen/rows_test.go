package dbopen_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"example.jp/jpkimock/internal/dbopen"
)

type named struct {
	Name string `gorm:"primaryKey"`
	Note *string
	At   *time.Time
}

type noteText string

func TestRowsSpeakTheDomainsWords(t *testing.T) {
	db, err := dbopen.Open(filepath.Join(t.TempDir(), "rows.db"), &named{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	gone, there := errors.New("gone"), errors.New("there")
	at := time.Date(2026, 4, 1, 9, 0, 0, 0, time.FixedZone("JST", 9*60*60))
	runs := 0
	add := func(row named) error {
		return db.Transaction(t.Context(), func(tx *gorm.DB) error { runs++; return tx.Create(&row).Error })
	}
	if err := add(named{Name: "a", Note: dbopen.Optional(noteText("n")), At: dbopen.OptionalTime(at)}); err != nil || runs != 1 {
		t.Fatalf("%v after %d runs", err, runs)
	}
	if err := add(named{Name: "a"}); dbopen.Taken(err, there) != there || runs != 3 {
		t.Errorf("%v after %d runs: a value that was taken is looked at once more", err, runs)
	}
	var row named
	if err := db.Read.Take(&row, "name = ?", "a").Error; err != nil || dbopen.TextOf[noteText](row.Note) != "n" || !dbopen.TimeOf(row.At).Equal(at) || dbopen.TimeOf(row.At).Location() != time.UTC {
		t.Errorf("%+v, %v", row, err)
	}
	if err := db.Read.Take(&row, "name = ?", "b").Error; dbopen.Missing(err, gone) != gone {
		t.Error(err)
	}
	if err := dbopen.Changed(db.Write.Model(&named{}).Where("name = ?", "b").Update("note", "x"), gone); err != gone {
		t.Error(err)
	}
	if err := dbopen.Changed(db.Write.Model(&named{}).Where("name = ?", "a").Update("note", "x"), gone); err != nil {
		t.Error(err)
	}
	if dbopen.Optional("") != nil || dbopen.TextOf[string](nil) != "" || dbopen.OptionalTime(time.Time{}) != nil || !dbopen.TimeOf(nil).IsZero() {
		t.Error("nothing is not NULL")
	}
	if dbopen.Missing(nil, gone) != nil || dbopen.Taken(nil, there) != nil {
		t.Error("no error became one")
	}
	if got := dbopen.Each([]int{1, 2}, func(n int) string { return string(rune('a' + n)) }); len(got) != 2 || got[1] != "c" {
		t.Error(got)
	}
}

// What begins with a text is found by the indexes, whatever signs the text has.
func TestBegins(t *testing.T) {
	type personRow struct {
		ID         int64  `gorm:"primaryKey"`
		Name, Kana string `gorm:"index"`
	}
	d, err := dbopen.Open(filepath.Join(t.TempDir(), "people.db"), &personRow{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	for _, name := range []string{"青葉　花子", "青山　桜", "MARIA SANTOS", "100%", "1000", "a_b", "axb"} {
		if err := d.Write.Create(&personRow{Name: name, Kana: "カナ" + name}).Error; err != nil {
			t.Fatal(err)
		}
	}
	for text, want := range map[string]int{"": 7, "青": 2, "青葉": 1, "maria": 1, "MAR": 1, "100": 2, "100%": 1, "a_": 1, "カナ青": 2, "カナ": 7, "花": 0, "'": 0} {
		var found []personRow
		if err := dbopen.Begins(d.Read, text, "name", "kana").Find(&found).Error; err != nil || len(found) != want {
			t.Errorf("%q: %v, %v: want %d", text, found, err, want)
		}
	}
	var plan []struct{ Detail string }
	if err := d.Read.Raw("EXPLAIN QUERY PLAN SELECT * FROM person_rows WHERE (name >= 'x' AND name < 'y') OR (kana >= 'x' AND kana < 'y')").Scan(&plan).Error; err != nil || strings.Contains(fmt.Sprint(plan), "SCAN") {
		t.Errorf("it reads everybody: %v, %v", plan, err)
	}
}
