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

	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank"
	"example.jp/jpkimock/rp/bank/internal/double"
)

func TestHanakoOpensAnAccountOnThePages(t *testing.T) {
	b := newStreet(t).browser()
	b.Visits("/").Says(200, "カードをかざして", "口座を開設する", "模擬環境")
	b.Visits("/accounts/new").Says(200, "取引の目的", `data-testid="open-form"`, `data-testid="purpose"`, "みほん中央支店")
	p := b.drafts().Says(200, "口座開設申込書", "みほん中央支店", `data-testid="sign-button"`)
	if p.Path() != "/accounts/draft" || p.Attribute("data-jpki") != "sign" || p.Attribute("data-jpki-agent") != "http://localhost:8082" || p.Attribute("data-jpki-field") != "cms" {
		t.Errorf("the page at %s does not call the card", p.Path())
	}
	p = b.signs(p, hanako()).Says(200, "口座を開設しました", "青葉　花子", "10,000円", hanako().Serial.String())
	no := p.Text("account-number")
	if p.Path() != "/accounts/"+no+"?opened" {
		t.Errorf("opened at %s", p.Path())
	}
	b.Visits("/account").Says(200, "開設記念", `data-testid="statement"`, no)
	b.Visits("/accounts/new").Says(200)
	b.Visits("/accounts/draft").Says(409, "申込書がありません")
}

func TestThePurposeMustBeChosen(t *testing.T) {
	b := newStreet(t).browser()
	b.Fills("/accounts/draft", "branch", "101").Says(422, "取引の目的をお選びください")
	b.Fills("/accounts/draft", "purpose", "living", "branch", "999").Says(422, "取扱店が見つかりません")
}

func TestASignatureThatFailsCanBeMadeAgainOnTheSameApplication(t *testing.T) {
	b := newStreet(t).browser()
	p := b.drafts()
	b.kit.Refuse(rp.ErrStatusUnavailable)
	b.signs(p, hanako()).Says(503, "有効性を確認できませんでした", `class="refusal"`, "/accounts/draft")
	b.kit.Refuse(nil)
	again := b.Visits("/accounts/draft").Says(200)
	if again.Attribute("data-jpki-document") != p.Attribute("data-jpki-document") {
		t.Error("the application has changed")
	}
	b.signs(again, hanako()).Says(200, "口座を開設しました")
}

func TestASecondAccountIsRefusedClearly(t *testing.T) {
	s := newStreet(t)
	no := s.browser().opens(hanako())
	b := s.browser()
	b.signs(b.drafts(), hanako()).Says(409, "すでに口座をお持ちです", string(no), "令和8年11月3日", "/signin")
}

func TestHanakoSignsInWithTheCard(t *testing.T) {
	s := newStreet(t)
	no := s.browser().opens(hanako())
	s.waits(24 * time.Hour)
	b := s.browser()
	before := b.Visits("/signin").Header.Get("Set-Cookie")
	p := b.signsIn(hanako()).Says(200, "青葉　花子 さまの口座", "はじめて")
	if p.Path() != "/accounts/"+string(no) || p.Text("balance") != "10,000円" {
		t.Errorf("at %s with %s", p.Path(), p.Text("balance"))
	}
	if strings.Contains(before, "jpkimock_bank=") && strings.Contains(b.cookie(), before[:40]) {
		t.Error("the session has the identifier it had before the sign-in")
	}
	if b.Visits("/signin").Path() != "/accounts/"+string(no) {
		t.Error("who is signed in is asked to sign in")
	}
	b.Fills("/signout").Says(200, "サインアウトしました")
	b.Visits("/account").Says(401, "サインインしてください", `class="refusal"`)
	s.browser().signsIn(hanako()).Says(200, "令和8年11月4日")
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
	b.signsIn(taro()).Says(403, "このカードのお客さまの口座がありません", "/accounts/new", "口座を開設する")
}

