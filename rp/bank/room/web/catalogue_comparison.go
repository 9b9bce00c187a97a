package web

import (
	"strconv"

	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp/bank/cost"
)

var comparisonTitle = ui.Text{JA: "現況確認の費用の比較", EN: "The cost of keeping records up to date"}

// methodWords are the words of a method of keeping records up to date.
type methodWords struct{ name, how ui.Text }

var (
	byPost = methodWords{
		ui.Text{JA: "従来：全員に郵便で現況確認", EN: "Before: a letter to everybody"},
		ui.Text{JA: "お客さまの数 × 郵送料 ＋ 人件費（回答のないときは実地調査）", EN: "Customers × postage + labour (and a visit where there is no answer)"},
	}
	byCertificate = methodWords{
		ui.Text{JA: "公的個人認証：電子証明書をオンラインで確認", EN: "With the certificate: one question online"},
		ui.Text{JA: "失効情報提供手数料 ＋ 異動のあった人への照会", EN: "Fees for revocation information + asking those who changed"},
	}
)

// partWords are the words and the colour of each part of a cost.
var partWords = map[string]struct {
	label  ui.Text
	colour string
}{
	"postage":   {ui.Text{JA: "郵送料", EN: "Postage"}, "#a33a00"},
	"labour":    {ui.Text{JA: "人件費", EN: "Labour"}, "#d97a1e"},
	"visits":    {ui.Text{JA: "実地調査", EN: "Visits"}, "#7a5a3a"},
	"fees":      {ui.Text{JA: "失効情報提供手数料", EN: "Fees"}, "#0017c1"},
	"inquiries": {ui.Text{JA: "異動のあった人への照会", EN: "Asking those who changed"}, "#4979f5"},
}

// timesText writes how often a part of a cost comes in a year.
func timesText(n int64) ui.Text {
	s := ui.Thousands(strconv.FormatInt(n, 10))
	return ui.Text{JA: s + "件", EN: s}
}

// priceWords are the fields of the comparison.
var priceWords = map[string]struct{ label, unit ui.Text }{
	"customers":  {ui.Text{JA: "お客さまの数", EN: "Customers"}, ui.Text{JA: "人", EN: "people"}},
	"times":      {ui.Text{JA: "確認の回数", EN: "Change confirmations"}, ui.Text{JA: "回／年", EN: "a year"}},
	"postage":    {ui.Text{JA: "郵送料（往復）", EN: "Postage, out and back"}, ui.Text{JA: "円／通", EN: "yen each"}},
	"labour":     {ui.Text{JA: "人件費（発送・入力）", EN: "Labour for a letter"}, ui.Text{JA: "円／通", EN: "yen each"}},
	"unanswered": {ui.Text{JA: "回答のない割合", EN: "Letters not answered"}, ui.Text{JA: "％", EN: "percent"}},
	"visit":      {ui.Text{JA: "実地調査", EN: "Visit"}, ui.Text{JA: "円／件", EN: "yen each"}},
	"fee":        {ui.Text{JA: "失効情報提供手数料", EN: "Fee for an answer"}, ui.Text{JA: "円／件", EN: "yen each"}},
	"changed":    {ui.Text{JA: "異動のあった割合", EN: "Customers who changed"}, ui.Text{JA: "％", EN: "percent"}},
	"inquiry":    {ui.Text{JA: "異動のあった人への照会", EN: "Asking one who changed"}, ui.Text{JA: "円／人", EN: "yen each"}},
}

// boundsOf says what can be entered in a field.
func boundsOf(f cost.Field) ui.Text {
	if f.Share {
		low, high := cost.Share(f.Min).String(), cost.Share(f.Max).String()
		return ui.Text{JA: low + "から" + high + "までの数字で入力してください（小数点以下は2桁まで）。", EN: "Enter a number from " + low + " to " + high + ", with two decimals at most."}
	}
	low, high := strconv.FormatInt(f.Min, 10), ui.Thousands(strconv.FormatInt(f.Max, 10))
	return ui.Text{JA: low + "から" + high + "までの整数で入力してください。", EN: "Enter a whole number from " + low + " to " + high + "."}
}
