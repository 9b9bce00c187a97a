package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"example.jp/jpkimock/internal/ecosystem"
)

// tlsTown is a town that answers by https, and its ready file.
type tlsTown struct {
	*testing.T
	ecosystem.Ready
	file, data string
}

func startTLS(t *testing.T) tlsTown {
	t.Helper()
	town := tlsTown{T: t, data: t.TempDir()}
	town.file = filepath.Join(t.TempDir(), "ready.json")
	var o options
	if err := o.parse("up", []string{"--tls", "--data", town.data, "--base-port", "0", "--ready-file", town.file}, func(string) string { return "" }, io.Discard); err != nil {
		t.Fatal(err)
	}
	running, end := context.WithCancel(t.Context())
	ready, ended := make(chan struct{}), make(chan error, 1)
	go func() { ended <- o.up(running, &said{ready: sync.OnceFunc(func() { close(ready) })}) }()
	t.Cleanup(func() {
		end()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	select {
	case <-ready:
	case err := <-ended:
		ended <- nil
		t.Fatal(err)
	}
	text, err := os.ReadFile(town.file)
	if err == nil {
		err = json.Unmarshal(text, &town.Ready)
	}
	if err != nil {
		t.Fatal(err)
	}
	return town
}

// asks sends a request, and gives the answer with its body.
func (w tlsTown) asks(client *http.Client, method, url, body string) (*http.Response, string) {
	w.Helper()
	r, err := http.NewRequestWithContext(w.Context(), method, url, strings.NewReader(body))
	if err != nil {
		w.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	answer, err := client.Do(r)
	if err != nil {
		w.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		w.Fatal(err)
	}
	return answer, string(text)
}

// A town with --tls answers by https alone, but for what certificates name, and everything in it
// works as without.
func TestATownAnswersByHTTPS(t *testing.T) {
	w := startTLS(t)
	for house, url := range w.URLs {
		if !strings.HasPrefix(url, "https://") {
			t.Errorf("%s is at %s", house, url)
		}
		if answer, text := w.asks(http.DefaultClient, http.MethodGet, url+"/healthz", ""); answer.StatusCode != http.StatusOK {
			t.Errorf("%s: %s %s", house, answer.Status, text)
		}
	}
	w.checkPlain()
	w.checkTools()
	w.checkStories()
	w.checkOthers()
	w.checkOpenID()
	w.checkProcesses()
	if again, err := os.ReadFile(filepath.Join(w.data, "tls-ca.key")); err != nil || !bytes.Contains(again, []byte("PRIVATE KEY")) {
		t.Errorf("the key of the CA is not kept: %v", err)
	}
}

// checkPlain asks by http, and as somebody who does not know the CA.
func (w tlsTown) checkPlain() {
	w.Helper()
	kept, err := os.ReadFile(filepath.Join(w.data, "tls-ca.pem"))
	if err != nil || string(kept) != w.TLS.CA || w.TLS.File != filepath.Join(w.data, "tls-ca.pem") {
		w.Errorf("the CA: %v %s", err, w.TLS.File)
	}
	stranger := &http.Client{Transport: &http.Transport{}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if _, err := stranger.Get(w.URLs["bank"] + "/healthz"); err == nil || !strings.Contains(err.Error(), "x509") {
		w.Errorf("somebody who does not trust the CA: %v", err)
	}
	plain := func(house string) string { return "http" + strings.TrimPrefix(w.URLs[house], "https") }
	if _, text := w.asks(stranger, http.MethodGet, plain("lobby")+"/tls-ca.pem", ""); text != string(kept) {
		w.Errorf("by http the CA is %s", text)
	}
	if answer, _ := w.asks(stranger, http.MethodGet, plain("bank")+"/signin?x=1", ""); answer.StatusCode != http.StatusPermanentRedirect || answer.Header.Get("Location") != w.URLs["bank"]+"/signin?x=1" {
		w.Errorf("a reader by http: %s %s", answer.Status, answer.Header.Get("Location"))
	}
	for _, path := range []string{"/signin", "/signin/challenge"} {
		if answer, _ := w.asks(stranger, http.MethodPost, plain("bank")+path, "{}"); answer.StatusCode != http.StatusBadRequest {
			w.Errorf("a request by http: %s", answer.Status)
		}
	}
	for kind, of := range w.Authorities {
		if answer, text := w.asks(stranger, http.MethodGet, w.Verifiers["bank"].CRL[kind], ""); answer.StatusCode != http.StatusOK || !strings.HasPrefix(of.OCSP, "http://") {
			w.Errorf("what certificates name: %s %s %.80q", of.OCSP, answer.Status, text)
		}
	}
}

// checkTools is a citizen who signs in, also at the platform, and moves; each with --ca.
func (w tlsTown) checkTools() {
	w.Helper()
	runs := func(args ...string) string {
		w.Helper()
		var out bytes.Buffer
		if err := run(append(args, "--ca="+w.file), func(string) string { return "" }, &out); err != nil {
			w.Errorf("%v: %v", args, err)
		}
		return out.String()
	}
	for house, want := range map[string]string{"bank": "__Host-jpkimock_bank", "portal": "__Host-jpkimock_portal"} {
		if said := runs("login", "--town", w.URLs["lobby"], "--card", "card-taro", w.URLs[house]+"/signin"); !strings.Contains(said, want) {
			w.Errorf("%s: %s", house, said)
		}
	}
	client := w.Clients[0]
	ask := w.Issuer + "/protocol/openid-connect/auth?response_type=code&client_id=" + client.ID + "&redirect_uri=" + client.RedirectURIs[0] +
		"&scope=openid&state=s&nonce=n&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256"
	if said := runs("login", "--town", w.URLs["lobby"], "--card", "card-misaki", ask); !strings.Contains(said, "/consent") {
		w.Errorf("the platform: %s", said)
	}
	if said := runs("persona", "--manage", w.Manage, "hanako"); !strings.Contains(said, "card-hanako") {
		w.Errorf("the management interface: %s", said)
	}
	if err := run([]string{"health", "--ca", filepath.Join(w.data, "none"), w.URLs["bank"]}, func(string) string { return "" }, io.Discard); err == nil {
		w.Error("a CA that is not there is no error")
	}
}

// checkStories plays each story as far as buttons do it.
func (w tlsTown) checkStories() {
	w.Helper()
	type view struct {
		ID    string
		Steps []struct {
			No        int
			Button    bool
			Check     string
			Confirmed string
		}
	}
	asks := func(method, path string, out any) {
		w.Helper()
		answer, text := w.asks(http.DefaultClient, method, w.Manage+"/v1/"+path, "")
		if err := json.Unmarshal([]byte(text), out); err != nil || answer.StatusCode != http.StatusOK {
			w.Fatalf("%s: %s %s", path, answer.Status, text)
		}
	}
	var all struct{ Stories []view }
	asks(http.MethodGet, "stories", &all)
	if len(all.Stories) == 0 {
		w.Error("there are no stories")
	}
	for _, story := range all.Stories {
		var now view
		asks(http.MethodPost, "stories/"+story.ID+"/begin", &now)
		for _, step := range story.Steps {
			if step.Button {
				var unread any
				asks(http.MethodPost, fmt.Sprintf("stories/%s/steps/%d", story.ID, step.No), &unread)
			}
		}
		asks(http.MethodGet, "stories/"+story.ID, &now)
		for _, step := range now.Steps {
			if laid := step.Check == "laid" || step.Check == "moved" || step.Check == "issued"; step.Button && laid && step.Confirmed == "" {
				w.Errorf("%s: step %d was not seen to have happened", story.ID, step.No)
			}
		}
	}
}

// checkOthers lets other people's programs trust the CA as docs/interfaces.md says.
func (w tlsTown) checkOthers() {
	w.Helper()
	ca, url := w.TLS.File, w.Issuer+"/.well-known/openid-configuration"
	for _, c := range [][]string{
		{"curl", "-sS", "--fail", "--cacert", ca, url},
		{"node", "-e", "fetch(process.argv[1]).then(r => r.text()).then(console.log)", url},
		{"python3", "-c", "import sys, urllib.request as u; print(u.urlopen(sys.argv[1]).read().decode())", url},
	} {
		program, err := exec.LookPath(c[0])
		if err != nil {
			if os.Getenv("CI") == "true" {
				w.Error(err)
			}
			continue
		}
		cmd := exec.CommandContext(w.Context(), program, c[1:]...)
		cmd.Env = append(os.Environ(), "NODE_EXTRA_CA_CERTS="+ca, "SSL_CERT_FILE="+ca)
		if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), w.Issuer) {
			w.Errorf("%s: %v %s", c[0], err, out)
		}
	}
}

// openIDClient is a service that is configured by the ready file alone. It prints where to sign in,
// and reads where that led.
const openIDClient = `
import { webcrypto } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import * as client from 'openid-client'
const town = JSON.parse(readFileSync(process.argv[2], 'utf8')), own = town.clients[0]
const key = await webcrypto.subtle.importKey('jwk', own.key, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign'])
const config = await client.discovery(new URL(town.issuer), own.clientId, undefined, client.PrivateKeyJwt({ key, kid: own.key.kid }))
const pkceCodeVerifier = client.randomPKCECodeVerifier(), expectedState = client.randomState(), expectedNonce = client.randomNonce()
console.log(client.buildAuthorizationUrl(config, {
  redirect_uri: own.redirectUris[0], scope: 'openid', state: expectedState, nonce: expectedNonce,
  code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier), code_challenge_method: 'S256',
}).href)
const back = await createInterface({ input: process.stdin }).question('')
const tokens = await client.authorizationCodeGrant(config, new URL(back), { pkceCodeVerifier, expectedState, expectedNonce })
const { sub } = tokens.claims()
console.log((await client.fetchUserInfo(config, tokens.access_token, sub)).sub === sub)
`

// checkOpenID lets openid-client 6, which wants https, sign somebody in.
func (w tlsTown) checkOpenID() {
	w.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		w.Fatal(err)
	}
	modules := filepath.Join(cache, "jpkimock", "openid-client-6.8.9", "node_modules")
	if _, err := os.Stat(modules); err != nil {
		if os.Getenv("CI") == "true" {
			w.Error(err)
		}
		return
	}
	dir := w.TempDir()
	if err := errors.Join(os.Symlink(modules, filepath.Join(dir, "node_modules")), os.WriteFile(filepath.Join(dir, "login.mjs"), []byte(openIDClient), 0o600)); err != nil {
		w.Fatal(err)
	}
	cmd := exec.CommandContext(w.Context(), "node", "login.mjs", w.file)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "NODE_EXTRA_CA_CERTS="+w.TLS.File)
	var trouble bytes.Buffer
	cmd.Stderr = &trouble
	in, err := cmd.StdinPipe()
	if err != nil {
		w.Fatal(err)
	}
	said, err := cmd.StdoutPipe()
	if err != nil {
		w.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		w.Fatal(err)
	}
	lines := bufio.NewScanner(said)
	if lines.Scan() {
		// The set did not ask for this sign-in, and its page says so: its address has the code.
		var seen bytes.Buffer
		_ = run([]string{"login", "--ca", w.file, "--town", w.URLs["lobby"], "--card", "card-taro", "--press", "agree", lines.Text()}, func(string) string { return "" }, &seen)
		var at struct{ URL string }
		if err := json.Unmarshal(seen.Bytes(), &at); err != nil {
			w.Errorf("%v: %s", err, &seen)
		}
		_, _ = io.WriteString(in, at.URL+"\n")
		lines.Scan()
	}
	_ = in.Close()
	if answer := lines.Text(); answer != "true" {
		w.Errorf("openid-client says %q", answer)
	}
	if err := cmd.Wait(); err != nil {
		w.Errorf("openid-client: %v %s", err, &trouble)
	}
}
