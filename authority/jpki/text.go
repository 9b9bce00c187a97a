package jpki

import (
	"fmt"
	"unicode"
	"unicode/utf8"
)

// A text is the same for every house: what a register takes, a card carries, a
// page reads and a program sends. A character is a letter or sign with the
// variation selectors that choose its shape; these do not count by themselves.

// TextError says why a text was refused. It does not repeat the text, which may
// be personal.
type TextError struct{ Reason string }

func (e *TextError) Error() string { return "jpki: text " + e.Reason }

// CheckLine refuses what is not one line of text with 1 to max characters: octets
// that are not UTF-8, control and format characters (line ends, text direction),
// private and unassigned code points, nothing but spaces. An error is a
// *TextError.
func CheckLine(s string, max int) error {
	if !utf8.ValidString(s) {
		return &TextError{"is not UTF-8"}
	}
	blank := true
	for _, r := range s {
		if !printable(r) {
			return &TextError{fmt.Sprintf("has the character U+%04X, which cannot be printed", r)}
		}
		blank = blank && unicode.IsSpace(r)
	}
	if n := Characters(s); blank || n > max {
		return &TextError{fmt.Sprintf("must be 1 to %d characters, not only spaces", max)}
	}
	return nil
}

// CheckCertifiable refuses what is not a name or an address as a certificate
// carries it: a line whose characters are one code point each. Shapes that need
// more are written in the register, and the certificate has a substitute (代替文字).
func CheckCertifiable(s string) error {
	if err := CheckLine(s, MaxAddress); err != nil {
		return err
	}
	for _, r := range s {
		if unicode.Is(unicode.M, r) { // selectors are marks too
			return &TextError{fmt.Sprintf("has the mark U+%04X, which a certificate cannot carry", r)}
		}
	}
	return nil
}

// Characters counts the characters of a text.
func Characters(s string) int {
	n := 0
	for _, r := range s {
		if !selector(r) {
			n++
		}
	}
	return n
}

// SplitCharacters gives the characters of a text, each with its selectors.
func SplitCharacters(s string) []string {
	var all []string
	for _, r := range s {
		if selector(r) && len(all) > 0 {
			all[len(all)-1] += string(r)
			continue
		}
		all = append(all, string(r))
	}
	return all
}

func printable(r rune) bool {
	return unicode.IsGraphic(r) && r != utf8.RuneError && !unicode.Is(unicode.Co, r)
}

// selector reports a variation selector, which chooses the shape of the
// character before it (Unicode 23.4): U+FE00 to FE0F and U+E0100 to E01EF.
func selector(r rune) bool { return unicode.Is(unicode.Variation_Selector, r) }
