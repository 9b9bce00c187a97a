package web_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"golang.org/x/oauth2"

	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/rp/platform"
)

// TestARequestNobodyCanTrustStaysWithThePerson: unknown clients and redirect URIs
// are never redirected to.
func TestARequestNobodyCanTrustStaysWithThePerson(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	for _, tc := range []struct{ name, value, code string }{
		{"redirect_uri", "http://evil.example.com/callback", "invalid_request"},
		{"redirect_uri", catv + "/health/callback/", "invalid_request"},
		{"redirect_uri", catv + "/health/callback?x=1", "invalid_request"},
		{"redirect_uri", catv + "/health%2Fcallback", "invalid_request"},
		{"redirect_uri", catv + "/booking/callback", "invalid_request"},
		{"redirect_uri", strings.ToUpper(catv) + "/health/callback", "invalid_request"},
		{"redirect_uri", "", "invalid_request"},
		{"client_id", "RP99999999", "unauthorized_client"},
		{"client_id", "' OR 1=1", "unauthorized_client"},
		{"client_id", "", "invalid_request"},
	} {
		p := b.Visits(w.health.asks(tc.name, tc.value)).Says(400, "サービスからの依頼を受け付けられません", tc.code)
		if p.Header.Get("Location") != "" || strings.Contains(p.Body, `href="http://evil`) {
			t.Errorf("%s=%s leads away", tc.name, tc.value)
		}
		var no struct{ Error, ErrorDescription string }
		b.Sends(http.MethodGet, w.health.asks(tc.name, tc.value), "", "Accept", "application/json").Says(400).JSON(&no)
		if no.Error != tc.code {
			t.Errorf("%s=%s: error %q", tc.name, tc.value, no.Error)
		}
	}
	b.Visits(w.health.asks()+"&redirect_uri=http%3A%2F%2Fevil.example.com").Says(400, "invalid_request")
}

// TestARequestThatIsWrongIsToldToTheService, in the standard's words.
func TestARequestThatIsWrongIsToldToTheService(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	for _, tc := range []struct{ name, value, code string }{
		{"response_type", "", "invalid_request"},
		{"response_type", "token", "unsupported_response_type"},
		{"response_type", "code id_token", "unsupported_response_type"},
		{"response_mode", "fragment", "invalid_request"},
		{"code_challenge", "", "invalid_request"},
		{"code_challenge", "too-short", "invalid_request"},
		{"code_challenge_method", "", "invalid_request"},
		{"code_challenge_method", "plain", "invalid_request"},
		{"scope", "", "invalid_scope"},
		{"scope", "profile", "invalid_scope"},
		{"scope", "openid name", "invalid_scope"},
		{"scope", "openid address birthdate gender", "invalid_scope"},
		{"scope", "openid sign", "invalid_scope"},
		{"scope", "openid offline_access", "invalid_scope"},
		{"state", "", "invalid_request"},
		{"state", strings.Repeat("x", 256), "invalid_request"},
		{"nonce", "", "invalid_request"},
		{"nonce", "あ", "invalid_request"},
		{"prompt", "none", "login_required"},
		{"prompt", "none login", "invalid_request"},
		{"prompt", "create", "invalid_request"},
		{"request", "eyJhbGciOiJub25lIn0.e30.", "request_not_supported"},
		{"request_uri", "http://catv.example.jp/x", "request_uri_not_supported"},
		{"registration", "{}", "registration_not_supported"},
		{"jpki_face", "hologram", "invalid_request"},
		{"max_age", "abc", "invalid_request"},
		{"max_age", "-1", "invalid_request"},
		{"max_age", "1.5", "invalid_request"},
		{"max_age", "+1", "invalid_request"},
		{"max_age", "１０", "invalid_request"},
		{"max_age", "99999999999", "invalid_request"},
	} {
		back := w.health.returned(b.Visits(w.health.asks(tc.name, tc.value)))
		if back.Get("error") != tc.code || back.Get("error_description") == "" || back.Get("code") != "" {
			t.Errorf("%s=%.20s: %v", tc.name, tc.value, back)
		}
		if tc.name != "state" && back.Get("state") != "state-1" {
			t.Errorf("%s=%.20s: state %q", tc.name, tc.value, back.Get("state"))
		}
	}
	if back := w.booking.returned(b.Visits(w.booking.asks("jpki_face", "tv"))); back.Get("error") != "invalid_request" {
		t.Errorf("a face that is not registered: %v", back)
	}
	if back := w.health.returned(b.Visits(w.health.asks() + "&nonce=second")); back.Get("error") != "invalid_request" {
		t.Errorf("a parameter given twice: %v", back)
	}
	w.suspends(w.health)
	if back := w.health.returned(b.Visits(w.health.asks())); back.Get("error") != "unauthorized_client" {
		t.Errorf("a suspended service: %v", back)
	}
}

