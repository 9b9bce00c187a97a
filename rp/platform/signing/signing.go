// Package signing is the keys with which an OpenID provider signs ID tokens, and the algorithms that
// it takes.
package signing

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/go-jose/go-jose/v4"
)

// Algorithm is one of ID tokens and client assertions, by its name of RFC 7518.
type Algorithm = jose.SignatureAlgorithm

// Algorithms are those of ID tokens and of client assertions. A service that says
// nothing gets the first, which is also that of the real platform.
func Algorithms() []Algorithm {
	return []Algorithm{jose.ES256, jose.RS256}
}

// RSA keys, also those of services, are of minRSA to maxRSA bits; the platform's own
// is of minRSA.
const minRSA, maxRSA = 2048, 4096

// Of gives the algorithm that a public key is for, "" for none: ES256 for
// EC P-256, RS256 for RSA.
func Of(public any) Algorithm {
	switch k := public.(type) {
	case *ecdsa.PublicKey:
		if k.Curve == elliptic.P256() {
			return jose.ES256
		}
	case *rsa.PublicKey:
		if n := k.N.BitLen(); n >= minRSA && n <= maxRSA && k.E >= 1<<16 && k.E%2 == 1 {
			return jose.RS256
		}
	}
	return ""
}

// NewKey makes a key for one of the Algorithms, PKCS #8.
func NewKey(alg Algorithm) ([]byte, error) {
	var key crypto.Signer
	var err error
	if alg == jose.RS256 {
		key, err = rsa.GenerateKey(rand.Reader, minRSA)
	} else {
		key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	}
	if err != nil {
		return nil, err
	}
	return x509.MarshalPKCS8PrivateKey(key)
}

// Signers sign ID tokens, one an algorithm.
type Signers map[Algorithm]jose.Signer

// Open gives the signers of the ID tokens and the set that verifies them.
// A key's identifier is its thumbprint (RFC 7638).
func Open(keys ...[]byte) (Signers, jose.JSONWebKeySet, error) {
	all, public := Signers{}, jose.JSONWebKeySet{}
	for _, pkcs8 := range keys {
		parsed, err := x509.ParsePKCS8PrivateKey(pkcs8)
		if err != nil {
			return nil, public, fmt.Errorf("signing: key: %w", err)
		}
		key, ok := parsed.(crypto.Signer)
		if !ok || Of(key.Public()) == "" {
			return nil, public, errors.New("signing: key: want EC P-256 or RSA")
		}
		alg := Of(key.Public())
		private := jose.JSONWebKey{Key: key, Algorithm: string(alg), Use: "sig"}
		thumb, err := private.Thumbprint(crypto.SHA256)
		if err != nil {
			return nil, public, err
		}
		private.KeyID = base64.RawURLEncoding.EncodeToString(thumb)
		all[alg], err = jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: private}, (&jose.SignerOptions{}).WithType("JWT"))
		if err != nil {
			return nil, public, err
		}
		public.Keys = append(public.Keys, private.Public())
	}
	return all, public, nil
}
