package web_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/rp/platform"
)

func TestAnOutsideLibraryCompletesTheCodeFlow(t *testing.T) {
	w := newTown(t)
	back := w.browser().signsIn(w.health, "hanako")
	if back.Get("state") != "state-1" {
		t.Errorf("state is %q", back.Get("state"))
	}
	token, err := w.health.exchange(back.Get("code"))
	webtest.Must(t, err)
	raw, _ := token.Extra("id_token").(string)
	id, err := w.health.verifier.Verify(t.Context(), raw)
	webtest.Must(t, err)
	if id.Nonce != "nonce-1" || id.Issuer != w.url+"/api/realms/main" || !slices.Equal(id.Audience, []string{"RP00000001"}) || len(id.Subject) != 43 {
		t.Errorf("%+v", id)
	}
	webtest.Must(t, id.VerifyAccessToken(token.AccessToken))
	if now := w.Clock.Now(); id.IssuedAt.Sub(now).Abs() > time.Minute || id.Expiry.Sub(id.IssuedAt) != platform.IDTokenLifetime {
		t.Errorf("issued %v, expires %v, at %v", id.IssuedAt, id.Expiry, now)
	}
	info, err := w.health.provider.UserInfo(t.Context(), w.health.oauth.TokenSource(t.Context(), token))
	webtest.Must(t, err)
	if info.Subject != id.Subject {
		t.Errorf("userinfo is about %q, the token about %q", info.Subject, id.Subject)
	}
}

func TestWhatAServiceLearnsIsASubAndNothingElse(t *testing.T) {
	w := newTown(t)
	token, err := w.health.exchange(w.browser().signsIn(w.health, "hanako").Get("code"))
	webtest.Must(t, err)
	raw, _ := token.Extra("id_token").(string)
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(raw, ".")[1])
	webtest.Must(t, err)
	var claims map[string]any
	webtest.Must(t, json.Unmarshal(payload, &claims))
	may := []string{"iss", "sub", "aud", "exp", "iat", "jti", "auth_time", "nonce", "acr", "amr", "azp", "at_hash"}
	for name := range claims {
		if !slices.Contains(may, name) {
			t.Errorf("the ID token has a claim %s", name)
		}
	}
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, w.url+"/api/realms/main/protocol/openid-connect/userinfo", nil)
	r.Header.Set("Authorization", "Bearer "+token.AccessToken)
	resp, err := http.DefaultClient.Do(r)
	webtest.Must(t, err)
	defer resp.Body.Close()
	claims = nil
	webtest.Must(t, json.NewDecoder(resp.Body).Decode(&claims))
	if len(claims) != 1 || claims["sub"] == nil {
		t.Errorf("userinfo tells %v", claims)
	}
	serial := w.Card("hanako").Serial(jpki.UserAuthentication).String()
	for _, told := range []string{raw, string(payload)} {
		if strings.Contains(strings.ToUpper(told), serial) || strings.Contains(told, "見本") {
			t.Errorf("personal: %s", told)
		}
	}
}

func TestTwoServicesCannotJoinTheirSub(t *testing.T) {
	w := newTown(t)
	health, booking := w.health.signsIn("hanako"), w.booking.signsIn("hanako")
	if health == booking || w.health.signsIn("taro") == health {
		t.Error("two have one sub")
	}
	if w.health.signsIn("hanako") != health || w.booking.signsIn("hanako") != booking {
		t.Error("a sub does not last")
	}
	// Neither is a function of anything that the services could know.
	serial := w.Card("hanako").Serial(jpki.UserAuthentication).String()
	for _, guess := range []string{serial, "RP00000001" + serial, serial + "RP00000001"} {
		sum := sha256.Sum256([]byte(guess))
		if base64.RawURLEncoding.EncodeToString(sum[:]) == health {
			t.Errorf("the sub is the digest of %s", guess)
		}
	}
}

func TestTheSubSurvivesANewCertificate(t *testing.T) {
	w := newTown(t)
	before, taro := w.health.signsIn("hanako"), w.health.signsIn("taro")
	for range 2 { // twice, since the second follows one that was itself learned
		w.Clock.Advance(24 * time.Hour)
		old := w.Card("hanako").Serial(jpki.UserAuthentication)
		w.Renew("hanako")
		if w.Card("hanako").Serial(jpki.UserAuthentication) == old {
			t.Fatal("the certificate is the old one")
		}
		if after := w.health.signsIn("hanako"); after != before {
			t.Errorf("was %s, is %s", before, after)
		}
	}
	if w.health.signsIn("taro") != taro {
		t.Error("taro has changed")
	}
}

