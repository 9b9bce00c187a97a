package web

import (
	"cmp"
	"fmt"
	"strconv"

	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/internal/session"
	"example.jp/jpkimock/internal/ui"
)

// sayOffice has the words of the offices' frame.
var sayOffice = struct {
	tagline, desks, signIn, publicList, backToResident, apply, applied, key ui.Text
}{
	tagline:        ui.Text{JA: "業務端末", EN: "Offices"},
	desks:          ui.Text{JA: "業務の選択", EN: "Choose an office"},
	signIn:         ui.Text{JA: "職員のサインイン", EN: "Officers' sign-in"},
	publicList:     ui.Text{JA: "認定検証者の名簿", EN: "Accredited verifiers"},
	backToResident: ui.Text{JA: "住民の画面へ戻る", EN: "Back to the resident"},
	apply:          ui.Text{JA: "検証者の認定の申請", EN: "Apply for accreditation"},
	applied:        ui.Text{JA: "認定の申請を受け付けました", EN: "Your application was taken in"},
	key:            ui.Text{JA: "検証者を認定しました", EN: "The verifier is accredited"},
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
		ui.Text{JA: "住民の異動、カードと電子証明書の交付・更新・失効、紛失の届出、暗証番号の再設定を受け付けます。", EN: "Moves and other life events, issue, renewal and revocation of cards and certificates, losses, PINs."},
	}
	deskSuspension = deskWords{
		ui.Text{JA: "一時停止受付（24時間365日）", EN: "Suspension desk (day and night)"},
		ui.Text{JA: "カードをなくした方からの電話を受け、両方の電子証明書を直ちに一時停止します。", EN: "Takes the calls of people who lost their cards, and suspends both certificates at once."},
	}
	deskVerifiers = deskWords{
		ui.Text{JA: "認定・検証者台帳", EN: "Register of verifiers"},
		ui.Text{JA: "検証者の認定の申請を審査し、認定の条件・停止・取消しを台帳に記録します。", EN: "Decides on applications for accreditation; conditions, suspension and withdrawal."},
	}
	deskFees = deskWords{
		ui.Text{JA: "失効情報提供手数料", EN: "Revocation information fees"},
		ui.Text{JA: "検証者ごとの月次の明細と、手数料の単価を管理します。", EN: "Monthly statements of each verifier, and the tariff."},
	}
)

// pageTitles of the desks' pages.
var pageTitles = struct {
	counter, newcomer, suspension, holder, suspended, publicVerifiers, verifiers, verifier, application, fees ui.Text
}{
	counter:         ui.Text{JA: "住民の検索", EN: "Find a resident"},
	newcomer:        ui.Text{JA: "新しい住民の登録", EN: "Enter a new resident"},
	suspension:      ui.Text{JA: "電子証明書の一時停止の受付", EN: "Suspend somebody’s certificates"},
	holder:          ui.Text{JA: "ご本人の確認と一時停止", EN: "The caller, and what will be suspended"},
	suspended:       ui.Text{JA: "一時停止しました", EN: "Suspended"},
	publicVerifiers: ui.Text{JA: "認定検証者の名簿（停止中・取消しを含む）", EN: "Accredited verifiers, with those suspended and withdrawn"},
	verifiers:       ui.Text{JA: "認定・検証者台帳", EN: "Register of verifiers"},
	verifier:        ui.Text{JA: "検証者の台帳", EN: "Verifier"},
	application:     ui.Text{JA: "認定の申請の審査", EN: "Application for accreditation"},
	fees:            ui.Text{JA: "失効情報提供手数料", EN: "Revocation information fees"},
}

// kindName gives a kind of certificate in both languages.
func kindName(k jpki.Kind) ui.Text {
	switch k {
	case jpki.DigitalSignature:
		return ui.Text{JA: k.Japanese(), EN: "Digital signature certificate"}
	case jpki.UserAuthentication:
		return ui.Text{JA: k.Japanese(), EN: "User authentication certificate"}
	}
	return ui.Text{JA: k.Japanese(), EN: "Certificate of an unknown kind"}
}

