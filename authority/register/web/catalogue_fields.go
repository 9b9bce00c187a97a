package web

import (
	frame "example.jp/jpkimock/authority/desk/web"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/internal/ui"
)

// The fields of the counter's forms.

// fieldAddress asks for an address; the present one, if there is one, is told.
func fieldAddress(present string) frame.Field {
	f := frame.Field{
		Name: "address", Shape: "text", Label: ui.Text{JA: "新しい住所", EN: "New address"},
		Hint: ui.Text{JA: "都道府県と市区町村は省略できます。", EN: "You can leave out the prefecture and city."},
	}
	if present != "" {
		f.Hint.JA, f.Hint.EN = f.Hint.JA+"いまの住所："+present, f.Hint.EN+" Current address: "+present
	}
	return f
}

var fieldRegisterAddress = frame.Field{
	Name: "registerAddress", Shape: "text", Extra: true,
	Label: ui.Text{JA: "住民票の住所（代替文字を使うとき）", EN: "Address as written in the register"},
	Hint:  ui.Text{JA: "証明書に記録できない漢字があるとき、住民票どおりの住所を同じ文字数で入力します。", EN: "Enter this if the certificate needs substitute characters. Use the same number of characters."},
}

var fieldName = frame.Field{
	Name: "name", Shape: "text", Label: ui.Text{JA: "新しい氏名", EN: "New name"},
	Hint: ui.Text{JA: "氏と名の間は全角の空白で区切ります。", EN: "Put a space between the surname and the given name."},
}

var fieldKana = frame.Field{Name: "kana", Shape: "text", Label: ui.Text{JA: "フリガナ", EN: "Kana"}}

var fieldRomaji = frame.Field{Name: "romaji", Shape: "text", Label: ui.Text{JA: "ローマ字氏名", EN: "Romanised name"}, Hint: ui.Text{JA: "カードの追加記載。省略できます。", EN: "Printed on the card (optional)."}}

var fieldFormerSurname = frame.Field{Name: "formerSurname", Shape: "text", Label: ui.Text{JA: "旧氏", EN: "Former surname"}, Hint: ui.Text{JA: "住民票に残すときに入力します。", EN: "Enter this to keep it in the register."}}

var fieldRegisterName = frame.Field{
	Name: "registerName", Shape: "text", Extra: true,
	Label: ui.Text{JA: "住民票の氏名（代替文字を使うとき）", EN: "Name as written in the register"},
	Hint:  ui.Text{JA: "証明書に記録できない漢字があるとき、住民票どおりの氏名を同じ文字数で入力します。", EN: "Enter this if the certificate needs substitute characters. Use the same number of characters."},
}

var fieldBirth = frame.Field{
	Name: "birth", Shape: "day", Label: ui.Text{JA: "生年月日", EN: "Date of birth"},
	Hint: ui.Text{JA: "例：平成2年4月12日（H2.4.12 や 1990年4月12日 とも入力できます）", EN: "For example 1990-04-12."},
}

func fieldGender(optional bool) frame.Field {
	f := frame.Field{Name: "gender", Shape: "select", Required: !optional, Label: ui.Text{JA: "性別", EN: "Gender"}}
	first := ui.Text{JA: "選んでください", EN: "Choose"}
	if optional {
		first = ui.Text{JA: "訂正しない", EN: "do not change"}
	}
	f.Options = []frame.Option{{Value: "", Text: first}}
	for _, g := range []jpki.Gender{jpki.Female, jpki.Male, jpki.NotApplicable} {
		f.Options = append(f.Options, frame.Option{Value: string(g), Text: ui.Text{JA: g.Japanese(), EN: map[jpki.Gender]string{jpki.Female: "female", jpki.Male: "male", jpki.NotApplicable: "not applicable"}[g]}})
	}
	return f
}

