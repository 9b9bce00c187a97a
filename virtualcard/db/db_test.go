package db_test

import (
	"path/filepath"
	"testing"

	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/cardtest"
	"example.jp/jpkimock/virtualcard/db"
)

func open(t testing.TB, path string) *db.Store {
	t.Helper()
	store, err := db.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	return store
}

func TestStore(t *testing.T) {
	cardtest.TestStore(t, func(t *testing.T) virtualcard.Store { return open(t, filepath.Join(t.TempDir(), "card.db")) })
}

func TestCardSurvivesRestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "card.db")
	first := open(t, path)
	cardtest.Hand(t, cardtest.Open(t, first), "hanako")
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	again := open(t, path)
	if err := again.Ping(); err != nil {
		t.Fatal(err)
	}
	got, err := cardtest.Open(t, again).Card(t.Context(), "hanako")
	if err != nil || len(got.Serials) != 2 || got.Face.Name != "見本　花子" {
		t.Fatalf("after the restart: %+v, %v", got, err)
	}
}
