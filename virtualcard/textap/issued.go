package textap

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"errors"
	"math/big"

	"example.jp/jpkimock/virtualcard/jpkiap"
	"example.jp/jpkimock/virtualcard/record"
)

// ErrNotIssued: the four basic data are not those that an issuer signed, or another issuer did.
var ErrNotIssued = errors.New("textap: the four basic data are not signed by the issuer")

// ReadIssued is ReadAttributes, and checks that the issuer of this key signed them: its
// certificate is EF 0004, the hash of the four objects is in EF 0003, and EF 0003 is signed with
// the certified key (docs/card-protocol.md).
func ReadIssued(ctx context.Context, to jpkiap.Transmitter, pin string, issuer *rsa.PublicKey) (Attributes, error) {
	a, err := ReadAttributes(ctx, to, pin)
	if err != nil {
		return a, err
	}
	d := driver{to} // still selected, and the PIN verified
	var files [3][]byte
	for i, fid := range []jpkiap.FID{record.TextAttributes, record.TextSignature, record.TextIssuer} {
		if files[i], err = d.read(ctx, fid); err != nil {
			return Attributes{}, err
		}
	}
	again, err := parse(files[0])
	if err != nil {
		return Attributes{}, err
	}
	if again != a || !issued(files[0], files[1], files[2], issuer) {
		return Attributes{}, ErrNotIssued
	}
	return a, nil
}

// issued checks EF 0002 against EF 0003 and EF 0004.
func issued(attributes, signature, certificate []byte, issuer *rsa.PublicKey) bool {
	whole, _ := inside(attributes, 0xFF20)
	table, _, _ := first(whole)
	objects := whole[len(table):]
	signed, ok := inside(signature, 0xFF30)
	if !ok {
		return false
	}
	number, _, _ := first(signed) // DF31, of a file that is not asked for
	hashes := signed[len(number):]
	hash, digest, tag := first(hashes)
	want := sha256.Sum256(objects)
	if tag != 0xDF32 || !bytes.Equal(digest, want[:]) {
		return false
	}
	_, value, tag := first(hashes[len(hash):])
	key, ok := certified(certificate, issuer)
	return ok && tag == 0xDF33 && verifies(key, signed[:len(number)+len(hash)], value)
}

// certified reads the key of a card verifiable certificate that the issuer has signed.
func certified(certificate []byte, issuer *rsa.PublicKey) (*rsa.PublicKey, bool) {
	whole, ok := inside(certificate, 0x7F21)
	if !ok {
		return nil, false
	}
	object, body, tag := first(whole)
	_, signature, tagOfSignature := first(whole[len(object):])
	// 16 octets each of the issuer's and the subject's key, 90 03 010001, 91 82 0100 and the modulus.
	const modulus = 256
	if tag != 0x5F4E || tagOfSignature != 0x5F37 || len(body) != 32+5+4+modulus || !verifies(issuer, body, signature) {
		return nil, false
	}
	return &rsa.PublicKey{N: new(big.Int).SetBytes(body[len(body)-modulus:]), E: 0x010001}, true
}

func verifies(key *rsa.PublicKey, data, signature []byte) bool {
	hash := sha256.Sum256(data)
	return rsa.VerifyPKCS1v15(key, crypto.SHA256, hash[:], signature) == nil
}

// inside gives the value of the object that a file begins with, if it has the tag.
func inside(file []byte, tag uint16) ([]byte, bool) {
	got, value, ok := header(file)
	if !ok || got != tag || value.end > len(file) {
		return nil, false
	}
	return file[value.begin:value.end], true
}

// first gives the first object of a value with its header, its value and its tag; nothing if there
// is none.
func first(b []byte) (object, value []byte, tag uint16) {
	tag, at, ok := header(b)
	if !ok || at.end > len(b) {
		return nil, nil, 0
	}
	return b[:at.end], b[at.begin:at.end], tag
}
