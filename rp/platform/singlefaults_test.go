package platform_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"example.jp/jpkimock/rp/platform"
)

// ownKey registers a key of the service's, named own.
func (s *still) ownKey() *ecdsa.PrivateKey {
	s.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(s, err)
	s.sp.Keys.Keys = []jose.JSONWebKey{{Key: key.Public(), KeyID: "own"}}
	_, err = s.Register(s.Context(), s.sp, staff)
	must(s, err)
	return key
}

// TestOneFaultInARequest changes one parameter of an authorization request that is
// right. toPerson: the service is not to be trusted with the answer.
func TestOneFaultInARequest(t *testing.T) {
	s := standsStill(t)
	s.sp.Faces = []platform.Face{platform.TVFace, platform.WindowFace}
	_, err := s.Register(t.Context(), s.sp, staff)
	must(t, err)
	for _, c := range []struct {
		name, value, code string
		toPerson          bool
	}{
		{"client_id", "", platform.InvalidRequest, true}, {"client_id", "RP00000002", platform.UnauthorizedClient, true},
		{"redirect_uri", "", platform.InvalidRequest, true}, {"redirect_uri", "http://sp.example.jp/callback", platform.InvalidRequest, true},
		{"request", "x", platform.RequestNotSupported, false}, {"request_uri", "x", platform.RequestURINotSupported, false},
		{"registration", "x", platform.RegistrationNotSupported, false},
		{"response_type", "", platform.InvalidRequest, false}, {"response_type", "token", platform.UnsupportedResponseType, false},
		{"response_mode", "fragment", platform.InvalidRequest, false}, {"response_mode", "query", "", false},
		{"state", "", platform.InvalidRequest, false}, {"state", strings.Repeat("s", 256), platform.InvalidRequest, false}, {"state", strings.Repeat("s", 255), "", false},
		{"state", "a\x1f", platform.InvalidRequest, false}, {"state", "a\x7f", platform.InvalidRequest, false}, {"state", " ~", "", false}, {"state", "é", platform.InvalidRequest, false},
		{"nonce", "", platform.InvalidRequest, false}, {"nonce", strings.Repeat("n", 256), platform.InvalidRequest, false}, {"nonce", strings.Repeat("n", 255), "", false},
		{"code_challenge", "", platform.InvalidRequest, false}, {"code_challenge", challenge[1:], platform.InvalidRequest, false}, {"code_challenge", challenge + "x", platform.InvalidRequest, false},
		{"code_challenge_method", "", platform.InvalidRequest, false}, {"code_challenge_method", "plain", platform.InvalidRequest, false},
		{"scope", "", platform.InvalidScope, false}, {"scope", "profile", platform.InvalidScope, false}, {"scope", "openid profile", platform.InvalidScope, false}, {"scope", "openid openid", "", false},
		{"prompt", "none", platform.LoginRequired, false}, {"prompt", "none login", platform.InvalidRequest, false}, {"prompt", "login select_account", "", false},
		{"prompt", "create", platform.InvalidRequest, false}, {"prompt", "consent", "", false},
		{"max_age", "0", "", false}, {"max_age", "9999999999", "", false}, {"max_age", "10000000000", platform.InvalidRequest, false}, {"max_age", "-1", platform.InvalidRequest, false}, {"max_age", "", "", false},
		{"jpki_face", "window", "", false}, {"jpki_face", "kiosk", platform.InvalidRequest, false}, {"jpki_face", "wall", platform.InvalidRequest, false},
		{"ui_locales", "fr-FR EN-gb ja", "", false},
	} {
		q := request()
		q.Set(c.name, c.value)
		ask, err := s.ReadAsk(t.Context(), q)
		no, refused := errors.AsType[*platform.OAuthError](err)
		if refused != (c.code != "") || !refused && err != nil {
			t.Errorf("%s %q: %v", c.name, c.value, err)
			continue
		}
		if refused && (no.Code != c.code || (no.ReturnTo == "") != c.toPerson || c.name != "state" && !c.toPerson && no.State != "s" || c.name == "state" && no.State != "") {
			t.Errorf("%s %q: %+v", c.name, c.value, no)
		}
		if !refused && (!slices.Equal(ask.Scopes, []string{"openid"}) || ask.AskAgain != (c.value == "consent") || (ask.Lang == "en") != (c.name == "ui_locales") ||
			(ask.Face == platform.TVFace) != (c.name != "jpki_face")) {
			t.Errorf("%s %q is taken as %+v", c.name, c.value, ask)
		}
		for _, name := range []string{c.name, "unknown"} {
			q.Set(c.name, request().Get(c.name))
			q[name] = []string{"1", "2"}
			if no, ok := errors.AsType[*platform.OAuthError](second(s.ReadAsk(t.Context(), q))); !ok || no.Code != platform.InvalidRequest {
				t.Errorf("%s twice: %v", name, no)
			}
		}
	}
}