// fieldCard asks for the card of an act, which must be told where the authority
// cannot know it.
func fieldCard(must bool) frame.Field {
	none := ui.Text{JA: "最新のカード", EN: "latest card"}
	if must {
		none = ui.Text{JA: "カードを選んでください", EN: "Choose a card"}
	}
	return frame.Field{
		Name: "card", Shape: "select", Label: ui.Text{JA: "対象のカード", EN: "Card"}, Required: must,
		Options: []frame.Option{{Value: "", Text: none}},
	}
}

var fieldCardExpires = frame.Field{
	Name: "cardExpires", Shape: "day", Label: ui.Text{JA: "カードの有効期限", EN: "Card expiry date"},
	Hint: ui.Text{JA: "通常は空欄にします（10回目の誕生日まで。18歳未満は5回目の誕生日まで）。在留期間に合わせるときに、令和12年1月31日 のように入力します。", EN: "Usually empty: the card expires on the tenth birthday, or the fifth if under 18. To match a period of stay, enter a date such as 2030-01-31."},
}

// fieldDayOf asks for the day of a move.
func fieldDayOf(e register.LifeEvent) frame.Field {
	f := frame.Field{
		Name: "day", Shape: "day", Label: ui.Text{JA: "転出（予定）日", EN: "Planned day of leaving"},
		Hint: ui.Text{JA: "令和8年4月30日 のように入力します。空欄はきょうになります。", EN: "For example 2026-04-30. Leave empty for today."},
	}
	if e == register.MoveIn {
		f.Label = ui.Text{JA: "引っ越した日", EN: "Day of the move"}
		f.Hint.JA += "14日を過ぎた届出では、カードが失効します。"
		f.Hint.EN += " After more than 14 days the card lapses."
	}
	return f
}

var fieldKeepCard = frame.Field{
	Name: "keepCard", Shape: "select", Label: ui.Text{JA: "国外でのカードの継続利用", EN: "Keeping the card abroad"},
	Hint: ui.Text{JA: "日本国籍の方が、転出する日の前日までに申し出たときに限ります。", EN: "For Japanese nationals who ask by the day before departure."},
	Options: []frame.Option{
		{Value: "", Text: ui.Text{JA: "継続利用しない（カードは失効）", EN: "not kept: the card lapses"}},
		{Value: "yes", Text: ui.Text{JA: "継続利用する", EN: "kept"}},
	},
}

func fieldKinds(e register.LifeEvent) frame.Field {
	f := frame.Field{Name: "kinds", Shape: "kinds", Required: true, Label: ui.Text{JA: "再発行する電子証明書", EN: "Certificates"}}
	if e == register.PINReset {
		f.Label = ui.Text{JA: "設定し直す暗証番号", EN: "PINs"}
	}
	for _, k := range jpki.Kinds() {
		text := frame.KindName(k)
		if e == register.PINReset {
			text, _ = pinName(k)
		}
		f.Options = append(f.Options, frame.Option{Value: k.String(), Text: text, Chosen: k == jpki.DigitalSignature})
	}
	return f
}

// sayNewcomer labels the fields of a first entry, before which there was
// nothing.
var sayNewcomer = struct{ name, address ui.Text }{
	name: ui.Text{JA: "氏名", EN: "Name"}, address: ui.Text{JA: "住所", EN: "Address"},
}

// newcomerWhys are the usual reasons for a first entry in the register.
var newcomerWhys = []ui.Text{
	{JA: "出生届", EN: "Notification of birth"}, {JA: "国外からの転入届", EN: "Arrival from abroad"}, {JA: "就籍届", EN: "Entry in a family register"}, {JA: "職権による記載", EN: "At the municipality’s own initiative"},
}

var fieldNationality = frame.Field{
	Name: "nationality", Shape: "text", Extra: true, Label: ui.Text{JA: "国籍・地域（外国人住民）", EN: "Nationality"},
	Hint: ui.Text{JA: "国コード2文字（例：MX）。日本国籍の方は空欄にします。", EN: "Two-letter country code, for example MX. Leave empty for Japan."},
}
