package load

import (
	"bufio"
	"context"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/seed"
)

// openssl asks OpenSSL's responder: two processes, the town's key and certificates,
// and an index of one certificate. It signs every answer, and closes the connection
// after each.
func openssl(ctx context.Context, f *field, clients int) (*answering, error) {
	q, err := f.question(ctx)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "jpkimock-load-openssl-")
	if err != nil {
		return nil, err
	}
	a, err := f.startOpenSSL(ctx, dir, &q)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	a.calls = same(f.town.asked(q), clients)
	return a, nil
}

var accepting = regexp.MustCompile(`^ACCEPT .*:(\d+) PID`)

// startOpenSSL starts the responder in a folder, and sets the question's address.
func (f *field) startOpenSSL(ctx context.Context, dir string, q *question) (*answering, error) {
	if err := f.writeOpenSSL(ctx, dir, *q); err != nil {
		return nil, err
	}
	p := process{exec.Command("openssl", "ocsp", "-port", "0", "-multi", "2", "-index", "index.txt", "-CA", "ca.pem",
		"-rsigner", "responder.pem", "-rkey", "responder.key", "-nmin", "15")}
	p.Dir = dir
	out, err := p.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.Start(); err != nil {
		return nil, err
	}
	a := &answering{by: p, close: func() { p.kill(); _ = os.RemoveAll(dir) }}
	line, err := bufio.NewReader(out).ReadString('\n')
	port := accepting.FindStringSubmatch(line)
	if err != nil || port == nil {
		a.close()
		return nil, fmt.Errorf("openssl ocsp says %q: %w", line, err)
	}
	q.url = "http://127.0.0.1:" + port[1]
	return a, nil
}

// writeOpenSSL writes what the responder reads: the index, the CA, and the
// certificate and key of the town's own responder.
func (f *field) writeOpenSSL(ctx context.Context, dir string, q question) error {
	r, err := q.request(ctx)
	if err != nil {
		return err
	}
	body, err := send(f.town.client, r)
	if err != nil {
		return err
	}
	responder, err := responderOf(body)
	if err != nil {
		return err
	}
	key, err := seed.Key("responder", jpki.DigitalSignature)
	if err != nil {
		return err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	for name, content := range map[string][]byte{
		"index.txt":     fmt.Appendf(nil, "V\t480331145959Z\t\t%s\tunknown\t/CN=holder\n", q.serial),
		"ca.pem":        pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: q.issuer.Raw}),
		"responder.pem": pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: responder}),
		"responder.key": pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// ocspAnswer is the outer part of an OCSPResponse (RFC 6960 §4.2.1).
type ocspAnswer struct {
	Status asn1.Enumerated
	Bytes  struct {
		Type  asn1.ObjectIdentifier
		Basic []byte
	} `asn1:"explicit,tag:0,optional"`
}

// responderOf returns the responder's certificate in an answer.
func responderOf(der []byte) ([]byte, error) {
	var answer ocspAnswer
	var basic struct {
		Data, Algorithm asn1.RawValue
		Signature       asn1.BitString
		Certificates    []asn1.RawValue `asn1:"explicit,tag:0,optional"`
	}
	if _, err := asn1.Unmarshal(der, &answer); err != nil {
		return nil, err
	}
	if _, err := asn1.Unmarshal(answer.Bytes.Basic, &basic); err != nil {
		return nil, err
	}
	if len(basic.Certificates) == 0 {
		return nil, errors.New("OCSP answer without the responder's certificate")
	}
	return basic.Certificates[0].FullBytes, nil
}
