package web

import (
	"net/http"
	"slices"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/ca"
	frame "example.jp/jpkimock/authority/desk/web"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/internal/shown"
	"example.jp/jpkimock/internal/ui"
)

// Rules are the rules that an act on a resident, a card or a certificate can
// break. A failure of the card house comes first: its cause may break a rule of
// its own.
func Rules() frame.Rules { return slices.Concat(cardRules(), entryRules(), certificateRules()) }

func cardRules() frame.Rules {
	return frame.Rules{
		{
			Err: authority.ErrCardHouse, Status: http.StatusBadGateway, Code: "card_house",
			Title: ui.Text{JA: "カードに書き込めませんでした", EN: "The card could not be written"},
			Body:  ui.Text{JA: "カードの発行装置が応答しないか、書込みを断りました。発行しかけた電子証明書は破棄され、これまでの電子証明書はそのまま残っています。\nしばらくしてから、もう一度お試しください。", EN: "The card system did not respond or refused. The new certificates have been discarded; the existing ones have not changed.\nPlease try again later."},
		},
		{
			Err: register.ErrNoCard, Status: http.StatusNotFound, PageStatus: http.StatusConflict, Code: "unknown_card",
			Title: ui.Text{JA: "対象のカードがありません", EN: "No such card"},
			Body:  ui.Text{JA: "この住民にはカードが交付されていないか、指定したカードがこの住民のものではありません。", EN: "The resident has no card, or the card belongs to someone else."},
		},
		{
			Err: register.ErrCardExists, Status: http.StatusConflict, Code: "card_exists",
			Title: ui.Text{JA: "このカードは使えません", EN: "This card cannot be used"},
			Body:  ui.Text{JA: "別の住民に交付されたカードです。", EN: "It was issued to someone else."},
		},
		{
			Err: register.ErrCardExpired, Status: http.StatusConflict, Code: "card_expired",
			Title: ui.Text{JA: "カードの有効期限が過ぎています", EN: "The card has expired"},
			Body:  ui.Text{JA: "カードの更新（新しいカードの交付）を受け付けてください。", EN: "Issue a new card."},
		},
		{
			Err: register.ErrCardNotInUse, Status: http.StatusConflict, Code: "card_not_in_use",
			Title: ui.Text{JA: "使用中のカードではありません", EN: "The card is not in use"},
			Body:  ui.Text{JA: "紛失届出中・廃止・返納済みなどのカードには、この手続を行えません。", EN: "The card is lost, void, returned or replaced."},
		},
		{
			Err: register.ErrCardNotLost, Status: http.StatusConflict, Code: "card_not_lost",
			Title: ui.Text{JA: "紛失の届出がされていません", EN: "The card has not been reported lost"},
			Body:  ui.Text{JA: "紛失の届出中のカードについての手続です。", EN: "This is only possible for a card that has been reported lost."},
		},
		{
			Err: authority.ErrNoCardWriter, Status: http.StatusServiceUnavailable, Code: "no_card_writer",
			Title: ui.Text{JA: "カードの発行装置がありません", EN: "No card writer"},
			Body:  ui.Text{JA: "この環境は、カードへの書込みができない設定で起動しています。", EN: "This system was started without a card writer."},
		},
	}
}

