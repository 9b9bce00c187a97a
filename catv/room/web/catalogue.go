package web

import (
	"example.jp/jpkimock/catv/health"
	"example.jp/jpkimock/internal/ui"
)

// How the house presents itself.
var (
	siteName    = ui.Text{JA: "みほんケーブルテレビ", EN: "Mihon Cable TV"}
	siteTagline = ui.Text{JA: "リモコンとカードで、くらしの用事を。", EN: "Everyday errands with a remote control and a card."}
	siteNav     = []ui.Link{
		{Text: ui.Text{JA: "テレビの画面", EN: "The set"}, Href: "/"},
		{Text: ui.Text{JA: "市民料金の申請", EN: "Resident price"}, Href: "/residency"},
		{Text: ui.Text{JA: "職員の方", EN: "Staff"}, Href: "/staff"},
	}
)

// MeasureWords are the words of a measure: of its chart, and of a value against
// its band.
type MeasureWords struct{ Title, Name, Unit, Band, Good, High, Low ui.Text }

var measureNames = map[health.Measure]MeasureWords{
	health.Weight: {
		ui.Text{JA: "体重のグラフ", EN: "Weight chart"}, ui.Text{JA: "体重", EN: "Weight"}, ui.Text{JA: "kg", EN: "kg"},
		ui.Text{JA: "みどりの帯は、身長と年齢に合った体重です（BMI {bmi}）。", EN: "The green band is the weight for your height and age (BMI {bmi})."},
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

// stepsBegun is said of a day before noon, when its goal says nothing yet.
func stepsBegun(goal float64) ui.Text {
	n := Thousands(int64(goal))
	return ui.Text{JA: "きょうはこれからです（目標 " + n + "歩）", EN: "Today has just begun (goal " + n + ")"}
}

// stepsLeft is said of a day whose goal is not reached: today's, or one before.
func stepsLeft(left float64, today bool) ui.Text {
	n := Thousands(int64(left))
	if !today {
		return ui.Text{JA: "目標まで、あと" + n + "歩でした", EN: n + " steps short of the goal"}
	}
	return ui.Text{JA: "目標まで、あと" + n + "歩", EN: n + " steps to the goal"}
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
