package web_test

import (
	"strings"
	"testing"

	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/internal/ui"
)

// TestAnotherMunicipalitysResidentIsNotShown: neither page nor interface gives
// or does anything, and each says whose counter it is.
func TestAnotherMunicipalitysResidentIsNotShown(t *testing.T) {
	tn := hanakoLives(t)
	c := tn.at("mado-2")
	for _, path := range []string{"/office/counter/residents/hanako", "/office/counter/residents/hanako/acts/death", "/office/counter/residents/hanako/acts/move-in"} {
		c.visits(path).says(403, "青葉県みほん市の窓口が担当です", `href="/office/counter"`).silent("見本", "本町", "住民の画面へ戻る")
	}
	for _, e := range register.LifeEvents() {
		c.fills("/office/counter/residents/hanako/acts/"+string(e), "address", "中央１番", "why", "届出").says(403, "青葉県みほん市の窓口が担当です").silent("本町")
	}
	c.visits("/office/counter/residents/hanako?lang=en").says(403, "The counter of Mihon City, Aoba Prefecture is responsible")
	for _, path := range []string{"", "/cards", "/history", "/journal"} {
		r := tn.as("mado-2", "GET", "/counter/v1/residents/hanako"+path, "")
		tn.want(r, 403, "other_municipality")
		contains(t, path, r.text(), `"responsible":{"code":"99201","name":"青葉県みほん市"}`)
		tn.want(tn.as("mado-1", "GET", "/counter/v1/residents/hanako"+path, ""), 200, "")
	}
	if all := tn.as("mado-2", "GET", "/counter/v1/residents", ""); strings.Contains(all.text(), "hanako") {
		t.Errorf("mado-2 is told of %s", all.text())
	}
	if all := tn.as("mado-1", "GET", "/counter/v1/residents", ""); !strings.Contains(all.text(), "hanako") {
		t.Errorf("mado-1 is told of %s", all.text())
	}
	if got := tn.at("mado-1").states("hanako"); got != "good good" {
		t.Errorf("the certificates are %s", got)
	}
}

// TestSomebodyMovesIn: the counter of the new town finds who comes by the whole
// name and the date of birth, and only then.
func TestSomebodyMovesIn(t *testing.T) {
	tn := hanakoLives(t)
	c := tn.at("mado-2")
	for _, terms := range [][]string{{"name", "見本"}, {"name", "見本　花子"}, {"birth", "1980-02-17"}, {"name", "花子", "birth", "1980-02-17"}, {"name", "見本　花子", "birth", "1980-02-18"}, {"address", "みほん市"}} {
		c.fills("/office/counter/search", terms...).says(200, "見つかりません").silent("take-in", "hanako")
		c.visits("/office/counter/residents/hanako/acts/move-in").says(403)
	}
	c.fills("/office/counter/search", "name", "ミホン ハナコ", "birth", "昭和55年2月17日").says(200, `data-testid="take-in" data-id="hanako"`, "青葉県みほん市").silent("resident-link", "本町")
	c.visits("/office/counter/residents/hanako").says(403)
	c.visits("/office/counter/residents/hanako/acts/death").says(403)
	c.visits("/office/counter/residents/hanako/acts/move-in").says(409, "転出の届出がされていません")
	tn.at("mado-1").prepares("hanako", register.MoveOut, "day", tn.clock.Now().In(jpki.JST).AddDate(0, 0, 3).Format("2006-01-02"), "why", "転出届").foresees("sign revoked affiliationChanged", "auth unchanged").says(200, "カードの継続利用", ui.Day(tn.clock.Now().AddDate(0, 0, 33)).JA+"を過ぎると").confirms()
	c.fills("/office/counter/residents/hanako/acts/move-in", "why", "転入届").says(422, "新しい住所を")
	c.fills("/office/counter/residents/hanako/acts/move-in", "address", "青葉県みほん市新町１番", "why", "転入届").says(422, "この市区町村の中の住所です")
	c.prepares("hanako", register.MoveIn, "address", "いろは市中央１番", "why", "転入届").foresees("auth unchanged").says(200, `href="/office/counter" data-testid="cancel"`, "継続利用の手続は")
	c.confirms().says(200, `data-testid="next-take-on"`, "継続利用の手続は")
	c.visits("/office/counter/residents/hanako").says(200, `data-testid="card-lapses"`)
	c.prepares("hanako", register.TakeOn, "why", "転入に伴う継続利用").foresees("auth unchanged").says(200, "カードを引き続き使えます").confirms()
	c.visits("/office/counter/residents/hanako").says(200).silent("card-lapses")
	c.visits("/office/counter/residents/hanako").says(200, "若葉県いろは市中央１番", "mado-2 窓口　二子", "act-off-move-in", "すでにこの市区町村の住民です")
	tn.at("mado-1").visits("/office/counter/residents/hanako").says(403, "若葉県いろは市の窓口が担当です").silent("中央１番")
}

