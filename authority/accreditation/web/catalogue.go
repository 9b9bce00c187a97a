package web

import (
	"fmt"
	"strconv"
	"strings"

	"example.jp/jpkimock/authority/accreditation"
	frame "example.jp/jpkimock/authority/desk/web"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/ui"
)

// pageTitles of the ministry's pages.
var pageTitles = struct{ publicVerifiers, verifiers, verifier, application, approved, fees, apply, applied ui.Text }{
	publicVerifiers: ui.Text{JA: "認定検証者の名簿（停止中・取消しを含む）", EN: "Accredited verifiers, including suspended and withdrawn ones"},
	verifiers:       ui.Text{JA: "認定・検証者台帳", EN: "Register of verifiers"},
	verifier:        ui.Text{JA: "検証者の台帳", EN: "Verifier"},
	application:     ui.Text{JA: "認定の申請の審査", EN: "Application for accreditation"},
	approved:        ui.Text{JA: "検証者を認定しました", EN: "The verifier is accredited"},
	fees:            ui.Text{JA: "失効情報提供手数料", EN: "Revocation information fees"},
	apply:           ui.Text{JA: "検証者の認定の申請", EN: "Apply for accreditation"},
	applied:         ui.Text{JA: "認定の申請を受け付けました", EN: "Application received"},
}

// maxShown bounds the lists beside what a page is about.
const maxShown = 20

// verifierLabels are the states of an accreditation.
var verifierLabels = frame.Labels[accreditation.VerifierState]{
	accreditation.VerifierAccredited: {Name: ui.Text{JA: "認定", EN: "Accredited"}, Tone: "good"},
	accreditation.VerifierSuspended:  {Name: ui.Text{JA: "停止中", EN: "Suspended"}, Tone: "wait"},
	accreditation.VerifierWithdrawn:  {Name: ui.Text{JA: "取消し", EN: "Withdrawn"}, Tone: "bad"},
}

// applicationLabels are the states of an application.
var applicationLabels = frame.Labels[accreditation.ApplicationState]{
	accreditation.ApplicationOpen:     {Name: ui.Text{JA: "審査待ち", EN: "Awaiting decision"}, Tone: "wait"},
	accreditation.ApplicationApproved: {Name: ui.Text{JA: "認定", EN: "Approved"}, Tone: "good"},
	accreditation.ApplicationRejected: {Name: ui.Text{JA: "不認定", EN: "Rejected"}, Tone: "bad"},
}

// sayTariff names the tariff in the log.
var sayTariff = ui.Text{JA: "手数料の単価", EN: "Tariff"}

// applicationNumber gives an application's identifier as people say it:
// application-000001 is 認定申請 第1号.
func applicationNumber(id string) ui.Text {
	digits, ok := strings.CutPrefix(id, "application-")
	n, err := strconv.Atoi(digits)
	if !ok || err != nil {
		return ui.Text{JA: id, EN: id}
	}
	return ui.Text{JA: fmt.Sprintf("認定申請 第%d号", n), EN: fmt.Sprintf("Application No. %d", n)}
}

// auditLabels are what a line of the ministry's log did.
var auditLabels = frame.Labels[string]{
	"applied":    {Name: ui.Text{JA: "申請を受付", EN: "Application received"}, Tone: "neutral"},
	"approved":   {Name: ui.Text{JA: "申請を認める", EN: "Application approved"}, Tone: "neutral"},
	"rejected":   {Name: ui.Text{JA: "申請を認めない", EN: "Application rejected"}, Tone: "neutral"},
	"registered": {Name: ui.Text{JA: "認定", EN: "Accredited"}, Tone: "neutral"},
	"accredited": {Name: ui.Text{JA: "認定", EN: "Accredited"}, Tone: "neutral"},
	"suspended":  {Name: ui.Text{JA: "認定の停止", EN: "Suspended"}, Tone: "wait"},
	"withdrawn":  {Name: ui.Text{JA: "認定の取消し", EN: "Withdrawn"}, Tone: "neutral"},
	"key":        {Name: ui.Text{JA: "鍵の変更", EN: "Key changed"}, Tone: "neutral"},
	"conditions": {Name: ui.Text{JA: "条件の変更", EN: "Conditions changed"}, Tone: "neutral"},
	"changed":    {Name: ui.Text{JA: "手数料の単価を変更", EN: "Tariff changed"}, Tone: "neutral"},
}

