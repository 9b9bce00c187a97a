package web

import (
	"example.jp/jpkimock/catv/booking"
	"example.jp/jpkimock/internal/ui"
)

// LapseSaying says of a residency that does not stand why it ended, since when
// that is, and what to do before applying anew; Do is empty if there is nothing.
type LapseSaying struct{ Short, Why, Since, Do ui.Text }

// lapsed adds to a reason what follows from each.
func lapsed(ja, en string) ui.Text {
	return ui.Text{JA: ja + "いまは一般料金です。", EN: en + " You pay the standard price now."}
}

var revokedOn = ui.Text{JA: "失効した日", EN: "Revoked on"}

var lapseSayings = map[booking.LapseReason]LapseSaying{
	booking.LapsedByChange: {
		Short: ui.Text{JA: "異動により失効", EN: "revoked by a change"},
		Why: lapsed(
			"引っ越しや氏名の変更など（異動）の届出により、申請に使った署名用電子証明書が失効しました。",
			"The certificate you applied with was revoked by a change, such as a move or a new name.",
		),
		Since: revokedOn,
		Do: ui.Text{
			JA: "いまもみほん市にお住まいの方は、カードを持って市役所の窓口へ行き、新しい署名用電子証明書の発行を受けます。",
			EN: "If you live in Mihon City, take your card to the municipal counter and have a new signature certificate issued.",
		},
	},
	booking.LapsedByEnd: {
		Short: ui.Text{JA: "カードの返納などにより失効", EN: "ended, as by returning the card"},
		Why: lapsed(
			"カードの返納などの届出により、申請に使った署名用電子証明書が失効しました。",
			"The certificate you applied with was ended, as when a card is returned.",
		),
		Since: revokedOn,
		Do: ui.Text{
			JA: "みほん市にお住まいの方は、市役所の窓口で、新しいカードと署名用電子証明書を受け取ります。",
			EN: "If you live in Mihon City, have a new card with a signature certificate issued at the municipal counter.",
		},
	},
	booking.LapsedByExpiry: {
		Short: ui.Text{JA: "有効期間の満了", EN: "expired"},
		Why: lapsed(
			"申請に使った署名用電子証明書の有効期間が終わり、お住まいを確認できなくなりました。",
			"The certificate you applied with has expired, so we can no longer confirm where you live.",
		),
		Since: ui.Text{JA: "期限の日", EN: "Expired on"},
		Do: ui.Text{
			JA: "カードを持って市役所の窓口へ行き、署名用電子証明書を新しくします。お金はかかりません。",
			EN: "Take your card to the municipal counter and have the signature certificate renewed. It costs nothing.",
		},
	},
	booking.LapsedByLoss: {
		Short: ui.Text{JA: "紛失などにより失効", EN: "revoked as lost"},
		Why: lapsed(
			"カードの紛失などで申請時の署名用電子証明書が失効し、お住まいを続けて確認できなくなりました。",
			"Your certificate was revoked, as when a card is lost and made anew, so we can no longer confirm where you live.",
		),
		Since: revokedOn,
		Do: ui.Text{
			JA: "新しいカードを用意します。署名用電子証明書が入っていない方は、市役所の窓口で発行を受けます。",
			EN: "Have your new card ready. If it carries no signature certificate, have one issued at the municipal counter.",
		},
	},
	booking.Withdrawn: {
		Short: ui.Text{JA: "本人の申出により終了", EN: "ended at your request"},
		Why: lapsed(
			"お申し出により、電子証明書の確認をやめました（同意の撤回）。",
			"As you asked, your certificate is no longer checked.",
		),
		Since: ui.Text{JA: "やめた日", EN: "Since"},
	},
}

// replacedByAnother says how a proof ended that stood when a later one came.
var replacedByAnother = ui.Text{JA: "新しい申請に置きかえ", EN: "replaced by a later application"}
