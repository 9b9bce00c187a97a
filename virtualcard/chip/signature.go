package chip

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"

	"example.jp/jpkimock/virtualcard/apdu"
	"example.jp/jpkimock/virtualcard/internal/secret"
	"example.jp/jpkimock/virtualcard/record"
)

// KeyBits is the size of every key on a card.
const KeyBits = 2048

// longestRaw is the longest data that fits PKCS#1 v1.5 type 1 padding.
const longestRaw = KeyBits/8 - 11

// computeDigitalSignature is COMPUTE DIGITAL SIGNATURE, 80 2A P1 P2 Lc data Le.
// P2 is 80 for the key in the current EF, or 80|sfi (97 for 0017, 9A for 001A); in the
// text application 00 stands for its own key 0013, which needs no PIN.
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
func (c *Chip) computeDigitalSignature(_ context.Context, cmd apdu.Command) (apdu.Response, error) {
	if cmd.P1 > 0x05 {
		return refuse(apdu.WrongP1P2)
	}
	f, sw := c.reference(c.defaultKey(cmd.P2), keyFile)
	switch {
	case sw != apdu.OK:
		return refuse(sw)
	case !c.may(f):
		return refuse(apdu.NotVerified)
	case len(cmd.Data) == 0 || cmd.Ne < KeyBits/8,
		cmd.P1 == 0x00 && len(cmd.Data) > longestRaw,
		(cmd.P1 == 0x02 || cmd.P1 == 0x04) && len(cmd.Data) != sha256.Size:
		return refuse(apdu.WrongLength)
	case f.of == 0 && f.fid != internalKey, f.of != 0 && c.card.Slots[f.of].Key.IsZero():
		return refuse(apdu.ConditionsNotMet)
	}
	key, err := c.keyOf(f)
	if err != nil {
		return apdu.Response{}, err
	}
	signature, err := c.sign(key, cmd.P1, cmd.Data)
	if err != nil {
		return apdu.Response{}, fmt.Errorf("chip: compute signature: %w", err)
	}
	return answer(cmd, signature)
}

// defaultKey is the P2 that 00 stands for.
func (c *Chip) defaultKey(p2 byte) byte {
	if p2 == 0x00 && string(c.df.aid) == string(record.TextAID()) {
		return 0x80 | byte(internalKey)
	}
	return p2
}

// keyOf returns the private key of a key file.
func (c *Chip) keyOf(f *ef) (*rsa.PrivateKey, error) {
	if f.of == 0 {
		return record.ChipKey(), nil
	}
	return c.cache.key(f.of, c.card.Slots[f.of].Key)
}

// sign pads data as P1 asks and applies the key.
func (c *Chip) sign(key *rsa.PrivateKey, p1 byte, data []byte) ([]byte, error) {
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

// MarshalKey returns the secret form of a key: PKCS#8 DER.
func MarshalKey(key *rsa.PrivateKey) (secret.Value, error) {
	if key == nil || key.N.BitLen() != KeyBits {
		return secret.Value{}, fmt.Errorf("chip: a card's key has %d bits", KeyBits)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return secret.Value{}, errors.New("chip: the key cannot be written")
	}
	return secret.New(der), nil
}

// ParseKey parses the secret form of a key. Its errors do not reveal the bytes.
func ParseKey(v secret.Value) (*rsa.PrivateKey, error) {
	parsed, err := x509.ParsePKCS8PrivateKey(secret.Open(v))
	if err != nil {
		return nil, errors.New("chip: the stored key cannot be read")
	}
	key, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		return nil, errors.New("chip: the stored key is not RSA")
	}
	return key, nil
}
