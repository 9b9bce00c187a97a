package ecosystem

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/internal/ecosystem/oneclock"
	"example.jp/jpkimock/internal/ecosystem/townca"
	"example.jp/jpkimock/internal/webtest"
)

// binary builds the program once for the tests that need processes.
func binary(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "jpkimock")
	args := []string{"build", "-o", path}
	if info, ok := debug.ReadBuildInfo(); ok { // the tags of this test: others would compile SQLite again
		for _, s := range info.Settings {
			if s.Key == "-tags" {
				args = append(args, "-tags", s.Value)
			}
		}
	}
	cmd := exec.Command("go", append(args, "example.jp/jpkimock")...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return path
}

// process is a house in a process of its own.
type process struct {
	*exec.Cmd
	log bytes.Buffer
}

func start(t *testing.T, bin string, env []string, args ...string) *process {
	t.Helper()
	p := &process{Cmd: exec.Command(bin, args...)}
	p.Env = append(os.Environ(), env...)
	p.Stdout, p.Stderr = &p.log, &p.log
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = p.Process.Kill()
		_ = p.Wait()
		if t.Failed() {
			t.Logf("%v:\n%s", args, p.log.String())
		}
	})
	return p
}

// await waits until a house is healthy.
func await(t *testing.T, client *http.Client, url string) {
	t.Helper()
	until(t, url+" answers", func() bool {
		resp, err := client.Get(url + "/healthz")
		if err != nil {
			return false
		}
		resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
}

// until waits for something that processes do.
func until(t *testing.T, what string, done func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-ctx.Done():
			t.Fatalf("never: %s", what)
		case <-tick.C:
		}
	}
}

// freePort finds a port that is free on every loopback address used.
func freePort(t *testing.T, host string) int {
	t.Helper()
	l, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// TestHousesApart runs each house as a process of its own, as containers do, at an
// address of its own and with the same settings: pages and certificates have the
// houses' names, which these processes cannot resolve, and servers the addresses.
func TestHousesApart(t *testing.T) {
	t.Parallel()
	alone(t)
	bin, env, urls := binary(t), []string{"JPKIMOCK_EPHEMERAL=1"}, map[string]string{}
	public := func(house string) string { return "http://" + house + ".test" }
	ports := map[string]int{}
	for i, h := range Houses() {
		host := fmt.Sprintf("127.0.0.%d", 11+i)
		ports[h.Name] = freePort(t, host)
		urls[h.Name] = fmt.Sprintf("http://%s:%d", host, ports[h.Name])
		name := "JPKIMOCK_" + strings.ToUpper(h.Name)
		env = append(env, name+"_PUBLIC="+public(h.Name), name+"_PEER="+urls[h.Name])
	}
	for i, h := range Houses() {
		base := ports[h.Name] - h.Place
		start(t, bin, append(env, fmt.Sprintf("JPKIMOCK_LISTEN=127.0.0.%d", 11+i)), h.Name, "--base-port", fmt.Sprint(base), "--manage", "off") // it would take another port, which nobody looked for
	}
	for _, u := range urls {
		await(t, http.DefaultClient, u)
	}
	seeding := exec.Command(bin, "seed")
	seeding.Env = append(os.Environ(), env...)
	if out, err := seeding.CombinedOutput(); err != nil {
		t.Fatalf("seed: %v\n%s", err, out)
	}
	answer := postJSON(t, urls["card"]+"/v1/authenticate", map[string]any{
		"card": "card-hanako", "pin": "1234", "origin": public("bank"), "nonce": strings.Repeat("QUJD", 11),
	})
	var token struct{ Format, UnverifiedCertificate string }
	if err := json.Unmarshal([]byte(answer), &token); err != nil || token.Format != "web-eid:1.0" {
		t.Fatalf("authenticate: %s, %v", answer, err)
	}
	der, err := base64.StdEncoding.DecodeString(token.UnverifiedCertificate)
	if err != nil {
		t.Fatal(err)
	}
	issued, err := x509.ParseCertificate(der)
	if err != nil || len(issued.OCSPServer) != 1 || !strings.HasPrefix(issued.OCSPServer[0], public("authority")+"/ocsp/") {
		t.Errorf("the certificate leads to %v, %v: want the authority's name", issued.OCSPServer, err)
	}
	// A house answers by its name, and a page of another is none of its own.
	for host, want := range map[string]int{"bank.test": 200, "evil.test": 421} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, urls["bank"]+"/", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("the bank as %s: %d: want %d", host, resp.StatusCode, want)
		}
	}
	if out, err := exec.Command(bin, "health", urls["bank"]).CombinedOutput(); err != nil {
		t.Errorf("health: %v %s", err, out)
	}
}

