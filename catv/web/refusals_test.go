package web

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/internal/oidcclient"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/session"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/rptest"

	room "example.jp/jpkimock/catv/room/web"
)

func TestEveryErrorHasALineInATable(t *testing.T) {
	var tables strings.Builder
	for _, file := range []string{"refusals.go", "../residency/web/residency.go", "../desks/web/desks.go"} {
		text, err := os.ReadFile(file)
		webtest.Must(t, err)
		tables.Write(text)
	}
	// ErrNoResidency is no refusal: the pages say how things stand.
	elsewhere := []string{"booking.ErrNoResidency"}
	for pkg, file := range map[string]string{"catv": "../errors.go", "health": "../health/errors.go", "booking": "../booking/errors.go"} {
		names := webtest.ErrorsOf(t, file)
		if len(names) < 10 {
			t.Fatalf("found only %d errors in %s", len(names), file)
		}
		for _, n := range names {
			if full := pkg + "." + n; !strings.Contains(tables.String(), "room.Rule("+full+",") && !slices.Contains(elsewhere, full) {
				t.Errorf("%s has no line in a table", full)
			}
		}
	}
}

func TestEveryRefusalIsInWholeSentencesWithAWayOut(t *testing.T) {
	w := newSet(t)
	errs := []error{
		&signedOutError{}, &signedOutError{Why: session.EndedIdle}, &oidcclient.RefusedError{Code: "access_denied"}, &oidcclient.RefusedError{Code: "invalid_request"},
		&catv.LockedError{Until: time.Date(2026, 4, 1, 3, 4, 0, 0, time.UTC)}, rpweb.ErrNotAsked, rpweb.ErrNoPresence, rpweb.ErrBusy,
	}
	for _, code := range []string{"pin_blocked", "no_certificate", "dead_card", "tampered_card", "not_jpki", "no_card", "wrong_pin", "expired", "card_busy", "card_error", "?"} {
		errs = append(errs, &rpweb.TroubleError{Code: code})
	}
	for _, r := range refusals.Own {
		errs = append(errs, r.Is)
	}
	for _, err := range rptest.Errors() {
		errs = append(errs, &rp.CheckError{Check: rp.StatusCheck, Kind: jpki.UserAuthentication, Err: err})
	}
	for _, reason := range []jpki.Reason{jpki.AffiliationChanged, jpki.Superseded, jpki.KeyCompromise, jpki.CessationOfOperation, jpki.CertificateHold} {
		for _, kind := range jpki.Kinds() {
			errs = append(errs, &rp.CheckError{Check: rp.StatusCheck, Kind: kind, Err: &rp.RevokedError{Kind: kind, Reason: reason, At: time.Date(2026, 4, 1, 3, 4, 0, 0, time.UTC)}})
		}
	}
	for _, err := range errs {
		page, ok := w.Explain(err)
		if !ok {
			t.Errorf("%v has no page", err)
		}
		for _, text := range []string{page.Title.JA, page.Title.EN, page.Body.JA, page.Body.EN} {
			if text == "" || strings.ContainsAny(text, "{}") || strings.Contains(text, "%!") {
				t.Errorf("%v: %q is not a whole sentence", err, text)
			}
		}
		if len(page.Next) == 0 {
			t.Errorf("%v has no way out", err)
		}
		for _, next := range page.Next {
			if next.Href == "" || next.Text.JA == "" || next.Text.EN == "" {
				t.Errorf("%v: a way that leads nowhere: %+v", err, next)
			}
		}
	}
}

// The words for what all houses refuse are the plain ones, under the codes of all
// houses.
func TestThePlainWordsAreForCodesThatThereAre(t *testing.T) {
	for code := range room.Plain {
		if !slices.ContainsFunc(append(rptest.Errors(), rpweb.ErrNotAsked, rpweb.ErrNoPresence, rpweb.ErrBusy), func(err error) bool { return rpweb.Code(err) == code }) {
			t.Errorf("no error has the code %s", code)
		}
	}
}

func newSet(t *testing.T) *set {
	t.Helper()
	pages, err := room.New(room.Site("", time.Now), templates, match)
	webtest.Must(t, err)
	return &set{Room: pages}
}
