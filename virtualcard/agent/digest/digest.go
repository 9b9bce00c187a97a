// Package digest reads what a platform asks to have signed of which only the SHA-256 is known.
package digest

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"example.jp/jpkimock/virtualcard/agent/legible"
)

// maxService is the longest name of a service, in characters.
const maxService = 60

// Ask is a digest to be signed and the service that wants the signature, as the platform names it.
type Ask struct {
	Service string
	SHA256  [sha256.Size]byte
}

// Parse reads the name of a service and the base64 of a SHA-256, with padding.
func Parse(service, text string) (*Ask, error) {
	if err := legible.Line(service, maxService); err != nil {
		return nil, fmt.Errorf("service: %w", err)
	}
	octets, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || len(octets) != sha256.Size || strings.ContainsAny(text, "\r\n") {
		return nil, errors.New("digest: want the base64 of a SHA-256, 32 octets")
	}
	return &Ask{Service: service, SHA256: [sha256.Size]byte(octets)}, nil
}

// Groups gives the digest in hexadecimal, eight digits a group.
func (a *Ask) Groups() (groups []string) {
	for i := 0; i < sha256.Size; i += 4 {
		groups = append(groups, hex.EncodeToString(a.SHA256[i:i+4]))
	}
	return groups
}
