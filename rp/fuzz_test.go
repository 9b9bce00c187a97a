package rp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"testing"

	"example.jp/jpkimock/authority/jpki"
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
	c, ok := errors.AsType[*CheckError](err)
	if !ok || c.Expected.IsZero() || c.Found.IsZero() || len(c.Found.String()) > 1000 {
		t.Fatalf("%#v", err)
	}
}

func FuzzCMS(f *testing.F) {
	seedVectors(f, "CMS")
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := parseSignedData(b)
		if err != nil {
			named(t, err)
			return
		}
		if s.certificate == nil || len(s.digest) != 32 || len(s.attributes) == 0 || !bytes.Contains(b, s.signature) {
			t.Fatalf("%+v", s)
		}
		s.names(s.certificate)
	})
}

func FuzzToken(f *testing.F) {
	seedVectors(f, "TOKEN")
	f.Fuzz(func(t *testing.T, b []byte) {
		token, err := parseToken(b)
		if err != nil {
			named(t, err)
			return
		}
		if token.certificate == nil || len(token.signature) == 0 {
			t.Fatalf("%+v", token)
		}
		signedSomethingElse(token.certificate, token.signature)
	})
}

// FuzzPlainMembers compares the quick reader of a token with encoding/json.
func FuzzPlainMembers(f *testing.F) {
	seedVectors(f, "TOKEN")
	for _, text := range []string{`{"a":"b"}`, ` { "a" : "b" , "c":"" } `, `{"a":"b",}`, `{"a":"\u0062"}`, `{}`, `{"a":"b"}{`, `{"a":"b","a":"c"}`, `["a"]`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		got, ok := plainMembers(b)
		if !ok {
			return
		}
		var other map[string]string
		if err := json.Unmarshal(b, &other); err != nil || !maps.Equal(got, other) {
			t.Fatalf("%q; to another reader %q, %v", got, other, err)
		}
	})
}

func FuzzOCSPResponse(f *testing.F) {
	seedVectors(f, "OCSP RESPONSE")
	f.Fuzz(func(t *testing.T, b []byte) {
		o, err := parseOCSP(b)
		if err != nil {
			named(t, err)
			return
		}
		if o.status == ocspSuccessful && (o.tbs == nil || o.producedAt.IsZero() || (o.responderName == nil) == (o.responderKey == nil)) {
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
