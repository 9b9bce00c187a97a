package chip

import (
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"slices"
	"testing"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard/internal/secret"
	"example.jp/jpkimock/virtualcard/record"
)

// A key is parsed once, and again when the card has another one.
func TestAKeyIsKeptUntilTheCardHasAnother(t *testing.T) {
	var cache Cache
	kept := func() secret.Value {
		t.Helper()
		key, err := rsa.GenerateKey(rand.Reader, KeyBits)
		if err != nil {
			t.Fatal(err)
		}
		v, err := MarshalKey(key)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	parsed := func(k jpki.Kind, v secret.Value) *rsa.PrivateKey {
		t.Helper()
		key, err := cache.key(k, v)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := MarshalKey(key); err != nil || !secret.Equal(again, secret.Open(v)) {
			t.Errorf("%s: another key than the one that is kept, %v", k, err)
		}
		return key
	}
	a, b := kept(), kept()
	first := parsed(jpki.DigitalSignature, a)
	if other := parsed(jpki.UserAuthentication, b); other == first {
		t.Error("both kinds have one key")
	}
	if parsed(jpki.DigitalSignature, a) != first {
		t.Error("the same key is parsed again")
	}
	parsed(jpki.DigitalSignature, b)
	if _, err := cache.key(jpki.DigitalSignature, secret.New([]byte{1})); err == nil {
		t.Error("what is no key was parsed")
	}
}

// A file is written once for a record, and all of them again for another record.
func TestAFileIsKeptUntilTheRecordChanges(t *testing.T) {
	var cache Cache
	writes := 0
	write := func(r record.Record) []byte { writes++; return []byte(r.Card) }
	for _, c := range []struct {
		card, file string
		writes     int
	}{{"a", "1", 1}, {"a", "1", 1}, {"a", "2", 2}, {"a", "1", 2}, {"b", "1", 3}, {"b", "1", 3}, {"a", "1", 4}} {
		if got := string(cache.file(record.Record{Card: c.card}, c.file, write)); got != c.card || writes != c.writes {
			t.Errorf("file %s of card %s: %q after %d writes, want %d", c.file, c.card, got, writes, c.writes)
		}
	}
}

// The municipal counter sets a holder's PIN, and no number that is printed.
func TestWhichReferencesCanBeSet(t *testing.T) {
	for _, r := range append(Refs(), blocked, nobody, "", "Common-card") {
		want := r.OfKind() || slices.Contains(FurtherPINs(), r)
		read := Ref("as it was")
		err := read.UnmarshalText([]byte(r))
		if want && (err != nil || read != r) || !want && (!errors.Is(err, ErrRef) || read != "") {
			t.Errorf("%q: %q, %v", r, read, err)
		}
		if err := r.CheckPIN("1"); want == errors.Is(err, ErrRef) {
			t.Errorf("the PIN of %q: %v", r, err)
		}
	}
}
