package web

import (
	frame "example.jp/jpkimock/authority/desk/web"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/internal/ui"
)

// callWhys are the usual reasons of a caller.
var callWhys = []ui.Text{
	{JA: "紛失の申出（電話）", EN: "Lost, by telephone"}, {JA: "盗難の申出（電話）", EN: "Stolen, by telephone"},
	{JA: "所在不明のため一時停止の申出（電話）", EN: "Cannot be found, by telephone"},
}

// whyOfCall is the reason that a caller gives.
func whyOfCall() frame.Field {
	f := frame.FieldWhy(callWhys)
	f.Label = ui.Text{JA: "申出の内容", EN: "What the caller reports"}
	f.Hint = ui.Text{JA: "いつ、どこでなくしたか。処理記録に残ります。暗証番号は聞きません。", EN: "When and where the card was lost. Recorded in the journal. Never ask for a PIN."}
	return f
}

// timelineWords name the lines of the journal that the timeline shows.
var timelineWords = map[string]ui.Text{
	string(register.Loss):       {JA: "紛失の届出を受付", EN: "Loss reported"},
	"suspended":                 {JA: "両方の電子証明書を一時停止", EN: "Certificates suspended"},
	"resumed":                   {JA: "一時停止を解除", EN: "Suspension lifted"},
	string(register.Found):      {JA: "カードの発見", EN: "Card found"},
	string(register.LossFinal):  {JA: "紛失による失効", EN: "Revoked as lost"},
	string(register.CardReturn): {JA: "カードの返納", EN: "Card returned"},
}

// sayTimeline has what is still to come.
var sayTimeline = struct{ call, suspend, suspendNote, counter, counterNote ui.Text }{
	call:        ui.Text{JA: "お電話の受付", EN: "The call"},
	suspend:     ui.Text{JA: "一時停止", EN: "Suspension"},
	suspendNote: ui.Text{JA: "確定すると直ちに有効になります", EN: "Takes effect when you confirm"},
	counter:     ui.Text{JA: "市区町村の窓口で", EN: "At the municipal counter"},
	counterNote: ui.Text{JA: "見つかったときは利用者証明用の解除と署名用の再発行、見つからないときは失効と再交付。電話では解除できません", EN: "If the card is found, authentication resumes and the signature certificate is reissued; otherwise both are revoked and a new card issued. Not possible by telephone"},
}
