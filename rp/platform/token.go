package platform

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"

	"github.com/go-jose/go-jose/v4/jwt"

	"example.jp/jpkimock/rp/platform/acr"
	"example.jp/jpkimock/rp/platform/signing"
)

// Algorithm is one of ID tokens and client assertions, by its name of RFC 7518.
type Algorithm = signing.Algorithm

// Algorithms are those of ID tokens and of client assertions. A service that says
// nothing gets the first, which is also that of the real platform.
func Algorithms() []Algorithm { return signing.Algorithms() }

// idClaims are the claims of an ID token beside the registered ones. There is no
// personal data among them.
type idClaims struct {
	AuthTime        *jwt.NumericDate `json:"auth_time"`
	Nonce           string           `json:"nonce,omitempty"` // none after a refresh
	Class           string           `json:"acr"`
	Methods         []string         `json:"amr"` // a smart card and a PIN (RFC 8176)
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
		AuthTime: jwt.NewNumericDate(c.AuthTime), Nonce: c.Nonce, Class: acr.AAL3, Methods: []string{"sc", "pin", "mfa"},
		AuthorizedParty: string(sp.ID), AccessTokenHash: base64.RawURLEncoding.EncodeToString(half[:16]), Presence: c.Presence,
	}
	return jwt.Signed(p.ring.Load().sign[sp.IDTokenAlg]).Claims(registered).Claims(own).Serialize()
}
