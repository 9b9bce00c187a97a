package db

import (
	"path/filepath"
	"strings"
	"testing"

	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// A withdrawal waits for a grant that stands on the consent, or the grant finds it
// withdrawn: where rows have locks, the consent's is taken as it is read.
func TestAGrantTakesTheLockOfItsConsent(t *testing.T) {
	lite, err := Open(filepath.Join(t.TempDir(), "platform.db"))
	must(t, err)
	t.Cleanup(func() { _ = lite.Close() })
	// Nothing listens there, and nothing is asked: the statements are made only.
	pg, err := gorm.Open(postgres.Open("postgres://nobody@127.0.0.1:1/nothing"), &gorm.Config{
		DryRun: true, DisableAutomaticPing: true, SkipDefaultTransaction: true, Logger: logger.Discard,
	})
	must(t, err)
	for g, locks := range map[*gorm.DB]bool{pg: true, lite.db.Write: false} {
		var said string
		must(t, g.Callback().Query().After("gorm:query").Register("said", func(tx *gorm.DB) { said = tx.Statement.SQL.String() }))
		_, err := consentHeld(g, "holder", "RP00000001")
		must(t, err)
		if !strings.Contains(said, "consents") || strings.Contains(said, "FOR UPDATE") != locks {
			t.Errorf("%s: %s", g.Name(), said)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
