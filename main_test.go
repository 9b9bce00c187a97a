package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"strings"
	"testing"

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
