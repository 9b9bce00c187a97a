package touch

import "example.jp/jpkimock/internal/ui"

var partyNames = map[Party]ui.Text{
	Citizen:     {JA: "本人", EN: "Citizen"},
	Card:        {JA: "個人番号カード", EN: "Card"},
	Reader:      {JA: "カードリーダー・利用者ソフト", EN: "Card reader and client"},
	Bank:        {JA: "みほん銀行", EN: "Mihon Bank"},
	Cable:       {JA: "みほんケーブルテレビ", EN: "Mihon Cable TV"},
	Platform:    {JA: "共通プラットフォーム", EN: "Common platform"},
	Hospital:    {JA: "みほん総合病院", EN: "Mihon General Hospital"},
	Clinic:      {JA: "診療所", EN: "Clinic"},
	MedPlatform: {JA: "共通プラットフォーム（医療分野）", EN: "Common platform (medical)"},
	Insurer:     {JA: "健康保険の保険者", EN: "Health insurer"},
	Inquiry:     {JA: "処方箋照会システム", EN: "Prescription inquiry system"},
	Pharmacy:    {JA: "薬局", EN: "Pharmacy"},
	Gateway:     {JA: "クレジット決済", EN: "Card payment"},
	Portal:      {JA: "引越しポータル", EN: "Portal"},
	Partner:     {JA: "連携先事業者", EN: "Partner business"},
	Authority:   {JA: "機構（公的個人認証サービス）", EN: "Agency (JPKI)"},
	Unknown:     {JA: "その他", EN: "Other"},
}

var shortNames = map[Party]ui.Text{
	Card:        {JA: "カード", EN: "Card"},
	Reader:      {JA: "利用者ソフト", EN: "Client and reader"},
	MedPlatform: {JA: "共通PF（医療）", EN: "Platform (medical)"},
	Platform:    {JA: "共通PF", EN: "Platform"},
	Insurer:     {JA: "保険者", EN: "Insurer"},
	Inquiry:     {JA: "処方箋照会", EN: "Prescriptions"},
	Authority:   {JA: "機構", EN: "Agency (JPKI)"},
	Cable:       {JA: "みほんCATV", EN: "Mihon Cable TV"},
}

var datumNames = map[Datum]ui.Text{
	Name:        {JA: "氏名", EN: "Name"},
	Address:     {JA: "住所", EN: "Address"},
	Birth:       {JA: "生年月日", EN: "Date of birth"},
	Gender:      {JA: "性別", EN: "Gender"},
	Serial:      {JA: "証明書の発行番号", EN: "Certificate serial number"},
	AuthCert:    {JA: "利用者証明用電子証明書", EN: "User authentication certificate"},
	SignCert:    {JA: "署名用電子証明書", EN: "Digital signature certificate"},
	Signature:   {JA: "電子署名", EN: "Signature"},
	Document:    {JA: "署名した文書", EN: "Signed document"},
	PIN:         {JA: "暗証番号", EN: "PIN"},
	PrivateKey:  {JA: "秘密鍵", EN: "Private key"},
	Challenge:   {JA: "使い捨ての乱数", EN: "One-time challenge"},
	Validity:    {JA: "証明書の有効性", EN: "Certificate status"},
	Eligibility: {JA: "保険資格情報", EN: "Insurance eligibility"},
	Pseudonym:   {JA: "サービスごとの利用者番号", EN: "Per-service user ID"},
	Grant:       {JA: "閲覧の許可", EN: "Permission to look"},
	Medicines:   {JA: "処方された薬", EN: "Prescribed medicines"},
	Disease:     {JA: "病名", EN: "Diagnosis"},
	Amount:      {JA: "支払金額", EN: "Amount to pay"},
	CreditCard:  {JA: "クレジットカード番号", EN: "Credit card number"},
	Account:     {JA: "口座の情報", EN: "Account details"},
	MyNumber:    {JA: "個人番号（マイナンバー）", EN: "Individual Number"},
}

// The words of steps that no row of calls has.
var (
	sayCommands = ui.Text{JA: "カードに計算を依頼", EN: "Ask the card to sign"}
	sayMade     = ui.Text{JA: "電子署名と電子証明書", EN: "Signature and certificate"}
	sayNoAnswer = ui.Text{JA: "回答なし", EN: "No answer"}
	sayRefused  = ui.Text{JA: "お断り", EN: "Refused"}
	sayPlain    = ui.Text{JA: "照会", EN: "Request"}
	sayAnswer   = ui.Text{JA: "回答", EN: "Answer"}
)

// How a touch ended.
var (
	sayServed    = ui.Text{JA: "証明書は有効でした。④サービスが提供されました。", EN: "The certificate is valid. ④ The service was given."}
	sayRevoked   = ui.Text{JA: "③の結果は「失効」でした。④サービスは提供されません。", EN: "③ says that the certificate is revoked. ④ No service is given."}
	sayNotServed = ui.Text{JA: "③の結果はありましたが、④サービスは提供されませんでした。", EN: "③ arrived, but ④ no service was given."}
	sayNoResult  = ui.Text{JA: "③の回答がありません。確認できないため、④サービスは提供されません。", EN: "③ did not arrive. What cannot be checked is not accepted: ④ no service is given."}
	sayNotAsked  = ui.Text{JA: "②の照会の前に止まりました。④サービスは提供されません。", EN: "It stopped before ②. ④ No service is given."}
	sayUnderWay  = ui.Text{JA: "手続きの途中です。", EN: "Under way."}
)
