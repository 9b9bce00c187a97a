package web_test

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank/internal/double"
)

// moved is somebody after a move.
func moved(p double.Person) double.Person {
	p.Four = jpki.NewBasicFour(p.Four.CommonName, p.Four.DateOfBirth, p.Four.Gender, "若葉県いろは市港３丁目２番")
	p.Serial = "0705E" + p.Serial[5:]
	return p
}

// reissued is somebody with a new card.
func reissued(p double.Person) double.Person {
	p = moved(p)
	p.Paired = "0A21E" + p.Paired[5:]
	return p
}

// finds makes the authority say something of a person's certificate, and has
// staff confirm the customers.
func (s *street) finds(who double.Person, state rp.State, reason jpki.Reason) {
	s.t.Helper()
	s.kit.Find(who.Serial, state, reason)
	if _, err := s.bank.ConfirmCustomers(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

// signsPaper plays card.js and the card on the page where a paper is signed.
func (b *browser) signsPaper(p page, who double.Person) page {
	b.t.Helper()
	document, err := base64.StdEncoding.DecodeString(p.attribute("data-jpki-document"))
	if err != nil {
		b.t.Fatal(err)
	}
	return b.fills(map[bool]string{true: "/changes", false: "/consent"}[strings.HasPrefix(p.path, "/changes")],
		"cms", base64.StdEncoding.EncodeToString(b.kit.Sign(who, string(document))))
}

func TestHanakoIsAskedAndAnswers(t *testing.T) {
	s := newStreet(t)
	no := s.browser().opens(hanako())
	s.waits(24 * time.Hour)
	s.finds(hanako(), rp.Changed, jpki.AffiliationChanged)
	b := s.browser()
	b.signsIn(hanako()).says(200, `data-testid="inbox"`, "変更届のお願い", "2026年11月4日 14時05分", "異動がありました", `href="/inbox/1"`)
	b.visits("/inbox").says(200, `data-testid="inbox"`, "お手続きのお願い", `href="/inbox/1"`)
	b.visits("/inbox/1").says(200, `data-testid="notice"`, `data-testid="change-notice-start"`, hanako().Serial.String())
	b.visits("/inbox/2").says(404, "このお知らせは見つかりません", "/inbox")
	p := b.fills("/changes/draft").says(200, "住所・氏名等変更届", string(no), "青葉県みほん市中央１丁目１番１号", `data-testid="sign-button"`)
	if p.path != "/changes/draft" || p.attribute("data-jpki") != "sign" {
		t.Errorf("at %s", p.path)
	}
	b.signsPaper(p, taro()).says(403, "名義人ご本人のカードではありません", `class="refusal"`, "/changes/draft")
	p = b.signsPaper(b.visits("/changes/draft"), moved(hanako())).says(200, `data-testid="change-accepted"`, "若葉県いろは市港３丁目２番", "青葉県みほん市中央１丁目１番１号", moved(hanako()).Serial.String(), "（変更なし）")
	if p.path != "/changes/done" {
		t.Errorf("at %s", p.path)
	}
	if strings.Contains(b.visits("/account").says(200).body, `data-testid="inbox"`) {
		t.Error("still asked")
	}
	b.visits("/inbox").says(200, "変更届を受け付けました", "済み")
	b.visits("/changes/draft").says(409, "届出書がありません")
	b.visits("/changes/done").says(200)
}

func TestARenewedCardSignsInAndIsAskedNothing(t *testing.T) {
	s := newStreet(t)
	s.browser().opens(hanako())
	card := reissued(hanako())
	s.kit.Follows(card.Paired, hanako().Paired)
	s.kit.Follows(card.Serial, hanako().Serial)
	s.kit.Find(hanako().Serial, rp.Revoked, jpki.Superseded)
	b := s.browser()
	if p := b.signsIn(card).says(200, "青葉　花子 さまの口座"); strings.Contains(p.body, `data-testid="inbox"`) {
		t.Error("who renewed is asked")
	}
	b.signsPaper(b.fills("/changes/draft"), card).says(200, `data-testid="change-accepted"`, card.Serial.String())
}

func TestWhoIsNotRecognisedNamesTheAccount(t *testing.T) {
	s := newStreet(t)
	no := s.browser().opens(hanako())
	card := reissued(hanako())
	b := s.browser()
	b.signsIn(card).says(403, "口座がありません", "/changes/new")
	b.visits("/changes/new").says(200, `data-testid="change-account"`)
	b.fills("/changes/draft", "account", "12345").says(422, "7桁の数字")
	nobodys := b.fills("/changes/draft", "account", "0000000").says(200, "住所・氏名等変更届", "届け出ているとおり")
	b.signsPaper(nobodys, card).says(403, "名義人ご本人のカードではありません")
	p := b.fills("/changes/draft", "account", string(no)).says(200, "住所・氏名等変更届", "届け出ているとおり")
	if strings.Contains(p.body, "花子") || strings.Contains(p.body, "中央１丁目") {
		t.Error("an account number is enough to learn whose it is")
	}
	b.signsPaper(p, card).says(403, "名義人ご本人のカードではありません")
	b.visits("/account").says(401)
	s.kit.Follows(card.Serial, hanako().Serial)
	b.signsPaper(p, card).says(200, `data-testid="change-accepted"`)
	b.visits("/account").says(200, "青葉　花子 さまの口座")
	s.browser().signsIn(card).says(200, "青葉　花子 さまの口座")
}

func TestRefusalsOfPapersLeadBackToThem(t *testing.T) {
	s := newStreet(t)
	b := s.browser()
	b.opens(hanako())
	p := b.fills("/changes/draft")
	b.signsPaper(p, hanako()).says(409, "お届けの内容に変更はありません")
	s.kit.Refuse(rp.ErrStatusUnavailable)
	b.signsPaper(p, moved(hanako())).says(503, "有効性を確認できませんでした", "/changes/draft")
	s.kit.Refuse(nil)
	b.fills("/changes", "cms", "!").says(422)
	s.waits(9 * time.Minute)
	b.visits("/account")
	s.waits(9 * time.Minute)
	b.visits("/account")
	s.waits(9 * time.Minute)
	b.visits("/account")
	s.waits(9 * time.Minute)
	b.signsPaper(p, moved(hanako())).says(409, "届出書の有効時間が過ぎました", "/changes/new")
	b.fills("/consent", "cms", "AAAA").says(409, "届出書がありません")
	b.visits("/consent/draft").says(409, "届出書がありません")
}

func TestALostCardIsNotAMove(t *testing.T) {
	s := newStreet(t)
	b := s.browser()
	b.opens(hanako())
	s.finds(hanako(), rp.Suspended, jpki.CertificateHold)
	p := b.visits("/inbox/1").says(200, "一時停止", "変更届は要りません")
	if strings.Contains(p.body, "change-notice-start") {
		t.Error("a lost card is asked for a change notice")
	}
}

func TestConsentIsSeenWithdrawnAndGivenAgain(t *testing.T) {
	s := newStreet(t)
	s.browser().visits("/consent").says(401, "サインインしてください")
	b := s.browser()
	b.opens(hanako())
	b.visits("/consent").says(200, `data-testid="consent"`, `data-testid="consent-stands"`, `data-testid="consent-withdraw"`, "MB-")
	b.fills("/consent/draft").says(409, "すでにいただいています")
	b.visits("/consent/withdraw").says(200, "許諾を撤回しますか", "改めて許諾していただけます", `data-testid="consent-withdraw-yes"`)
	b.visits("/consent").says(200, `data-testid="consent-stands"`) // asking is not doing
	b.fills("/consent/withdraw").says(200, `data-testid="consent-withdrawn"`, "定期的な確認を行っていません")
	b.fills("/consent/withdraw").says(409, "すでに撤回されています", `class="refusal calm"`)
	b.visits("/consent/withdraw").says(200, `data-testid="consent-withdrawn"`)
	s.finds(hanako(), rp.Changed, jpki.AffiliationChanged)
	b.visits("/inbox").says(200, "お知らせはありません")
	p := b.fills("/consent/draft").says(200, "電子証明書の利用許諾書", `data-testid="sign-button"`)
	b.signsPaper(p, taro()).says(403, "/consent/draft")
	b.signsPaper(p, moved(hanako())).says(409, "先に変更届をご提出ください", "/changes/new")
	b.signsPaper(p, hanako()).says(200, `data-testid="consent-stands"`, "MK-")
}

func TestTheComparisonCanBeChanged(t *testing.T) {
	b := newStreet(t).browser()
	p := b.visits("/comparison").says(200, `data-testid="compare-chart"`, "5,200,000円", "235,620円", "22倍", "例です", "10,000件", `value="10,000"`, `value="3,000"`, `action="/comparison"`)
	if p.text("compare-saved") != "4,964,380円" {
		t.Errorf("saved %s", p.text("compare-saved"))
	}
	newStreet(t).browser().visits("/comparison?lang=en").says(200, "¥5,200,000", "22 times")
	b.visits("/comparison?lang=ja&customers=100&postage=84&labour=0&unanswered=0&fee=0&changed=0").says(200, "8,400円")
	b.visits("/comparison?customers=1&postage=0&labour=0&visit=0&fee=20").says(200, "郵便のほうが安くなります")
	b.visits("/comparison?customers=-1&fee=<script>").says(422, "読み取れない値があります", "5,200,000円")
	b.visits("/comparison?customers=100000000&times=366&postage=100000&labour=100000&unanswered=100&visit=1000000&fee=100000&changed=100&inquiry=1000000").says(200)
}
