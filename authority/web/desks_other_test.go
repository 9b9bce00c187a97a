package web_test

import (
	"crypto"
	"encoding/csv"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
)

var hanakoCalls = []string{"name", "見本花子", "birth", "S55.2.17", "address", "青葉県みほん市本町1-2-3"}

func TestTheCallCentreSuspendsAndTheCounterReleases(t *testing.T) {
	tn := hanakoLives(t)
	c := tn.at("denwa-1")
	c.fills("/office/suspension", hanakoCalls...).says(200, "見本　花子", "昭和55年2月17日", "お電話の受付").foresees("sign suspended certificateHold", "auth suspended certificateHold")
	pending := c.at
	c.fills(pending).says(422, "理由を、")
	c.fills(pending, "why", "電車で置き忘れた").says(200, "一時停止しました").foresees("sign suspended certificateHold", "auth suspended certificateHold")
	reference := regexp.MustCompile(`data-testid="reference">(\d{8}-\d{6})<`).FindStringSubmatch(c.page)
	if reference == nil || !strings.HasPrefix(reference[1], tn.clock.Now().In(jpki.JST).Format("20060102")) {
		t.Errorf("the reference is %q", reference)
	}
	c.visits(c.at).says(200, reference[1])
	c.fills(pending, "why", "もう一度").says(409, "確認を待っていません")
	c.fills("/office/suspension", hanakoCalls...).says(200, "すでに一時停止されています", "電車で置き忘れた").silent(`data-testid="confirm"`)

	counter := tn.at("mado-1")
	if got := counter.states("hanako"); got != "suspended suspended" {
		t.Errorf("the certificates are %s", got)
	}
	counter.says(200, "denwa-1 電話　三郎", "電車で置き忘れた")
	counter.prepares("hanako", register.Found, "why", "発見").confirms()
	counter.says(200, `data-testid="next-reissue"`)
	if got := counter.states("hanako"); got != "suspended good" {
		t.Errorf("released, the certificates are %s", got)
	}
	counter.prepares("hanako", register.Reissue, "kinds", "digital-signature", "why", "発見").foresees("sign revoked superseded", "sign issued", "auth unchanged").confirms()
	if got := counter.states("hanako"); got != "good good" {
		t.Errorf("reissued, the certificates are %s", got)
	}
}

// TestACallAboutTwoCards: the desk's page and its interface name both cards; the
// counter is asked which one was found.
func TestACallAboutTwoCards(t *testing.T) {
	tn := hanakoLives(t)
	tn.Issue(authority.Application{ResidentID: "hanako", CardID: "hanako-2", Kinds: []jpki.Kind{auth}, PINs: map[jpki.Kind]string{auth: "1234"}})
	counter := tn.at("mado-1")
	counter.visits("/office/counter/residents/hanako/acts/loss").says(200, "カードを選んでください")
	counter.fills("/office/counter/residents/hanako/acts/loss", "why", "紛失の届出").says(422, "カードが複数あります")
	tn.want(tn.as("mado-1", "POST", "/counter/v1/residents/hanako/events", `{"event":"loss"}`), 400, "invalid")

	c := tn.at("denwa-1")
	both := []string{`data-card="hanako"`, `data-card="hanako-2"`, "使用中のカードが複数あります"}
	c.fills("/office/suspension", hanakoCalls...).says(200, both...).foresees("sign suspended certificateHold", "auth suspended certificateHold")
	c.fills(c.at, "why", "電車で置き忘れた").says(200, "一時停止しました").says(200, both...).foresees("sign suspended certificateHold", "auth suspended certificateHold")
	if got := counter.states("hanako"); got != "suspended suspended" {
		t.Errorf("the certificates are %s", got)
	}
	counter.fills("/office/counter/residents/hanako/acts/found", "why", "発見").says(422, "カードが複数あります")
	counter.prepares("hanako", register.Found, "why", "発見", "card", "hanako").confirms()
	if got := counter.states("hanako"); got != "suspended suspended" {
		t.Errorf("the card of the signature is found; the certificates are %s", got)
	}
	counter.prepares("hanako", register.Reissue, "kinds", "digital-signature", "why", "発見").confirms()
	if got := counter.states("hanako"); got != "good suspended" {
		t.Errorf("one card is found; the certificates are %s", got)
	}
	done := tn.as("denwa-1", "POST", "/suspension/v1/suspend", `{"name":"見本 花子","dateOfBirth":"1980-02-17","address":"青葉県みほん市本町1-2-3"}`)
	tn.want(done, 200, "")
	contains(t, "the suspension", done.text(), `"cards":[{"id":"hanako","state":"lost"`, `"effects":[{"kind":"digital-signature"`)
}

