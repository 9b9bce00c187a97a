package authority

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
// a responder key is RSA, or ECDSA on P-256 where speed matters more than
// likeness.
type Keys interface {
	CAKey(ctx context.Context, kind jpki.Kind) (crypto.Signer, error)
	ResponderKey(ctx context.Context, kind jpki.Kind) (crypto.Signer, error)
}

// keyBits is the size of the keys the authority makes for itself, as on the
// real certificates.
const keyBits = 2048

// keptKeys makes each key once and keeps it in the store.
type keptKeys struct{ store Store }

// CAKey gives the key of the CA of a kind.
func (k keptKeys) CAKey(ctx context.Context, kind jpki.Kind) (crypto.Signer, error) {
	return k.key(ctx, "key/ca/"+kind.String())
}

// ResponderKey gives the key of the OCSP responder of a kind.
func (k keptKeys) ResponderKey(ctx context.Context, kind jpki.Kind) (crypto.Signer, error) {
	return k.key(ctx, "key/responder/"+kind.String())
}

func (k keptKeys) key(ctx context.Context, name string) (crypto.Signer, error) {
	der, err := k.store.Kept(ctx, name)
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
	made, err := kms.CreateKey(&kmsapi.CreateKeyRequest{Name: name, SignatureAlgorithm: kmsapi.SHA256WithRSA, Bits: keyBits})
	if err != nil {
		return nil, err
	}
	if der, err = x509.MarshalPKCS8PrivateKey(made.PrivateKey); err != nil {
		return nil, err
	}
	if err := k.store.Commit(ctx, Change{Kept: map[string][]byte{name: der}}); err != nil {
		return nil, err
	}
	return kms.CreateSigner(&made.CreateSignerRequest)
}

// checkKey refuses a key the profile or the responder has no algorithm for.
func checkKey(key crypto.Signer, mayBeECDSA bool) error {
	switch pub := key.Public().(type) {
	case *rsa.PublicKey:
		if pub.N.BitLen() < keyBits {
			return fmt.Errorf("RSA key of %d bits: want %d", pub.N.BitLen(), keyBits)
		}
		return nil
	case *ecdsa.PublicKey:
		if mayBeECDSA && pub.Curve == elliptic.P256() {
			return nil
		}
	}
	return fmt.Errorf("key of type %T is not one of this profile", key.Public())
}
