package catv

// Town is the municipality whose facilities and health programme these are
// (みほん市). townAddress is how an address in it begins.
var Town = Name{"みほん市", "Mihon City"}

const townAddress = "青葉県みほん市"

// Facilities lists what can be booked.
func Facilities() []Facility {
	day := []Slot{{9, 11}, {11, 13}, {13, 15}, {15, 17}, {17, 19}, {19, 21}}
	rooms := []Slot{{9, 12}, {13, 17}, {18, 21}}
	daylight := []Slot{{9, 11}, {11, 13}, {13, 15}, {15, 17}}
	return []Facility{
		{
			ID: "gym", Name: Name{"体育館", "Gymnasium"}, Place: Name{"総合体育館　大アリーナ半面", "City arena, half of the hall"},
			Slots: day, Price: 800, DaysAhead: 60, Others: OthersRule{Allowed: true, Price: 1600, DaysAhead: 14}, CancelHours: 72,
		},
		{
			ID: "meeting-large", Name: Name{"会議室　大", "Meeting room, large"}, Place: Name{"市民会館２階（４０人）", "Civic hall, 2nd floor, 40 seats"},
			Slots: rooms, Price: 1200, DaysAhead: 90, Others: OthersRule{Allowed: true, Price: 1800, DaysAhead: 30}, CancelHours: 72,
		},
		{
			ID: "meeting-small", Name: Name{"会議室　小", "Meeting room, small"}, Place: Name{"市民会館１階（１２人）", "Civic hall, ground floor, 12 seats"},
			Slots: rooms, Price: 600, DaysAhead: 90, Others: OthersRule{Allowed: true, Price: 900, DaysAhead: 30}, CancelHours: 24,
		},
		{
			ID: "tennis-1", Name: Name{"テニスコート１", "Tennis court 1"}, Place: Name{"みどり台公園", "Midoridai Park"},
			Slots: daylight, Price: 500, DaysAhead: 30, Others: OthersRule{Allowed: true, Price: 1000, DaysAhead: 7}, CancelHours: 24,
		},
		{
			ID: "tennis-2", Name: Name{"テニスコート２", "Tennis court 2"}, Place: Name{"みどり台公園", "Midoridai Park"},
			Slots: daylight, Price: 500, DaysAhead: 30, Others: OthersRule{Allowed: true, Price: 1000, DaysAhead: 7}, CancelHours: 24,
		},
		{
			ID: "kitchen", Name: Name{"調理室", "Kitchen"}, Place: Name{"公民館２階（調理台４台）", "Community centre, 2nd floor, 4 stoves"},
			Slots: rooms, Price: 700, DaysAhead: 60, CancelHours: 48,
		},
	}
}

// Choices gives the buttons of an answer set; none for an unknown one.
func Choices(set AnswerSet) []Choice {
	switch set {
	case "yes-no":
		return []Choice{{"yes", Name{"はい", "Yes"}}, {"no", Name{"いいえ", "No"}}}
	case "condition":
		return []Choice{
			{"good", Name{"よい", "Well"}}, {"usual", Name{"いつもどおり", "As usual"}}, {"bad", Name{"よくない", "Not well"}},
			{"call", Name{"電話がほしい", "Please call me"}},
		}
	case "visit":
		return []Choice{
			{"morning", Name{"午前がよい", "In the morning"}}, {"afternoon", Name{"午後がよい", "In the afternoon"}},
			{"no", Name{"今回は見送る", "Not this time"}},
		}
	case "done":
		return []Choice{{"done", Name{"わかりました", "I see"}}, {"call", Name{"電話がほしい", "Please call me"}}}
	}
	return nil
}

// AnswerSets lists what the nurse can choose from.
func AnswerSets() []AnswerSet { return []AnswerSet{"condition", "yes-no", "visit", "done"} }

// Nurse is who signs the messages.
var Nurse = Name{"保健師　森下 恵", "Megumi Morishita, public-health nurse"}

