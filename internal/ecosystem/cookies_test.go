package ecosystem

import (
	"net/http"
	"strings"
	"testing"
)

// Behind a proxy that ends TLS no request says that browsers came by https: the
// public address does. Every house's cookies go by it.
func TestCookiesAreSecureWhereThePublicAddressIsHTTPS(t *testing.T) {
	t.Parallel()
	alone(t)
	cfg := Config{Public: map[string]string{}, Seed: "none"}
	for _, h := range Houses() {
		cfg.Public[h.Name] = "https://" + h.Name + ".example.jp"
	}
	e := town(t, cfg)
	cookies := func(method, address string) []*http.Cookie {
		r, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		resp, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		return resp.Cookies()
	}
	secure := func(method, address string) {
		t.Helper()
		all := cookies(method, address)
		if len(all) == 0 {
			t.Errorf("%s sets no cookie", address)
		}
		for _, k := range all {
			if !k.Secure || !k.HttpOnly || !strings.HasPrefix(k.Name, "__Host-jpkimock_") || k.Path != "/" || k.Domain != "" {
				t.Errorf("%s: %v", address, k)
			}
		}
	}
	for _, h := range Houses() {
		secure(http.MethodGet, e.Peer(h.Name)+"/?lang=en")
	}
	secure(http.MethodPost, e.Peer("bank")+"/signin/challenge")
	secure(http.MethodGet, e.Peer("platform")+"/signin")
	secure(http.MethodPost, e.Peer("catv")+"/signin/challenge")
}
