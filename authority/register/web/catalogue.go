package web

import (
	"cmp"
	"fmt"
	"strconv"

	frame "example.jp/jpkimock/authority/desk/web"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/internal/ui"
)

// pageTitles of the desks' pages.
var pageTitles = struct {
	counter, newcomer, suspension, holder, suspended ui.Text
}{
	counter:    ui.Text{JA: "住民の検索", EN: "Find a resident"},
	newcomer:   ui.Text{JA: "新しい住民の登録", EN: "Add a resident"},
	suspension: ui.Text{JA: "電子証明書の一時停止の受付", EN: "Suspend certificates"},
	holder:     ui.Text{JA: "ご本人の確認と一時停止", EN: "Identify the caller and suspend"},
	suspended:  ui.Text{JA: "一時停止しました", EN: "Suspended"},
}

// pinName gives the name of a kind's PIN, and the rule for it.
func pinName(k jpki.Kind) (name, rule ui.Text) {
	if k == jpki.DigitalSignature {
		return ui.Text{JA: "署名用パスワード", EN: "Signature password"}, ui.Text{JA: "6〜16文字。数字（0〜9）と英大文字（A〜Z）", EN: "6 to 16 digits and capital letters"}
	}
	return ui.Text{JA: "利用者証明用の暗証番号", EN: "Authentication PIN"}, ui.Text{JA: "数字4桁", EN: "4 digits"}
}

// reasonName gives a reason of revocation in both languages.
func reasonName(r jpki.Reason) ui.Text {
	en := map[jpki.Reason]string{
		jpki.Unspecified: "discarded before hand-over", jpki.KeyCompromise: "the key may be in another’s hands",
		jpki.CACompromise: "the CA’s key is compromised", jpki.AffiliationChanged: "what the certificate says of its holder has changed",
		jpki.Superseded: "replaced by a newer certificate", jpki.CessationOfOperation: "no longer needed (returned, death, …)",
		jpki.CertificateHold: "suspended",
	}
	ja := map[jpki.Reason]string{
		jpki.Unspecified: "交付前の破棄", jpki.KeyCompromise: "秘密鍵の漏えい又はそのおそれ（紛失・盗難等）", jpki.CACompromise: "認証局の秘密鍵の漏えい",
		jpki.AffiliationChanged: "記載事項（氏名・住所等）の異動", jpki.Superseded: "新しい電子証明書への更新",
		jpki.CessationOfOperation: "利用の必要がなくなったこと（返納・死亡等）", jpki.CertificateHold: "一時停止",
	}
	return ui.Text{JA: cmp.Or(ja[r], r.Japanese()), EN: en[r]}
}

// stateLabels are a certificate's states.
var stateLabels = frame.Labels[string]{
	"good":      {Name: ui.Text{JA: "有効", EN: "Valid"}, Tone: "good"},
	"suspended": {Name: ui.Text{JA: "一時停止", EN: "Suspended"}, Tone: "wait"},
	"revoked":   {Name: ui.Text{JA: "失効", EN: "Revoked"}, Tone: "bad"},
	"expired":   {Name: ui.Text{JA: "有効期間満了", EN: "Expired"}, Tone: "neutral"},
	"issued":    {Name: ui.Text{JA: "新しく発行", EN: "Newly issued"}, Tone: "good"},
	"discarded": {Name: ui.Text{JA: "交付前破棄", EN: "Discarded"}, Tone: "neutral"},
	"none":      {Name: ui.Text{JA: "なし", EN: "None"}, Tone: "neutral"},
}

// cardLabels are a card's states.
var cardLabels = frame.Labels[register.CardState]{
	register.CardInUse:    {Name: ui.Text{JA: "使用中", EN: "In use"}, Tone: "good"},
	register.CardLost:     {Name: ui.Text{JA: "紛失届出中", EN: "Reported lost"}, Tone: "wait"},
	register.CardVoid:     {Name: ui.Text{JA: "廃止", EN: "Void"}, Tone: "bad"},
	register.CardReturned: {Name: ui.Text{JA: "返納済み", EN: "Returned"}, Tone: "neutral"},
	register.CardReplaced: {Name: ui.Text{JA: "交換済み", EN: "Replaced"}, Tone: "neutral"},
}

// standingLabels are what ended an entry in the register.
var standingLabels = frame.Labels[register.Standing]{
	register.StandingResident: {Name: ui.Text{JA: "住民", EN: "Resident"}, Tone: "good"},
	register.StandingMovedOut: {Name: ui.Text{JA: "転出（転入先で届出前）", EN: "Moved out, not yet moved in"}, Tone: "wait"},
	register.StandingDead:     {Name: ui.Text{JA: "死亡により除票", EN: "Deceased"}, Tone: "bad"},
	register.StandingAbroad:   {Name: ui.Text{JA: "国外転出により除票", EN: "Moved abroad"}, Tone: "bad"},
	register.StandingRemoved:  {Name: ui.Text{JA: "職権により消除", EN: "Removed"}, Tone: "bad"},
}

