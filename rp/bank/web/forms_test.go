package web_test

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/webtest"
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

// signsForm plays card.js and the card on the page where a form is signed.
func (b *browser) signsForm(p webtest.Page, who double.Person) webtest.Page {
	b.t.Helper()
	document, err := base64.StdEncoding.DecodeString(p.Attribute("data-jpki-document"))
	if err != nil {
		b.t.Fatal(err)
	}
	return b.Fills(map[bool]string{true: "/changes", false: "/consent"}[strings.HasPrefix(p.Path(), "/changes")],
		"cms", base64.StdEncoding.EncodeToString(b.kit.Sign(who, string(document))))
}

func TestHanakoIsAskedAndAnswers(t *testing.T) {
	s := newStreet(t)
	no := s.browser().opens(hanako())
	s.waits(24 * time.Hour)
	s.finds(hanako(), rp.Changed, jpki.AffiliationChanged)
	b := s.browser()
	b.signsIn(hanako()).Says(200, `data-testid="inbox"`, "変更届のお願い", "令和8年11月4日 午後2時5分", "失効の事由：記載事項（氏名・住所等）の異動）", `href="/inbox/1"`)
	b.Visits("/inbox").Says(200, `data-testid="inbox"`, "お手続きのお願い", `href="/inbox/1"`)
	b.Visits("/inbox/1").Says(200, `data-testid="notice"`, `data-testid="change-notice-start"`, hanako().Serial.String())
	b.Visits("/inbox/2").Says(404, "このお知らせは見つかりません", "/inbox")
	p := b.Fills("/changes/draft").Says(200, "住所・氏名等変更届", string(no), "青葉県みほん市中央１丁目１番１号", `data-testid="sign-button"`)
	if p.Path() != "/changes/draft" || p.Attribute("data-jpki") != "sign" {
		t.Errorf("at %s", p.Path())
	}
	b.signsForm(p, taro()).Says(403, "名義人ご本人のカードではありません", `class="refusal"`, "/changes/draft")
	p = b.signsForm(b.Visits("/changes/draft"), moved(hanako())).Says(200, `data-testid="change-accepted"`, "若葉県いろは市港３丁目２番", "青葉県みほん市中央１丁目１番１号", moved(hanako()).Serial.String(), "（変更なし）")
	if p.Path() != "/changes/done" {
		t.Errorf("at %s", p.Path())
	}
	if strings.Contains(b.Visits("/account").Says(200).Body, `data-testid="inbox"`) {
		t.Error("still asked")
	}
	b.Visits("/inbox").Says(200, "変更届を受け付けました", "済み")
	b.Visits("/changes/draft").Says(409, "届出書がありません")
	b.Visits("/changes/done").Says(200)
}

func TestARenewedCardSignsInAndIsAskedNothing(t *testing.T) {
	s := newStreet(t)
	s.browser().opens(hanako())
	card := reissued(hanako())
	s.kit.Follows(card.Paired, hanako().Paired)
	s.kit.Follows(card.Serial, hanako().Serial)
	s.kit.Find(hanako().Serial, rp.Revoked, jpki.Superseded)
	b := s.browser()
	if p := b.signsIn(card).Says(200, "青葉　花子 さまの口座"); strings.Contains(p.Body, `data-testid="inbox"`) {
		t.Error("who renewed is asked")
	}
	b.signsForm(b.Fills("/changes/draft"), card).Says(200, `data-testid="change-accepted"`, card.Serial.String())
}

func TestWhoIsNotRecognisedNamesTheAccount(t *testing.T) {
	s := newStreet(t)
	no := s.browser().opens(hanako())
	card := reissued(hanako())
	b := s.browser()
	b.signsIn(card).Says(403, "口座がありません", "/changes/new")
	b.Visits("/changes/new").Says(200, `data-testid="change-account"`)
	b.Fills("/changes/draft", "account", "12345").Says(422, "7桁の数字")
	nobodys := b.Fills("/changes/draft", "account", "0000000").Says(200, "住所・氏名等変更届", "届け出ているとおり")
	b.signsForm(nobodys, card).Says(403, "名義人ご本人のカードではありません")
	p := b.Fills("/changes/draft", "account", string(no)).Says(200, "住所・氏名等変更届", "届け出ているとおり")
	if strings.Contains(p.Body, "花子") || strings.Contains(p.Body, "中央１丁目") {
		t.Error("an account number is enough to learn whose it is")
	}
	b.signsForm(p, card).Says(403, "名義人ご本人のカードではありません")
	b.Visits("/account").Says(401)
	s.kit.Follows(card.Serial, hanako().Serial)
	b.signsForm(p, card).Says(200, `data-testid="change-accepted"`)
	b.Visits("/account").Says(200, "青葉　花子 さまの口座")
	s.browser().signsIn(card).Says(200, "青葉　花子 さまの口座")
}

