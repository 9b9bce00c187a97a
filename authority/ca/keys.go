package ca

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"

	kmsapi "go.step.sm/crypto/kms/apiv1"
	"go.step.sm/crypto/kms/softkms"

	"example.jp/jpkimock/authority/jpki"
)

// Keys gives the private keys of the authority. A CA key is RSA with SHA-256;
// a responder key is RSA2048, or P256 where speed matters more than likeness.
type Keys interface {
	CAKey(ctx context.Context, kind jpki.Kind) (crypto.Signer, error)
	ResponderKey(ctx context.Context, kind jpki.Kind) (crypto.Signer, error)
}

// KeyType is the algorithm and the size of a responder's key.
type KeyType string

// The keys that a responder can have.
const (
	RSA2048 KeyType = "rsa-2048" // as the real one
	P256    KeyType = "p-256"    // signs many times as fast (BenchmarkOCSPNonceP256)
)

// ParseKeyType reads a KeyType; "" is RSA2048.
func ParseKeyType(s string) (KeyType, error) {
	switch k := KeyType(s); k {
	case "", RSA2048:
		return RSA2048, nil
	case P256:
		return k, nil
	}
	return "", fmt.Errorf("authority: unknown key type of OCSP responders %q: want %s or %s", s, RSA2048, P256)
}

// KeyBits is the size of RSA keys that a CA makes for itself and certifies, as on the
// real certificates.
const KeyBits = 2048

// KeptKeys are Keys that are made once and kept in a store.
type KeptKeys struct {
	Store Store
	// Responder is the type of the responders' keys; the zero value is RSA2048.
	Responder KeyType
}

// CAKey gives the key of the CA of a kind.
func (k KeptKeys) CAKey(ctx context.Context, kind jpki.Kind) (crypto.Signer, error) {
	return k.key(ctx, "key/ca/"+kind.String(), RSA2048)
}

// ResponderKey returns the key of the OCSP responder of a kind. The store keeps a key
// of each type, so that a change of the type can be undone.
func (k KeptKeys) ResponderKey(ctx context.Context, kind jpki.Kind) (crypto.Signer, error) {
	of, err := ParseKeyType(string(k.Responder))
	if err != nil {
		return nil, err
	}
	name := "key/responder/" + kind.String()
	if of != RSA2048 {
		name += "/" + string(of)
	}
	return k.key(ctx, name, of)
}

func (k KeptKeys) key(ctx context.Context, name string, of KeyType) (crypto.Signer, error) {
	der, err := k.Store.Kept(ctx, name)
	if err == nil {
		key, err := x509.ParsePKCS8PrivateKey(der)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		signer, ok := key.(crypto.Signer)
		if !ok {
			return nil, fmt.Errorf("%s: not a signing key", name)
		}
		return signer, nil
	}
	if !errors.Is(err, ErrNotKept) {
		return nil, err
	}
	kms, err := softkms.New(ctx, kmsapi.Options{Type: kmsapi.SoftKMS})
	if err != nil {
		return nil, err
	}
	request := &kmsapi.CreateKeyRequest{Name: name, SignatureAlgorithm: kmsapi.SHA256WithRSA, Bits: KeyBits}
	if of == P256 {
		request.SignatureAlgorithm, request.Bits = kmsapi.ECDSAWithSHA256, 0
	}
	made, err := kms.CreateKey(request)
	if err != nil {
		return nil, err
	}
	if der, err = x509.MarshalPKCS8PrivateKey(made.PrivateKey); err != nil {
		return nil, err
	}
	if err := k.Store.Keep(ctx, name, der); err != nil {
		return nil, err
	}
	return kms.CreateSigner(&made.CreateSignerRequest)
}

// checkKey refuses a key the profile or the responder has no algorithm for.
func checkKey(key crypto.Signer, mayBeECDSA bool) error {
	switch pub := key.Public().(type) {
	case *rsa.PublicKey:
		if pub.N.BitLen() < KeyBits {
			return fmt.Errorf("RSA key of %d bits: want %d", pub.N.BitLen(), KeyBits)
		}
		return nil
	case *ecdsa.PublicKey:
		if mayBeECDSA && pub.Curve == elliptic.P256() {
			return nil
		}
	}
	return fmt.Errorf("key of type %T is not one of this profile", key.Public())
}
