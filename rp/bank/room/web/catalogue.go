package web

import (
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp/bank"
)

// theBank is how the bank calls itself.
var theBank = ui.Text{JA: "当行", EN: "the bank"}

// The names of the fields of a record.
var (
	nameName    = ui.Text{JA: "氏名", EN: "Name"}
	addressName = ui.Text{JA: "住所", EN: "Address"}
	birthName   = ui.Text{JA: "生年月日", EN: "Date of birth"}
	genderName  = ui.Text{JA: "性別", EN: "Gender"}
	serialName  = ui.Text{JA: "署名用電子証明書の発行の番号", EN: "Serial number for signature"}
)

// noticeWords are the messages. {reason} and {since} are filled in.
var noticeWords = map[bank.NoticeKind]struct{ short, title, body, do ui.Text }{
	bank.NoticeChanged: {
		ui.Text{JA: "異動", EN: "Changed"},
		ui.Text{JA: "ご住所・お名前などの変更届のお願い", EN: "Please tell us of your new address or name"},
		ui.Text{JA: "お客さまの署名用電子証明書が、{since}に失効していることを確認しました（失効の事由：{reason}）。お引越しや改姓の届出をされると、それまでの署名用電子証明書は失効します。", EN: "We have found that your digital signature certificate was revoked at {since}: {reason}. This happens when a move or a change of name is reported to the municipality."},
		ui.Text{JA: "市区町村の窓口で新しい署名用電子証明書の発行を受けてから、そのカードで変更届に署名してください。新しいご住所などの入力は要りません。", EN: "Have a new digital signature certificate written to your card at the municipal counter, then sign the change notice with it. You need not type your new address."},
	},
	bank.NoticeRenewed: {
		ui.Text{JA: "更新", EN: "Renewed"},
		ui.Text{JA: "新しい電子証明書のお届けのお願い", EN: "Please register your new certificate"},
		ui.Text{JA: "お客さまの署名用電子証明書が、{since}に新しい電子証明書に改められていることを確認しました。ただし、いま有効な新しい電子証明書は確認できていません。ご住所・お名前の変更とは取り扱っていません。", EN: "Your digital signature certificate was replaced by a newer one at {since}, but we have found no newer one that is valid now. We do not treat this as a move."},
		ui.Text{JA: "新しい電子証明書をお持ちのときは、そのカードで変更届に署名してください。お心当たりのないときは、お住まいの市区町村の窓口にお問い合わせください。", EN: "If you have a newer certificate, sign the change notice with it. If this surprises you, ask at your municipal counter."},
	},
	bank.NoticeReissued: {
		ui.Text{JA: "再発行", EN: "Re-issued"},
		ui.Text{JA: "再発行された電子証明書のお届けのお願い", EN: "Please register your re-issued certificate"},
		ui.Text{JA: "お客さまに新しい署名用電子証明書が発行されていることを確認しました。カードの紛失や有効期間の満了などにより、前の電子証明書から続けて確認できなかった期間がありますので、その間にご住所・お名前の変更があったかどうかは、当行では分かりません。", EN: "We have found that a new digital signature certificate was issued to you. The one before had ended, as with a lost card or at the end of its validity, so we cannot tell whether your address or name changed in between."},
		ui.Text{JA: "新しい電子証明書で変更届に署名してください。変更がない場合も同じお手続きで、ご住所などの入力は要りません。", EN: "Sign the change notice with the new certificate, even if nothing has changed. You need not type your address."},
	},
	bank.NoticeRevoked: {
		ui.Text{JA: "失効", EN: "Revoked"},
		ui.Text{JA: "電子証明書の失効についてのご照会", EN: "Your certificate has been revoked"},
		ui.Text{JA: "お客さまの署名用電子証明書が、{since}に失効していることを確認しました（失効の事由：{reason}）。", EN: "Your digital signature certificate was revoked at {since}: {reason}."},
		ui.Text{JA: "カードの再交付を受けられたときは、新しいカードで変更届に署名してください。お心当たりのないときは、お住まいの市区町村の窓口にお問い合わせください。", EN: "When you have your new card, sign the change notice with it. If this surprises you, ask at your municipal counter."},
	},
	bank.NoticeExpired: {
		ui.Text{JA: "期間満了", EN: "Expired"},
		ui.Text{JA: "電子証明書の更新のお願い", EN: "Please renew your certificate"},
		ui.Text{JA: "お客さまの署名用電子証明書の有効期間が満了しています。当行では、お届けの内容に変更がないことを確かめられなくなりました。", EN: "Your digital signature certificate has expired, so we can no longer tell that your data are unchanged."},
		ui.Text{JA: "お住まいの市区町村の窓口で電子証明書を更新（無料）のうえ、次に当行をご利用の際に、変更届に署名してください。", EN: "Renew it at your municipal counter, free of charge, and sign the change notice when you next come to us."},
	},
	bank.NoticeSuspended: {
		ui.Text{JA: "一時停止", EN: "Suspended"},
		ui.Text{JA: "カードの一時停止を確認しました", EN: "Your card is suspended"},
		ui.Text{JA: "お客さまの署名用電子証明書が、{since}から一時停止（一時保留）されています。カードの紛失などのお届けによるものと存じます。ご住所・お名前の変更とは取り扱っていませんので、変更届は要りません。", EN: "Your digital signature certificate has been suspended since {since}, as happens when a card is reported lost. We do not treat this as a move; no change notice is needed."},
		ui.Text{JA: "カードが見つかったときは、お住まいの市区町村の窓口で一時停止の解除を申請してください（署名用は再発行になります）。一時停止にお心当たりのないときも、同じ窓口にお問い合わせください。", EN: "If you find the card, apply at your municipal counter to end the suspension (the signature certificate is reissued). If you did not ask for it, please ask there too."},
	},
	bank.NoticeUnknown: {
		short: ui.Text{JA: "発行記録なし", EN: "Unknown"},
		title: ui.Text{JA: "発行の記録がない電子証明書", EN: "A certificate that the authority does not know"},
	},
	bank.NoticeDelivered: {
		ui.Text{JA: "更新", EN: "Updated"},
		ui.Text{JA: "お届けの内容を新しくしました", EN: "We have brought your record up to date"},
		ui.Text{JA: "お客さまの同意により、機構から最新の氏名・住所の提供を受け、お届けの内容を改めました。変更前の内容は、記録として保存しています。", EN: "As you agreed, the agency has given us your latest name and address. What your record said before is kept in its history."},
		ui.Text{JA: "お客さまにしていただくことはありません。", EN: "There is nothing you need to do."},
	},
	bank.NoticeAccepted: {
		ui.Text{JA: "受付", EN: "Accepted"},
		ui.Text{JA: "変更届を受け付けました", EN: "Your change notice was accepted"},
		ui.Text{JA: "新しい署名用電子証明書を確認し、お届けの内容を改めました。変更前の内容は、記録として保存しています。", EN: "We have verified your new certificate and brought your record up to date. What it said before is kept in its history."},
		ui.Text{JA: "お客さまにしていただくことはありません。", EN: "There is nothing you need to do."},
	},
}