// A parameter without a value is as if it were omitted (RFC 6749 3.1, 3.2): an
// optional one does no harm, and a required one is missing.
func TestAParameterWithoutAValueIsOmitted(t *testing.T) {
	w := newTown(t)
	for _, optional := range []string{
		"request", "request_uri", "registration", "response_mode", "prompt", "max_age", "ui_locales", "jpki_face",
		"display", "id_token_hint", "login_hint", "acr_values", "claims", "claims_locales", "anything",
	} {
		w.browser().Visits(w.health.asks()+"&"+optional+"=").Says(200, `data-testid="login"`)
	}
	for _, missing := range []struct{ name, code string }{
		{"response_type", "invalid_request"}, {"scope", "invalid_scope"}, {"nonce", "invalid_request"}, {"state", "invalid_request"},
		{"code_challenge", "invalid_request"}, {"code_challenge_method", "invalid_request"},
	} {
		back := w.health.returned(w.browser().Visits(w.health.asks(missing.name, "") + "&" + missing.name + "="))
		if back.Get("error") != missing.code || back.Has("state") != (missing.name != "state") {
			t.Errorf("%s=: %v", missing.name, back)
		}
	}
	for _, most := range []string{"0", "9999999999"} {
		w.browser().Visits(w.health.asks("max_age", most)).Says(200, `data-testid="login"`)
	}
	if back := w.health.returned(w.browser().Visits(w.health.asks() + "&request=&request=")); back.Get("error") != "invalid_request" {
		t.Errorf("twice without a value: %v", back)
	}
	for _, optional := range []string{"client_id", "client_secret", "scope"} {
		code := w.browser().signsIn(w.health, "hanako").Get("code")
		w.browser().Sends(http.MethodPost, "/api/realms/main/protocol/openid-connect/token", form(
			"grant_type", "authorization_code", "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", "client_assertion", w.health.assertion(nil),
			"code", code, "redirect_uri", w.health.oauth.RedirectURL, "code_verifier", verifier1, optional, ""), "Content-Type", "application/x-www-form-urlencoded").Says(200, "id_token")
	}
	p := w.browser().Sends(http.MethodPost, "/api/realms/main/protocol/openid-connect/userinfo", "access_token=", "Content-Type", "application/x-www-form-urlencoded")
	if p.Status != 401 || p.Header.Get("WWW-Authenticate") != "Bearer" { // RFC 6750 3.1: no token, no error code
		t.Errorf("userinfo: %d %v", p.Status, p.Header)
	}
}

func (w *town) suspends(s *service) {
	w.Helper()
	sp, err := w.platform.ServiceProvider(w.Context(), platform.ClientID(s.id))
	webtest.Must(w, err)
	sp.Suspended = true
	_, err = w.platform.Register(w.Context(), sp, byStaff)
	webtest.Must(w, err)
}

// refusedAs fails unless the library was told this error of the standard.
func refusedAs(t *testing.T, what string, err error, code string, status int) {
	t.Helper()
	var no *oauth2.RetrieveError
	if !errors.As(err, &no) || no.ErrorCode != code || no.Response.StatusCode != status {
		t.Errorf("%s: %v; want %s", what, err, code)
	}
}

