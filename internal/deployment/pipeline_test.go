//go:build unix

package deployment

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The example of a pipeline passes, and prints what docs/ci.md shows.
func TestThePipelineOfTheExamplesPasses(t *testing.T) {
	needs(t, "bash", "curl", "jq", "openssl")
	run := exec.CommandContext(t.Context(), "../../examples/pipeline/pipeline.sh", filepath.Join(buildImage(t).root, "jpkimock"))
	printed, err := run.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, printed)
	}
	page, err := os.ReadFile("../../docs/ci.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range fenced.FindAllStringSubmatch(string(page), -1) {
		if block[1] == "text" && strings.TrimSpace(block[2]) != strings.TrimSpace(string(printed)) {
			t.Errorf("docs/ci.md shows\n%s\nthe pipeline prints\n%s", block[2], printed)
		}
	}
}
