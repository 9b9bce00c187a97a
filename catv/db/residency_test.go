package db_test

import (
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/catv/booking"
	"example.jp/jpkimock/catv/db"
	"example.jp/jpkimock/catv/internal/papers"
	"example.jp/jpkimock/rp"
)

var noon = time.Date(2026, time.April, 1, 12, 0, 0, 0, jpki.JST)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T, address string) *db.Store {
	t.Helper()
	s, err := db.Open(address)
	must(t, err)
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// viewer is a viewer of the first household.
func viewer(t *testing.T, s *db.Store) catv.ViewerID {
	t.Helper()
	must(t, s.AddContract(t.Context(), papers.Contracts()[0]))
	place, err := s.TryCode(t.Context(), "100101", "110011", noon)
	must(t, err)
	v, err := s.AddViewer(t.Context(), catv.Viewer{Contract: "100101", Place: place.ID, Nickname: "はな", Serial: "0A000001"})
	must(t, err)
	return v.ID
}

func proof(of catv.ViewerID, number string, at time.Time) booking.Residency {
	return booking.Residency{
		Viewer: of, Serial: "07000001", ProvenAt: at, ConfirmedAt: at, Expires: at.AddDate(5, 0, 0),
		Application: rp.SignedDocument{
			Document: rp.Document{Number: number, WrittenAt: at, Name: "a.txt", Content: "申請"}, CMS: []byte("cms"),
			Certificate: []byte("certificate"), Record: rp.Record{Verb: rp.VerbVerifySignature, Kind: jpki.DigitalSignature},
		},
	}
}

func TestAWithdrawalIsOnTheDiskAndNoConfirmationUndoesIt(t *testing.T) {
	address := filepath.Join(t.TempDir(), "catv.db")
	s := open(t, address)
	id := viewer(t, s)
	must(t, s.PutResidency(t.Context(), proof(id, "MT-1", noon)))
	if err := s.PutResidency(t.Context(), proof(id, "MT-1", noon)); !errors.Is(err, booking.ErrUsed) {
		t.Errorf("an application twice: %v", err)
	}
	must(t, s.WithdrawResidency(t.Context(), id, noon.Add(time.Hour)))
	if err := s.WithdrawResidency(t.Context(), id, noon.Add(2*time.Hour)); !errors.Is(err, booking.ErrNoResidency) {
		t.Errorf("again: %v", err)
	}
	// The answers of a sweep that had asked before arrive late.
	must(t, s.ConfirmResidency(t.Context(), id, "07000001", booking.Lapse{}, noon.Add(3*time.Hour)))
	must(t, s.ConfirmResidency(t.Context(), id, "07000001", booking.Lapse{Why: booking.LapsedByChange, At: noon}, noon.Add(3*time.Hour)))
	must(t, s.WatchResidency(t.Context(), id, "07000001", "07000002"))
	must(t, s.Close())

	s = open(t, address)
	r, err := s.Residency(t.Context(), id)
	must(t, err)
	if r.Lapse.Why != booking.Withdrawn || !r.Lapse.At.Equal(noon.Add(time.Hour)) || !r.ConfirmedAt.Equal(noon) || r.Serial != "07000001" {
		t.Errorf("%+v", r)
	}
	if standing, err := s.StandingResidencies(t.Context(), noon.AddDate(1, 0, 0)); err != nil || len(standing) != 0 {
		t.Errorf("%d are asked about, %v", len(standing), err)
	}
}

func TestEachProofIsKeptAndOneIsThePresent(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "catv.db"))
	id := viewer(t, s)
	must(t, s.PutResidency(t.Context(), proof(id, "MT-1", noon)))
	must(t, s.WithdrawResidency(t.Context(), id, noon.Add(time.Hour)))
	must(t, s.PutResidency(t.Context(), proof(id, "MT-2", noon.Add(2*time.Hour))))
	all, err := s.Residencies(t.Context(), id)
	must(t, err)
	if len(all) != 2 || all[0].Application.Document.Number != "MT-2" || !all[0].Stands() || all[1].Lapse.Why != booking.Withdrawn ||
		!all[1].ReplacedAt.Equal(noon.Add(2*time.Hour)) || string(all[1].Application.CMS) != "cms" {
		t.Errorf("%+v", all)
	}
	standing, err := s.StandingResidencies(t.Context(), noon.AddDate(0, 0, 1))
	must(t, err)
	if len(standing) != 1 || standing[0].Application.Document.Number != "MT-2" {
		t.Errorf("%+v", standing)
	}
	if err := s.PutResidency(t.Context(), proof(99, "MT-3", noon)); !errors.Is(err, catv.ErrNoViewer) {
		t.Errorf("of nobody: %v", err)
	}
	must(t, s.RemoveViewer(t.Context(), id, "999999", noon.Add(3*time.Hour)))
	if all, err := s.Residencies(t.Context(), id); err != nil || len(all) != 0 {
		t.Errorf("%d are left of who has left, %v", len(all), err)
	}
}

// Proofs and withdrawals at once leave one present proof, and every one of them
// is there.
func TestProofsAndWithdrawalsAtOnce(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "catv.db"))
	id := viewer(t, s)
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			if err := s.PutResidency(t.Context(), proof(id, string(rune('a'+i)), noon)); err != nil {
				t.Error(err)
			}
		})
		wg.Go(func() {
			if err := s.WithdrawResidency(t.Context(), id, noon); err != nil && !errors.Is(err, booking.ErrNoResidency) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	all, err := s.Residencies(t.Context(), id)
	must(t, err)
	present := 0
	for _, r := range all {
		if r.ReplacedAt.IsZero() {
			present++
		}
	}
	if len(all) != 20 || present != 1 {
		t.Errorf("%d proofs, %d of them present", len(all), present)
	}
}