func second[T any](_ T, err error) error { return err }

// keyOf is a JWK of an RSA key of so many bits, which nobody has.
func keyOf(bits, exponent int) jose.JSONWebKey {
	return jose.JSONWebKey{KeyID: "k", Key: &rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), uint(bits-1)), E: exponent}}
}

// TestOneFaultInARegistration changes one field of an entry that is right.
func TestOneFaultInARegistration(t *testing.T) {
	s := standsStill(t)
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	must(t, err)
	p256, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	keys := func(all ...jose.JSONWebKey) func(*platform.ServiceProvider) {
		return func(sp *platform.ServiceProvider) { sp.Keys.Keys = all }
	}
	key := func(change func(*jose.JSONWebKey)) func(*platform.ServiceProvider) {
		k := jose.JSONWebKey{Key: p256.Public(), KeyID: "k"}
		change(&k)
		return keys(k)
	}
	many := func(n int) func(*platform.ServiceProvider) {
		var all []jose.JSONWebKey
		for i := range n {
			all = append(all, jose.JSONWebKey{Key: p256.Public(), KeyID: fmt.Sprint(i)})
		}
		return keys(all...)
	}
	id := func(id string) func(*platform.ServiceProvider) {
		return func(sp *platform.ServiceProvider) { sp.ID, sp.Sector = platform.ClientID(id), "catv" }
	}
	name := func(name string) func(*platform.ServiceProvider) {
		return func(sp *platform.ServiceProvider) { sp.Name = name }
	}
	nameEN := func(name string) func(*platform.ServiceProvider) {
		return func(sp *platform.ServiceProvider) { sp.NameEN = name }
	}
	sector := func(sector string) func(*platform.ServiceProvider) {
		return func(sp *platform.ServiceProvider) { sp.Sector = sector }
	}
	to := func(n int) func(*platform.ServiceProvider) {
		return func(sp *platform.ServiceProvider) {
			sp.RedirectURIs = []string{"http://sp.example.jp/" + strings.Repeat("x", n-len("http://sp.example.jp/"))}
		}
	}
	for _, c := range []struct {
		field  string // what is wrong; empty for nothing
		change func(*platform.ServiceProvider)
	}{
		{"clientId", id("")}, {"clientId", id("a-b")}, {"clientId", id(strings.Repeat("a", 256))}, {"", id(strings.Repeat("a", 255))},
		{"name", name("")}, {"name", name(" あ")}, {"name", name("あ\nい")}, {"name", name("\xff")}, {"name", name(strings.Repeat("あ", 61))}, {"", name(strings.Repeat("あ", 60))}, {"", name("あ　い")},
		{"nameEn", nameEN("x ")}, {"nameEn", nameEN(strings.Repeat("x", 61))}, {"", nameEN(strings.Repeat("x", 60))},
		{"sector", sector("a b")}, {"sector", sector(strings.Repeat("a", 256))}, {"", sector(strings.Repeat("a", 255))}, {"", sector("a.:_-Z9")},
		{"redirectUris", to(platform.MaxURI + 1)}, {"", to(platform.MaxURI)},
		{"idTokenSignedResponseAlg", func(sp *platform.ServiceProvider) { sp.IDTokenAlg = "PS256" }}, {"", func(sp *platform.ServiceProvider) { sp.IDTokenAlg = "RS256" }},
		{"scopes", func(sp *platform.ServiceProvider) { sp.Scopes = []string{"openid", "email"} }},
		{"faces", func(sp *platform.ServiceProvider) { sp.Faces = []platform.Face{"tv", "wall"} }},
		{"jwks", many(0)}, {"", many(1)}, {"", many(platform.MaxKeys)}, {"jwks", many(platform.MaxKeys + 1)},
		{"jwks", keys(keyOf(2047, 65537))}, {"", keys(keyOf(2048, 65537))}, {"", keys(keyOf(4096, 65537))}, {"jwks", keys(keyOf(4097, 65537))},
		{"jwks", keys(keyOf(2048, 65535))}, {"jwks", keys(keyOf(2048, 65538))}, {"", keys(keyOf(2048, 65539))}, {"jwks", keys(keyOf(2048, 3))},
		{"jwks", key(func(k *jose.JSONWebKey) { k.Key = p384.Public() })}, {"jwks", key(func(k *jose.JSONWebKey) { k.Key = p256 })}, {"jwks", key(func(k *jose.JSONWebKey) { k.Key = []byte("secret") })},
		{"jwks", key(func(k *jose.JSONWebKey) { k.Algorithm = "RS256" })}, {"", key(func(k *jose.JSONWebKey) { k.Algorithm = "ES256" })},
		{"jwks", key(func(k *jose.JSONWebKey) { k.Use = "enc" })}, {"", key(func(k *jose.JSONWebKey) { k.Use = "sig" })},
		{"jwks", key(func(k *jose.JSONWebKey) { k.KeyID = "" })}, {"jwks", key(func(k *jose.JSONWebKey) { k.KeyID = strings.Repeat("k", 256) })}, {"", key(func(k *jose.JSONWebKey) { k.KeyID = strings.Repeat("k", 255) })},
		{"jwks", keys(keyOf(2048, 65537), keyOf(2049, 65537))},
	} {
		sp := s.sp
		c.change(&sp)
		kept, err := s.Register(t.Context(), sp, staff)
		no, refused := errors.AsType[*platform.FieldError](err)
		if refused != (c.field != "") || refused && no.Field != c.field || !refused && err != nil {
			t.Errorf("%.90s: %v, want %q", fmt.Sprintf("%+v", sp), err, c.field)
		}
		if err == nil && (kept.IDTokenAlg == "" || len(kept.Faces) == 0 || len(kept.Scopes) == 0 || kept.Sector == "") {
			t.Errorf("kept %+v", kept)
		}
	}
	for n, good := range map[int]bool{platform.MaxJWKS: true, platform.MaxJWKS + 1: false} {
		text := `{"keys":[{"kty":"EC","crv":"P-256","kid":"k","x":"` + b64(p256.X) + `","y":"` + b64(p256.Y) + `"}]}`
		_, err := platform.ParseKeys([]byte(text + strings.Repeat(" ", n-len(text))))
		if no, ok := errors.AsType[*platform.FieldError](err); (err == nil) != good || err != nil && (!ok || no.Field != "jwks") {
			t.Errorf("%d octets of keys: %v", n, err)
		}
	}
	if no, ok := errors.AsType[*platform.FieldError](second(platform.ParseKeys([]byte(`[]`)))); !ok || no.Field != "jwks" {
		t.Errorf("no set: %v", no)
	}
}

