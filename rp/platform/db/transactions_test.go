package db

import (
	"errors"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"example.jp/jpkimock/rp/platform/transactions"
)

var noon = time.Date(2026, 4, 1, 3, 0, 0, 0, time.UTC)

func opened(t *testing.T) *Store {
	t.Helper()
	s, err := Open(filepath.Join(t.TempDir(), "platform.db"))
	must(t, err)
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// atOnce does something eight times at once, and counts how often it is done; every other time it
// must be refused with no.
func atOnce(t *testing.T, no error, do func() error) (done int) {
	t.Helper()
	var n atomic.Int32
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			switch err := do(); {
			case err == nil:
				n.Add(1)
			case !errors.Is(err, no):
				t.Error(err)
			}
		})
	}
	all.Wait()
	return int(n.Load())
}

func TestOfEightSignaturesOneIsKept(t *testing.T) {
	s, ctx := opened(t), t.Context()
	must(t, s.AddTransaction(ctx, transactions.Transaction{ID: "1", Client: "RP1", Digest: [32]byte{7}, ExpiresAt: noon.Add(time.Minute)}, 1, noon))
	by := transactions.Signed{Signature: []byte("s"), Certificate: []byte("c"), Serial: "0A", At: noon}
	if err := s.SignTransaction(ctx, "RP2", "1", by, noon.Add(time.Minute)); !errors.Is(err, transactions.ErrOver) {
		t.Errorf("another client's: %v", err)
	}
	if n := atOnce(t, transactions.ErrOver, func() error { return s.SignTransaction(ctx, "RP1", "1", by, noon.Add(time.Hour)) }); n != 1 {
		t.Errorf("signed %d times", n)
	}
	got, err := s.Transaction(ctx, "RP1", "1")
	if err != nil || got.Signed == nil || string(got.Signed.Signature) != "s" || got.Digest != [32]byte{7} || !got.ExpiresAt.Equal(noon.Add(time.Hour)) {
		t.Errorf("%+v, %v", got, err)
	}
	take := func() error {
		return s.TakeTransaction(ctx, "RP1", "1", noon, func(transactions.Transaction) error { return nil })
	}
	refused := errors.New("cannot be encrypted")
	if err := s.TakeTransaction(ctx, "RP1", "1", noon, func(transactions.Transaction) error { return refused }); !errors.Is(err, refused) {
		t.Errorf("%v", err)
	}
	if n := atOnce(t, transactions.ErrOver, take); n != 1 {
		t.Errorf("fetched %d times", n)
	}
	// What was fetched is not kept.
	var row transactionRow
	must(t, s.read(ctx).Take(&row, "id = ?", "1").Error)
	if row.Signature != nil || row.Certificate != nil {
		t.Errorf("%+v", row)
	}
}

func TestTransactionsExpire(t *testing.T) {
	s, ctx := opened(t), t.Context()
	add := func(id string, at time.Time) error {
		return s.AddTransaction(ctx, transactions.Transaction{ID: id, Client: "RP1", ExpiresAt: at.Add(time.Minute)}, 1, at)
	}
	must(t, add("1", noon))
	if err := add("2", noon); !errors.Is(err, transactions.ErrFull) {
		t.Errorf("a second one: %v", err)
	}
	later := noon.Add(time.Minute)
	if err := s.SignTransaction(ctx, "RP1", "1", transactions.Signed{At: later}, later); !errors.Is(err, transactions.ErrOver) {
		t.Errorf("signed too late: %v", err)
	}
	must(t, add("3", later))
	grants, _, err := s.Expired(ctx, later.Add(time.Second))
	must(t, err)
	if grants != 1 {
		t.Errorf("%d have expired", grants)
	}
	must(t, s.Sweep(ctx, later.Add(time.Second)))
	if _, err := s.Transaction(ctx, "RP1", "1"); !errors.Is(err, transactions.ErrNone) {
		t.Errorf("%v", err)
	}
	if _, err := s.Transaction(ctx, "RP1", "3"); err != nil {
		t.Errorf("%v", err)
	}
}
