package db

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"example.jp/jpkimock/rp/platform"
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

// TestAMovedClockForgetsNoAssertion: one that was used is known when the clock has
// been moved on, so that it expired, and back, so that it is valid again. After a
// day of this machine's clock it is forgotten.
func TestAMovedClockForgetsNoAssertion(t *testing.T) {
	s, err := Open(filepath.Join(t.TempDir(), "platform.db"))
	must(t, err)
	t.Cleanup(func() { _ = s.Close() })
	now := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	use := func() error { return s.UseAssertion(t.Context(), "RP00000001", "jti", now.Add(time.Minute), now) }
	must(t, use())
	must(t, s.Sweep(t.Context(), now.AddDate(5, 0, 0)))
	if err := use(); !errors.Is(err, platform.ErrAssertionUsed) {
		t.Errorf("after five years and back: %v", err)
	}
	must(t, s.db.Write.Model(&assertionRow{}).Where("jti = ?", "jti").Update("used_at", s.db.Write.NowFunc().Add(-assertionKept-time.Second)).Error)
	must(t, s.Sweep(t.Context(), now)) // it has not expired
	if err := use(); !errors.Is(err, platform.ErrAssertionUsed) {
		t.Errorf("before it expires: %v", err)
	}
	must(t, s.Sweep(t.Context(), now.AddDate(5, 0, 0)))
	var n int64
	if err := s.db.Read.Model(&assertionRow{}).Count(&n).Error; err != nil || n != 0 {
		t.Errorf("%d are kept for ever, %v", n, err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
