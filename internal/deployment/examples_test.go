//go:build unix

package deployment

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The relying parties of the examples take every good card and refuse every other one.
func TestTheExamplesConform(t *testing.T) {
	needs(t, "openssl", "node", "java", "javac")
	binary := filepath.Join(buildImage(t).root, "jpkimock")
	inGo := filepath.Join(t.TempDir(), "relying-party-go")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", inGo, "./examples/relying-party-go")
	build.Dir = "../.."
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	for name, command := range map[string]string{
		"Go": inGo, "Node": "node examples/relying-party-node/server.mjs", "Python": "/usr/bin/python3 examples/relying-party-python/server.py",
		"Java": "java examples/relying-party-java/RelyingParty.java",
	} {
		t.Run(name, func(t *testing.T) {
			port := freePort(t)
			run := exec.CommandContext(t.Context(), binary, "conform", "--profile", "relying-party", "--base-port", "0",
				"--target", "http://127.0.0.1:"+port+"/", "--run", "env PORT="+port+" "+command)
			run.Dir = "../.."
			printed, err := run.CombinedOutput()
			if lines := strings.Split(strings.TrimSpace(string(printed)), "\n"); err != nil || !strings.Contains(string(printed), " 0 failed, 0 not applicable, 0 not tried") {
				t.Errorf("%v\n%s", err, strings.Join(lines[max(0, len(lines)-60):], "\n"))
			}
		})
	}
}
