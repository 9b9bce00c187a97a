package rptest

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	_ "embed"
	"encoding/pem"
	"fmt"
	"sync"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard"
)

// keysPEM has the published keys: of two CAs, of their two responders, then of
// cards. Whoever trusts a certificate of theirs trusts everybody.
//
//go:embed keys.pem
var keysPEM []byte

// ofAuthority is how many of the keys are not a card's.
const ofAuthority = 4

// publishedKeys reads the keys from one place to before another, or to the end
// for 0.
func publishedKeys(from, to int) ([]*rsa.PrivateKey, error) {
	var keys []*rsa.PrivateKey
	text := keysPEM
	for i := 0; ; i++ {
		var block *pem.Block
		if block, text = pem.Decode(text); block == nil || to > 0 && i == to {
			return keys, nil
		}
		if i < from {
			continue
		}
		key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("key %d: %w", i, err)
		}
		k, ok := key.(*rsa.PrivateKey)
		if !ok {
			return nil, fmt.Errorf("key %d is no RSA key", i)
		}
		keys = append(keys, k)
	}
}

// keyBits is the size of the profile's keys.
const keyBits = 2048

// authorityKeys are an ca.Keys.
func authorityKeys(fresh bool) (keyRing, error) {
	keys, err := publishedKeys(0, ofAuthority)
	if err != nil {
		return keyRing{}, err
	}
	for i := range ofAuthority {
		if fresh {
			if keys[i], err = rsa.GenerateKey(rand.Reader, keyBits); err != nil {
				return keyRing{}, err
			}
		}
	}
	return keyRing{keys}, nil
}

type keyRing struct{ keys []*rsa.PrivateKey }

// CAKey gives the key of a kind's CA.
func (k keyRing) CAKey(_ context.Context, kind jpki.Kind) (crypto.Signer, error) {
	return k.keys[place(kind)], nil
}

// ResponderKey gives the key of a kind's OCSP responder.
func (k keyRing) ResponderKey(_ context.Context, kind jpki.Kind) (crypto.Signer, error) {
	return k.keys[2+place(kind)], nil
}

func place(kind jpki.Kind) int {
	if kind == jpki.DigitalSignature {
		return 0
	}
	return 1
}

// cardKeys is a virtualcard.KeySource: the published keys one after the other,
// then new ones, so that no two certificates of a World share a key.
type cardKeys struct {
	mu   sync.Mutex
	left []*rsa.PrivateKey
}

// Key gives a key that nobody else has.
func (c *cardKeys) Key(context.Context, virtualcard.CardID, jpki.Kind) (*rsa.PrivateKey, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.left) == 0 {
		return rsa.GenerateKey(rand.Reader, keyBits)
	}
	key := c.left[0]
	c.left = c.left[1:]
	return key, nil
}
