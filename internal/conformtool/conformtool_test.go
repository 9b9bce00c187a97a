package conformtool_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/internal/conform"
	"example.jp/jpkimock/internal/conform/conformtest"
	"example.jp/jpkimock/internal/conformtool"
	"example.jp/jpkimock/internal/ecosystem"
	"example.jp/jpkimock/internal/ready"
)

// start opens a town on any free ports.
func start(ctx context.Context, _ int) (ready.Town, func() error, error) {
	e, err := ecosystem.Start(ctx, ecosystem.Config{Manage: "127.0.0.1:0", Snapshots: true, KeysAhead: -1, SweepEvery: -1})
	if err != nil {
		return ready.Town{}, nil, err
	}
	return e.Ready(), e.Close, nil
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// target makes this test's program an OpenID Connect client at an address, which ends if the
// provider is not there or not the one that is configured.
const target = "JPKIMOCK_TEST_TARGET"

func TestMain(m *testing.M) {
	at := os.Getenv(target)
	if at == "" {
		os.Exit(m.Run())
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err == nil {
		house := conformtest.NewHouse(os.Getenv("JPKI_ISSUER"), "http://"+at, key, time.Now)
		if err = house.Discover(context.Background()); err == nil {
			err = http.ListenAndServe(at, house)
		}
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// TestAClientIsStartedAnew: a client of OpenID Connect that looks for its provider when it starts is
// tried with a discovery document of another issuer, and with the right one again.
func TestAClientIsStartedAnew(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	at := l.Addr().String()
	must(t, l.Close())
	t.Setenv(target, at)
	program, err := os.Executable()
	must(t, err)
	var out bytes.Buffer
	err = conformtool.Run(t.Context(), []string{"--profile", "oidc-client", "--base-port", "0", "--target", "http://" + at + "/start", "--run", program, "--signed-in", "Welcome"}, &out, nil)
	if err != nil || !strings.Contains(out.String(), "OC-60 passed") || !strings.Contains(out.String(), "OC-99 passed") {
		t.Errorf("%v: %s", err, &out)
	}
}

// TestAReportSaysWhatToMend tries a page that welcomes everybody: the reports say of each case that
// it failed what was sent, what came and where to read on, and the exit code is not 0.
func TestAReportSaysWhatToMend(t *testing.T) {
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		if r.Method == http.MethodPost {
			fmt.Fprint(w, "<h1>Welcome</h1>")
			return
		}
		fmt.Fprintf(w, `<form method=post data-jpki=authenticate data-jpki-nonce="%s"></form>`, strings.Repeat("A", 44))
	}))
	defer target.Close()
	dir := t.TempDir()
	expect := filepath.Join(dir, "expect.json")
	must(t, os.WriteFile(expect, []byte(`{"cases":{"RP-10":{"expect":"not-applicable","reason":"every origin is welcome"}}}`), 0o600))
	var out bytes.Buffer
	args := []string{"--profile", "relying-party", "--target", target.URL, "--expect", expect, "--out", dir, "--lang", "ja"}
	if err := conformtool.Run(t.Context(), args, &out, start); !errors.Is(err, conformtool.ErrFailed) {
		t.Fatalf("%v: %s", err, out.String())
	}
	var report struct {
		Sound bool
		Cases []struct{ ID, Outcome, Sent, Came, Mend, Doc, Reason string }
	}
	must(t, json.Unmarshal(read(t, dir, "report.json"), &report))
	if report.Sound || len(report.Cases) < 30 {
		t.Errorf("%d cases, sound: %v", len(report.Cases), report.Sound)
	}
	for _, c := range report.Cases {
		switch {
		case c.ID == "RP-10" && (c.Outcome != "not-applicable" || c.Reason == ""):
			t.Errorf("an expectation: %+v", c)
		case c.Outcome == "failed" && (c.Sent == "" || !strings.Contains(c.Came, "HTTP 200") || c.Mend == "" || c.Doc == ""):
			t.Errorf("a failure says too little: %+v", c)
		case c.ID == "RP-50" && c.Outcome != "failed":
			t.Errorf("a suspended card is welcome: %+v", c)
		}
	}
	var junit struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Cases    []struct {
			Name string `xml:"name,attr"`
		} `xml:"testcase"`
	}
	must(t, xml.Unmarshal(read(t, dir, "junit.xml"), &junit))
	if junit.Tests != len(report.Cases) || junit.Failures == 0 || len(junit.Cases) != junit.Tests {
		t.Errorf("JUnit: %+v", junit)
	}
	if page := string(read(t, dir, "report.html")); !strings.Contains(page, `<section class="fault" id="RP-50">`) || !strings.Contains(page, "紛失（一時停止）") {
		t.Errorf("the page: %s", page)
	}
}

func read(t *testing.T, dir, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, name))
	must(t, err)
	return b
}

// TestExpectationsAreOfCases refuses expectations that would be forgotten.
func TestExpectationsAreOfCases(t *testing.T) {
	suite := conform.Suite{Cases: []conform.Case{{ID: "RP-01"}}}
	for text, e := range map[string]conform.Exception{
		"an unknown case": {Expect: conform.Refuse, Reason: "why"}, "no reason": {Expect: conform.Refuse}, "no expectation": {Expect: "maybe", Reason: "why"},
	} {
		id := "RP-01"
		if text == "an unknown case" {
			id = "RP-00"
		}
		if _, err := suite.Run(t.Context(), conform.Expectations{Cases: map[string]conform.Exception{id: e}}, nil, nil); !errors.Is(err, conform.ErrExpectation) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// TestTheUsageNamesTheProfiles where the flags are not enough.
func TestTheUsageNamesTheProfiles(t *testing.T) {
	for _, args := range [][]string{{}, {"--profile", "none", "--target", "http://localhost"}, {"--profile", "relying-party"}} {
		var out bytes.Buffer
		err := conformtool.Run(t.Context(), args, &out, nil)
		for _, name := range conformtool.Names() {
			if !errors.Is(err, conformtool.ErrUsage) || !strings.Contains(out.String(), name) {
				t.Errorf("%v: %v: %s", args, err, out.String())
			}
		}
	}
}

// TestWhereToReadOnIsThere: the reports lead to a heading of the documents.
func TestWhereToReadOnIsThere(t *testing.T) {
	for _, s := range conformtool.Suites() {
		for _, c := range s.Cases {
			file, heading, _ := strings.Cut(c.Doc, "#")
			text, err := os.ReadFile(filepath.Join("..", "..", file))
			must(t, err)
			found := heading == "" || slices.ContainsFunc(strings.Split(string(text), "\n"), func(line string) bool {
				name, ok := strings.CutPrefix(strings.TrimLeft(line, "#"), " ")
				return strings.HasPrefix(line, "#") && ok && strings.ReplaceAll(strings.ToLower(name), " ", "-") == heading
			})
			if !found || c.Title.EN == "" || c.Title.JA == "" || c.Sent.JA == "" || c.Mend.EN == "" {
				t.Errorf("%s: %+v", c.ID, c.Words)
			}
		}
	}
}