func TestRefusalsOfFormsLeadBackToThem(t *testing.T) {
	s := newStreet(t)
	b := s.browser()
	b.opens(hanako())
	p := b.Fills("/changes/draft")
	b.signsForm(p, hanako()).Says(409, "お届けの内容に変更はありません")
	s.kit.Refuse(rp.ErrStatusUnavailable)
	b.signsForm(p, moved(hanako())).Says(503, "有効性を確認できませんでした", "/changes/draft")
	s.kit.Refuse(nil)
	b.Fills("/changes", "cms", "!").Says(422)
	s.waits(9 * time.Minute)
	b.Visits("/account")
	s.waits(9 * time.Minute)
	b.Visits("/account")
	s.waits(9 * time.Minute)
	b.Visits("/account")
	s.waits(9 * time.Minute)
	b.signsForm(p, moved(hanako())).Says(409, "届出書の有効時間が過ぎました", "/changes/new")
	b.Fills("/consent", "cms", "AAAA").Says(409, "届出書がありません")
	b.Visits("/consent/draft").Says(409, "届出書がありません")
}

func TestALostCardIsNotAMove(t *testing.T) {
	s := newStreet(t)
	b := s.browser()
	b.opens(hanako())
	s.finds(hanako(), rp.Suspended, jpki.CertificateHold)
	p := b.Visits("/inbox/1").Says(200, "一時停止", "変更届は要りません")
	if strings.Contains(p.Body, "change-notice-start") {
		t.Error("a lost card is asked for a change notice")
	}
}

func TestConsentIsSeenWithdrawnAndGivenAgain(t *testing.T) {
	s := newStreet(t)
	s.browser().Visits("/consent").Says(401, "サインインしてください")
	b := s.browser()
	b.opens(hanako())
	b.Visits("/consent").Says(200, `data-testid="consent"`, `data-testid="consent-stands"`, `data-testid="consent-withdraw"`, "MB-")
	b.Fills("/consent/draft").Says(409, "すでにいただいています")
	b.Visits("/consent/withdraw").Says(200, "許諾を撤回しますか", "改めて許諾していただけます", `data-testid="consent-withdraw-yes"`)
	b.Visits("/consent").Says(200, `data-testid="consent-stands"`) // asking is not doing
	b.Fills("/consent/withdraw").Says(200, `data-testid="consent-withdrawn"`, "定期的な確認を行っていません")
	b.Fills("/consent/withdraw").Says(409, "すでに撤回されています", `class="refusal calm"`)
	b.Visits("/consent/withdraw").Says(200, `data-testid="consent-withdrawn"`)
	s.finds(hanako(), rp.Changed, jpki.AffiliationChanged)
	b.Visits("/inbox").Says(200, "お知らせはありません")
	p := b.Fills("/consent/draft").Says(200, "電子証明書の利用許諾書", `data-testid="sign-button"`)
	b.signsForm(p, taro()).Says(403, "/consent/draft")
	b.signsForm(p, moved(hanako())).Says(409, "先に変更届をご提出ください", "/changes/new")
	b.signsForm(p, hanako()).Says(200, `data-testid="consent-stands"`, "MK-")
}

func TestTheComparisonCanBeChanged(t *testing.T) {
	b := newStreet(t).browser()
	p := b.Visits("/comparison").Says(200, `data-testid="compare-chart"`, "5,200,000円", "235,620円", "22倍", "例です", "10,000件", `value="10,000"`, `value="3,000"`, `action="/comparison"`)
	if p.Text("compare-saved") != "4,964,380円" {
		t.Errorf("saved %s", p.Text("compare-saved"))
	}
	p.Says(200, "2014年の資料の時代", "現在の手数料")
	b.Visits("/comparison?fees=now").Says(200, "35,620円", "現在の手数料（無料）", `name="fees" value="now"`)
	b.Visits("/comparison?fees=now&fee=5").Says(200, "85,620円")
	newStreet(t).browser().Visits("/comparison?lang=en").Says(200, "¥5,200,000", "22 times")
	b.Visits("/comparison?lang=ja&customers=100&postage=84&labour=0&unanswered=0&fee=0&changed=0").Says(200, "8,400円")
	b.Visits("/comparison?customers=1&postage=0&labour=0&visit=0&fee=20").Says(200, "郵便のほうが安くなります")
	b.Visits("/comparison?customers=-1&fee=<script>").Says(422, "受け付けられない値があります", "5,200,000円", "1から100,000,000までの整数で入力してください。")
	b.Visits("/comparison?unanswered=150&customers=123456789012").Says(422, "0から100までの数字で入力してください（小数点以下は2桁まで）。", "1から100,000,000までの整数", `value="150"`)
	b.Visits("/comparison?customers=1&postage=0&labour=0&visit=0&fee=0&inquiry=0").Says(200, "どちらも同じ費用です")
	b.Visits("/comparison?customers=100000000&times=366&postage=100000&labour=100000&unanswered=100&visit=1000000&fee=100000&changed=100&inquiry=1000000").Says(200)
}
