// Package trust lets this program's requests trust a certification authority of TLS beside those
// that the system trusts: that of a town that answers by https.
package trust

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"sync"
)

// maxFile bounds a file of certificates, in octets. A ready file has those of everybody.
const maxFile = 4 << 20

// ErrNone is a file without a certificate.
var ErrNone = errors.New("trust: no certificate in PEM")

// File trusts the certificates of a file: PEM, or a town's ready file (docs/interfaces.md). No
// path is no certificate.
func File(path string) error {
	if path == "" {
		return nil
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.Size() > maxFile {
		return fmt.Errorf("trust: %s is larger than %d octets", path, maxFile)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var town struct {
		TLS struct {
			CA string `json:"ca"`
		} `json:"tls"`
	}
	if json.Unmarshal(text, &town) == nil {
		text = []byte(town.TLS.CA)
	}
	if err := Add(text); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// adding keeps one Add from another.
var adding sync.Mutex

// Add trusts certificates in PEM, for every request of this program that names no transport of
// its own: http.DefaultTransport is what they have in common. It is called before the first of
// these requests.
func Add(text []byte) error {
	adding.Lock()
	defer adding.Unlock()
	transport, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return fmt.Errorf("trust: http.DefaultTransport is a %T", http.DefaultTransport)
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool() // a machine without any
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if before := transport.TLSClientConfig; before != nil {
		config = before.Clone()
		if before.RootCAs != nil {
			pool = before.RootCAs.Clone()
		}
	}
	if !pool.AppendCertsFromPEM(text) {
		return ErrNone
	}
	config.RootCAs = pool
	transport.TLSClientConfig = config
	return nil
}
