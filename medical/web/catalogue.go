package web

import (
	"time"

	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/medical/insurer"
	"example.jp/jpkimock/medical/platform"
	"example.jp/jpkimock/medical/reception"
)

// site is what the layout says of the house.
func site(lobby string, now func() time.Time) ui.Site {
	return ui.Site{
		House: "medical", Lobby: lobby, Now: now, Name: names.house,
		Tagline: ui.Text{JA: "カード1枚で、受付を。", EN: "One card at the reception."},
	}
}

// names are what the pages call things.
var names = struct{ house, platform, rx, patient, back ui.Text }{
	house:    ui.Text{JA: "みほん地域の医療機関", EN: "Medical care in Mihon"},
	platform: ui.Text{JA: "医療共通プラットフォーム", EN: "Common platform of the medical field"},
	rx:       ui.Text{JA: "処方箋照会システム", EN: "Prescription inquiry system"},
	patient:  ui.Text{JA: "ご本人", EN: "The patient"},
	back:     ui.Text{JA: "戻る", EN: "Back"},
}

// deskName names the desk of an institution.
func deskName(i Institution) ui.Text {
	return ui.Text{JA: i.Name + "　受付", EN: i.NameEN + ", reception"}
}

// titles are the titles of the pages.
var titles = struct {
	front, card, me, done, consent, numbers, desk, visit, declaration, log, register, file, insurerLog ui.Text
	doctor, order, sign, slip, laid, counter, touch, rxLog, mine                                       ui.Text
}{
	front:       ui.Text{JA: "医療機関の受付と資格確認", EN: "Reception and eligibility"},
	card:        ui.Text{JA: "カードを置いてください", EN: "Please place your card"},
	me:          ui.Text{JA: "この方でよろしいですか", EN: "Is this you?"},
	done:        ui.Text{JA: "受付が終わりました", EN: "You are checked in"},
	consent:     ui.Text{JA: "過去の診療・お薬などの情報を、この医療機関に見せてもよいですか", EN: "May this institution see your past care?"},
	numbers:     ui.Text{JA: "お知らせの番号を入力してください", EN: "Enter the numbers of your notice"},
	desk:        ui.Text{JA: "きょうの受付", EN: "Today’s reception"},
	visit:       ui.Text{JA: "受付の内容", EN: "Visit"},
	declaration: ui.Text{JA: "被保険者資格申立書", EN: "Declaration of insurance"},
	log:         ui.Text{JA: "照会の記録", EN: "Log of inquiries"},
	register:    ui.Text{JA: "被保険者台帳", EN: "Register of the insured"},
	file:        ui.Text{JA: "被保険者", EN: "Insured person"},
	insurerLog:  ui.Text{JA: "照会と異動の記録", EN: "Log of inquiries and changes"},
	doctor:      ui.Text{JA: "診察室", EN: "Doctor’s room"},
	order:       ui.Text{JA: "処方箋を書く", EN: "Write a prescription"},
	sign:        ui.Text{JA: "処方箋の確認と署名", EN: "Read and sign the prescription"},
	slip:        ui.Text{JA: "処方内容（控え）", EN: "Copy of the prescription"},
	laid:        ui.Text{JA: "薬剤師が確認しています", EN: "The pharmacist is reading your prescriptions"},
	counter:     ui.Text{JA: "調剤室", EN: "Dispensary"},
	touch:       ui.Text{JA: "患者の処方箋", EN: "The patient’s prescriptions"},
	rxLog:       ui.Text{JA: "処方箋の照会と登録の記録", EN: "Log of prescriptions"},
	mine:        ui.Text{JA: "わたしの処方箋", EN: "My prescriptions"},
}

// kinds are what an institution asks the platform.
var kinds = map[platform.Kind]ui.Text{
	platform.ByCard:   {JA: "カードによる照会", EN: "By card"},
	platform.ByLink:   {JA: "初回のひもづけ", EN: "First use: linking"},
	platform.ByNumber: {JA: "記号・番号による照会", EN: "By numbers"},
}

// acts are the lines of an insurer's log.
var acts = map[insurer.Act]ui.Text{
	insurer.ActConfirmed: {JA: "資格の確認", EN: "Eligibility confirmed"},
	insurer.ActLinked:    {JA: "カードとのひもづけ", EN: "Linked with a card"},
	insurer.ActByNumber:  {JA: "記号・番号による確認", EN: "Confirmed by numbers"},
	insurer.ActEntered:   {JA: "資格取得の登録", EN: "Entered"},
	insurer.ActLost:      {JA: "資格喪失の登録", EN: "Loss entered"},
	insurer.ActUnlinked:  {JA: "ひもづけの解除", EN: "Unlinked"},
}

