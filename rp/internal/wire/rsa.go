package wire

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"math/big"
)

// Signed reports whether a certificate's key made a signature (PKCS #1 v1.5) over a SHA-256.
func Signed(cert *x509.Certificate, digest [sha256.Size]byte, signature []byte) bool {
	key, ok := cert.PublicKey.(*rsa.PublicKey)
	return ok && rsa.VerifyPKCS1v15(key, crypto.SHA256, digest[:], signature) == nil
}

// SignedSomethingElse reports whether a signature is a genuine one by this key
// over some SHA-256 digest. With RSA the digest can be read out of the
// signature: so an answer that was made for a phishing page can be told from
// one that another key made. It decides only the name of a refusal.
func SignedSomethingElse(cert *x509.Certificate, signature []byte) bool {
	key, ok := cert.PublicKey.(*rsa.PublicKey)
	if !ok || len(signature) != key.Size() {
		return false
	}
	opened := new(big.Int).Exp(new(big.Int).SetBytes(signature), big.NewInt(int64(key.E)), key.N).FillBytes(make([]byte, key.Size()))
	return Signed(cert, [sha256.Size]byte(opened[len(opened)-sha256.Size:]), signature)
}
