package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/internal/ecosystem"
)

// TestAnInterruptIsNotAnError, neither during startup nor after it.
func TestAnInterruptIsNotAnError(t *testing.T) {
	early, end := context.WithCancel(t.Context())
	end()
	for name, ctx := range map[string]context.Context{"while it starts": early, "when it runs": nil} {
		t.Run(name, func(t *testing.T) {
			var o options
			none := func(string) string { return "" }
			if err := o.parse("up", []string{"--ephemeral", "--seed", "none", "--base-port", "0"}, none, &bytes.Buffer{}); err != nil {
				t.Fatal(err)
			}
			out := &said{}
			if ctx == nil {
				running, end := context.WithCancel(t.Context())
				ctx, out.ready = running, end
			}
			if err := o.up(ctx, out); err != nil {
				t.Error(err)
			}
			if greeted := strings.Contains(out.String(), "Ctrl-C"); greeted != (ctx != early) || !strings.HasSuffix(out.String(), closing+"\n") {
				t.Errorf("said %q", out)
			}
		})
	}
}

// TestTheTestersScreenIsOnInTheWholeTown, and elsewhere where it is switched on.
func TestTheTestersScreenIsOnInTheWholeTown(t *testing.T) {
	for _, c := range []struct {
		command, env string
		args         []string
		want         bool
	}{
		{"up", "", nil, true}, {"platform", "", nil, false}, {"up", "off", nil, false}, {"platform", "on", nil, true}, {"up", "yes", nil, false},
		{"up", "", []string{"--tester=false"}, false}, {"platform", "", []string{"--tester"}, true}, {"up", "off", []string{"--tester"}, true},
	} {
		var o options
		env := func(name string) string { return map[string]string{"JPKIMOCK_TESTER": c.env}[name] }
		if err := o.parse(c.command, c.args, env, &bytes.Buffer{}); err != nil || o.cfg.Tester != c.want {
			t.Errorf("%s %v with %q: %t, %v", c.command, c.args, c.env, o.cfg.Tester, err)
		}
	}
}

// TestTheReadyFileIsThereWhileTheTownIs: not before it, nor after it, nor if it does
// not start.
func TestTheReadyFileIsThereWhileTheTownIs(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ready.json")
	for name, fails := range map[string]bool{"a start that fails": true, "a start": false} {
		if err := os.WriteFile(path, []byte("stale"), 0o600); err != nil {
			t.Fatal(err)
		}
		args := []string{"--ephemeral", "--seed", "none", "--base-port", "0", "--ready-file", path}
		if fails {
			args = append(args, "--ocsp-key", "none")
		}
		var o options
		if err := o.parse("up", args, func(string) string { return "" }, &bytes.Buffer{}); err != nil {
			t.Fatal(err)
		}
		running, end := context.WithCancel(t.Context())
		out := &said{ready: func() {
			if b, err := os.ReadFile(path); err != nil || !strings.Contains(string(b), `"version": 1`) {
				t.Errorf("%s: %q, %v", name, b, err)
			}
			end()
		}}
		if err := o.up(running, out); (err != nil) != fails {
			t.Errorf("%s: %v", name, err)
		}
		end()
		if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("after %s the ready file is there: %v", name, err)
		}
	}
}

// TestTheRespondersKeyIsASetting: by flag, or by environment.
func TestTheRespondersKeyIsASetting(t *testing.T) {
	env := func(name string) string {
		return map[string]string{"JPKIMOCK_OCSP_KEY": "p-256"}[name]
	}
	for want, args := range map[string][]string{"p-256": nil, "rsa-2048": {"--ocsp-key", "rsa-2048"}} {
		var o options
		if err := o.parse("up", args, env, &bytes.Buffer{}); err != nil || o.cfg.OCSPKey != want {
			t.Errorf("%v: %q, %v; want %s", args, o.cfg.OCSPKey, err, want)
		}
	}
	var o options
	if err := o.parse("up", []string{"--ephemeral", "--seed", "none", "--base-port", "0", "--ocsp-key", "p-384"}, env, &bytes.Buffer{}); err != nil {
		t.Fatal(err)
	}
	if err := o.up(t.Context(), &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), "want rsa-2048 or p-256") {
		t.Errorf("a key that is none: %v", err)
	}
}

// TestHowLongAnswersAreKeptIsASetting: by flag, or by environment.
func TestHowLongAnswersAreKeptIsASetting(t *testing.T) {
	for _, c := range []struct {
		env  string
		args []string
		want time.Duration
		says string
	}{
		{"", nil, 450 * time.Second, ""}, {"2m", nil, 2 * time.Minute, ""}, {"2m", []string{"--ocsp-kept", "30s"}, 30 * time.Second, ""},
		{"", []string{"--ocsp-kept", "0"}, -1, ""}, {"soon", nil, 0, "JPKIMOCK_OCSP_KEPT"},
	} {
		var o options
		err := o.parse("up", c.args, func(name string) string { return map[string]string{"JPKIMOCK_OCSP_KEPT": c.env}[name] }, &bytes.Buffer{})
		if o.cfg.OCSPKept != c.want || (err != nil) != (c.says != "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%q %q: %s, %v", c.env, c.args, o.cfg.OCSPKept, err)
		}
	}
}

// said is the output of the process; ready is called when it greets.
type said struct {
	bytes.Buffer
	ready func()
}

func (s *said) Write(b []byte) (int, error) {
	n, err := s.Buffer.Write(b)
	if s.ready != nil && strings.Contains(s.String(), "Ctrl-C") {
		s.ready()
	}
	return n, err
}

// TestTheHelpNamesEveryHouse, with the settings of each.
func TestTheHelpNamesEveryHouse(t *testing.T) {
	for _, ask := range []string{"--help", "help"} {
		var out bytes.Buffer
		if err := run([]string{ask}, func(string) string { return "" }, &out); !errors.Is(err, flag.ErrHelp) {
			t.Fatal(err)
		}
		for _, h := range ecosystem.Houses() {
			for _, want := range append(h.Settings(), h.Name) {
				if !strings.Contains(out.String(), want) {
					t.Errorf("%s lacks %s", ask, want)
				}
			}
		}
	}
}

// TestTheHelpOfACommand: what it does, its own flags, and none of another command.
func TestTheHelpOfACommand(t *testing.T) {
	for asked, want := range map[string]struct{ says, lacks string }{
		"sign":      {"jpkimock sign [flags] FILE", "-press"},
		"login":     {"-press", "-origin"},
		"health":    {"jpkimock health URL", "-base-port"},
		"conform":   {"--profile", "-ephemeral"},
		"card apdu": {"jpkimock card apdu", "-base-port"},
		"bank":      {"-base-port", "-press"},
	} {
		var out bytes.Buffer
		if err := run(append([]string{"help"}, strings.Fields(asked)...), func(string) string { return "" }, &out); !errors.Is(err, flag.ErrHelp) {
			t.Errorf("%s: %v", asked, err)
		}
		if said := out.String(); !strings.Contains(said, want.says) || strings.Contains(said, want.lacks) {
			t.Errorf("%s: %s", asked, said)
		}
	}
	if err := run([]string{"help", "nonsense"}, func(string) string { return "" }, &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), `unknown command "nonsense"`) {
		t.Errorf("help about nothing: %v", err)
	}
}
