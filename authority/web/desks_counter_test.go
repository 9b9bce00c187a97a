package web_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/internal/webtest"
)

// TestEveryActSaysBeforehandWhatItDoes goes through the acts that need no
// card: what the page of confirmation says is what the certificates are then.
func TestEveryActSaysBeforehandWhatItDoes(t *testing.T) {
	const change, gone = "affiliationChanged", "cessationOfOperation"
	cases := []struct {
		event   register.LifeEvent
		fields  []string
		effects []string
		after   string
	}{
		{register.MoveHouse, []string{"address", "桜町９番９号"}, []string{"sign revoked " + change, "auth unchanged"}, "revoked good"},
		{register.MoveOut, nil, []string{"sign revoked " + change, "auth unchanged"}, "revoked good"},
		{register.NameChange, []string{"name", "青葉　花子", "kana", "アオバ　ハナコ", "formerSurname", "見本"}, []string{"sign revoked " + change, "auth unchanged"}, "revoked good"},
		{register.Correction, []string{"birth", "昭和55年2月18日"}, []string{"sign revoked " + change, "auth unchanged"}, "revoked good"},
		{register.Correction, []string{"kana", "ミホン　ハナ"}, []string{"sign unchanged", "auth unchanged"}, "good good"},
		{register.Death, nil, []string{"sign revoked " + gone, "auth revoked " + gone}, "revoked revoked"},
		{register.MoveAbroad, nil, []string{"sign revoked " + gone, "auth revoked " + gone}, "revoked revoked"},
		{register.Removal, nil, []string{"sign revoked " + gone, "auth revoked " + gone}, "revoked revoked"},
		{register.CardReturn, nil, []string{"sign revoked " + gone, "auth revoked " + gone}, "revoked revoked"},
		{register.Loss, nil, []string{"sign suspended certificateHold", "auth suspended certificateHold"}, "suspended suspended"},
	}
	for _, tc := range cases {
		t.Run(string(tc.event)+strings.Join(tc.fields, ""), func(t *testing.T) {
			c := hanakoLives(t).at("mado-1")
			c.prepares("hanako", tc.event, append(tc.fields, "why", "窓口で確認した")...).foresees(tc.effects...)
			c.says(200, "窓口で確認した")
			pending := c.at
			if got := c.states("hanako"); got != "good good" {
				t.Fatalf("before the confirmation the certificates are %s", got)
			}
			c.visits(pending).confirms().foresees(tc.effects...).says(200, "完了しました")
			if got := c.states("hanako"); got != tc.after {
				t.Errorf("after it they are %s, want %s", got, tc.after)
			}
			c.says(200, "mado-1 窓口　一郎", "窓口で確認した", tc.event.Japanese())
			c.fills(pending).says(409, "確認を待っていません")
		})
	}
}

// TestWhoMovesAbroadMayKeepTheCard: the counter offers both.
func TestWhoMovesAbroadMayKeepTheCard(t *testing.T) {
	tn := hanakoLives(t)
	c := tn.at("mado-1")
	tomorrow := tn.clock.Now().In(jpki.JST).AddDate(0, 0, 1).Format(time.DateOnly)
	c.fills("/office/counter/residents/hanako/acts/move-abroad", "keepCard", "yes", "why", "国外転出届").says(422, "継続利用では明日から")
	c.prepares("hanako", register.MoveAbroad, "day", tomorrow, "keepCard", "yes", "why", "国外転出届").foresees("sign revoked cessationOfOperation", "auth unchanged").confirms()
	if got := c.states("hanako"); got != "revoked good" {
		t.Errorf("the certificates are %s", got)
	}
	c.says(200, "国外転出により除票", `data-state="in-use"`, `data-testid="act-loss"`, `data-testid="act-off-reissue"`)
}

