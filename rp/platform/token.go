package platform

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

func newSigningKey() ([]byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	return x509.MarshalPKCS8PrivateKey(key)
}

// openSigner gives the signer of the ID tokens and the set that verifies them.
// The key's identifier is its thumbprint (RFC 7638).
func openSigner(pkcs8 []byte) (jose.Signer, jose.JSONWebKeySet, error) {
	none := jose.JSONWebKeySet{}
	parsed, err := x509.ParsePKCS8PrivateKey(pkcs8)
	if err != nil {
		return nil, none, fmt.Errorf("platform: signing key: %w", err)
	}
	key, ok := parsed.(*ecdsa.PrivateKey)
	if !ok {
		return nil, none, errors.New("platform: signing key: not an EC key")
	}
	private := jose.JSONWebKey{Key: key, Algorithm: string(jose.ES256), Use: "sig"}
	thumb, err := private.Thumbprint(crypto.SHA256)
	if err != nil {
		return nil, none, err
	}
	private.KeyID = base64.RawURLEncoding.EncodeToString(thumb)
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: private}, (&jose.SignerOptions{}).WithType("JWT"))
	return signer, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{private.Public()}}, err
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
	Nonce           string           `json:"nonce"`
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
	return jwt.Signed(p.signer).Claims(registered).Claims(own).Serialize()
}
