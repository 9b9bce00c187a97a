package forge_test

import (
	"testing"

	"example.jp/jpkimock/internal/conform/forge"
)

// What is no signature of a card is not signed again.
func TestWhatIsNoSignature(t *testing.T) {
	for name, cms := range map[string][]byte{"nothing": nil, "a text": []byte("cms"), "an empty SEQUENCE": {0x30, 0}} {
		if _, err := forge.Signature(cms); err == nil {
			t.Errorf("%s has a signer", name)
		}
		if _, err := forge.SignedAgain(cms, nil, nil); err == nil {
			t.Errorf("%s was signed again", name)
		}
		if _, err := forge.Swapped(cms, nil); err == nil {
			t.Errorf("%s was given another certificate", name)
		}
	}
}
