package web

import (
	"net/http"

	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/session"
	"example.jp/jpkimock/internal/staffroom"
	"example.jp/jpkimock/internal/ui"
)

// sayFrame has the words of the frame.
var sayFrame = struct {
	tagline, desks, signIn, backToResident ui.Text
}{
	tagline:        ui.Text{JA: "業務端末", EN: "Desks"},
	desks:          ui.Text{JA: "業務の選択", EN: "Choose a desk"},
	signIn:         ui.Text{JA: "職員のサインイン", EN: "Officer sign-in"},
	backToResident: ui.Text{JA: "住民の画面へ戻る", EN: "Back to the resident"},
}

// mock marks a name as that of the mock.
func mock(name ui.Text) ui.Text {
	return ui.Text{JA: name.JA + "（模擬）", EN: name.EN + " (mock)"}
}

// deskTagline says what an officer's desk is for, beside the name of the office.
func deskTagline(who desk.Officer) ui.Text {
	switch {
	case who.May(desk.RoleCounter):
		return ui.Text{JA: "住民窓口端末", EN: "Counter terminal"}
	case who.May(desk.RoleSuspension):
		return ui.Text{JA: "一時停止の受付", EN: "Suspension desk"}
	}
	return ui.Text{JA: "検証者の認定", EN: "Accreditation of verifiers"}
}

// deskWords are a desk's name and what it is for.
type deskWords struct{ Name, What ui.Text }

var (
	deskCounter = deskWords{
		ui.Text{JA: "市区町村窓口", EN: "Municipal counter"},
		ui.Text{JA: "住民の異動、カードと電子証明書の交付・更新・失効、紛失の届出、暗証番号の再設定を受け付けます。", EN: "Life events such as moves; issue, renewal and revocation of cards and certificates; lost cards; PINs."},
	}
	deskSuspension = deskWords{
		ui.Text{JA: "一時停止受付（24時間365日）", EN: "Suspension desk (24 hours)"},
		ui.Text{JA: "カードをなくした方からの電話を受け、両方の電子証明書を直ちに一時停止します。", EN: "Takes calls from people who have lost their card, and suspends both certificates immediately."},
	}
	deskVerifiers = deskWords{
		ui.Text{JA: "認定・検証者台帳", EN: "Register of verifiers"},
		ui.Text{JA: "検証者の認定の申請を審査し、認定の条件・停止・取消しを台帳に記録します。", EN: "Decides applications for accreditation, and sets conditions, suspensions and withdrawals."},
	}
	deskFees = deskWords{
		ui.Text{JA: "失効情報提供手数料", EN: "Revocation information fees"},
		ui.Text{JA: "検証者ごとの月次の明細と、手数料の単価を管理します。", EN: "Each verifier’s monthly statement, and the tariff."},
	}
)

// sayStaff is what the officers' sign-in says.
var sayStaff = staffroom.Words{
	Called: ui.Text{JA: "職員", EN: "Officer"},
	Wrong:  ui.Text{JA: "職員又は職員の鍵が違います。", EN: "The officer or the key is wrong."},
	Note: ui.Text{
		JA: "模擬環境での鍵は、公開されている試験用の文字列です。実際の窓口端末では、職員のICカードと生体認証でサインインします。",
		EN: "It is a published test string. A real terminal uses the officer’s IC card and a biometric check.",
	},
}

// KindName gives a kind of certificate in both languages.
func KindName(k jpki.Kind) ui.Text {
	switch k {
	case jpki.DigitalSignature:
		return ui.Text{JA: k.Japanese(), EN: "Digital signature certificate"}
	case jpki.UserAuthentication:
		return ui.Text{JA: k.Japanese(), EN: "User authentication certificate"}
	}
	return ui.Text{JA: k.Japanese(), EN: "Certificate of an unknown kind"}
}

