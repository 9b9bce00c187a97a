package rp

import (
	"context"
	"crypto/x509"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"example.jp/jpkimock/authority/jpki"
)

func TestNewVerifierRefusesWhatCannotWork(t *testing.T) {
	anchors := storyAnchors(t)
	c := theCast()
	holder := must(x509.ParseCertificate(newHolder(jpki.DigitalSignature, 1, c.stranger, c.stranger).der()))
	foreign := newCA(jpki.DigitalSignature, c.stranger, 1, "2018-03-31T15:00:00Z", "2028-03-31T14:59:59Z")
	foreign.issuer = seq(rdn("2.5.4.3", "Any CA"))
	foreign.subject = foreign.issuer
	nameless := newCA(jpki.DigitalSignature, c.stranger, 1, "2018-03-31T15:00:00Z", "2028-03-31T14:59:59Z")
	nameless.without("2.5.29.14")
	cases := map[string]Config{
		"no anchors":          {},
		"nil anchor":          {Anchors: []*x509.Certificate{nil}},
		"a citizen as anchor": {Anchors: []*x509.Certificate{holder}},
		"another CA":          {Anchors: []*x509.Certificate{must(x509.ParseCertificate(foreign.der()))}},
		"no key identifier":   {Anchors: []*x509.Certificate{must(x509.ParseCertificate(nameless.der()))}},
		"origin with path":    {Anchors: anchors, Origin: "https://bank.example.jp/"},
		"origin in capitals":  {Anchors: anchors, Origin: "https://Bank.example.jp"},
		"the scheme's port":   {Anchors: anchors, Origin: "http://bank.example.jp:80"},
		"the secure port":     {Anchors: anchors, Origin: "https://bank.example.jp:443"},
		"no port":             {Anchors: anchors, Origin: "https://bank.example.jp:"},
		"port 0":              {Anchors: anchors, Origin: "https://bank.example.jp:0"},
		"port 65536":          {Anchors: anchors, Origin: "https://bank.example.jp:65536"},
		"port 080":            {Anchors: anchors, Origin: "http://bank.example.jp:0800"},
		"a Unicode host":      {Anchors: anchors, Origin: "https://銀行.example.jp"},
		"a long IPv6 address": {Anchors: anchors, Origin: "http://[0::1]:8083"},
		"an IPv6 zone":        {Anchors: anchors, Origin: "http://[fe80::1%25eth0]:8083"},
		"no host":             {Anchors: anchors, Origin: "http://:8083"},
		"a user":              {Anchors: anchors, Origin: "http://bank@bank.example.jp"},
		"origin of a file":    {Anchors: anchors, Origin: "file://x"},
		"authority of a file": {Anchors: anchors, AuthorityURL: "file:///x"},
		"authority with name": {Anchors: anchors, AuthorityURL: "http://a:b@c"},
		"paired from nowhere": {Anchors: anchors, WantPaired: true},
	}
	for name, cfg := range cases {
		_, err := NewVerifier(cfg)
		about := "Config.Origin"
		switch {
		case strings.HasPrefix(name, "authority"):
			about = "Config.AuthorityURL"
		case strings.HasPrefix(name, "paired"):
			about = "Config.WantPaired"
		case cfg.Origin == "":
			about = "nchor"
		}
		if err == nil || !strings.Contains(err.Error(), about) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, origin := range []string{"https://bank.example.jp", "http://localhost:8083", "http://127.0.0.1:8083", "http://[::1]:8083", "https://xn--fiq228c.example.jp:8443", "http://bank.example.jp:443"} {
		if _, err := NewVerifier(Config{Anchors: anchors, Origin: origin}); err != nil {
			t.Error(err)
		}
	}
	if _, err := NewVerifier(Config{Anchors: anchors, Origin: "https://bank.example.jp:443"}); err == nil || !strings.Contains(err.Error(), `a browser sends "https://bank.example.jp"`) {
		t.Errorf("does not say what a browser sends: %v", err)
	}
	v, err := NewVerifier(Config{Anchors: anchors, AuthorityURL: "http://localhost:8081/"})
	if err != nil || v.cfg.AuthorityURL != "http://localhost:8081" {
		t.Fatal(err)
	}
	if _, err := v.NewChallenge(context.Background()); err == nil {
		t.Error("a challenge for no origin")
	}
	if _, err := v.VerifyAuthentication(context.Background(), nil, "x"); err == nil {
		t.Error("an authentication for no origin")
	}
}

func TestParseAnchors(t *testing.T) {
	good, err := os.ReadFile("testdata/anchors.pem")
	if err != nil {
		t.Fatal(err)
	}
	if anchors, err := ParseAnchors(good); err != nil || len(anchors) != 3 {
		t.Fatal(len(anchors), err)
	}
	key, _ := os.ReadFile("testdata/keys/stranger.pem")
	const none = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
	for text, says := range map[string]string{
		"":                         "no CERTIFICATE block",
		string(key):                "PRIVATE KEY\" as block 1",
		string(good) + string(key): "PRIVATE KEY\" as block 4",
		none:                       "number 1: ",
		string(good) + none:        "number 4: ",
		strings.Repeat(string(good), MaxAnchors/3+1): fmt.Sprintf("as block %d", MaxAnchors+1),
	} {
		if _, err := ParseAnchors([]byte(text)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v; want %q", err, says)
		}
	}
}

func TestFetchAnchors(t *testing.T) {
	good, _ := os.ReadFile("testdata/anchors.pem")
	status, body := 200, good
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/ca/bundle.pem" {
			t.Errorf("asked for %s", r.URL.Path)
		}
		w.WriteHeader(status)
		_, _ = w.Write(body)
	}))
	defer server.Close()
	ctx := context.Background()
	if anchors, err := FetchAnchors(ctx, nil, server.URL+"/"); err != nil || len(anchors) != 3 {
		t.Fatal(len(anchors), err)
	}
	body = make([]byte, MaxAnchors*4096+1)
	if _, err := FetchAnchors(ctx, nil, server.URL); err == nil {
		t.Error("an endless file of anchors")
	}
	status, body = 302, good
	if _, err := FetchAnchors(ctx, nil, server.URL); err == nil {
		t.Error("anchors of a redirect")
	}
	if _, err := FetchAnchors(ctx, nil, "ftp://x"); err == nil {
		t.Error("anchors by ftp")
	}
}
