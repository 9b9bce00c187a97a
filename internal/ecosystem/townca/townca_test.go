package townca

import (
	"bytes"
	"crypto/x509"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// A folder keeps the CA; the certificate of the houses is a new one at each start.
func TestTheFolderKeepsTheCA(t *testing.T) {
	folder := t.TempDir()
	first, err := Open(folder, []string{"town.example"})
	if err != nil {
		t.Fatal(err)
	}
	second, err := Open(folder, nil)
	if err != nil || !bytes.Equal(first.CA, second.CA) || bytes.Equal(first.leaf.Certificate[0], second.leaf.Certificate[0]) {
		t.Errorf("after a restart: %v", err)
	}
	if _, err := Open(folder, []string{"www.jpki.go.jp"}); err == nil || !strings.Contains(err.Error(), "cannot certify") {
		t.Errorf("a name of somebody else: %v", err)
	}
	other, err := Open("", nil)
	if err != nil || bytes.Equal(first.CA, other.CA) || other.File != "" {
		t.Errorf("without a folder: %v", err)
	}
}

// Nobody accepts a certificate of the CA for another name, also one that its key signs.
func TestTheCACertifiesNobodyElse(t *testing.T) {
	ca, key, err := create("", []string{"localhost"})
	if err != nil {
		t.Fatal(err)
	}
	for host, want := range map[string]bool{"localhost": true, "10.1.2.3": true, "www.jpki.go.jp": false, "8.8.8.8": false} {
		if _, err := certify(ca, key, []string{host}); (err == nil) != want {
			t.Errorf("%s: %v", host, err)
		}
	}
	if len(ca.PermittedDNSDomains) == 0 || !ca.PermittedDNSDomainsCritical || ca.KeyUsage != x509.KeyUsageCertSign {
		t.Errorf("%+v", ca.PermittedDNSDomains)
	}
}

// Processes that start at the same time in one folder have one CA, and so has a folder into which
// the key was copied.
func TestOneFolderHasOneCA(t *testing.T) {
	folder := t.TempDir()
	var all sync.WaitGroup
	var got [8][]byte
	for i := range got {
		all.Go(func() {
			c, err := Open(folder, nil)
			if err != nil {
				t.Error(err)
				return
			}
			got[i] = c.CA
		})
	}
	all.Wait()
	first := got[0]
	for _, ca := range got {
		if !bytes.Equal(ca, first) {
			t.Error("two processes have two CAs")
		}
	}
	key, err := os.ReadFile(filepath.Join(folder, keyFile))
	copied := t.TempDir()
	if err == nil {
		err = os.WriteFile(filepath.Join(copied, keyFile), key, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	c, err := Open(copied, nil)
	if err != nil || !bytes.Equal(c.CA, first) {
		t.Fatalf("a copied key: %v", err)
	}
	for _, in := range []string{folder, copied} {
		all, err := os.ReadDir(in)
		if err != nil || len(all) != 2 {
			t.Errorf("%s has %v, %v", in, all, err)
		}
		if there, err := os.ReadFile(filepath.Join(in, CertificateFile)); err != nil || !bytes.Equal(there, first) {
			t.Errorf("the certificate alone: %v %s", err, there)
		}
	}
}