func b64(n *big.Int) string {
	return base64.RawURLEncoding.EncodeToString(n.FillBytes(make([]byte, 32)))
}

// TestOneFaultInAnAssertion changes one claim, or what surrounds them.
func TestOneFaultInAnAssertion(t *testing.T) {
	s := standsStill(t)
	key := s.ownKey()
	for _, c := range []struct {
		what   string
		change func(*jwt.Claims)
		good   bool
	}{
		{"right", func(*jwt.Claims) {}, true},
		{"to the token endpoint", func(c *jwt.Claims) { c.Audience = jwt.Audience{s.Endpoint(platform.TokenPath)} }, true},
		{"to somebody else", func(c *jwt.Claims) { c.Audience = jwt.Audience{"http://bank.example.jp"} }, false},
		{"to nobody", func(c *jwt.Claims) { c.Audience = nil }, false},
		{"of nobody", func(c *jwt.Claims) { c.Issuer = "" }, false},
		{"of a stranger", func(c *jwt.Claims) { c.Issuer = "RP00000002" }, false},
		{"about another", func(c *jwt.Claims) { c.Subject = "RP00000002" }, false},
		{"without end", func(c *jwt.Claims) { c.Expiry = nil }, false},
		{"without a beginning", func(c *jwt.Claims) { c.IssuedAt = nil }, true},
		{"without jti", func(c *jwt.Claims) { c.ID = "" }, false},
		{"jti of 255", func(c *jwt.Claims) { c.ID = strings.Repeat("j", 255) }, true},
		{"jti of 256", func(c *jwt.Claims) { c.ID = strings.Repeat("j", 256) }, false},
		{"jti of other letters", func(c *jwt.Claims) { c.ID = "é" }, false},
	} {
		s.takes(c.what, s.asserts(key, "own", c.change), c.good)
	}
	right := s.asserts(key, "own", nil)
	for client, good := range map[platform.ClientID]bool{"RP00000002": false, s.sp.ID: true} {
		_, err := s.Authenticate(t.Context(), right, client)
		if no, ok := errors.AsType[*platform.OAuthError](err); (err == nil) != good || err != nil && (!ok || no.Code != platform.InvalidClient) {
			t.Errorf("client_id %s: %v", client, err)
		}
	}
	s.takes("the same again", right, false)
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	s.takes("another key", s.asserts(other, "own", nil), false)
	s.takes("no JWT", "x", false)
	s.takes("too long", strings.Repeat("x", platform.MaxAssertion+1), false)
	s.sp.Suspended = true
	_, err = s.Register(t.Context(), s.sp, staff)
	must(t, err)
	s.takes("suspended", s.asserts(key, "own", nil), false)
}

