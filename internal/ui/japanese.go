package ui

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
)

// markJapanese marks the Japanese in an English page, such as a name or an address,
// with lang="ja", so that screen readers say it and browsers choose its glyphs. Where
// an element says its language already, its text is left as it is. page is what the
// templates have written: its tags are whole and its text is escaped.
func markJapanese(page []byte) []byte {
	var out bytes.Buffer
	out.Grow(len(page) + len(page)/16)
	var inside element // of which the text is left as it is
	for len(page) > 0 {
		if page[0] != '<' {
			n := bytes.IndexByte(page, '<')
			if n < 0 {
				n = len(page)
			}
			if inside.depth == 0 {
				markRun(&out, page[:n])
			} else {
				out.Write(page[:n])
			}
			page = page[n:]
			continue
		}
		tag := page[:tagLength(page)]
		page = page[len(tag):]
		inside.enter(tag)
		text, _, _ := bytes.Cut(page, []byte{'<'})
		if isOption(tag) && bytes.ContainsFunc(text, isJapanese) {
			tag = append(bytes.Clone(tag[:len(tag)-1]), langJA+">"...)
		}
		out.Write(tag)
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

// enter follows a tag: into an element that says its language or holds plain text,
// and out of it again.
func (e *element) enter(tag []byte) {
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
	case !closing && name != "html" && (bytes.Contains(tag, []byte(" lang=")) || slices.Contains(plainText, name)):
		*e = element{name, 1}
	}
}

// isOption reports whether a tag opens an option that does not say its language. An
// option holds no span.
func isOption(tag []byte) bool {
	return bytes.HasPrefix(tag, []byte("<option")) && !bytes.Contains(tag, []byte(langJA[:len(" lang=")]))
}

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
