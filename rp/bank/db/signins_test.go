package db

import (
	"path/filepath"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank"
)

// A sign-in stays in the log until the time that the bank says, to the instant.
func TestSignInsOfLongAgoAreForgotten(t *testing.T) {
	s, err := Open(filepath.Join(t.TempDir(), "bank.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	at := time.Date(2026, 4, 1, 3, 0, 0, 0, time.UTC)
	signsIn := func(at time.Time) time.Time {
		t.Helper()
		previous, err := s.RecordSignIn(t.Context(), bank.SignIn{Customer: 1, Serial: "0A21C3F0", At: at, Record: rp.Record{Kind: jpki.UserAuthentication}})
		if err != nil {
			t.Fatal(err)
		}
		return previous
	}
	signsIn(at)
	if err := s.ForgetSignIns(t.Context(), at); err != nil {
		t.Fatal(err)
	}
	if got := signsIn(at.Add(time.Hour)); !got.Equal(at) {
		t.Errorf("the sign-in before was %v", got)
	}
	if err := s.ForgetSignIns(t.Context(), at.Add(time.Hour+1)); err != nil {
		t.Fatal(err)
	}
	if got := signsIn(at.Add(2 * time.Hour)); !got.IsZero() {
		t.Errorf("forgotten, and there: %v", got)
	}
}
