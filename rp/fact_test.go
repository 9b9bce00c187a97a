package rp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"slices"
	"testing"
	"time"
)

// Every code that the kit states has its sentence, and every sentence is stated.
func TestEveryFactHasItsWords(t *testing.T) {
	used := map[string]bool{"certificate_validity": true, "ca_validity": true, FactText: true, FactSame: true}
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	stated := regexp.MustCompile(`fact\("([a-z_0-9]+)"`)
	for _, e := range entries {
		if !regexp.MustCompile(`^[a-z]+\.go$`).MatchString(e.Name()) {
			continue
		}
		source, err := os.ReadFile(e.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range stated.FindAllSubmatch(source, -1) {
			used[string(m[1])] = true
		}
	}
	for code := range used {
		if factWords[code] == "" {
			t.Errorf("no words for %q", code)
		}
	}
	for _, code := range FactCodes() {
		if !used[code] {
			t.Errorf("nothing states %q", code)
		}
	}
}

func TestAFactIsSaidInEnglish(t *testing.T) {
	at := time.Date(2026, 4, 1, 12, 0, 0, 0, time.FixedZone("JST", 9*3600))
	for _, c := range []struct {
		fact Fact
		want string
	}{
		{fact("key_range", 2048, 4096), "RSA key of 2048 to 4096 bits, exponent 65537"},
		{fact("certificate_validity", at, at), "certificate valid 2026-04-01T03:00:00Z to 2026-04-01T03:00:00Z"},
		{detail("more {1} octets"), "more {1} octets"},
		{Fact{Code: "unheard", Args: []string{"of", "x"}}, "unheard of x"},
		{Fact{}, ""},
	} {
		if got := c.fact.String(); got != c.want || c.fact.IsZero() != (c.want == "") {
			t.Errorf("%+v: %q, want %q", c.fact, got, c.want)
		}
	}
}

// A record is read back as it was written, and an older one with its texts.
func TestARecordIsReadBack(t *testing.T) {
	entry := CheckedEntry{Check: StatusCheck, Expected: fact("key_range", 2048, 4096), Found: fact(FactSame)}
	text, err := json.Marshal(entry)
	if err != nil {
		t.Fatal(err)
	}
	var back, older CheckedEntry
	if err := json.Unmarshal(text, &back); err != nil || !reflect.DeepEqual(back, entry) {
		t.Errorf("%s: %+v, %v", text, back, err)
	}
	if err := json.Unmarshal([]byte(`{"check":"status","expected":"neither revoked nor suspended","found":"unchanged"}`), &older); err != nil ||
		older.Expected.String() != "neither revoked nor suspended" || older.Found.String() != "unchanged" {
		t.Errorf("%+v, %v", older, err)
	}
	if err := json.Unmarshal([]byte(`{"expected":7}`), &older); err == nil {
		t.Error("a number is no fact")
	}
}

// Each named error has a code of its own, also when it is wrapped.
func TestEveryErrorHasItsCode(t *testing.T) {
	seen := map[string]error{}
	for name, err := range namedErrors() {
		code := Code(fmt.Errorf("a house: %w", &CheckError{Err: err}))
		if other, twice := seen[code]; code == "" || twice {
			t.Errorf("%s has the code %q, as %v", name, code, other)
		}
		seen[code] = err
	}
	if len(seen) < len(Codes())-3 || Code(context.Canceled) != "" || Code(nil) != "" {
		t.Errorf("%d of %d codes", len(seen), len(Codes()))
	}
	if sorted := slices.Compact(slices.Sorted(slices.Values(Codes()))); len(sorted) != len(Codes()) {
		t.Error("a code twice")
	}
	if Code(&RevokedError{Reason: 6}) != "suspended" || Code(errors.Join(ErrStatusUnavailable, ErrNotAccredited)) != "not_accredited" {
		t.Error("the particular first")
	}
}
