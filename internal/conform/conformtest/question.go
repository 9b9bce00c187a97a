// Package conformtest is what the small programs of the profiles' tests share.
package conformtest

import (
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
)

// Question is an OCSP request about one certificate of an issuer, with a nonce (RFC 6960 §4.1, RFC
// 9654). It panics for an issuer whose key is none.
func Question(issuer *x509.Certificate, serial *big.Int, nonce []byte) []byte {
	var key struct {
		Algorithm pkix.AlgorithmIdentifier
		Bits      asn1.BitString
	}
	if _, err := asn1.Unmarshal(issuer.RawSubjectPublicKeyInfo, &key); err != nil {
		panic(err)
	}
	name, bits := sha256.Sum256(issuer.RawSubject), sha256.Sum256(key.Bits.Bytes)
	type certID struct {
		Hash      pkix.AlgorithmIdentifier
		Name, Key []byte
		Serial    *big.Int
	}
	type request struct{ ID certID }
	sha := pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}, Parameters: asn1.NullRawValue}
	var whole struct {
		TBS struct {
			Requests   []request
			Extensions []pkix.Extension `asn1:"explicit,tag:2"`
		}
	}
	whole.TBS.Requests = []request{{certID{sha, name[:], bits[:], serial}}}
	whole.TBS.Extensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 2}, Value: encode(nonce)}}
	return encode(whole)
}

func encode(v any) []byte {
	der, err := asn1.Marshal(v)
	if err != nil {
		panic(err)
	}
	return der
}
