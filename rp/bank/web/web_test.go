package web_test

import (
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank"
	"example.jp/jpkimock/rp/bank/internal/double"
)

func TestHanakoOpensAnAccountOnThePages(t *testing.T) {
	b := newStreet(t).browser()
	b.visits("/").says(200, "カードをかざして", "口座を開設する", "模擬環境")
	b.visits("/accounts/new").says(200, "取引の目的", `data-testid="open-form"`, `data-testid="purpose"`, "みほん中央支店")
	p := b.drafts().says(200, "口座開設申込書", "みほん中央支店", `data-testid="sign-button"`)
	if p.path != "/accounts/draft" || p.attribute("data-jpki") != "sign" || p.attribute("data-jpki-agent") != "http://localhost:8082" || p.attribute("data-jpki-field") != "cms" {
		t.Errorf("the page at %s does not call the card", p.path)
	}
	p = b.signs(p, hanako()).says(200, "口座を開設しました", "青葉　花子", "10,000円", hanako().Serial.String())
	no := p.text("account-number")
	if p.path != "/accounts/"+no+"?opened" {
		t.Errorf("opened at %s", p.path)
	}
	b.visits("/account").says(200, "開設記念", `data-testid="statement"`, no)
	b.visits("/accounts/new").says(200)
	b.visits("/accounts/draft").says(409, "申込書がありません")
}

func TestThePurposeMustBeChosen(t *testing.T) {
	b := newStreet(t).browser()
	b.fills("/accounts/draft", "branch", "101").says(422, "取引の目的をお選びください")
	b.fills("/accounts/draft", "purpose", "living", "branch", "999").says(422, "取扱店が見つかりません")
}

func TestASignatureThatFailsCanBeMadeAgainOnTheSameApplication(t *testing.T) {
	b := newStreet(t).browser()
	p := b.drafts()
	b.kit.Refuse(rp.ErrStatusUnavailable)
	b.signs(p, hanako()).says(503, "有効性を確認できませんでした", `class="refusal"`, "/accounts/draft")
	b.kit.Refuse(nil)
	again := b.visits("/accounts/draft").says(200)
	if again.attribute("data-jpki-document") != p.attribute("data-jpki-document") {
		t.Error("the application has changed")
	}
	b.signs(again, hanako()).says(200, "口座を開設しました")
}

func TestASecondAccountIsRefusedClearly(t *testing.T) {
	s := newStreet(t)
	no := s.browser().opens(hanako())
	b := s.browser()
	b.signs(b.drafts(), hanako()).says(409, "すでに口座をお持ちです", string(no), "2026年11月3日", "/signin")
}

func TestHanakoSignsInWithTheCard(t *testing.T) {
	s := newStreet(t)
	no := s.browser().opens(hanako())
	s.waits(24 * time.Hour)
	b := s.browser()
	before := b.visits("/signin").header.Get("Set-Cookie")
	p := b.signsIn(hanako()).says(200, "青葉　花子 さまの口座", "はじめて")
	if p.path != "/accounts/"+string(no) || p.text("balance") != "10,000円" {
		t.Errorf("at %s with %s", p.path, p.text("balance"))
	}
	if strings.Contains(before, "jpkimock_bank=") && strings.Contains(b.cookie(), before[:40]) {
		t.Error("the session has the identifier it had before the sign-in")
	}
	if b.visits("/signin").path != "/accounts/"+string(no) {
		t.Error("who is signed in is asked to sign in")
	}
	b.fills("/signout").says(200, "サインアウトしました")
	b.visits("/account").says(401, "サインインしてください", `class="refusal"`)
	s.browser().signsIn(hanako()).says(200, "2026年11月4日")
}

func (b *browser) cookie() string {
	r, _ := http.NewRequest(http.MethodGet, b.url, nil)
	var s []string
	for _, c := range b.Jar.Cookies(r.URL) {
		s = append(s, c.String())
	}
	return strings.Join(s, ";")
}

func TestTheCardOfNobodyOpensAnAccountInstead(t *testing.T) {
	b := newStreet(t).browser()
	b.signsIn(taro()).says(403, "このカードのお客さまの口座がありません", "/accounts/new", "口座を開設する")
}

