package ecosystem

import (
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/ready"
	"example.jp/jpkimock/internal/webtest"
)

// TestTheReadyFileIsEnough: with what it says a script without any other knowledge
// opens every interface, asks with a key in the path, and checks the answer.
func TestTheReadyFileIsEnough(t *testing.T) {
	t.Parallel()
	alone(t)
	keys := ownKeys()
	delete(keys, platformStaffKey)
	e := town(t, Config{Keys: keys, SweepEvery: -1})
	r := e.Ready()
	for _, h := range Houses() {
		for _, k := range h.Keys {
			if got := r.Keys[strings.ToLower(strings.ReplaceAll(k.Name, "_", "-"))]; got != e.key(k.Name) {
				t.Errorf("the key %s is %q", k.Name, got)
			}
		}
		if h.Verifier.ID != "" && (r.Verifiers[h.Name].ID != h.Verifier.ID || r.Verifiers[h.Name].Key != e.key(h.Verifier.Key)) {
			t.Errorf("%s is the verifier %+v", h.Name, r.Verifiers[h.Name])
		}
	}
	for _, kind := range jpki.Kinds() {
		ca, responder := certificate(t, r.Authorities[kind.String()].CA), certificate(t, r.Authorities[kind.String()].Responder)
		if err := responder.CheckSignatureFrom(ca); err != nil || len(responder.ExtKeyUsage) != 1 || responder.ExtKeyUsage[0] != x509.ExtKeyUsageOCSPSigning {
			t.Errorf("%v: the responder is not the CA's: %v", kind, err)
		}
		script := webtest.NewBrowser(t, "")
		for house, v := range r.Verifiers {
			crl := script.Calls(http.MethodGet, v.CRL[kind.String()], nil, nil).Says(200)
			list, err := x509.ParseRevocationList([]byte(crl.Body))
			if err != nil || list.CheckSignatureFrom(ca) != nil {
				t.Errorf("%s: the CRL of %v: %v", house, kind, err)
			}
			if !strings.HasPrefix(v.OCSP[kind.String()], r.Authorities[kind.String()].OCSP+"/key/") {
				t.Errorf("%s asks at %s", house, v.OCSP[kind.String()])
			}
		}
	}
	script := webtest.NewBrowser(t, "")
	var found struct{ Issuer string }
	script.Calls(http.MethodGet, r.Issuer+"/.well-known/openid-configuration", nil, &found).Says(200)
	if found.Issuer != r.Issuer {
		t.Errorf("the issuer is %q, and the ready file says %q", found.Issuer, r.Issuer)
	}

	// Everybody can read the lobby's copy: it has published keys alone.
	var shown Ready
	webtest.Must(t, json.Unmarshal([]byte(get(t, e.URL("lobby")+"/world.json", 200)), &shown))
	if len(shown.Keys) != 1 || shown.Keys["platform-staff"] != r.Keys["platform-staff"] || len(shown.Verifiers) != 0 {
		t.Errorf("the lobby shows the keys %v and %v", shown.Keys, shown.Verifiers)
	}
}

func certificate(t *testing.T, text string) *x509.Certificate {
	t.Helper()
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		t.Fatalf("no PEM: %q", text)
	}
	c, err := x509.ParseCertificate(block.Bytes)
	webtest.Must(t, err)
	return c
}

// TestLocalhostIsBothAddresses: every house answers at each of them, with one port.
func TestLocalhostIsBothAddresses(t *testing.T) {
	t.Parallel()
	alone(t)
	e := town(t, Config{Seed: "none", SweepEvery: -1})
	for _, h := range Houses() {
		if len(e.places.Of(h.Name).Listeners) < 2 {
			t.Skip("no IPv6 here")
		}
		u, err := url.Parse(e.URL(h.Name))
		webtest.Must(t, err)
		for _, host := range []string{"127.0.0.1", "[::1]", "localhost"} {
			get(t, "http://"+host+":"+u.Port()+"/healthz", 200)
		}
	}
}