func entryRules() frame.Rules {
	return frame.Rules{
		{
			Err: errGone, Status: http.StatusConflict, Code: "gone",
			Title: ui.Text{JA: "この届出は、確認を待っていません", EN: "Nothing to confirm"},
			Body:  ui.Text{JA: "すでに実行されたか、時間がたって取り消されています。同じ手続が二度行われることはありません。\n住民の画面の処理記録でご確認ください。", EN: "This was already done, or has expired. Nothing is done twice.\nCheck the resident’s journal."},
		},
		{
			Err: errNoResult, Status: http.StatusNotFound, Code: "no_result",
			Title: ui.Text{JA: "この結果は、もう表示できません", EN: "This result is no longer available"},
			Body:  ui.Text{JA: "結果は処理記録に残っています。", EN: "You can find what was done in the journal."},
		},
		{
			Err: register.ErrNoResident, Status: http.StatusNotFound, Code: "unknown_resident",
			Title: ui.Text{JA: "該当する住民が見つかりません", EN: "No such resident"},
			Body:  ui.Text{JA: "氏名・生年月日・住所を確かめて、もう一度検索してください。", EN: "Check the name, date of birth and address, and search again."},
		},
		{
			Err: register.ErrResidentExists, Status: http.StatusConflict, Code: "resident_exists",
			Title: ui.Text{JA: "すでに登録されている住民です", EN: "The resident is already registered"},
			Body:  ui.Text{JA: "検索して、登録されている内容をご確認ください。", EN: "Search for the resident to see the entry."},
		},
		{
			Err: register.ErrNotRegistered, Status: http.StatusConflict, Code: "not_registered",
			Title: ui.Text{JA: "この届出の対象となる住民ではありません", EN: "Not possible for this resident"},
			Body:  ui.Text{JA: "転出・死亡・国外転出などにより、住民票の状態がこの届出に合いません。", EN: "The person has moved out, died or moved abroad, or the entry does not allow this for another reason."},
		},
		{
			Err: register.ErrResidesHere, Status: http.StatusConflict, Code: "resides_here",
			Title: ui.Text{JA: "すでにこの市区町村の住民です", EN: "Already a resident of this municipality"},
			Body:  ui.Text{JA: "同じ市区町村の中での引っ越しは、転居として受け付けてください。", EN: "Record a move within the municipality instead."},
		},
		{
			Err: register.ErrNotMovedOut, Status: http.StatusConflict, Code: "not_moved_out",
			Title: ui.Text{JA: "転出の届出がされていません", EN: "The person has not moved out"},
			Body:  ui.Text{JA: "転入届は、前の市区町村で転出届を済ませてから受け付けます（転出証明書）。", EN: "The former municipality records the move out first; a move in relies on its certificate."},
		},
		{
			Err: register.ErrKeepsNoCard, Status: http.StatusConflict, Code: "keeps_no_card",
			Title: ui.Text{JA: "国外でカードを継続利用できません", EN: "The card cannot be kept abroad"},
			Body:  ui.Text{JA: "国外での継続利用ができるのは、日本国籍の方です。", EN: "Only Japanese nationals can keep the card abroad."},
		},
		{
			Err: register.ErrNothingToDo, Status: http.StatusConflict, Code: "nothing_to_do",
			Title: ui.Text{JA: "この手続で変わるものがありません", EN: "Nothing to do"},
			Body:  ui.Text{JA: "カードと電子証明書は、すでにこの手続のあとの状態です。", EN: "The card and the certificates are already in this state."},
		},
		{
			Err: shown.ErrChanged, Status: http.StatusConflict, Code: "changed_since_shown",
			Title: ui.Text{JA: "確認している間に、状況が変わりました", EN: "Something has changed in the meantime"},
			Body:  ui.Text{JA: "まだ何も行われていません。いまの内容を確かめてから、もう一度受け付けてください。", EN: "Nothing has been done yet. Check how it stands now, and start again."},
		},
		{
			Err: authority.ErrChangedMeanwhile, Status: http.StatusConflict, Code: "changed_meanwhile",
			Title: ui.Text{JA: "受付の途中で、住民票かカードの状態が変わりました", EN: "The entry or the card has changed in the meantime"},
			Body:  ui.Text{JA: "別の届出が先に記録されました。発行しかけた電子証明書は破棄しました。\n住民の画面で状態を確かめてから、もう一度受け付けてください。", EN: "Another procedure was recorded first. The new certificates have been discarded.\nCheck the resident’s page and start again."},
		},
	}
}

func certificateRules() frame.Rules {
	return frame.Rules{
		{Err: register.ErrNoCertificate, Status: http.StatusNotFound, Code: "unknown_certificate"},
		{Err: authority.ErrNoPair, Status: http.StatusNotFound, Code: "no_paired_certificate"},
		{Err: register.ErrAlreadyRevoked, Status: http.StatusConflict, Code: "already_revoked"},
		{
			Err: register.ErrAlreadySuspended, Status: http.StatusConflict, Code: "already_suspended",
			Title: ui.Text{JA: "すでに一時停止されています", EN: "Already suspended"},
			Body:  ui.Text{JA: "両方の電子証明書は、すでに一時停止されています。解除は市区町村の窓口で行います。", EN: "Both certificates are already suspended. The municipal counter can lift the suspension."},
		},
		{Err: register.ErrNotSuspended, Status: http.StatusConflict, Code: "not_suspended"},
		{Err: register.ErrExpired, Status: http.StatusConflict, Code: "expired"},
		{
			Err: register.ErrTooYoung, Status: http.StatusConflict, Code: "too_young",
			Title: ui.Text{JA: "15歳未満の方には発行できません", EN: "Not issued to people under 15"},
			Body:  ui.Text{JA: "署名用電子証明書は、15歳以上の方に発行します。利用者証明用電子証明書は発行できます。", EN: "The digital signature certificate is issued to people aged 15 or over. The user authentication certificate can be issued."},
		},
		{
			Err: ca.ErrOutsideValidity, Status: http.StatusConflict, Code: "outside_ca_validity",
			Title: ui.Text{JA: "認証局の有効期間の外です", EN: "Outside the validity of the CA"},
			Body:  ui.Text{JA: "模擬時刻が認証局証明書の有効期間の外にあるため、発行できません。", EN: "The simulated time is outside the validity period of the CA certificate."},
		},
		{Err: authority.ErrNoSuccessor, Status: http.StatusNotFound, Code: "no_successor"},
		{
			Err: register.ErrTooEarly, Status: http.StatusConflict, Code: "too_early",
			Title: ui.Text{JA: "まだ更新できません", EN: "Too early to renew"},
			Body:  ui.Text{JA: "電子証明書の更新は、有効期間が満了する日の3か月前の翌日から受け付けます。", EN: "Certificates can be renewed when less than three months of their validity are left."},
		},
	}
}
