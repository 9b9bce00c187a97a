package db_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/ca"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/memory"
	"example.jp/jpkimock/authority/register"
)

// bothStores runs a test over the store on disk and the one in memory.
func bothStores(t *testing.T, test func(*testing.T, authority.Store)) {
	t.Run("db", func(t *testing.T) { test(t, open(t, filepath.Join(t.TempDir(), "authority.db"))) })
	t.Run("memory", func(t *testing.T) { test(t, memory.New()) })
}

func same[T any](t *testing.T, what string, got T, err error, want T) {
	t.Helper()
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%s, %v:\n got %+v\nwant %+v", what, err, got, want)
	}
}

var noon = time.Date(2026, 4, 1, 3, 0, 0, 0, time.UTC)

func TestWhatTheOfficesKeepComesBack(t *testing.T) {
	bothStores(t, func(t *testing.T, s authority.Store) {
		ctx := context.Background()
		moved := authoritytest.Hanako()
		moved.RegisterName, moved.FormerSurname, moved.Standing, moved.StandingSince = "𠮷本　花子", "手本", register.StandingMovedOut, noon
		former := register.FormerEntry{Until: noon, Cause: register.MoveOut, Officer: "窓口", Why: "転出", Resident: authoritytest.Hanako()}
		first := register.Card{ID: "z", ResidentID: "hanako", IssuedAt: noon, Expires: noon.AddDate(10, 0, 0), State: register.CardReplaced, Since: noon.Add(time.Hour)}
		second := register.Card{ID: "a", ResidentID: "hanako", IssuedAt: noon.Add(time.Hour), Expires: noon.AddDate(10, 0, 0)}
		app := accreditation.Application{ID: "application-000001", Name: "診療所", Contact: "受付", Use: "資格確認", Kinds: jpki.Kinds(), State: accreditation.ApplicationOpen, At: noon}
		decided := app
		decided.State, decided.Decided, decided.Verifier = accreditation.ApplicationApproved, noon.Add(time.Hour), "clinic"
		later := app
		later.ID = "application-000002"
		audit := accreditation.Audit{At: noon, Subject: "clinic", Act: "accredited", Officer: "認定", Why: "審査済み"}
		line := register.Event{At: noon, Act: "move-out", ResidentID: "hanako", Officer: "窓口", Why: "転出", Cause: register.MoveOut}
		v := accreditation.Verifier{ID: "clinic", Name: "診療所", KeyHash: [32]byte{9}, Kinds: jpki.Kinds(), State: accreditation.VerifierAccredited, Since: noon, Conditions: "窓口に限る"}
		for _, c := range []authority.Change{
			{Residents: []register.Resident{moved, authoritytest.Taro()}, FormerEntries: []register.FormerEntry{former, former}, Cards: []register.Card{second, first}},
			{Events: []register.Event{line}},
		} {
			if err := s.Commit(ctx, c); err != nil {
				t.Fatal(err)
			}
		}
		for _, c := range []accreditation.Change{
			{Applications: []accreditation.Application{app}, Audits: []accreditation.Audit{{Subject: "tariff", At: noon}, audit, audit}},
			{Applications: []accreditation.Application{decided, later}, Verifiers: []accreditation.Verifier{v}},
			{Tariff: []accreditation.TariffRow{{From: "2016-01-01", Kind: jpki.DigitalSignature, Yen: 20}}},
		} {
			if err := s.CommitAccreditation(ctx, c); err != nil {
				t.Fatal(err)
			}
		}
		tariff, err := s.Tariff(ctx)
		same(t, "tariff", tariff, err, []accreditation.TariffRow{{From: "2016-01-01", Kind: jpki.DigitalSignature, Yen: 20}})
		born, err := s.ResidentsBorn(ctx, "1980-02-17", 10)
		same(t, "born", born, err, []register.Resident{moved})
		cards, err := s.Cards(ctx, "hanako")
		same(t, "cards", cards, err, []register.Card{first, second})
		entries, err := s.FormerEntries(ctx, "hanako")
		former.ID = 2
		one := former
		one.ID = 1
		same(t, "former entries", entries, err, []register.FormerEntry{former, one})
		applications, err := s.Applications(ctx)
		same(t, "applications", applications, err, []accreditation.Application{later, decided})
		audits, err := s.Audits(ctx, "clinic", 1)
		audit.ID = 3
		same(t, "audits", audits, err, []accreditation.Audit{audit})
		events, err := s.Events(ctx, authority.EventQuery{ResidentID: "hanako"})
		line.ID = 1
		same(t, "journal", events, err, []register.Event{line})
		verifiers, err := s.Verifiers(ctx)
		same(t, "verifiers", verifiers, err, []accreditation.Verifier{v})
	})
}

func TestFeesAddUp(t *testing.T) {
	bothStores(t, func(t *testing.T, s authority.Store) {
		ctx := context.Background()
		count := func(verifier, day string, kind jpki.Kind, n int64) accreditation.FeeCount {
			return accreditation.FeeCount{VerifierID: verifier, Kind: kind, Purpose: accreditation.CurrentStatus, Day: day, N: n}
		}
		for range 3 {
			err := s.CommitAccreditation(ctx, accreditation.Change{Fees: []accreditation.FeeCount{
				count("bank", "2026-04-02", jpki.UserAuthentication, 5), count("bank", "2026-04-01", jpki.DigitalSignature, 1),
				count("bank", "2026-04-01", jpki.DigitalSignature, 1), count("clinic", "2026-04-01", jpki.DigitalSignature, 7), count("bank", "2026-05-01", jpki.DigitalSignature, 9),
			}})
			if err != nil {
				t.Fatal(err)
			}
		}
		april, err := s.Fees(ctx, "bank", "2026-04-01", "2026-04-31")
		same(t, "the bank's April", april, err, []accreditation.FeeCount{count("bank", "2026-04-01", jpki.DigitalSignature, 6), count("bank", "2026-04-02", jpki.UserAuthentication, 15)})
		all, err := s.Fees(ctx, "", "2026-04-01", "2026-04-01")
		same(t, "everybody's day", all, err, []accreditation.FeeCount{count("bank", "2026-04-01", jpki.DigitalSignature, 6), count("clinic", "2026-04-01", jpki.DigitalSignature, 21)})
	})
}

// TestAPopulationIsOneCommit: rows of status without certificates, in batches,
// all or none.
func TestAPopulationIsOneCommit(t *testing.T) {
	bothStores(t, func(t *testing.T, s authority.Store) {
		ctx := context.Background()
		people := make([]register.Certificate, 10_000)
		for i := range people {
			people[i] = register.Certificate{
				Kind: jpki.UserAuthentication, Serial: jpki.SerialNumber(fmt.Sprintf("%08X", 0x0A21C3F0+i)), NotBefore: noon, NotAfter: noon.AddDate(5, 0, 0),
				Status: register.Status{State: register.Good, Since: noon}, Delivered: true,
			}
		}
		twice := append(people[:5000:5000], people[0])
		if err := s.Commit(ctx, authority.Change{Certificates: twice}); !errors.Is(err, register.ErrSerialTaken) {
			t.Fatalf("one of them twice: %v", err)
		}
		if err := s.Commit(ctx, authority.Change{Certificates: people}); err != nil {
			t.Fatal(err)
		}
		n := 0
		err := s.EachStatus(ctx, jpki.UserAuthentication, func(ca.StatusRow) error { n++; return nil })
		same(t, "rows", n, err, len(people))
	})
}