// Items lists the items of a check-up. The reference ranges are those of the
// specific health check-up (特定健診) and of 日本人間ドック学会.
func Items() []Item {
	return []Item{
		{ID: "bmi", Name: Name{"BMI", "BMI"}, Unit: "kg/m²", Places: 1, Low: 18.5, High: 24.9, Least: 8, Most: 70},
		{ID: "waist", Name: Name{"腹囲", "Waist"}, Unit: "cm", Places: 1, High: 84.9, HighF: 89.9, Least: 30, Most: 220},
		{ID: "systolic", Name: Name{"血圧（上）", "Blood pressure, upper"}, Unit: "mmHg", High: 129, Least: 50, Most: 280},
		{ID: "diastolic", Name: Name{"血圧（下）", "Blood pressure, lower"}, Unit: "mmHg", High: 84, Least: 30, Most: 180},
		{ID: "ldl", Name: Name{"LDLコレステロール", "LDL cholesterol"}, Unit: "mg/dL", Low: 60, High: 119, Least: 10, Most: 500},
		{ID: "hdl", Name: Name{"HDLコレステロール", "HDL cholesterol"}, Unit: "mg/dL", Low: 40, Least: 5, Most: 200},
		{ID: "triglycerides", Name: Name{"中性脂肪", "Triglycerides"}, Unit: "mg/dL", Low: 30, High: 149, Least: 10, Most: 3000},
		{ID: "glucose", Name: Name{"空腹時血糖", "Fasting glucose"}, Unit: "mg/dL", High: 99, Least: 20, Most: 800},
		{ID: "hba1c", Name: Name{"HbA1c", "HbA1c"}, Unit: "%", Places: 1, High: 5.5, Least: 3, Most: 20},
		{ID: "ast", Name: Name{"AST（GOT）", "AST"}, Unit: "U/L", High: 30, Least: 1, Most: 3000},
		{ID: "alt", Name: Name{"ALT（GPT）", "ALT"}, Unit: "U/L", High: 30, Least: 1, Most: 3000},
		{ID: "ggt", Name: Name{"γ-GT", "Gamma-GT"}, Unit: "U/L", High: 50, Least: 1, Most: 3000},
	}
}

// welcomeLetters are what a participant finds on the first visit.
func welcomeLetters(p Profile, today Day) ([]Message, []Reminder) {
	messages := []Message{{
		From: Nurse, Answers: "done",
		Text: Name{
			"みほん市の健康づくり事業にご参加いただき、ありがとうございます。毎日の体重・歩数・血圧は、ここでごらんになれます。心配なことがあれば、ボタンでお知らせください。",
			"Thank you for joining Mihon City's health programme. Your weight, steps and blood pressure of each day are shown here. If anything worries you, let us know with a button.",
		},
	}, {
		From: Nurse, Answers: "condition",
		Text: Name{"この１週間の体の調子は、いかがですか。", "How have you been this past week?"},
	}}
	reminders := []Reminder{
		{Text: Name{"朝、血圧をはかる", "Measure your blood pressure in the morning"}, Due: today},
		{Text: Name{"歩数計の電池をかえる", "Change the pedometer's battery"}, Due: today + 9},
	}
	switch age := today.Year() - p.Born; {
	case age >= 65:
		messages = append(messages, Message{From: Nurse, Answers: "visit", Text: Name{
			"来月、家庭訪問にうかがいます。ご都合のよい時間を教えてください。",
			"I will visit you at home next month. Which time suits you?",
		}})
		reminders = append(reminders, Reminder{Text: Name{"肺炎球菌ワクチンの予約", "Book your pneumococcal vaccination"}, Due: today + 20})
	case age >= 20:
		messages = append(messages, Message{From: Nurse, Answers: "yes-no", Text: Name{
			"ことしの特定健診の申込みが始まりました。受けられますか。",
			"This year's check-ups can be booked now. Will you take one?",
		}})
		reminders = append(reminders, Reminder{Text: Name{"特定健診の申込み", "Apply for your check-up"}, Due: today + 30})
	default:
		reminders = append(reminders, Reminder{Text: Name{"歯科健診", "Dental check-up"}, Due: today + 14})
	}
	return messages, reminders
}

// residencyForm is the application for the resident price (市民料金の利用申請書) as the
// viewer reads it in the card client's window and signs it.
const residencyForm = `　　　　施設の市民料金　利用申請書

{{.Town}}長　様

申請番号　　{{.Number}}
申請日時　　{{.Date}}
　　　　　　{{.Time}}（日本時間）
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

// Nicknames are what a viewer with a remote control can choose from.
func Nicknames() []Name {
	return []Name{
		{"おとうさん", "Dad"}, {"おかあさん", "Mum"}, {"おじいちゃん", "Grandpa"}, {"おばあちゃん", "Grandma"},
		{"おにいちゃん", "Big bro"}, {"おねえちゃん", "Big sis"}, {"さくら", "Sakura"}, {"はな", "Hana"}, {"たろう", "Taro"}, {"ひなた", "Hinata"},
		{"みどり", "Midori"}, {"あおば", "Aoba"}, {"そら", "Sora"}, {"うみ", "Umi"}, {"ほし", "Hoshi"}, {"つき", "Tsuki"},
	}
}
