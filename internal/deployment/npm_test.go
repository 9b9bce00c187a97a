//go:build unix

package deployment

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The package for Node starts a town of the binary and plays its citizens, with TLS and without;
// where Playwright is, also in a browser.
func TestTheNodePackagePlaysATown(t *testing.T) {
	needs(t, "node")
	im := buildImage(t)
	cmd := exec.CommandContext(t.Context(), "node", "--test", "test/")
	cmd.Dir = "../../rp/npm"
	cmd.Env = append(os.Environ(), "JPKIMOCK_BINARY="+filepath.Join(im.root, "jpkimock"))
	if folder, browser := playwrightHere(); folder != "" {
		cmd.Env = append(cmd.Env, "JPKIMOCK_PLAYWRIGHT="+folder, "JPKIMOCK_CHROMIUM="+browser)
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// playwrightHere finds the package of Playwright that the browser stories use, and a browser.
func playwrightHere() (folder, browser string) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", ""
	}
	for _, name := range []string{"chromium-headless-shell", "chromium", "google-chrome"} {
		if at, err := exec.LookPath(name); err == nil {
			browser = at
			break
		}
	}
	found, _ := filepath.Glob(filepath.Join(cache, "ms-playwright-go", "*", "package"))
	if len(found) == 0 || browser == "" {
		return "", ""
	}
	return found[len(found)-1], browser
}

// idRow is a row of the table of test IDs: a folder of templates, and IDs.
var (
	idRow  = regexp.MustCompile("(?m)^\\| ([^|]*) \\| ((?:`[a-z-]+`(?:, )?)+) \\| `([a-z/]+)` \\|$")
	idName = regexp.MustCompile("`([a-z-]+)`")
)

// Every test ID that docs/interfaces.md promises is in a template of its house.
func TestTheTestIDsAreThere(t *testing.T) {
	page, err := os.ReadFile("../../docs/interfaces.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := idRow.FindAllStringSubmatch(string(page), -1)
	if len(rows) < 6 {
		t.Fatalf("the table has %d rows", len(rows))
	}
	for _, row := range rows {
		var templates strings.Builder
		files, err := filepath.Glob("../../" + row[3] + "/*.html")
		if err != nil || len(files) == 0 {
			t.Fatalf("%s has no templates: %v", row[3], err)
		}
		for _, f := range files {
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			templates.Write(text)
		}
		for _, id := range idName.FindAllStringSubmatch(row[2], -1) {
			// As an attribute, or handed to a form that several houses share.
			if !strings.Contains(templates.String(), `data-testid="`+id[1]+`"`) && !strings.Contains(templates.String(), `"TestID" "`+id[1]+`"`) {
				t.Errorf("%s has no %s", row[3], id[1])
			}
		}
	}
}
