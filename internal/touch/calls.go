package touch

import (
	"strings"

	"example.jp/jpkimock/internal/ui"
)

// Call is a row of the table of calls: a kind of request, who takes it is derived from
// house and path, and what the picture says of it and of its answer.
type Call struct {
	House, Method string
	Path          string // a segment may be *, which any is
	Story         string // which story a touch with this call tells, the latest of a touch counting; empty for any
	From          Party  // who asks, where the call is no part of another request; empty for the citizen
	// Uses says that a card is used: such a call makes its traces a touch.
	Uses        bool
	Ask, Answer Side
}

// Side is a request or an answer as an arrow.
type Side struct {
	// No is the arrow's number in the seed's pictures, 1 to 4; 0 for one without. 2 and 3
	// count where a call with 1 and 4 is above them.
	No   int
	Text ui.Text
	Data []Datum // what crosses; empty also for what is no personal datum
}

func says(ja, en string, data ...Datum) Side { return Side{0, ui.Text{JA: ja, EN: en}, data} }

func numbered(no int, ja, en string, data ...Datum) Side {
	return Side{no, ui.Text{JA: ja, EN: en}, data}
}

// The stories.
const (
	BankSignIn   = "bank-signin"
	BankOpening  = "bank-opening"
	BankChange   = "bank-change"
	Television   = "television"
	Residency    = "residency"
	Sharing      = "platform"
	Reception    = "reception"
	Dispensing   = "pharmacy"
	Prescribing  = "prescribing"
	OwnMedicines = "own-prescriptions"
	Payment      = "payment"
	CardHolder   = "card-holder"
	PortalSignIn = "portal-signin"
	PortalMove   = "portal-move"
)

// Arrows that occur at several houses.
var (
	asksChallenge  = says("手続きを始める", "Start")
	givesChallenge = says("使い捨ての乱数（チャレンジ）", "One-time challenge", Challenge)
	asksDraft      = says("申込内容を送る", "Send the details")
	givesDraft     = says("署名する文書", "Document to sign", Document)
	proves         = numbered(1, "証明書有効性確認依頼", "Ask to check the certificate", AuthCert, Serial, Signature)
	signs          = numbered(1, "証明書有効性確認依頼（署名）", "Ask to check the signature", SignCert, Serial, Signature, Document, Name, Address, Birth, Gender)
	handsOn        = says("カードの答えを届ける", "Bring the card's answer", AuthCert, Serial, Signature)
	goesOn         = says("次の画面へ", "Go on")
	toCard         = says("カードの利用を依頼", "Ask for the card")
	opens          = says("暗証番号の入力画面", "PIN screen")
	fetches        = says("結果を受け取る", "Fetch the result")
	fetched        = says("電子署名と電子証明書", "Signature and certificate")
)