// entryNames are the headings of what an entry in the register says.
func entryNames() []ui.Text {
	return []ui.Text{
		{JA: "氏名", EN: "Name"}, {JA: "フリガナ", EN: "Kana"}, {JA: "ローマ字", EN: "Romanised"}, {JA: "旧氏", EN: "Former surname"},
		{JA: "生年月日", EN: "Date of birth"}, {JA: "性別", EN: "Gender"}, {JA: "住所", EN: "Address"},
		{JA: "市区町村", EN: "Municipality"}, {JA: "住民票の状態", EN: "Entry"},
	}
}

// sayUntil stands behind the last day on a card's face.
const sayUntil = "まで有効"

func genderName(g jpki.Gender) ui.Text {
	return ui.Text{JA: g.Japanese(), EN: map[jpki.Gender]string{jpki.Male: "male", jpki.Female: "female"}[g]}
}

// certificateCount says how many certificates an act touched.
func certificateCount(n int) ui.Text {
	return ui.Text{JA: fmt.Sprintf("電子証明書%d件", n), EN: counted(n, "certificate")}
}

// counted gives a number with its noun in English.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// lineLabels are what a line of the journal did.
var lineLabels = frame.Labels[string]{
	register.ActLapsed:     {Name: ui.Text{JA: "カードの失効", EN: "Card lapsed"}, Tone: "bad"},
	register.ActIssued:     {Name: ui.Text{JA: "発行", EN: "Issued"}, Tone: "good"},
	register.ActHandedOver: {Name: ui.Text{JA: "カードに記録", EN: "written to the card"}, Tone: "good"},
	register.ActDiscarded:  {Name: ui.Text{JA: "交付前に破棄", EN: "discarded before hand-over"}, Tone: "bad"},
	register.ActRevoked:    {Name: ui.Text{JA: "失効", EN: "Revoked"}, Tone: "bad"},
	register.ActSuspended:  {Name: ui.Text{JA: "一時停止", EN: "Suspended"}, Tone: "wait"},
	register.ActResumed:    {Name: ui.Text{JA: "一時停止を解除", EN: "Suspension lifted"}, Tone: "good"},
	register.ActEntered:    {Name: ui.Text{JA: "住民票に記載", EN: "Entered in the register"}, Tone: "neutral"},
}

// lineName gives what a line of the journal did, and its badge.
func lineName(act string) (name ui.Text, tone string) {
	if e := register.LifeEvent(act); e.Valid() {
		return eventWords(e).Name, "neutral"
	}
	return lineLabels.Of(act)
}

// deadline says until when a card must be taken on in use.
func deadline(e register.LifeEvent, k register.Card) ui.Text {
	switch day := ui.Day(k.Lapses); {
	case e == register.MoveOut:
		return ui.Text{
			JA: "転入届のないまま" + day.JA + "を過ぎると、カードと電子証明書は失効します。",
			EN: "The card and its certificates lapse if no move in is notified by " + day.EN + ".",
		}
	case !k.Lapses.IsZero():
		return ui.Text{
			JA: "継続利用の手続は" + day.JA + "までです。過ぎると、カードと電子証明書は失効します。",
			EN: "The card must be taken on in use by " + day.EN + ", or it lapses with its certificates.",
		}
	}
	return ui.Text{JA: "カードを引き続き使えます。", EN: "The card goes on in use."}
}

// personName gives a resident's name; English pages write it in Latin letters
// where the register has them.
func personName(r register.Resident) ui.Text {
	return ui.Text{JA: r.FaceName(), EN: cmp.Or(r.Romaji, r.FaceName())}
}

// What is wrong with a PIN that was typed.
var (
	sayPINMissing = ui.Text{JA: "本人に入力してもらってください。", EN: "The holder must enter this."}
	sayPINsDiffer = ui.Text{JA: "二回の入力が一致しません。もう一度入力してください。", EN: "The two entries do not match. Please enter both again."}
)

// sayAddressElsewhere refuses an address of another municipality.
var sayAddressElsewhere = ui.Text{JA: "この窓口で受け付けるのは、この市区町村の中の住所です。ほかの市区町村へ移るときは、ここで転出、移った先で転入の届出をします。", EN: "This counter records addresses in its own municipality. A move to another one is a move out here and a move in there."}

// whyText gives a reason in both languages.
func whyText(why string) ui.Text {
	proposals := [][]ui.Text{newcomerWhys, callWhys, {{JA: register.WhyLapsed, EN: "The deadline for taking the card on in use is over"}}}
	for _, w := range actTable {
		proposals = append(proposals, w.Whys)
	}
	return frame.WhyText(why, proposals...)
}
