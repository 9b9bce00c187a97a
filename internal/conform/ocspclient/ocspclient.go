// Package ocspclient has the cases of an OCSP client (RFC 6960): a program that is shown a certificate
// and says whether it may be used. The run is the responder that the certificate names.
package ocspclient

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/conform"
	"example.jp/jpkimock/internal/conform/forge"
	"example.jp/jpkimock/internal/conform/town"
)

// Profile is its name.
const Profile = "ocsp-client"

// Client is the client that is tested: a URL or a command.
type Client struct {
	Town *town.Town
	// URL takes a certificate in PEM by POST.
	URL string
	// Command is one of the shell, with JPKI_CERT_FILE, JPKI_CA_FILE and JPKI_RESPONDER_URL in
	// its environment, where there is no URL.
	Command string
	// Folder is where a command's files are written.
	Folder string

	responder *Responder
	holder    *x509.Certificate
	now       func() time.Time
}

// Open opens the responder on an address of the loopback interface.
func (c *Client) Open(ctx context.Context, address string, now func() time.Time) (end func() error, err error) {
	issuer, _, err := c.Town.Authority(own)
	if err != nil {
		return nil, err
	}
	honest, err := c.signer(own)
	if err != nil {
		return nil, err
	}
	if c.holder, err = c.Town.Holder(ctx, own); err != nil {
		return nil, err
	}
	c.now = now
	c.responder, end, err = serve(address, issuer, honest, now)
	return end, err
}

// URLOfResponder is where the certificates say that their status is asked.
func (c *Client) URLOfResponder() string { return c.responder.URL }

// own is the kind of certificate that is shown.
const own = jpki.UserAuthentication

// signer is the responder of the certification authority of a kind.
func (c *Client) signer(kind jpki.Kind) (signer, error) {
	certificate, key, err := c.Town.Responder(kind)
	return signer{certificate, key}, err
}

// Suite gives the cases.
func (c *Client) Suite() conform.Suite {
	target := c.URL
	if target == "" {
		target = c.Command
	}
	return conform.Suite{Profile: Profile, Target: target, Cases: c.cases()}
}

// shows shows the client a certificate that it has never seen.
func (c *Client) shows(ctx context.Context) (conform.Seen, error) {
	issuer, key, err := c.Town.Authority(own)
	if err != nil {
		return conform.Seen{}, err
	}
	der, err := forge.Certificate(c.holder, issuer, key, forge.Serial(1<<40+rand.Int64N(1<<40)), forge.Responder(c.responder.URL))
	if err != nil {
		return conform.Seen{}, err
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	if c.URL == "" {
		return c.runs(ctx, text, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: issuer.Raw}))
	}
	return c.posts(ctx, text)
}

// longestAnswer bounds what is read of an answer, in octets, and answerTime how long it may take.
// endTime is how long what a command has started may go on writing after that.
const (
	longestAnswer = 1 << 10
	answerTime    = time.Minute
	endTime       = time.Second
)

func (c *Client) posts(ctx context.Context, certificate []byte) (conform.Seen, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.URL, bytes.NewReader(certificate))
	if err != nil {
		return conform.Seen{}, err
	}
	r.Header.Set("Content-Type", "application/x-pem-file")
	answer, err := (&http.Client{Timeout: answerTime}).Do(r)
	if err != nil {
		return conform.Seen{Came: "no answer: " + err.Error()}, ctx.Err()
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(io.LimitReader(answer.Body, longestAnswer))
	return conform.Seen{Accepted: answer.StatusCode/100 == 2, Came: fmt.Sprintf("HTTP %d: %s", answer.StatusCode, said)}, err
}

func (c *Client) runs(ctx context.Context, certificate, issuer []byte) (conform.Seen, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	cert, ca := filepath.Join(c.Folder, "certificate.pem"), filepath.Join(c.Folder, "ca.pem")
	if err := errors.Join(os.WriteFile(cert, certificate, 0o600), os.WriteFile(ca, issuer, 0o600)); err != nil {
		return conform.Seen{}, err
	}
	cmd := exec.CommandContext(ctx, "sh", "-c", c.Command)
	cmd.WaitDelay = endTime
	cmd.Env = append(os.Environ(), "JPKI_CERT_FILE="+cert, "JPKI_CA_FILE="+ca, "JPKI_RESPONDER_URL="+c.responder.URL)
	said, err := cmd.CombinedOutput()
	words := strings.Join(strings.Fields(string(said[:min(len(said), longestAnswer)])), " ")
	if _, failed := errors.AsType[*exec.ExitError](err); failed {
		return conform.Seen{Came: err.Error() + ": " + words}, nil
	}
	return conform.Seen{Accepted: err == nil, Came: "exit status 0: " + words}, err
}
