package web

import (
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/internal/ui"
)

// pageTitles are the titles of the pages. None says who is looking: titles stay
// in a browser's history.
type pageTitles struct {
	home, channel, help, box, signIn, enrol, name, enrolCard ui.Text
	health, checkups, messages, message, reminders, sharing  ui.Text
	booking, facility, confirm, reservation, price, withdraw ui.Text
}

var titles = pageTitles{
	home:        ui.Text{JA: "ホーム", EN: "Home"},
	channel:     ui.Text{JA: "みほんチャンネル", EN: "Mihon Channel"},
	help:        ui.Text{JA: "つかいかた", EN: "How to use"},
	box:         ui.Text{JA: "このテレビの機器（模擬）", EN: "The box of this set (mock)"},
	signIn:      ui.Text{JA: "カードではじめる", EN: "Begin with your card"},
	enrol:       ui.Text{JA: "視聴者の登録 1/3", EN: "Enrol 1/3"},
	name:        ui.Text{JA: "視聴者の登録 2/3", EN: "Enrol 2/3"},
	enrolCard:   ui.Text{JA: "視聴者の登録 3/3", EN: "Enrol 3/3"},
	health:      ui.Text{JA: "健康", EN: "Health"},
	checkups:    ui.Text{JA: "健診の結果", EN: "Check-ups"},
	messages:    ui.Text{JA: "保健師からのメッセージ", EN: "Messages from the nurse"},
	message:     ui.Text{JA: "保健師からのメッセージ", EN: "Message from the nurse"},
	reminders:   ui.Text{JA: "予定とお知らせ", EN: "Reminders"},
	sharing:     ui.Text{JA: "家族に見せる", EN: "Share with family"},
	booking:     ui.Text{JA: "施設予約", EN: "Facility booking"},
	facility:    ui.Text{JA: "空き時間", EN: "Free times"},
	confirm:     ui.Text{JA: "予約の確認", EN: "Confirm your booking"},
	reservation: ui.Text{JA: "予約", EN: "Booking"},
	price:       ui.Text{JA: "料金について", EN: "About the price"},
	withdraw:    ui.Text{JA: "電子証明書の確認をやめる", EN: "Stop the checks of your certificate"},
}

// service gives the title of a service's entrance.
func (t pageTitles) service(s catv.Service) ui.Text {
	if s == catv.Health {
		return t.health
	}
	return t.booking
}

// ways are the words on the ways out of a refusal.
var ways = struct{ home, signIn, enrol, health, booking, price ui.Text }{
	home:    ui.Text{JA: "ホームに戻る", EN: "Home"},
	signIn:  ui.Text{JA: "カードではじめる", EN: "Begin with your card"},
	enrol:   ui.Text{JA: "登録する", EN: "Enrol"},
	health:  ui.Text{JA: "健康の画面へ", EN: "Health"},
	booking: ui.Text{JA: "施設予約へ", EN: "Facility booking"},
	price:   ui.Text{JA: "料金の説明を見る", EN: "About the price"},
}

// spanNames are the names of what a chart covers, by days.
var spanNames = map[int]ui.Text{7: {JA: "7日", EN: "7 days"}, 30: {JA: "30日", EN: "30 days"}, 365: {JA: "1年", EN: "1 year"}}

// changeText writes by how much an average has changed; a pressure's two values
// have their names.
func changeText(upper, lower string) ui.Text {
	if lower == "" {
		return ui.Text{JA: upper, EN: upper}
	}
	return ui.Text{JA: "上 " + upper + "　下 " + lower, EN: "upper " + upper + ", lower " + lower}
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
