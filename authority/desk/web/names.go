package web

import (
	"cmp"
	"slices"
	"strings"

	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/internal/ui"
)

// namesEN are the officers, offices and organisations of the demonstration in
// Latin letters.
var namesEN = map[string]string{
	"窓口　一郎": "Ichiro Madoguchi", "窓口　二子": "Futako Madoguchi", "窓口　三太": "Santa Madoguchi", "窓口　担当": "Officer at the counter",
	"電話　三郎": "Saburo Denwa", "認定　四郎": "Shiro Nintei",
	"個人番号カードコールセンター": "Individual Number Card Call Centre", "総務省 住民制度課": "Ministry of Internal Affairs and Communications",
	"みほん銀行": "Mihon Bank", "みらい共通認証基盤": "Mirai Common Platform", "みほんケーブルテレビ": "Mihon Cable TV", "よそのお店": "A Shop Elsewhere",
	"医療共通プラットフォーム": "Common Platform of the Medical Field", "みほん健康保険組合": "Mihon Health Insurance Society",
	"みほん市国民健康保険": "Mihon City National Health Insurance", "処方箋照会システム": "Prescription Inquiry System",
	"みほんカード決済": "Mihon Card Payments", "みほん くらしの手続ポータル": "Mihon Life Portal", "みほん電力": "Mihon Electric Power",
	"みほんガス": "Mihon Gas", "みほん水道": "Mihon Waterworks", "みほんモバイル": "Mihon Mobile", "みほん損害保険": "Mihon Insurance",
}

// Named gives a name in both languages; one that is not known in English stays
// as it is written.
func Named(ja string) ui.Text { return ui.Text{JA: ja, EN: cmp.Or(namesEN[ja], ja)} }

// OfficeName gives where an officer works, in both languages.
func OfficeName(who desk.Officer) ui.Text {
	if who.Municipality.Code != "" {
		return ui.Text{JA: who.Office, EN: latinPlace(who.Municipality.CityRomaji) + ", Residents’ Counter"}
	}
	return Named(who.Office)
}

// officerName gives an officer with the office: みほん市 市民課 窓口　一郎.
func officerName(who desk.Officer) ui.Text {
	return ui.Text{JA: who.Office + " " + who.Name, EN: Named(who.Name).EN + ", " + OfficeName(who).EN}
}

// SignedName gives an officer as the journal signs an act: mado-1 窓口　一郎.
func SignedName(signed string) ui.Text {
	id, name, ok := strings.Cut(signed, " ")
	if !ok {
		return ui.Text{JA: signed, EN: signed}
	}
	return ui.Text{JA: signed, EN: id + " " + Named(name).EN}
}

// placeWords are the ends of a romanised place's name, and their English.
var placeWords = [...][2]string{
	{"-shi", " City"}, {"-ku", " Ward"}, {"-machi", " Town"}, {"-cho", " Town"}, {"-mura", " Village"}, {"-son", " Village"},
	{"-ken", " Prefecture"}, {"-fu", " Prefecture"}, {"-to", " Metropolis"},
}

// latinPlace gives a romanised place as English pages write it: Mihon-shi is
// Mihon City.
func latinPlace(romaji string) string {
	for _, w := range placeWords {
		if place, ok := strings.CutSuffix(romaji, w[0]); ok {
			return place + w[1]
		}
	}
	return romaji
}

// TownName gives a municipality's name in both languages.
func TownName(m desk.Municipality) ui.Text {
	return ui.Text{JA: m.Prefecture + m.City, EN: latinPlace(m.CityRomaji) + ", " + latinPlace(m.PrefectureRomaji)}
}

// whyWords are reasons that the demonstration's history gives.
var whyWords = []ui.Text{
	{JA: "住民基本台帳の初期登録", EN: "First entry in the register"}, {JA: "個人番号カードの交付申請", EN: "Application for a card"},
	{JA: "デモンストレーションのための設定", EN: "Set up for the demonstration"}, {JA: "転居", EN: "Move"},
	{JA: "口座の開設に係る本人確認及び変更確認のため", EN: "To confirm identities at account opening, and changes later"},
	{JA: "プラットフォーム事業者として、他の事業者に代わって確認を行うため", EN: "To verify for other businesses, as a platform operator"},
	{JA: "加入者の資格確認及び施設予約に係る居住の確認のため", EN: "To confirm subscribers, and residency for facility bookings"},
	{JA: "医療機関の受付における利用者証明の取次ぎのため", EN: "To pass on authentications at the receptions of medical institutions"},
	{JA: "被保険者の資格確認のため", EN: "To confirm the eligibility of insured persons"},
	{JA: "クレジットカードの会員の確認のため", EN: "To confirm holders of credit cards"},
	{JA: "処方箋に係る医師の電子署名の確認及び患者本人の確認のため", EN: "To verify doctors’ signatures on prescriptions, and to confirm patients"},
	{JA: "利用者の確認及び変更確認による手続の案内のため", EN: "To confirm users, and to invite those whose data changed"},
	{JA: "ポータルから届く申請の署名の検証及びお客さまの確認のため", EN: "To verify applications from the portal, and to confirm customers"},
	{JA: "通信販売に係る本人確認のため", EN: "To confirm identities in mail order"}, {JA: "業務の廃止の届出による", EN: "The business has been closed"},
	{JA: "一時停止の申出（所在不明）", EN: "Suspension requested: card cannot be found"}, {JA: "紛失の届出", EN: "Reported lost"}, {JA: "紛失による失効", EN: "Revoked as lost"},
}

// WhyText gives a reason in both languages, if it is one that a form proposes or
// that the demonstration's history gives. What was typed stays as it is.
func WhyText(why string, proposals ...[]ui.Text) ui.Text {
	for _, all := range append(proposals, whyWords) {
		if i := slices.IndexFunc(all, func(t ui.Text) bool { return t.JA == why }); i >= 0 {
			return all[i]
		}
	}
	return ui.Text{JA: why, EN: why}
}

// Label is what is said of a value, and the badge it is shown with: good, wait,
// bad or neutral.
type Label struct {
	Name ui.Text
	Tone string
}

// Labels has a label for each value.
type Labels[K ~string] map[K]Label

// Of gives a value's label. An unknown value is shown as it is.
func (all Labels[K]) Of(value K) (name ui.Text, tone string) {
	l, ok := all[value]
	if !ok {
		l = Label{ui.Text{JA: string(value), EN: string(value)}, "neutral"}
	}
	return l.Name, l.Tone
}
