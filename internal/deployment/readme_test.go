package deployment

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// session is the README's session with curl and openssl.
var session = regexp.MustCompile("(?s)works\nagainst a running `go run . --ephemeral`:\n\n```sh\n(.*?)```")

// The session in the README is run against a town, unchanged except for the ports.
func TestTheReadmesSessionWorks(t *testing.T) {
	needs(t, "bash", "curl", "openssl", "base64")
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	found := session.FindSubmatch(readme)
	if found == nil {
		t.Fatal("no session found in the README")
	}
	script := strings.NewReplacer(portsOf(startTown(t))...).Replace(string(found[1]))
	out := types(t, t.TempDir(), script)
	for _, want := range []string{"verify OK", "nextUpdate=", "CMS Verification successful", "Response verify OK", "hanako.pem: good"} {
		if !strings.Contains(out, want) {
			t.Errorf("the session does not say %q:\n%s", want, out)
		}
	}
}
