package db_test

import (
	"context"
	"path/filepath"
	"testing"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/db"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
)

func open(t *testing.T, path string) *db.Store {
	t.Helper()
	s, err := db.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestStore(t *testing.T) {
	authoritytest.StoreSuite(t, func(t *testing.T) authority.Store { return open(t, filepath.Join(t.TempDir(), "authority.db")) })
}

func TestLatestStore(t *testing.T) {
	authoritytest.LatestSuite(t, func(t *testing.T) authoritytest.LatestStore {
		return open(t, filepath.Join(t.TempDir(), "authority.db"))
	})
}

func TestWhatWasAcknowledgedIsThereAfterARestart(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "authority.db")
	w := authoritytest.Open(t, "../testdata", func(c *authority.Config) { c.Store = open(t, path) })
	issued := w.Settle(authoritytest.Hanako())
	signature := issued.Certificates[jpki.DigitalSignature]
	if _, err := w.Revoke(ctx, jpki.DigitalSignature, signature.Serial, jpki.AffiliationChanged, desk.By{Officer: "窓口", Why: "転居"}); err != nil {
		t.Fatal(err)
	}

	w.Config.Store = open(t, path)
	w.Reopen()
	got, err := w.Certificate(ctx, jpki.DigitalSignature, signature.Serial)
	if err != nil || got.Status.State != register.Revoked || got.Status.Reason != jpki.AffiliationChanged || string(got.DER) != string(signature.DER) {
		t.Errorf("after the restart: %+v, %v", got.Status, err)
	}
	if _, err := w.Ministry.Accredited(authoritytest.Key, jpki.DigitalSignature); err != nil {
		t.Errorf("the verifier is forgotten: %v", err)
	}
	next := w.Issue(authority.Application{ResidentID: "hanako", CardID: "hanako", Kinds: []jpki.Kind{jpki.DigitalSignature}})
	if s := next.Certificates[jpki.DigitalSignature].Serial; s != "0705D991" {
		t.Errorf("the next serial number is %s, want 0705D991", s)
	}
}
