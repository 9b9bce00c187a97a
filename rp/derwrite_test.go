package rp

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/asn1"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.jp/jpkimock/rp/internal/wire"
)

// tlv writes a DER value.
func tlv(tag byte, parts ...[]byte) []byte {
	content := slices.Concat(parts...)
	n := len(content)
	switch {
	case n < 0x80:
		return append([]byte{tag, byte(n)}, content...)
	case n < 0x100:
		return append([]byte{tag, 0x81, byte(n)}, content...)
	case n < 0x10000:
		return append([]byte{tag, 0x82, byte(n >> 8), byte(n)}, content...)
	}
	return append([]byte{tag, 0x83, byte(n >> 16), byte(n >> 8), byte(n)}, content...)
}

func seq(parts ...[]byte) []byte { return tlv(wire.TagSequence, parts...) }
func set(parts ...[]byte) []byte { return tlv(wire.TagSet, parts...) }

func sorted(parts [][]byte) [][]byte {
	parts = slices.Clone(parts)
	slices.SortFunc(parts, slices.Compare)
	return parts
}

func oid(text string) []byte {
	var id asn1.ObjectIdentifier
	for _, n := range strings.Split(text, ".") {
		v, err := strconv.Atoi(n)
		if err != nil {
			panic(err)
		}
		id = append(id, v)
	}
	return must(asn1.Marshal(id))
}

func rawOID(content string) []byte    { return tlv(wire.TagOID, []byte(content)) }
func octets(b []byte) []byte          { return tlv(wire.TagOctetString, b) }
func bitString(b []byte) []byte       { return tlv(wire.TagBitString, []byte{0}, b) }
func enumerated(n int) []byte         { return tlv(wire.TagEnumerated, []byte{byte(n)}) }
func number(n int64) []byte           { return must(asn1.Marshal(big.NewInt(n))) }
func algorithm(content string) []byte { return seq(rawOID(content), tlv(wire.TagNull)) }

func generalized(t time.Time) []byte {
	return tlv(wire.TagGeneralizedTime, []byte(t.UTC().Format("20060102150405Z")))
}

func utc(t time.Time) []byte { return tlv(wire.TagUTCTime, []byte(t.UTC().Format("060102150405Z"))) }

func sha(b []byte) []byte { h := sha256.Sum256(b); return h[:] }

func shaOne(b []byte) []byte { h := sha1.Sum(b); return h[:] }

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// sign makes an RSASSA-PKCS1-v1_5 signature, which is the same every time.
func sign(key *rsa.PrivateKey, message []byte) []byte {
	return must(rsa.SignPKCS1v15(nil, key, crypto.SHA256, sha(message)))
}

func signSHA1(key *rsa.PrivateKey, message []byte) []byte {
	return must(rsa.SignPKCS1v15(nil, key, crypto.SHA1, shaOne(message)))
}

// flip gives b with one bit changed.
func flip(b []byte) []byte {
	b = slices.Clone(b)
	b[len(b)/2] ^= 1
	return b
}
