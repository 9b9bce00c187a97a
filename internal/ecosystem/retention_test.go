package ecosystem

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"example.jp/jpkimock/internal/dbopen"
)

// Every table of every house has its bound or its retention written down, and
// nothing is written down that is not there.
func TestEveryTableHasABoundWrittenDown(t *testing.T) {
	t.Parallel()
	alone(t)
	e := town(t, Config{SweepEvery: -1, Seed: "none"})
	text, err := os.ReadFile("../../docs/decisions/0018-what-tables-keep.md")
	if err != nil {
		t.Fatal(err)
	}
	name := regexp.MustCompile("`([a-z_]+)`")
	written := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(line, "|")
		if len(cells) != 5 {
			continue
		}
		for _, m := range name.FindAllStringSubmatch(cells[2], -1) {
			written[strings.TrimSpace(cells[1])+" "+m[1]] = true
		}
	}
	found := map[string]bool{"all town": true, "all probes": true}
	for _, h := range Houses() {
		for _, database := range h.databases() {
			db, err := dbopen.Open(e.database(database))
			if err != nil {
				t.Fatal(err)
			}
			var tables []string
			err = db.Read.Raw("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'").Scan(&tables).Error
			if err != nil || len(tables) == 0 || db.Close() != nil {
				t.Fatalf("%s has the tables %v, %v", database, tables, err)
			}
			for _, table := range tables {
				found[h.Name+" "+table] = true
				if !written[h.Name+" "+table] && !written["all "+table] {
					t.Errorf("%s: no bound of %s is written down", database, table)
				}
			}
		}
	}
	for table := range written {
		if !found[table] {
			t.Errorf("%s is written down, and is not there", table)
		}
	}
}
