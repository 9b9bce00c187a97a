// Package sealed encrypts what a row of a database keeps (XChaCha20-Poly1305), each with a
// key of whose it is, and bound to the row's other columns: content that was moved to
// another row, or put back into an earlier state of its own, does not open.
package sealed

import (
	"crypto/rand"
	"errors"
	"fmt"

	"golang.org/x/crypto/chacha20poly1305"
)

// ErrSealed is content that does not open: another key's, another row's, or changed.
var ErrSealed = errors.New("sealed: the content does not open")

// NewKey makes a key of 32 octets.
func NewKey() []byte {
	key := make([]byte, chacha20poly1305.KeySize)
	rand.Read(key)
	return key
}

// Seal gives nonce and ciphertext of the content, bound to the octets of bound, which are
// not in it.
func Seal(key, content, bound []byte) ([]byte, error) {
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return nil, fmt.Errorf("sealed: %w", err)
	}
	nonce := make([]byte, aead.NonceSize(), aead.NonceSize()+len(content)+aead.Overhead())
	rand.Read(nonce)
	return aead.Seal(nonce, nonce, content, bound), nil
}

// Open gives the content, or ErrSealed.
func Open(key, sealed, bound []byte) ([]byte, error) {
	aead, err := chacha20poly1305.NewX(key)
	if err != nil || len(sealed) < aead.NonceSize() {
		return nil, ErrSealed
	}
	content, err := aead.Open(nil, sealed[:aead.NonceSize()], sealed[aead.NonceSize():], bound)
	if err != nil {
		return nil, ErrSealed
	}
	return content, nil
}