func TestASignInAnswerWorksOnceAndInOneBrowser(t *testing.T) {
	s := newStreet(t)
	s.browser().opens(hanako())
	b, thief := s.browser(), s.browser()
	nonce := b.Visits("/signin").Attribute("data-jpki-nonce")
	token := string(s.kit.Authenticate(hanako(), nonce))
	thief.Fills("/signin", "token", token).Says(409, "サインインの画面からお手続きください")
	thief.Visits("/signin")
	thief.Fills("/signin", "token", token).Says(403, "この画面への回答ではありません")
	b.Fills("/signin", "token", token).Says(200)
	b.Fills("/signin", "token", token).Says(409, "サインインの画面からお手続きください")
	s.waits(time.Minute)
	late := s.browser()
	nonce = late.Visits("/signin").Attribute("data-jpki-nonce")
	s.waits(rp.DefaultChallengeLifetime + time.Second)
	late.Fills("/signin", "token", string(s.kit.Authenticate(hanako(), nonce))).Says(409, "有効時間が過ぎました")
}

func TestASessionThatEndsSaysWhy(t *testing.T) {
	s := newStreet(t)
	s.browser().opens(hanako())
	idle, old := s.browser(), s.browser()
	idle.signsIn(hanako())
	old.signsIn(hanako())
	for range 12 {
		s.waits(5*time.Minute + time.Second)
		old.Visits("/help")
	}
	idle.Visits("/account").Says(401, "しばらく操作がなかったため", "10分間")
	idle.Visits("/account").Says(401, "サインインしてください")
	// The visit that found it over was to a page that needs no session.
	old.Visits("/account").Says(401, "1時間")
	old.Visits("/account").Says(401, "サインインしてください")

	s.browser().Visits("/account", "Cookie", "jpkimock_bank=UNKNOWN").Says(401, "この画面のお手続きは終了しています")

	b := s.browser()
	b.signsIn(hanako())
	for range 11 {
		s.waits(5 * time.Minute)
		b.Visits("/account").Says(200)
	}
	s.waits(6 * time.Minute)
	b.Visits("/account").Says(401, "1時間")

	drafting := s.browser()
	p := drafting.drafts()
	s.waits(11 * time.Minute)
	drafting.signs(p, taro()).Says(409, "しばらく操作がなかったため", "申込書を作り直す")
}

func TestNobodySeesAnothersAccount(t *testing.T) {
	s := newStreet(t)
	hers, b := s.browser().opens(hanako()), s.browser()
	his := b.opens(taro())
	for _, path := range []string{"/accounts/" + string(hers), "/accounts/" + string(hers) + "/application", "/accounts/" + string(hers) + "/application/document.txt", "/accounts/0000000", "/transfers/FNOTHING"} {
		p := b.Visits(path).Says(404, "ご本人の口座だけ")
		if strings.Contains(p.Body, "花子") {
			t.Errorf("%s tells whose it is", path)
		}
	}
	b.Visits("/accounts/" + string(his)).Says(200)
	s.browser().Visits("/accounts/"+string(hers)).Says(401, "サインインしてください")
}

func TestMoneyIsSentAfterTheNameIsShown(t *testing.T) {
	s := newStreet(t)
	to := string(s.browser().opens(taro()))
	b := s.browser()
	from := string(b.opens(hanako()))
	b.Visits("/transfers/new").Says(200, `data-testid="transfer-form"`, `data-testid="transfer-to"`, `data-testid="transfer-amount"`)
	confirm := b.Fills("/transfers/confirm", "to", to, "amount", "２，５００", "memo", "お礼").Says(200, "見本　太郎", "2,500円", "7,500円", "お礼", `data-testid="transfer-confirm"`)
	sent := b.Fills("/transfers", "key", confirm.Field("key")).Says(200, "振込が完了しました", "見本　太郎", "7,500円")
	again := b.Fills("/transfers", "key", confirm.Field("key")).Says(200)
	if sent.Path() != again.Path() {
		t.Errorf("sent twice: %s and %s", sent.Path(), again.Path())
	}
	b.Visits("/accounts/"+from).Says(200, "見本　太郎", `<td class="number out" data-label="お引出し">2,500円</td>`, "7,500円")
	b.Fills("/transfers", "key", bank.NewKey()).Says(409, "確認中の振込がありません")
	s.browser().signsIn(taro()).Says(200, "青葉　花子", "12,500円", "お礼")
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
		p := b.Fills("/transfers/confirm", "to", tc.to, "amount", tc.amount, "memo", tc.memo).Says(422, tc.want)
		if strings.Contains(p.Body, "<script>") || !strings.Contains(p.Body, `aria-invalid="true"`) {
			t.Errorf("%+v: the field is not marked, or not escaped", tc)
		}
	}
}

