package oidcclient

import (
	"crypto"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// assertionLife is how long a client assertion can be used.
const assertionLife = time.Minute

// assertion proves to the token endpoint which client asks (RFC 7523 §2.2).
func (c *Client) assertion(tokenURL string) (string, error) {
	if c.Key == nil || c.Key.Curve != elliptic.P256() {
		return "", fmt.Errorf("oidcclient: client %s has no P-256 key", c.ID)
	}
	kid := c.KeyID
	if kid == "" {
		sum, err := (&jose.JSONWebKey{Key: &c.Key.PublicKey}).Thumbprint(crypto.SHA256)
		if err != nil {
			return "", err
		}
		kid = base64.RawURLEncoding.EncodeToString(sum)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: c.Key},
		(&jose.SignerOptions{}).WithType("JWT").WithHeader("kid", kid))
	if err != nil {
		return "", err
	}
	now := c.now()
	claims, err := json.Marshal(map[string]any{
		"iss": c.ID, "sub": c.ID, "aud": []string{tokenURL, c.issuer}, "jti": rand.Text(),
		"iat": now.Unix(), "exp": now.Add(assertionLife).Unix(),
	})
	if err != nil {
		return "", err
	}
	signed, err := signer.Sign(claims)
	if err != nil {
		return "", err
	}
	return signed.CompactSerialize()
}
