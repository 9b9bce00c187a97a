package web_test

import (
	"bytes"
	"crypto"
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