// TestHousesApartByHTTPS runs each house as a process of its own with --tls. They start at the same
// time in one new data folder, and have one CA; a process with another folder is told why it is a
// stranger.
func TestHousesApartByHTTPS(t *testing.T) {
	t.Parallel()
	alone(t)
	data := t.TempDir()
	bin, env, urls := binary(t), []string{"JPKIMOCK_TLS=1"}, map[string]string{}
	ports := map[string]int{}
	for i, h := range Houses() {
		host := fmt.Sprintf("127.0.0.%d", 31+i)
		ports[h.Name] = freePort(t, host)
		urls[h.Name] = fmt.Sprintf("https://%s:%d", host, ports[h.Name])
		env = append(env, "JPKIMOCK_"+strings.ToUpper(h.Name)+"_PUBLIC="+urls[h.Name])
	}
	env = slices.Clip(env)
	here := append(env, "JPKIMOCK_DATA="+data)
	for i, h := range Houses() {
		start(t, bin, append(here, fmt.Sprintf("JPKIMOCK_LISTEN=127.0.0.%d", 31+i)), h.Name, "--base-port", fmt.Sprint(ports[h.Name]-h.Place), "--manage", "off")
	}
	ca := filepath.Join(data, townca.CertificateFile)
	trusted := x509.NewCertPool()
	until(t, "there is a CA", func() bool {
		text, err := os.ReadFile(ca)
		return err == nil && trusted.AppendCertsFromPEM(text)
	})
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted}}}
	for _, u := range urls {
		await(t, client, u)
	}
	runs := func(env []string, args ...string) (string, error) {
		cmd := exec.CommandContext(t.Context(), bin, args...)
		cmd.Env = append(os.Environ(), env...)
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	if out, err := runs(here, "seed"); err != nil {
		t.Fatalf("seed: %v\n%s", err, out)
	}
	if out, err := runs(nil, "login", "--ca", ca, "--town", urls["lobby"], "--card", "card-taro", urls["bank"]+"/signin"); err != nil || !strings.Contains(out, "さまの口座") {
		t.Errorf("a sign-in: %v: %s", err, out)
	}
	// What certificates name is http, also where the authority's address was given.
	resp, err := client.Get(urls["lobby"] + "/world.json")
	webtest.Must(t, err)
	defer resp.Body.Close()
	var world struct {
		Verifiers map[string]struct{ OCSP map[string]string }
	}
	webtest.Must(t, json.NewDecoder(resp.Body).Decode(&world))
	if at := world.Verifiers["bank"].OCSP["user-authentication"]; !strings.HasPrefix(at, "http"+strings.TrimPrefix(urls["authority"], "https")+"/") {
		t.Errorf("the status of certificates is asked at %q", at)
	}
	if out, err := runs(append(env, "JPKIMOCK_DATA="+t.TempDir(), "JPKIMOCK_BANK_PUBLIC="), "bank", "--base-port", "0"); err == nil || !strings.Contains(out, oneclock.ErrStranger.Error()) {
		t.Errorf("a process with another CA: %v: %s", err, out)
	}
}

func postJSON(t *testing.T, url string, in any) string {
	t.Helper()
	b, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.Post(url, "application/json", bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var answer bytes.Buffer
	if _, err := answer.ReadFrom(resp.Body); err != nil {
		t.Fatal(err)
	}
	return answer.String()
}
