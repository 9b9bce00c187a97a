package virtualcard

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard/apdu"
	"example.jp/jpkimock/virtualcard/internal/secret"
)

// keyBits is the size of every key on a card.
const keyBits = 2048

// longestRaw is the longest data that fits PKCS#1 v1.5 type 1 padding.
const longestRaw = keyBits/8 - 11

// computeDigitalSignature is COMPUTE DIGITAL SIGNATURE, 80 2A P1 P2 Lc data Le.
// P2 is 80 for the key in the current EF, or 80|sfi (97 for 0017, 9A for 001A).
//
//	P1 00  data (1 to 245 bytes) padded as it is, PKCS#1 v1.5 type 1. It need
//	       not be a DigestInfo; clients send 30 31 30 0D 06 09 60 86 48 01 65
//	       03 04 02 01 05 00 04 20 and a SHA-256 hash
//	P1 01  the card hashes the data with SHA-256 and pads the bare hash
//	P1 02  data is a SHA-256 hash; the card puts the DigestInfo before it
//	P1 03  the card does both
//	P1 04  data is a SHA-256 hash, padded as PSS
//	P1 05  the card hashes with SHA-256 and pads as PSS
//
// The answer is 256 bytes, zeros to the left included, and 9000. 6982 without
// VERIFY of the key's PIN, 6985 without a key, 6700 for a wrong length or a Le
// below 256, 6A86 for another P1.
func (c *chip) computeDigitalSignature(_ context.Context, cmd apdu.Command) (apdu.Response, error) {
	if cmd.P1 > 0x05 {
		return refuse(apdu.WrongP1P2)
	}
	f, sw := c.reference(cmd.P2, keyFile)
	switch {
	case sw != apdu.OK:
		return refuse(sw)
	case !c.verified[f.needs]:
		return refuse(apdu.NotVerified)
	case len(cmd.Data) == 0 || cmd.Ne < keyBits/8,
		cmd.P1 == 0x00 && len(cmd.Data) > longestRaw,
		(cmd.P1 == 0x02 || cmd.P1 == 0x04) && len(cmd.Data) != sha256.Size:
		return refuse(apdu.WrongLength)
	case c.card.Slots[f.of].Key.IsZero():
		return refuse(apdu.ConditionsNotMet)
	}
	key, err := c.keys.key(f.of, c.card.Slots[f.of].Key)
	if err != nil {
		return apdu.Response{}, err
	}
	signature, err := c.sign(key, cmd.P1, cmd.Data)
	if err != nil {
		return apdu.Response{}, fmt.Errorf("virtualcard: compute signature: %w", err)
	}
	return answer(cmd, signature)
}

// sign pads data as P1 asks and applies the key.
func (c *chip) sign(key *rsa.PrivateKey, p1 byte, data []byte) ([]byte, error) {
	if p1 == 0x01 || p1 == 0x03 || p1 == 0x05 {
		hash := sha256.Sum256(data)
		data = hash[:]
	}
	switch p1 {
	case 0x02, 0x03:
		return rsa.SignPKCS1v15(nil, key, crypto.SHA256, data)
	case 0x04, 0x05:
		return rsa.SignPSS(c.rand, key, crypto.SHA256, data, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash})
	}
	return rsa.SignPKCS1v15(nil, key, 0, data)
}

// marshalKey returns the secret form of a key: PKCS#8 DER.
func marshalKey(key *rsa.PrivateKey) (secret.Value, error) {
	if key == nil || key.N.BitLen() != keyBits {
		return secret.Value{}, fmt.Errorf("virtualcard: a card's key has %d bits", keyBits)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return secret.Value{}, errors.New("virtualcard: the key cannot be written")
	}
	return secret.New(der), nil
}

// keyRing keeps the keys that a card has signed with ready for the next signature:
// parsing PKCS#8, with every check, takes a quarter of the time of a signature
// (BenchmarkCardSignature). Whoever has the card's seat uses it. The keys are in
// closures, as in package secret, so that nothing prints them.
type keyRing struct{ ready map[jpki.Kind]readyKey }

type readyKey struct {
	kept secret.Value // what it was parsed from
	open func() *rsa.PrivateKey
}

func newKeyRing() *keyRing { return &keyRing{map[jpki.Kind]readyKey{}} }

// key returns a key, parsed anew if the card has another one now.
func (r *keyRing) key(k jpki.Kind, kept secret.Value) (*rsa.PrivateKey, error) {
	if ready := r.ready[k]; secret.Equal(ready.kept, secret.Open(kept)) {
		return ready.open(), nil
	}
	key, err := parseKey(kept)
	if err != nil {
		return nil, err
	}
	r.ready[k] = readyKey{kept, func() *rsa.PrivateKey { return key }}
	return key, nil
}

// parseKey parses the secret form of a key. Its errors do not reveal the bytes.
func parseKey(v secret.Value) (*rsa.PrivateKey, error) {
	parsed, err := x509.ParsePKCS8PrivateKey(secret.Open(v))
	if err != nil {
		return nil, errors.New("virtualcard: the stored key cannot be read")
	}
	key, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		return nil, errors.New("virtualcard: the stored key is not RSA")
	}
	return key, nil
}
