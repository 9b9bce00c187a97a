package seed

import (
	"crypto/rsa"
	"crypto/x509"
	"embed"
	"encoding/pem"
	"fmt"
	"io/fs"

	"example.jp/jpkimock/authority/jpki"
)

//go:embed keys/*.pem
var keyFiles embed.FS

// Test keys of the houses' own interfaces. They are published and protect nothing:
// a deployment that others can reach must set its own.
const (
	OfficerKey = "test-officer-key-not-secret"
	WriterKey  = "test-writer-key-not-secret"
	BankKey    = "test-bank-verifier-key-not-secret"

	BankStaffKey = "test-bank-staff-key-not-secret"

	PlatformKey      = "test-platform-verifier-key-not-secret"
	PlatformStaffKey = "test-platform-staff-key-not-secret"
	CATVKey          = "test-catv-verifier-key-not-secret"
	CATVStaffKey     = "test-catv-staff-key-not-secret"
)

// Key returns the published test key of an owner ("ca", "responder" or a card's
// identifier) for a kind of certificate, or nil for an owner without one, whose
// key is then generated at random. A test key must never be trusted outside the
// mock: everyone has it.
func Key(owner string, kind jpki.Kind) (*rsa.PrivateKey, error) {
	raw, err := keyFiles.ReadFile("keys/" + owner + "." + kind.String() + ".pem")
	if err != nil {
		if _, ok := err.(*fs.PathError); ok {
			return nil, nil
		}
		return nil, err
	}
	block, _ := pem.Decode(raw)
	if block == nil {
		return nil, fmt.Errorf("seed: key %s.%s is not PEM", owner, kind)
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("seed: key %s.%s: %w", owner, kind, err)
	}
	k, ok := key.(*rsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("seed: key %s.%s is not an RSA key", owner, kind)
	}
	return k, nil
}
