package oidcclient_test

import (
	"errors"
	"net/url"
	"testing"
	"time"

	"example.jp/jpkimock/internal/oidcclient"
	"example.jp/jpkimock/internal/oidcclient/oidctest"
)

// desk is a service at a provider, with people who sign in there.
type desk struct {
	*testing.T
	*oidcclient.Client
	provider *oidctest.Provider
	now      time.Time
}

func newDesk(t *testing.T) *desk {
	d := &desk{T: t, now: time.Date(2026, 4, 1, 12, 0, 0, 0, time.UTC)}
	now := func() time.Time { return d.now }
	d.provider = oidctest.New(t, now)
	r := d.provider.Register("RP00000001")
	r.Redirect, r.Scopes = "http://house.example/callback", []string{"name"}
	d.Client = oidcclient.New(oidcclient.Config{Issuer: oidctest.Issuer, Public: oidctest.Origin, Peer: d.provider.URL, Now: now}).Client(r)
	return d
}

// signs goes to the provider as somebody, and gives the answer.
func (d *desk) signs(l oidcclient.Login, person string) url.Values {
	d.Helper()
	to, err := d.Start(d.Context(), l, oidcclient.Param{Name: "ui_locales", Value: "en"})
	if err != nil {
		d.Fatal(err)
	}
	back, err := url.Parse(d.provider.Authorize(person, to, map[string]string{"scope": "openid name", "ui_locales": "en", "client_id": "RP00000001"}))
	if err != nil {
		d.Fatal(err)
	}
	return back.Query()
}

func TestSomebodySignsInOnce(t *testing.T) {
	d := newDesk(t)
	l := oidcclient.NewLogin()
	answer := d.signs(l, "hanako")
	who, err := d.Finish(t.Context(), l, answer)
	if err != nil || who.Subject != "RP00000001-hanako" {
		t.Fatalf("%+v, %v", who, err)
	}
	var more struct {
		Presence string `json:"jpki_presence"`
	}
	if err := who.Claims(&more); err != nil || more.Presence != "at the platform" {
		t.Errorf("%+v, %v", more, err)
	}
	var wrong struct {
		Presence int `json:"jpki_presence"`
	}
	if err := who.Claims(&wrong); !errors.Is(err, oidcclient.ErrAnswer) {
		t.Errorf("a claim of another type: %v", err)
	}
	var refused *oidcclient.RefusedError
	if _, err := d.Finish(t.Context(), l, answer); !errors.As(err, &refused) || refused.Code != "invalid_grant" {
		t.Errorf("a code twice: %v", err)
	}
}

func TestOnlyTheAnswerToThisSignInCounts(t *testing.T) {
	d := newDesk(t)
	for name, c := range map[string]struct {
		login  func(*oidcclient.Login)
		answer func(url.Values)
		want   error
	}{
		"another state":    {answer: func(a url.Values) { a.Set("state", "x") }, want: oidcclient.ErrNotAsked},
		"no sign-in":       {login: func(l *oidcclient.Login) { *l = oidcclient.Login{} }, answer: func(a url.Values) { a.Del("state") }, want: oidcclient.ErrNotAsked},
		"no issuer":        {answer: func(a url.Values) { a.Del("iss") }, want: oidcclient.ErrAnswer},
		"another issuer":   {answer: func(a url.Values) { a.Set("iss", "http://evil.example") }, want: oidcclient.ErrAnswer},
		"another nonce":    {login: func(l *oidcclient.Login) { l.Nonce = "x" }, want: oidcclient.ErrAnswer},
		"another verifier": {login: func(l *oidcclient.Login) { l.Verifier = oidcclient.NewLogin().Verifier }, want: &oidcclient.RefusedError{Code: "invalid_grant"}},
		"a refusal":        {answer: func(a url.Values) { a.Set("error", "access_denied") }, want: &oidcclient.RefusedError{Code: "access_denied"}},
	} {
		l := oidcclient.NewLogin()
		answer := d.signs(l, "hanako")
		if c.answer != nil {
			c.answer(answer)
		}
		if c.login != nil {
			c.login(&l)
		}
		_, err := d.Finish(t.Context(), l, answer)
		refused, ok := errors.AsType[*oidcclient.RefusedError](err)
		if want, isRefusal := c.want.(*oidcclient.RefusedError); isRefusal && (!ok || refused.Code != want.Code) || !isRefusal && !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func TestATokenThatDoesNotVerifyIsNobodys(t *testing.T) {
	d := newDesk(t)
	for name, spoil := range map[string]func(map[string]any){
		"another client":   func(c map[string]any) { c["aud"] = []string{"RP00000002"} },
		"another issuer":   func(c map[string]any) { c["iss"] = "http://evil.example" },
		"expired":          func(c map[string]any) { c["exp"] = d.now.Add(-time.Minute).Unix() },
		"without a person": func(c map[string]any) { c["sub"] = "" },
	} {
		d.provider.Spoil(spoil)
		l := oidcclient.NewLogin()
		if _, err := d.Finish(t.Context(), l, d.signs(l, "hanako")); !errors.Is(err, oidcclient.ErrAnswer) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAProviderThatComesLateIsFoundWhenItIsThere(t *testing.T) {
	d := newDesk(t)
	d.provider.Down(true)
	if _, err := d.Start(t.Context(), oidcclient.NewLogin()); !errors.Is(err, oidcclient.ErrUnavailable) {
		t.Errorf("down: %v", err)
	}
	d.provider.Down(false)
	d.signs(oidcclient.NewLogin(), "hanako")
	d.provider.Close()
	l := oidcclient.NewLogin()
	if _, err := d.Finish(t.Context(), l, d.signs(l, "hanako")); !errors.Is(err, oidcclient.ErrUnavailable) {
		t.Errorf("gone before the code was redeemed: %v", err)
	}
}

func TestADiscoveryOfAnotherIssuerIsRefused(t *testing.T) {
	d := newDesk(t)
	other := oidcclient.New(oidcclient.Config{
		Issuer: oidctest.Origin + "/api/realms/main/", Public: oidctest.Origin, Peer: d.provider.URL, Now: func() time.Time { return d.now },
	}).Client(d.Registration)
	if _, err := other.Start(t.Context(), oidcclient.NewLogin()); !errors.Is(err, oidcclient.ErrUnavailable) {
		t.Errorf("%v", err)
	}
}

func TestAClientWithoutAKeyRedeemsNothing(t *testing.T) {
	d := newDesk(t)
	l := oidcclient.NewLogin()
	answer := d.signs(l, "hanako")
	d.Key = nil
	if _, err := d.Finish(t.Context(), l, answer); err == nil || errors.Is(err, oidcclient.ErrAnswer) {
		t.Errorf("%v", err)
	}
}

func TestAKeyWithoutANameIsNamedByItsThumbprint(t *testing.T) {
	d := newDesk(t)
	l := oidcclient.NewLogin()
	answer := d.signs(l, "hanako")
	d.KeyID = ""
	var refused *oidcclient.RefusedError
	if _, err := d.Finish(t.Context(), l, answer); !errors.As(err, &refused) || refused.Code != "invalid_client" {
		t.Errorf("the provider knows it by another name: %v", err)
	}
}
