package easy

import (
	"bytes"
	"html"
	"strings"
	"unicode/utf8"
)

// Writer writes the text of a page with the readings of its kanji. It is for one page: a
// unit that follows a number is known as such behind a tag too.
type Writer struct {
	digit byte // the last of the number that was written last; 0 if anything followed
	text  bytes.Buffer
}

// Ruby writes text with its readings above the kanji. The text is escaped HTML between two
// tags; a whole sentence that has an easy one is said so. What has readings stays one piece,
// as text is, where a style sheet lays pieces out: in a bdi, which no style sheet draws.
func (w *Writer) Ruby(out *bytes.Buffer, text []byte) {
	w.text.Reset()
	w.write(&w.text, text, "<ruby>", "<rp>（</rp><rt>", "</rt><rp>）</rp></ruby>")
	if bytes.Contains(w.text.Bytes(), []byte("<ruby>")) {
		out.WriteString("<bdi>")
		defer out.WriteString("</bdi>")
	}
	out.Write(w.text.Bytes())
}

// Plain writes text with its readings behind the kanji in brackets, for where no markup may
// stand.
func (w *Writer) Plain(out *bytes.Buffer, text []byte) { w.write(out, text, "", "（", "）") }

func (w *Writer) write(out *bytes.Buffer, text []byte, before, between, after string) {
	ruby := func(pieces []piece) {
		for _, p := range pieces {
			if p.reading == "" {
				out.WriteString(p.text)
			} else {
				out.WriteString(before + p.text + between + p.reading + after)
			}
		}
		w.digit = 0
	}
	c := known()
	for rest := c.sentence(string(text)); rest != ""; {
		word, pieces := c.match(rest)
		if digits, last := number(rest); len(digits) > 0 && len(digits) >= len(word) {
			out.WriteString(digits)
			w.digit, rest = last, rest[len(digits):]
			continue
		}
		if unit, reading := c.unit(rest, w.digit); w.digit != 0 && unit != "" && len(unit) >= len(word) {
			word, pieces = unit, []piece{{unit, reading}}
		}
		if word != "" {
			ruby(pieces)
			rest = rest[len(word):]
			continue
		}
		r, size := utf8.DecodeRuneInString(rest)
		out.WriteString(rest[:size])
		if r != ' ' && r != '\n' {
			w.digit = 0
		}
		rest = rest[size:]
	}
}

// sentence says escaped text easily if it is a whole sentence, whatever space is around it.
func (c *catalogue) sentence(text string) string {
	bare := strings.TrimSpace(text)
	if bare == "" {
		return text
	}
	ordinary := spaced(html.UnescapeString(bare))
	easy := c.say(ordinary)
	if easy == ordinary {
		return text
	}
	return strings.Replace(text, bare, html.EscapeString(easy), 1)
}

// spaced is a text with one space for each stretch of what HTML takes for space; the wide one
// of a name stays.
func spaced(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == '\n' || r == '\t' || r == '\r' }), " ")
}

// number gives the digits that text begins with, ordinary or full-width and with what sets
// thousands apart, and the last of them as ASCII; "" for none.
func number(text string) (digits string, last byte) {
	end := 0
	for i, r := range text {
		switch {
		case r >= '0' && r <= '9':
			last = byte(r)
		case r >= '０' && r <= '９':
			last = byte(r - '０' + '0')
		case (r == ',' || r == '.') && end > 0:
			continue // it belongs to the number only if a digit follows
		default:
			return text[:end], last
		}
		end = i + utf8.RuneLen(r)
	}
	return text[:end], last
}