func TestACodeWorksOnce(t *testing.T) {
	w := newTown(t)
	code := w.browser().signsIn(w.health, "hanako").Get("code")
	token, err := w.health.exchange(code)
	webtest.Must(t, err)
	w.userInfo(token.AccessToken).Says(200)
	_, err = w.health.exchange(code)
	refusedAs(t, "replayed", err, "invalid_grant", 400)
	w.userInfo(token.AccessToken).Says(401, "invalid_token")
}

func TestACodeIsForItsClientItsVerifierItsAddressAndItsMinute(t *testing.T) {
	w := newTown(t)
	code := func() string { return w.browser().signsIn(w.health, "hanako").Get("code") }
	_, err := w.health.exchange("no-such-code")
	refusedAs(t, "unknown", err, "invalid_grant", 400)

	c := code()
	_, err = w.booking.exchange(c)
	refusedAs(t, "another client", err, "invalid_grant", 400)
	if _, err = w.health.exchange(c); err != nil {
		t.Errorf("another client used the code up: %v", err)
	}

	c = code()
	_, err = w.health.exchangeWith(c, w.health.assertion(nil), strings.Repeat("wrong-verifier-", 4))
	refusedAs(t, "wrong verifier", err, "invalid_grant", 400)
	_, err = w.health.exchange(c)
	refusedAs(t, "guessed again", err, "invalid_grant", 400)
	_, err = w.health.exchangeWith(code(), w.health.assertion(nil), "")
	refusedAs(t, "no verifier", err, "invalid_grant", 400)

	other := *w.health
	other.oauth.RedirectURL = catv + "/other"
	_, err = other.exchange(code())
	refusedAs(t, "another redirect URI", err, "invalid_grant", 400)

	c = code()
	w.Clock.Advance(platform.CodeLifetime + time.Second)
	_, err = w.health.exchange(c)
	refusedAs(t, "expired", err, "invalid_grant", 400)
}

func TestAServiceProvesThatItIsTheOne(t *testing.T) {
	w := newTown(t)
	code := w.browser().signsIn(w.health, "hanako").Get("code")
	at := func(d time.Duration) *jwt.NumericDate { return jwt.NewNumericDate(w.Clock.Now().Add(d)) }
	thief := *w.health
	var err error
	thief.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	webtest.Must(t, err)
	symmetric, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.HS256, Key: []byte(strings.Repeat("k", 32))}, nil)
	webtest.Must(t, err)
	hs256, err := jwt.Signed(symmetric).Claims(jwt.Claims{Issuer: "RP00000001"}).Serialize()
	webtest.Must(t, err)
	for what, assertion := range map[string]string{
		"another client's":       w.booking.assertion(nil),
		"signed by another key":  thief.assertion(nil),
		"sub of another":         w.health.assertion(func(c *jwt.Claims) { c.Subject = "RP00000002" }),
		"iss not registered":     w.health.assertion(func(c *jwt.Claims) { c.Issuer, c.Subject = "RP7", "RP7" }),
		"for another audience":   w.health.assertion(func(c *jwt.Claims) { c.Audience = jwt.Audience{"http://other.example.jp/token"} }),
		"no audience":            w.health.assertion(func(c *jwt.Claims) { c.Audience = nil }),
		"expired":                w.health.assertion(func(c *jwt.Claims) { c.Expiry = at(-time.Minute) }),
		"without exp":            w.health.assertion(func(c *jwt.Claims) { c.Expiry = nil }),
		"valid for days":         w.health.assertion(func(c *jwt.Claims) { c.Expiry = at(48 * time.Hour) }),
		"of tomorrow":            w.health.assertion(func(c *jwt.Claims) { c.IssuedAt = at(24 * time.Hour) }),
		"not yet":                w.health.assertion(func(c *jwt.Claims) { c.NotBefore = at(time.Hour) }),
		"without jti":            w.health.assertion(func(c *jwt.Claims) { c.ID = "" }),
		"jti too long":           w.health.assertion(func(c *jwt.Claims) { c.ID = strings.Repeat("j", 256) }),
		"tampered":               tampered(t, w.health.assertion(nil), "sub", "RP00000002"),
		"unsigned":               "eyJhbGciOiJub25lIn0." + strings.Split(w.health.assertion(nil), ".")[1] + ".",
		"signed with HS256":      hs256,
		"no JWT":                 "x.y.z",
		"longer than is read":    strings.Repeat("x", platform.MaxAssertion+1),
		"claims of another form": w.health.signs(map[string]any{"iss": []int{1}, "exp": "soon"}),
	} {
		_, err := w.health.exchangeWith(code, assertion, verifier1)
		refusedAs(t, what, err, "invalid_client", 401)
	}
	once := w.health.assertion(nil)
	if _, err := w.health.exchangeWith(code, once, verifier1); err != nil {
		t.Errorf("after all that the code itself: %v", err)
	}
	next := w.browser().signsIn(w.health, "hanako").Get("code")
	_, err = w.health.exchangeWith(next, once, verifier1)
	refusedAs(t, "replayed jti", err, "invalid_client", 401)
	w.suspends(w.health)
	_, err = w.health.exchange(next)
	refusedAs(t, "suspended", err, "invalid_client", 401)
}

