package ui

import (
	"bytes"
	"slices"
	"strings"
	"unicode"

	"example.jp/jpkimock/internal/ui/easy"
)

// markJapanese marks the Japanese in an English page, such as a name or an address,
// with lang="ja", so that screen readers say it and browsers choose its glyphs. Where
// an element says its language already, its text is left as it is.
func markJapanese(page []byte) []byte {
	return rewrite(page, saysItsLanguage, func(out *bytes.Buffer, tag, text []byte, leave bool) {
		if isOption(tag) && !bytes.Contains(tag, []byte(" lang=")) && bytes.ContainsFunc(text, isJapanese) {
			tag = append(bytes.Clone(tag[:len(tag)-1]), langJA+">"...) // an option holds no span
		}
		out.Write(tag)
		if leave {
			out.Write(text)
		} else {
			markRun(out, text)
		}
	})
}

// giveReadings puts the readings over the kanji of a page in easy Japanese. What is kept as
// it was written stays so: a document, and what holds no markup. An option has its readings
// in brackets.
func giveReadings(page []byte) []byte {
	var words easy.Writer
	return rewrite(page, isAsWritten, func(out *bytes.Buffer, tag, text []byte, leave bool) {
		out.Write(tag)
		switch {
		case isOption(tag):
			words.Plain(out, text)
		case leave:
			out.Write(text)
		default:
			words.Ruby(out, text)
		}
	})
}

// rewrite writes a page anew: each tag with the text that follows it, and whether that text
// is to be left as it is since it is in an element that leaves names. page is what the
// templates have written: its tags are whole and its text is escaped.
func rewrite(page []byte, leaves func(name string, tag []byte) bool, write func(out *bytes.Buffer, tag, text []byte, leave bool)) []byte {
	var out bytes.Buffer
	out.Grow(len(page) + len(page)/16)
	var inside element // of which the text is left as it is
	for len(page) > 0 {
		var tag []byte
		if page[0] == '<' {
			tag = page[:tagLength(page)]
			page = page[len(tag):]
			inside.enter(tag, leaves)
		}
		text, _, _ := bytes.Cut(page, []byte{'<'})
		page = page[len(text):]
		write(&out, tag, text, inside.depth > 0)
	}
	return out.Bytes()
}

const langJA = ` lang="ja"`

// element is an element that the reader is in, by its name and how many of that name
// are open within it; a depth of 0 means none.
type element struct {
	name  string
	depth int
}

// plainText are the elements that hold no markup.
var plainText = []string{"script", "style", "title", "textarea", "option"}

func saysItsLanguage(name string, tag []byte) bool {
	return name != "html" && (bytes.Contains(tag, []byte(" lang=")) || slices.Contains(plainText, name))
}

// isAsWritten reports whether an element shows what stays as it was written: a document to
// sign, a form that is printed (data-written), a program's text, a drawing.
func isAsWritten(name string, tag []byte) bool {
	return slices.Contains(asWritten, name) || slices.Contains(plainText, name) || bytes.Contains(tag, []byte(" data-written"))
}

var asWritten = []string{"pre", "code", "svg", "ruby"}

// enter follows a tag: into an element that leaves names, and out of it again.
func (e *element) enter(tag []byte, leaves func(name string, tag []byte) bool) {
	name := string(bytes.TrimLeft(tag, "</"))
	if end := strings.IndexAny(name, " \t\n/>"); end >= 0 {
		name = name[:end]
	}
	closing := bytes.HasPrefix(tag, []byte("</"))
	switch {
	case e.depth > 0 && name != e.name:
	case e.depth > 0 && closing:
		e.depth--
	case e.depth > 0:
		e.depth++
	case !closing && leaves(name, tag):
		*e = element{name, 1}
	}
}

// isOption reports whether a tag opens an option.
func isOption(tag []byte) bool { return bytes.HasPrefix(tag, []byte("<option")) }

// tagLength is how many octets the tag has that s begins with. A > in a quoted
// attribute does not end it.
func tagLength(s []byte) int {
	quote := byte(0)
	for i, c := range s {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i + 1
		}
	}
	return len(s)
}

// markRun writes text, and a span around what is Japanese in it: from its first
// character of Japanese to the end of the word that has its last, such as a file's
// name.
func markRun(out *bytes.Buffer, text []byte) {
	first := bytes.IndexFunc(text, isJapanese)
	if first < 0 {
		out.Write(text)
		return
	}
	end := bytes.LastIndexFunc(text, isJapanese)
	if n := bytes.IndexFunc(text[end:], endsWord); n >= 0 {
		end += n
	} else {
		end = len(text)
	}
	out.Write(text[:first])
	out.WriteString("<span" + langJA + ">")
	out.Write(text[first:end])
	out.WriteString("</span>")
	out.Write(text[end:])
}

func endsWord(r rune) bool {
	return unicode.IsSpace(r) || r <= unicode.MaxLatin1 && r != '.' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
}

func isJapanese(r rune) bool {
	return r > unicode.MaxLatin1 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana)
}
