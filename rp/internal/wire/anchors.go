package wire

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
)

// Anchors reads CA certificates in PEM, at most so many and nothing else.
func Anchors(text []byte, most int) ([]*x509.Certificate, error) {
	var anchors []*x509.Certificate
	for {
		var block *pem.Block
		if block, text = pem.Decode(text); block == nil {
			break
		}
		if block.Type != "CERTIFICATE" || len(anchors) == most {
			return nil, fmt.Errorf("rp: anchors: at most %d CERTIFICATE blocks allowed, found %q as block %d", most, block.Type, len(anchors)+1)
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("rp: anchors: number %d: %w", len(anchors)+1, err)
		}
		anchors = append(anchors, cert)
	}
	if len(anchors) == 0 {
		return nil, errors.New("rp: anchors: no CERTIFICATE block found")
	}
	return anchors, nil
}