// tampered replaces a claim and keeps the signature.
func tampered(t *testing.T, token, claim string, value any) string {
	t.Helper()
	parts := strings.Split(token, ".")
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	webtest.Must(t, err)
	claims := map[string]any{}
	webtest.Must(t, json.Unmarshal(payload, &claims))
	claims[claim] = value
	payload, err = json.Marshal(claims)
	webtest.Must(t, err)
	parts[1] = base64.RawURLEncoding.EncodeToString(payload)
	return strings.Join(parts, ".")
}

func TestWhatTheTokenEndpointDoesNotOffer(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	const at, urlencoded = "/api/realms/main/protocol/openid-connect/token", "application/x-www-form-urlencoded"
	code := w.browser().signsIn(w.health, "hanako").Get("code")
	in := func(grant string) []string {
		return []string{"grant_type", grant, "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", "client_assertion", w.health.assertion(nil),
			"code", code, "redirect_uri", w.health.oauth.RedirectURL, "code_verifier", verifier1}
	}
	for what, tc := range map[string]struct {
		path, body, code string
		status           int
		headers          []string
	}{
		"no client":          {at, form("grant_type", "authorization_code", "code", code), "invalid_request", 400, nil},
		"a public client":    {at, form("grant_type", "authorization_code", "client_id", "RP00000001", "code", code), "invalid_client", 401, nil},
		"a secret":           {at, form("grant_type", "authorization_code", "client_id", "RP00000001", "client_secret", "x"), "invalid_client", 401, nil},
		"basic":              {at, form("grant_type", "authorization_code"), "invalid_client", 401, []string{"Authorization", "Basic UlAwMDAwMDAwMTp4"}},
		"another assertion":  {at, form(append(in("authorization_code"), "client_assertion_type", "saml")...), "invalid_request", 400, nil},
		"refresh by nothing": {at, form(in("refresh_token")...), "invalid_request", 400, nil},
		"an unknown refresh": {at, form(append(in("refresh_token"), "refresh_token", "x")...), "invalid_grant", 400, nil},
		"client credentials": {at, form(in("client_credentials")...), "unauthorized_client", 400, nil},
		"a device":           {at, form("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), "unsupported_grant_type", 400, nil},
		"a token for one":    {at, form("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"), "unsupported_grant_type", 400, nil},
		"an assertion alone": {at, form("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), "unsupported_grant_type", 400, nil},
		"a refresh by none":  {at, form("grant_type", "refresh_token", "refresh_token", "x"), "invalid_request", 400, nil},
		"password":           {at, form(in("password")...), "unsupported_grant_type", 400, nil},
		"unreadable":         {at, "grant_type=%zz", "invalid_request", 400, nil},
		"no grant":           {at, form(in("")...), "invalid_request", 400, nil},
		"twice":              {at, form(append(in("authorization_code"), "code", "x")...), "invalid_request", 400, nil},
		"in the address":     {at + "?" + form(in("authorization_code")...), "", "invalid_request", 400, nil},
		"too large":          {at, form(append(in("authorization_code"), "x", strings.Repeat("x", 64<<10))...), "invalid_request", 400, nil},
	} {
		var no struct{ Error string }
		p := b.Sends(http.MethodPost, tc.path, tc.body, append([]string{"Content-Type", urlencoded}, tc.headers...)...)
		if p.JSON(&no); p.Status != tc.status || no.Error != tc.code {
			t.Errorf("%s: %d %s", what, p.Status, p.Body)
		}
		if p.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s may be cached", what)
		}
	}
	p := b.Sends(http.MethodPost, at, form(in("authorization_code")...), "Content-Type", urlencoded, "Origin", "http://evil.example.com", "Sec-Fetch-Site", "cross-site")
	if p.Status != 403 || p.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("a page of another origin: %d %v", p.Status, p.Header)
	}
	b.Sends(http.MethodPost, at, form(in("authorization_code")...), "Content-Type", urlencoded).Says(200, "id_token")
}

// userInfo asks with a token.
func (w *town) userInfo(token string) webtest.Page {
	w.Helper()
	return w.browser().Sends(http.MethodGet, "/api/realms/main/protocol/openid-connect/userinfo", "", "Authorization", "Bearer "+token)
}

func TestAnAccessTokenLivesFiveMinutesAndCannotBeChanged(t *testing.T) {
	w := newTown(t)
	token, err := w.health.exchange(w.browser().signsIn(w.health, "hanako").Get("code"))
	webtest.Must(t, err)
	raw, _ := token.Extra("id_token").(string)
	w.userInfo(token.AccessToken).Says(200)
	for what, wrong := range map[string]string{
		"changed": token.AccessToken[:len(token.AccessToken)-1] + "!", "cut short": token.AccessToken[1:], "an ID token": raw, "SQL": "' OR '1'='1",
	} {
		p := w.userInfo(wrong)
		if p.Status != 401 || p.Header.Get("WWW-Authenticate") != `Bearer error="invalid_token"` || !strings.Contains(p.Body, `"invalid_token"`) {
			t.Errorf("%s: %d %v %s", what, p.Status, p.Header, p.Body)
		}
	}
	const at = "/api/realms/main/protocol/openid-connect/userinfo"
	if p := w.browser().Visits(at); p.Status != 401 || p.Header.Get("WWW-Authenticate") != "Bearer" {
		t.Errorf("no token: %d %v", p.Status, p.Header)
	}
	if p := w.browser().Visits(at + "?access_token=" + token.AccessToken); p.Status != 400 {
		t.Errorf("a token in the address: %d", p.Status)
	}
	w.Clock.Advance(platform.TokenLifetime + time.Second)
	w.userInfo(token.AccessToken).Says(401, "invalid_token")
}

// TestAnIDTokenThatIsExpiredOrTampered is refused by the outside library.
func TestAnIDTokenThatIsExpiredOrTampered(t *testing.T) {
	w := newTown(t)
	token, err := w.health.exchange(w.browser().signsIn(w.health, "hanako").Get("code"))
	webtest.Must(t, err)
	raw, _ := token.Extra("id_token").(string)
	if _, err := w.health.verifier.Verify(t.Context(), tampered(t, raw, "sub", "somebody else")); err == nil {
		t.Error("tampered, and taken")
	}
	if _, err := w.booking.verifier.Verify(t.Context(), raw); err == nil {
		t.Error("taken by another service")
	}
	w.Clock.Advance(platform.IDTokenLifetime + time.Second)
	if _, err := w.health.verifier.Verify(t.Context(), raw); err == nil {
		t.Error("expired, and taken")
	}
}
