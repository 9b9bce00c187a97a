package rpweb_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/rptest"
)

var (
	us       = ui.Text{JA: "当社", EN: "we"}
	errOwn   = errors.New("test: a rule of the house")
	errOther = errors.New("test: another rule of the house")
)

// house refuses by two rules of its own, and says one of the kit's in its way.
func house() rpweb.Table[string] {
	return rpweb.Table[string]{
		Own: []rpweb.Refusal[string]{
			{Is: errOwn, Status: 409, Code: "own", Next: []string{"/a", "/b"}},
			{Is: rp.ErrRevoked, Status: 200, Code: "fine"}, // of no use: the kit's codes stand
			{Is: errOther, Status: 404, Code: "other"},
		},
		Words: map[string]rpweb.Saying{"expired": {Title: ui.Text{JA: "期限切れ", EN: "over"}}},
		Ways:  func(code string) []string { return []string{"/" + code} },
	}
}

// failed is an error as a house gets it from the kit.
func failed(rule error, kind jpki.Kind) error {
	return fmt.Errorf("house: %w", &rp.CheckError{Check: rp.StatusCheck, Kind: kind, Expected: rp.Fact{Code: "same"}, Found: rp.Fact{Code: "none"}, Err: rule})
}

// waysBack are this package's own errors.
var waysBack = []error{rpweb.ErrNotAsked, rpweb.ErrNoPresence, rpweb.ErrBusy}

func TestEveryErrorOfTheKitIsToldInWordsOfItsOwn(t *testing.T) {
	var codes []string
	for _, rule := range rptest.Errors() {
		codes = append(codes, rp.Code(rule))
	}
	if !slices.Equal(codes, rp.Codes()) {
		t.Fatalf("the kit has the codes %v; here are %v", rp.Codes(), codes)
	}
	said := map[string]string{}
	for _, rule := range append(rptest.Errors(), waysBack...) {
		code := rpweb.Code(rule)
		for _, kind := range append(jpki.Kinds(), 0) {
			err := failed(rule, kind)
			r, ok := rpweb.Table[string]{}.Match(err)
			if !ok || r.Code != code || r.Status < 400 {
				t.Fatalf("%v: %+v", rule, r)
			}
			page := r.Page(err, rpweb.Blanks(err, kind, us))
			for _, text := range []string{page.Title.JA, page.Title.EN, page.Body.JA, page.Body.EN} {
				if text == "" || strings.ContainsAny(text, "{}") {
					t.Errorf("%s: %q is not a whole sentence", code, text)
				}
				if before := said[text]; before != "" && before != code {
					t.Errorf("%s and %s say the same: %s", before, code, text)
				}
				said[text] = code
			}
			if p := r.Problem(err); p.Code != code || p.Status != r.Status || p.Extra["check"] != rp.StatusCheck || p.Extra["found"] != "none" {
				t.Errorf("%s: problem %+v", code, p)
			}
		}
	}
}

func TestAHouseChangesWordsAndNoCodes(t *testing.T) {
	for _, tc := range []struct {
		err    error
		status int
		code   string
		next   []string
	}{
		{failed(&rp.RevokedError{Reason: jpki.KeyCompromise}, 0), 403, "revoked", []string{"/revoked"}},
		{failed(rp.ErrStatusStale, 0), 503, "status_stale", []string{"/status_stale"}},
		{fmt.Errorf("%w: %w", errOwn, rp.ErrExpired), 403, "expired", []string{"/expired"}},
		{fmt.Errorf("house: %w", errOwn), 409, "own", []string{"/a", "/b"}},
		{errOther, 404, "other", nil},
	} {
		r, ok := house().Match(tc.err)
		if !ok || r.Status != tc.status || r.Code != tc.code || !slices.Equal(r.Next, tc.next) {
			t.Errorf("%v: %+v", tc.err, r)
		}
	}
	if r, _ := house().Match(rp.ErrExpired); r.Say.Title.JA != "期限切れ" {
		t.Errorf("not in the house's words: %+v", r.Say)
	}
	terse := rpweb.Table[string]{Words: house().Words, Otherwise: rpweb.Saying{Title: ui.Text{JA: "できません"}}}
	for err, want := range map[error]string{rp.ErrExpired: "期限切れ", rp.ErrStatusStale: "できません"} {
		if r, _ := terse.Match(err); r.Say.Title.JA != want || r.Code != rp.Code(err) {
			t.Errorf("%v: %+v", err, r)
		}
	}
	if _, ok := house().Match(errors.New("disk full")); ok {
		t.Error("a stranger is explained")
	}
	r, _ := house().Match(errOwn)
	links := r.Links(func(w string) ui.Link { return ui.Link{Href: w} })
	if len(links) != 2 || !links[0].Primary || links[1].Primary || links[1].Href != "/b" {
		t.Errorf("%+v", links)
	}
}

