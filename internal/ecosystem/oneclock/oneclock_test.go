package oneclock

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
)

// TestAStrangerIsNotWaitedFor: what is not there yet is waited for until the end, but a certificate that nobody
// trusts, and http in place of https, are an error at once.
func TestAStrangerIsNotWaitedFor(t *testing.T) {
	quiet := log.New(io.Discard, "", 0)
	tls, plain := httptest.NewUnstartedServer(http.NotFoundHandler()), httptest.NewServer(http.NotFoundHandler())
	tls.Config.ErrorLog, plain.Config.ErrorLog = quiet, quiet
	tls.StartTLS()
	defer tls.Close()
	defer plain.Close()
	for name, base := range map[string]string{"another CA": tls.URL, "no TLS": "https://" + plain.Listener.Addr().String()} {
		if err := WaitFor(t.Context(), func() error { _, err := Read(t.Context(), base); return err }); !errors.Is(err, ErrStranger) {
			t.Errorf("%s: %v", name, err)
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close() // nobody answers there
	waiting, end := context.WithCancel(t.Context())
	tries := 0
	err = WaitFor(waiting, func() error {
		if tries++; tries == 2 {
			end()
		}
		_, err := Read(t.Context(), "https://"+l.Addr().String())
		return err
	})
	if errors.Is(err, ErrStranger) || !errors.Is(err, context.Canceled) || tries < 2 {
		t.Errorf("a house that is not there yet: %d tries, %v", tries, err)
	}
}
