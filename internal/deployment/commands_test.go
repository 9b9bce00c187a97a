package deployment

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/internal/ecosystem"
)

// needs skips a test that lacks a program; in continuous integration it fails.
func needs(t *testing.T, programs ...string) {
	t.Helper()
	for _, program := range programs {
		if _, err := exec.LookPath(program); err != nil {
			lacks(t, err.Error()+"; see e2e/setup.sh programs")
		}
	}
}

func lacks(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(what)
	}
	t.Skip(what)
}

// startTown starts the town whose usual ports the documents name.
func startTown(t *testing.T) *ecosystem.Ecosystem {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	town, err := ecosystem.Start(ctx, ecosystem.Config{Seed: "default", Manage: "127.0.0.1:0", Tester: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = town.Close() })
	return town
}

// portsOf gives the replacements that turn the usual ports into the town's, for
// strings.NewReplacer.
func portsOf(town *ecosystem.Ecosystem) []string {
	var ports []string
	for _, h := range ecosystem.Houses() {
		_, port, _ := strings.Cut(strings.TrimPrefix(town.URL(h.Name), "http://"), ":")
		for _, host := range []string{"localhost", "127.0.0.1"} {
			ports = append(ports, fmt.Sprintf("%s:%d", host, ecosystem.DefaultBasePort+h.Place), host+":"+port)
		}
	}
	return ports
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return fmt.Sprint(l.Addr().(*net.TCPAddr).Port)
}

// types runs a document's commands in a folder, and returns what they print.
func types(t *testing.T, dir, script string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "bash", "-euo", "pipefail", "-c", script)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	cmd.WaitDelay = time.Second // a program left in the background keeps the output open
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return string(out)
}