// validities are the answers as the screens of the live system word them.
var validities = map[medical.Validity]ui.Text{
	medical.Valid:           {JA: "資格（有効）", EN: "Valid"},
	medical.Invalid:         {JA: "資格（無効）", EN: "Invalid"},
	medical.InvalidReplaced: {JA: "資格（無効・新資格あり）", EN: "Invalid: insured elsewhere"},
	medical.NoneFound:       {JA: "資格情報なし", EN: "None found"},
	medical.SeveralFound:    {JA: "資格（複数該当）", EN: "Several found"},
	medical.ValidUnlinked:   {JA: "資格（有効・未登録）", EN: "Valid: no card linked"},
}

// outcome says what came of an inquiry.
func outcome(v medical.Validity, code string) ui.Text {
	if code != "" {
		return reasonFor(code).Short
	}
	return validities[v]
}

var families = map[medical.Family]ui.Text{
	medical.Self:      {JA: "本人", EN: "Insured person"},
	medical.Dependant: {JA: "家族（被扶養者）", EN: "Family member"},
}

var losses = map[medical.LossReason]ui.Text{
	medical.LostByDeath:      {JA: "死亡", EN: "Death"},
	medical.LostByAssistance: {JA: "生活保護の受給", EN: "Public assistance"},
	medical.LostToOther:      {JA: "ほかの保険への加入（他資格）", EN: "Insured elsewhere"},
	medical.LostOtherwise:    {JA: "退職・転出など", EN: "Left work, moved away, or other"},
}

// lossReasons are the options of the form.
var lossReasons = []choice{
	{string(medical.LostOtherwise), losses[medical.LostOtherwise]},
	{string(medical.LostToOther), losses[medical.LostToOther]},
	{string(medical.LostByAssistance), losses[medical.LostByAssistance]},
	{string(medical.LostByDeath), losses[medical.LostByDeath]},
}

// itemWords is an item of the consent screen.
type itemWords struct{ Name, What ui.Text }

var items = map[medical.Item]itemWords{
	medical.Surgery:   {ui.Text{JA: "手術情報", EN: "Operations"}, ui.Text{JA: "過去5年間に受けた手術の名前と日付です。", EN: "Names and dates of operations in the past five years."}},
	medical.Diagnosis: {ui.Text{JA: "診療情報", EN: "Care"}, ui.Text{JA: "過去5年間に受診した医療機関と、診療の内容です。", EN: "Institutions and treatments of the past five years."}},
	medical.Drugs:     {ui.Text{JA: "薬剤情報", EN: "Medicines"}, ui.Text{JA: "過去5年間に処方された薬です。飲み合わせの確認に役立ちます。", EN: "Medicines prescribed in the past five years, to check what goes together."}},
	medical.Checkups:  {ui.Text{JA: "健診情報", EN: "Check-ups"}, ui.Text{JA: "過去5年間の特定健診などの結果です。", EN: "Results of health check-ups in the past five years."}},
}

// stateWords is a state of a visit, with the tone of its badge.
type stateWords struct {
	Text ui.Text
	Tone string
}

var states = map[reception.State]stateWords{
	reception.Asking:    {ui.Text{JA: "端末で操作中", EN: "At the terminal"}, "wait"},
	reception.Confirmed: {ui.Text{JA: "確認済み", EN: "Confirmed"}, "good"},
	reception.Attention: {ui.Text{JA: "要対応", EN: "Needs you"}, "bad"},
	reception.OnPaper:   {ui.Text{JA: "紙で受付・未確認", EN: "On paper, not settled"}, "wait"},
	reception.Settled:   {ui.Text{JA: "あとから確認済み", EN: "Confirmed later"}, "good"},
	reception.Gone:      {ui.Text{JA: "途中で終了", EN: "Left"}, "neutral"},
}

// wayText is a way by paper.
type wayText struct{ Name, What ui.Text }

