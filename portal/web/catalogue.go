package web

import (
	"errors"
	"net/http"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/portal"
	"example.jp/jpkimock/portal/partner"
	"example.jp/jpkimock/portal/postbox"
)

// site is what the layout says of the portal.
func site(lobby string, now func() time.Time) ui.Site {
	return ui.Site{
		House: "portal", Lobby: lobby, Now: now, Name: says.portal,
		Tagline: ui.Text{JA: "一度の署名で、すべての住所を。", EN: "One signature moves every address."},
		Nav: []ui.Link{
			{Text: ui.Text{JA: "マイページ", EN: "My page"}, Href: "/me"},
			{Text: ui.Text{JA: "住所・氏名の変更", EN: "Change address or name"}, Href: "/apply"},
			{Text: ui.Text{JA: "連携先", EN: "Partners"}, Href: "/partners"},
			{Text: ui.Text{JA: "電子私書箱", EN: "Post-office box"}, Href: "/box"},
		},
	}
}

// titles are the titles of the pages.
var titles = struct {
	front, signIn, enrol, sign, me, partners, apply, result, box, letter, operator, mails ui.Text
}{
	front:    ui.Text{JA: "引っ越しの手続を、一度の署名で", EN: "Moving house with one signature"},
	signIn:   ui.Text{JA: "サインイン", EN: "Sign in"},
	enrol:    ui.Text{JA: "利用のお申込み", EN: "Enrol"},
	sign:     ui.Text{JA: "内容の確認と署名", EN: "Read and sign"},
	me:       ui.Text{JA: "マイページ", EN: "My page"},
	partners: ui.Text{JA: "連携先", EN: "Partners"},
	apply:    ui.Text{JA: "住所・氏名の変更", EN: "Change address or name"},
	result:   ui.Text{JA: "手続の状況", EN: "Progress"},
	box:      ui.Text{JA: "電子私書箱", EN: "Post-office box"},
	letter:   ui.Text{JA: "お知らせ", EN: "Notice"},
	operator: ui.Text{JA: "運営の状況", EN: "Operation"},
	mails:    ui.Text{JA: "電子メールの送信箱", EN: "Outbox of e-mails"},
}

// says are further words of the pages.
var says = struct {
	portal, enrolment, enrolButton, application, applyButton, change, silent, answering, staff ui.Text
	enrolmentEN, applicationEN                                                                 string
}{
	portal:      ui.Text{JA: "みほん くらしの手続ポータル", EN: "Mihon Life Portal"},
	enrolment:   ui.Text{JA: "ポータル利用申込書", EN: "Application to enrol (in Japanese)"},
	enrolButton: ui.Text{JA: "署名して申し込む", EN: "Sign and enrol"},
	application: ui.Text{JA: "ワンストップ申請書", EN: "One-stop application (in Japanese)"},
	applyButton: ui.Text{JA: "署名して、すべての連携先に申請する", EN: "Sign once and apply to all partners"},
	change:      ui.Text{JA: "内容を変更する", EN: "Change what was entered"},
	silent:      ui.Text{JA: "送信待ち（応答なし）", EN: "Waiting: no answer"},
	answering:   ui.Text{JA: "回答を送信しています", EN: "Sending your answer"},
	staff:       ui.Text{JA: "運営担当", EN: "Operator"},
	enrolmentEN: "I apply to use the portal. My name, address, date of birth and gender are those in the certificate of this signature. " +
		"I consent, until I withdraw it, that the portal keeps the serial numbers of my certificates, keeps checking whether " +
		"they were revoked by a change, and recognises me by the user authentication certificate on the same card.",
	applicationEN: "I apply to the partners named above to change my registered name and address, from the former ones to those in the " +
		"certificate of this signature. My customer numbers and answers are in a sheet for each partner, of which the document " +
		"holds the digest. Show a sheet to no other partner.",
}

// step is a part of the picture of the pilot: ① to ④.
type step struct {
	No   string
	Text ui.Text
	Lit  bool
}