// verifierActs lists what the ministry can do to a verifier.
func verifierActs() []verifierAct {
	accredited, suspended := []accreditation.VerifierState{accreditation.VerifierAccredited}, []accreditation.VerifierState{accreditation.VerifierSuspended}
	both := []accreditation.VerifierState{accreditation.VerifierAccredited, accreditation.VerifierSuspended}
	return []verifierAct{
		{
			ID: "conditions", from: both, Name: ui.Text{JA: "認定の条件を変える", EN: "Change the conditions"},
			Does: ui.Text{JA: "対象の電子証明書と条件を変えます。対象から外した種別の照会には、確定した時から回答しません。", EN: "Changes which certificates the verifier may ask about and the conditions. Takes effect when you confirm."},
		},
		{
			ID: "suspend", from: accredited, state: accreditation.VerifierSuspended, Name: ui.Text{JA: "認定を停止する", EN: "Suspend the accreditation"},
			Does: ui.Text{JA: "確定した時から、この検証者からの照会（OCSP・失効情報ファイル・変更確認・対応番号）には、すべて回答しません。停止は解除できます。", EN: "When you confirm, all inquiries from this verifier are refused: OCSP, CRL, change confirmation and paired serial numbers. You can reinstate it later."},
		},
		{
			ID: "reinstate", from: suspended, state: accreditation.VerifierAccredited, Name: ui.Text{JA: "停止を解除する", EN: "Reinstate"},
			Does: ui.Text{JA: "確定した時から、この検証者の照会に回答します。検証者の鍵は、これまでのものを使います。", EN: "When you confirm, inquiries are answered again, with the same key."},
		},
		{
			ID: "withdraw", from: both, state: accreditation.VerifierWithdrawn, Final: true, Name: ui.Text{JA: "認定を取り消す", EN: "Withdraw the accreditation"},
			Does: ui.Text{JA: "確定した時から照会に回答しません。取消しは元に戻せません。再び認定するには、改めて申請が要ります。", EN: "When you confirm, all inquiries are refused. This is final: the organisation must apply again to be accredited."},
		},
	}
}

func purposeName(k jpki.Kind, p accreditation.Purpose) ui.Text {
	switch {
	case p == accreditation.LatestData:
		return ui.Text{JA: "最新の利用者情報の提供", EN: "Latest four data"}
	case p == accreditation.CurrentStatus:
		return ui.Text{JA: "変更確認", EN: "Change confirmation"}
	case k == jpki.UserAuthentication:
		return ui.Text{JA: "利用者証明の検証", EN: "Authentication"}
	}
	return ui.Text{JA: "署名の検証", EN: "Signature"}
}

// sayApplicantMissing asks for an applicant's name.
var sayApplicantMissing = ui.Text{JA: "事業者の名称を、200文字以内で入力してください。", EN: "Enter the name of the organisation, up to 200 characters."}

// fieldGrounds is the reason of an act of the ministry.
func fieldGrounds() frame.Field {
	f := frame.FieldWhy(nil)
	f.Label, f.Hint = ui.Text{JA: "決定の理由", EN: "Reason"}, ui.Text{JA: "監査記録に残ります。", EN: "Recorded in the audit log."}
	return f
}

func fieldVerifierKinds(kinds []jpki.Kind) frame.Field {
	return frame.FieldKinds(ui.Text{JA: "対象の電子証明書", EN: "Certificates"}, kinds)
}

var fieldConditions = frame.Field{Name: "conditions", Shape: "long", Label: ui.Text{JA: "認定の条件", EN: "Conditions"}, Hint: ui.Text{JA: "公開の名簿にも表示されます。ないときは空欄にします。", EN: "Shown on the public list. Leave empty if there are none."}}

var fieldVerifierID = frame.Field{Name: "id", Shape: "text", Required: true, Label: ui.Text{JA: "検証者ID", EN: "Verifier ID"}, Hint: ui.Text{JA: "半角の英小文字・数字・「.」「_」「-」。例：mihon-bank", EN: "Lower-case letters, digits and . _ -, for example mihon-bank"}}

var fieldApplicant = frame.Field{Name: "name", Shape: "text", Required: true, Label: ui.Text{JA: "事業者の名称", EN: "Name of the organisation"}}

var fieldContact = frame.Field{Name: "contact", Shape: "text", Required: true, Label: ui.Text{JA: "ご担当者・連絡先", EN: "Contact"}, Hint: ui.Text{JA: "模擬環境です。実在の方の情報は入力しないでください。", EN: "This is a mock: do not enter a real person’s details."}}

var fieldUse = frame.Field{Name: "use", Shape: "long", Required: true, Label: ui.Text{JA: "失効情報を利用する業務", EN: "What the information will be used for"}, Hint: ui.Text{JA: "例：口座開設時の本人確認と、お客さま情報の変更の確認", EN: "For example, identity confirmation at account opening"}}

var fieldFrom = frame.Field{Name: "from", Shape: "day", Required: true, Label: ui.Text{JA: "適用開始日", EN: "Start date"}, Hint: ui.Text{JA: "例：令和8年10月1日", EN: "For example 2026-10-01"}}

func fieldTariffKind() frame.Field {
	f := frame.Field{Name: "kind", Shape: "select", Required: true, Label: ui.Text{JA: "電子証明書の種別", EN: "Kind"}}
	for _, k := range jpki.Kinds() {
		f.Options = append(f.Options, frame.Option{Value: k.String(), Text: frame.KindName(k)})
	}
	return f
}

var fieldYen = frame.Field{Name: "yen", Shape: "number", Required: true, Label: ui.Text{JA: "単価（円／件）", EN: "Price per answer (yen)"}}
