// Package legible tells what a person can read in full from what hides or reorders its neighbours.
package legible

import (
	"errors"
	"fmt"
	"mime"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Line refuses text that is not one line of 1 to longest characters that can all be shown.
func Line(s string, longest int) error {
	if n := utf8.RuneCountInString(s); n == 0 || n > longest || !utf8.ValidString(s) {
		return fmt.Errorf("want 1 to %d characters", longest)
	}
	for _, r := range s {
		if unicode.IsControl(r) || Hidden(r) {
			return fmt.Errorf("%U cannot be shown", r)
		}
	}
	return nil
}

// MediaType accepts text/plain, in UTF-8 if it says in what.
func MediaType(s string) error {
	t, params, err := mime.ParseMediaType(s)
	if err != nil || t != "text/plain" {
		return errors.New("only text/plain can be shown, and what cannot be shown is not signed")
	}
	for name, value := range params {
		if name != "charset" || !strings.EqualFold(value, "utf-8") {
			return errors.New("only the parameter charset=utf-8 is known")
		}
	}
	return nil
}

// Text refuses text that would not look like what it is: octets that are
// not UTF-8, control characters, and marks that reorder or hide their neighbours.
func Text(content []byte) error {
	if !utf8.Valid(content) {
		return errors.New("not UTF-8")
	}
	for _, r := range string(content) {
		if unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' || Hidden(r) {
			return fmt.Errorf("%U cannot be shown", r)
		}
	}
	return nil
}

// Hidden reports marks by which a shown text can differ from the signed one:
// bidirectional controls, invisible spaces and joiners that Japanese text does not
// use, and tag characters. Variation selectors are allowed: names need them.
func Hidden(r rune) bool {
	switch {
	case r >= 0x200B && r <= 0x200F, r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x206F,
		r == 0x061C, r == 0xFEFF, r >= 0xE0000 && r <= 0xE007F, r == 0x00AD:
		return true
	}
	return false
}
