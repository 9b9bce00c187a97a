package oidc_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"example.jp/jpkimock/internal/conform"
	"example.jp/jpkimock/internal/conform/conformtest"
	"example.jp/jpkimock/internal/conform/oidc"
)

// serve opens a provider, and a client that is made for it.
func serve(t *testing.T, client func(p *oidc.Provider, origin string) http.Handler) *oidc.Client {
	t.Helper()
	p, end, err := oidc.Serve("127.0.0.1:0", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = end() })
	server := httptest.NewUnstartedServer(nil)
	origin := "http://" + server.Listener.Addr().String()
	server.Config.Handler = client(p, origin)
	server.Start()
	t.Cleanup(server.Close)
	return &oidc.Client{Provider: p, Start: origin + "/start", SignedIn: "Welcome"}
}

// failed runs the suite, and gives the cases that the client failed.
func failed(t *testing.T, c *oidc.Client) (ids []string) {
	t.Helper()
	report, err := c.Suite().Run(t.Context(), conform.Expectations{}, time.Now, func(r conform.Result) {
		if r.Outcome != conform.Passed {
			t.Logf("%s %s: %s", r.ID, r.Title.EN, r.Came)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range report.Results {
		if r.Outcome != conform.Passed {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// TestTheHousesOwnClientConforms: what the houses of this town sign in with passes all cases, with
// its assertions verified.
func TestTheHousesOwnClientConforms(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	var house *conformtest.House
	c := serve(t, func(p *oidc.Provider, origin string) http.Handler {
		house = conformtest.NewHouse(p.Issuer, origin, key, time.Now)
		return house
	})
	restart := func(context.Context) error {
		house.Forget()
		return nil
	}
	c.Restart = restart
	c.Keys.Keys = []jose.JSONWebKey{{Key: key.Public(), KeyID: conformtest.KeyID, Algorithm: "ES256", Use: "sig"}}
	if ids := failed(t, c); ids != nil {
		t.Errorf("it fails %v", ids)
	}
	c.Restart = nil // it has found the provider, and does not look again
	if report, err := c.Suite().Run(t.Context(), conform.Expectations{}, time.Now, func(conform.Result) {}); err != nil || report.Count(conform.Skipped) != 1 || !report.Sound() {
		t.Errorf("without a restart: %+v, %v", report, err)
	}
	c.Restart = restart
	c.Keys.Keys[0].KeyID = "another"
	if ids := strings.Join(failed(t, c), " "); ids != "OC-06" {
		t.Errorf("with another key registered it fails %q, want OC-06", ids)
	}
}

// TestConformanceFindsPlantedFaults plants one fault after the other in a small client: each is
// found by the cases that are about it, and by no other. The sound one passes all.
func TestConformanceFindsPlantedFaults(t *testing.T) {
	var s *service
	c := serve(t, func(p *oidc.Provider, origin string) http.Handler {
		s = newService(p.Issuer, origin)
		return s
	})
	c.Restart = func(context.Context) error {
		s.forget(s.forgets)
		return nil
	}
	for _, one := range []struct{ forgets, found string }{
		{"", ""}, {"state", "OC-10 OC-11"}, {"browser", "OC-12"}, {"once", "OC-15"}, {"answer iss", "OC-13"}, {"error", "OC-14"},
		{"signature", "OC-20 OC-21 OC-24"}, {"kid", "OC-22 OC-41"}, {"none", "OC-23"}, {"iss", "OC-25"}, {"aud", "OC-26"}, {"nonce", "OC-27 OC-28"}, {"exp", "OC-29 OC-31"},
		{"sub", "OC-30"}, {"userinfo", "OC-32"}, {"rotation", "OC-40 OC-41"}, {"failure", "OC-50 OC-51 OC-52 OC-53 OC-54"},
		{"pkce", "OC-03 OC-04"}, {"fresh", "OC-05"}, {"assertion", "OC-06"}, {"discovery", "OC-60"}, {"issuer", "OC-60"},
	} {
		s.forget(one.forgets)
		if ids := strings.Join(failed(t, c), " "); ids != one.found {
			t.Errorf("a client that forgets %q fails %q: want %q", one.forgets, ids, one.found)
		}
	}
}
