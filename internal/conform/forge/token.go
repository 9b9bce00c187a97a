package forge

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"slices"
)

// Token is an authentication token (web-eid:1.0); its members are those of docs/formats.md.
type Token struct {
	Certificate []byte `json:"unverifiedCertificate"`
	Algorithm   string `json:"algorithm"`
	Signature   []byte `json:"signature"`
	Format      string `json:"format"`
	AppVersion  string `json:"appVersion"`
}

// ReadToken reads a token of a card.
func ReadToken(text []byte) (t Token, err error) { return t, json.Unmarshal(text, &t) }

// Text writes the token.
func (t Token) Text() ([]byte, error) { return json.Marshal(t) }

// Holder gives the certificate.
func (t Token) Holder() (*x509.Certificate, error) { return x509.ParseCertificate(t.Certificate) }

// Sign signs an origin and a nonce with a key, as a card does.
func (t Token) Sign(key *rsa.PrivateKey, origin, nonce string) (Token, error) {
	o, n := sha256.Sum256([]byte(origin)), sha256.Sum256([]byte(nonce))
	all := sha256.Sum256(slices.Concat(o[:], n[:]))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, all[:])
	t.Signature = signature
	return t, err
}