var wayWords = map[reception.Way]wayText{
	reception.ByNotice: {
		ui.Text{JA: "資格情報のお知らせ", EN: "Notice of eligibility"},
		ui.Text{JA: "カードとあわせて、マイナポータルの画面又は「資格情報のお知らせ」を見せていただき、番号を写します。", EN: "With the card the patient shows the Mynaportal screen or the notice; copy the numbers."},
	},
	reception.ByWord: {
		ui.Text{JA: "口頭確認（再診）", EN: "By word (revisit)"},
		ui.Text{JA: "過去に受診したことのある方に、前回から資格に変わりがないことを口頭で確かめます。", EN: "Somebody who has been here before says that nothing has changed."},
	},
	reception.ByDeclaration: {
		ui.Text{JA: "被保険者資格申立書", EN: "Declaration of insurance"},
		ui.Text{JA: "初診で、番号が分からないときに書いていただきます。判明しないままのときは「不詳」として請求します。", EN: "At a first visit without numbers. What stays unknown is claimed as “unknown” (不詳)."},
	},
	reception.InFull: {
		ui.Text{JA: "全額（10割）の支払い", EN: "Payment in full"},
		ui.Text{JA: "いったん全額をお支払いいただき、後日、保険者に払い戻し（療養費）を申請していただきます。", EN: "The patient pays everything, and applies to the insurer for a refund later."},
	},
}

// sayings of the refusals.
var (
	sayNothing = rpweb.Say(
		ui.Text{JA: "記録がありません", EN: "There is no such record"},
		ui.Text{JA: "お探しの受付、又は被保険者の記録はありません。", EN: "No visit or insured person has this number."},
		ui.Text{JA: "一覧から選び直してください。", EN: "Please choose from the list."})
	sayState = rpweb.Say(
		ui.Text{JA: "この操作は、いまはできません", EN: "This cannot be done now"},
		ui.Text{JA: "ほかの画面で先に手続が進んでいます。", EN: "It has gone on elsewhere meanwhile."},
		ui.Text{JA: "最新の状態をご確認ください。", EN: "Please look at how it stands now."})
	sayMember = rpweb.Say(
		ui.Text{JA: "番号をお確かめください", EN: "Please check the numbers"},
		ui.Text{JA: "保険者番号（6桁又は8桁）、記号、番号、枝番、生年月日のどれかに誤りがあります。", EN: "The insurer’s number (six or eight digits), symbol, number, branch or date of birth is wrong."},
		ui.Text{JA: "お知らせのとおりに、数字で入力してください。", EN: "Enter the digits as the notice prints them."})
	sayPaper = rpweb.Say(
		ui.Text{JA: "入力の内容をお確かめください", EN: "Please check your input"},
		ui.Text{JA: "患者の氏名と負担割合が必要です。「資格情報のお知らせ」で受け付けるときは、保険者番号・記号・番号・枝番・生年月日も必要です。", EN: "A name and a share are needed; with a notice also its numbers and the date of birth."},
		ui.Text{JA: "入力し直してください。", EN: "Please enter them again."})
	sayOrder = rpweb.Say(
		ui.Text{JA: "処方の内容をお確かめください", EN: "Please check the prescription"},
		ui.Text{JA: "薬は1種類以上5種類まで、同じ薬は1回、1日量は20まで、日数は90日まで、使用回数は3回までです。理由は100字までです。",
			EN: "One to five different medicines, up to 20 units a day for up to 90 days, dispensed up to three times; reasons of up to 100 characters."},
		ui.Text{JA: "入力し直してください。", EN: "Please enter it again."})
	sayExists = rpweb.Say(
		ui.Text{JA: "同じ番号の方が登録されています", EN: "These numbers are taken"},
		ui.Text{JA: "記号・番号・枝番が同じ被保険者が台帳にあります。", EN: "Somebody with this symbol, number and branch is in the register."},
		ui.Text{JA: "枝番をご確認ください。", EN: "Please check the branch."})
	sayDetails = rpweb.Say(
		ui.Text{JA: "入力の内容をお確かめください", EN: "Please check your input"},
		ui.Text{JA: "氏名、カナ、住所、本人・家族の別、記号・番号（数字）、生年月日、資格取得日が必要です。", EN: "Name, kana, address, class, symbol and number in digits, date of birth and day of qualification are needed."},
		ui.Text{JA: "入力し直してください。", EN: "Please enter them again."})
	sayLoss = rpweb.Say(
		ui.Text{JA: "喪失を登録できません", EN: "The loss cannot be entered"},
		ui.Text{JA: "喪失日は資格取得日より後の日で、事由が必要です。すでに喪失している方には登録できません。", EN: "The day must be after the day of qualification, with a reason, and none may be entered yet."},
		ui.Text{JA: "日付と事由をお確かめください。", EN: "Please check the day and the reason."})
)
