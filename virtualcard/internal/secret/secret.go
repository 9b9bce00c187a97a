// Package secret holds what must not leave a card: private keys and PINs. A
// Value prints, formats and marshals as a placeholder wherever it goes; only
// packages below virtualcard can take the bytes out, and only the card's own
// processor and its store do.
package secret

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
)

// placeholder is all that anybody sees of a Value.
const placeholder = "[kept on the card]"

// Value is a private key in PKCS#8 DER, or a PIN in ASCII. The zero Value is
// nothing kept. The bytes are in a closure: where fmt cannot call methods, on
// unexported fields, it prints an address for a function under every verb,
// though not for a pointer.
type Value struct{ open func() []byte }

// New keeps a copy of b. Nothing is kept of an empty b.
func New(b []byte) Value {
	if len(b) == 0 {
		return Value{}
	}
	kept := append([]byte{}, b...)
	return Value{open: func() []byte { return kept }}
}

// Open takes out what is kept: a copy, or nil.
func Open(v Value) []byte {
	if v.open == nil {
		return nil
	}
	return append([]byte{}, v.open()...)
}

// Equal compares what is kept with b, byte for byte and in constant time for
// equal lengths. Nothing kept equals nothing.
func Equal(v Value, b []byte) bool {
	return v.open != nil && subtle.ConstantTimeCompare(v.open(), b) == 1
}

// IsZero reports whether nothing is kept.
func (v Value) IsZero() bool { return v.open == nil }

// Format writes the placeholder for every verb and flag.
func (v Value) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, placeholder) }

// String returns the placeholder.
func (v Value) String() string { return placeholder }

// MarshalText refuses: a secret has no text form.
func (v Value) MarshalText() ([]byte, error) {
	return nil, errors.New("secret: a key or PIN is not written out")
}
