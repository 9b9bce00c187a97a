package web

import (
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/catv/health"
	"example.jp/jpkimock/internal/ui"
)

// site is what the layout says of the house. Its navigation is for computers; a
// set does not show it.
func site(lobby string, now func() time.Time) ui.Site {
	return ui.Site{
		House: "catv", Lobby: lobby, Now: now,
		Name:    ui.Text{JA: "みほんケーブルテレビ", EN: "Mihon Cable TV"},
		Tagline: ui.Text{JA: "リモコンとカードで、くらしの用事を。", EN: "Everyday errands with a remote control and a card."},
		Nav: []ui.Link{
			{Text: ui.Text{JA: "テレビの画面", EN: "The set"}, Href: "/"},
			{Text: ui.Text{JA: "市民料金の申請", EN: "Resident price"}, Href: "/residency"},
			{Text: ui.Text{JA: "職員の方", EN: "Staff"}, Href: "/staff"},
		},
	}
}

// deskSite says whose desk a page of staff is at: the nurse and the facilities are
// the municipality's, in the operator's house.
func deskSite(d deskName, lobby string, now func() time.Time) ui.Site {
	s := ui.Site{House: "catv", Lobby: lobby, Now: now}
	switch d {
	case nurseDesk:
		s.Name = ui.Text{JA: "みほん市 健康づくり課（模擬）", EN: "Mihon City, Health Promotion (mock)"}
		s.Tagline = ui.Text{JA: "健康情報サービスの業務端末", EN: "Desk of the health service"}
		s.Nav = []ui.Link{{Text: titles.nurse, Href: "/nurse"}}
	case townDesk:
		s.Name = ui.Text{JA: "みほん市 施設担当（模擬）", EN: "Mihon City, Facilities (mock)"}
		s.Tagline = ui.Text{JA: "施設予約の業務端末", EN: "Desk of the bookings"}
		s.Nav = []ui.Link{{Text: titles.municipality, Href: "/municipality"}}
	default:
		s.Name = ui.Text{JA: "みほんケーブルテレビ 業務", EN: "Mihon Cable TV, operations"}
		s.Tagline = ui.Text{JA: "契約と視聴者の管理", EN: "Contracts and viewers"}
		s.Nav = []ui.Link{{Text: titles.operator, Href: "/operator"}}
	}
	return s
}

// pageTitles are the titles of the pages. None says who is looking: titles stay
// in a browser's history.
type pageTitles struct {
	home, channel, help, box, signIn, answer, enrol, name, enrolCard ui.Text
	health, checkups, messages, message, reminders, sharing          ui.Text
	booking, facility, confirm, reservation, price, withdraw         ui.Text
	residency, standing                                              ui.Text
	staff, operator, contract, nurse, participant, municipality      ui.Text
}

var titles = pageTitles{
	home:         ui.Text{JA: "ホーム", EN: "Home"},
	channel:      ui.Text{JA: "みほんチャンネル", EN: "Mihon Channel"},
	help:         ui.Text{JA: "つかいかた", EN: "How to use"},
	box:          ui.Text{JA: "このテレビの機器（模擬）", EN: "The box of this set (mock)"},
	signIn:       ui.Text{JA: "カードではじめる", EN: "Begin with your card"},
	answer:       ui.Text{JA: "カードの確認", EN: "Checking the card"},
	enrol:        ui.Text{JA: "視聴者の登録 1/3", EN: "Enrol 1/3"},
	name:         ui.Text{JA: "視聴者の登録 2/3", EN: "Enrol 2/3"},
	enrolCard:    ui.Text{JA: "視聴者の登録 3/3", EN: "Enrol 3/3"},
	health:       ui.Text{JA: "健康", EN: "Health"},
	checkups:     ui.Text{JA: "健診の結果", EN: "Check-ups"},
	messages:     ui.Text{JA: "保健師からのメッセージ", EN: "Messages from the nurse"},
	message:      ui.Text{JA: "保健師からのメッセージ", EN: "Message from the nurse"},
	reminders:    ui.Text{JA: "予定とお知らせ", EN: "Reminders"},
	sharing:      ui.Text{JA: "家族に見せる", EN: "Share with family"},
	booking:      ui.Text{JA: "施設予約", EN: "Facility booking"},
	facility:     ui.Text{JA: "空き時間", EN: "Free times"},
	confirm:      ui.Text{JA: "予約の確認", EN: "Confirm your booking"},
	reservation:  ui.Text{JA: "予約", EN: "Booking"},
	price:        ui.Text{JA: "料金について", EN: "About the price"},
	withdraw:     ui.Text{JA: "電子証明書の確認をやめる", EN: "Stop the checks of your certificate"},
	residency:    ui.Text{JA: "市民料金の利用申請", EN: "Apply for the resident price"},
	standing:     ui.Text{JA: "市民料金の状態", EN: "How your resident price stands"},
	staff:        ui.Text{JA: "職員のサインイン", EN: "Staff sign-in"},
	operator:     ui.Text{JA: "契約と視聴者", EN: "Contracts and viewers"},
	contract:     ui.Text{JA: "契約", EN: "Contract"},
	nurse:        ui.Text{JA: "健康づくり事業の参加者", EN: "Participants of the health programme"},
	participant:  ui.Text{JA: "参加者の記録", EN: "A participant's record"},
	municipality: ui.Text{JA: "施設の利用予定", EN: "Bookings of the day"},
}