func TestASignInAnswerWorksOnceAndInOneBrowser(t *testing.T) {
	s := newStreet(t)
	s.browser().opens(hanako())
	b, thief := s.browser(), s.browser()
	nonce := b.visits("/signin").attribute("data-jpki-nonce")
	token := string(s.kit.Authenticate(hanako(), nonce))
	thief.fills("/signin", "token", token).says(409, "サインインの画面からお手続きください")
	thief.visits("/signin")
	thief.fills("/signin", "token", token).says(403, "当行のページへの回答ではありません")
	b.fills("/signin", "token", token).says(200)
	b.fills("/signin", "token", token).says(409, "サインインの画面からお手続きください")
	s.waits(time.Minute)
	late := s.browser()
	nonce = late.visits("/signin").attribute("data-jpki-nonce")
	s.waits(rp.DefaultChallengeLifetime + time.Second)
	late.fills("/signin", "token", string(s.kit.Authenticate(hanako(), nonce))).says(409, "有効時間が過ぎました")
}

func TestASessionThatEndsSaysWhy(t *testing.T) {
	s := newStreet(t)
	s.browser().opens(hanako())
	idle, old := s.browser(), s.browser()
	idle.signsIn(hanako())
	old.signsIn(hanako())
	for range 12 {
		s.waits(5*time.Minute + time.Second)
		old.visits("/help")
	}
	idle.visits("/account").says(401, "しばらく操作がなかったため", "10分間")
	idle.visits("/account").says(401, "サインインしてください")
	// The visit that found it over was to a page that needs no session.
	old.visits("/account").says(401, "1時間")
	old.visits("/account").says(401, "サインインしてください")

	stranger := s.browser()
	stranger.Jar.SetCookies(stranger.request("GET", "/", nil).URL, []*http.Cookie{{Name: "jpkimock_bank", Value: "UNKNOWN"}})
	stranger.visits("/account").says(401, "この画面のお手続きは終了しています")

	b := s.browser()
	b.signsIn(hanako())
	for range 11 {
		s.waits(5 * time.Minute)
		b.visits("/account").says(200)
	}
	s.waits(6 * time.Minute)
	b.visits("/account").says(401, "1時間")

	drafting := s.browser()
	p := drafting.drafts()
	s.waits(11 * time.Minute)
	drafting.signs(p, taro()).says(409, "しばらく操作がなかったため", "申込書を作り直す")
}

func TestNobodySeesAnothersAccount(t *testing.T) {
	s := newStreet(t)
	hers, b := s.browser().opens(hanako()), s.browser()
	his := b.opens(taro())
	for _, path := range []string{"/accounts/" + string(hers), "/accounts/" + string(hers) + "/application", "/accounts/" + string(hers) + "/application/document.txt", "/accounts/0000000", "/transfers/FNOTHING"} {
		p := b.visits(path).says(404, "ご本人の口座だけ")
		if strings.Contains(p.body, "花子") {
			t.Errorf("%s tells whose it is", path)
		}
	}
	b.visits("/accounts/" + string(his)).says(200)
	s.browser().visits("/accounts/"+string(hers)).says(401, "サインインしてください")
}

func TestMoneyIsSentAfterTheNameIsShown(t *testing.T) {
	s := newStreet(t)
	to := string(s.browser().opens(taro()))
	b := s.browser()
	from := string(b.opens(hanako()))
	b.visits("/transfers/new").says(200, `data-testid="transfer-form"`, `data-testid="transfer-to"`, `data-testid="transfer-amount"`)
	confirm := b.fills("/transfers/confirm", "to", to, "amount", "２，５００", "memo", "お礼").says(200, "見本　太郎", "2,500円", "7,500円", "お礼", `data-testid="transfer-confirm"`)
	sent := b.fills("/transfers", "key", confirm.field("key")).says(200, "振込が完了しました", "見本　太郎", "7,500円")
	again := b.fills("/transfers", "key", confirm.field("key")).says(200)
	if sent.path != again.path {
		t.Errorf("sent twice: %s and %s", sent.path, again.path)
	}
	b.visits("/accounts/"+from).says(200, "見本　太郎", `<td class="number out" data-label="お引出し">2,500円</td>`, "7,500円")
	b.fills("/transfers", "key", bank.NewKey()).says(409, "確認中の振込がありません")
	s.browser().signsIn(taro()).says(200, "青葉　花子", "12,500円", "お礼")
}

func TestWhatIsWrongOfATransferStandsBesideItsField(t *testing.T) {
	s := newStreet(t)
	to := string(s.browser().opens(taro()))
	b := s.browser()
	from := string(b.opens(hanako()))
	for _, tc := range []struct{ to, amount, memo, want string }{
		{"12", "1", "", "7桁の数字"},
		{"0000000", "1", "", "みほん銀行にありません"},
		{from, "1", "", "ご自身の口座"},
		{to, "0", "", "整数"},
		{to, "1.5", "", "整数"},
		{to, "10001", "", "残高が不足"},
		{to, "1", strings.Repeat("あ", 31), "30文字"},
		{"<script>", "1", "", "7桁の数字"},
	} {
		p := b.fills("/transfers/confirm", "to", tc.to, "amount", tc.amount, "memo", tc.memo).says(422, tc.want)
		if strings.Contains(p.body, "<script>") || !strings.Contains(p.body, `aria-invalid="true"`) {
			t.Errorf("%+v: the field is not marked, or not escaped", tc)
		}
	}
}

