package rp

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp/internal/wire"
)

// seedVectors gives every vector's block of a type to a fuzz target.
func seedVectors(f *testing.F, kind string) {
	f.Helper()
	paths, _ := filepath.Glob("testdata/vectors/*.txt")
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		for _, b := range blocksOf(text) {
			if b.Type == kind {
				f.Add(b.Bytes)
			}
		}
	}
}

// named refuses an error that no reader of the kit could handle.
func named(t *testing.T, err error) {
	t.Helper()
	var expected, found string
	if c, ok := errors.AsType[*CheckError](err); ok {
		expected, found = c.Expected.String(), c.Found.String()
	}
	if c, ok := errors.AsType[*wire.Refusal](err); ok {
		expected, found = c.Expected, c.Found
	}
	if expected == "" || found == "" || len(found) > 1000 {
		t.Fatalf("%#v", err)
	}
}

func FuzzCMS(f *testing.F) {
	seedVectors(f, "CMS")
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := wire.ParseSignedData(b, MaxCMS)
		if err != nil {
			named(t, err)
			return
		}
		if s.Certificate == nil || len(s.Digest) != 32 || len(s.Attributes) == 0 || !bytes.Contains(b, s.Signature) {
			t.Fatalf("%+v", s)
		}
		s.Names(s.Certificate)
	})
}

func FuzzToken(f *testing.F) {
	seedVectors(f, "TOKEN")
	f.Fuzz(func(t *testing.T, b []byte) {
		token, err := wire.ParseToken(b, MaxToken)
		if err != nil {
			named(t, err)
			return
		}
		if token.Certificate == nil || len(token.Signature) == 0 {
			t.Fatalf("%+v", token)
		}
		wire.SignedSomethingElse(token.Certificate, token.Signature)
	})
}

func FuzzOCSPResponse(f *testing.F) {
	seedVectors(f, "OCSP RESPONSE")
	f.Fuzz(func(t *testing.T, b []byte) {
		o, err := wire.ParseOCSP(b)
		if err != nil {
			named(t, err)
			return
		}
		if o.Status == wire.OCSPSuccessful && (o.TBS == nil || o.ProducedAt.IsZero() || (o.ResponderName == nil) == (o.ResponderKey == nil)) {
			t.Fatalf("%+v", o)
		}
	})
}

func FuzzCRL(f *testing.F) {
	f.Add(newCRL().der())
	empty := newCRL()
	empty.entries = nil
	f.Add(empty.der())
	s := newStage(f, jpki.DigitalSignature, nil)
	f.Fuzz(func(t *testing.T, b []byte) {
		list, err := s.ReadCRL(context.Background(), bytes.NewReader(b), jpki.DigitalSignature)
		if err != nil {
			named(t, err)
			return
		}
		if _, err := list.Status("0705D990"); err != nil {
			t.Fatal(err)
		}
	})
}