func TestACardIsLostFoundAndLostAgain(t *testing.T) {
	c := hanakoLives(t).at("mado-1")
	c.visits("/office/counter/residents/hanako").says(200, `data-testid="act-loss"`, `data-testid="act-off-found"`, `data-testid="act-off-loss-final"`)
	c.prepares("hanako", register.Loss, "why", "紛失の届出").confirms()
	c.visits("/office/counter/residents/hanako").says(200, `data-state="lost"`, "紛失届出中", `data-testid="act-found"`, `data-testid="act-off-pin-reset"`)
	c.prepares("hanako", register.Found, "why", "発見").foresees("sign unchanged", "auth resumed").says(200, "一時停止のままです").confirms()
	if got := c.states("hanako"); got != "suspended good" {
		t.Errorf("found: %s", got)
	}
	c.prepares("hanako", register.Loss, "why", "紛失の届出").foresees("sign unchanged", "auth suspended certificateHold").confirms()
	c.prepares("hanako", register.LossFinal, "why", "見つからない").foresees("sign revoked keyCompromise", "auth revoked keyCompromise").confirms()
	if got := c.states("hanako"); got != "revoked revoked" {
		t.Errorf("given up: %s", got)
	}
	c.visits("/office/counter/residents/hanako/acts/found").says(409, "紛失の届出がされていません", "住民の画面へ戻る")
}

func TestANewResidentGetsACard(t *testing.T) {
	tn := open(t)
	c := tn.at("mado-1")
	c.visits("/office/counter/new").says(200, "みほん市").silent("ひなた町", "いろは市")
	c.fills("/office/counter/new").says(422, "氏名を、", "生年月日を、", "性別を", "フリガナを", "理由を")
	fields := []string{"name", "青葉　若菜", "kana", "アオバ　ワカナ", "birth", "H2.4.12", "gender", "2", "why", "国外からの転入届", "address", "桜町１丁目２番３号"}
	c.fills("/office/counter/new", append(slices.Clone(fields[:10]), "address", "若葉県いろは市港町１番")...).says(422, "この市区町村の中の住所です")
	id := c.enters(fields...)
	c.visits("/office/counter/residents/"+id).says(200, "青葉　若菜", "青葉県みほん市桜町１丁目２番３号", "平成2年4月12日", "カードは交付されていません")
	c.prepares(id, register.CardIssue, "why", "初回交付").foresees("sign issued", "auth issued").says(200, "ここから先は、本人が入力します")
	pending := c.at
	pins := []string{"pin-digital-signature", "ABC123", "pin-digital-signature-again", "ABC123", "pin-user-authentication", "1234", "pin-user-authentication-again", "1234"}
	for _, wrong := range [][2]string{{"pin-digital-signature-again", "ABC124"}, {"pin-digital-signature", ""}, {"pin-user-authentication", "12345"}} {
		bad := slices.Clone(pins)
		bad[slices.Index(bad, wrong[0])+1] = wrong[1]
		c.fills(pending, bad...).says(422, `class="field-error"`).silent("ABC123", "ABC124", `"12345"`)
	}
	c.fills(pending, "pin-digital-signature", "abc123", "pin-digital-signature-again", "abc123", "pin-user-authentication", "1234", "pin-user-authentication-again", "1234").says(422, "英大文字")
	c.fills(pending, pins...).says(200, `data-testid="done"`).foresees("sign issued", "auth issued").silent("ABC123")
	if w := tn.Cards.Writes; len(w) != 1 || w[0].PINs[sign] != "ABC123" || w[0].PINs[auth] != "1234" {
		t.Errorf("written: %+v", w)
	}
	if got := c.states(id); got != "good good" {
		t.Errorf("the certificates are %s", got)
	}
}

