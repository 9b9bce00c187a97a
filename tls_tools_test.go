package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// runsAsTheCommand makes this test's program the command itself: a process of its own trusts no
// town but those that it is told of.
const runsAsTheCommand = "JPKIMOCK_TEST_RUNS_AS_THE_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(runsAsTheCommand) == "" {
		os.Exit(m.Run())
	}
	if err := run(os.Args[1:], os.Getenv, os.Stdout); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "jpkimock:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// command runs the command in a process of its own, with further environment.
func (w tlsTown) command(env []string, args ...string) (string, error) {
	w.Helper()
	program, err := os.Executable()
	if err != nil {
		w.Fatal(err)
	}
	c := exec.CommandContext(w.Context(), program, args...)
	c.Env = append(slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "JPKIMOCK_") }), runsAsTheCommand+"=1")
	c.Env = append(c.Env, env...)
	out, err := c.CombinedOutput()
	return string(out), err
}

// checkProcesses moves somebody by trigger and tries a relying party by conform, as processes of
// their own: with the CA they do, and without it they refuse the town.
func (w tlsTown) checkProcesses() {
	w.Helper()
	for name, c := range map[string]struct {
		args []string
		says string
	}{
		"trigger": {[]string{"trigger", "--manage", w.Manage, "move", "maria"}, `"person": "maria"`},
		"conform": {[]string{"conform", "--ready", w.file, "--profile", "relying-party", "--card", "card-taro", "--target", w.URLs["portal"] + "/signin"}, " 0 failed, 0 not applicable, 0 not tried"},
	} {
		if said, err := w.command(nil, c.args...); err == nil || !strings.Contains(said, "certificate signed by unknown authority") {
			w.Errorf("%s without the CA: %v: %s", name, err, said)
		}
		if said, err := w.command(nil, append(c.args, "--ca", w.file)...); err != nil || !strings.Contains(said, c.says) {
			w.Errorf("%s --ca: %v: %s", name, err, said)
		}
	}
	if said, err := w.command([]string{"JPKIMOCK_CA=" + w.TLS.File}, "health", w.URLs["portal"]); err != nil {
		w.Errorf("JPKIMOCK_CA: %v: %s", err, said)
	}
}
