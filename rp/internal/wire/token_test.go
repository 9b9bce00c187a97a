package wire

import (
	"encoding/json"
	"encoding/pem"
	"maps"
	"os"
	"path/filepath"
	"testing"
)

// FuzzPlainMembers compares the quick reader of a token with encoding/json.
func FuzzPlainMembers(f *testing.F) {
	files, err := filepath.Glob("../../testdata/vectors/*.txt")
	if err != nil || len(files) == 0 {
		f.Fatalf("%d vectors, %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
			if block.Type == "TOKEN" {
				f.Add(block.Bytes)
			}
		}
	}
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
