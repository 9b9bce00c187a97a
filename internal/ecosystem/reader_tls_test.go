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
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/seed"
)

// nginxConf asks for a user authentication certificate, and our responder about it
// (docs/integrate.md has the same).
const nginxConf = `daemon off;
pid nginx.pid;
error_log stderr;
events {}
http {
  access_log off;
  server {
    listen 127.0.0.1:PORT ssl;
    ssl_certificate server.pem;
    ssl_certificate_key server.key;
    ssl_client_certificate ca.pem;
    ssl_verify_client on;
    ssl_ocsp leaf;
    ssl_ocsp_responder RESPONDER;
    location / { return 200 "$ssl_client_verify\n"; }
  }
}
`

// opensslConf says what the card can sign: PKCS#1 v1.5.
const opensslConf = `openssl_conf = conf
[conf]
ssl_conf = ssl
[ssl]
system_default = tls
[tls]
SignatureAlgorithms = RSA+SHA256
`

// servesByCertificate has curl sign in at nginx with 太郎's card in the reader, by OpenSC's
// PKCS#11 module: served while the certificate is good, refused once it is revoked.
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
	webtest.Must(t, os.WriteFile(file("ca.pem"), []byte(get(t, w.URL("authority")+"/ca/user-authentication.pem", 200)), 0o600))
	webtest.Must(t, os.WriteFile(file("card.cnf"), []byte(opensslConf), 0o600))
	d.Says(nil, "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
		"-keyout", file("server.key"), "-out", file("server.pem"))
	d.Says(nil, "pkcs11-tool", "--module", "opensc-pkcs11.so", "--read-object", "--type", "cert", "--id", "01", "--output-file", file("card.der"))
	d.Says(nil, "openssl", "x509", "-inform", "DER", "-in", file("card.der"), "-out", file("card.pem"))
	port := w.startNginx(t, dir)
	visit := func() string {
		out, err := d.RunsWith([]string{"OPENSSL_CONF=" + file("card.cnf"), "PKCS11_MODULE_PATH=opensc-pkcs11.so"},
			"curl", "-sS", "--tls-max", "1.2", "--cacert", file("server.pem"), "--engine", "pkcs11", "--key-type", "ENG",
			"--key", "pkcs11:token=JPKI%20%28User%20Authentication%20PIN%29;id=%01;type=private?pin-value=2345", "--cert", file("card.pem"),
			fmt.Sprintf("https://localhost:%s/", port))
		return fmt.Sprint(out, err)
	}
	if said := visit(); !strings.Contains(said, "SUCCESS") {
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
	responder := w.Peer("authority") + "/ocsp/user-authentication/key/" + seed.BankKey
	text := strings.NewReplacer("PORT", port, "RESPONDER", responder).Replace(nginxConf)
	webtest.Must(t, os.WriteFile(filepath.Join(dir, "nginx.conf"), []byte(text), 0o600))
	webtest.Must(t, l.Close())
	cmd := exec.Command("nginx", "-p", dir, "-c", "nginx.conf", "-e", "stderr")
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
