package web_test

import (
	"bytes"
	"crypto"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"example.jp/jpkimock/authority/authoritytest"
)

// benchmarkPOST posts the same body from all processors over loopback.
func benchmarkPOST(b *testing.B, client *http.Client, url string, body []byte) {
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			r, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(body))
			if err != nil {
				b.Error(err)
				return
			}
			r.Header.Set("Content-Type", "application/ocsp-request")
			r.Header.Set("Authorization", "Bearer "+authoritytest.Key)
			resp, err := client.Do(r)
			if err != nil {
				b.Error(err)
				return
			}
			if n, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode != http.StatusOK || n < 1000 {
				b.Errorf("%d, %d octets, %v", resp.StatusCode, n, err)
			}
			resp.Body.Close()
		}
	})
}

// BenchmarkOCSPOverHTTP is an answer from memory through every layer. Compare
// BenchmarkStaticOverHTTP.
func BenchmarkOCSPOverHTTP(b *testing.B) {
	tn := open(b)
	c := tn.Settle(authoritytest.Hanako()).Certificates[auth]
	benchmarkPOST(b, tn.client, tn.url+"/ocsp/user-authentication", tn.question(c, crypto.SHA256))
}

// nowhere is a client that takes an answer and drops it.
type nowhere struct {
	header http.Header
	status int
	octets int
}

func (n *nowhere) Header() http.Header    { return n.header }
func (n *nowhere) WriteHeader(status int) { n.status = status }
func (n *nowhere) Write(b []byte) (int, error) {
	n.octets += len(b)
	return len(b), nil
}

// asker asks the house for the same answer from memory again and again, without
// a network.
func (tn *town) asker(method string) (ask func()) {
	c := tn.Settle(authoritytest.Hanako()).Certificates[auth]
	question := tn.question(c, crypto.SHA256)
	path := "/ocsp/user-authentication"
	if method == http.MethodGet {
		path += "/" + base64.StdEncoding.EncodeToString(question)
	}
	body := bytes.NewReader(question)
	r := httptest.NewRequest(method, tn.url+path, io.NopCloser(body))
	r.ContentLength = int64(len(question))
	r.Header.Set("Content-Type", "application/ocsp-request")
	r.Header.Set("Authorization", "Bearer "+authoritytest.Key)
	n := &nowhere{header: http.Header{}}
	return func() {
		body.Reset(question)
		clear(n.header)
		n.octets = 0
		tn.handler.ServeHTTP(n, r)
		if n.octets < 1000 || len(n.header["Etag"]) != 1 {
			tn.t.Fatalf("%d octets, %v", n.octets, n.header)
		}
	}
}

// BenchmarkOCSPHandler is an answer from memory without net/http: what the house
// adds to BenchmarkStaticOverHTTP.
func BenchmarkOCSPHandler(b *testing.B) {
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		b.Run(method, func(b *testing.B) {
			ask := open(b).asker(method)
			b.ReportAllocs()
			for b.Loop() {
				ask()
			}
		})
	}
}

// BenchmarkStaticOverHTTP is net/http alone with a body of the same size.
func BenchmarkStaticOverHTTP(b *testing.B) {
	tn := open(b)
	c := tn.Settle(authoritytest.Hanako()).Certificates[auth]
	body := tn.do("POST", "/ocsp/user-authentication", tn.question(c, crypto.SHA256), asOCSP...).body
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/ocsp-response")
		_, _ = w.Write(body)
	}))
	defer server.Close()
	benchmarkPOST(b, server.Client(), server.URL, tn.question(c, crypto.SHA256))
}