// TestTheFilesSayWhatHousesSayOfPeople: serial numbers, validity and accounts are the town's, and
// the environment file is what a shell reads.
func TestTheFilesSayWhatHousesSayOfPeople(t *testing.T) {
	t.Parallel()
	e, _ := onStage(t)
	dir := t.TempDir()
	path, env := filepath.Join(dir, "ready.json"), filepath.Join(dir, "town.env")
	webtest.Must(t, e.WriteReady(path, env))
	text, err := os.ReadFile(path)
	webtest.Must(t, err)
	var r Ready
	webtest.Must(t, json.Unmarshal(text, &r))
	taro := r.Personas[slices.IndexFunc(r.Personas, func(p ready.Persona) bool { return p.ID == "taro" })]
	if len(taro.Certificates) != 2 || taro.Account == "" || taro.Certificates[0].State != "good" || taro.Certificates[0].NotAfter.Before(e.Clock().Now()) {
		t.Fatalf("%+v", taro)
	}
	said, err := exec.Command("sh", "-c", `set -eu; . "$0"; printf '%s\n' "$JPKI_TARO_SERIAL_USER_AUTHENTICATION" "$JPKI_TARO_PIN" "$JPKI_TARO_ACCOUNT" "$JPKI_BANK_URL" "$JPKI_BANK_OCSP_USER_AUTHENTICATION" "$JPKI_KEY_OFFICER" "$JPKI_ISSUER"`, env).CombinedOutput()
	i := slices.IndexFunc(taro.Certificates, func(c ready.Certificate) bool { return c.Kind == jpki.UserAuthentication })
	want := strings.Join([]string{taro.Certificates[i].Serial.String(), "2345", taro.Account, e.URL("bank"), r.Verifiers["bank"].OCSP["user-authentication"], r.Keys["officer"], r.Issuer}, "\n") + "\n"
	if err != nil || string(said) != want {
		t.Errorf("%s: %v: want %s", said, err, want)
	}
	for _, file := range []string{path, env} {
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", file, info, err)
		}
	}
}

// TestTheReadyFileSaysClientsAndDesks: each service is registered with the key and the address
// that the file says, and the officers of the file can sign in.
func TestTheReadyFileSaysClientsAndDesks(t *testing.T) {
	t.Parallel()
	e, _ := onStage(t)
	path := filepath.Join(t.TempDir(), "ready.json")
	webtest.Must(t, e.WriteReady(path, ""))
	text, err := os.ReadFile(path)
	webtest.Must(t, err)
	var r Ready
	webtest.Must(t, json.Unmarshal(text, &r))

	var register struct {
		Providers []struct {
			ClientID     string   `json:"clientId"`
			RedirectURIs []string `json:"redirectUris"`
			JWKS         struct{ Keys []ready.Key }
		}
	}
	script := webtest.NewBrowser(t, "")
	script.Calls(http.MethodGet, r.URLs["platform"]+"/register/v1/providers", nil, &register, webtest.Bearer(r.Keys["platform-staff"])...).Says(200)
	if len(r.Clients) != 2 || len(register.Providers) != 2 {
		t.Fatalf("%+v %+v", r.Clients, register)
	}
	for i, c := range r.Clients {
		p := register.Providers[i]
		if c.ID != p.ClientID || !slices.Equal(c.RedirectURIs, p.RedirectURIs) || c.Key.X != p.JWKS.Keys[0].X || c.Key.Kid != p.JWKS.Keys[0].Kid || c.Key.D == "" {
			t.Errorf("%+v: registered is %+v", c, p)
		}
	}
	if len(r.Desks) < 8 {
		t.Errorf("%d desks", len(r.Desks))
	}
	for _, d := range r.Desks {
		if page := webtest.NewBrowser(t, "").Visits(d.URL); page.Status != http.StatusOK && page.Status != http.StatusUnauthorized {
			t.Errorf("%s: %d", d.URL, page.Status)
		}
		for _, officer := range d.Officers {
			if d.House == "platform" {
				webtest.NewBrowser(t, r.URLs["platform"]).Calls(http.MethodPost, "/register/signin", map[string]string{"key": r.Keys["platform-staff"], "staff": officer}, nil).Says(http.StatusNoContent)
			}
		}
	}
}
