package web_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/rp/platform"
)

// hanakos are what 花子's card says.
var hanakos = map[string]string{"name": "見本　花子", "address": "青葉県みほん市一番町１番１号", "birthdate": "19800217", "gender": "2"}

// shop registers a service for the four basic data.
func (w *town) shop(scopes ...string) *service {
	w.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	webtest.Must(w, err)
	s := w.enters(platform.ServiceProvider{ID: "SHOP", Name: "みほん通販", RedirectURIs: []string{catv + "/shop/callback"}, Scopes: append([]string{"openid"}, scopes...)}, key)
	s.oauth.Scopes = append([]string{"openid"}, scopes...)
	return s
}

// lays lays 花子's card on a service's sign-in page, and tells this of her.
func (b *browser) lays(p webtest.Page, told map[string]string, change func(map[string]any)) webtest.Page {
	b.Helper()
	nonce := p.Attribute("data-jpki-nonce")
	token := b.vouches(b.Card("hanako").Authenticate(b.url, nonce), nonce, told, change)
	return b.Fills(p.Attribute("action"), "token", string(token))
}

// tells asks what an access token stands for.
func (w *town) tells(access string) (status int, claims map[string]any) {
	w.Helper()
	p := w.userInfo(access)
	p.JSON(&claims)
	return p.Status, claims
}

// A service is told what it was registered for, asked for, and the person agreed to, as the card
// has it, and its ID token has none of it.
func TestAServiceIsToldWhatThePersonAgreesTo(t *testing.T) {
	w := newTown(t)
	shop := w.shop("name", "address", "birthdate", "gender")
	b := w.browser()
	asks := b.Visits(shop.asks()).Says(200, `data-jpki-attributes="name address birthdate gender"`, `data-testid="asked"`, "氏名", "性別")
	if strings.Contains(asks.Body, "伝わるのは、このサービスだけで使う番号です") {
		t.Error("the page says that a number alone is told")
	}
	consent := b.lays(asks, hanakos, nil)
	if !strings.HasSuffix(consent.Path(), "/consent") {
		t.Fatalf("went on to %s: %d", consent.Path(), consent.Status)
	}
	page := b.Visits(consent.Path()).Says(200, "氏名", "住所", "生年月日", "性別")
	if strings.Contains(page.Body, "伝わりません") || strings.Count(page.Body, `data-testid="told"`) != 4 {
		t.Error("the page does not say what is told")
	}
	token, err := shop.exchange(shop.returned(b.Fills(consent.Path())).Get("code"))
	webtest.Must(t, err)
	status, claims := w.tells(token.AccessToken)
	address, _ := claims["address"].(map[string]any)
	if status != 200 || claims["name"] != "見本　花子" || address["formatted"] != "青葉県みほん市一番町１番１号" || claims["birthdate"] != "1980-02-17" || claims["gender"] != "female" || claims["sub"] == "" {
		t.Errorf("%d %v", status, claims)
	}
	raw, _ := token.Extra("id_token").(string)
	var own map[string]any
	id, err := shop.verifier.Verify(t.Context(), raw)
	webtest.Must(t, err)
	webtest.Must(t, id.Claims(&own))
	for name := range hanakos {
		if own[name] != nil {
			t.Errorf("the ID token tells %v", own)
		}
	}
	w.Clock.Advance(platform.TokenLifetime)
	if status, claims := w.tells(token.AccessToken); status != 401 {
		t.Errorf("after its life a token tells %d %v", status, claims)
	}
}

// Of what a service is registered for it is told what it asks for; a scope that was agreed to is
// not asked again, and a further one is.
func TestFewerAttributes(t *testing.T) {
	w := newTown(t)
	shop := w.shop("name", "address")
	b := w.browser()
	shop.oauth.Scopes = []string{"openid", "address"}
	told := map[string]string{"address": hanakos["address"]}
	p := b.lays(b.Visits(shop.asks()).Says(200, `data-jpki-attributes="address"`), told, nil)
	b.Visits(p.Path()).Says(200, `data-testid="untold"`, "氏名・生年月日・性別")
	token, err := shop.exchange(shop.returned(b.Fills(p.Path())).Get("code"))
	webtest.Must(t, err)
	if _, claims := w.tells(token.AccessToken); len(claims) != 2 || claims["address"] == nil {
		t.Errorf("told %v", claims)
	}
	again := b.lays(b.Visits(shop.asks()).Says(200), told, nil)
	shop.returned(again) // at once
	shop.oauth.Scopes = []string{"openid", "name"}
	if p := b.lays(b.Visits(shop.asks()).Says(200), map[string]string{"name": hanakos["name"]}, nil); !strings.HasSuffix(p.Path(), "/consent") {
		t.Errorf("a further item is told without being asked: %s", p.Path())
	}
	shop.oauth.Scopes = []string{"openid", "gender"}
	if back := shop.returned(b.Visits(shop.asks())); back.Get("error") != "invalid_scope" {
		t.Errorf("a scope beyond its registration: %v", back)
	}
}

