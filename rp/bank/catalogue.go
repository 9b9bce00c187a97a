package bank

import (
	"fmt"
	"time"
)

// Name is a name in both languages.
type Name struct {
	JA string `json:"ja"`
	EN string `json:"en"`
}

// Purpose is a purpose of transactions (取引の目的), which a bank must ask for
// when it opens an account (犯罪収益移転防止法 第4条).
type Purpose struct {
	ID   string `json:"id"`
	Name Name   `json:"name"`
}

// Branch is a branch (店舗) with its three digits (店番).
type Branch struct {
	Code string `json:"code"`
	Name Name   `json:"name"`
}

// Purposes lists what a customer can choose from, the usual one first.
func Purposes() []Purpose {
	return []Purpose{
		{"living", Name{"生計費の決済", "Paying living expenses"}},
		{"salary", Name{"給与・年金の受取り", "Receiving salary or pension"}},
		{"savings", Name{"貯蓄・資産運用", "Saving and investing"}},
		{"tuition", Name{"学費・仕送り", "School fees and allowances"}},
		{"business", Name{"事業費の決済", "Paying business expenses"}},
	}
}

// InternetBranch is the branch of those who choose none.
const InternetBranch = "901"

// Branches lists the bank's branches, the internet branch first.
func Branches() []Branch {
	return []Branch{
		{InternetBranch, Name{"インターネット支店", "Internet branch"}},
		{"101", Name{"みほん中央支店", "Mihon Central branch"}},
		{"121", Name{"ひなた支店", "Hinata branch"}},
		{"201", Name{"いろは支店", "Iroha branch"}},
	}
}

// Words of the statement.
const (
	giftName = "みほん銀行"
	giftMemo = "開設記念"
)

// timeOfDay is how a document prints a time of day (hour, minute); the exact
// instant is kept with it.
func timeOfDay(t time.Time) string { return fmt.Sprintf("%d時%d分", t.Hour(), t.Minute()) }

// applicationForm is the application to open an account (口座開設申込書) as the
// customer reads it in the card client's window and signs it. Its lines are
// short enough for a telephone.
const applicationForm = `　　　　　口座開設申込書

みほん銀行　御中

申込番号　　{{.Number}}
申込日時　　{{.Date}}　{{.Time}}
取扱店　　　{{.Branch.Name.JA}}
　　　　　　（店番{{.Branch.Code}}）
預金の種類　普通預金
取引の目的　{{.Purpose.Name.JA}}

１　私は、貴行の普通預金規定を承認し、
　　上記のとおり口座の開設を申し込みます。

２　私の氏名、住所、生年月日及び性別は、
　　この申込書に付する電子署名に係る署名用
　　電子証明書に記録されているとおりです。

３　私は、本人の名義で、本人のために、
　　この申込みをします。

４　私は、貴行が次のことを行うことに同意
　　します。この同意は、いつでも撤回する
　　ことができます。
　　①　署名用電子証明書及びその発行の番号
　　　　を、私の顧客情報とともに保存する
　　　　こと。
　　②　預金取引の継続中、電子証明書の有効
　　　　性（失効の有無）を、地方公共団体
　　　　情報システム機構に確認すること。
　　③　同じカードの利用者証明用電子証明書
　　　　（更新等の後のものを含む。）の発行
　　　　の番号を同機構に確認し、サインイン
　　　　の際の本人の確認に用いること。

５　私は、氏名、住所その他の届出事項に変更
　　があったときは、遅滞なく届け出ます。

６　私は、暴力団員その他の反社会的勢力に
　　該当しないことを表明し、確約します。

　　電子署名をもって、記名押印に代えます。

――――――――――――――――――――
この文書は模擬環境（jpkimock）で作成された
ものです。実在の銀行とは関係がありません。
`

// changeForm is the change notice (変更届). It may be written for somebody who
// is not known yet; then it does not say what is on record.
const changeForm = `　　　　住所・氏名等変更届

みほん銀行　御中

届出番号　　{{.Number}}
届出日時　　{{.Date}}　{{.Time}}
口座番号　　{{.Account.Number}}
{{- if .Name}}
取扱店　　　{{.Account.Branch.Name.JA}}
　　　　　　（店番{{.Account.Branch.Code}}）
{{- end}}

１　私は、貴行への届出事項（氏名、住所、
　　生年月日及び性別）を、次のとおり変更
　　します。

　　【変更前】
{{- if .Name}}
　　　氏名　{{range $i, $l := .Name}}{{if $i}}
　　　　　　{{end}}{{$l}}{{end}}
　　　住所　{{range $i, $l := .Address}}{{if $i}}
　　　　　　{{end}}{{$l}}{{end}}
　　　署名用電子証明書の発行の番号
　　　　　　{{.Serial}}
{{- else}}
　　　貴行に届け出ているとおり
{{- end}}

　　【変更後】
　　　この届出に付する電子署名に係る署名用
　　　電子証明書に記録されているとおり

２　私は、この届出に付する電子署名に係る
　　署名用電子証明書及びその発行の番号を、
　　従前のものに代えて、私の顧客情報と
　　ともに保存することに同意します。
　　電子証明書の有効性の確認に関する利用
　　許諾は、現在の届出のとおりとします。

３　この届出は、口座の名義人本人が行うもの
　　です。

　　電子署名をもって、記名押印に代えます。

――――――――――――――――――――
この文書は模擬環境（jpkimock）で作成された
ものです。実在の銀行とは関係がありません。
`

// consentForm is the form by which a customer gives the permission again
// (利用許諾書).
const consentForm = `　　　電子証明書の利用許諾書

みほん銀行　御中

届出番号　　{{.Number}}
届出日時　　{{.Date}}　{{.Time}}
口座番号　　{{.Account.Number}}
取扱店　　　{{.Account.Branch.Name.JA}}
　　　　　　（店番{{.Account.Branch.Code}}）

　私は、貴行が次のことを行うことを、改めて
許諾します。この許諾は、いつでも撤回する
ことができます。

１　この許諾書に付する電子署名に係る署名用
　　電子証明書（発行の番号 {{.Serial}}）
　　を、私の顧客情報とともに保存すること。

２　預金取引の継続中、電子証明書の有効性
　　（失効の有無）を、地方公共団体情報シス
　　テム機構に確認すること。

３　私は、氏名、住所その他の届出事項に変更
　　があったときは、遅滞なく届け出ます。

　　電子署名をもって、記名押印に代えます。

――――――――――――――――――――
この文書は模擬環境（jpkimock）で作成された
ものです。実在の銀行とは関係がありません。
`
