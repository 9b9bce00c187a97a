package ui

import "strings"

// ReadWords reads the words of a house: a line each, "key | Japanese | English". Any other
// line is a comment.
func ReadWords(text string) map[string]Text {
	all := map[string]Text{}
	for line := range strings.Lines(text) {
		if f := strings.Split(strings.TrimSpace(line), " | "); len(f) == 3 {
			all[f[0]] = Text{JA: f[1], EN: f[2]}
		}
	}
	return all
}
