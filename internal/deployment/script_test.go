package deployment

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Every page has card.js in its head: a button that is pressed before the script is there would
// send the form without the card's answer.
func TestTheCardsScriptComesBeforeTheButton(t *testing.T) {
	found := 0
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".html" || !strings.Contains(path, "templates") {
			return err
		}
		text, err := os.ReadFile(path)
		for i, line := range strings.Split(string(text), "\n") {
			if strings.Contains(line, `src="/card.js"`) {
				found++
				if !strings.HasPrefix(line, `{{define "card-script"}}`) || strings.Contains(line, "defer") {
					t.Errorf("%s:%d: want it in the layout's block card-script, without defer", path, i+1)
				}
			}
		}
		return err
	})
	if err != nil || found < 10 {
		t.Errorf("%d pages with card.js, %v", found, err)
	}
}

// What the card's script says is shown once it says something: white space would show an
// empty box before.
func TestWhatTheCardSaysBeginsEmpty(t *testing.T) {
	says := regexp.MustCompile(`(?s)<p class="card-says"(?:[^>]|"[^"]*")*>(.*?)</p>`)
	found := 0
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".html" || !strings.Contains(path, "templates") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, m := range says.FindAllSubmatch(text, -1) {
			if found++; len(m[1]) > 0 {
				t.Errorf("%s: %q stands in it", path, m[1])
			}
		}
		return err
	})
	if err != nil || found < 5 {
		t.Errorf("%d places for it, %v", found, err)
	}
}
