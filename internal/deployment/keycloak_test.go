//go:build unix

package deployment

import (
	"encoding/json"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
)

// The realm of the example asks the platform for what its discovery offers, at its addresses.
func TestTheRealmFitsThePlatform(t *testing.T) {
	text, err := os.ReadFile("../../examples/keycloak/realm.json")
	if err != nil {
		t.Fatal(err)
	}
	var realm struct {
		IdentityProviders []struct {
			Alias  string            `json:"alias"`
			Config map[string]string `json:"config"`
		} `json:"identityProviders"`
		Mappers []struct {
			Alias  string            `json:"identityProviderAlias"`
			Config map[string]string `json:"config"`
		} `json:"identityProviderMappers"`
	}
	if err := json.Unmarshal(text, &realm); err != nil || len(realm.IdentityProviders) != 1 || len(realm.Mappers) == 0 {
		t.Fatalf("%+v, %v", realm, err)
	}
	town := startTown(t)
	here := strings.NewReplacer("http://localhost:8087", town.URL("platform"))
	config := realm.IdentityProviders[0].Config
	answer, err := http.Get(here.Replace(config["issuer"]) + "/.well-known/openid-configuration")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var found map[string]any
	if err := json.NewDecoder(answer.Body).Decode(&found); err != nil {
		t.Fatal(err)
	}
	for ours, theirs := range map[string]string{
		"issuer": "issuer", "authorizationUrl": "authorization_endpoint", "tokenUrl": "token_endpoint", "userInfoUrl": "userinfo_endpoint", "jwksUrl": "jwks_uri",
	} {
		if got := here.Replace(config[ours]); got != found[theirs] {
			t.Errorf("%s is %s, and discovery says %v", ours, got, found[theirs])
		}
	}
	offers := func(list string, values ...string) {
		t.Helper()
		all, _ := found[list].([]any)
		for _, v := range values {
			if !slices.Contains(all, any(v)) {
				t.Errorf("%s has no %s: %v", list, v, all)
			}
		}
	}
	offers("scopes_supported", strings.Fields(config["defaultScope"])...)
	offers("token_endpoint_auth_methods_supported", config["clientAuthMethod"])
	offers("token_endpoint_auth_signing_alg_values_supported", config["clientAssertionSigningAlg"])
	offers("code_challenge_methods_supported", config["pkceMethod"])
	for _, m := range realm.Mappers {
		claim, _, _ := strings.Cut(m.Config["claim"], ".")
		offers("claims_supported", claim)
		if m.Alias != realm.IdentityProviders[0].Alias {
			t.Errorf("a mapper of %s", m.Alias)
		}
	}
}
