package crowd_test

import (
	"path/filepath"
	"testing"
	"time"

	"example.jp/jpkimock/internal/crowd"
	"example.jp/jpkimock/medical/db"
)

// Each of the insured is found by the certificate and by the numbers, and no two are one.
func TestAMillionInsuredAreEachOne(t *testing.T) {
	dir, now := t.TempDir(), time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)
	insurerAt, platformAt := filepath.Join(dir, "kenpo.db"), filepath.Join(dir, "platform.db")
	const n = 4_100 // more than one batch
	if err := crowd.PlantInsured(t.Context(), insurerAt, platformAt, n, now); err != nil {
		t.Fatal(err)
	}
	register, err := db.OpenInsurer(insurerAt)
	if err != nil {
		t.Fatal(err)
	}
	defer register.Close()
	platform, err := db.OpenPlatform(platformAt)
	if err != nil {
		t.Fatal(err)
	}
	defer platform.Close()
	seen := map[int64]bool{}
	for _, i := range []int{0, 1, 499, 500, 3_999, 4_000, n - 1} {
		serial := crowd.InsuredSerial(i)
		p, err := register.ByCertificate(t.Context(), serial)
		if err != nil || seen[p.ID] {
			t.Fatalf("%d: %+v, %v", i, p, err)
		}
		seen[p.ID] = true
		if m, err := p.Member.Check(); err != nil || m != p.Member {
			t.Errorf("%d: the numbers %+v: %v", i, p.Member, err)
		}
		if q, err := register.ByMember(t.Context(), p.Member); err != nil || q.ID != p.ID {
			t.Errorf("%d: by the numbers %+v, %v", i, q, err)
		}
		if to, err := platform.Routes(t.Context(), serial); err != nil || len(to) != 1 || to[0] != crowd.Insurer {
			t.Errorf("%d: the platform asks %v, %v", i, to, err)
		}
	}
	if _, err := register.ByCertificate(t.Context(), crowd.InsuredSerial(n)); err == nil {
		t.Error("there is one more")
	}
}
