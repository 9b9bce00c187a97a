package ready

import (
	"crypto/ecdsa"
	"encoding/base64"
)

// Client is a service that is registered at the common platform, as an OpenID Connect library
// is configured.
type Client struct {
	ID           string   `json:"clientId"`
	RedirectURIs []string `json:"redirectUris"`
	Scopes       []string `json:"scopes"`
	Method       string   `json:"tokenEndpointAuthMethod"` // private_key_jwt
	Alg          string   `json:"alg"`                     // of the client assertion
	// Key is the private key, where it is published.
	Key *Key `json:"key,omitempty"`
}

// Key is a private key on P-256 as a JWK (RFC 7517, RFC 7518 §6.2).
type Key struct {
	Kty string `json:"kty"`
	Crv string `json:"crv"`
	Kid string `json:"kid"`
	Alg string `json:"alg"`
	X   string `json:"x"`
	Y   string `json:"y"`
	D   string `json:"d"`
}

// NewKey writes a key on P-256.
func NewKey(kid string, key *ecdsa.PrivateKey) (*Key, error) {
	point, err := key.PublicKey.Bytes()
	if err != nil {
		return nil, err
	}
	d, err := key.Bytes()
	if err != nil {
		return nil, err
	}
	text, half := base64.RawURLEncoding.EncodeToString, (len(point)-1)/2 // after the octet 04: x, then y
	return &Key{Kty: "EC", Crv: "P-256", Kid: kid, Alg: "ES256", X: text(point[1 : 1+half]), Y: text(point[1+half:]), D: text(d)}, nil
}

// Desk is a place behind a counter. Officers are the names by which staff sign in there; none
// where the key of the house is enough.
type Desk struct {
	House    string   `json:"house"`
	Name     string   `json:"name"`
	NameEN   string   `json:"nameEn"`
	URL      string   `json:"url"`
	Officers []string `json:"officers"`
}

// TLS is the CA of a town that answers by https: its certificate in PEM, and the file that has
// it, if a data folder is kept.
type TLS struct {
	CA   string `json:"ca"`
	File string `json:"file,omitempty"`
}
