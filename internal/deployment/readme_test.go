package deployment

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/internal/ecosystem"
)

// session is the README's session with curl and openssl.
var session = regexp.MustCompile("(?s)works\nagainst a running `go run . --ephemeral`:\n\n```sh\n(.*?)```")

// The README names the variable of every key.
func TestTheReadmeNamesEveryKey(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range ecosystem.Houses() {
		for _, name := range h.Settings() {
			if strings.HasSuffix(name, "_KEY") && !strings.Contains(string(readme), "`"+name+"`") {
				t.Errorf("the README does not name %s", name)
			}
		}
	}
}

// The session in the README is run against a town, unchanged except for the ports.
func TestTheReadmesSessionWorks(t *testing.T) {
	for _, tool := range []string{"bash", "curl", "openssl", "base64"} {
		if _, err := exec.LookPath(tool); err != nil {
			if os.Getenv("CI") == "true" {
				t.Fatal(err)
			}
			t.Skip(err)
		}
	}
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	found := session.FindSubmatch(readme)
	if found == nil {
		t.Fatal("no session found in the README")
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	town, err := ecosystem.Start(ctx, ecosystem.Config{Seed: "default"})
	if err != nil {
		t.Fatal(err)
	}
	defer town.Close()
	var ports []string
	for _, h := range ecosystem.Houses() {
		ports = append(ports, fmt.Sprintf("http://localhost:%d", ecosystem.DefaultBasePort+h.Place), town.URL(h.Name))
	}
	script := strings.NewReplacer(ports...).Replace(string(found[1]))
	cmd := exec.CommandContext(ctx, "bash", "-euo", "pipefail", "-c", script)
	cmd.Dir = t.TempDir()
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{"verify OK", "nextUpdate=", "CMS Verification successful", "Response verify OK", "hanako.pem: good"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("the session does not say %q:\n%s", want, out)
		}
	}
}