// TestOneFaultInAnExchange: a code is worth something with its own redirect URI and
// verifier, to its own service.
func TestOneFaultInAnExchange(t *testing.T) {
	const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	s := standsStill(t)
	other := s.sp
	other.ID, other.Sector = "RP00000002", ""
	other, err := s.Register(t.Context(), other, staff)
	must(t, err)
	uri := s.sp.RedirectURIs[0]
	for _, c := range []struct {
		what          string
		sp            platform.ServiceProvider
		uri, verifier string
		says          string
	}{
		{"another service", other, uri, verifier, "unknown"},
		{"another address", s.sp, uri + "x", verifier, "redirect_uri"},
		{"another verifier", s.sp, uri, verifier[:42] + "l", "does not match"},
		{"42 characters", s.sp, uri, verifier[:42], "43 to 128"},
		{"129 characters", s.sp, uri, strings.Repeat("x", 129), "43 to 128"},
		{"128 characters", s.sp, uri, strings.Repeat("x", 128), "does not match"},
		{"other characters", s.sp, uri, verifier[:42] + "+", "43 to 128"},
	} {
		code := s.code("0A21C3F0")
		_, err := s.Exchange(t.Context(), c.sp, code, c.uri, c.verifier)
		if no, ok := errors.AsType[*platform.OAuthError](err); !ok || no.Code != platform.InvalidGrant || !strings.Contains(no.Description, c.says) {
			t.Errorf("%s: %v", c.what, err)
		}
		want := platform.ErrCodeUsed
		if c.sp.ID == other.ID {
			want = nil // it was not theirs to use up
		}
		if _, err := s.exchange(code); !errors.Is(err, want) {
			t.Errorf("after %s: %v", c.what, err)
		}
	}
}

