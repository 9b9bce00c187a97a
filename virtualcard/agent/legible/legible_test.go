package legible

import (
	"strings"
	"testing"
)

func TestHiddenMarks(t *testing.T) {
	for _, r := range "青葉𠮷〜①ａA\U000E0100\uFE00\u3000é" {
		if Hidden(r) {
			t.Errorf("%U, which a name may need, is refused", r)
		}
	}
	for _, r := range "\u200b\u200e\u202e\u2066\ufeff\u00ad\U000E0041\u061c" {
		if !Hidden(r) {
			t.Errorf("%U is accepted", r)
		}
	}
}

func TestALine(t *testing.T) {
	for _, good := range []string{"a", "青葉𠮷", strings.Repeat("あ", 5)} {
		if err := Line(good, 5); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	for _, bad := range []string{"", strings.Repeat("あ", 6), "a\nb", "a\u202eb", "a\xff"} {
		if Line(bad, 5) == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
}
