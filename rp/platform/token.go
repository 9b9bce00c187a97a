package platform

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
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

// algorithmOf gives the algorithm that a public key is for, "" for none: ES256 for
// EC P-256, RS256 for RSA.
func algorithmOf(public any) Algorithm {
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

// newKey makes a key for one of the Algorithms, PKCS #8.
func newKey(alg Algorithm) ([]byte, error) {
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

// signers sign ID tokens, one an algorithm.
type signers map[Algorithm]jose.Signer

// openSigners gives the signers of the ID tokens and the set that verifies them.
// A key's identifier is its thumbprint (RFC 7638).
func openSigners(keys ...[]byte) (signers, jose.JSONWebKeySet, error) {
	all, public := signers{}, jose.JSONWebKeySet{}
	for _, pkcs8 := range keys {
		parsed, err := x509.ParsePKCS8PrivateKey(pkcs8)
		if err != nil {
			return nil, public, fmt.Errorf("platform: signing key: %w", err)
		}
		key, ok := parsed.(crypto.Signer)
		if !ok || algorithmOf(key.Public()) == "" {
			return nil, public, errors.New("platform: signing key: want EC P-256 or RSA")
		}
		alg := algorithmOf(key.Public())
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

// Keys gives the set that verifies the platform's ID tokens.
func (p *Platform) Keys() jose.JSONWebKeySet { return p.keys }

// The class and the methods of every authentication: a private key in a chip,
// opened by a PIN (RFC 8176).
const classAAL3 = "aal3"

// idClaims are the claims of an ID token beside the registered ones. There is no
// personal data among them.
type idClaims struct {
	AuthTime        *jwt.NumericDate `json:"auth_time"`
	Nonce           string           `json:"nonce,omitempty"` // none after a refresh
	Class           string           `json:"acr"`
	Methods         []string         `json:"amr"`
	AuthorizedParty string           `json:"azp"`
	AccessTokenHash string           `json:"at_hash"`
	// Presence lets the service ask the card agent, from its server, whether the
	// card still lies on the set's reader. Only of a login at the set.
	Presence string `json:"jpki_presence,omitempty"`
}

func (p *Platform) idToken(sp ServiceProvider, c Code, access string) (string, error) {
	now, half := p.cfg.Now(), sha256.Sum256([]byte(access))
	registered := jwt.Claims{
		Issuer: p.issuer, Subject: p.subject(sp, c.Holder), Audience: jwt.Audience{string(sp.ID)}, ID: rand.Text(),
		IssuedAt: jwt.NewNumericDate(now), Expiry: jwt.NewNumericDate(now.Add(IDTokenLifetime)),
	}
	own := idClaims{
		AuthTime: jwt.NewNumericDate(c.AuthTime), Nonce: c.Nonce, Class: classAAL3, Methods: []string{"sc", "pin", "mfa"},
		AuthorizedParty: string(sp.ID), AccessTokenHash: base64.RawURLEncoding.EncodeToString(half[:16]), Presence: c.Presence,
	}
	return jwt.Signed(p.sign[sp.IDTokenAlg]).Claims(registered).Claims(own).Serialize()
}