func TestAChildGetsNoSignatureCertificate(t *testing.T) {
	tn := open(t)
	tn.Settle(authoritytest.Taro())
	c := tn.at("mado-1")
	if got := c.states("taro"); got != "none good" {
		t.Errorf("the certificates are %s", got)
	}
	c.says(200, "15歳未満", `data-testid="act-off-reissue"`)
	c.visits("/office/counter/residents/taro/acts/reissue").says(409, "15歳未満")
	c.prepares("taro", register.CardIssue, "why", "再交付").foresees("auth revoked superseded", "auth issued").silent("pin-digital-signature")
}

func TestAMoveIsFollowedByANewCertificateOntoTheSameCard(t *testing.T) {
	tn := hanakoLives(t)
	c := tn.at("mado-1")
	c.prepares("hanako", register.MoveHouse, "address", "青葉県みほん市桜町９番９号", "why", "転居届").says(200, "青葉県みほん市本町１丁目２番３号", "青葉県みほん市桜町９番９号")
	c.confirms().says(200, `data-testid="next-reissue"`)
	c.prepares("hanako", register.Reissue, "kinds", "digital-signature", "why", "転居に伴う再発行").foresees("sign issued", "auth unchanged").says(200, "変えないときは空欄")
	c.confirms()
	if got := c.states("hanako"); got != "good good" {
		t.Errorf("the certificates are %s", got)
	}
	c.says(200, `data-testid="former-entries"`, "転居", "青葉県みほん市桜町９番９号")
	if n := len(tn.Cards.Writes); n != 2 || len(tn.Cards.Writes[1].PINs) != 0 {
		t.Errorf("%d writes, the last with PINs %v", n, tn.Cards.Writes[n-1].PINs)
	}
	c.visits("/office/counter/residents/hanako/acts/renewal").says(409, "まだ更新できません")
	tn.clock.Set(time.Date(2034, 1, 1, 0, 0, 0, 0, jpki.JST))
	c = tn.at("mado-1")
	c.visits("/office/counter/residents/hanako").says(200, "有効期間満了")
}

func TestPINsAreSetAnewByTheHolder(t *testing.T) {
	c := hanakoLives(t).at("mado-1")
	c.fills("/office/counter/residents/hanako/acts/pin-reset", "why", "失念").says(422, "一つ以上選んでください")
	c.prepares("hanako", register.PINReset, "kinds", "user-authentication", "why", "失念").foresees("sign unchanged", "auth unchanged").silent("pin-digital-signature")
	c.confirms("pin-user-authentication", "7351", "pin-user-authentication-again", "7351").silent("7351")
	c.visits("/office/counter/residents/hanako").says(200, "暗証番号の初期化").silent("7351")
}

func TestSubstituteCharactersAreComparedWithTheRegister(t *testing.T) {
	c := hanakoLives(t).at("mado-1")
	c.fills("/office/counter/residents/hanako/acts/name-change", "name", "吉野　花子", "registerName", "𠮷野花子", "why", "婚姻").says(422, "文字数が")
	c.prepares("hanako", register.NameChange, "name", "吉野　花子", "registerName", "𠮷野　花子", "why", "婚姻").confirms()
	c.visits("/office/counter/residents/hanako").says(200, "𠮷野　花子", "吉野　花子", "代替文字")
}

func TestNothingIsDoneThatWasNotShown(t *testing.T) {
	tn := hanakoLives(t)
	one, two := tn.at("mado-1"), tn.at("mado-1")
	one.prepares("hanako", register.Death, "why", "死亡届").foresees("sign revoked cessationOfOperation", "auth revoked cessationOfOperation")
	pending := one.at
	two.prepares("hanako", register.MoveOut, "why", "転出届").confirms()
	one.fills(pending).says(409, "状況が変わりました").foresees("auth revoked cessationOfOperation")
	one.fills(pending).says(200, `data-testid="done"`)
	two.visits(pending).says(409, "確認を待っていません")
}

