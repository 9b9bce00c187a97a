package authority

import "example.jp/jpkimock/authority/jpki"

// Japanese names of the CA as its certificates write them in subjectAltName,
// and the holders' in issuerAltName.
const agencyName = "地方公共団体情報システム機構"

// caAltUnit gives the Japanese organizational unit of the CA of a kind.
func caAltUnit(kind jpki.Kind) string {
	if kind == jpki.DigitalSignature {
		return "公的個人認証サービス署名用"
	}
	return "公的個人認証サービス利用者証明用"
}

// Names and offices of the officers of the demonstration.
var (
	officerNames   = [...]string{"窓口　一郎", "窓口　二子", "窓口　三太", "電話　三郎", "認定　四郎"}
	officerOffices = [...]string{"みほん市 市民課", "いろは市 市民課", "ひなた町 住民課", "個人番号カードコールセンター", "総務省 住民制度課"}
)

// Municipalities are the municipalities of the demonstration, in the order of
// their officers.
func Municipalities() []Municipality {
	return []Municipality{
		{Code: "99201", Prefecture: "青葉県", City: "みほん市", PrefectureRomaji: "Aoba-ken", CityRomaji: "Mihon-shi"},
		{Code: "98201", Prefecture: "若葉県", City: "いろは市", PrefectureRomaji: "Wakaba-ken", CityRomaji: "Iroha-shi"},
		{Code: "99321", Prefecture: "青葉県", City: "ひなた町", PrefectureRomaji: "Aoba-ken", CityRomaji: "Hinata-machi"},
	}
}

// lifeEventNames are the counter's words for its acts.
var lifeEventNames = map[LifeEvent]string{
	CardIssue: "カードの交付", MoveHouse: "転居", MoveIn: "転入", MoveOut: "転出", NameChange: "婚姻等による氏名の変更",
	Correction: "記載事項の訂正", Death: "死亡", MoveAbroad: "国外転出", Removal: "職権による消除", Loss: "紛失の届出",
	Found: "発見の届出（一時停止の解除）", LossFinal: "紛失による失効", CardReturn: "カードの返納",
	PINReset: "暗証番号の初期化・ロック解除", Renewal: "電子証明書の更新", Reissue: "電子証明書の再発行",
}
