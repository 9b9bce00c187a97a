package partners_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/conform"
	"example.jp/jpkimock/internal/conform/partners"
	"example.jp/jpkimock/internal/conform/town"
	"example.jp/jpkimock/internal/ecosystem"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// open opens a town for a run.
func open(t *testing.T, card string) *town.Town {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	e, err := ecosystem.Start(ctx, ecosystem.Config{Manage: "127.0.0.1:0", Snapshots: true, KeysAhead: -1, SweepEvery: -1})
	must(t, err)
	t.Cleanup(func() { _ = e.Close() })
	file := filepath.Join(t.TempDir(), "ready.json")
	must(t, e.WriteReady(file, ""))
	r, err := town.Read(file)
	must(t, err)
	opened, err := town.Open(ctx, r, card)
	must(t, err)
	return opened
}

// failed runs the suite, and gives the cases that the partner failed.
func failed(t *testing.T, p *partners.Partner, e conform.Expectations, only func(id string) bool) string {
	t.Helper()
	s := p.Suite()
	s.Cases = slices.DeleteFunc(s.Cases, func(c conform.Case) bool { return !only(c.ID) })
	report, err := s.Run(t.Context(), e, time.Now, func(r conform.Result) {
		if r.Outcome == conform.Failed {
			t.Logf("%s %s: %s", r.ID, r.Title.EN, r.Came)
		}
	})
	must(t, err)
	var ids []string
	for _, r := range report.Results {
		if r.Outcome == conform.Failed || r.Outcome == conform.NotTried {
			ids = append(ids, r.ID)
		}
	}
	return strings.Join(ids, " ")
}

func all(string) bool { return true }

// bank is the bank of the town as a partner, at its own interface or behind another.
func bank(at *town.Town, account, behind string) *partners.Partner {
	if behind == "" {
		behind = at.URLs["bank"] + "/partner"
	}
	return &partners.Partner{Town: at, URL: behind, Key: at.Keys["bank-portal"], ID: "bank", Customer: account}
}

// carelessly is a partner before a sound one, and what it does otherwise.
func carelessly(t *testing.T, sound string, does *atomic.Value) string {
	to, err := url.Parse(sound)
	must(t, err)
	var answers atomic.Int64
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to) },
		ModifyResponse: func(r *http.Response) error {
			text, err := io.ReadAll(r.Body)
			if err != nil {
				return err
			}
			text = otherwise(does.Load().(string), answers.Add(1), r, text)
			r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
			r.Header.Del("Content-Length")
			return nil
		},
	}
	server := httptest.NewServer(proxy)
	t.Cleanup(server.Close)
	return server.URL
}

// otherwise spoils the n-th answer of a sound partner.
func otherwise(how string, n int64, r *http.Response, text []byte) []byte {
	refuses := r.StatusCode/100 == 4
	switch {
	case how == "refuses what it cannot check" && r.StatusCode/100 == 5:
		r.StatusCode = http.StatusUnprocessableEntity
		return []byte(`{"code":"bad_signature"}`)
	case how == "has one code for all" && refuses:
		return []byte(`{"code":"malformed"}`)
	case how == "connects everybody" && refuses && r.Request.URL.Path == "/partner/v1/connections":
		r.StatusCode = http.StatusNoContent
		return nil
	case how == "says yes to every address" && r.Request.URL.Path == "/partner/v1/addresses" && r.StatusCode == http.StatusOK:
		return []byte(`{"same":true}`)
	case how == "counts a repetition anew" && strings.HasPrefix(r.Request.URL.Path, "/partner/v1/applications") && r.StatusCode == http.StatusOK:
		var receipt map[string]any
		if json.Unmarshal(text, &receipt) == nil {
			receipt["at"] = time.Unix(n, 0).UTC().Format(time.RFC3339)
			text, _ = json.Marshal(receipt) // as it was read
		}
	}
	return text
}

// TestConformanceFindsPlantedFaults plants one fault after the other in the bank's interface: each
// is found by the cases that are about it, and by no other. The bank itself passes all.
func TestConformanceFindsPlantedFaults(t *testing.T) {
	at := open(t, "card-taro")
	account := at.Person.Account
	if ids := failed(t, bank(at, account, ""), conform.Expectations{}, all); ids != "" {
		t.Fatalf("the bank fails %s", ids)
	}
	var does atomic.Value
	does.Store("")
	careless := bank(at, account, carelessly(t, at.URLs["bank"]+"/partner", &does))
	for _, c := range []struct{ does, found string }{
		{"refuses what it cannot check", "PA-30 PA-31 PA-32 PA-33 PA-34 PA-35"},
		{"has one code for all", "PA-05 PA-06 PA-07 PA-10 PA-13 PA-14 PA-15 PA-16 PA-23 PA-92"},
		{"connects everybody", "PA-04 PA-05 PA-06 PA-07"},
		{"says yes to every address", "PA-09"},
		{"counts a repetition anew", "PA-21 PA-22 PA-24"},
	} {
		does.Store(c.does)
		quick := func(id string) bool { return id < "PA-40" || id >= "PA-90" }
		if ids := failed(t, careless, conform.Expectations{}, quick); ids != c.found {
			t.Errorf("a partner that %s fails %q: want %q", c.does, ids, c.found)
		}
	}
}

// TestTheCableOperatorConforms: its register has no dates of birth, and says so.
func TestTheCableOperatorConforms(t *testing.T) {
	at := open(t, "card-hanako")
	p := &partners.Partner{Town: at, URL: at.URLs["catv"] + "/partner", Key: at.Keys["catv-portal"], ID: "cable", Customer: "100871"}
	e := conform.Expectations{Cases: map[string]conform.Exception{"PA-07": {Expect: conform.NotApplicable, Reason: "the register has no dates of birth"}}}
	if ids := failed(t, p, e, all); ids != "" {
		t.Errorf("it fails %s", ids)
	}
}

// TestAPartnerInNodeConforms: one in another language, written from openapi.yaml alone.
func TestAPartnerInNodeConforms(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip("node is not installed")
	}
	at := open(t, "card-hanako")
	holder, err := at.Holder(t.Context(), jpki.DigitalSignature)
	must(t, err)
	four, err := jpki.BasicFourOf(holder)
	must(t, err)
	register, err := json.Marshal(map[string]any{"customers": []map[string]any{
		{"no": "N-1", "name": four.CommonName, "dateOfBirth": four.DateOfBirth, "address": four.Address},
	}})
	must(t, err)
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "register.json"), register, 0o600))
	must(t, os.WriteFile(filepath.Join(dir, "ca.pem"), []byte(at.Authorities["digital-signature"].CA), 0o600))
	ctx, end := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, node, "../../../examples/partner-node/partner.mjs")
	cmd.Env = append(os.Environ(), "PORT=0", "PARTNER_ID=node", "PORTAL_KEY=key-of-a-test", "AUTHORITY="+at.URLs["authority"],
		"ACCREDITATION="+at.Verifiers["bank"].Key, "CA="+filepath.Join(dir, "ca.pem"), "DATA="+filepath.Join(dir, "register.json"))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	t.Cleanup(func() {
		end()
		_ = cmd.Wait() // it was killed
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	must(t, err)
	p := &partners.Partner{Town: at, URL: strings.TrimSpace(line), Key: "key-of-a-test", ID: "node", Customer: "N-1"}
	if ids := failed(t, p, conform.Expectations{}, all); ids != "" {
		t.Errorf("it fails %s", ids)
	}
}