// service gives the title of a service's entrance.
func (t pageTitles) service(s catv.Service) ui.Text {
	if s == catv.Health {
		return t.health
	}
	return t.booking
}

// ways are the words on the ways out of a refusal.
var ways = struct{ home, signIn, enrol, health, booking, price, residency, nurse, participant ui.Text }{
	home:      ui.Text{JA: "ホームにもどる", EN: "Home"},
	signIn:    ui.Text{JA: "カードではじめる", EN: "Begin with your card"},
	enrol:     ui.Text{JA: "登録する", EN: "Enrol"},
	health:    ui.Text{JA: "健康の画面へ", EN: "Health"},
	booking:   ui.Text{JA: "施設予約へ", EN: "Facility booking"},
	price:     ui.Text{JA: "料金の説明を見る", EN: "About the price"},
	residency: ui.Text{JA: "申請の画面へ", EN: "To the application"},
	nurse:     ui.Text{JA: "参加者の一覧へ", EN: "Participants"},

	participant: ui.Text{JA: "参加者の記録にもどる", EN: "Back to the participant"},
}

var deskNames = map[deskName]ui.Text{
	operatorDesk: {JA: "運営者（みほんケーブルテレビ）", EN: "Operator (Mihon Cable TV)"},
	nurseDesk:    {JA: "保健師（みほん市 健康づくり課）", EN: "Public-health nurse (Mihon City)"},
	townDesk:     {JA: "みほん市 施設担当", EN: "Mihon City, facilities"},
}

// measureWords are the words of a measure: of its chart, and of a value against
// its band.
type measureWords struct{ title, name, unit, band, good, high, low ui.Text }

var measureNames = map[health.Measure]measureWords{
	health.Weight: {
		ui.Text{JA: "体重のグラフ", EN: "Weight chart"}, ui.Text{JA: "体重", EN: "Weight"}, ui.Text{JA: "kg", EN: "kg"},
		ui.Text{JA: "みどりの帯は、身長に合った体重です（BMI 18.5〜24.9）。", EN: "The green band is the weight for your height (BMI 18.5–24.9)."},
		ui.Text{JA: "めやすの範囲です", EN: "Within the guide"}, ui.Text{JA: "めやすより高めです", EN: "Above the guide"}, ui.Text{JA: "めやすより低めです", EN: "Below the guide"},
	},
	health.Steps: {
		ui.Text{JA: "歩数のグラフ", EN: "Steps chart"}, ui.Text{JA: "歩数", EN: "Steps"}, ui.Text{JA: "歩", EN: "steps"},
		ui.Text{JA: "点線は、1日の目標の歩数です。", EN: "The dashed line is the goal for a day."},
		ui.Text{JA: "目標をこえています", EN: "Above the goal"}, ui.Text{}, ui.Text{JA: "平均は目標より少なめです", EN: "The average is below the goal"},
	},
	health.Pressure: {
		ui.Text{JA: "血圧のグラフ", EN: "Blood pressure chart"}, ui.Text{JA: "血圧", EN: "Blood pressure"}, ui.Text{JA: "mmHg", EN: "mmHg"},
		ui.Text{JA: "点線は、家ではかる血圧のめやすです（上135・下85より低く）。", EN: "The dashed lines are the limits at home: below 135 and 85."},
		ui.Text{JA: "めやすの範囲です", EN: "Within the guide"}, ui.Text{JA: "めやすより高めです", EN: "Above the guide"}, ui.Text{JA: "めやすより低めです", EN: "Below the guide"},
	},
}

var spanNames = map[int]ui.Text{7: {JA: "7日", EN: "7 days"}, 30: {JA: "30日", EN: "30 days"}, 365: {JA: "1年", EN: "1 year"}}

// stepsBegun is said of a day before noon, when its goal says nothing yet.
func stepsBegun(goal float64) ui.Text {
	n := thousands(int64(goal))
	return ui.Text{JA: "きょうはこれからです（目標 " + n + "歩）", EN: "Today has just begun (goal " + n + ")"}
}

// stepsLeft is said of a day whose goal is not reached: today's, or one before.
func stepsLeft(left float64, today bool) ui.Text {
	n := thousands(int64(left))
	if !today {
		return ui.Text{JA: "目標まで、あと" + n + "歩でした", EN: n + " steps short of the goal"}
	}
	return ui.Text{JA: "目標まで、あと" + n + "歩", EN: n + " steps to the goal"}
}

