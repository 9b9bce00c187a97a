package web_test

import (
	"testing"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/register"
)

// TestADeskIsItsOfficesOwn: the counter is the municipality's, the
// accreditation the Minister's; a refusal is said under the same name.
func TestADeskIsItsOfficesOwn(t *testing.T) {
	const agency, agencyEN = "地方公共団体情報システム機構（模擬）", "Japan Agency for Local Authority Information Systems (mock)"
	tn := hanakoLives(t)
	for id, desk := range map[string]struct{ path, elsewhere, name, en string }{
		"mado-1":  {"/office/counter", "/office/fees", "みほん市 市民課（模擬）", "Mihon City, Residents’ Counter (mock)"},
		"mado-3":  {"/office/counter", "/office/fees", "ひなた町 住民課（模擬）", "Hinata Town, Residents’ Counter (mock)"},
		"denwa-1": {"/office/suspension", "/office/counter", "個人番号カードコールセンター（模擬）", "Individual Number Card Call Centre (mock)"},
		"mic-1":   {"/office/verifiers", "/office/counter", "総務省 住民制度課（模擬）", "Ministry of Internal Affairs and Communications (mock)"},
	} {
		c := tn.at(id)
		c.visits(desk.path).says(200, desk.name).silent(agency)
		c.visits(desk.elsewhere).says(403, desk.name).silent(agency)
		c.visits(desk.path+"?lang=en").says(200, desk.en).silent(agencyEN)
		c.visits("/verifiers").says(200, agencyEN)
	}
	tn.browser().visits("/office").says(200, agency)
}

// TestAnOfficePageHasNoWordOfTheRFC: the word is in an attribute, for tests and
// scripts; the page says the reason.
func TestAnOfficePageHasNoWordOfTheRFC(t *testing.T) {
	tn := hanakoLives(t)
	tn.Issue(authority.Application{ResidentID: "hanako", PINs: authoritytest.PINs()})
	c := tn.at("mado-1")
	c.prepares("hanako", register.MoveHouse, "address", "桜町９番", "why", "転居届")
	c.says(200, "事由：記載事項（氏名・住所等）の異動", "発行の番号", "届出前", "届出後", `data-reason="affiliationChanged"`).silent(">affiliationChanged<", "発行番号", "いま</th>")
	c.confirms().silent(">affiliationChanged<")
	c.visits("/office/counter/residents/hanako").says(200, "事由：記載事項（氏名・住所等）の異動", "届出・手続<").silent(">affiliationChanged<", "手続き", "まで有効-")
	c.visits("/office/counter/residents/hanako/acts/loss").says(200)
	c.prepares("hanako", register.Loss, "why", "紛失").confirms()
	c.visits("/office/counter/residents/hanako").says(200, "発見の届出（一時停止の解除）", "まで有効").silent("一時保留", "certificateHold<")
}

// TestTheJournalShowsAnActOnce: an act that issues, writes and revokes is one
// row of the resident's page.
func TestTheJournalShowsAnActOnce(t *testing.T) {
	tn := hanakoLives(t)
	tn.Issue(authority.Application{ResidentID: "hanako", PINs: authoritytest.PINs(), By: desk.By{Officer: "mado-1 窓口　一郎", Why: "個人番号カードの交付申請"}})
	c := tn.at("mado-1")
	c.visits("/office/counter/residents/hanako").says(200, "<strong>カードの交付</strong>", "電子証明書2件", "発行・カードに記録", "個人番号カードの交付申請")
	c.visits("/office/counter/residents/hanako?lang=en").says(200, "<strong>Issue a card</strong>", "2 certificates", "Issued, written to the card", "mado-1 Ichiro Madoguchi", "Application for a card").
		silent("窓口　一郎", "交付申請")
}

// TestEnglishPagesNamePeopleInLatinLetters: officers, municipality and, where
// the register has it, the resident.
func TestEnglishPagesNamePeopleInLatinLetters(t *testing.T) {
	tn := hanakoLives(t)
	c := tn.at("mado-1")
	c.prepares("hanako", register.NameChange, "name", "手本　花子", "romaji", "Hanako Tehon", "why", "婚姻による氏の変更").confirms()
	c.visits("/office/counter/residents/hanako?lang=en").says(200, `<h1 data-testid="resident-name">Hanako Tehon</h1>`, "手本　花子", "Mihon City, Aoba Prefecture", "Marriage").silent("婚姻")
	c.fills("/office/counter/search", "name", "手本").says(200, ">Hanako Tehon</a>")
	c.visits("/office?lang=en").says(200, "Futako Madoguchi, Iroha City, Residents’ Counter").silent("窓口　二子")
	c.visits("/office/signin").says(200, "Saburo Denwa, Individual Number Card Call Centre (denwa-1)").silent("電話　三郎")
	c.visits("/office/counter/residents/hanako?lang=ja").says(200, `<h1 data-testid="resident-name">手本　花子</h1>`, "青葉県みほん市")
}

// TestANewcomerHasNoFormerName: the form of a first entry asks for name and
// address, not for new ones.
func TestANewcomerHasNoFormerName(t *testing.T) {
	c := hanakoLives(t).at("mado-1")
	c.visits("/office/counter/new").says(200, ">氏名 <", ">住所 <", "内容の確認").silent("新しい氏名", "新しい住所", "影響の確認")
	c.visits("/office/counter/residents/hanako/acts/move-house").says(200, "新しい住所", "影響の確認")
}

// TestAnApplicantLearnsWhereTheAnswerIs: nothing is sent, and the page does not
// say so.
func TestAnApplicantLearnsWhereTheAnswerIs(t *testing.T) {
	tn := hanakoLives(t)
	public := tn.browser()
	public.fills("/verifiers/apply", "name", "みほん診療所", "contact", "窓口", "use", "患者の本人確認", "kinds", "digital-signature").
		says(201, "認定申請 第1号", "審査の結果は、認定検証者の名簿でご確認ください。").silent(">application-000001<", "お知らせします")
	public.visits("/verifiers").says(200, "認定検証者の名簿（停止中・取消しを含む）")
	c := tn.at("mic-1")
	c.visits("/office/verifiers").says(200, "<td>認定申請 第1号</td>", "その状態になった日").silent(">application-000001<")
	c.visits("/office/verifiers?lang=en").says(200, "<td>Application No. 1</td>")
}

// TestTheTimelineOfALossInEnglish: what the caller said is told in the page's
// language where the desk proposed the words; a suspension is its own reason.
func TestTheTimelineOfALossInEnglish(t *testing.T) {
	tn := hanakoLives(t)
	tn.Issue(authority.Application{ResidentID: "hanako", PINs: authoritytest.PINs()})
	c := tn.at("denwa-1")
	c.fills("/office/suspension", hanakoCalls...).says(200, `data-testid="confirm"`).silent("事由：一時停止")
	c.fills(c.at, "why", "盗難の申出（電話）").says(200, "盗難の申出（電話）")
	c.visits(c.at+"?lang=en").says(200, "Stolen, by telephone").silent("盗難の申出", "Reason: suspended")
}