// TestTheCallCentreLearnsNothingElse: none and many look the same, and so does
// one wrong part of three.
func TestTheCallCentreLearnsNothingElse(t *testing.T) {
	tn := hanakoLives(t)
	twin := authoritytest.Hanako()
	twin.ID = "twin"
	c := tn.at("denwa-1")
	var pages []string
	ask := func(pairs ...string) {
		t.Helper()
		c.fills("/office/suspension", pairs...).says(404, "該当する方がいないか、一人に決まりません").silent("昭和55年")
		pages = append(pages, regexp.MustCompile(`value="[^"]*"|<time>[^<]*</time>`).ReplaceAllString(c.page, ""))
	}
	for i, wrong := range []string{"だれか", "1980-02-18", "青葉県みほん市"} {
		bad := slices.Clone(hanakoCalls)
		bad[2*i+1] = wrong
		ask(bad...)
	}
	if _, err := tn.RegisterResident(t.Context(), twin, desk.By{}); err != nil {
		t.Fatal(err)
	}
	ask(hanakoCalls...)
	for i, p := range pages {
		if p != pages[0] {
			t.Errorf("answer %d differs from the first", i)
		}
	}
	c.fills("/office/suspension").says(422, "氏名を、", "生年月日を、", "住所を、")
	c.fills("/office/suspension", "name", strings.Repeat("あ", 201), "birth", "1980-02-17", "address", "x").says(422)
}

func TestAVerifierFromItsApplicationToItsEnd(t *testing.T) {
	tn := hanakoLives(t)
	public := tn.browser()
	public.visits("/verifiers").says(200, "試験銀行", "認定を申請する")
	public.fills("/verifiers/apply").says(422, "事業者の名称を", "一つ以上選んで")
	public.fills("/verifiers/apply", "name", "みほん診療所", "contact", "受付", "use", "資格確認", "kinds", "user-authentication", "kinds", "digital-signature").says(201, "受け付けました")
	id := regexp.MustCompile(`data-testid="application-id" data-id="([^"]+)">認定申請 第1号<`).FindStringSubmatch(public.page)[1]

	c := tn.at("mic-1")
	c.visits("/office/verifiers").says(200, "みほん診療所", "審査待ち", `data-testid="application-`+id+`"`)
	at := "/office/applications/" + id
	c.visits(at).says(200, "資格確認", `data-testid="approve"`, `data-testid="kind-digital-signature" checked`, `data-testid="kind-user-authentication" checked`)
	c.fills(at+"/approve", "id", "clinic", "kinds", "user-authentication").says(422, "理由を、")
	c.fills(at+"/approve", "id", "test-bank", "kinds", "user-authentication", "why", "適合").says(422, "その検証者IDは使われています")
	c.fills(at+"/approve", "id", "診療所", "kinds", "user-authentication", "why", "適合").says(422, "検証者IDは、")
	c.fills(at+"/approve", "id", "clinic", "kinds", "user-authentication", "conditions", "利用者証明用に限る", "why", "適合").says(201, "検証者を認定しました")
	key := regexp.MustCompile(`id="verifier-key">([^<]+)<`).FindStringSubmatch(c.page)[1]
	if _, err := tn.Ministry.Accredited(key, auth); err != nil {
		t.Errorf("the key that was shown: %v", err)
	}
	if _, err := tn.Ministry.Accredited(key, sign); err == nil {
		t.Error("the conditions do not hold")
	}
	for _, page := range []string{at, "/office/verifiers", "/office/verifiers/clinic", "/verifiers"} {
		c.visits(page).says(200, "みほん診療所").silent(key)
	}
	c.says(200, "利用者証明用に限る")
	c.visits("/office/verifiers/clinic/acts/conditions").says(200, "利用者証明用に限る", `data-testid="kind-user-authentication" checked`).silent(`data-testid="kind-digital-signature" checked`)
	c.fills(at+"/approve", "id", "clinic2", "kinds", "user-authentication", "why", "適合").says(409, "決定済み")
	c.fills(at+"/reject", "why", "不適合").says(409, "決定済み")

	act := func(name, why string) {
		t.Helper()
		c.visits("/office/verifiers/clinic/acts/"+name).says(200, "確定すると")
		c.fills("/office/verifiers/clinic/acts/"+name).says(422, "理由を、")
		c.fills("/office/verifiers/clinic/acts/"+name, "why", why).says(200, why)
	}
	accredited := func() bool { _, err := tn.Ministry.Accredited(key, auth); return err == nil }
	act("suspend", "立入検査")
	if accredited() {
		t.Error("a suspended verifier is answered")
	}
	c.visits("/office/verifiers/clinic/acts/suspend").says(409)
	act("reinstate", "是正を確認")
	if !accredited() {
		t.Error("a reinstated verifier is not answered")
	}
	c.fills("/office/verifiers/clinic/acts/conditions", "kinds", "digital-signature", "conditions", "署名用のみ", "why", "変更届").says(200, "署名用のみ")
	if accredited() {
		t.Error("the new conditions do not hold")
	}
	act("withdraw", "認定の取消し処分")
	c.visits("/office/verifiers/clinic/acts/reinstate").says(409, "取り消されて")
	c.visits("/office/verifiers/clinic").says(200, "立入検査", "是正を確認", "変更届", "認定の取消し処分", "mic-1 認定　四郎")
	public.visits("/verifiers").says(200, "取消し").silent("立入検査", "認定の取消し処分")
}