func TestTheSignedApplicationCanBeTakenHome(t *testing.T) {
	b := newStreet(t).browser()
	draft := b.drafts()
	no := b.signs(draft, hanako()).Text("account-number")
	at := "/accounts/" + no + "/application"
	b.Visits(at).Says(200, "口座開設申込書", hanako().Serial.String(), hanako().Paired.String(), "昭和55年2月17日", "文書が改ざんされていないこと", "失効していないこと",
		"openssl cms -verify -binary -inform DER -in application.p7s", "http://localhost:8081/ca/digital-signature.pem", "令和8年11月3日 午後2時5分7秒")
	document := b.Visits(at + "/document.txt").Says(200)
	cms := b.Visits(at + "/application.p7s").Says(200)
	if string(b.kit.Sign(hanako(), document.Body)) != cms.Body {
		t.Error("the signature is not over the document")
	}
	if !strings.HasPrefix(document.Header.Get("Content-Disposition"), "attachment") || document.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("headers %v", document.Header)
	}
	block, rest := pem.Decode([]byte(b.Visits(at + "/certificate.pem").Says(200).Body))
	if block == nil || len(rest) > 0 {
		t.Fatal("certificate.pem is not one block")
	}
	if _, err := x509.ParseCertificate(block.Bytes); err != nil {
		t.Error(err)
	}
	b.Visits(at + "/status.ors").Says(200)
	b.Visits(at + "/secret.key").Says(404)
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
		p := b.Visits("/accounts/" + string(b.opens(*who)) + "/application").Says(200)
		if got := strings.Contains(p.Body, "代替文字"); got != want {
			t.Errorf("%s: says so: %v, want %v", who.Four.CommonName, got, want)
		}
	}
}

func TestEveryPageIsWholeInBothLanguagesAndKeepsThePolicy(t *testing.T) {
	s := newStreet(t)
	s.browser().opens(taro())
	b := s.browser()
	p := b.drafts()
	pages := map[string]webtest.Page{"/accounts/draft": p, "/signin": s.browser().Visits("/signin?lang=en")}
	no := string(b.opens(hanako()))
	for _, path := range []string{"/", "/help", "/accounts/new", "/accounts/" + no, "/accounts/" + no + "?opened", "/accounts/" + no + "/application", "/transfers/new", "/signed-out"} {
		for _, lang := range []string{"ja", "en"} {
			at := path + map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")] + "lang=" + lang
			pages[at] = b.Visits(at).Says(200, `<html lang="`+lang+`"`)
		}
	}
	inline := regexp.MustCompile(`(?i)<script(?:>| [^>]*>[^<])|\sstyle=|<style|\son[a-z]+=|javascript:`)
	for at, p := range pages {
		if bad := inline.FindString(p.Body); bad != "" {
			t.Errorf("%s has %q, which the policy forbids", at, bad)
		}
		if strings.Contains(p.Body, "ZgotmplZ") || strings.Contains(p.Body, "<no value>") {
			t.Errorf("%s has a value that the template could not show", at)
		}
		if !strings.Contains(p.Header.Get("Content-Security-Policy"), "default-src 'self'") {
			t.Errorf("%s has no policy", at)
		}
	}
	for _, asset := range []string{"/assets/bank.css", "/assets/hero.svg", "/assets/quick.svg", "/assets/nopassword.svg", "/assets/watch.svg", "/assets/touch.svg", "/card.js", "/ui/ui.css"} {
		b.Visits(asset).Says(200)
	}
	b.Visits("/healthz").Says(200, "ok")
}
