// Package townca makes the certificates by which the houses answer with TLS: one CA for a town,
// whose key is made at the first start and kept in the data folder, and one certificate for all
// houses, made at each start. It is a room of the wiring.
//
// The key is not published: whoever lets a browser trust the CA must not have to trust everybody
// who can read a repository. And the CA can certify only names of one machine and of private
// networks, beside those that the town was first started with (RFC 5280 §4.2.1.10).
package townca

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"

	"example.jp/jpkimock/internal/ready"
	"example.jp/jpkimock/internal/simclock"
)

// The names of the files in the data folder: the certificate alone, and with its key.
const (
	CertificateFile = "tls-ca.pem"
	keyFile         = "tls-ca.key"
)

// Life of the certificates, by the wall clock: browsers take no other.
const (
	caLife   = 3650 * 24 * time.Hour
	leafLife = 397 * 24 * time.Hour
	early    = time.Hour // before now, for clocks that are slow
)

// Certificates are those of a town.
type Certificates struct {
	CA   []byte // in PEM
	File string // where it is kept; empty for nowhere
	leaf tls.Certificate
}

// Open reads the CA that a folder keeps, or makes one, and certifies the hosts: names and IP
// addresses beside those of this machine. An empty folder keeps nothing.
func Open(folder string, hosts []string) (*Certificates, error) {
	hosts = append([]string{"localhost", "127.0.0.1", "::1"}, hosts...)
	ca, key, err := read(folder)
	if errors.Is(err, fs.ErrNotExist) {
		ca, key, err = create(folder, hosts)
	}
	if errors.Is(err, fs.ErrExist) { // another process was first
		ca, key, err = read(folder)
	}
	if err != nil {
		return nil, fmt.Errorf("townca: %w", err)
	}
	c := &Certificates{CA: inPEM("CERTIFICATE", ca.Raw)}
	if folder != "" {
		if c.File, err = filepath.Abs(filepath.Join(folder, CertificateFile)); err == nil {
			err = c.publish()
		}
		if err != nil {
			return nil, fmt.Errorf("townca: %w", err)
		}
	}
	if c.leaf, err = certify(ca, key, hosts); err != nil {
		return nil, fmt.Errorf("townca: %w", err)
	}
	return c, nil
}

func inPEM(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

// publish keeps the certificate alone, unless it is there: the key may come from another folder.
func (c *Certificates) publish() error {
	if there, err := os.ReadFile(c.File); err == nil && bytes.Equal(there, c.CA) {
		return nil
	}
	return ready.WriteWhole(c.File, c.CA)
}

// Config is that of a server. HTTP/1.1 alone, as without TLS: a fault can cut a connection.
func (c *Certificates) Config() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}, Certificates: []tls.Certificate{c.leaf}}
}

func read(folder string) (*x509.Certificate, *ecdsa.PrivateKey, error) {
	if folder == "" {
		return nil, nil, fs.ErrNotExist
	}
	pair, err := os.ReadFile(filepath.Join(folder, keyFile))
	if err != nil {
		return nil, nil, err
	}
	both, err := tls.X509KeyPair(pair, pair)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", keyFile, err)
	}
	key, ok := both.PrivateKey.(*ecdsa.PrivateKey)
	if !ok {
		return nil, nil, fmt.Errorf("%s: a %T", keyFile, both.PrivateKey)
	}
	return both.Leaf, key, nil
}

func create(folder string, hosts []string) (*x509.Certificate, *ecdsa.PrivateKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	template := &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{CommonName: "jpkimock TLS (test)", Organization: []string{"jpkimock"}},
		NotBefore: simclock.Deadline(-early), NotAfter: simclock.Deadline(caLife), BasicConstraintsValid: true, IsCA: true, MaxPathLenZero: true,
		KeyUsage: x509.KeyUsageCertSign, PermittedDNSDomainsCritical: true,
	}
	permit(template, hosts)
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, nil, err
	}
	ca, err := x509.ParseCertificate(der)
	if err != nil || folder == "" {
		return ca, key, err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, nil, err
	}
	return ca, key, keep(folder, append(inPEM("CERTIFICATE", der), inPEM("PRIVATE KEY", private)...))
}

// keep keeps a new key with its certificate, whole. If a key is there it is fs.ErrExist: processes
// that share a folder may start at the same time, and have one CA.
func keep(folder string, pair []byte) (err error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	draft, err := os.MkdirTemp(folder, ".tls-ca-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(draft)) }()
	whole := filepath.Join(draft, keyFile)
	if err := ready.WriteWhole(whole, pair); err != nil {
		return err
	}
	return os.Link(whole, filepath.Join(folder, keyFile))
}

// permit bounds what a CA can certify.
func permit(ca *x509.Certificate, hosts []string) {
	ca.PermittedDNSDomains = []string{"localhost", "test", "internal", "local", "example", "example.jp"}
	for _, network := range []string{"127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fd00::/8", "fe80::/10"} {
		_, n, _ := net.ParseCIDR(network) // all are networks
		ca.PermittedIPRanges = append(ca.PermittedIPRanges, n)
	}
	for _, h := range hosts {
		switch ip := net.ParseIP(h); {
		case ip == nil:
			ca.PermittedDNSDomains = append(ca.PermittedDNSDomains, h)
		case ip.To4() != nil:
			ca.PermittedIPRanges = append(ca.PermittedIPRanges, &net.IPNet{IP: ip.To4(), Mask: net.CIDRMask(32, 32)})
		default:
			ca.PermittedIPRanges = append(ca.PermittedIPRanges, &net.IPNet{IP: ip, Mask: net.CIDRMask(128, 128)})
		}
	}
}

// certify makes the certificate of the houses, and makes sure that the CA may.
func certify(ca *x509.Certificate, by *ecdsa.PrivateKey, hosts []string) (leaf tls.Certificate, err error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return leaf, err
	}
	template := &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{CommonName: "jpkimock"}, NotBefore: simclock.Deadline(-early), NotAfter: simclock.Deadline(leafLife),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, BasicConstraintsValid: true,
	}
	for _, h := range hosts {
		if ip := net.ParseIP(h); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, h)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, ca, &key.PublicKey, by)
	if err != nil {
		return leaf, err
	}
	leaf = tls.Certificate{Certificate: [][]byte{der, ca.Raw}, PrivateKey: key}
	if leaf.Leaf, err = x509.ParseCertificate(der); err != nil {
		return leaf, err
	}
	roots := x509.NewCertPool()
	roots.AddCert(ca)
	if _, err := leaf.Leaf.Verify(x509.VerifyOptions{Roots: roots, CurrentTime: simclock.Deadline(0)}); err != nil {
		return leaf, fmt.Errorf("%s in the data folder cannot certify %v; remove it, and %s, for a new one: %w", keyFile, hosts, CertificateFile, err)
	}
	return leaf, nil
}

// serial gives a random serial number of 16 octets at most.
func serial() *big.Int {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails
	b[0] &= 0x7f
	return new(big.Int).SetBytes(b)
}
