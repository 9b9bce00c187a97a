package easy

import (
	"fmt"
	"iter"
	"maps"
	"regexp"
	"strings"
)

// sentences are the easy ones by the ordinary ones.
type sentences struct {
	whole map[string]string
	// blanks are those with blanks, by what they begin with up to the first blank: by its
	// first octets, so that few are tried.
	blanks map[string][]pattern
	keys   []string
}

// pattern is an ordinary sentence with blanks: what stands before, between and after them.
type pattern struct {
	parts []string
	names []string // of the blanks
	easy  string
}

func newSentences() sentences {
	return sentences{whole: map[string]string{}, blanks: map[string][]pattern{}}
}

// blank is one of a sentence: a name in braces, or a verb of package fmt. The easy
// sentence names a verb by its place: {1}, {2}.
var blank = regexp.MustCompile(`\{[a-zA-Z]*\}|%[sdq]`)

// begins is how many octets of a pattern's beginning choose the patterns to try: one kanji
// or kana.
const begins = 3

func (s *sentences) add(text string) error {
	ordinary := ""
	for _, line := range entries(text) {
		easy, indented := strings.CutPrefix(line, "\t")
		switch {
		case indented == (ordinary == ""):
			return fmt.Errorf("%q: want a sentence, and below it the easy one after a tab", line)
		case !indented:
			ordinary = line
		default:
			if err := s.put(ordinary, easy); err != nil {
				return err
			}
			ordinary = ""
		}
	}
	if ordinary != "" {
		return fmt.Errorf("%q has no easy sentence", ordinary)
	}
	return nil
}

func (s *sentences) put(ordinary, easy string) error {
	if _, twice := s.whole[ordinary]; twice {
		return fmt.Errorf("%q is there twice", ordinary)
	}
	s.whole[ordinary] = easy
	s.keys = append(s.keys, ordinary)
	names := blank.FindAllString(ordinary, -1)
	if names == nil {
		return nil
	}
	for i, name := range names {
		if name[0] == '%' {
			names[i] = fmt.Sprintf("{%d}", i+1)
		}
	}
	p := pattern{parts: blank.Split(ordinary, -1), names: names, easy: easy}
	s.blanks[first(p.parts[0])] = append(s.blanks[first(p.parts[0])], p)
	return nil
}

func first(text string) string { return text[:min(len(text), begins)] }

// Say gives the easy sentence for an ordinary one, and the ordinary one if there is none.
// What stands in a sentence's blanks is said easily too. Of a text that is no sentence of the
// files, each sentence is said for itself.
func Say(ordinary string) string { return known().say(ordinary) }

// Known reports whether the files have an easy sentence for an ordinary one.
func Known(ordinary string) bool {
	_, ok := known().one(ordinary)
	return ok
}

// Ordinary gives the ordinary sentences that have an easy one.
func Ordinary() iter.Seq[string] { return maps.Keys(known().whole) }

func (s *sentences) say(text string) string {
	if easy, ok := s.one(text); ok || text == "" {
		return easy
	}
	var all strings.Builder
	for one := range strings.SplitAfterSeq(text, stop) {
		easy, _ := s.one(one)
		all.WriteString(easy)
	}
	return all.String()
}

// stop ends a sentence.
const stop = "。"

// one gives the easy sentence for one sentence, and false and the same if there is none.
func (s *sentences) one(ordinary string) (easy string, ok bool) {
	if easy, ok := s.whole[ordinary]; ok {
		return easy, true
	}
	for _, begin := range []string{first(ordinary), ""} {
		for _, p := range s.blanks[begin] {
			if fills, ok := p.match(ordinary); ok {
				pairs := make([]string, 0, 2*len(fills))
				for i, fill := range fills {
					if easy, ok := s.whole[fill]; ok {
						fill = easy
					}
					pairs = append(pairs, p.names[i], fill)
				}
				return strings.NewReplacer(pairs...).Replace(p.easy), true
			}
		}
	}
	return ordinary, false
}

// match gives what stands in the blanks of a sentence of this pattern.
func (p pattern) match(text string) (fills []string, ok bool) {
	last := len(p.parts) - 1
	text, ok = strings.CutPrefix(text, p.parts[0])
	if !ok || !strings.HasSuffix(text, p.parts[last]) {
		return nil, false
	}
	text = text[:len(text)-len(p.parts[last])]
	for _, part := range p.parts[1:last] {
		fill, rest, found := strings.Cut(text, part)
		if !found {
			return nil, false
		}
		fills, text = append(fills, fill), rest
	}
	return append(fills, text), true
}
