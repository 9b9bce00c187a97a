package web

import "example.jp/jpkimock/internal/ui"

// The notes beside an eligibility that was confirmed.
var (
	noteChanged = ui.Text{
		JA: "保険者が変わりました。{day}からは{insurer}です。その前の日までの受診は、前の保険者に請求します。",
		EN: "The insurer has changed: since {day} it is {insurer}. Care before that day is claimed from the former insurer.",
	}
	noteExpired = ui.Text{
		JA: "電子証明書の有効期限（{ended}）が切れています。{until}までは、資格の確認だけができます。診療やお薬の情報は提供できません。市区町村の窓口で更新してください。",
		EN: "The certificate expired on {ended}. Until {until} it confirms eligibility alone; past care cannot be shown. Please renew it at your municipal counter.",
	}
	noteEndsSoon = ui.Text{
		JA: "電子証明書の有効期限は{ends}です。お早めに市区町村の窓口で更新してください。",
		EN: "The certificate ends on {ends}. Please renew it at your municipal counter in time.",
	}
)

// The steps of the question.
var (
	stepSigns = [4]string{"①", "②", "③", "④"}
	stepTexts = [4]ui.Text{
		{JA: "証明書の有効性の確認を依頼", EN: "Is the certificate valid?"},
		{JA: "機構に照会", EN: "The authority is asked"},
		{JA: "機構の回答", EN: "The authority answers"},
		{JA: "資格情報の提供", EN: "Eligibility is given"},
	}
)