// TestTheCallCentreSuspendsWhatItWasShown: a card that was found between the page
// and its button is shown again first.
func TestTheCallCentreSuspendsWhatItWasShown(t *testing.T) {
	tn := hanakoLives(t)
	desk, counter := tn.at("denwa-1"), tn.at("mado-1")
	desk.fills("/office/suspension", "name", "見本花子", "birth", "1980-02-17", "address", "青葉県みほん市本町1-2-3").says(200).foresees("sign suspended certificateHold", "auth suspended certificateHold").silent("状況が変わりました")
	old := seenTag.FindStringSubmatch(desk.page)[1]
	counter.prepares("hanako", register.NameChange, "name", "青葉　花子", "kana", "アオバ　ハナコ", "why", "婚姻").confirms()
	counter.prepares("hanako", register.NameChange, "name", "見本　花子", "kana", "ミホン　ハナコ", "why", "離婚").confirms()
	desk.visits(desk.at).says(200, "状況が変わりました").foresees("auth suspended certificateHold")
	desk.fills(desk.at, "seen", old, "why", "紛失").says(409, "状況が変わりました", "紛失").foresees("auth suspended certificateHold")
	if got := counter.states("hanako"); got != "revoked good" {
		t.Errorf("the certificates are %s", got)
	}
	desk.fills(desk.at, "why", "紛失").says(200, `data-testid="reference"`)
	if got := counter.states("hanako"); got != "revoked suspended" {
		t.Errorf("the certificates are %s", got)
	}
}

// TestANamesakeWhoComesBetween: somebody of the same name and birth who was entered
// while the page was open is shown first.
func TestANamesakeWhoComesBetween(t *testing.T) {
	tn := open(t)
	one, two := tn.at("mado-1"), tn.at("mado-2")
	fields := []string{"name", "青葉　若菜", "kana", "アオバ　ワカナ", "birth", "H2.4.12", "gender", "2", "why", "国外からの転入届", "address", "桜町１番"}
	one.fills("/office/counter/new", fields...).says(200, `data-testid="confirm"`).silent("namesakes")
	two.enters(fields...)
	one.fills(one.at).says(409, "状況が変わりました", "namesakes", "いろは市")
	one.fills(one.at).says(200, `data-testid="done"`)
}

// TestTheMinistryActsOnWhatItWasShown: of two officers at one verifier, or at the
// tariff, the later one is shown what the earlier one did.
func TestTheMinistryActsOnWhatItWasShown(t *testing.T) {
	tn := open(t)
	one, two := tn.at("mic-1"), tn.at("mic-1")
	const withdraw = "/office/verifiers/test-bank/acts/withdraw"
	one.visits(withdraw).says(200).silent("状況が変わりました")
	two.visits("/office/verifiers/test-bank/acts/suspend").fills(two.at, "why", "事故の報告").says(200)
	one.fills(withdraw, "why", "廃業").says(409, "状況が変わりました", "停止")
	if v := tn.Ministry.Verifiers()[0]; v.State != accreditation.VerifierSuspended {
		t.Errorf("the verifier is %s", v.State)
	}
	one.fills(withdraw, "why", "廃業").says(200, "取消し")

	price := []string{"kind", "digital-signature", "from", tn.clock.Now().AddDate(0, 2, 0).Format("2006-01-02"), "why", "改定"}
	one.visits("/office/fees")
	two.visits("/office/fees").goes("POST", "/office/fees/tariff", webtest.Form(append(price, "yen", "20", "seen", seenTag.FindStringSubmatch(two.page)[1])...)).says(200)
	one.goes("POST", "/office/fees/tariff", webtest.Form(append(price, "yen", "30", "seen", seenTag.FindStringSubmatch(one.page)[1])...)).says(409, "状況が変わりました", "20円")
	one.goes("POST", "/office/fees/tariff", webtest.Form(append(price, "yen", "30", "seen", seenTag.FindStringSubmatch(one.page)[1])...)).says(200, "30円")
}

