package web

import (
	"strings"
	"testing"
)

// Every refusal and every page has words in both languages.
func TestWordsAreWhole(t *testing.T) {
	for _, r := range refusals.Own {
		page, ok := words().Explain(r.Is)
		if !ok || page.Title.EN == "" || page.Title.JA == "" || page.Body.EN == "" || page.Body.JA == "" || len(page.Next) != 1 {
			t.Errorf("%v: %+v", r.Is, page)
		}
	}
	for line := range strings.Lines(wordsText) {
		key, _, _ := strings.Cut(line, " | ")
		if w := word(key); !strings.HasPrefix(line, "#") && strings.TrimSpace(line) != "" && (w.JA == "" || w.EN == "") {
			t.Errorf("%s is not read", key)
		}
	}
}