func TestNobodyIsTakenInWhileTheAuthorityDoesNotAnswer(t *testing.T) {
	w := newTown(t)
	before := w.health.signsIn("hanako")
	w.Renew("hanako")
	w.SuspendAccreditation()
	b := w.browser()
	b.answers(b.Visits(w.health.asks()), "hanako").Says(503, "当基盤の都合")
	w.Reaccredit()
	if w.health.signsIn("hanako") != before {
		t.Error("the holder was split in two")
	}
}

func TestConsentIsAskedForOnceUntilItIsWithdrawn(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	p := b.answers(b.Visits(w.health.asks()), "hanako").Says(200, "このサービスに伝わること", "みほんケーブル ヘルスケア", catv, "氏名・住所・生年月日・性別は伝わりません")
	code := w.health.returned(b.Fills(p.Path())).Get("code")
	token, err := w.health.exchange(code)
	webtest.Must(t, err)
	unused := w.health.returned(b.answers(b.Visits(w.health.asks()), "hanako")).Get("code")
	b.answers(b.Visits(w.health.asks("prompt", "consent")), "hanako").Says(200, "このサービスに伝わること")

	me := w.browser()
	me.answers(me.Visits("/signin"), "hanako").Says(200, "ご利用の記録", "みほんケーブル ヘルスケア", `data-client="RP00000001"`, w.Card("hanako").Serial(jpki.UserAuthentication).String())
	me.Fills("/logins/withdraw", "client", "RP00000002").Says(409, "取り消す同意がありません")
	me.Fills("/logins/withdraw", "client", "RP00000001").Says(200, "取消済み")
	if _, err := w.health.exchange(unused); err == nil {
		t.Error("a code outlived the consent")
	}
	if got := w.userInfo(token.AccessToken); got.Status != 401 {
		t.Error("a token outlived the consent")
	}
	p = b.answers(b.Visits(w.health.asks()), "hanako").Says(200, "このサービスに伝わること")
	if back := w.health.returned(b.Fills(p.Attribute("action")[:len(p.Attribute("action"))-len("/consent")] + "/decline")); back.Get("error") != "access_denied" || back.Get("state") != "state-1" {
		t.Errorf("%v", back)
	}
}

func TestEachLoginIsInTheRecordsOfItsPersonOnly(t *testing.T) {
	w := newTown(t)
	for range 3 {
		w.health.signsIn("hanako")
	}
	w.booking.signsIn("taro")
	for who, want := range map[string]int{"hanako": 3, "taro": 0} {
		b := w.browser()
		p := b.answers(b.Visits("/signin"), who).Says(200)
		if got := strings.Count(p.Body, `data-testid="visit" data-client="RP00000001"`); got != want {
			t.Errorf("%s finds %d logins, not %d", who, got, want)
		}
		b.Fills("/signout")
		if p := b.Visits("/logins"); p.Path() != "/signin" {
			t.Errorf("signed out, and at %s", p.Path())
		}
	}
}

func TestASecondServiceIsAddedByRegisteringIt(t *testing.T) {
	w := newTown(t)
	third := w.registers("RP00000003", "みほん市立図書館", "/library/callback", platform.WindowFace)
	if third.signsIn("haruto") == "" { // a child has an authentication certificate
		t.Error("no sub")
	}
}

func TestAProgramGoesTheSameWayInJSON(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	json := []string{"Accept", "application/json", "Content-Type", "application/json"}
	var ask struct{ Nonce, Origin, Service string }
	at := b.Sends(http.MethodGet, w.health.asks(), "", json...).Says(200).JSON(&ask)
	if ask.Origin != w.url || ask.Service != "RP00000001" {
		t.Fatalf("%+v", ask)
	}
	var next struct{ Next, Location string }
	b.Sends(http.MethodPost, at.Path(), `{"token":`+string(w.Card("hanako").Authenticate(ask.Origin, ask.Nonce))+`}`, json...).Says(200).JSON(&next)
	if next.Next != "consent" {
		t.Fatalf("%+v", next)
	}
	b.Sends(http.MethodPost, next.Location, `{"agree":true}`, json...).Says(200).JSON(&next)
	u, err := url.Parse(next.Location)
	webtest.Must(t, err)
	if next.Next != "service" || u.Query().Get("code") == "" {
		t.Fatalf("%+v", next)
	}
}
