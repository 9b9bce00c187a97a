package authority_test

import (
	"cmp"
	"crypto"
	_ "crypto/md5"
	_ "crypto/sha1"
	_ "crypto/sha256"
	_ "crypto/sha3"
	_ "crypto/sha512"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"testing"

	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/jpki"
)

// question makes OCSP requests with encoding/asn1, so that the tests do not
// read with the eyes of what they test.
type question struct {
	kind      jpki.Kind
	serials   []jpki.SerialNumber
	nonce     []byte
	hash      crypto.Hash // 0 is SHA-1
	ofIssuer  jpki.Kind   // hashes of this CA instead of kind's
	signature bool
}

type (
	certID struct {
		Hash             pkix.AlgorithmIdentifier
		NameHash, KeyOID []byte
		Serial           asn1.RawValue
	}
	single     struct{ ID certID }
	tbsRequest struct {
		List       []single
		Extensions []pkix.Extension `asn1:"explicit,optional,omitempty,tag:2"`
	}
	requestSignature struct {
		Algorithm pkix.AlgorithmIdentifier
		Bits      asn1.BitString
	}
	ocspRequest struct {
		TBS       tbsRequest
		Signature requestSignature `asn1:"explicit,optional,tag:0"`
	}
)

// hashOIDs name the hash functions of CertIDs.
var hashOIDs = map[crypto.Hash]asn1.ObjectIdentifier{
	crypto.SHA1: {1, 3, 14, 3, 2, 26}, crypto.SHA224: {2, 16, 840, 1, 101, 3, 4, 2, 4}, crypto.SHA256: {2, 16, 840, 1, 101, 3, 4, 2, 1},
	crypto.SHA384: {2, 16, 840, 1, 101, 3, 4, 2, 2}, crypto.SHA512: {2, 16, 840, 1, 101, 3, 4, 2, 3},
	crypto.SHA3_256: {2, 16, 840, 1, 101, 3, 4, 2, 8}, crypto.SHA512_256: {2, 16, 840, 1, 101, 3, 4, 2, 6}, crypto.MD5: {1, 2, 840, 113549, 2, 5},
}

func hashOf(h crypto.Hash, b []byte) []byte {
	sum := h.New()
	sum.Write(b)
	return sum.Sum(nil)
}

func (q question) der(t testing.TB, w *authoritytest.World) []byte {
	t.Helper()
	issuer := q.kind
	if q.ofIssuer != 0 {
		issuer = q.ofIssuer
	}
	ca := w.CACertificate(issuer)
	hash := cmp.Or(q.hash, crypto.SHA1)
	var info struct {
		Algorithm pkix.AlgorithmIdentifier
		Key       asn1.BitString
	}
	if _, err := asn1.Unmarshal(ca.RawSubjectPublicKeyInfo, &info); err != nil {
		t.Fatal(err)
	}
	var r ocspRequest
	for _, s := range q.serials {
		number, err := asn1.Marshal(s.Big())
		if err != nil {
			t.Fatal(err)
		}
		r.TBS.List = append(r.TBS.List, single{certID{
			Hash:     pkix.AlgorithmIdentifier{Algorithm: hashOIDs[hash], Parameters: asn1.NullRawValue},
			NameHash: hashOf(hash, ca.RawSubject), KeyOID: hashOf(hash, info.Key.Bytes), Serial: asn1.RawValue{FullBytes: number},
		}})
	}
	if q.nonce != nil {
		value, err := asn1.Marshal(q.nonce)
		if err != nil {
			t.Fatal(err)
		}
		r.TBS.Extensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 2}, Value: value}}
	}
	var der []byte
	var err error
	if q.signature {
		r.Signature = requestSignature{pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 11}, Parameters: asn1.NullRawValue}, asn1.BitString{Bytes: make([]byte, 256), BitLength: 2048}}
		der, err = asn1.Marshal(r)
	} else {
		der, err = asn1.Marshal(struct{ TBS tbsRequest }{r.TBS})
	}
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func parse(t testing.TB, der []byte) *x509.Certificate {
	t.Helper()
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// certWithSerial is enough of a certificate for xocsp.ParseResponseForCert.
func certWithSerial(s jpki.SerialNumber) *x509.Certificate {
	return &x509.Certificate{SerialNumber: s.Big()}
}
