package catv

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Nickname is what a viewer is called at the set (呼び名).
type Nickname string

// MaxNickname is the longest nickname, in characters.
const MaxNickname = 10

// Check accepts 1 to MaxNickname letters, digits and spaces.
func (n Nickname) Check() error {
	if chars := utf8.RuneCountInString(string(n)); chars == 0 || chars > MaxNickname || !utf8.ValidString(string(n)) {
		return ErrNickname
	}
	for _, r := range n {
		if !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) && r != 'ー' && r != ' ' && r != '・' {
			return ErrNickname
		}
	}
	return nil
}

// Polite gives the nickname as somebody is addressed: with さん, unless it ends in
// an honorific of its own, as はなちゃん does.
func (n Nickname) Polite() string {
	for _, has := range honorifics() {
		if strings.HasSuffix(string(n), has) {
			return string(n)
		}
	}
	return string(n) + honorifics()[0]
}
