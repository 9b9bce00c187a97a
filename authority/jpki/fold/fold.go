// Package fold compares names and addresses as people write them with those in
// the register. Two texts are the same to an office if their folds are equal.
//
// It is apart from package jpki, which needs the standard library alone.
package fold

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Name gives a name as it is compared: in its compatibility form (NFKC: narrow
// letters and digits, full kana, composed marks), without spaces and variation
// selectors, with every dash as "-" and letters small.
func Name(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unicode.Is(unicode.Variation_Selector, r):
			return -1
		case dash(r):
			return '-'
		}
		return unicode.ToLower(r)
	}, norm.NFKC.String(s))
}

// Reading gives a name as a search at a desk compares it: folded as a name, and
// kana as katakana, so that it is found by its reading too.
func Reading(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'ぁ' && r <= 'ゖ' {
			return r + 'ァ' - 'ぁ'
		}
		return r
	}, Name(s))
}

// dash reports any dash of Unicode, the minus signs, and the lines that are typed
// in their place.
func dash(r rune) bool {
	return unicode.Is(unicode.Pd, r) || r == '−' || r == '⁻' || r == '₋' || r == '─' || r == '━' || r == '⁃'
}

// units are the words between and after the numbers of an address, the longer
// before those that they begin with.
var units = []string{"丁目", "番地の", "番地", "番", "号", "の", "ー", "-"}

// Address gives an address as it is compared: folded as a name, with every house
// number in digits and hyphens. １丁目２番３号, 一丁目二番三号 and 1-2-3 are one
// address, and so are 十二丁目 and 12丁目.
func Address(s string) string {
	var out strings.Builder
	rest := Name(s)
	afterNumber := false // a number, or a number and its unit, came last
	for rest != "" {
		if digits := leading(rest, func(r rune) bool { return r >= '0' && r <= '9' }); digits != "" {
			out.WriteString(digits)
			rest, afterNumber = rest[len(digits):], true
			continue
		}
		if kanji := leading(rest, kanjiDigit); kanji != "" && (afterNumber || unit(rest[len(kanji):]) != "") {
			out.WriteString(number(kanji))
			rest, afterNumber = rest[len(kanji):], true
			continue
		}
		if u := unit(rest); u != "" && afterNumber {
			if !strings.HasSuffix(out.String(), "-") {
				out.WriteByte('-')
			}
			rest = rest[len(u):]
			continue
		}
		r := []rune(rest)[0]
		out.WriteRune(r)
		rest, afterNumber = rest[len(string(r)):], false
	}
	return strings.TrimRight(out.String(), "-")
}

func leading(s string, is func(rune) bool) string {
	if i := strings.IndexFunc(s, func(r rune) bool { return !is(r) }); i >= 0 {
		return s[:i]
	}
	return s
}

func unit(s string) string {
	for _, u := range units {
		if strings.HasPrefix(s, u) {
			return u
		}
	}
	return ""
}

const (
	kanjiOnes = "〇一二三四五六七八九"
	kanjiTens = "十百千"
)

func kanjiDigit(r rune) bool { return strings.ContainsRune(kanjiOnes+kanjiTens, r) }

// number writes kanji numerals in digits: 十二 is 12, 百一 is 101, 二〇三 is 203.
func number(kanji string) string {
	if !strings.ContainsAny(kanji, kanjiTens) {
		return strings.Map(func(r rune) rune { return '0' + place(kanjiOnes, r) }, kanji)
	}
	sum, one := 0, -1
	for _, r := range kanji {
		if n := place(kanjiOnes, r); n >= 0 {
			one = int(n)
			continue
		}
		if one < 0 {
			one = 1
		}
		for range place(kanjiTens, r) + 1 {
			one *= 10
		}
		sum, one = sum+one, -1
	}
	return strconv.Itoa(sum + max(one, 0))
}

// place gives the place of a character in a list, from 0, or -1.
func place(list string, r rune) rune {
	if i := strings.IndexRune(list, r); i >= 0 {
		return rune(i / len("〇"))
	}
	return -1
}