// TestTheClaimsOfALogin reads an ID token as a service does.
func TestTheClaimsOfALogin(t *testing.T) {
	s := standsStill(t)
	l := s.answered("0A21C3F0")
	answered := s.at
	s.at = s.at.Add(time.Minute)
	out, err := s.Agree(t.Context(), l.ID, l.Ticket)
	must(t, err)
	u, err := url.Parse(out.ReturnTo)
	must(t, err)
	if q := u.Query(); q.Get("iss") != s.Issuer() || q.Get("state") != "s" || u.Host != "sp.example.jp" {
		t.Errorf("returned to %s", u)
	}
	tokens, err := s.exchange(u.Query().Get("code"))
	must(t, err)
	if tokens.ExpiresIn != platform.TokenLifetime || !slices.Equal(tokens.Scopes, []string{"openid"}) {
		t.Errorf("%+v", tokens)
	}
	token, err := jwt.ParseSigned(tokens.IDToken, []jose.SignatureAlgorithm{jose.ES256})
	must(t, err)
	var registered jwt.Claims
	var own map[string]any
	keys := s.Keys()
	must(t, token.Claims(keys.Key(token.Headers[0].KeyID)[0].Key, &registered, &own))
	info, err := s.UserInfo(t.Context(), tokens.AccessToken)
	must(t, err)
	half := sha256.Sum256([]byte(tokens.AccessToken))
	if registered.Issuer != s.Issuer() || registered.Subject != info["sub"] || !slices.Equal(registered.Audience, jwt.Audience{"RP00000001"}) || registered.ID == "" ||
		!registered.IssuedAt.Time().Equal(s.at) || !registered.Expiry.Time().Equal(s.at.Add(platform.IDTokenLifetime)) {
		t.Errorf("%+v", registered)
	}
	for claim, want := range map[string]any{
		"nonce": "n", "acr": "aal3", "azp": "RP00000001", "auth_time": float64(answered.Unix()), "at_hash": base64.RawURLEncoding.EncodeToString(half[:16]),
	} {
		if own[claim] != want {
			t.Errorf("%s is %v, want %v", claim, own[claim], want)
		}
	}
	if fmt.Sprint(own["amr"]) != "[sc pin mfa]" || own["jpki_presence"] != nil {
		t.Errorf("%v", own)
	}
}

// TestHowASubIsMade: another way would take every person for somebody new.
func TestHowASubIsMade(t *testing.T) {
	s := standsStill(t)
	got := s.sub("0A21C3F0")
	kept, err := s.store.Secrets(t.Context(), func(*platform.Secrets) error { return nil })
	must(t, err)
	holder, err := s.store.HolderByCertificate(t.Context(), "0A21C3F0")
	must(t, err)
	mac := hmac.New(sha256.New, kept.Pairwise)
	mac.Write([]byte("RP00000001\x00" + string(holder)))
	if want := base64.RawURLEncoding.EncodeToString(mac.Sum(nil)); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// TestWhatAConsentCovers: all scopes, while it stands.
func TestWhatAConsentCovers(t *testing.T) {
	at := time.Date(2026, 4, 1, 12, 0, 0, 0, time.UTC)
	given := platform.Consent{GivenAt: at, Scopes: []string{"openid", "more"}}
	withdrawn := given
	withdrawn.WithdrawnAt = at
	for _, c := range []struct {
		consent platform.Consent
		scopes  []string
		want    bool
	}{
		{given, []string{"openid"}, true}, {given, []string{"more", "openid"}, true}, {given, []string{"openid", "other"}, false}, {given, []string{"other"}, false},
		{withdrawn, []string{"openid"}, false}, {platform.Consent{Scopes: given.Scopes}, []string{"openid"}, false},
	} {
		if got := c.consent.Covers(c.scopes); got != c.want {
			t.Errorf("%+v covers %v: %t", c.consent, c.scopes, got)
		}
	}
}

// A service may ask for the language of the pages, easy Japanese too; the first that there is
// is taken.
func TestTheLanguageThatAServiceAsksFor(t *testing.T) {
	s := standsStill(t)
	_, err := s.Register(t.Context(), s.sp, staff)
	must(t, err)
	for locales, want := range map[string]string{"ja-Simple ja": "ja-simple", "fr ja-JP ja-simple": "ja", "EN-gb": "en", "fr": "", "": ""} {
		q := request()
		q.Set("ui_locales", locales)
		if ask, err := s.ReadAsk(t.Context(), q); err != nil || ask.Lang != want {
			t.Errorf("%q: %q, %v: want %q", locales, ask.Lang, err, want)
		}
	}
}