// What is not vouched for, for this site, this nonce and this answer, by the client software, is
// told to nobody.
func TestWhatIsNotVouchedForIsNotTold(t *testing.T) {
	w := newTown(t)
	shop := w.shop("name")
	told := map[string]string{"name": hanakos["name"]}
	for name, c := range map[string]struct {
		told   map[string]string
		change func(map[string]any)
	}{
		"another site":        {told, func(c map[string]any) { c["aud"] = "http://phishing.example" }},
		"two sites":           {told, func(c map[string]any) { c["aud"] = []string{w.url, "http://phishing.example"} }},
		"another nonce":       {told, func(c map[string]any) { c["nonce"] = "x" }},
		"another answer":      {told, func(c map[string]any) { c["token_hash"] = "x" }},
		"expired":             {told, func(c map[string]any) { c["exp"] = w.Clock.Now().Add(-2 * time.Minute).Unix() }},
		"from tomorrow":       {told, func(c map[string]any) { c["iat"] = w.Clock.Now().Add(24 * time.Hour).Unix() }},
		"no end":              {told, func(c map[string]any) { delete(c, "exp") }},
		"more than was asked": {hanakos, nil},
		"something else":      {map[string]string{"address": "x"}, nil},
		"nothing":             {map[string]string{}, nil},
	} {
		b := w.browser()
		p := b.lays(b.Visits(shop.asks()).Says(200), c.told, c.change)
		p.Says(403, "attributes_statement")
		if t.Failed() {
			t.Fatal(name)
		}
	}
	for name, spoil := range map[string]func(p webtest.Page, nonce string, b *browser) []byte{
		"no statement": func(_ webtest.Page, nonce string, b *browser) []byte {
			return b.Card("hanako").Authenticate(w.url, nonce)
		},
		"another key": func(_ webtest.Page, nonce string, b *browser) []byte {
			own := w.software
			defer func() { w.software = own }()
			var err error
			w.software, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
			webtest.Must(t, err)
			return w.vouches(b.Card("hanako").Authenticate(w.url, nonce), nonce, told, nil)
		},
		"no JWT": func(_ webtest.Page, nonce string, b *browser) []byte {
			var answer map[string]any
			webtest.Must(t, json.Unmarshal(b.Card("hanako").Authenticate(w.url, nonce), &answer))
			answer["attributes"] = "見本　花子"
			text, err := json.Marshal(answer)
			webtest.Must(t, err)
			return text
		},
	} {
		b := w.browser()
		p := b.Visits(shop.asks()).Says(200)
		p = b.Fills(p.Attribute("action"), "token", string(spoil(p, p.Attribute("data-jpki-nonce"), b)))
		if want := map[bool]string{true: "no_attributes", false: "attributes_statement"}[name == "no statement"]; p.Status != 403 || !strings.Contains(p.Body, want) {
			t.Errorf("%s: %d, without %s", name, p.Status, want)
		}
	}
}

// A platform whose client software does not answer says so, and tells nothing.
func TestTheSoftwaresKeysAreSilent(t *testing.T) {
	w := newTown(t)
	shop := w.shop("name")
	b := w.browser()
	w.keyless = true
	told := map[string]string{"name": hanakos["name"]}
	b.lays(b.Visits(shop.asks()).Says(200), told, nil).Says(503, "attributes_keys")
	w.keyless = false
	if p := b.lays(b.Visits(shop.asks()).Says(200), told, nil); !strings.HasSuffix(p.Path(), "/consent") {
		t.Errorf("afterwards: %s", p.Path())
	}
}

// The scopes that can be had are in the discovery document.
func TestDiscoveryNamesTheAttributes(t *testing.T) {
	w := newTown(t)
	var found struct {
		Scopes []string `json:"scopes_supported"`
		Claims []string `json:"claims_supported"`
	}
	webtest.Must(t, w.health.provider.Claims(&found))
	for _, name := range []string{"name", "address", "birthdate", "gender"} {
		if !slices.Contains(found.Scopes, name) || !slices.Contains(found.Claims, name) {
			t.Errorf("without %s: %v", name, found)
		}
	}
}

// A refresh token gives an access token for openid alone: what the card said is not kept so long.
func TestARefreshTellsNothingOfTheCard(t *testing.T) {
	w := newTown(t)
	shop := w.shop("name")
	b := w.browser()
	p := b.lays(b.Visits(shop.asks()).Says(200), map[string]string{"name": hanakos["name"]}, nil)
	token, err := shop.exchange(shop.returned(b.Fills(p.Path())).Get("code"))
	webtest.Must(t, err)
	renew := func(refresh string, more ...string) (page webtest.Page, said struct {
		AccessToken  string `json:"access_token"`
		RefreshToken string `json:"refresh_token"`
		IDToken      string `json:"id_token"`
		Scope        string `json:"scope"`
		Error        string `json:"error"`
		Left         int    `json:"refresh_expires_in"`
	}) {
		t.Helper()
		page = b.Sends("POST", "/api/realms/main/protocol/openid-connect/token", form(append([]string{
			"grant_type", "refresh_token", "refresh_token", refresh, "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", "client_assertion", shop.assertion(nil),
		}, more...)...), "Content-Type", "application/x-www-form-urlencoded")
		page.JSON(&said)
		return page, said
	}
	if page, said := renew(token.RefreshToken, "scope", "openid name"); page.Status != 400 || said.Error != "invalid_scope" {
		t.Errorf("for what is not kept: %d %+v", page.Status, said)
	}
	page, said := renew(token.RefreshToken)
	if page.Status != 200 || said.Scope != "openid" || said.Left != 1800 || page.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %+v", page.Status, said)
	}
	if _, err := shop.verifier.Verify(t.Context(), said.IDToken); err != nil {
		t.Error(err)
	}
	if status, claims := w.tells(said.AccessToken); status != 200 || len(claims) != 1 {
		t.Errorf("%d %v", status, claims)
	}
	w.Revoke("hanako", jpki.UserAuthentication, jpki.AffiliationChanged)
	if page, no := renew(said.RefreshToken); page.Status != 400 || no.Error != "invalid_grant" {
		t.Errorf("of a revoked certificate: %d %+v", page.Status, no)
	}
	if status, _ := w.tells(said.AccessToken); status != 401 {
		t.Errorf("its access token: %d", status)
	}
}