func TestAnApplicationIsRejected(t *testing.T) {
	tn := hanakoLives(t)
	app, err := tn.Ministry.Apply(t.Context(), accreditation.Application{Name: "<b>だれか</b>", Kinds: jpki.Kinds()})
	if err != nil {
		t.Fatal(err)
	}
	c := tn.at("mic-1")
	c.fills("/office/applications/"+app.ID+"/reject").says(422, "理由を、")
	c.fills("/office/applications/"+app.ID+"/reject", "why", "基準に適合しない").says(200, "不認定", "基準に適合しない")
	if strings.Contains(c.page, "<b>だれか") {
		t.Error("the page runs what was typed")
	}
	c.visits("/office/applications/nothing").says(404, "該当する申請がありません")
}

func TestTheFees(t *testing.T) {
	tn := hanakoLives(t)
	tn.clock.Set(time.Date(2022, 12, 30, 10, 0, 0, 0, jpki.JST))
	issued := tn.Issue(authority.Application{ResidentID: "hanako", PINs: authoritytest.PINs()})
	for range 3 {
		tn.do("POST", "/ocsp/digital-signature", tn.question(issued.Certificates[sign], crypto.SHA1), asOCSP...)
	}
	c := tn.at("mic-1")
	c.visits("/office/fees").says(200, "令和4年12月", "試験銀行", "60円", "署名の検証", "適用中")
	c.visits("/office/fees?month=2022-11").says(200, "令和4年11月", "この月の回答はありません")
	c.visits("/office/fees?month=%22%3E%3Cscript%3E").says(200, "<strong>令和4年12月</strong>").silent("<script>alert")
	c.visits("/office/fees.csv?month=2022-12").says(200)
	rows, err := csv.NewReader(strings.NewReader(c.page)).ReadAll()
	if err != nil || len(rows) != 2 || rows[1][6] != "3" || rows[1][8] != "60" {
		t.Errorf("the CSV is %q, %v", rows, err)
	}
	for _, bad := range [][]string{
		{"from", "いつか", "kind", "digital-signature", "yen", "5", "why", "x"},
		{"from", "2022-12-01", "kind", "all", "yen", "5", "why", "x"},
		{"from", "2022-12-01", "kind", "digital-signature", "yen", "-5", "why", "x"},
		{"from", "2022-12-01", "kind", "digital-signature", "yen", "1e9", "why", "x"},
		{"from", "2022-12-01", "kind", "digital-signature", "yen", "5", "why", ""},
	} {
		c.fills("/office/fees/tariff", bad...).says(422, `class="field-error"`, "60円")
	}
	c.fills("/office/fees/tariff", "from", "令和4年12月1日", "kind", "digital-signature", "yen", "１０", "why", "改定").says(200, "30円", "令和4年12月1日", "改定")
	c.fills("/office/fees/tariff", "from", "2022-12-01", "kind", "digital-signature", "yen", "7", "why", "再改定").says(200, "21円").silent("30円")
}

// TestTheOfficesSpeakEnglish looks for Japanese left over in an English page's
// own words.
func TestTheOfficesSpeakEnglish(t *testing.T) {
	tn := hanakoLives(t)
	c := tn.at("mado-1")
	c.visits("/office/counter/residents/hanako?lang=en").says(200, "Digital signature certificate", "Valid", "Move within the municipality", "Journal")
	c.visits("/office/counter/residents/hanako/acts/move-house").says(200, "Check the effects", "Notification of a move")
	c.prepares("hanako", register.MoveHouse, "address", "桜町", "why", "move").says(200, "check the effects", "Revoked", "stays").silent("失効", "転居")
	c.confirms().says(200, "Back to the resident").silent("完了", "転居")
}