func TestTheSignedApplicationCanBeTakenHome(t *testing.T) {
	b := newStreet(t).browser()
	draft := b.drafts()
	no := b.signs(draft, hanako()).text("account-number")
	at := "/accounts/" + no + "/application"
	b.visits(at).says(200, "口座開設申込書", hanako().Serial.String(), hanako().Paired.String(), "昭和55年2月17日", "文書が改ざんされていないこと", "失効していないこと",
		"openssl cms -verify -binary -inform DER -in application.p7s", "http://localhost:8081/ca/digital-signature.pem", "2026年11月3日 14:05:07")
	document := b.visits(at + "/document.txt").says(200)
	cms := b.visits(at + "/application.p7s").says(200)
	if string(b.kit.Sign(hanako(), document.body)) != cms.body {
		t.Error("the signature is not over the document")
	}
	if !strings.HasPrefix(document.header.Get("Content-Disposition"), "attachment") || document.header.Get("Cache-Control") != "no-store" {
		t.Errorf("headers %v", document.header)
	}
	block, rest := pem.Decode([]byte(b.visits(at + "/certificate.pem").says(200).body))
	if block == nil || len(rest) > 0 {
		t.Fatal("certificate.pem is not one block")
	}
	if _, err := x509.ParseCertificate(block.Bytes); err != nil {
		t.Error(err)
	}
	b.visits(at + "/status.ors").says(200)
	b.visits(at + "/secret.key").says(404)
}

func TestNoSentenceIsLeftWithoutEnglish(t *testing.T) {
	files, err := filepath.Glob("templates/*.html")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d templates, %v", len(files), err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if bad := regexp.MustCompile(`\bT "[^"]*"(?: "")?\s*\}`).Find(text); bad != nil {
			t.Errorf("%s: %s", f, bad)
		}
	}
}

func TestANameWithASubstituteCharacterSaysSo(t *testing.T) {
	s := newStreet(t)
	sakurako := double.Somebody("吉野　桜子", "青葉県みほん市", 5, 1975)
	sakurako.Four.SubstituteCharacterOfCommonName = "10000"
	for who, want := range map[*double.Person]bool{&sakurako: true, {Four: hanako().Four, Serial: hanako().Serial}: false} {
		b := s.browser()
		p := b.visits("/accounts/" + string(b.opens(*who)) + "/application").says(200)
		if got := strings.Contains(p.body, "代替文字"); got != want {
			t.Errorf("%s: says so: %v, want %v", who.Four.CommonName, got, want)
		}
	}
}

func TestEveryPageIsWholeInBothLanguagesAndKeepsThePolicy(t *testing.T) {
	s := newStreet(t)
	s.browser().opens(taro())
	b := s.browser()
	p := b.drafts()
	pages := map[string]page{"/accounts/draft": p, "/signin": s.browser().visits("/signin?lang=en")}
	no := string(b.opens(hanako()))
	for _, path := range []string{"/", "/help", "/accounts/new", "/accounts/" + no, "/accounts/" + no + "?opened", "/accounts/" + no + "/application", "/transfers/new", "/signed-out"} {
		for _, lang := range []string{"ja", "en"} {
			at := path + map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")] + "lang=" + lang
			pages[at] = b.visits(at).says(200, `<html lang="`+lang+`"`)
		}
	}
	inline := regexp.MustCompile(`(?i)<script(?:>| [^>]*>[^<])|\sstyle=|<style|\son[a-z]+=|javascript:`)
	for at, p := range pages {
		if bad := inline.FindString(p.body); bad != "" {
			t.Errorf("%s has %q, which the policy forbids", at, bad)
		}
		if strings.Contains(p.body, "ZgotmplZ") || strings.Contains(p.body, "<no value>") {
			t.Errorf("%s has a value that the template could not show", at)
		}
		if !strings.Contains(p.header.Get("Content-Security-Policy"), "default-src 'self'") {
			t.Errorf("%s has no policy", at)
		}
	}
	for _, asset := range []string{"/assets/bank.css", "/assets/hero.svg", "/assets/quick.svg", "/assets/nopassword.svg", "/assets/watch.svg", "/assets/touch.svg", "/card.js", "/ui/ui.css"} {
		b.visits(asset).says(200)
	}
	b.visits("/healthz").says(200, "ok")
}
