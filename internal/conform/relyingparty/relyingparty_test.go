package relyingparty_test

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/conform"
	"example.jp/jpkimock/internal/conform/relyingparty"
	"example.jp/jpkimock/internal/conform/town"
	"example.jp/jpkimock/internal/ecosystem"
	"example.jp/jpkimock/rp"
)

// open opens a town for a run.
func open(t *testing.T, card string) *town.Town {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	e, err := ecosystem.Start(ctx, ecosystem.Config{Manage: "127.0.0.1:0", Snapshots: true, KeysAhead: -1, SweepEvery: -1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	opened, err := town.Open(ctx, e.Ready(), card)
	if err != nil {
		t.Fatal(err)
	}
	return opened
}

// failed runs a suite, and gives the cases that the target failed.
func failed(t *testing.T, s conform.Suite, e conform.Expectations) (ids []string) {
	t.Helper()
	report, err := s.Run(t.Context(), e, time.Now, func(r conform.Result) {
		if r.Outcome != conform.Passed {
			t.Logf("%s %s: %s", r.ID, r.Title.EN, r.Came)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range report.Results {
		if r.Outcome == conform.Failed || r.Outcome == conform.NotTried {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// quick leaves out the cases that put the town back, but for those that are named.
func quick(s conform.Suite, but ...string) conform.Suite {
	s.Cases = slices.DeleteFunc(s.Cases, func(c conform.Case) bool {
		return strings.HasPrefix(c.ID, "RP-5") && !slices.Contains(but, c.ID)
	})
	return s
}

// TestConformanceFindsPlantedFaults plants one fault after the other in a small relying party: each
// is found by the cases that are about it, and by no other. The sound one passes all.
func TestConformanceFindsPlantedFaults(t *testing.T) {
	t.Parallel()
	at := open(t, "card-hanako")
	server := httptest.NewUnstartedServer(nil)
	origin := "http://" + server.Listener.Addr().String()
	s, err := newService(at, origin)
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = s
	server.Start()
	t.Cleanup(server.Close)
	p := &relyingparty.Party{Town: at, Page: origin + "/", SignedIn: "Welcome"}
	if ids := failed(t, p.Suite(), conform.Expectations{}); ids != nil {
		t.Fatalf("the sound service fails %v", ids)
	}
	for _, c := range []struct{ forgets, found string }{
		{"origin", "RP-10"}, {"nonce", "RP-11"}, {"replay", "RP-13"}, {"signature", "RP-10 RP-11 RP-12 RP-14 RP-15 RP-16"}, {"algorithm", "RP-17"}, {"format", "RP-18"},
		{"issuer", "RP-35 RP-36 RP-37"}, {"validity", "RP-33 RP-34"}, {"policy", "RP-31 RP-32"}, {"critical", "RP-38"}, {"ca", "RP-39"}, {"usage", "RP-40"}, {"purpose", "RP-41"},
		{"unknown", "RP-60"}, {"ocsp nonce", "RP-61"}, {"stale", "RP-62"}, {"responder", "RP-63"}, {"signer", "RP-64"}, {"silence", "RP-65 RP-66"},
		{"suspended", "RP-50"}, {"revoked", "RP-52 RP-54"},
	} {
		s.forget(c.forgets)
		if ids := failed(t, quick(p.Suite(), strings.Fields(c.found)...), conform.Expectations{}); strings.Join(ids, " ") != c.found {
			t.Errorf("a service that forgets %q fails %v: want %s", c.forgets, ids, c.found)
		}
	}
}

// TestOurOwnHousesConform: who asks for a card in this town is tried as anybody else.
func TestOurOwnHousesConform(t *testing.T) {
	t.Parallel()
	at := open(t, "card-taro")
	for _, c := range []struct {
		house, page, challenge, signedIn string
		whole                            bool
	}{
		{"bank", "/signin", "", "さまの口座", true}, {"catv", "/signin", "/signin/challenge", "たろう", true},
		{"portal", "/signin", "", "さまのページ", false}, {"medical", "/rx/mine", "", "処方箋", false},
	} {
		p := &relyingparty.Party{Town: at, Page: at.URLs[c.house] + c.page, SignedIn: c.signedIn}
		if c.challenge != "" {
			p.Challenge = at.URLs[c.house] + c.challenge
		}
		s := p.Suite()
		if !c.whole {
			s = quick(s)
		}
		if ids := failed(t, s, conform.Expectations{}); ids != nil {
			t.Errorf("%s fails %v", p.Page, ids)
		}
	}
}

// TestSignedDocuments: a relying party that takes documents with the kit passes, and one that asks
// for no status, or leaves out another check, does not.
func TestSignedDocuments(t *testing.T) {
	t.Parallel()
	at := open(t, "card-taro")
	var anchors []*x509.Certificate
	for _, kind := range jpki.Kinds() {
		anchor, _, err := at.Authority(kind)
		if err != nil {
			t.Fatal(err)
		}
		anchors = append(anchors, anchor)
	}
	verifier, err := rp.NewVerifier(rp.Config{Anchors: anchors, Origin: "http://localhost:9000", Key: at.Verifiers["bank"].Key, AuthorityURL: at.URLs["authority"]})
	if err != nil {
		t.Fatal(err)
	}
	believes := rp.Check("") // the check after which it looks no further
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in struct{ Document, CMS []byte }
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		_, err := verifier.VerifySignature(r.Context(), in.Document, in.CMS)
		if check, ok := errors.AsType[*rp.CheckError](err); ok && check.Check == believes {
			return
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusForbidden)
		}
	}))
	t.Cleanup(server.Close)
	p := &relyingparty.Party{Town: at, Page: at.URLs["bank"] + "/signin", SignedIn: "さまの口座", Documents: server.URL}
	s := p.Suite()
	s.Cases = slices.DeleteFunc(s.Cases, func(c conform.Case) bool { return c.ID != "RP-01" && (c.ID < "RP-70" || c.ID == "RP-99") })
	if ids := failed(t, s, conform.Expectations{}); ids != nil {
		t.Errorf("the kit fails %v", ids)
	}
	believes = rp.StatusCheck
	if ids := strings.Join(failed(t, s, conform.Expectations{}), " "); ids != "RP-73 RP-75 RP-76 RP-77" {
		t.Errorf("a relying party that asks for no status fails %q", ids)
	}
	s.Cases = slices.DeleteFunc(s.Cases, func(c conform.Case) bool { return strings.HasPrefix(c.ID, "RP-7") })
	for check, want := range map[rp.Check]string{
		rp.ValidityCheck: "RP-83 RP-84", rp.PolicyCheck: "RP-81 RP-82", rp.ChainCheck: "RP-85 RP-87",
		rp.CriticalExtensionCheck: "RP-88", rp.BasicConstraintsCheck: "RP-89", rp.KeyUsageCheck: "RP-90", rp.SignerIdentifierCheck: "RP-91",
	} {
		believes = check
		if ids := strings.Join(failed(t, s, conform.Expectations{}), " "); ids != want {
			t.Errorf("a relying party that does not look at the %s fails %q: want %q", check, ids, want)
		}
	}
}
