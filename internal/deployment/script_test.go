package deployment

import (
	"io/fs"
	"os"
	"path/filepath"
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
