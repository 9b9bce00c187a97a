package web_test

import (
	"regexp"
	"testing"

	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/register"
)

var residentHref = regexp.MustCompile(`href="/office/counter/residents/(resident-[a-z0-9]+)" data-testid="back-to-resident"`)

// enters takes a first entry through its pages, and gives the resident's ID.
func (c *clerk) enters(pairs ...string) string {
	c.t.Helper()
	c.fills("/office/counter/new", pairs...).says(200, `data-testid="entry"`, `data-testid="confirm"`)
	c.fills(c.at).says(200, `data-testid="done" data-event="entry"`, `data-testid="next-card-issue"`)
	m := residentHref.FindStringSubmatch(c.page)
	if m == nil {
		c.t.Fatalf("%s names no resident", c.at)
	}
	return m[1]
}

// newborn is what a counter fills in for a birth.
func newborn() []string {
	return []string{"name", "見本　若葉", "kana", "ミホン　ワカバ", "birth", "2026-03-30", "gender", "2", "address", "本町１丁目２番３号", "why", "出生届（医師の証明を確認）"}
}

func TestANewbornIsShownBeforehandAndWrittenToTheJournal(t *testing.T) {
	tn := hanakoLives(t)
	c := tn.at("mado-1")
	residents := func() int {
		all, err := tn.Residents(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	c.fills("/office/counter/new", newborn()...).says(200, "新しい住民の登録：内容の確認", "見本　若葉", "令和8年3月30日", "青葉県みほん市本町１丁目２番３号", "青葉県みほん市",
		"まだ発行されません", "15歳から", "出生届（医師の証明を確認）", "みほん市 市民課 窓口　一郎").silent("namesakes")
	pending := c.at
	if residents() != 1 {
		t.Fatal("somebody was entered before the confirmation")
	}
	c.visits(pending+"?lang=en").says(200, "A new entry in the register", "from the age of 15", "2026-03-30")
	c.visits(pending + "?lang=ja")
	c.fills(pending).says(200, `data-event="entry"`, "完了しました", "見本　若葉")
	id := residentHref.FindStringSubmatch(c.page)[1]
	c.fills(pending).says(409, "確認を待っていません")
	if residents() != 2 {
		t.Errorf("%d residents", residents())
	}
	c.visits("/office/counter/residents/"+id).says(200, "住民票に記載", "mado-1 窓口　一郎", "出生届（医師の証明を確認）", "15歳未満")
	contains(t, "the journal", tn.as("mado-1", "GET", "/counter/v1/residents/"+id+"/journal", "").text(),
		`"act":"entered","officer":"mado-1 窓口　一郎","why":"出生届（医師の証明を確認）"`)
	c.prepares(id, register.CardIssue, "why", "初回交付").foresees("auth issued")
}

// TestWhoIsRegisteredAlreadyIsNoticed: the counter is told of the same name and
// date of birth, wherever it is registered.
func TestWhoIsRegisteredAlreadyIsNoticed(t *testing.T) {
	tn := hanakoLives(t)
	hanako := []string{"name", "見本花子", "kana", "ミホン　ハナコ", "birth", "1980-02-17", "gender", "2", "address", "港町１番", "why", "国外からの転入届"}
	c := tn.at("mado-2")
	c.fills("/office/counter/new", hanako...).says(200, `data-testid="namesakes"`, "すでに住民票にあります", "青葉県みほん市").silent("本町")
	hanako[5] = "1980-02-18"
	c.fills("/office/counter/new", hanako...).says(200).silent("namesakes")
}

// TestAScriptEntersSomebody: the interface writes the same line.
func TestAScriptEntersSomebody(t *testing.T) {
	tn := open(t)
	jiro := authoritytest.Hanako()
	jiro.ID = "jiro"
	body := []byte(jsonOf(t, map[string]any{"id": jiro.ID, "basicFour": jiro.BasicFour, "municipality": jiro.Municipality, "why": "出生届"}))
	tn.want(tn.as("mado-1", "POST", "/counter/v1/residents", string(body)), 201, "")
	contains(t, "the journal", tn.as("mado-1", "GET", "/counter/v1/residents/jiro/journal", "").text(), `"act":"entered","officer":"mado-1 窓口　一郎","why":"出生届"`)
	tn.want(tn.as("mado-1", "POST", "/counter/v1/residents", string(body)), 409, "resident_exists")
}
