package web

import (
	"context"
	"regexp"
	"testing"

	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/rptest"
)

// Whatever the kit writes into the record of a good signature, the bank has
// words for it in both languages.
func TestEveryFindingOfAGoodSignatureIsSaid(t *testing.T) {
	w := rptest.New(t)
	cfg := w.Config("http://bank.example")
	cfg.WantPaired = true
	verifier, err := rp.NewVerifier(cfg)
	if err != nil {
		t.Fatal(err)
	}
	document := []byte("口座開設申込書")
	signature, err := verifier.VerifySignature(context.Background(), document, w.Card("hanako").Sign(document))
	if err != nil {
		t.Fatal(err)
	}
	lines := checkLines(signature.Record)
	if len(lines) < 14 {
		t.Errorf("%d checks", len(lines))
	}
	english, utc := regexp.MustCompile(`[A-Za-z]{2,} [A-Za-z]{2,}`), regexp.MustCompile(`T\d\d:\d\d:\d\dZ`)
	for _, l := range lines {
		for _, f := range l.Findings {
			for _, say := range []struct {
				ja, en string
				raw    rp.Fact
			}{{f.Wanted.JA, f.Wanted.EN, f.Entry.Expected}, {f.Found.JA, f.Found.EN, f.Entry.Found}} {
				if say.ja == "" || english.MatchString(say.ja) || utc.MatchString(say.ja+say.en) {
					t.Errorf("%s: %q is said %q, %q", l.Check, say.raw, say.ja, say.en)
				}
			}
		}
	}
	for _, c := range []struct {
		raw rp.Fact
		ja  string
	}{
		{rp.Fact{Code: "key_range", Args: []string{"2048", "4096"}}, "RSA暗号の公開鍵で、2048ビットから4096ビットまで"},
		{rp.Fact{Code: "certificate_validity", Args: []string{"2025-10-19T00:00:00Z", "2030-04-12T14:59:59Z"}}, "電子証明書の有効期間：2025年10月19日 09時00分から2030年4月12日 23時59分まで"},
	} {
		if got := sayFact(c.raw).JA; got != c.ja {
			t.Errorf("%q is said %q", c.raw, got)
		}
	}
}
