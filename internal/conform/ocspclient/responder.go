package ocspclient

import (
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"example.jp/jpkimock/authority/ocsp"
)

// path is that of the responder, as the authority has it.
const path = "/ocsp/user-authentication"

// signer signs answers.
type signer struct {
	certificate *x509.Certificate
	key         crypto.Signer
}

// wrong is one fault of an answer. The zero value is none.
type wrong struct {
	single func(*ocsp.Single)
	answer func(a *ocsp.Answer, now time.Time)
	by     *signer // in place of the responder
	octets func([]byte) []byte
	http   func(http.ResponseWriter)
}

// Responder answers about every certificate of its issuer, and is wrong as it is told. It asks
// nobody for a verifier's key.
type Responder struct {
	URL    string
	issuer *x509.Certificate
	honest signer
	now    func() time.Time

	mu    sync.Mutex
	wrong wrong
	asked []ocsp.Request
	bad   []error // requests that are none
}

// serve opens the responder on a port of the loopback interface, 0 for a free one.
func serve(address string, issuer *x509.Certificate, honest signer, now func() time.Time) (r *Responder, end func() error, err error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, nil, err
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	r = &Responder{URL: "http://localhost:" + port + path, issuer: issuer, honest: honest, now: now}
	server := &http.Server{Handler: r, ReadHeaderTimeout: 5 * time.Second}
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(l) }) // ends when it is closed
	return r, func() error { defer serving.Wait(); return server.Close() }, nil
}

// begin begins a trial with a fault.
func (r *Responder) begin(w wrong) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.wrong, r.asked, r.bad = w, nil, nil
}

// read reads a request by POST, or by GET (RFC 6960 appendix A).
func read(r *http.Request) ([]byte, error) {
	if r.Method == http.MethodPost {
		return io.ReadAll(io.LimitReader(r.Body, ocsp.MaxRequest))
	}
	text, err := url.PathUnescape(strings.TrimPrefix(r.URL.EscapedPath(), path+"/"))
	if err != nil {
		return nil, err
	}
	return base64.StdEncoding.DecodeString(text)
}

func (r *Responder) ServeHTTP(w http.ResponseWriter, asks *http.Request) {
	der, err := read(asks) // before the lock: a client may be slow
	r.mu.Lock()
	defer r.mu.Unlock()
	var request ocsp.Request
	if err == nil {
		request, err = ocsp.ParseRequest(der)
	}
	w.Header().Set("Content-Type", "application/ocsp-response")
	if err != nil {
		r.bad = append(r.bad, err)
		_, _ = w.Write(ocsp.Failure(ocsp.MalformedRequest)) // fails if the client has gone
		return
	}
	r.asked = append(r.asked, request)
	if r.wrong.http != nil {
		r.wrong.http(w)
		return
	}
	answer, err := r.answer(request)
	if err != nil {
		answer = ocsp.Failure(ocsp.InternalError)
	}
	_, _ = w.Write(answer) // fails if the client has gone
}

// answer makes an answer, as it is wrong.
func (r *Responder) answer(request ocsp.Request) ([]byte, error) {
	now := r.now()
	a := ocsp.Answer{ProducedAt: now, ThisUpdate: now, NextUpdate: now.Add(15 * time.Minute), Nonce: slices.Clone(request.Nonce)}
	for _, id := range request.CertIDs {
		single := ocsp.Single{CertID: slices.Clone(id.Raw), Status: ocsp.Good}
		if r.wrong.single != nil {
			r.wrong.single(&single)
		}
		a.Singles = append(a.Singles, single)
	}
	if r.wrong.answer != nil {
		r.wrong.answer(&a, now)
	}
	by := r.honest
	if r.wrong.by != nil {
		by = *r.wrong.by
	}
	responder, err := ocsp.NewResponder(r.issuer, by.certificate)
	if err != nil {
		return nil, err
	}
	data, err := responder.Data(a)
	if err != nil {
		return nil, err
	}
	digest := sha256.Sum256(data)
	signature, err := by.key.Sign(rand.Reader, digest[:], crypto.SHA256)
	if err != nil {
		return nil, err
	}
	if r.wrong.octets != nil {
		signature = r.wrong.octets(signature)
	}
	return responder.AppendResponse(nil, responder.Signed(data, signature)), nil
}
