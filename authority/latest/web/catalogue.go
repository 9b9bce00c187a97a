package web

import (
	"errors"
	"net/http"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/latest"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/ui"
	kit "example.jp/jpkimock/rp/latest"
)

// titles are the titles of the pages.
var titles = struct{ consents, withdrawal ui.Text }{
	consents:   ui.Text{JA: "最新の利用者情報の提供への同意", EN: "Your consents to share your latest details"},
	withdrawal: ui.Text{JA: "同意の取消し", EN: "Withdraw your consent"},
}

// us is how the house calls itself in a sentence.
var us = ui.Text{JA: "機構", EN: "the agency"}

// State is how a consent stands, with the tone of its badge.
type State struct {
	Code, Tone string
	Name       ui.Text
	// Open says that it can still be withdrawn.
	Open bool
}

func stateOf(g latest.Given, now time.Time) State {
	switch err := g.State(now); {
	case errors.Is(err, kit.ErrWithdrawn):
		return State{"withdrawn", "neutral", ui.Text{JA: "取り消しました", EN: "withdrawn"}, false}
	case errors.Is(err, kit.ErrExpired):
		return State{"expired", "neutral", ui.Text{JA: "期間が終わりました", EN: "expired"}, false}
	case g.Replaced:
		return State{"replaced", "neutral", ui.Text{JA: "新しい同意に替わりました", EN: "replaced by a newer consent"}, false}
	case errors.Is(err, kit.ErrNotYet):
		return State{"not-yet-valid", "info", ui.Text{JA: "あす０時から有効", EN: "valid from midnight"}, true}
	}
	return State{"valid", "good", ui.Text{JA: "有効", EN: "valid"}, true}
}

var items = map[kit.Item]ui.Text{
	kit.Name: {JA: "氏名", EN: "name"}, kit.Address: {JA: "住所", EN: "address"},
	kit.DateOfBirth: {JA: "生年月日", EN: "date of birth"}, kit.Gender: {JA: "性別", EN: "gender"},
}

func itemNames(all []kit.Item) []ui.Text {
	names := make([]ui.Text, len(all))
	for i, item := range all {
		names[i] = items[item]
	}
	return names
}

var toConsents = ui.Link{Text: ui.Text{JA: "同意の一覧へ", EN: "To your consents"}, Href: "/consents"}

func say(titleJA, titleEN, whyJA, whyEN, doJA, doEN string) rpweb.Saying {
	return rpweb.Say(ui.Text{JA: titleJA, EN: titleEN}, ui.Text{JA: whyJA, EN: whyEN}, ui.Text{JA: doJA, EN: doEN})
}

// refusals is everything that the room refuses, to citizens and to verifiers.
var refusals = rpweb.Table[ui.Link]{
	Ways: func(string) []ui.Link { return []ui.Link{toConsents} },
	Own: []rpweb.Refusal[ui.Link]{
		refusal(errNobody, http.StatusUnauthorized, "no_session", say("カードで確認してください", "Show your card",
			"この画面は、カードで本人を確認した方にだけ表示します。", "This page is shown to the person whose card was used.",
			"もう一度、カードで確認してください。", "Please use your card again.")),
		refusal(errNoDraft, http.StatusConflict, "no_draft", say("署名する書面がありません", "There is nothing to sign",
			"取消しの書面は、作成から30分で無効になります。", "A withdrawal can be signed for 30 minutes.",
			"同意の一覧から、もう一度お進みください。", "Start again from your consents.")),
		refusal(latest.ErrNoSuchConsent, http.StatusNotFound, "no_such_consent", say("この同意は見つかりません", "There is no such consent",
			"番号が違うか、ほかの方の同意です。", "The number is wrong, or it is another person's.",
			"同意の一覧からお選びください。", "Choose one from your consents.")),
		refusal(latest.ErrAlreadyWithdrawn, http.StatusConflict, "consent_withdrawn_before", say("すでに取り消されています", "It was withdrawn before",
			"この同意は、取り消されています。", "This consent was withdrawn.", "お手続きは要りません。", "You need do nothing.")),
		refusal(latest.ErrOver, http.StatusConflict, "consent_over", say("同意の期間は終わっています", "The consent has expired",
			"同意の期間の10年が過ぎています。", "The ten years of this consent are over.", "お手続きは要りません。", "You need do nothing.")),
		refusal(latest.ErrAnotherHolder, http.StatusForbidden, "another_holder", say("同意したご本人の署名ではありません", "Signed by somebody else",
			"取消しには、同意したご本人の署名用電子証明書による署名が必要です。", "Only the person who gave a consent can withdraw it.",
			"ご本人のカードで署名してください。", "Sign with the card of that person.")),
		refusal(latest.ErrProvider, http.StatusForbidden, "another_verifier", notShown),
		refusal(latest.ErrNumberUsed, http.StatusConflict, "number_used", notShown),
		refusal(register.ErrNoCertificate, http.StatusNotFound, "unknown_certificate", notShown),
		refusal(kit.ErrNoConsent, http.StatusForbidden, "no_consent", notShown),
		refusal(kit.ErrNotYet, http.StatusForbidden, "consent_not_yet_valid", notShown),
		refusal(kit.ErrWithdrawn, http.StatusForbidden, "consent_withdrawn", notShown),
		refusal(kit.ErrExpired, http.StatusForbidden, "consent_expired", notShown),
		refusal(kit.ErrNothingNew, http.StatusNotFound, "nothing_new", notShown),
	},
}

// notShown is said of what only verifiers are refused.
var notShown = say("提供できません", "Nothing is given", "同意の内容を確かめてください。", "The consent does not allow it.", "お手続きは要りません。", "You need do nothing.")

func refusal(is error, status int, code string, said rpweb.Saying) rpweb.Refusal[ui.Link] {
	return rpweb.Refusal[ui.Link]{Is: is, Status: status, Code: code, Say: said, Next: []ui.Link{toConsents}}
}

func blanks(err error) ui.Blanks { return rpweb.Blanks(err, jpki.DigitalSignature, us) }
