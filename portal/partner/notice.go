package partner

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
)

// Notice is a letter for a post-office box. The JWS that carries it is sealed by its
// sender, so that it proves who wrote it, also years later.
type Notice struct {
	ID     string `json:"jti"` // the sender's own: one that was delivered is not delivered again
	Sender string `json:"iss"`
	Box    string `json:"sub"` // the address of the box
	At     int64  `json:"iat"` // seconds since 1970
	Title  string `json:"title"`
	Body   string `json:"body"` // plain text
	// About is the number of the application that it answers; empty for none.
	About string `json:"about,omitempty"`
}

// NoticeType is the typ of a sealed notice.
const NoticeType = "jpkimock-notice+jws"

// Seal signs a notice: a JWS in compact form (RFC 7515), ES256, with the sender's key
// ID in its header.
func Seal(key *ecdsa.PrivateKey, keyID string, n Notice) (string, error) {
	if key == nil || key.Curve != elliptic.P256() {
		return "", errors.New("partner: a notice is sealed with a P-256 key")
	}
	header, err := json.Marshal(map[string]string{"alg": "ES256", "typ": NoticeType, "kid": keyID})
	if err != nil {
		return "", err
	}
	payload, err := json.Marshal(n)
	if err != nil {
		return "", err
	}
	text := base64.RawURLEncoding.EncodeToString(header) + "." + base64.RawURLEncoding.EncodeToString(payload)
	sum := sha256.Sum256([]byte(text))
	r, s, err := ecdsa.Sign(rand.Reader, key, sum[:])
	if err != nil {
		return "", err
	}
	signature := make([]byte, 64)
	r.FillBytes(signature[:32])
	s.FillBytes(signature[32:])
	return text + "." + base64.RawURLEncoding.EncodeToString(signature), nil
}

// KeySet gives the JWK Set (RFC 7517) by which a sender's seals are verified, and the
// key's ID: the thumbprint (RFC 7638).
func KeySet(key *ecdsa.PublicKey) (set []byte, keyID string, err error) {
	point, err := key.Bytes()
	if err != nil || key.Curve != elliptic.P256() {
		return nil, "", errors.New("partner: the key is not of the curve P-256")
	}
	b64 := base64.RawURLEncoding.EncodeToString
	x, y := b64(point[1:33]), b64(point[33:])
	sum := sha256.Sum256(fmt.Appendf(nil, `{"crv":"P-256","kty":"EC","x":%q,"y":%q}`, x, y))
	keyID = b64(sum[:])
	set, err = json.Marshal(map[string]any{"keys": []map[string]string{
		{"kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": keyID, "alg": "ES256", "use": "sig"},
	}})
	return set, keyID, err
}