// TestAProgramActsOnWhatItWasShown: the interfaces compare what is sent as seen.
func TestAProgramActsOnWhatItWasShown(t *testing.T) {
	tn := hanakoLives(t)
	const events = "/counter/v1/residents/hanako/events"
	const caller = `"name":"見本花子","dateOfBirth":"1980-02-17","address":"青葉県みほん市本町1-2-3"`
	seen := func(r reply) string { return `"seen":"` + fmt.Sprint(r.member("version")) + `"` }
	loss := seen(tn.as("mado-1", "POST", events+"?preview=1", `{"event":"loss","why":"紛失"}`))
	call := seen(tn.as("denwa-1", "POST", "/suspension/v1/find", "{"+caller+"}"))
	tn.want(tn.as("mado-1", "POST", events, `{"event":"correction","kana":"ミホン ハナ","why":"訂正"}`), 200, "")
	tn.want(tn.as("mado-1", "POST", events, `{"event":"loss","why":"紛失",`+loss+`}`), 409, "changed_since_shown")
	tn.want(tn.as("denwa-1", "POST", "/suspension/v1/suspend", "{"+caller+","+call+"}"), 409, "changed_since_shown")
	call = seen(tn.as("denwa-1", "POST", "/suspension/v1/find", "{"+caller+"}"))
	tn.want(tn.as("denwa-1", "POST", "/suspension/v1/suspend", "{"+caller+","+call+"}"), 200, "")

	verifier := func() string {
		r := tn.as("mic-1", "GET", "/counter/v1/verifiers", "")
		var all struct{ Verifiers []struct{ Version string } }
		if err := json.Unmarshal(r.body, &all); err != nil || len(all.Verifiers) != 1 {
			t.Fatalf("%s, %v", r.text(), err)
		}
		return `"seen":"` + all.Verifiers[0].Version + `"`
	}
	old := verifier()
	tn.want(tn.as("mic-1", "POST", "/register/v1/verifiers/test-bank/conditions", `{"kinds":["digital-signature"],`+old+`}`), 200, "")
	tn.want(tn.as("mic-1", "POST", "/register/v1/verifiers/test-bank/conditions", `{"kinds":["user-authentication"],`+old+`}`), 409, "changed_since_shown")
	tn.want(tn.as("mic-1", "POST", "/register/v1/verifiers/test-bank/state", `{"state":"withdrawn",`+old+`}`), 409, "changed_since_shown")
	tn.want(tn.as("mic-1", "POST", "/register/v1/verifiers/test-bank/state", `{"state":"suspended",`+verifier()+`}`), 200, "")
	tn.want(tn.as("mic-1", "PUT", "/register/v1/tariff", jsonOf(t, map[string]any{"tariff": tn.prices(), "seen": "0"})), 409, "changed_since_shown")
}

func TestAnActThatFailsCanBeTriedAgain(t *testing.T) {
	tn := hanakoLives(t)
	c := tn.at("mado-1")
	c.prepares("hanako", register.Reissue, "kinds", "digital-signature", "why", "本人の申請")
	pending := c.at
	tn.Cards.WriteError = register.ErrNoCard
	c.fills(pending).says(502, "カードに書き込めませんでした")
	c.fills(pending).says(200, `data-testid="done"`)
	if got := c.states("hanako"); got != "good good" {
		t.Errorf("the certificates are %s", got)
	}
}

