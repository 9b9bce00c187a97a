package ecosystem

import "example.jp/jpkimock/internal/ui"

// officeLine is a place behind a counter, with what opens it.
type officeLine struct {
	Name, What ui.Text
	URL        string
	Officer    string // an officer's ID to sign in with
	Key        string
}

// offices lists the places behind the counters of the houses that have a URL.
func (e *Ecosystem) offices() []officeLine {
	authority, bank, officer, staff := e.URL("authority"), e.URL("bank"), e.cfg.OfficerKey, e.cfg.BankStaffKey
	return []officeLine{
		{ui.Text{JA: "市区町村窓口", EN: "Municipal counter"},
			ui.Text{JA: "カードの交付、転居・婚姻などの届出、再発行、紛失、暗証番号の初期化", EN: "Cards issued; moves, marriages and other events; re-issue; loss; PIN reset"},
			authority + "/office/counter", "mado-1", officer},
		{ui.Text{JA: "一時停止受付（24時間365日）", EN: "Suspension desk (day and night)"},
			ui.Text{JA: "電話の申出による電子証明書の一時保留", EN: "Certificates suspended on a telephone call"},
			authority + "/office/suspension", "denwa-1", officer},
		{ui.Text{JA: "認定・検証者台帳", EN: "Register of verifiers"},
			ui.Text{JA: "検証者の認定、停止、取消し", EN: "Verifiers approved, suspended and withdrawn"},
			authority + "/office/verifiers", "mic-1", officer},
		{ui.Text{JA: "失効情報提供手数料", EN: "Revocation information fees"},
			ui.Text{JA: "検証者ごとの件数と料金、料金表", EN: "Counts and fees by verifier, and the tariff"},
			authority + "/office/fees", "mic-1", officer},
		{ui.Text{JA: "みほん銀行の業務画面", EN: "Mihon Bank, staff"},
			ui.Text{JA: "変更確認、届出のお願い、費用の比較", EN: "Change confirmation, letters, comparison of costs"},
			bank + "/staff", "", staff},
		{ui.Text{JA: "みほん銀行の支店窓口", EN: "Mihon Bank, branch counter"},
			ui.Text{JA: "カードをかざすと、お客さまカードなしで口座が見つかる", EN: "A touch of the card finds the customer, without a customer card"},
			bank + "/branch", "", staff},
	}
}
