package authority_test

import (
	"context"
	"crypto/x509"
	"testing"
	"time"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/ca"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
)

// crl gives the present CRL, read and verified by crypto/x509.
func crl(t *testing.T, w *authoritytest.World, kind jpki.Kind) *x509.RevocationList {
	t.Helper()
	l, err := w.CRL(context.Background(), kind)
	if err != nil {
		t.Fatal(err)
	}
	list, err := x509.ParseRevocationList(l.DER)
	if err != nil {
		t.Fatal(err)
	}
	if err := list.CheckSignatureFrom(w.CACertificate(kind)); err != nil {
		t.Fatal(err)
	}
	if list.Number.Int64() != l.Number || !list.ThisUpdate.Equal(l.ThisUpdate) || !list.NextUpdate.Equal(l.NextUpdate) {
		t.Errorf("the CRL says %v %v %v, its description %+v", list.Number, list.ThisUpdate, list.NextUpdate, l)
	}
	return list
}

func TestCRL(t *testing.T) {
	ctx := context.Background()
	w := open(t)
	issued := w.Settle(authoritytest.Hanako())
	c := issued.Certificates[auth]
	first := crl(t, w, auth)
	if first.Number.Int64() != 1 || len(first.RevokedCertificateEntries) != 0 {
		t.Errorf("the first: %v with %d entries", first.Number, len(first.RevokedCertificateEntries))
	}
	if again := crl(t, w, auth); again.Number.Int64() != 1 {
		t.Errorf("unchanged, it is number %v", again.Number)
	}
	if _, err := w.Suspend(ctx, auth, c.Serial, desk.By{}); err != nil {
		t.Fatal(err)
	}
	held := crl(t, w, auth)
	if held.Number.Int64() != 2 || len(held.RevokedCertificateEntries) != 1 {
		t.Fatalf("after suspension: %v with %d entries", held.Number, len(held.RevokedCertificateEntries))
	}
	e := held.RevokedCertificateEntries[0]
	if e.SerialNumber.Cmp(c.Serial.Big()) != 0 || e.ReasonCode != int(jpki.CertificateHold) || !e.RevocationTime.Equal(w.Clock.Now()) {
		t.Errorf("entry %v", e)
	}
	if _, err := w.Resume(ctx, auth, c.Serial, desk.By{}); err != nil {
		t.Fatal(err)
	}
	if l := crl(t, w, auth); len(l.RevokedCertificateEntries) != 0 || l.Number.Int64() != 3 {
		t.Errorf("after resumption: %v with %d entries", l.Number, len(l.RevokedCertificateEntries))
	}
	w.Clock.Advance(12 * time.Hour)
	if l := crl(t, w, auth); l.Number.Int64() != 4 || !l.ThisUpdate.Equal(w.Clock.Now()) {
		t.Errorf("half a day later: %v of %v", l.Number, l.ThisUpdate)
	}
	w.Reopen()
	if l := crl(t, w, auth); l.Number.Int64() != 5 {
		t.Errorf("after a restart: %v", l.Number)
	}
	if l := crl(t, w, sign); l.Number.Int64() != 1 {
		t.Errorf("the other CA's: %v", l.Number)
	}
}

func TestAnExpiredCertificateIsListedOnceMore(t *testing.T) {
	ctx := context.Background()
	w := open(t)
	c := w.Settle(authoritytest.Hanako()).Certificates[sign]
	if _, err := w.Revoke(ctx, sign, c.Serial, jpki.Unspecified, desk.By{}); err != nil {
		t.Fatal(err)
	}
	w.Clock.Set(c.NotAfter.Add(-time.Hour))
	if l := crl(t, w, sign); len(l.RevokedCertificateEntries) != 1 || len(l.RevokedCertificateEntries[0].Extensions) != 0 {
		t.Errorf("before expiry: %v (unspecified is not written)", l.RevokedCertificateEntries)
	}
	w.Clock.Advance(13 * time.Hour)
	if l := crl(t, w, sign); len(l.RevokedCertificateEntries) != 1 {
		t.Error("the first CRL after expiry does not list it")
	}
	w.Clock.Advance(13 * time.Hour)
	if l := crl(t, w, sign); len(l.RevokedCertificateEntries) != 0 {
		t.Error("the second CRL after expiry still lists it")
	}
}

// population is a store with many revoked certificates that were never made.
type population struct {
	authority.Store
	n     int
	until time.Time
}

func (p population) EachStatus(_ context.Context, kind jpki.Kind, f func(ca.StatusRow) error) error {
	if kind != auth {
		return nil
	}
	reasons := []jpki.Reason{jpki.Unspecified, jpki.KeyCompromise, jpki.AffiliationChanged, jpki.CertificateHold}
	for i := range p.n {
		s := register.Status{State: register.Revoked, Reason: reasons[i%len(reasons)], Since: time.Date(2025+i%40, 1, 1, 0, 0, i%86400, 0, time.UTC)}
		if err := f(ca.StatusRow{Number: 0x0A21C3F0 + uint64(i), NotAfter: p.until, Status: s}); err != nil {
			return err
		}
	}
	return nil
}

func populated(tb testing.TB, n int) *authoritytest.World {
	return authoritytest.Open(tb, "testdata", func(c *authority.Config) {
		c.Store = population{c.Store, n, time.Date(2060, 1, 1, 0, 0, 0, 0, time.UTC)}
	})
}

// TestCRLLengths crosses every boundary of the DER lengths and both forms of
// time.
func TestCRLLengths(t *testing.T) {
	for _, n := range []int{1, 2, 3, 4, 6, 7, 8, 1700, 1800, 1900, 2000} {
		w := populated(t, n)
		list := crl(t, w, auth)
		if len(list.RevokedCertificateEntries) != n {
			t.Fatalf("%d entries, want %d", len(list.RevokedCertificateEntries), n)
		}
		last := list.RevokedCertificateEntries[n-1]
		if want := time.Date(2025+(n-1)%40, 1, 1, 0, 0, n-1, 0, time.UTC); !last.RevocationTime.Equal(want) || last.SerialNumber.Int64() != 0x0A21C3F0+int64(n)-1 {
			t.Errorf("the last of %d: %v %v", n, last.SerialNumber, last.RevocationTime)
		}
	}
}
