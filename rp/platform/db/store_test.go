package db

import (
	"path/filepath"
	"testing"

	"example.jp/jpkimock/rp/platform"
)

// A database of a platform that knew ES256 alone: its key and its services stay as
// they are, and what is new is added.
func TestADatabaseOfBeforeRS256(t *testing.T) {
	path := filepath.Join(t.TempDir(), "platform.db")
	old, err := Open(path)
	must(t, err)
	_, err = old.Secrets(t.Context(), func(s *platform.Secrets) error { s.SigningKey, s.Pairwise = []byte("ec"), []byte("pair"); return nil })
	must(t, err)
	_, err = old.SaveServiceProvider(t.Context(), platform.ServiceProvider{ID: "RP1"}, func(*platform.ServiceProvider) platform.RegisterChange { return platform.RegisterChange{} })
	must(t, err)
	for _, drop := range []string{"ALTER TABLE service_providers DROP COLUMN id_token_alg", "ALTER TABLE secrets DROP COLUMN rsa_key"} {
		must(t, old.db.Write.Exec(drop).Error)
	}
	must(t, old.Close())

	store, err := Open(path)
	must(t, err)
	t.Cleanup(func() { _ = store.Close() })
	for range 2 {
		s, err := store.Secrets(t.Context(), func(s *platform.Secrets) error {
			if len(s.RSAKey) == 0 {
				s.RSAKey = []byte("rsa")
			}
			return nil
		})
		must(t, err)
		if string(s.SigningKey) != "ec" || string(s.Pairwise) != "pair" || string(s.RSAKey) != "rsa" {
			t.Errorf("%q", s)
		}
	}
	if sp, err := store.ServiceProvider(t.Context(), "RP1"); err != nil || sp.IDTokenAlg != "ES256" {
		t.Errorf("%+v, %v", sp, err)
	}
}
