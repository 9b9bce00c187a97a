package rpweb_test

import (
	"regexp"
	"testing"

	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/rptest"
)

// Whatever the kit writes into the record of a good signature or of a good
// answer, there are words for it in both languages.
func TestEveryFindingOfAGoodCardIsSaid(t *testing.T) {
	w := rptest.New(t)
	cfg := w.Config("http://house.example")
	cfg.WantPaired = true
	verifier, err := rp.NewVerifier(cfg)
	if err != nil {
		t.Fatal(err)
	}
	document := []byte("口座開設申込書")
	signature, err := verifier.VerifySignature(t.Context(), document, w.Card("hanako").Sign(document))
	if err != nil {
		t.Fatal(err)
	}
	challenge, err := verifier.NewChallenge(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	authentication, err := verifier.VerifyAuthentication(t.Context(), w.Card("hanako").Authenticate("http://house.example", challenge.Nonce), challenge.Nonce)
	if err != nil {
		t.Fatal(err)
	}
	english, utc := regexp.MustCompile(`[A-Za-z]{2,} [A-Za-z]{2,}`), regexp.MustCompile(`T\d\d:\d\d:\d\dZ`)
	for _, record := range []rp.Record{signature.Record, authentication.Record} {
		lines := rpweb.CheckLines(record)
		if len(lines) < 12 {
			t.Errorf("%d checks", len(lines))
		}
		for _, l := range lines {
			if l.Name.JA == "" || l.Name.EN == string(l.Check) {
				t.Errorf("%s has no name", l.Check)
			}
			for _, f := range l.Findings {
				for said, raw := range map[ui.Text]rp.Fact{f.Required: f.Entry.Expected, f.Found: f.Entry.Found} {
					if said.JA == "" || english.MatchString(said.JA) || utc.MatchString(said.JA+said.EN) {
						t.Errorf("%s: %q is said %q", l.Check, raw, said)
					}
				}
			}
		}
	}
}

func TestAFactIsSaidWithItsValues(t *testing.T) {
	for _, c := range []struct {
		fact   rp.Fact
		ja, en string
	}{
		{rp.Fact{Code: "key_range", Args: []string{"2048", "4096"}}, "RSA暗号の公開鍵で、2048ビットから4096ビットまで", "an RSA key of 2048 to 4096 bits"},
		{rp.Fact{Code: "certificate_validity", Args: []string{"2025-10-19T00:00:00Z", "2030-04-12T14:59:59Z"}}, "電子証明書の有効期間：令和7年10月19日 午前9時0分から令和12年4月12日 午後11時59分まで", "the certificate is valid from 09:00 on 19 October 2025 to 23:59 on 12 April 2030"},
		{rp.Fact{Code: "kind", Args: []string{"digital-signature"}}, "署名用電子証明書", "digital signature certificate"},
		{rp.Fact{Code: "digest", Args: []string{"0123456789abcdef0123456789abcdef"}}, "文書から計算した値 01234567…", "01234567…, computed from the document"},
		{rp.Fact{Code: rp.FactText, Args: []string{"a detail"}}, "a detail", "a detail"},
	} {
		if got := rpweb.SayFact(c.fact); got != (ui.Text{JA: c.ja, EN: c.en}) {
			t.Errorf("%q is said %+v", c.fact, got)
		}
	}
}

func TestARecordIsToldCheckByCheckInItsOrder(t *testing.T) {
	text := func(s string) rp.Fact { return rp.Fact{Code: rp.FactText, Args: []string{s}} }
	got := ""
	for _, l := range rpweb.CheckLines(rp.Record{Checks: []rp.CheckedEntry{
		{Check: rp.StatusCheck, Found: text("one")}, {Check: rp.DigestCheck, Found: text("two")}, {Check: rp.StatusCheck, Found: text("three")}, {Check: "new", Found: text("four")},
	}}) {
		got += l.Name.JA + ":"
		for _, f := range l.Findings {
			got += f.Found.JA + " "
		}
	}
	if want := "失効していないこと:one three 文書が改ざんされていないこと:two new:four "; got != want {
		t.Errorf("%q: want %q", got, want)
	}
}
