package oidc

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
)

// algorithm signs the ID tokens, as it does those of the Digital Agency's service.
const algorithm = "ES256"

// key is a signing key on P-256.
type key struct {
	id      string
	private *ecdsa.PrivateKey
}

func newKey() (*key, error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	return &key{rand.Text(), private}, err
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// point gives the public key as X and Y.
func (k *key) point() (x, y []byte) {
	raw, err := k.private.PublicKey.Bytes() // 4, X, Y
	if err != nil {
		panic(err) // a key of newKey is on P-256
	}
	return raw[1:33], raw[33:]
}

// public is the key as a JWK (RFC 7517).
func (k *key) public() map[string]string {
	x, y := k.point()
	return map[string]string{"kty": "EC", "crv": "P-256", "alg": algorithm, "use": "sig", "kid": k.id, "x": encode(x), "y": encode(y)}
}

// parts encodes header and claims: what is signed (RFC 7515 §5.1).
func parts(header, claims map[string]any) (string, error) {
	h, err := json.Marshal(header)
	if err != nil {
		return "", err
	}
	c, err := json.Marshal(claims)
	return encode(h) + "." + encode(c), err
}

// signs signs what is to be signed, and gives the whole token.
func (k *key) signs(input string) string {
	digest := sha256.Sum256([]byte(input))
	r, s, err := ecdsa.Sign(rand.Reader, k.private, digest[:])
	if err != nil {
		panic(err) // a key of newKey can sign
	}
	raw := make([]byte, 64)
	r.FillBytes(raw[:32])
	s.FillBytes(raw[32:])
	return input + "." + encode(raw)
}

// altered is the payload of what was signed, about another person.
func altered(input string) string {
	_, payload, _ := strings.Cut(input, ".")
	claims := map[string]any{}
	if decode(payload, &claims) != nil {
		return ""
	}
	claims["sub"] = somebodyElse
	text, err := json.Marshal(claims)
	if err != nil {
		return ""
	}
	return encode(text)
}

// decode reads a part of a token.
func decode(part string, into any) error {
	text, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}

// shared signs with the public key as if it were a secret that both sides have.
func (k *key) shared(input string) string {
	x, y := k.point()
	mac := hmac.New(sha256.New, append(append([]byte{4}, x...), y...))
	mac.Write([]byte(input))
	return encode(mac.Sum(nil))
}