// changeText writes by how much an average has changed; a pressure's two values
// have their names.
func changeText(upper, lower string) ui.Text {
	if lower == "" {
		return ui.Text{JA: upper, EN: upper}
	}
	return ui.Text{JA: "上 " + upper + "　下 " + lower, EN: "upper " + upper + ", lower " + lower}
}

// rangeText writes a reference range; a bound that is empty is none.
func rangeText(low, high string) ui.Text {
	switch {
	case low == "":
		return ui.Text{JA: high + "以下", EN: "up to " + high}
	case high == "":
		return ui.Text{JA: low + "以上", EN: low + " or more"}
	}
	return ui.Text{JA: low + "–" + high, EN: low + "–" + high}
}

var weekdayJA = [...]string{"日", "月", "火", "水", "木", "金", "土"}

// notice is a line of the home screen.
type notice struct {
	Tone string // info, success, warning
	Text ui.Text
}

func notices() []notice {
	return []notice{
		{"info", ui.Text{JA: "健康と施設予約が、テレビから使えます。カードを用意してください。", EN: "Health and facility booking are on your television. Have your card ready."}},
		{"info", ui.Text{JA: "暗証番号を電話で聞くことはありません。ご注意ください。", EN: "We never ask for your PIN by telephone."}},
		{"info", ui.Text{JA: "総合体育館は、毎月第3水曜日が休みです。", EN: "The city arena is closed on the third Wednesday of the month."}},
	}
}

// saidNotice gives what is told once.
func saidNotice(s said) *notice {
	n, ok := map[said]notice{
		saidGone:     {"success", ui.Text{JA: "カードが取り外されたので、利用を終わりました。", EN: "The card was taken away, so your visit has ended."}},
		saidIdle:     {"info", ui.Text{JA: "しばらく操作がなかったので、利用を終わりました。", EN: "No key was pressed for a while, so your visit has ended."}},
		saidOut:      {"success", ui.Text{JA: "利用を終わりました。カードをお取りください。", EN: "Your visit has ended. Please take your card."}},
		saidEnrolled: {"success", ui.Text{JA: "登録が終わりました。ようこそ！", EN: "You are enrolled. Welcome!"}},
		saidStopped:  {"info", ui.Text{JA: "取りやめました。", EN: "You stopped. Nothing was done."}},
		saidBox:      {"success", ui.Text{JA: "このテレビの機器を決めました。", EN: "The box of this set was chosen."}},
	}[s]
	if !ok {
		return nil
	}
	return &n
}

// greeting goes by the time of day.
func greeting(now time.Time) ui.Text {
	switch h := now.In(jpki.JST).Hour(); {
	case h >= 4 && h < 11:
		return ui.Text{JA: "おはようございます", EN: "Good morning"}
	case h >= 11 && h < 18:
		return ui.Text{JA: "こんにちは", EN: "Hello"}
	}
	return ui.Text{JA: "こんばんは", EN: "Good evening"}
}

// program is what the community channel shows from an hour on.
type program struct {
	From int
	Name ui.Text
}

func programs() []program {
	return []program{
		{0, ui.Text{JA: "まちのあかり（お天気カメラ）", EN: "Town lights (weather camera)"}},
		{5, ui.Text{JA: "おはよう みほん", EN: "Good morning, Mihon"}},
		{8, ui.Text{JA: "みんなで体操", EN: "Exercise together"}},
		{9, ui.Text{JA: "市議会だより", EN: "From the city council"}},
		{11, ui.Text{JA: "ひるの まちかど", EN: "Midday in the streets"}},
		{13, ui.Text{JA: "健康ひとくちメモ", EN: "A word on health"}},
		{15, ui.Text{JA: "おはなしの時間", EN: "Story time"}},
		{17, ui.Text{JA: "みほんニュース", EN: "Mihon news"}},
		{19, ui.Text{JA: "まつりの記録", EN: "A festival remembered"}},
		{21, ui.Text{JA: "夜の音楽", EN: "Night music"}},
	}
}

// onAir gives what is shown now.
func onAir(now time.Time) program {
	var on program
	for _, p := range programs() {
		if p.From <= now.In(jpki.JST).Hour() {
			on = p
		}
	}
	return on
}

// upNext gives what is shown next.
func upNext(now time.Time) []program {
	var next []program
	for _, p := range programs() {
		if p.From > now.In(jpki.JST).Hour() {
			next = append(next, p)
		}
	}
	next = append(next, programs()...)
	return next[:4]
}

func momentJA(t time.Time) string { return t.In(jpki.JST).Format("2006年1月2日 15時04分") }
func momentEN(t time.Time) string { return t.In(jpki.JST).Format("15:04 on 2 January 2006") }