// picture gives the four steps, of which the first lit are lit.
func picture(lit int) []step {
	all := []step{
		{No: "①", Text: ui.Text{JA: "変更確認", EN: "Change noticed"}},
		{No: "②", Text: ui.Text{JA: "変更のご案内", EN: "Invitation"}},
		{No: "③", Text: ui.Text{JA: "ワンストップ申請", EN: "One application"}},
		{No: "④", Text: ui.Text{JA: "結果通知（電子私書箱）", EN: "Results in the box"}},
	}
	for i := range all {
		all[i].Lit = i < lit
	}
	return all
}

// stateWords are the states of a delivery.
var stateWords = map[partner.State]ui.Text{
	portal.Waiting:    {JA: "送信しています", EN: "Sending"},
	partner.Accepted:  {JA: "受付", EN: "Received"},
	partner.AskedBack: {JA: "確認のお願いがあります", EN: "A question for you"},
	partner.Rejected:  {JA: "承れませんでした", EN: "Not accepted"},
	partner.Done:      {JA: "完了", EN: "Done"},
}

// tones are the colours of the states.
var tones = map[partner.State]string{
	portal.Waiting: "neutral", partner.Accepted: "", partner.AskedBack: "wait", partner.Rejected: "bad", partner.Done: "good",
}

// errConsent is a connection without a consent.
var errConsent = errors.New("portal: web: the consent is required")

// The ways out of a refusal.
var links = struct{ front, signIn, me, partners, apply, box ui.Link }{
	front:    ui.Link{Text: ui.Text{JA: "最初のページへ", EN: "Front page"}, Href: "/"},
	signIn:   ui.Link{Text: ui.Text{JA: "サインインする", EN: "Sign in"}, Href: "/signin", Primary: true},
	me:       ui.Link{Text: ui.Text{JA: "マイページへ", EN: "My page"}, Href: "/me", Primary: true},
	partners: ui.Link{Text: ui.Text{JA: "連携先の一覧へ", EN: "Partners"}, Href: "/partners", Primary: true},
	apply:    ui.Link{Text: ui.Text{JA: "申請の入力へ戻る", EN: "Back to the application"}, Href: "/apply", Primary: true},
	box:      ui.Link{Text: ui.Text{JA: "電子私書箱へ", EN: "Post-office box"}, Href: "/box", Primary: true},
}

// refusals is everything that the portal refuses.
var refusals = rpweb.Table[ui.Link]{
	Ways: func(code string) []ui.Link {
		switch code {
		case "origin", "challenge_expired", "challenge_used", "no_challenge", "busy":
			return []ui.Link{links.signIn}
		case "draft_expired", "tampered":
			return []ui.Link{links.apply, links.me}
		}
		return []ui.Link{links.me, links.front}
	},
	Own: []rpweb.Refusal[ui.Link]{
		refuse(errSignedOut, http.StatusUnauthorized, "signed_out", saySignedOut, links.signIn),
		refuse(errNoDraft, http.StatusConflict, "no_draft", sayNoDraft, links.me),
		refuse(errNoNonce, http.StatusConflict, "no_challenge", saySignedOut, links.signIn),
		refuse(errConsent, http.StatusUnprocessableEntity, "consent", sayConsent, links.partners),
		refuse(portal.ErrUnknownHolder, http.StatusForbidden, "unknown_holder", saySignedOut, links.signIn),
		refuse(portal.ErrEnrolled, http.StatusConflict, "enrolled", sayEnrolled, links.signIn),
		refuse(portal.ErrAnotherPerson, http.StatusForbidden, "another_person", sayAnotherPerson, links.me),
		refuse(portal.ErrMail, http.StatusUnprocessableEntity, "mail", sayMail, links.front),
		refuse(portal.ErrNoPartner, http.StatusNotFound, "no_partner", sayNothing, links.partners),
		refuse(portal.ErrCustomer, http.StatusUnprocessableEntity, "customer", sayCustomer, links.partners),
		refuse(portal.ErrPartnerSilent, http.StatusBadGateway, "partner_silent", sayPartnerSilent, links.partners),
		refuse(portal.ErrNotConnected, http.StatusConflict, "not_connected", sayNotConnected, links.partners),
		refuse(portal.ErrTooLate, http.StatusConflict, "too_late", sayTooLate, links.me),
		refuse(portal.ErrNothingChanged, http.StatusConflict, "nothing_changed", sayNothingChanged, links.me),
		refuse(portal.ErrNoneChosen, http.StatusUnprocessableEntity, "none_chosen", sayNoneChosen, links.apply),
		refuse(portal.ErrDay, http.StatusUnprocessableEntity, "day", sayDay, links.apply),
		refuse(portal.ErrAnswer, http.StatusUnprocessableEntity, "answer", sayAnswer, links.apply),
		refuse(portal.ErrNoApplication, http.StatusNotFound, "no_application", sayNothing, links.me),
		refuse(portal.ErrDelivering, http.StatusConflict, "delivering", sayDelivering, links.partners),
		refuse(portal.ErrSender, http.StatusUnprocessableEntity, "sender", sayNotice, links.me),
		refuse(portal.ErrNoSender, http.StatusForbidden, "no_sender", sayNotice, links.me),
		refuse(portal.ErrNoBox, http.StatusNotFound, "no_box", sayNotice, links.me),
		refuse(postbox.ErrSeal, http.StatusUnprocessableEntity, "seal", sayNotice, links.me),
		refuse(postbox.ErrNotice, http.StatusUnprocessableEntity, "notice", sayNotice, links.me),
		refuse(postbox.ErrStale, http.StatusUnprocessableEntity, "stale", sayNotice, links.me),
		refuse(postbox.ErrRepeated, http.StatusConflict, "repeated", sayNotice, links.me),
		refuse(postbox.ErrLetter, http.StatusNotFound, "no_letter", sayNothing, links.box),
	},
}

