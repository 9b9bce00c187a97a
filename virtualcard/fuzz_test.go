package virtualcard_test

import (
	"bytes"
	"encoding/hex"
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
			b, err := hex.DecodeString(strings.ReplaceAll(command, " ", ""))
			if ok && err == nil && len(b) < 256 {
				input = append(append(input, byte(len(b))), b...)
			}
		}
		f.Add(input)
	}
}

// FuzzApplet sends a card whatever comes. It must answer every command, refuse
// without data, keep its keys, and give a try back only for the right PIN or
// for a new one.
func FuzzApplet(f *testing.F) {
	seedTranscripts(f)
	maker := virtualcard.NewMemoryStore()
	cardtest.Hand(f, cardtest.Open(f, maker), "hanako")
	made, err := maker.Card(f.Context(), "hanako")
	if err != nil {
		f.Fatal(err)
	}
	secrets := secretBytes(f)
	f.Fuzz(func(t *testing.T, input []byte) {
		store := virtualcard.NewMemoryStore()
		if err := store.CreateCard(t.Context(), made); err != nil {
			t.Fatal(err)
		}
		card, err := cardtest.Open(t, store).Connect(t.Context(), "hanako")
		if err != nil {
			t.Fatal(err)
		}
		before := tries(t, store)
		for range 64 {
			if len(input) == 0 {
				return
			}
			n := min(int(input[0]), len(input)-1)
			command := input[1 : 1+n]
			input = input[1+n:]
			answer, err := card.Transmit(t.Context(), command)
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
			after := tries(t, store)
			for _, k := range jpki.Kinds() {
				right := ok && len(command) > 5 && command[0] == 0 && (command[1] == 0x20 || command[1] == 0x24)
				if after[k] > before[k] && !right {
					t.Fatalf("% X: %d tries became %d", command, before[k], after[k])
				}
				if after[k] < before[k]-1 || after[k] < 0 {
					t.Fatalf("% X: %d tries became %d", command, before[k], after[k])
				}
			}
			before = after
		}
	})
}

func tries(t *testing.T, store virtualcard.Store) map[jpki.Kind]int {
	t.Helper()
	card, err := store.Card(t.Context(), "hanako")
	if err != nil {
		t.Fatal(err)
	}
	return map[jpki.Kind]int{
		jpki.DigitalSignature:   card.References[chip.SignaturePIN].TriesLeft,
		jpki.UserAuthentication: card.References[chip.AuthenticationPIN].TriesLeft,
	}
}
