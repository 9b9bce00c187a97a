package web_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"

	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/rp/platform"
)

func rsaKey(t *testing.T, bits int) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, bits)
	webtest.Must(t, err)
	return key
}

// rs256 registers a service whose library knows RS256 and nothing else.
func (w *town) rs256() *service {
	w.Helper()
	s := w.enters(platform.ServiceProvider{
		ID: "RP00000003", Name: "みほん市立図書館", RedirectURIs: []string{catv + "/library/callback"}, IDTokenAlg: jose.RS256,
	}, rsaKey(w.T, 2048))
	s.verifier = s.provider.Verifier(&oidc.Config{ClientID: s.id, Now: w.Clock.Now, SupportedSigningAlgs: []string{oidc.RS256}})
	return s
}

// OpenID Connect Discovery 1.0 section 3: RS256 must be among the algorithms. What
// defaults to it signs in as everybody does, with a sub of its own.
func TestAServiceThatKnowsOnlyRS256SignsIn(t *testing.T) {
	w := newTown(t)
	library := w.rs256()
	if sub := library.signsIn("hanako"); sub == "" || sub == w.health.signsIn("hanako") {
		t.Errorf("sub %q", sub)
	}
	// The other services have ES256 as before, and their verifiers want nothing else.
	w.health.verifier = w.health.provider.Verifier(&oidc.Config{ClientID: w.health.id, Now: w.Clock.Now, SupportedSigningAlgs: []string{oidc.ES256}})
	w.health.signsIn("hanako")
}

// The algorithm of an ID token is by registration, not by the key of the assertion.
func TestAnRSAKeyAloneDoesNotChangeTheIDToken(t *testing.T) {
	w := newTown(t)
	s := w.enters(platform.ServiceProvider{ID: "RP00000004", Name: "ためし", RedirectURIs: []string{catv + "/try/callback"}}, rsaKey(t, 2048))
	s.verifier = s.provider.Verifier(&oidc.Config{ClientID: s.id, Now: w.Clock.Now, SupportedSigningAlgs: []string{oidc.ES256}})
	s.signsIn("hanako")
}

func TestDiscoveryNamesBothAlgorithmsAndKeys(t *testing.T) {
	w := newTown(t)
	var found struct {
		IDToken   []string `json:"id_token_signing_alg_values_supported"`
		Assertion []string `json:"token_endpoint_auth_signing_alg_values_supported"`
	}
	w.browser().Visits("/api/realms/main/.well-known/openid-configuration").Says(200).JSON(&found)
	want := []string{"ES256", "RS256"}
	if !slices.Equal(found.IDToken, want) || !slices.Equal(found.Assertion, want) {
		t.Errorf("%+v", found)
	}
	var set jose.JSONWebKeySet
	w.browser().Visits("/api/realms/main/protocol/openid-connect/certs").Says(200).JSON(&set)
	if len(set.Keys) != 2 || set.Keys[0].Algorithm != "ES256" || set.Keys[1].Algorithm != "RS256" || !set.Keys[0].IsPublic() || !set.Keys[1].IsPublic() {
		t.Errorf("%+v", set)
	}
}

// An assertion is verified with the algorithm of the registered key: its header
// cannot choose another.
func TestAnAssertionCannotChooseItsAlgorithm(t *testing.T) {
	w := newTown(t)
	library := w.rs256()
	code := w.browser().signsIn(library, "hanako").Get("code")
	good := library.assertion(nil)
	thief := *library
	var err error
	thief.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	webtest.Must(t, err)
	pss, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.PS256, Key: jose.JSONWebKey{Key: library.key, KeyID: library.id + "-1"}}, nil)
	webtest.Must(t, err)
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(good, ".")[1])
	webtest.Must(t, err)
	signed, err := pss.Sign(payload)
	webtest.Must(t, err)
	ps256, err := signed.CompactSerialize()
	webtest.Must(t, err)
	header, err := json.Marshal(map[string]string{"alg": "ES256", "kid": library.id + "-1"})
	webtest.Must(t, err)
	for what, assertion := range map[string]string{
		"ES256 with a key that is not registered": thief.assertion(nil),
		"PS256":              ps256,
		"RS256 called ES256": base64.RawURLEncoding.EncodeToString(header) + good[strings.IndexByte(good, '.'):],
	} {
		_, err := library.exchangeWith(code, assertion, verifier1)
		refusedAs(t, what, err, "invalid_client", 401)
	}
	if _, err := library.exchangeWith(code, good, verifier1); err != nil {
		t.Errorf("RS256 itself: %v", err)
	}
}

func TestTheRegisterTakesKeysOfItsAlgorithmsAlone(t *testing.T) {
	w := newTown(t)
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	webtest.Must(t, err)
	good, short := rsaKey(t, 2048), rsaKey(t, 1024)
	even := rsa.PublicKey{N: good.N, E: 65538}
	small := rsa.PublicKey{N: good.N, E: 3}
	for what, tc := range map[string]struct {
		key   jose.JSONWebKey
		alg   jose.SignatureAlgorithm
		wrong string
	}{
		"RSA":                  {key: jose.JSONWebKey{Key: good.Public(), KeyID: "1"}},
		"RSA said to be RS256": {key: jose.JSONWebKey{Key: good.Public(), KeyID: "1", Algorithm: "RS256"}, alg: jose.RS256},
		"RSA said to be PS256": {key: jose.JSONWebKey{Key: good.Public(), KeyID: "1", Algorithm: "PS256"}, wrong: "jwks"},
		"RSA said to be ES256": {key: jose.JSONWebKey{Key: good.Public(), KeyID: "1", Algorithm: "ES256"}, wrong: "jwks"},
		"RSA of 1024 bits":     {key: jose.JSONWebKey{Key: short.Public(), KeyID: "1"}, wrong: "jwks"},
		"an even exponent":     {key: jose.JSONWebKey{Key: &even, KeyID: "1"}, wrong: "jwks"},
		"a small exponent":     {key: jose.JSONWebKey{Key: &small, KeyID: "1"}, wrong: "jwks"},
		"a private key":        {key: jose.JSONWebKey{Key: good, KeyID: "1"}, wrong: "jwks"},
		"P-384":                {key: jose.JSONWebKey{Key: p384.Public(), KeyID: "1"}, wrong: "jwks"},
		"another algorithm":    {key: jose.JSONWebKey{Key: good.Public(), KeyID: "1"}, alg: "HS256", wrong: "idTokenSignedResponseAlg"},
		"none":                 {key: jose.JSONWebKey{Key: good.Public(), KeyID: "1"}, alg: "none", wrong: "idTokenSignedResponseAlg"},
	} {
		sp, err := w.platform.Register(t.Context(), platform.ServiceProvider{
			ID: "RP9", Name: "ためし", RedirectURIs: []string{catv + "/x"}, Keys: jose.JSONWebKeySet{Keys: []jose.JSONWebKey{tc.key}}, IDTokenAlg: tc.alg,
		}, byStaff)
		var field *platform.FieldError
		switch {
		case tc.wrong == "" && (err != nil || sp.IDTokenAlg == ""):
			t.Errorf("%s: %v", what, err)
		case tc.wrong != "" && (!errors.As(err, &field) || field.Field != tc.wrong):
			t.Errorf("%s: %v", what, err)
		}
	}
}