// elsewherePage says which counter is responsible.
func elsewherePage(m desk.Municipality) ui.Refusal {
	town := TownName(m)
	return ui.Refusal{
		Status: http.StatusForbidden, Code: "other_municipality",
		Title: ui.Text{JA: town.JA + "の窓口が担当です", EN: "The counter of " + town.EN + " is responsible"},
		Body: ui.Text{
			JA: "この方の住民票は" + town.JA + "にあります。記録の閲覧も、カードや電子証明書の手続も、" + town.JA + "の窓口で行います。\nこちらの市区町村へ移ってきた方は、氏名と生年月日で検索すると、転入届を受け付けることができます。",
			EN: "The person is registered in " + town.EN + ", and only that counter may look at the record or act on card and certificates.\nSomebody who has moved to this municipality can be found by name and date of birth, to be entered here.",
		},
		Next: []ui.Link{{Text: ui.Text{JA: "住民の検索", EN: "Find a resident"}, Href: "/office/counter", Primary: true}, {Text: sayFrame.desks, Href: "/office"}},
	}
}

// endedPage tells how an officer's session ended.
func endedPage(why session.Ending) ui.Refusal {
	page := ui.Refusal{
		Status: http.StatusUnauthorized, Code: "no_session", Next: []ui.Link{{Text: sayFrame.signIn, Href: "/office/signin", Primary: true}},
		Title: ui.Text{JA: "サインインしてください", EN: "Please sign in"},
		Body:  ui.Text{JA: "この画面は、サインインした職員だけが使えます。", EN: "This page is for officers who have signed in."},
	}
	switch why {
	case session.EndedIdle:
		page.Title = ui.Text{JA: "操作がなかったため、サインアウトしました", EN: "Signed out due to inactivity"}
		page.Body = ui.Text{JA: "30分のあいだ操作がなかったため、安全のために業務を終了しました。確認前の届出は行われていません。\nサインインして、もう一度受け付けてください。", EN: "The session ended after 30 minutes without activity. Unconfirmed actions were not saved.\nPlease sign in and start again."}
	case session.EndedByAge, session.EndedElsewhere:
		page.Title = ui.Text{JA: "サインインの有効時間が過ぎました", EN: "Your session has ended"}
		page.Body = ui.Text{JA: "確認前の届出は行われていません。サインインして、もう一度受け付けてください。", EN: "Unconfirmed actions were not saved. Please sign in and start again."}
	}
	return page
}

// wrongPostPage offers to sign in as an officer who may, and the officer's own desks.
func wrongPostPage(signIn string) ui.Refusal {
	return ui.Refusal{
		Status: http.StatusForbidden, Code: "wrong_post",
		Title: ui.Text{JA: "この業務を行う権限がありません", EN: "This is not your desk"},
		Body:  ui.Text{JA: "サインインしている職員の担当ではない業務です。担当の業務へ戻るか、担当の職員としてサインインしてください。", EN: "Your role does not include this desk. Go back to your own, or sign in as an officer of this one."},
		Next: []ui.Link{
			{Text: ui.Text{JA: "担当の職員としてサインインする", EN: "Sign in as an officer of this desk"}, Href: signIn, Primary: true},
			{Text: sayFrame.desks, Href: "/office"},
		},
	}
}

var sayInvalid = ui.Text{JA: "入力内容をご確認ください", EN: "Please check your input"}

