//go:build unix

package deployment

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// The ready file, and what the lobby gives in its place, are what docs/ready.schema.json says, and
// docs/interfaces.md names each of its members.
func TestTheReadyFileIsWhatItsSchemaSays(t *testing.T) {
	town := startTown(t)
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	schema, err := compiler.Compile("../../docs/ready.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "ready.json")
	if err := town.WriteReady(file, ""); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.Get(town.URL("lobby") + "/world.json")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	shown, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("../../docs/interfaces.md")
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{"the file": string(text), "the lobby": string(shown)} {
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(content))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := schema.Validate(v); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		v.(object)["unknown"] = true
		if schema.Validate(v) == nil {
			t.Errorf("%s: the schema says nothing of a member that is not there", name)
		}
	}
	for member := range schema.Properties {
		if !strings.Contains(string(page), "| `"+member+"` |") {
			t.Errorf("docs/interfaces.md does not name %s", member)
		}
	}
}