// TestOneMovesOutAndIsTakenIn: nothing is issued until the new town has entered
// the person; then it goes on with the new certificate.
func TestOneMovesOutAndIsTakenIn(t *testing.T) {
	tn := hanakoLives(t)
	old := tn.at("mado-1")
	old.prepares("hanako", register.MoveOut, "why", "転出届").foresees("sign revoked affiliationChanged", "auth unchanged").confirms()
	c := tn.at("mado-3")
	c.fills("/office/counter/search", "name", "見本花子", "birth", "1980-02-17").says(200, "take-in", "転出（転入先で届出前）")
	c.prepares("hanako", register.MoveIn, "address", "大字ひなた１番地", "why", "転入届").foresees("auth unchanged")
	c.confirms().says(200, `data-testid="next-reissue"`)
	c.prepares("hanako", register.Reissue, "kinds", "digital-signature", "why", "転入による再発行").foresees("sign issued", "auth unchanged").confirms()
	if got := c.states("hanako"); got != "good good" {
		t.Errorf("the certificates are %s", got)
	}
}

// TestAPaperIsRefusedAfterTheMove: what was prepared before the resident went to
// another town is not done by the old one.
func TestAPaperIsRefusedAfterTheMove(t *testing.T) {
	tn := hanakoLives(t)
	old, next := tn.at("mado-1"), tn.at("mado-2")
	old.prepares("hanako", register.MoveOut, "why", "転出届").confirms()
	old.prepares("hanako", register.Death, "why", "死亡届")
	pending := old.at
	next.fills("/office/counter/search", "name", "見本花子", "birth", "1980-02-17")
	next.prepares("hanako", register.MoveIn, "address", "中央１番", "why", "転入届").confirms()
	old.fills(pending).says(403, "若葉県いろは市の窓口が担当です")
	if got := next.states("hanako"); got != "revoked good" {
		t.Errorf("the certificates are %s", got)
	}
}

// TestTheDeadDoNotMove: nobody takes them in.
func TestTheDeadDoNotMove(t *testing.T) {
	tn := open(t)
	tn.Settle(authoritytest.Hanako())
	tn.at("mado-1").prepares("hanako", register.Death, "why", "死亡届").confirms()
	c := tn.at("mado-2")
	c.fills("/office/counter/search", "name", "見本花子", "birth", "1980-02-17").says(200).silent("take-in")
	c.visits("/office/counter/residents/hanako/acts/move-in").says(409, "この届出の対象となる住民ではありません")
}

// TestTheInterfaceTakesInOnlyWhoIsNamed: like the page, the interface for programs
// wants the whole name and the date of birth, and says nothing of a person before.
func TestTheInterfaceTakesInOnlyWhoIsNamed(t *testing.T) {
	tn := hanakoLives(t)
	tn.want(tn.as("mado-1", "POST", "/counter/v1/residents/hanako/events", `{"event":"move-out","why":"転出届"}`), 200, "")
	const address = `"address":"若葉県いろは市中央１番","municipality":{"code":"98201","prefecture":"若葉県","city":"いろは市","prefectureRomaji":"Wakaba-ken","cityRomaji":"Iroha-shi"}`
	asks := func(preview, members string) reply {
		t.Helper()
		return tn.as("mado-2", "POST", "/counter/v1/residents/hanako/events"+preview, `{"event":"move-in","why":"転入届"`+members+`}`)
	}
	for _, preview := range []string{"?preview=1", ""} {
		for _, members := range []string{
			"", `,"address":"若葉県いろは市中央１番"`, "," + address,
			`,"person":{"name":"見本　花子","dateOfBirth":"1980-02-17"}` + "x", // not JSON
			`,"person":{"name":"","dateOfBirth":"1980-02-17"},` + address,
			`,"person":{"name":"花子","dateOfBirth":"1980-02-17"},` + address,
			`,"person":{"name":"見本　花子","dateOfBirth":"1980-02-18"},` + address,
			`,"person":{"name":"見本　花子","dateOfBirth":""},` + address,
		} {
			r := asks(preview, members)
			if code := r.member("code"); code != "other_municipality" && code != "malformed" {
				t.Errorf("%s %s: %d %s", preview, members, r.StatusCode, r.text())
			}
			for _, told := range []string{"見本", "本町", "1980", "moved-out", "before"} {
				if strings.Contains(r.text(), told) {
					t.Errorf("%s %s tells %q: %s", preview, members, told, r.text())
				}
			}
		}
	}
	named := `,"person":{"name":"ミホン ハナコ","dateOfBirth":"1980-02-17"},` + address
	tn.want(tn.as("mado-2", "POST", "/counter/v1/residents/hanako/events", `{"event":"death","why":"死亡届"`+strings.Split(named, ",\"address")[0]+`}`), 400, "invalid")
	contains(t, "the preview", asks("?preview=1", named).text(), "本町１丁目", `"done":false`)
	contains(t, "the act", asks("", named).text(), "中央１番", `"done":true`)
	tn.want(tn.as("mado-2", "GET", "/counter/v1/residents/hanako", ""), 200, "")
}
