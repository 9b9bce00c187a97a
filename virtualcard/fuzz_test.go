package virtualcard_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/cardtest"
	"example.jp/jpkimock/virtualcard/chip"
)

// seedTranscripts gives each transcript's commands as one fuzz input: a length
// byte before every command.
func seedTranscripts(f *testing.F) {
	f.Helper()
	files, _ := filepath.Glob("testdata/*.apdu")
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		var input []byte
		for line := range strings.Lines(string(text)) {
			command, ok := strings.CutPrefix(strings.TrimSpace(line), "> ")
			b, err := hex.DecodeString(strings.ReplaceAll(numbers().Replace(command), " ", ""))
			if ok && err == nil && len(b) < 256 {
				input = append(append(input, byte(len(b))), b...)
			}
		}
		f.Add(input)
	}
}

// FuzzApplet sends a card whatever comes. It must answer every command until somebody reads
// a key, refuse without data, keep its keys, give a try back only for the right PIN or for a
// new one, and read nothing of a person before something was verified.
func FuzzApplet(f *testing.F) {
	seedTranscripts(f)
	maker := virtualcard.NewMemoryStore()
	cardtest.Hand(f, cardtest.Open(f, maker), "hanako")
	made, err := maker.Card(f.Context(), "hanako")
	if err != nil {
		f.Fatal(err)
	}
	secrets, personal := secretBytes(f), personalBytes(f)
	f.Fuzz(func(t *testing.T, input []byte) {
		store := virtualcard.NewMemoryStore()
		if err := store.CreateCard(t.Context(), made); err != nil {
			t.Fatal(err)
		}
		card, err := cardtest.Open(t, store).Connect(t.Context(), "hanako")
		if err != nil {
			t.Fatal(err)
		}
		before, verified := tries(t, store), false
		for range 64 {
			if len(input) == 0 {
				return
			}
			n := min(int(input[0]), len(input)-1)
			command := input[1 : 1+n]
			input = input[1+n:]
			answer, err := card.Transmit(t.Context(), command)
			if errors.Is(err, virtualcard.ErrDeadCard) {
				isDestroyed(t, store)
				return
			}
			if err != nil || len(answer) < 2 {
				t.Fatalf("% X: answered % X, %v", command, answer, err)
			}
			ok := answer[len(answer)-2] == 0x90 && answer[len(answer)-1] == 0x00
			if !ok && len(answer) > 2 {
				t.Fatalf("% X: refused with data: % X", command, answer)
			}
			for _, s := range secrets {
				if bytes.Contains(answer, s) {
					t.Fatalf("% X: answered with a part of a private key", command)
				}
			}
			verified = verified || ok && len(command) > 5 && command[1] == 0x20
			for what, p := range personal {
				if !verified && bytes.Contains(answer, p) {
					t.Fatalf("% X: told the %s before anything was verified", command, what)
				}
			}
			after := tries(t, store)
			for r := range after {
				right := ok && len(command) > 5 && (command[0] == 0 && (command[1] == 0x20 || command[1] == 0x24) || command[0] == 0x80 && command[1] == 0x32)
				if after[r] > before[r] && !right {
					t.Fatalf("% X: %d tries of %s became %d", command, before[r], r, after[r])
				}
				if after[r] < before[r]-1 || after[r] < 0 {
					t.Fatalf("% X: %d tries of %s became %d", command, before[r], r, after[r])
				}
			}
			before = after
		}
	})
}

// tries gives how often each reference of the card may still be tried.
func tries(t *testing.T, store virtualcard.Store) map[chip.Ref]int {
	t.Helper()
	card, err := store.Card(t.Context(), "hanako")
	if err != nil {
		t.Fatal(err)
	}
	left := map[chip.Ref]int{}
	for r, kept := range card.References {
		left[r] = kept.TriesLeft
	}
	return left
}

// personalBytes gives pieces of what nobody may read without a PIN or a printed number.
func personalBytes(t testing.TB) map[string][]byte {
	t.Helper()
	r := hanakoRecord()
	return map[string][]byte{
		"number": []byte(r.Number), "name": []byte(r.Name), "address": []byte(r.Address), "date of birth": []byte("19900515"),
		"signature certificate": cardtest.Certificate(t, sign, publicKey(t, sign))[200:240],
		"portrait":              []byte("ftypjp2 "),
	}
}

// isDestroyed makes sure that a dead card is dead because somebody read a key, and has none.
func isDestroyed(t *testing.T, store virtualcard.Store) {
	t.Helper()
	card, err := store.Card(t.Context(), "hanako")
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range jpki.Kinds() {
		if !card.Tampered || !card.Slots[k].Key.IsZero() || !card.Slots[k].PendingKey.IsZero() {
			t.Fatalf("the card is dead and has its %v key", k)
		}
	}
}