// fieldWords says what is wanted in a field that was refused.
func fieldWords(field string) ui.Text {
	switch field {
	case "name", "commonName":
		return ui.Text{JA: "氏名を、200文字以内で入力してください。", EN: "Enter the name, up to 200 characters."}
	case "registerName":
		return ui.Text{JA: "住民票の氏名の文字数が、証明書の氏名と違います。代替文字は、一文字ずつ置き換えます。", EN: "The name in the register must have the same number of characters as in the certificate."}
	case "address":
		return ui.Text{JA: "新しい住所を、200文字以内で入力してください。", EN: "Enter the new address, up to 200 characters."}
	case "registerAddress":
		return ui.Text{JA: "住民票の住所の文字数が、証明書の住所と違います。代替文字は、一文字ずつ置き換えます。", EN: "The address in the register must have the same number of characters as in the certificate."}
	case "why":
		return ui.Text{JA: "理由を、200文字以内で入力してください。", EN: "Enter the reason, up to 200 characters."}
	case "birth", "dateOfBirth":
		return ui.Text{JA: "生年月日を、平成2年4月12日 や H2.4.12 のように入力してください。", EN: "Enter the date of birth, for example 1990-04-12."}
	case "event":
		return ui.Text{JA: "登録されている内容と同じです。変わるところを入力してください。", EN: "This is what the register already says. Enter what changes."}
	case "card":
		return ui.Text{JA: "カードが複数あります。対象のカードを選んでください。", EN: "There is more than one card. Choose one."}
	case "kind":
		return ui.Text{JA: "電子証明書の種別を選んでください。", EN: "Choose a kind of certificate."}
	case "contact":
		return ui.Text{JA: "連絡先を、200文字以内で入力してください。", EN: "Enter a contact, up to 200 characters."}
	case "use":
		return ui.Text{JA: "利用する業務を、200文字以内で入力してください。", EN: "Enter what it will be used for, up to 200 characters."}
	case "gender":
		return ui.Text{JA: "性別を選んでください。", EN: "Choose a gender."}
	case "kana":
		return ui.Text{JA: "フリガナを、200文字以内で入力してください。", EN: "Enter the reading of the name."}
	case "nationality":
		return ui.Text{JA: "国コードを、MX のような英字2文字で入力してください。", EN: "Enter a two-letter country code, for example MX."}
	case "kinds":
		return ui.Text{JA: "電子証明書の種別を一つ以上選んでください。", EN: "Choose at least one kind of certificate."}
	case "cardExpires":
		return ui.Text{JA: "カードの有効期限を、令和12年1月31日 のように入力してください。", EN: "Enter the card’s expiry date, for example 2030-01-31."}
	case "day":
		return ui.Text{JA: "届出日から1年以内の日を入力してください。転出では14日前から、転入ではきょうまで、国外での継続利用では明日からです。", EN: "Enter a day within a year: for a move out from 14 days ago, for a move in up to today, to keep the card abroad from tomorrow."}
	case "romaji":
		return ui.Text{JA: "ローマ字氏名は、半角のアルファベットで入力してください。", EN: "Enter the name in Latin letters."}
	case "id":
		return ui.Text{JA: "検証者IDは、半角の英小文字・数字・「.」「_」「-」で、63文字以内で入力してください。", EN: "Enter an ID of up to 63 lower-case letters, digits and . _ -"}
	case "from":
		return ui.Text{JA: "適用開始日を、令和8年10月1日 のように入力してください。", EN: "Enter the start date, for example 2026-10-01."}
	case "from.past":
		return ui.Text{JA: "終わった月の手数料は、もう変えられません。今月の1日以後の日にしてください。", EN: "Fees for past months cannot change. Choose a day in this month or later."}
	case "tariff":
		return ui.Text{JA: "単価は200件まで記録できます。", EN: "At most 200 prices can be recorded."}
	case "yen":
		return ui.Text{JA: "単価を、0 以上の整数（円）で入力してください。", EN: "Enter the price in whole yen."}
	}
	return ui.Text{JA: "使えない文字があるか、長すぎます（200文字以内）。", EN: "The text contains characters that are not allowed, or is longer than 200 characters."}
}

// FieldWhy asks for the reason of an act, and proposes some.
func FieldWhy(proposals []ui.Text) Field {
	f := Field{
		Name: "why", Shape: "why", Required: true,
		Label: ui.Text{JA: "届出の理由・確認した書類", EN: "Reason"},
		Hint:  ui.Text{JA: "処理記録に残ります。暗証番号や個人番号は書かないでください。", EN: "Recorded in the journal. Never enter a PIN here."},
	}
	for _, p := range proposals {
		f.Options = append(f.Options, Option{Text: p})
	}
	return f
}

// FieldKinds asks for one or more kinds of certificate.
func FieldKinds(label ui.Text, kinds []jpki.Kind) Field {
	f := Field{Name: "kinds", Shape: "kinds", Required: true, Label: label}
	for _, k := range kinds {
		f.Options = append(f.Options, Option{Value: k.String(), Text: KindName(k)})
	}
	return f
}
