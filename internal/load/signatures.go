package load

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/seed"
)

// The algorithms of a responder's key, as the table calls them.
const (
	rsa2048 = "RSA-2048"
	p256    = "P-256"
)

// bareSignatures returns how many signatures a processor makes in a second, with
// nothing around them, by algorithm.
func bareSignatures(ctx context.Context, d time.Duration) (map[string]float64, error) {
	rsaKey, err := seed.Key("responder", jpki.UserAuthentication)
	if err != nil {
		return nil, err
	}
	ecKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	rates := map[string]float64{}
	for name, key := range map[string]crypto.Signer{rsa2048: rsaKey, p256: ecKey} {
		if rates[name], err = bareRate(ctx, key, d); err != nil {
			return nil, err
		}
	}
	return rates, nil
}

func bareRate(ctx context.Context, key crypto.Signer, d time.Duration) (float64, error) {
	digest, n := sha256.Sum256([]byte("a bare signature")), 0
	used, err := own(func() error {
		for began := time.Now(); time.Since(began) < d && ctx.Err() == nil; n++ {
			if _, err := key.Sign(rand.Reader, digest[:], crypto.SHA256); err != nil {
				return err
			}
		}
		return nil
	})
	return float64(n) / used.Seconds(), errors.Join(err, ctx.Err())
}
