// Package easy is the third language of the pages: やさしい日本語, easy Japanese for people
// who are learning it, after the guideline of the Immigration Services Agency and the
// Agency for Cultural Affairs (在留支援のためのやさしい日本語ガイドライン, 2020).
//
// Say gives the easy sentence for an ordinary one; a Writer puts the reading over each
// kanji. Both know what the text files beside them say: sentences/*.txt and
// readings/*.txt, whose first lines tell how they are written. Words that are in neither
// stay as they are.
package easy

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"
	"sync"
)

//go:embed readings sentences
var files embed.FS

// known is what the files say, read when a page first wants it.
var known = sync.OnceValue(func() *catalogue {
	c, err := read(files)
	if err != nil {
		panic(err) // the files are embedded: they are right or the program was not tested
	}
	return c
})

type catalogue struct {
	sentences
	readings
}

// read reads all files of both folders. A sentence, word or counter that is there twice is
// an error, as is a line of another form.
func read(from fs.FS) (*catalogue, error) {
	c := &catalogue{newSentences(), newReadings()}
	for folder, add := range map[string]func(text string) error{
		"sentences": c.sentences.add, "readings": c.readings.add,
	} {
		names, err := fs.Glob(from, folder+"/*.txt")
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			text, err := fs.ReadFile(from, name)
			if err == nil {
				err = add(string(text))
			}
			if err != nil {
				return nil, fmt.Errorf("easy: %s: %w", name, err)
			}
		}
	}
	return c, nil
}

// entries are the lines of a file without comments and empty ones.
func entries(text string) []string {
	var all []string
	for line := range strings.Lines(text) {
		if line = strings.TrimRight(line, "\r\n "); line != "" && line[0] != '#' {
			all = append(all, line)
		}
	}
	return all
}