func refuse(is error, status int, code string, say rpweb.Saying, next ...ui.Link) rpweb.Refusal[ui.Link] {
	return rpweb.Refusal[ui.Link]{Is: is, Status: status, Code: code, Say: say, Next: next}
}

// words explain the errors of the pages.
var words = rpweb.Words{
	Match: refusals.Match,
	Fill:  func(err error) ui.Blanks { return rpweb.Blanks(err, jpki.DigitalSignature, says.portal) },
}

// What the portal says no to.
var (
	saySignedOut = rpweb.Say(
		ui.Text{JA: "サインインしてください", EN: "Please sign in"},
		ui.Text{JA: "サインインしていないか、しばらく操作がなかったためサインアウトしました。", EN: "You are not signed in, or were signed out due to inactivity."},
		ui.Text{JA: "カードでサインインすると、続けられます。", EN: "Sign in with your card to go on."},
	)
	sayNoDraft = rpweb.Say(
		ui.Text{JA: "署名を待っている文書がありません", EN: "No document is waiting for your signature"},
		ui.Text{JA: "署名は済んでいるか、文書を作成してから時間が過ぎました。", EN: "It was signed, or too much time has passed since it was written."},
		ui.Text{JA: "マイページで状況をお確かめください。", EN: "Check the state on your page."},
	)
	sayConsent = rpweb.Say(
		ui.Text{JA: "同意が必要です", EN: "Your consent is required"},
		ui.Text{JA: "連携には、氏名と生年月日をその連携先に伝えることへの同意が必要です。", EN: "To connect, you must agree that your name and date of birth are told to this partner."},
		ui.Text{JA: "内容をご確認のうえ、同意するにチェックを入れてください。", EN: "Read what is told, and tick the box."},
	)
	sayEnrolled = rpweb.Say(
		ui.Text{JA: "すでにご利用いただいています", EN: "You are enrolled already"},
		ui.Text{JA: "このカードの方は、登録されています。", EN: "The holder of this card is registered."},
		ui.Text{JA: "カードでサインインしてください。", EN: "Sign in with your card."},
	)
	sayAnotherPerson = rpweb.Say(
		ui.Text{JA: "サインインした方の署名ではありません", EN: "The signature is not by who is signed in"},
		ui.Text{JA: "別の方のカードで署名されました。手続は行われていません。", EN: "Another person’s card has signed. Nothing was done."},
		ui.Text{JA: "ご自身のカードをリーダーに置いて、もう一度署名してください。", EN: "Lay your own card on the reader and sign again."},
	)
	sayMail = rpweb.Say(
		ui.Text{JA: "電子メールアドレスをご確認ください", EN: "Please check the e-mail address"},
		ui.Text{JA: "入力されたアドレスは使えません。", EN: "The address cannot be used."},
		ui.Text{JA: "例：hanako@example.jp", EN: "For example: hanako@example.jp"},
	)
	sayNothing = rpweb.Say(
		ui.Text{JA: "お探しのものは見つかりません", EN: "Nothing is here for you"},
		ui.Text{JA: "あなたの手続やお知らせに、このアドレスのものはありません。", EN: "None of your applications or notices has this address."},
		ui.Text{JA: "一覧からお選びください。", EN: "Choose one from the list."},
	)
	sayNotice = rpweb.Say(
		ui.Text{JA: "お知らせを受け取れません", EN: "The notice is not taken"},
		ui.Text{JA: "送信者の登録、署名、宛先又は内容が正しくありません。", EN: "The sender, the seal, the address or the content is not right."},
		ui.Text{JA: "送信者は、理由の符号を確かめてください。", EN: "The code says to the sender what is wrong."},
	)
	sayCustomer = rpweb.Say(
		ui.Text{JA: "お客さま番号を確認できませんでした", EN: "The customer number could not be confirmed"},
		ui.Text{JA: "連携先に、この番号で、あなたの氏名と生年月日のお客さまが見つかりません。", EN: "The partner has no customer of this number with your name and date of birth."},
		ui.Text{JA: "検針票や請求書の番号をお確かめください。", EN: "Check the number on your bill."},
	)
	sayPartnerSilent = rpweb.Say(
		ui.Text{JA: "連携先が応答しません", EN: "The partner does not answer"},
		ui.Text{JA: "連携は行われていません。", EN: "You are not connected."},
		ui.Text{JA: "しばらくしてから、もう一度お試しください。", EN: "Please try again later."},
	)
	sayNotConnected = rpweb.Say(
		ui.Text{JA: "連携していない連携先です", EN: "This partner is not connected"},
		ui.Text{JA: "申請は、連携している連携先にだけ送れます。", EN: "An application goes to connected partners only."},
		ui.Text{JA: "連携先の一覧から、連携してください。", EN: "Connect it first."},
	)
	sayTooLate = rpweb.Say(
		ui.Text{JA: "手続は、すでに済んでいます", EN: "This was done already"},
		ui.Text{JA: "別の画面で行われたか、状況が変わりました。", EN: "It was done in another window, or something has changed since."},
		ui.Text{JA: "マイページで状況をお確かめください。", EN: "Check the state on your page."},
	)
	sayNothingChanged = rpweb.Say(
		ui.Text{JA: "氏名も住所も変わっていません", EN: "Neither name nor address has changed"},
		ui.Text{JA: "署名に使われた電子証明書の氏名と住所は、登録されているものと同じです。", EN: "Name and address in the certificate that has signed are those that are registered."},
		ui.Text{JA: "引っ越しや改姓のあと、新しい署名用電子証明書の発行を受けてから申請してください。", EN: "After a move or a new name, get a new digital signature certificate first."},
	)
	sayNoneChosen = rpweb.Say(
		ui.Text{JA: "連携先をお選びください", EN: "Choose at least one partner"},
		ui.Text{JA: "申請を送る連携先が選ばれていません。", EN: "No partner was chosen."},
		ui.Text{JA: "一つ以上お選びください。", EN: "Choose one or more."},
	)
	sayDay = rpweb.Say(
		ui.Text{JA: "異動の日をご確認ください", EN: "Please check the day of the change"},
		ui.Text{JA: "異動の日は、きょうまでの1年以内の日です。", EN: "It must be in the last year, and not after today."},
		ui.Text{JA: "引っ越した日、又は氏名が変わった日を入力してください。", EN: "Enter the day on which you moved or your name changed."},
	)
	sayAnswer = rpweb.Say(
		ui.Text{JA: "ご回答をお願いします", EN: "An answer is required"},
		ui.Text{JA: "この連携先には、質問への回答が必要です。", EN: "This partner needs an answer to its question."},
		ui.Text{JA: "1行で入力してください。", EN: "Enter it in one line."},
	)
	sayDelivering = rpweb.Say(
		ui.Text{JA: "申請の手続中です", EN: "An application is being delivered"},
		ui.Text{JA: "この連携先への申請が終わるまで、連携を解除できません。", EN: "You can disconnect when the application to this partner is decided."},
		ui.Text{JA: "手続の状況をお確かめください。", EN: "Check the progress."},
	)
)
