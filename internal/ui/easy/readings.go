package easy

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// readings are words with how they are read.
type readings struct {
	words map[string][]piece
	// longest is the length in octets of the longest word that begins with a rune.
	longest  map[rune]int
	counters map[string]counter
}

// piece is a part of a word: kanji with its reading, or kana, whose reading is "".
type piece struct{ text, reading string }

// counter is how the unit after a number is read, by the number's last digit where that
// matters: 5分 ふん, 3分 ぷん.
type counter struct {
	reading string
	after   map[byte]string
}

func newReadings() readings {
	return readings{words: map[string][]piece{}, longest: map[rune]int{}, counters: map[string]counter{}}
}

func (r *readings) add(text string) error {
	for _, line := range entries(text) {
		f := strings.Split(line, " ")
		if unit, counts := strings.CutPrefix(line, counted); counts {
			if err := r.addCounter(strings.Fields(unit)); err != nil {
				return err
			}
			continue
		}
		if len(f) != 2 || r.words[f[0]] != nil {
			return fmt.Errorf("%q: want a word that is not there yet, and its reading", line)
		}
		pieces, ok := align([]rune(f[0]), []rune(f[1]))
		if !ok {
			return fmt.Errorf("%q: the kana of the word are not in its reading", line)
		}
		r.words[f[0]] = pieces
		begin, _ := utf8.DecodeRuneInString(f[0])
		r.longest[begin] = max(r.longest[begin], len(f[0]))
	}
	return nil
}

// counted begins the line of a counter.
const counted = "~"

// addCounter takes in a counter: "分 ふん 1ぷん 3ぷん".
func (r *readings) addCounter(f []string) error {
	if len(f) < 2 || r.counters[f[0]].reading != "" {
		return fmt.Errorf("%q: want a counter that is not there yet, and its reading", f)
	}
	c := counter{reading: f[1], after: map[byte]string{}}
	for _, special := range f[2:] {
		c.after[special[0]] = special[1:]
	}
	r.counters[f[0]] = c
	return nil
}

// align parts a word into its kanji and its kana, and gives each run of kanji its share of
// the reading: 取り消し, とりけし is 取 と, り, 消 け, し.
func align(word, reading []rune) ([]piece, bool) {
	if len(word) == 0 {
		return nil, len(reading) == 0
	}
	n := 0
	for n < len(word) && isKana(word[n]) == isKana(word[0]) {
		n++
	}
	if isKana(word[0]) {
		if len(reading) < n || hiragana(string(word[:n])) != hiragana(string(reading[:n])) {
			return nil, false
		}
		rest, ok := align(word[n:], reading[n:])
		return append([]piece{{text: string(word[:n])}}, rest...), ok
	}
	for share := 1; share <= len(reading); share++ {
		if rest, ok := align(word[n:], reading[share:]); ok {
			return append([]piece{{string(word[:n]), string(reading[:share])}}, rest...), true
		}
	}
	return nil, false
}

// match gives the longest word that text begins with.
func (r *readings) match(text string) (word string, pieces []piece) {
	begin, _ := utf8.DecodeRuneInString(text)
	for n := min(r.longest[begin], len(text)); n > 0; n-- {
		if pieces, ok := r.words[text[:n]]; ok {
			return text[:n], pieces
		}
	}
	return "", nil
}

// unit gives the longest counter that text begins with, as it is read after a
// number that ends in a digit.
func (r *readings) unit(text string, after byte) (unit, reading string) {
	for n := min(maxUnit, len(text)); n > 0; n-- {
		c, ok := r.counters[text[:n]]
		if !ok {
			continue
		}
		if special, ok := c.after[after]; ok {
			return text[:n], special
		}
		return text[:n], c.reading
	}
	return "", ""
}

// maxUnit is the longest counter in octets: 日以内.
const maxUnit = 12

func hiragana(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'ァ' && r <= 'ヶ' {
			return r - 'ァ' + 'ぁ'
		}
		return r
	}, s)
}

// isKana reports whether a rune is read as it stands: kana, and the space in a name.
func isKana(r rune) bool {
	return unicode.In(r, unicode.Hiragana, unicode.Katakana) || r == 'ー' || r == '　'
}

// IsKanji reports whether a rune wants a reading.
func IsKanji(r rune) bool { return r > unicode.MaxLatin1 && unicode.Is(unicode.Han, r) }
