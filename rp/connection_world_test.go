package rp_test

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync/atomic"
	"testing"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/rptest"
)

// TestAKeptConnectionThatEndsIsNoSilence: a server that closes an idle connection just
// as a question comes over it is asked once more, over another.
func TestAKeptConnectionThatEndsIsNoSilence(t *testing.T) {
	w := rptest.New(t)
	serial := w.Card("taro").Serial(jpki.DigitalSignature)
	to, err := url.Parse(w.URL())
	if err != nil {
		t.Fatal(err)
	}
	front := httputil.NewSingleHostReverseProxy(to)
	var ending atomic.Bool
	between := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if ending.CompareAndSwap(true, false) {
			panic(http.ErrAbortHandler)
		}
		if r.Header.Values("Idempotency-Key") != nil {
			t.Error("the mark for net/http was sent")
		}
		front.ServeHTTP(w, r)
	}))
	t.Cleanup(between.Close)
	cfg := w.Config("https://bank.example")
	cfg.AuthorityURL, cfg.Client = between.URL, between.Client()
	v, err := rp.NewVerifier(cfg)
	if err != nil {
		t.Fatal(err)
	}
	for _, serials := range [][]jpki.SerialNumber{{serial}, {serial, serial}} { // OCSP, and a change confirmation
		for _, ends := range []bool{false, true} {
			ending.Store(ends)
			if _, err := v.CheckStatus(t.Context(), jpki.DigitalSignature, serials...); err != nil {
				t.Errorf("%d questions, over a connection that ends: %v: %v", len(serials), ends, err)
			}
			if ending.Load() {
				t.Error("no connection was ended")
			}
		}
	}
}
