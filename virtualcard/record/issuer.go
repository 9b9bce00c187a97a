package record

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	_ "embed"
	"encoding/pem"
	"sync"
)

// keysPEM has four RSA-2048 keys, in the order of the constants below. They are published
// and prove nothing.
//
//go:embed keys.pem
var keysPEM []byte

// The keys of the issuer that does not exist, and the one inside every chip.
const (
	root   = iota // signs the certificates of the others
	texter        // signs the card-face text application's content
	facer         // signs the card face application's content
	chip          // stands for what a real chip makes inside: internal signing and authentication
)

var keys = sync.OnceValue(func() (all []*rsa.PrivateKey) {
	rest := keysPEM
	for {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return all
		}
		key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		if err != nil {
			panic(err) // it is part of the program
		}
		all = append(all, key.(*rsa.PrivateKey))
	}
})

// ChipKey is the key with which a chip answers INTERNAL AUTHENTICATE and signs without a
// PIN. On this mock every chip has the same one, which is published.
func ChipKey() *rsa.PrivateKey { return keys()[chip] }

// IssuerKey is the public key of the issuer that does not exist: it certifies the keys that sign
// the content of the card's applications.
func IssuerKey() *rsa.PublicKey { return &keys()[root].PublicKey }

// keyID is the 16 bytes that name a key: seven digits, 08 05, "001" and a number. Series 5
// is real and series 6 the operator's tests: the mock's is 9.
func keyID(key int) []byte {
	series := map[int]string{root: "9000020", texter: "9000033", facer: "9000023", chip: "9000099"}[key]
	return append(append([]byte(series), 0x08, 0x05, '0', '0', '1'), 0, 0, 0, byte(key+1))
}

// publicKey is the inside of a public key object: 90 exponent, 91 modulus.
func publicKey(key int) []byte {
	return append(tlv(0x90, []byte{0x01, 0x00, 0x01}), tlv(0x91, keys()[key].N.FillBytes(make([]byte, 256)))...)
}

// signed signs the concatenation of parts, PKCS#1 v1.5 with SHA-256.
func signed(key int, parts ...[]byte) []byte {
	h := sha256.New()
	for _, p := range parts {
		h.Write(p)
	}
	return mustSign(key, crypto.SHA256, h.Sum(nil))
}

// mustSign signs what the chosen hash made, or with none the data as it is.
func mustSign(key int, hash crypto.Hash, data []byte) []byte {
	signature, err := rsa.SignPKCS1v15(nil, keys()[key], hash, data)
	if err != nil {
		panic(err) // the key is long enough for every hash here
	}
	return signature
}

// cvCertificate is the card verifiable certificate of a key by the root, 568 bytes:
// 7F21 { 5F4E { issuer, subject, public key }, 5F37 signature over the 5F4E value }.
func cvCertificate(key int) []byte {
	body, signature := cvParts(key)
	return tlv(0x7F21, body, signature)
}

func cvParts(key int) (body, signature []byte) {
	value := append(append(keyID(root), keyID(key)...), publicKey(key)...)
	return tlv(0x5F4E, value), tlv(0x5F37, signed(root, value))
}
