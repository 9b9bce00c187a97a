package web

import (
	"errors"
	"net/http"

	"example.jp/jpkimock/authority/accreditation"
	frame "example.jp/jpkimock/authority/desk/web"
	"example.jp/jpkimock/internal/ui"
)

// errNotPossible is an act that the verifier's state does not allow.
var errNotPossible = errors.New("authority/accreditation/web: the verifier's state does not allow this")

// Rules are the rules that an act on a verifier or an application can break.
func Rules() frame.Rules {
	return frame.Rules{
		{
			Err: errNotPossible, Status: http.StatusConflict, Code: "nothing_to_do",
			Title: ui.Text{JA: "この手続で変わるものがありません", EN: "Nothing to change"},
			Body:  ui.Text{JA: "検証者は、すでにこの手続のあとの状態です。", EN: "The verifier is already in the state that this action leads to."},
		},
		{
			Err: accreditation.ErrNoVerifier, Status: http.StatusNotFound, Code: "unknown_verifier",
			Title: ui.Text{JA: "台帳にない検証者です", EN: "No such verifier"},
			Body:  ui.Text{JA: "検証者の一覧から選んでください。", EN: "Choose one from the list."},
		},
		{
			Err: accreditation.ErrVerifierExists, Status: http.StatusConflict, Code: "verifier_exists",
			Title: ui.Text{JA: "その検証者IDは使われています", EN: "This verifier ID is already in use"},
			Body:  ui.Text{JA: "別の検証者IDを指定してください。", EN: "Choose another ID."},
		},
		{
			Err: accreditation.ErrVerifierWithdrawn, Status: http.StatusConflict, Code: "accreditation_withdrawn",
			Title: ui.Text{JA: "認定は取り消されています", EN: "The accreditation was withdrawn"},
			Body:  ui.Text{JA: "取り消された認定は元に戻りません。改めて申請を受け付けてください。", EN: "A withdrawn accreditation cannot be reinstated. The organisation must apply again."},
		},
		{
			Err: accreditation.ErrNoApplication, Status: http.StatusNotFound, Code: "unknown_application",
			Title: ui.Text{JA: "該当する申請がありません", EN: "No such application"},
			Body:  ui.Text{JA: "申請の一覧から選んでください。", EN: "Choose one from the list."},
		},
		{
			Err: accreditation.ErrApplicationDecided, Status: http.StatusConflict, Code: "application_decided",
			Title: ui.Text{JA: "この申請は決定済みです", EN: "This application has already been decided"},
			Body:  ui.Text{JA: "決定のやり直しはできません。検証者の鍵は、認定したときの画面に一度だけ表示されます。", EN: "Decisions are final. The verifier key is shown only once, when the verifier is accredited."},
		},
		{
			Err: accreditation.ErrTooManyApplications, Status: http.StatusServiceUnavailable, Code: "too_many_applications",
			Title: ui.Text{JA: "ただいま申請を受け付けられません", EN: "Applications are closed at the moment"},
			Body:  ui.Text{JA: "審査待ちの申請が多数あります。しばらくしてから、もう一度お申し込みください。", EN: "Too many applications are awaiting a decision. Please try again later."},
		},
	}
}
