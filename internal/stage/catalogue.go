package stage

import "example.jp/jpkimock/internal/ui"

// events are what can happen to people, in the order in which a demonstration offers them.
var events = []Event{
	{
		ID: "move", Title: ui.Text{JA: "引っ越し", EN: "Moves house"},
		What: ui.Text{JA: "市役所の窓口に転居届を出します。", EN: "Tells the municipal counter of a new address in the same town."},
		Then: ui.Text{
			JA: "署名用電子証明書は失効します。銀行・ポータルは、次の変更確認で気づきます。",
			EN: "The signature certificate is revoked. The bank and the portal notice at their next change confirmation.",
		},
		do: move,
	},
	{
		ID: "marry", Title: ui.Text{JA: "結婚", EN: "Marries"},
		What: ui.Text{JA: "婚姻により氏が変わります。", EN: "Takes a new surname."},
		Then: ui.Text{JA: "署名用電子証明書は失効します。利用者証明用はそのまま使えます。", EN: "The signature certificate is revoked. The authentication certificate stays."},
		do:   marry,
	},
	{
		ID: "renew", Title: ui.Text{JA: "電子証明書の発行", EN: "Gets new certificates"},
		What: ui.Text{JA: "窓口で、使えなくなった電子証明書の発行を受けます。期限が近いときは更新になります。", EN: "Gets new certificates at the counter for those that no longer work, or renews those that end soon."},
		Then: ui.Text{JA: "新しい発行番号で、続けて利用できます。", EN: "Services go on with the new serial number."},
		do:   renew,
	},
	{
		ID: "lose", Title: ui.Text{JA: "カードの紛失", EN: "Loses the card"},
		What: ui.Text{JA: "カードをなくしたと届け出ます。", EN: "Reports the card as lost."},
		Then: ui.Text{JA: "二つの電子証明書が一時停止します。サインインも署名もできません。", EN: "Both certificates are suspended: no signing in, no signing."},
		do:   plain("loss"),
	},
	{
		ID: "find", Title: ui.Text{JA: "カードの発見", EN: "Finds the card"},
		What: ui.Text{JA: "なくしたカードが見つかりました。", EN: "Has found the lost card."},
		Then: ui.Text{JA: "利用者証明用の一時停止が解除されます。署名用は発行を受け直します。", EN: "The authentication certificate works again. The signature certificate is issued anew."},
		do:   plain("found"),
	},
	{
		ID: "block-pin", Title: ui.Text{JA: "暗証番号のロック", EN: "Blocks the PIN"},
		What: ui.Text{JA: "暗証番号を3回続けて間違えます。", EN: "Types a wrong PIN three times."},
		Then: ui.Text{JA: "カードは利用者証明を行いません。窓口で初期化します。", EN: "The card no longer authenticates. The counter resets the PIN."},
		do:   block,
	},
	{
		ID: "unblock-pin", Title: ui.Text{JA: "暗証番号の初期化", EN: "Has the PIN reset"},
		What: ui.Text{JA: "窓口で、はじめの暗証番号に戻します。", EN: "Has the first PINs set again at the counter."},
		Then: ui.Text{JA: "ロックが解除されます。", EN: "The card works again."},
		do:   unblock,
	},
	{
		ID: "break-key", Title: ui.Text{JA: "鍵を読み出そうとする", EN: "Tries to read the keys"},
		What: ui.Text{JA: "カードの秘密鍵を無理に読み出そうとします。", EN: "Somebody tries to read the card’s private keys by force."},
		Then: ui.Text{JA: "ICチップが鍵を消し、カードは二度と使えません。", EN: "The chip destroys its keys. The card never works again."},
		do:   tamper,
	},
	{
		ID: "die", Title: ui.Text{JA: "死亡", EN: "Dies"},
		What: ui.Text{JA: "窓口に死亡届が出されます。", EN: "The death is reported at the counter."},
		Then: ui.Text{JA: "カードは失効し、電子証明書もすべて失効します。", EN: "The card ends, and every certificate with it."},
		do:   plain("death"),
	},
}
