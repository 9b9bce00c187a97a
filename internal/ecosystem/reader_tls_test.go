//go:build cgo && unix

package ecosystem

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/pcsctest"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/seed"
)

// page is what docs/integrate.md has typed below a heading, or "" for an unknown one.
func page(t *testing.T, heading string) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/integrate.md")
	webtest.Must(t, err)
	_, below, found := strings.Cut(string(text), "\n"+heading+"\n")
	_, below, _ = strings.Cut(below, "\n```sh\n")
	typed, _, closed := strings.Cut(below, "\n```\n")
	if !found || !closed {
		t.Fatalf("docs/integrate.md has nothing to type below %q", heading)
	}
	return typed + "\n"
}

// servesByCertificate types what docs/integrate.md says of nginx, and of curl and OpenSSL with
// the card: 太郎's card signs in by OpenSC's PKCS#11 module. It is served while the certificate
// is good, and refused once it is revoked.
func (w pcscTown) servesByCertificate(t *testing.T) {
	d := w.daemon.At(t)
	engines, _ := filepath.Glob("/usr/lib/*/engines-3/pkcs11.so")
	if _, err := exec.LookPath("nginx"); err != nil || engines == nil {
		d.Lacks("nginx or libengine-pkcs11-openssl is not installed; see e2e/setup.sh programs")
	}
	webtest.Must(t, w.stranger.Place(t.Context(), "")) // the engine knows a token by its label, which all cards share
	d.SeesNoCard(1)
	dir := t.TempDir()
	file := func(name string) string { return filepath.Join(dir, name) }
	authority := w.Peer("authority")
	webtest.Must(t, os.WriteFile(file("user-authentication.ca.pem"), []byte(get(t, w.URL("authority")+"/ca/user-authentication.pem", 200)), 0o600))
	webtest.Must(t, os.WriteFile(file("auth.crl"), []byte(get(t, authority+"/crl/user-authentication.crl/key/"+seed.BankKey, 200)), 0o600))
	d.Says(nil, "openssl", "crl", "-inform", "DER", "-in", file("auth.crl"), "-out", file("auth.crl.pem"))
	d.Says(nil, "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
		"-keyout", file("server.key"), "-out", file("server.pem"))
	port := w.startNginx(t, dir)
	here := strings.NewReplacer("8443", port, "pin-value=1234", "pin-value=2345", "/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so", pcsctest.Module)
	reads, visits := page(t, "## The card in a reader"), page(t, "### curl and OpenSSL with the card")
	visit := func() string {
		out, err := d.Runs("bash", "-ec", "cd "+dir+"\n"+here.Replace(reads+visits))
		return fmt.Sprint(out, err)
	}
	if said := visit(); !strings.Contains(said, "SUCCESS") || !strings.Contains(said, "Verify return code: 0 (ok)") {
		t.Errorf("a good certificate: %s", said)
	}
	var card struct {
		Certificates map[jpki.Kind]jpki.SerialNumber
	}
	webtest.NewBrowser(t, w.Peer("card")).Calls(http.MethodGet, "/v1/cards/card-taro", nil, &card).Says(200)
	serial := card.Certificates[jpki.UserAuthentication]
	send(t, webtest.NewBrowser(t, ""), w.Peer("authority")+fmt.Sprintf("/counter/v1/certificates/%s/%s/revoke", jpki.UserAuthentication, serial), w.key(officerKey),
		map[string]any{"reason": jpki.KeyCompromise, "why": "紛失"}, nil)
	if said := visit(); strings.Contains(said, "SUCCESS") || !strings.Contains(said, "The SSL certificate error") {
		t.Errorf("a revoked certificate: %s", said)
	}
}

// startNginx starts nginx in a folder until the test ends, and returns its port.
func (w pcscTown) startNginx(t *testing.T, dir string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	webtest.Must(t, err)
	_, port, _ := net.SplitHostPort(l.Addr().String())
	_, conf, _ := strings.Cut(page(t, "### nginx"), "cat > nginx.conf <<'END'\n")
	conf, _, written := strings.Cut(conf, "\nEND\n")
	if !written {
		t.Fatal("docs/integrate.md writes no nginx.conf")
	}
	text := strings.NewReplacer("8443", port, "http://127.0.0.1:8081", w.Peer("authority"), "test-bank-verifier-key-not-secret", seed.BankKey).Replace(conf)
	webtest.Must(t, os.WriteFile(filepath.Join(dir, "nginx.conf"), []byte(text), 0o600))
	webtest.Must(t, l.Close())
	cmd := exec.Command("nginx", "-p", dir, "-c", "nginx.conf", "-e", "stderr", "-g", "daemon off;")
	cmd.Stderr = os.Stderr
	webtest.Must(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Signal(syscall.SIGTERM); _ = cmd.Wait() })
	w.daemon.At(t).Until(func() error {
		conn, err := net.Dial("tcp", "127.0.0.1:"+port)
		if err == nil {
			_ = conn.Close()
		}
		return err
	})
	return port
}
