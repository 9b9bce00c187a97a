package rp

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// factsPath is what every vector makes the kit say: each check of those that are
// accepted, and the one that failed of the others.
const factsPath = "testdata/facts.txt"

// TestFactsOfVectors compares what each check expected and found with the sentences
// that are kept: a refusal for the right reason may still say the wrong one.
func TestFactsOfVectors(t *testing.T) {
	paths, err := filepath.Glob("testdata/vectors/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	said.WriteString("# What each check of a vector expected and found. Written by go test ./rp -run TestFactsOfVectors -update\n")
	for _, path := range paths {
		v := readVector(t, path)
		fmt.Fprintf(&said, "\n%s\n", v.name)
		var events []Event
		verifier := verifierFor(t, v)
		verifier.cfg.Trace = func(_ context.Context, e Event) { events = append(events, e) }
		_, failure := performWith(t, v, verifier)
		if failure != nil && len(events) > 0 {
			events = events[len(events)-1:]
		}
		for _, e := range events {
			outcome := "found"
			if e.Err != nil {
				outcome = "refused (" + Code(e.Err) + "), found"
			}
			fmt.Fprintf(&said, "  %s of %s: expected %s; %s %s\n", e.Check, kindName(e.Kind), e.Expected, outcome, e.Found)
		}
	}
	if *update {
		if err := os.WriteFile(factsPath, said.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(factsPath)
	if err != nil {
		t.Fatal(err)
	}
	got, want := strings.Split(said.String(), "\n"), strings.Split(string(kept), "\n")
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			t.Fatalf("line %d\n got %s\nkept %s", i+1, got[i], want[i])
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d lines; %d are kept", len(got), len(want))
	}
}