// calls is the table. The first row that fits counts.
var calls = []Call{
	// The card house: a browser's window, a kiosk's and a television's page, and programs.
	{House: "card", Method: "POST", Path: "/*/requests", Ask: toCard, Answer: opens},
	{House: "card", Method: "POST", Path: "/*/requests/*/pin", Uses: true, Ask: says("暗証番号を入力", "Type the PIN", PIN), Answer: goesOn},
	{House: "card", Method: "POST", Path: "/*/requests/*/answer", Ask: fetches, Answer: fetched},
	{House: "card", Method: "POST", Path: "/v1/authenticate", Uses: true, Ask: says("暗証番号を入力", "Type the PIN", PIN), Answer: fetched},
	{House: "card", Method: "POST", Path: "/v1/sign", Uses: true, Ask: says("暗証番号を入力", "Type the PIN", PIN), Answer: fetched},

	// The authority.
	{House: "authority", Method: "POST", Path: "/ocsp/*", Ask: numbered(2, "証明書の有効性確認", "Check the certificate", Serial),
		Answer: numbered(3, "結果返却", "Return the result", Validity)},
	{House: "authority", Method: "GET", Path: "/verifier/v1/certificates/*/*/pair", Ask: says("対応する証明書の発行番号を照会", "Ask for the paired serial number", Serial),
		Answer: says("対応する発行番号", "Paired serial number", Serial)},
	{House: "authority", Method: "GET", Path: "/verifier/v1/certificates/*/*/*", Ask: says("前後の証明書の発行番号を照会", "Ask for related serial numbers", Serial),
		Answer: says("前後の発行番号", "Related serial numbers", Serial)},
	{House: "authority", Method: "POST", Path: "/verifier/v1/confirmations", Ask: says("まとめて有効性を照会", "Ask about several certificates", Serial),
		Answer: says("結果返却", "Results", Validity)},

	// The bank.
	{House: "bank", Method: "GET", Path: "/signin", Story: BankSignIn, Ask: asksChallenge, Answer: givesChallenge},
	{House: "bank", Method: "POST", Path: "/signin/challenge", Story: BankSignIn, Ask: asksChallenge, Answer: givesChallenge},
	{House: "bank", Method: "POST", Path: "/signin", Story: BankSignIn, Ask: proves, Answer: numbered(4, "サービス提供（サインイン）", "Service: signed in", Account)},
	{House: "bank", Method: "POST", Path: "/accounts/draft", Story: BankOpening, Ask: asksDraft, Answer: givesDraft},
	{House: "bank", Method: "GET", Path: "/accounts/draft", Story: BankOpening, Ask: asksDraft, Answer: givesDraft},
	{House: "bank", Method: "POST", Path: "/accounts", Story: BankOpening, Ask: signs, Answer: numbered(4, "サービス提供（口座開設）", "Service: account opened", Account)},
	{House: "bank", Method: "POST", Path: "/changes", Story: BankChange, Ask: signs, Answer: numbered(4, "サービス提供（変更の届出）", "Service: change registered", Account)},
	{House: "bank", Method: "POST", Path: "/consent", Story: BankChange, Ask: signs, Answer: numbered(4, "サービス提供（同意の届出）", "Service: consent registered")},
	{House: "bank", Method: "POST", Path: "/*/draft", Story: BankChange, Ask: asksDraft, Answer: givesDraft},
	{House: "bank", Method: "GET", Path: "/*/draft", Story: BankChange, Ask: asksDraft, Answer: givesDraft},
	{House: "bank", Method: "POST", Path: "/branch/touch", Story: BankSignIn, Ask: asksChallenge, Answer: givesChallenge},
	{House: "bank", Method: "POST", Path: "/branch/answer/*", Ask: handsOn, Answer: goesOn},
	{House: "bank", Method: "GET", Path: "/branch/answered/*", Story: BankSignIn, Ask: proves, Answer: numbered(4, "サービス提供（お客さまの特定）", "Service: customer found", Account)},

	// The cable operator and the common platform.
	{House: "catv", Method: "GET", Path: "/signin", Story: Television, Ask: asksChallenge, Answer: givesChallenge},
	{House: "catv", Method: "POST", Path: "/*/challenge", Story: Television, Ask: asksChallenge, Answer: givesChallenge},
	{House: "catv", Method: "POST", Path: "/signin", Story: Television, Ask: proves, Answer: numbered(4, "サービス提供（視聴者の確認）", "Service: viewer recognised")},
	{House: "catv", Method: "POST", Path: "/enrolment", Story: Television, Ask: proves, Answer: numbered(4, "サービス提供（視聴者の登録）", "Service: viewer enrolled")},
	{House: "catv", Method: "POST", Path: "/answer/*", Ask: handsOn, Answer: goesOn},
	{House: "catv", Method: "GET", Path: "/answered/*", Story: Television, Ask: proves, Answer: numbered(4, "サービス提供（視聴者の確認）", "Service: viewer recognised")},
	{House: "catv", Method: "POST", Path: "/residency/draft", Story: Residency, Ask: asksDraft, Answer: givesDraft},
	{House: "catv", Method: "POST", Path: "/residency", Story: Residency, Ask: signs, Answer: numbered(4, "サービス提供（居住者の登録）", "Service: resident registered")},
	{House: "catv", Method: "GET", Path: "/*/login", Ask: says("サービスを選ぶ", "Choose a service"), Answer: says("共通プラットフォームへ", "To the platform")},
	{House: "catv", Method: "GET", Path: "/*/callback", Story: Sharing, Ask: says("認証の結果を渡す", "Bring the result"), Answer: says("サービスの画面", "The service")},
	{House: "platform", Method: "GET", Path: "/api/realms/main/protocol/openid-connect/auth", Ask: says("本人の確認を求める（OpenID Connect）", "Ask who it is (OpenID Connect)"), Answer: goesOn},
	{House: "platform", Method: "GET", Path: "/login/*", Story: Sharing, Ask: asksChallenge, Answer: givesChallenge},
	{House: "platform", Method: "POST", Path: "/login/*/hand", Ask: handsOn, Answer: goesOn},
	{House: "platform", Method: "GET", Path: "/login/*/hand", Story: Sharing, Ask: proves, Answer: numbered(4, "資格確認の結果", "Result of the check")},
	{House: "platform", Method: "GET", Path: "/login/*/consent", Ask: goesOn, Answer: says("提供に同意するかの確認", "Question for consent")},
	{House: "platform", Method: "POST", Path: "/login/*/consent", Ask: says("提供に同意する", "Consent"), Answer: says("サービスへ戻る", "Back to the service")},
	{House: "platform", Method: "POST", Path: "/login/*", Story: Sharing, Ask: proves, Answer: numbered(4, "資格確認の結果", "Result of the check")},
	{House: "platform", Method: "POST", Path: "/api/realms/main/protocol/openid-connect/token", Ask: says("引換えの符号を渡す", "Redeem the code"),
		Answer: says("サービスごとの利用者番号（IDトークン）", "Per-service user ID (ID token)", Pseudonym)},
	{House: "platform", Method: "POST", Path: "/signin", Story: Sharing, Ask: proves, Answer: numbered(4, "サービス提供（利用記録の閲覧）", "Service: own records")},

	// The medical field.
	{House: "medical", Method: "GET", Path: "/*/card", Story: Reception, Ask: asksChallenge, Answer: givesChallenge},
	{House: "medical", Method: "POST", Path: "/*/desk/v1/challenges", Story: Reception, Ask: asksChallenge, Answer: givesChallenge},
	{House: "medical", Method: "POST", Path: "/*/desk/v1/receptions", Ask: handsOn, Answer: says("受付の結果", "Result of the reception")},
	{House: "medical", Method: "POST", Path: "/*/answer/*", Ask: handsOn, Answer: goesOn},
	{House: "medical", Method: "GET", Path: "/*/answered/*", Ask: says("受付を進める", "Go on with the reception"), Answer: says("受付の結果", "Result of the reception")},
	{House: "medical", Method: "POST", Path: "/*/desk/visits/*/bill", Ask: says("請求を作る", "Make the bill"), Answer: says("請求の作成", "The bill was made")},
	{House: "medical", Method: "GET", Path: "/pharmacies/*/card", Story: Dispensing, Ask: asksChallenge, Answer: givesChallenge},
	{House: "medical", Method: "POST", Path: "/pharmacies/*/desk/v1/challenges", Story: Dispensing, Ask: asksChallenge, Answer: givesChallenge},
	{House: "medical", Method: "POST", Path: "/pharmacies/*/desk/v1/touches", Ask: handsOn, Answer: says("照会の結果", "Result")},
	{House: "medical", Method: "POST", Path: "/pharmacies/*/answer/*", Ask: handsOn, Answer: goesOn},
	{House: "medical", Method: "GET", Path: "/pharmacies/*/answered/*", Ask: says("処方箋の照会を進める", "Go on with the inquiry"), Answer: says("照会の結果", "Result")},
	{House: "medical", Method: "GET", Path: "/*/pay/card", Story: Payment, Ask: says("支払いを始める", "Start paying"), Answer: givesChallenge},
	{House: "medical", Method: "POST", Path: "/platform/v1/challenges", Ask: asksChallenge, Answer: givesChallenge},
	{House: "medical", Method: "POST", Path: "/platform/v1/confirmations", Ask: says("保険資格の確認を依頼", "Ask for the eligibility", AuthCert, Serial, Signature),
		Answer: says("保険資格情報", "Eligibility", Eligibility, Name, Birth, Gender)},
	{House: "medical", Method: "POST", Path: "/platform/relay/holders", Ask: says("受付番号から証明書を照会", "Ask whose reception it was"), Answer: says("証明書の発行番号", "Serial number", Serial)},
	{House: "medical", Method: "POST", Path: "/insurers/*/relay/confirmations", Story: Reception, Ask: numbered(1, "証明書有効性確認依頼", "Ask to check the certificate", AuthCert, Serial, Signature),
		Answer: numbered(4, "サービス提供（保険資格情報）", "Service: eligibility", Eligibility, Name, Birth, Gender)},
	{House: "medical", Method: "POST", Path: "/insurers/*/relay/holds", Ask: says("資格が続いているかを照会", "Ask whether it still holds", Serial), Answer: says("はい・いいえ", "Yes or no")},
	{House: "medical", Method: "POST", Path: "/rx/relay/challenges", Ask: asksChallenge, Answer: givesChallenge},
	{House: "medical", Method: "POST", Path: "/rx/relay/grants", Story: Dispensing, Ask: numbered(1, "証明書有効性確認依頼", "Ask to check the certificate", AuthCert, Serial, Signature),
		Answer: numbered(4, "サービス提供（処方箋の閲覧許可）", "Service: permission to look", Grant)},
	{House: "medical", Method: "POST", Path: "/rx/relay/lists", Ask: says("処方箋を照会", "Ask for the prescriptions", Grant), Answer: says("処方箋", "Prescriptions", Medicines, Name, Birth, Gender)},
	{House: "medical", Method: "POST", Path: "/rx/relay/prescriptions", Story: Prescribing, Ask: numbered(1, "署名した処方箋を登録", "Register a signed prescription", SignCert, Serial, Signature, Document, Medicines, Name, Address, Birth, Gender),
		Answer: numbered(4, "処方箋の登録", "Prescription registered", Medicines)},
	{House: "medical", Method: "GET", Path: "/rx/mine", Story: OwnMedicines, Ask: asksChallenge, Answer: givesChallenge},
	{House: "medical", Method: "POST", Path: "/rx/mine", Story: OwnMedicines, Ask: proves, Answer: numbered(4, "サービス提供（本人の処方箋）", "Service: own prescriptions", Medicines)},
	{House: "gateway", Method: "POST", Path: "/v1/challenges", Story: Payment, Ask: says("支払いの予告", "Announce the payment", Amount), Answer: givesChallenge},
	{House: "gateway", Method: "POST", Path: "/v1/payments", Story: Payment, Ask: numbered(1, "証明書有効性確認依頼（支払い）", "Ask to check the certificate (payment)", AuthCert, Serial, Signature, Amount),
		Answer: numbered(4, "サービス提供（決済）", "Service: payment", Amount)},
	{House: "gateway", Method: "GET", Path: "/", Story: CardHolder, Ask: asksChallenge, Answer: givesChallenge},
	{House: "gateway", Method: "POST", Path: "/signin", Story: CardHolder, Ask: proves, Answer: numbered(4, "サービス提供（サインイン）", "Service: signed in")},

	// The portal and its partners.
	{House: "portal", Method: "GET", Path: "/signin", Story: PortalSignIn, Ask: asksChallenge, Answer: givesChallenge},
	{House: "portal", Method: "POST", Path: "/signin/challenge", Story: PortalSignIn, Ask: asksChallenge, Answer: givesChallenge},
	{House: "portal", Method: "POST", Path: "/signin", Story: PortalSignIn, Ask: proves, Answer: numbered(4, "サービス提供（サインイン）", "Service: signed in")},
	{House: "portal", Method: "POST", Path: "/apply/draft", Story: PortalMove, Ask: asksDraft, Answer: givesDraft},
	{House: "portal", Method: "GET", Path: "/apply/draft", Story: PortalMove, Ask: asksDraft, Answer: givesDraft},
	{House: "portal", Method: "POST", Path: "/*/draft", Story: PortalSignIn, Ask: asksDraft, Answer: givesDraft},
	{House: "portal", Method: "GET", Path: "/*/draft", Ask: asksDraft, Answer: givesDraft},
	{House: "portal", Method: "POST", Path: "/enrol", Story: PortalSignIn, Ask: signs, Answer: numbered(4, "サービス提供（利用登録）", "Service: enrolled")},
	{House: "portal", Method: "GET", Path: "/box", Ask: says("電子私書箱を開く", "Open the box"), Answer: says("届いた通知の一覧", "The notices that came")},
	{House: "portal", Method: "POST", Path: "/apply", Story: PortalMove, Ask: signs, Answer: numbered(4, "サービス提供（住所変更の受付）", "Service: application taken")},
	{House: "bank", Method: "POST", Path: "/partner/v1/applications", From: Portal, Ask: delivers.Ask, Answer: delivers.Answer},
	{House: "catv", Method: "POST", Path: "/partner/v1/applications", From: Portal, Ask: delivers.Ask, Answer: delivers.Answer},
	{House: "utility", Method: "POST", Path: "/*/partner/v1/applications", From: Portal, Ask: delivers.Ask, Answer: delivers.Answer},
}

// delivers is how the portal brings an application to a partner.
var delivers = Call{
	Ask:    says("署名した住所変更申請を届ける", "Deliver the signed application", SignCert, Serial, Signature, Document, Name, Address, Birth, Gender),
	Answer: says("受領", "Receipt"),
}

// callOf finds the row of a request.
func callOf(house, method, path string) (Call, bool) {
	for _, c := range calls {
		if c.House == house && c.Method == method && fits(c.Path, path) {
			return c, true
		}
	}
	return Call{}, false
}

// fits compares a path with a pattern of the same number of segments.
func fits(pattern, path string) bool {
	p, s := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(p) != len(s) {
		return false
	}
	for i := range p {
		if p[i] != "*" && p[i] != s[i] {
			return false
		}
	}
	return true
}