func TestARevocationIsToldWithItsReasonItsTimeAndWhatToDo(t *testing.T) {
	at := time.Date(2026, 10, 1, 0, 30, 0, 0, time.UTC)
	for reason, want := range map[jpki.Reason][2]string{
		jpki.AffiliationChanged:   {"失効の事由：記載事項（氏名・住所等）の異動。", "市区町村の窓口"},
		jpki.Superseded:           {"失効の事由：新しい電子証明書への更新。", "更新後のカード"},
		jpki.KeyCompromise:        {"失効の事由：秘密鍵の漏えい又はそのおそれ（紛失・盗難等）。", "紛失・盗難などの届出"},
		jpki.CessationOfOperation: {"返納", "発行を申請"},
		jpki.Unspecified:          {"交付前", "市区町村の窓口"},
		jpki.CertificateHold:      {"一時停止", "解除"},
	} {
		err := failed(&rp.RevokedError{Kind: jpki.DigitalSignature, Reason: reason, At: at, Serial: "0705D990"}, jpki.DigitalSignature)
		r, ok := house().Match(err)
		if !ok || rpweb.KindOf(err) != jpki.DigitalSignature {
			t.Fatalf("%v: %+v", reason, r)
		}
		page := r.Page(err, rpweb.Blanks(err, rpweb.KindOf(err), us))
		for _, w := range []string{want[0], want[1], ui.Minute(at).JA, "署名用電子証明書"} {
			if !strings.Contains(page.Title.JA+page.Body.JA, w) {
				t.Errorf("%v: %q does not say %q", reason, page.Body.JA, w)
			}
		}
		if !strings.Contains(page.Body.EN, "1 October 2026") || !strings.HasPrefix(page.Detail, r.Code+"\n") {
			t.Errorf("%v: %q, %q", reason, page.Body.EN, page.Detail)
		}
		if p := r.Problem(err); p.Extra["reason"] != reason || p.Extra["at"] != "2026-10-01T00:30:00Z" || p.Extra["serial"] != jpki.SerialNumber("0705D990") {
			t.Errorf("%v: %+v", reason, p.Extra)
		}
	}
}

func TestATroubleOfTheCardHasWords(t *testing.T) {
	for code, lost := range map[string]bool{
		"cancelled": false, "expired": false, "wrong_pin": false, "bad_pin_format": false, "pin_blocked": true, "no_card": false,
		"no_certificate": true, "dead_card": true, "tampered_card": true, "not_jpki": false, "card_busy": false, "card_error": false,
	} {
		e := &rpweb.TroubleError{Code: code}
		say := e.Saying()
		if e.Known() != code || e.Lost() != lost || say.Title.JA == "" || say.Why.EN == "" || say.Do.JA == "" {
			t.Errorf("%s: %+v", code, e)
		}
	}
	if e := (&rpweb.TroubleError{Code: "<script>"}); e.Known() != "card_error" || strings.Contains(e.Error(), "script") || e.Saying().Title.JA == "" {
		t.Errorf("%v", e)
	}
}
