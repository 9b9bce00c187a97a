package booking

import "example.jp/jpkimock/catv"

// both is a name in both languages.
func both(ja, en string) catv.Name { return catv.Name{JA: ja, EN: en} }

// townAddress is how an address in the municipality begins.
const townAddress = "青葉県みほん市"

// List gives the facilities that can be booked (施設一覧).
func List() []Facility {
	day := []Slot{{9, 11}, {11, 13}, {13, 15}, {15, 17}, {17, 19}, {19, 21}}
	rooms := []Slot{{9, 12}, {13, 17}, {18, 21}}
	daylight := []Slot{{9, 11}, {11, 13}, {13, 15}, {15, 17}}
	return []Facility{
		{
			ID: "gym", Name: both("体育館", "Gymnasium"), Place: both("総合体育館　大アリーナ半面", "City arena, half of the hall"),
			Slots: day, Price: 800, DaysAhead: 60, Others: OthersRule{Allowed: true, Price: 1600, DaysAhead: 14}, CancelHours: 72,
		},
		{
			ID: "meeting-large", Name: both("会議室　大", "Meeting room, large"), Place: both("市民会館2階（40人）", "Civic hall, 2nd floor, 40 seats"),
			Slots: rooms, Price: 1200, DaysAhead: 90, Others: OthersRule{Allowed: true, Price: 1800, DaysAhead: 30}, CancelHours: 72,
		},
		{
			ID: "meeting-small", Name: both("会議室　小", "Meeting room, small"), Place: both("市民会館1階（12人）", "Civic hall, ground floor, 12 seats"),
			Slots: rooms, Price: 600, DaysAhead: 90, Others: OthersRule{Allowed: true, Price: 900, DaysAhead: 30}, CancelHours: 24,
		},
		{
			ID: "tennis-1", Name: both("テニスコート1", "Tennis court 1"), Place: both("みどり台公園", "Midoridai Park"),
			Slots: daylight, Price: 500, DaysAhead: 30, Others: OthersRule{Allowed: true, Price: 1000, DaysAhead: 7}, CancelHours: 24,
		},
		{
			ID: "tennis-2", Name: both("テニスコート2", "Tennis court 2"), Place: both("みどり台公園", "Midoridai Park"),
			Slots: daylight, Price: 500, DaysAhead: 30, Others: OthersRule{Allowed: true, Price: 1000, DaysAhead: 7}, CancelHours: 24,
		},
		{
			ID: "kitchen", Name: both("調理室", "Kitchen"), Place: both("公民館2階（調理台4台）", "Community centre, 2nd floor, 4 stoves"),
			Slots: rooms, Price: 700, DaysAhead: 60, CancelHours: 48,
		},
	}
}

// residencyForm is the application for the resident price (市民料金の利用申請書) as the
// viewer reads it in the card client's window and signs it.
const residencyForm = `　　　　施設の市民料金　利用申請書

{{.Town}}長　様

申請番号　　{{.Number}}
申請日時　　{{.Date}}　{{.Time}}
受付　　　　みほんケーブルテレビ
　　　　　　施設予約サービス

１　私は、{{.Town}}の住民として、市の施設を
　　市民料金で利用することを申請します。

２　私の氏名及び住所は、この申請書に付する
　　電子署名に係る署名用電子証明書に記録
　　されているとおりです。

３　私は、次のことに同意します。この同意は
　　いつでも撤回することができます。
　　①　署名用電子証明書及びその発行の番号
　　　　を、予約の記録とともに保存すること。
　　②　電子証明書の失効の有無を、地方公共
　　　　団体情報システム機構に確認すること。
　　③　転居などの異動により失効したことが
　　　　確認されたときは、市民料金での利用
　　　　を終えること。

　　電子署名をもって、記名押印に代えます。

――――――――――――――――――――
この文書は模擬環境（jpkimock）で作成された
ものです。実在の市とは関係がありません。
`