func TestTheSearch(t *testing.T) {
	tn := hanakoLives(t)
	jiro := authoritytest.Hanako()
	jiro.ID, jiro.Kana, jiro.Romaji = "jiro", "アオバ ジロウ", "AOBA JIRO"
	jiro.BasicFour = jpki.NewBasicFour("青葉　次郎", jpki.DateOfBirthOn(1970, 12, 1), jpki.Male, "青葉県みほん市桜町１丁目")
	if _, err := tn.RegisterResident(t.Context(), jiro, desk.By{}); err != nil {
		t.Fatal(err)
	}
	c := tn.at("mado-1")
	link := regexp.MustCompile(`data-testid="resident-link" data-id="([a-z0-9-]*)"`)
	for _, tc := range []struct{ name, birth, address, want string }{
		{"見本花子", "", "", "hanako"},
		{"みほん", "", "", "hanako"},
		{"aoba jiro", "", "", "jiro"},
		{"ＡＯＢＡ", "", "", "jiro"},
		{"", "昭和55年2月17日", "", "hanako"},
		{"", "1970-12-01", "桜町1丁目", "jiro"},
		{"", "", "みほん市", "hanako jiro"},
		{"だれか", "", "", ""},
		{"見本", "1970-12-01", "", ""},
	} {
		c.fills("/office/counter/search", "name", tc.name, "birth", tc.birth, "address", tc.address).says(200)
		var found []string
		for _, m := range link.FindAllStringSubmatch(c.page, -1) {
			found = append(found, m[1])
		}
		if got := strings.Join(found, " "); got != tc.want {
			t.Errorf("%q %q %q: %q, want %q", tc.name, tc.birth, tc.address, got, tc.want)
		}
		if c.at != "/office/counter" {
			t.Errorf("the search is at %s", c.at)
		}
	}
	c.fills("/office/counter/search", "birth", "きのう").says(422, "生年月日を")
	c.fills("/office/counter/search").says(200).silent("検索結果")
}

// TestHostileInputAtTheCounter sends what no form would.
func TestHostileInputAtTheCounter(t *testing.T) {
	tn := hanakoLives(t)
	c := tn.at("mado-1")
	long := strings.Repeat("あ", 201)
	for _, tc := range []struct {
		path   string
		pairs  []string
		status int
	}{
		{"/office/counter/residents/hanako/acts/move-house", []string{"address", "桜町", "why", ""}, 422},
		{"/office/counter/residents/hanako/acts/move-house", []string{"address", long, "why", "x"}, 422},
		{"/office/counter/residents/hanako/acts/move-house", []string{"address", "桜町\x00", "why", "x"}, 422},
		{"/office/counter/residents/hanako/acts/move-house", []string{"address", "桜町\u202e", "why", "x"}, 422},
		{"/office/counter/residents/hanako/acts/move-house", []string{"address", "\xff\xfe", "why", "x"}, 422},
		{"/office/counter/residents/hanako/acts/death", []string{"why", long}, 422},
		{"/office/counter/residents/hanako/acts/correction", []string{"birth", "2000-02-30", "why", "x"}, 422},
		{"/office/counter/residents/hanako/acts/correction", []string{"gender", "7", "why", "x"}, 422},
		{"/office/counter/residents/hanako/acts/correction", []string{"why", "x"}, 422},
		{"/office/counter/residents/hanako/acts/loss", []string{"card", "somebody-else", "why", "x"}, 409},
		{"/office/counter/residents/hanako/acts/reissue", []string{"kinds", "everything", "why", "x"}, 422},
		{"/office/counter/residents/hanako/acts/explode", []string{"why", "x"}, 404},
		{"/office/counter/residents/nobody/acts/death", []string{"why", "x"}, 404},
		{"/office/counter/search", []string{"name", long}, 422},
		{"/office/counter/new", []string{"name", strings.Repeat("あ", 20000)}, 413},
	} {
		if c.fills(tc.path, tc.pairs...); c.code != tc.status {
			t.Errorf("%s %.60q: %d, want %d", tc.path, tc.pairs, c.code, tc.status)
		}
	}
	c.visits("/office/counter/residents/%3Cscript%3E").says(404).silent("<script>")
	if got := c.states("hanako"); got != "good good" {
		t.Errorf("the certificates are %s", got)
	}
	c.prepares("hanako", register.MoveHouse, "address", `<script>alert(1)</script>`, "why", `"><img src=x>`)
	if strings.Contains(c.page, "<script>alert") || strings.Contains(c.page, "<img src=x") {
		t.Error("the page runs what was typed")
	}
}
