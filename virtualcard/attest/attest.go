// Package attest is what the JPKI user client software vouches for: which of the four basic
// data (基本4情報) it has read from the card that answered an authentication.
//
// A site cannot check the card's own signature over them (EF 0003 of the card-face text
// application), since the hash beside it is that of the Individual Number, which a site must not
// get and could guess. So the client software checks it, and signs what it has read: a JWT
// (RFC 7519, ES256) that names the site, the nonce and the token that they belong to. A key is
// made at each start; its public half is at /attest/jwks.json (RFC 7517).
package attest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// Attribute names one of the four basic data, as scopes of OpenID Connect do.
type Attribute string

// The attributes.
const (
	Name      Attribute = "name"
	Address   Attribute = "address"
	Birthdate Attribute = "birthdate" // YYYYMMDD, as it is on the card
	Gender    Attribute = "gender"    // 1, 2 or 9 (JIS X 0303), as it is on the card
)

// All lists the attributes in the order in which people are shown them.
func All() []Attribute { return []Attribute{Name, Address, Birthdate, Gender} }

// Type is the typ of a statement's header.
const Type = "jpkimock-attributes+jwt"

// Life is how long a statement is good.
const Life = 5 * time.Minute

// ErrAttributes says that what is asked for is not a list of attributes.
var ErrAttributes = errors.New(`attributes: want some of "name", "address", "birthdate" and "gender", each once`)

// Parse reads the names of attributes, and gives them in the order of All.
func Parse(names []string) (asked []Attribute, err error) {
	for _, a := range All() {
		if slices.Contains(names, string(a)) {
			asked = append(asked, a)
		}
	}
	if len(asked) != len(names) {
		return nil, ErrAttributes
	}
	return asked, nil
}

// Statement is what is vouched for.
type Statement struct {
	Origin, Nonce string // of the authentication
	// Signature is the token's, base64.
	Signature  string
	Attributes map[Attribute]string
}

// claims are those of the JWT beside the registered ones.
type claims struct {
	Nonce string `json:"nonce"`
	// TokenHash is the base64url of the SHA-256 of the token's signature, as it stands in the token.
	TokenHash  string               `json:"token_hash"`
	Attributes map[Attribute]string `json:"attributes"`
}

// Attester signs statements.
type Attester struct {
	now    func() time.Time
	signer jose.Signer
	keys   jose.JSONWebKeySet
}

// New makes an attester with a new key.
func New(now func() time.Time) (*Attester, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("attest: %w", err)
	}
	private := jose.JSONWebKey{Key: key, Algorithm: string(jose.ES256), Use: "sig"}
	thumb, err := private.Thumbprint(crypto.SHA256)
	if err != nil {
		return nil, fmt.Errorf("attest: %w", err)
	}
	private.KeyID = base64.RawURLEncoding.EncodeToString(thumb)
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: private}, (&jose.SignerOptions{}).WithType(Type))
	if err != nil {
		return nil, fmt.Errorf("attest: %w", err)
	}
	return &Attester{now: now, signer: signer, keys: jose.JSONWebKeySet{Keys: []jose.JSONWebKey{private.Public()}}}, nil
}

// Keys gives the public keys.
func (a *Attester) Keys() jose.JSONWebKeySet { return a.keys }

// Vouch signs a statement.
func (a *Attester) Vouch(s Statement) (string, error) {
	now, hash := a.now(), sha256.Sum256([]byte(s.Signature))
	registered := jwt.Claims{Audience: jwt.Audience{s.Origin}, IssuedAt: jwt.NewNumericDate(now), Expiry: jwt.NewNumericDate(now.Add(Life))}
	own := claims{Nonce: s.Nonce, TokenHash: base64.RawURLEncoding.EncodeToString(hash[:]), Attributes: s.Attributes}
	return jwt.Signed(a.signer).Claims(registered).Claims(own).Serialize()
}