// pinName gives the name of a kind's PIN, and the rule for it.
func pinName(k jpki.Kind) (name, rule ui.Text) {
	if k == jpki.DigitalSignature {
		return ui.Text{JA: "署名用パスワード", EN: "Signature password"}, ui.Text{JA: "6〜16文字。数字（0〜9）と英大文字（A〜Z）", EN: "6 to 16 of digits and capital letters"}
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
		jpki.Unspecified: "交付前の破棄", jpki.KeyCompromise: "秘密鍵の危殆化又はそのおそれ", jpki.CACompromise: "認証局の秘密鍵の危殆化",
		jpki.AffiliationChanged: "記載事項（氏名・住所等）の異動", jpki.Superseded: "新しい電子証明書への更新",
		jpki.CessationOfOperation: "利用の必要がなくなったこと（返納・死亡等）", jpki.CertificateHold: "一時停止",
	}
	return ui.Text{JA: cmp.Or(ja[r], r.Japanese()), EN: en[r]}
}

// stateName gives a certificate's state, and the badge it is shown with.
func stateName(state string) (name ui.Text, tone string) {
	switch state {
	case "good":
		return ui.Text{JA: "有効", EN: "Valid"}, "good"
	case "suspended":
		return ui.Text{JA: "一時停止", EN: "Suspended"}, "wait"
	case "revoked":
		return ui.Text{JA: "失効", EN: "Revoked"}, "bad"
	case "expired":
		return ui.Text{JA: "有効期間満了", EN: "Expired"}, "neutral"
	case "issued":
		return ui.Text{JA: "新しく発行", EN: "Newly issued"}, "good"
	case "discarded":
		return ui.Text{JA: "交付前破棄", EN: "Discarded"}, "neutral"
	}
	return ui.Text{JA: "なし", EN: "None"}, "neutral"
}

// cardStateName gives a card's state, and its badge.
func cardStateName(s register.CardState) (name ui.Text, tone string) {
	switch s {
	case register.CardInUse:
		return ui.Text{JA: "使用中", EN: "In use"}, "good"
	case register.CardLost:
		return ui.Text{JA: "紛失届出中", EN: "Reported lost"}, "wait"
	case register.CardVoid:
		return ui.Text{JA: "廃止", EN: "Void"}, "bad"
	case register.CardReturned:
		return ui.Text{JA: "返納済み", EN: "Returned"}, "neutral"
	case register.CardReplaced:
		return ui.Text{JA: "交換済み", EN: "Replaced"}, "neutral"
	}
	return ui.Text{JA: string(s), EN: string(s)}, "neutral"
}

