package web

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/platform"
)

func TestEveryErrorThatAPersonCanMeetHasALineInTheTable(t *testing.T) {
	table, err := os.ReadFile("refusals.go")
	if err != nil {
		t.Fatal(err)
	}
	// These are met by services only, under a name of the standard, or inside.
	services := []string{"ErrCode", "ErrCodeUsed", "ErrToken", "ErrRefresh", "ErrRefreshUsed", "ErrAssertionUsed", "ErrUnknownHolder"}
	names := webtest.ErrorsOf(t, "../errors.go")
	if len(names) < 10 {
		t.Fatalf("found only %d errors", len(names))
	}
	for _, n := range names {
		if !strings.Contains(string(table), "{Is: platform."+n+",") && !slices.Contains(services, n) {
			t.Errorf("platform.%s has no line in the table", n)
		}
	}
}

func TestEveryRefusalIsInWholeSentences(t *testing.T) {
	w := &entrance{platform: &platform.Platform{}}
	errs := []error{&platform.OAuthError{Code: "invalid_request"}, &platform.FieldError{Field: "name"},
		&rp.RevokedError{Reason: jpki.AffiliationChanged, At: time.Date(2026, 4, 1, 3, 4, 0, 0, time.UTC)},
		&rp.CheckError{Check: rp.StatusCheck, Err: rp.ErrExpired}, rpweb.ErrNotAsked, rpweb.ErrNoPresence}
	for _, r := range refusals.Own {
		errs = append(errs, r.Is)
	}
	for _, code := range []string{"pin_blocked", "cancelled", "no_card", "no_certificate", "dead_card", "wrong_pin", "expired", "?"} {
		errs = append(errs, &rpweb.TroubleError{Code: code})
	}
	for _, err := range errs {
		page, ok := w.explainPage(err)
		if !ok {
			t.Errorf("%v has no page", err)
		}
		for _, text := range []string{page.Title.JA, page.Title.EN, page.Body.JA, page.Body.EN} {
			if text == "" || strings.ContainsAny(text, "{}") {
				t.Errorf("%v: %q is not a whole sentence", err, text)
			}
		}
		if p, ok := explainProblem(err); !ok || p.Status != page.Status || p.Code != page.Code {
			t.Errorf("%v: page and problem differ: %+v", err, p)
		}
	}
}
