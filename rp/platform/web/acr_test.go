package web_test

import (
	"slices"
	"strings"
	"testing"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/webtest"
)

// With acr_values "crl" the status is read from the revocation list: it is not asked for over
// OCSP, and who is in the list is refused.
func TestAServiceAsksForTheRevocationList(t *testing.T) {
	w := newTown(t)
	asked := 0
	w.TamperOCSP(func(_, honest []byte) []byte { asked++; return honest })
	byList := w.health.asks("acr_values", "aal3 crl")
	b := w.browser()
	back := w.health.returned(b.Fills(b.answers(b.Visits(byList), "hanako").Says(200, "同意").Path()))
	token, err := w.health.exchange(back.Get("code"))
	webtest.Must(t, err)
	raw, _ := token.Extra("id_token").(string)
	id, err := w.health.verifier.Verify(t.Context(), raw)
	webtest.Must(t, err)
	var reached struct{ ACR string }
	if err := id.Claims(&reached); err != nil || reached.ACR != "aal3" {
		t.Errorf("acr %q, %v", reached.ACR, err)
	}
	if asked != 0 {
		t.Errorf("asked over OCSP %d times", asked)
	}
	w.health.returned(b.answers(b.Visits(w.health.asks("acr_values", "ocsp aal3")), "hanako"))
	if asked != 1 {
		t.Errorf("for ocsp asked %d times", asked)
	}
	w.Revoke("hanako", jpki.UserAuthentication, jpki.KeyCompromise)
	b.answers(b.Visits(byList), "hanako").Says(403, "失効しています")
	me := w.browser()
	me.answers(me.Visits("/signin"), "hanako").Says(403)
}

// A silent authority has no list to give: nobody is let in, and it may be tried again.
func TestNoListLetsNobodyIn(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	p := b.Visits(w.health.asks("acr_values", "crl"))
	w.Silence(true)
	b.answers(p, "hanako").Says(503, "もう一度試す")
	b.Fills(b.Visits(p.Path()).Path(), "token", "{}").Says(422) // no list is fetched for it
	w.Silence(false)
	w.SuspendAccreditation()
	b.answers(b.Visits(p.Path()), "hanako").Says(503, "当基盤の都合")
	w.Reaccredit()
	if p := b.answers(b.Visits(p.Path()), "hanako"); !strings.HasSuffix(p.Path(), "/consent") {
		t.Errorf("afterwards at %s", p.Path())
	}
}

// What is not known, or contradicts itself, is told to the service; discovery says what is.
func TestAClassThatIsNotKnown(t *testing.T) {
	w := newTown(t)
	for _, asked := range []string{"aal2", "aal3 loa4", "crl ocsp", "aal3 aal3", strings.Repeat("x", 65)} {
		back := w.health.returned(w.browser().Visits(w.health.asks("acr_values", asked)))
		if back.Get("error") != "invalid_request" || !strings.HasPrefix(back.Get("error_description"), "acr_values: ") || back.Get("state") != "state-1" {
			t.Errorf("%.20q: %v", asked, back)
		}
	}
	back := w.health.returned(w.browser().Visits(w.health.asks("acr_values", "aal3") + "&acr_values=crl"))
	if back.Get("error") != "invalid_request" {
		t.Errorf("twice: %v", back)
	}
	var found struct {
		Values []string `json:"acr_values_supported"`
	}
	webtest.Must(t, w.health.provider.Claims(&found))
	if !slices.Equal(found.Values, []string{"aal3", "ocsp", "crl"}) {
		t.Errorf("discovery has %v", found.Values)
	}
}
