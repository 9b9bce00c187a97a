package townca

import (
	"bytes"
	"crypto/x509"
	"strings"
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
