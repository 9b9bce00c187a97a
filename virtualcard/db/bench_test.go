package db_test

import (
	"path/filepath"
	"testing"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard/cardtest"
	"example.jp/jpkimock/virtualcard/jpkiap"
)

// BenchmarkVerify is one VERIFY of the right PIN, committed to the disk.
func BenchmarkVerify(b *testing.B) {
	cabinet := cardtest.Open(b, open(b, filepath.Join(b.TempDir(), "card.db")))
	cardtest.Hand(b, cabinet, "hanako")
	connection, err := cabinet.Connect(b.Context(), "hanako")
	if err != nil {
		b.Fatal(err)
	}
	card := jpkiap.New(connection)
	for b.Loop() {
		if err := card.Verify(b.Context(), jpki.UserAuthentication, cardtest.AuthenticationPIN); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkConnect is a card put in a reader and taken off it.
func BenchmarkConnect(b *testing.B) {
	cabinet := cardtest.Open(b, open(b, filepath.Join(b.TempDir(), "card.db")))
	cardtest.Hand(b, cabinet, "hanako")
	for b.Loop() {
		connection, err := cabinet.Connect(b.Context(), "hanako")
		if err != nil {
			b.Fatal(err)
		}
		_ = connection.Close()
	}
}