// standingName gives what ended an entry in the register.
func standingName(s register.Standing) (name ui.Text, tone string) {
	switch s {
	case register.StandingResident:
		return ui.Text{JA: "住民", EN: "Resident"}, "good"
	case register.StandingMovedOut:
		return ui.Text{JA: "転出（転入先で届出前）", EN: "Moved out, not yet moved in"}, "wait"
	case register.StandingDead:
		return ui.Text{JA: "死亡により除票", EN: "Dead"}, "bad"
	case register.StandingAbroad:
		return ui.Text{JA: "国外転出により除票", EN: "Moved abroad"}, "bad"
	case register.StandingRemoved:
		return ui.Text{JA: "職権により消除", EN: "Struck off"}, "bad"
	}
	return ui.Text{JA: string(s), EN: string(s)}, "neutral"
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

// lineName gives what a line of the journal did.
func lineName(act string) ui.Text {
	if e := register.LifeEvent(act); e.Valid() {
		return eventWords(e).Name
	}
	switch act {
	case "issued":
		return ui.Text{JA: "発行", EN: "Issued"}
	case "handed over":
		return ui.Text{JA: "カードに記録", EN: "written onto the card"}
	case "discarded":
		return ui.Text{JA: "交付前に破棄", EN: "discarded before hand-over"}
	case "revoked":
		return ui.Text{JA: "失効", EN: "Revoked"}
	case "suspended":
		return ui.Text{JA: "一時停止", EN: "Suspended"}
	case "resumed":
		return ui.Text{JA: "一時停止を解除", EN: "Suspension lifted"}
	case register.ActEntered:
		return ui.Text{JA: "住民票に記載", EN: "Entered in the register"}
	}
	return ui.Text{JA: act, EN: act}
}

// elsewhereSaying says which office is responsible.
func elsewhereSaying(m desk.Municipality) saying {
	town := townName(m)
	return saying{
		ui.Text{JA: town.JA + "の窓口が担当です", EN: "The counter of " + town.EN + " is responsible"},
		ui.Text{
			JA: "この方の住民票は" + town.JA + "にあります。記録の閲覧も、カードや電子証明書の手続も、" + town.JA + "の窓口で行います。\nこちらの市区町村へ移ってきた方は、氏名と生年月日で検索すると、転入届を受け付けることができます。",
			EN: "The person is registered in " + town.EN + ", and only that counter may look at the record or act on card and certificates.\nWhoever has moved to this municipality is found by name and date of birth, to be entered here.",
		},
	}
}

// endedSaying tells how an officer's session ended.
func endedSaying(why session.Ending) saying {
	say := saying{
		ui.Text{JA: "サインインしてください", EN: "Please sign in"},
		ui.Text{JA: "この画面は、サインインした職員だけが使えます。", EN: "This page is for officers who have signed in."},
	}
	switch why {
	case session.EndedIdle:
		say = saying{
			ui.Text{JA: "操作がなかったため、サインアウトしました", EN: "You were signed out for want of use"},
			ui.Text{JA: "30分のあいだ操作がなかったため、安全のために業務を終了しました。確認前の届出は行われていません。\nサインインして、もう一度受け付けてください。", EN: "Nothing was done for 30 minutes, so the session ended. What was not confirmed was not done.\nPlease sign in and begin again."},
		}
	case session.EndedByAge, session.EndedElsewhere:
		say = saying{
			ui.Text{JA: "サインインの有効時間が過ぎました", EN: "Your session has ended"},
			ui.Text{JA: "確認前の届出は行われていません。サインインして、もう一度受け付けてください。", EN: "What was not confirmed was not done. Please sign in and begin again."},
		}
	}
	return say
}

// Refusals.
var (
	sayPaperGone = saying{
		ui.Text{JA: "この届出は、確認を待っていません", EN: "This act does not wait for confirmation"},
		ui.Text{JA: "すでに実行されたか、時間がたって取り消されています。同じ手続が二度行われることはありません。\n住民の画面の処理記録でご確認ください。", EN: "It was done already, or dropped meanwhile. Nothing is ever done twice.\nPlease look at the journal of the resident."},
	}
	sayNoResult = saying{
		ui.Text{JA: "この結果は、もう表示できません", EN: "This result cannot be shown any more"},
		ui.Text{JA: "結果は処理記録に残っています。", EN: "What was done is in the journal."},
	}
	sayWrongPost = saying{
		ui.Text{JA: "この業務を行う権限がありません", EN: "This is not your desk"},
		ui.Text{JA: "サインインしている職員の担当ではない業務です。担当の業務へ戻るか、担当の職員としてサインインしてください。", EN: "Your post does not allow this. Go back to your desk, or sign in as an officer of this one."},
	}
	sayInvalid = saying{
		ui.Text{JA: "入力内容をご確認ください", EN: "Please check what you entered"}, ui.Text{},
	}
	sayCardHouse = saying{
		ui.Text{JA: "カードに書き込めませんでした", EN: "The card could not be written"},
		ui.Text{JA: "カードの発行装置が応答しないか、書込みを断りました。発行しかけた電子証明書は破棄され、これまでの電子証明書はそのまま残っています。\nしばらくしてから、もう一度お試しください。", EN: "The card house did not answer, or refused. What was being issued has been discarded; the former certificates stand as before.\nPlease try again in a while."},
	}
	sayNoResident       = saying{ui.Text{JA: "該当する住民が見つかりません", EN: "No such resident"}, ui.Text{JA: "氏名・生年月日・住所を確かめて、もう一度検索してください。", EN: "Please check name, date of birth and address, and search again."}}
	sayResidentExists   = saying{ui.Text{JA: "すでに登録されている住民です", EN: "The resident is registered already"}, ui.Text{JA: "検索して、登録されている内容をご確認ください。", EN: "Please search the register."}}
	sayNoCard           = saying{ui.Text{JA: "対象のカードがありません", EN: "There is no such card"}, ui.Text{JA: "この住民にはカードが交付されていないか、指定したカードがこの住民のものではありません。", EN: "The resident was issued no card, or the card is not the resident’s."}}
	sayCardExists       = saying{ui.Text{JA: "このカードは使えません", EN: "This card cannot be used"}, ui.Text{JA: "別の住民に交付されたカードです。", EN: "It was issued to somebody else."}}
	sayCardExpired      = saying{ui.Text{JA: "カードの有効期限が過ぎています", EN: "The card has expired"}, ui.Text{JA: "カードの更新（新しいカードの交付）を受け付けてください。", EN: "Please issue a new card."}}
	sayCardNotInUse     = saying{ui.Text{JA: "使用中のカードではありません", EN: "The card is not in use"}, ui.Text{JA: "紛失届出中・廃止・返納済みなどのカードには、この手続を行えません。", EN: "The card is lost, void, returned or replaced."}}
	sayCardNotLost      = saying{ui.Text{JA: "紛失の届出がされていません", EN: "The card was not reported lost"}, ui.Text{JA: "紛失の届出中のカードについての手続です。", EN: "This is for a card that was reported lost."}}
	sayResidesHere      = saying{ui.Text{JA: "すでにこの市区町村の住民です", EN: "Lives in this municipality"}, ui.Text{JA: "同じ市区町村の中での引っ越しは、転居として受け付けてください。", EN: "Please take a move within the municipality."}}
	sayNotRegistered    = saying{ui.Text{JA: "この届出の対象となる住民ではありません", EN: "The entry in the register does not allow this"}, ui.Text{JA: "転出・死亡・国外転出などにより、住民票の状態がこの届出に合いません。", EN: "The person has moved out, died, moved abroad or is otherwise not in a state for this act."}}
	sayTooEarly         = saying{ui.Text{JA: "まだ更新できません", EN: "Too early to renew"}, ui.Text{JA: "電子証明書の更新は、有効期間が満了する日の3か月前の翌日から受け付けます。", EN: "Certificates can be renewed when less than three months of their validity are left."}}
	sayTooYoung         = saying{ui.Text{JA: "15歳未満の方には発行できません", EN: "Not issued under the age of 15"}, ui.Text{JA: "署名用電子証明書は、15歳以上の方に発行します。利用者証明用電子証明書は発行できます。", EN: "The digital signature certificate is for persons of 15 and over. The user authentication certificate can be issued."}}
	sayNothingToDo      = saying{ui.Text{JA: "この手続で変わるものがありません", EN: "Nothing is left to do"}, ui.Text{JA: "カードと電子証明書は、すでにこの手続のあとの状態です。", EN: "Card and certificates are already as this act would leave them."}}
	sayAlreadySuspended = saying{ui.Text{JA: "すでに一時停止されています", EN: "Suspended already"}, ui.Text{JA: "両方の電子証明書は、すでに一時停止されています。解除は市区町村の窓口で行います。", EN: "The certificates are suspended already. The municipal counter can lift it."}}
	sayOutsideCA        = saying{ui.Text{JA: "認証局の有効期間の外です", EN: "Outside the validity of the CA"}, ui.Text{JA: "模擬時刻が認証局証明書の有効期間の外にあるため、発行できません。", EN: "The simulated clock stands outside the validity of the CA certificate."}}
	sayChangedMeanwhile = saying{ui.Text{JA: "受付の途中で、住民票かカードの状態が変わりました", EN: "The entry or the card has changed meanwhile"}, ui.Text{JA: "別の届出が先に記録されました。発行しかけた電子証明書は破棄しました。\n住民の画面で状態を確かめてから、もう一度受け付けてください。", EN: "Another act was recorded first. What was being issued has been discarded.\nPlease look at the resident’s page and begin again."}}
	sayNoCardWriter     = saying{ui.Text{JA: "カードの発行装置がありません", EN: "There is no card writer"}, ui.Text{JA: "この環境は、カードへの書込みができない設定で起動しています。", EN: "This authority was started without a way to write cards."}}

	sayNoVerifier          = saying{ui.Text{JA: "台帳にない検証者です", EN: "No such verifier"}, ui.Text{JA: "検証者の一覧から選んでください。", EN: "Please choose from the list."}}
	sayVerifierExists      = saying{ui.Text{JA: "その検証者IDは使われています", EN: "The verifier’s ID is taken"}, ui.Text{JA: "別の検証者IDを指定してください。", EN: "Please choose another ID."}}
	sayVerifierWithdrawn   = saying{ui.Text{JA: "認定は取り消されています", EN: "The accreditation was withdrawn"}, ui.Text{JA: "取り消された認定は元に戻りません。改めて申請を受け付けてください。", EN: "A withdrawn accreditation does not come back. A new application is needed."}}
	sayNoApplication       = saying{ui.Text{JA: "該当する申請がありません", EN: "No such application"}, ui.Text{JA: "申請の一覧から選んでください。", EN: "Please choose from the list."}}
	sayApplicationDecided  = saying{ui.Text{JA: "この申請は決定済みです", EN: "The application was decided already"}, ui.Text{JA: "決定のやり直しはできません。検証者の鍵は、認定したときの画面に一度だけ表示されます。", EN: "A decision is final. A verifier’s key is shown once, when it is accredited."}}
	sayTooManyApplications = saying{ui.Text{JA: "ただいま申請を受け付けられません", EN: "No applications are taken at present"}, ui.Text{JA: "審査待ちの申請が多数あります。しばらくしてから、もう一度お申し込みください。", EN: "Too many applications wait for a decision. Please come back later."}}
)

// fieldWords says what is wanted in a field that was refused.
func fieldWords(field string) ui.Text {
	switch field {
	case "name":
		return ui.Text{JA: "氏名を、200文字以内で入力してください。", EN: "Enter the name, at most 200 characters."}
	case "registerName":
		return ui.Text{JA: "住民票の氏名の文字数が、証明書の氏名と違います。代替文字は、一文字ずつ置き換えます。", EN: "The register’s name must have one character for each of the certificate’s."}
	case "address":
		return ui.Text{JA: "新しい住所を、200文字以内で入力してください。", EN: "Enter the new address, at most 200 characters."}
	case "registerAddress":
		return ui.Text{JA: "住民票の住所の文字数が、証明書の住所と違います。代替文字は、一文字ずつ置き換えます。", EN: "The register’s address must have one character for each of the certificate’s."}
	case "address elsewhere":
		return ui.Text{JA: "この窓口で受け付けるのは、この市区町村の中の住所です。", EN: "This counter enters addresses in its own municipality."}
	case "why":
		return ui.Text{JA: "理由を、200文字以内で入力してください。", EN: "Enter why, at most 200 characters."}
	case "birth", "dateOfBirth":
		return ui.Text{JA: "生年月日を、平成2年4月12日 や H2.4.12 のように入力してください。", EN: "Enter the date of birth like 1990-04-12."}
	case "event":
		return ui.Text{JA: "登録されている内容と同じです。変わるところを入力してください。", EN: "The register says so already. Enter what changes."}
	case "card":
		return ui.Text{JA: "カードが複数あります。対象のカードを選んでください。", EN: "There is more than one card. Choose which."}
	case "kind":
		return ui.Text{JA: "電子証明書の種別を選んでください。", EN: "Choose the kind."}
	case "contact":
		return ui.Text{JA: "連絡先を、200文字以内で入力してください。", EN: "Enter a contact, at most 200 characters."}
	case "use":
		return ui.Text{JA: "利用する業務を、200文字以内で入力してください。", EN: "Enter what it is for, at most 200 characters."}
	case "gender":
		return ui.Text{JA: "性別を選んでください。", EN: "Choose the gender."}
	case "kana":
		return ui.Text{JA: "フリガナを、200文字以内で入力してください。", EN: "Enter the reading of the name."}
	case "nationality":
		return ui.Text{JA: "国コードを、MX のような英字2文字で入力してください。", EN: "Enter two letters, like MX."}
	case "kinds":
		return ui.Text{JA: "電子証明書の種別を一つ以上選んでください。", EN: "Choose at least one kind of certificate."}
	case "cardExpires":
		return ui.Text{JA: "カードの有効期限を、令和12年1月31日 のように入力してください。", EN: "Enter the card’s last day like 2030-01-31."}
	case "romaji":
		return ui.Text{JA: "ローマ字氏名は、半角のアルファベットで入力してください。", EN: "Enter the name in Latin letters."}
	case "id":
		return ui.Text{JA: "検証者IDは、半角の英小文字・数字・「.」「_」「-」で、63文字以内で入力してください。", EN: "Enter an ID of a-z 0-9 . _ -, at most 63 characters."}
	case "from":
		return ui.Text{JA: "適用開始日を、令和8年10月1日 のように入力してください。", EN: "Enter the first day like 2026-10-01."}
	case "from.past":
		return ui.Text{JA: "終わった月の手数料は、もう変えられません。今月の1日以後の日にしてください。", EN: "The fees of a month that is over cannot change. Choose a day of this month or later."}
	case "tariff":
		return ui.Text{JA: "単価は200件まで記録できます。", EN: "At most 200 prices can be recorded."}
	case "yen":
		return ui.Text{JA: "単価を、0 以上の整数（円）で入力してください。", EN: "Enter the price in whole yen."}
	}
	return ui.Text{JA: "使えない文字があるか、長すぎます（200文字以内）。", EN: "It has characters that cannot be used, or is longer than 200."}
}

// What is wrong with a PIN that was typed.
var (
	sayPINMissing = ui.Text{JA: "本人に入力してもらってください。", EN: "The holder must type it."}
	sayPINsDiffer = ui.Text{JA: "二回の入力が一致しません。もう一度入力してください。", EN: "The two entries differ. Please type it again."}
)
