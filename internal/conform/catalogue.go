package conform

import "example.jp/jpkimock/internal/ui"

// say has the words of the report's page.
var say = map[string]ui.Text{
	"heading":              {JA: "適合試験の結果", EN: "Conformance report"},
	"mock":                 {JA: "模擬環境での試験です。実在の人・カード・証明書は使っていません。", EN: "Tried against a mock: no real person, card or certificate was used."},
	"profile":              {JA: "種別", EN: "Profile"},
	"target":               {JA: "対象", EN: "Target"},
	"at":                   {JA: "試験日時", EN: "Tried"},
	"sound":                {JA: "不適合はありません", EN: "Nothing failed"},
	"unsound":              {JA: "不適合があります", EN: "Some cases failed"},
	"what-failed":          {JA: "不適合の内容", EN: "What failed"},
	"all":                  {JA: "すべての項目", EN: "All cases"},
	"no":                   {JA: "番号", EN: "No."},
	"case":                 {JA: "項目", EN: "Case"},
	"sent":                 {JA: "送ったもの", EN: "Sent"},
	"expected":             {JA: "期待", EN: "Expected"},
	"came":                 {JA: "返ってきたもの", EN: "Came"},
	"outcome":              {JA: "結果", EN: "Outcome"},
	"mend":                 {JA: "直すところ", EN: "What to mend"},
	"doc":                  {JA: "参照", EN: "See"},
	"reason":               {JA: "理由", EN: "Reason"},
	string(Accept):         {JA: "受け付ける", EN: "accept"},
	string(Refuse):         {JA: "断る", EN: "refuse"},
	string(Passed):         {JA: "適合", EN: "passed"},
	string(Failed):         {JA: "不適合", EN: "failed"},
	string(NotApplicable):  {JA: "対象外", EN: "not applicable"},
	string(NotTried):       {JA: "未実施", EN: "not tried"},
	"relying-party":        {JA: "サービス（カードでのサインイン）", EN: "relying party"},
	"oidc-client":          {JA: "OpenID Connectのクライアント", EN: "OpenID Connect client"},
	"ocsp-client":          {JA: "OCSPのクライアント", EN: "OCSP client"},
	"partner":              {JA: "連携先事業者", EN: "partner of the portal"},
	"first-failed-nothing": {JA: "最初の項目が不適合のため、ほかの項目は実施していません。", EN: "The first case failed, so the others were not tried."},
}

// Say gives the word for an outcome or an expectation.
func Say[T ~string](what T) ui.Text { return say[string(what)] }
