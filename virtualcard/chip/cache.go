package chip

import (
	"crypto/rsa"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard/internal/secret"
	"example.jp/jpkimock/virtualcard/record"
)

// Cache keeps what a card would have to make again each time it gets power. The zero Cache
// is ready, and whoever uses the card uses it.
//
// Keys: parsing PKCS#8, with every check, takes a quarter of the time of a signature
// (BenchmarkCardSignature). They are in closures, as in package secret, so that nothing prints them.
// Files: the pictures and signatures in them take milliseconds.
type Cache struct {
	keys  map[jpki.Kind]readyKey
	of    record.Record
	files map[string][]byte
}

type readyKey struct {
	kept secret.Value // what it was parsed from
	open func() *rsa.PrivateKey
}

// key returns a key, parsed anew if the card has another one now.
func (c *Cache) key(k jpki.Kind, kept secret.Value) (*rsa.PrivateKey, error) {
	if ready := c.keys[k]; secret.Equal(ready.kept, secret.Open(kept)) {
		return ready.open(), nil
	}
	key, err := ParseKey(kept)
	if err != nil {
		return nil, err
	}
	if c.keys == nil {
		c.keys = map[jpki.Kind]readyKey{}
	}
	c.keys[k] = readyKey{kept, func() *rsa.PrivateKey { return key }}
	return key, nil
}

// file returns a file of a record, made anew if the record is another one now.
func (c *Cache) file(of record.Record, name string, write func(record.Record) []byte) []byte {
	if c.files == nil || c.of != of {
		c.of, c.files = of, map[string][]byte{}
	}
	if c.files[name] == nil {
		c.files[name] = write(of)
	}
	return c.files[name]
}
