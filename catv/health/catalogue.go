package health

import "example.jp/jpkimock/catv"

// both is a name in both languages.
func both(ja, en string) catv.Name { return catv.Name{JA: ja, EN: en} }

// Choices gives the buttons of an answer set; none for an unknown one.
func Choices(set AnswerSet) []Choice {
	switch set {
	case "yes-no":
		return []Choice{{"yes", both("はい", "Yes")}, {"no", both("いいえ", "No")}}
	case "condition":
		return []Choice{
			{"good", both("よい", "Well")}, {"usual", both("いつもどおり", "As usual")}, {"bad", both("よくない", "Not well")},
			{"call", both("電話がほしい", "Please call me")},
		}
	case "visit":
		return []Choice{
			{"morning", both("午前がよい", "In the morning")}, {"afternoon", both("午後がよい", "In the afternoon")},
			{"no", both("今回は見送る", "Not this time")},
		}
	case "done":
		return []Choice{{"done", both("わかりました", "I see")}, {"call", both("電話がほしい", "Please call me")}}
	}
	return nil
}

// AnswerSets lists what the nurse can choose from.
func AnswerSets() []AnswerSet { return []AnswerSet{"condition", "yes-no", "visit", "done"} }

// Nurse is who signs the messages.
var Nurse = both("保健師　森下 恵", "Megumi Morishita, public-health nurse")

// Items lists the items of a check-up. The reference ranges are those of the
// specific health check-up (特定健診) and of 日本人間ドック学会.
func Items() []Item {
	return []Item{
		{ID: bmiItem, Name: both("BMI", "BMI"), Unit: "kg/m²", Places: 1, Least: 8, Most: 70}, // the range goes by age,
		{ID: "waist", Name: both("腹囲", "Waist"), Unit: "cm", Places: 1, High: 84.9, HighF: 89.9, Least: 30, Most: 220},
		{ID: "systolic", Name: both("血圧（上）", "Blood pressure, upper"), Unit: "mmHg", High: 129, Least: 50, Most: 280},
		{ID: "diastolic", Name: both("血圧（下）", "Blood pressure, lower"), Unit: "mmHg", High: 84, Least: 30, Most: 180},
		{ID: "ldl", Name: both("LDLコレステロール", "LDL cholesterol"), Unit: "mg/dL", Low: 60, High: 119, Least: 10, Most: 500},
		{ID: "hdl", Name: both("HDLコレステロール", "HDL cholesterol"), Unit: "mg/dL", Low: 40, Least: 5, Most: 200},
		{ID: "triglycerides", Name: both("中性脂肪", "Triglycerides"), Unit: "mg/dL", Low: 30, High: 149, Least: 10, Most: 3000},
		{ID: "glucose", Name: both("空腹時血糖", "Fasting glucose"), Unit: "mg/dL", High: 99, Least: 20, Most: 800},
		{ID: "hba1c", Name: both("HbA1c", "HbA1c"), Unit: "%", Places: 1, High: 5.5, Least: 3, Most: 20},
		{ID: "ast", Name: both("AST（GOT）", "AST"), Unit: "U/L", High: 30, Least: 1, Most: 3000},
		{ID: "alt", Name: both("ALT（GPT）", "ALT"), Unit: "U/L", High: 30, Least: 1, Most: 3000},
		{ID: "ggt", Name: both("γ-GT", "Gamma-GT"), Unit: "U/L", High: 50, Least: 1, Most: 3000},
	}
}

// welcomeLetters are what a participant finds on the first visit.
func welcomeLetters(p catv.Profile, today catv.Day) ([]Message, []Reminder) {
	messages := []Message{{
		From: Nurse, Answers: "done",
		Text: both(
			"みほん市の健康づくり事業にご参加いただき、ありがとうございます。毎日の体重・歩数・血圧は、ここでごらんになれます。心配なことがあれば、ボタンでお知らせください。",
			"Thank you for joining Mihon City's health programme. Your weight, steps and blood pressure of each day are shown here. If anything worries you, let us know with a button.",
		),
	}, {
		From: Nurse, Answers: "condition",
		Text: both("この1週間の体の調子は、いかがですか。", "How have you been this past week?"),
	}}
	reminders := []Reminder{
		{Text: both("朝、血圧をはかる", "Measure your blood pressure in the morning"), Due: today},
		{Text: both("歩数計の電池をかえる", "Change the pedometer's battery"), Due: today + 9},
	}
	switch age := today.Year() - p.Born; {
	case age >= 65:
		messages = append(messages, Message{From: Nurse, Answers: "visit", Text: both(
			"来月、家庭訪問にうかがいます。ご都合のよい時間を教えてください。",
			"I will visit you at home next month. Which time suits you?",
		)})
		reminders = append(reminders, Reminder{Text: both("肺炎球菌ワクチンの予約", "Book your pneumococcal vaccination"), Due: today + 20})
	case age >= 20:
		messages = append(messages, Message{From: Nurse, Answers: "yes-no", Text: both(
			"ことしの特定健診の申込みが始まりました。受けられますか。",
			"This year's check-ups can be booked now. Will you take one?",
		)})
		reminders = append(reminders, Reminder{Text: both("特定健診の申込み", "Apply for your check-up"), Due: today + 30})
	default:
		reminders = append(reminders, Reminder{Text: both("歯科健診", "Dental check-up"), Due: today + 14})
	}
	return messages, reminders
}
