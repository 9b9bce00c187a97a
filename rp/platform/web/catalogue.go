package web

import (
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp/platform"
)

// site is what the layout says of the platform.
func site(lobby string, now func() time.Time) ui.Site {
	return ui.Site{
		House: "platform", Lobby: lobby, Now: now,
		Name:    ui.Text{JA: "みらい共通認証基盤", EN: "Mirai Common Platform"},
		Tagline: ui.Text{JA: "カード1枚で、いろいろなサービスへ。", EN: "One card, many services."},
		Nav: []ui.Link{
			{Text: ui.Text{JA: "ご利用の記録", EN: "Your records"}, Href: "/logins"},
			{Text: ui.Text{JA: "事業者登録簿", EN: "Register of services"}, Href: "/register"},
		},
	}
}

// titles are the titles of the pages.
var titles = struct {
	home, login, tester, consent, sign, returning, signIn, logins, register, provider ui.Text
}{
	home:      ui.Text{JA: "カードで、つながる", EN: "Connected by card"},
	login:     ui.Text{JA: "カードでサインイン", EN: "Sign in with your card"},
	tester:    ui.Text{JA: "試験用のサインイン", EN: "Test sign-in"},
	consent:   ui.Text{JA: "情報提供の確認", EN: "What the service will be told"},
	sign:      ui.Text{JA: "文書への署名", EN: "Sign a document"},
	returning: ui.Text{JA: "サインインしました", EN: "Signed in"},
	signIn:    ui.Text{JA: "ご本人のページにサインイン", EN: "Sign in to your own page"},
	logins:    ui.Text{JA: "ご利用の記録", EN: "Your records"},
	register:  ui.Text{JA: "サービスプロバイダ事業者登録簿", EN: "Register of service providers"},
	provider:  ui.Text{JA: "登録の内容", EN: "Register entry"},
}

// ways are the words on the ways out of a refusal.
var ways = struct{ again, tester, service, front ui.Text }{
	again:   ui.Text{JA: "もう一度試す", EN: "Try again"},
	tester:  ui.Text{JA: "試験用の画面に戻る", EN: "Back to the test page"},
	service: ui.Text{JA: "元のサービスに戻る", EN: "Back to the service"},
	front:   ui.Text{JA: "最初のページへ", EN: "Front page"},
}

// clerk is one of the staff who keep the register.
type clerk struct {
	ID   string
	Name ui.Text
}

// clerks lists them. Like all people here they are invented.
func clerks() []clerk {
	return []clerk{
		{"kiban-1", ui.Text{JA: "登録担当　水野", EN: "Mizuno, register staff"}},
		{"kiban-2", ui.Text{JA: "登録担当　川原", EN: "Kawahara, register staff"}},
	}
}

// staffName gives the name of one of the staff, or the identifier of a script.
func staffName(id string) ui.Text {
	for _, k := range clerks() {
		if k.ID == id {
			return k.Name
		}
	}
	return ui.Text{JA: id, EN: id}
}

var (
	// platformItself is how the platform calls itself.
	platformItself = ui.Text{JA: "当基盤", EN: "the platform"}

	holderName = ui.Text{JA: "カードのご本人", EN: "Card holder"}
	ownPages   = ui.Text{JA: "みらい共通認証基盤（このサイト）", EN: "Mirai Common Platform (this site)"}
)

// actNames say what was done to an entry of the register.
var actNames = map[platform.Act]ui.Text{
	platform.ActRegistered: {JA: "登録", EN: "Registered"},
	platform.ActChanged:    {JA: "内容の変更", EN: "Changed"},
	platform.ActKeys:       {JA: "鍵の更新", EN: "Keys replaced"},
	platform.ActSuspended:  {JA: "利用の停止", EN: "Suspended"},
	platform.ActResumed:    {JA: "停止の解除", EN: "Resumed"},

	platform.ActKeysAnnounced: {JA: "新しい署名鍵の公開", EN: "New signing keys published"},
	platform.ActKeysUsed:      {JA: "署名鍵の切替え", EN: "Signing keys replaced"},
	platform.ActKeysRetired:   {JA: "古い署名鍵の公開終了", EN: "Old signing keys withdrawn"},
}

// stepNames say what a step of a rotation of keys does, and stepHints what comes first.
var (
	stepNames = map[platform.KeyStep]ui.Text{
		platform.AnnounceKeys: {JA: "新しい鍵を公開する", EN: "Publish new keys"},
		platform.UseKeys:      {JA: "新しい鍵での署名に切り替える", EN: "Sign with the new keys"},
		platform.RetireKeys:   {JA: "古い鍵の公開を終える", EN: "Withdraw the old keys"},
	}
	stepHints = map[platform.KeyStep]ui.Text{
		platform.AnnounceKeys: {JA: "新しい鍵は、公開するだけで、まだ署名には使いません。", EN: "They are published, and do not sign yet."},
		platform.UseKeys:      {JA: "公開から5分以上待つと、鍵を控えているサービスも新しい鍵を知っています。", EN: "Wait five minutes first: by then every service that keeps the keys has asked again."},
		platform.RetireKeys:   {JA: "切替えから10分以上待つと、古い鍵で署名したIDトークンはすべて期限が切れています。", EN: "Wait ten minutes first: by then every ID token that the old keys signed has expired."},
	}
)

// fieldNames name the fields of an entry.
var fieldNames = map[string]ui.Text{
	"name": {JA: "サービスの名称", EN: "Name in Japanese"}, "nameEn": {JA: "サービスの名称（英語）", EN: "Name in English"},
	"redirectUris": {JA: "リダイレクトURI", EN: "Redirect URIs"}, "sector": {JA: "セクター", EN: "Sector"},
	"jwks": {JA: "公開鍵（kidと拇印）", EN: "Public keys (kid, thumbprint)"}, "scopes": {JA: "スコープ", EN: "Scopes"},
	"idTokenSignedResponseAlg": {JA: "IDトークンの署名方式", EN: "Algorithm of ID tokens"},
	"faces":                    {JA: "使える画面", EN: "Faces"}, "suspended": {JA: "利用の停止", EN: "Suspended"},
}

// valueName says a field's value; most are said as they are.
func valueName(field, value string) ui.Text {
	switch {
	case field == "suspended" && value == "true":
		return ui.Text{JA: "停止中", EN: "suspended"}
	case field == "suspended" && value == "false":
		return ui.Text{JA: "利用中", EN: "active"}
	}
	return ui.Text{JA: value, EN: value}
}

// resultNames say how a visit ended.
var resultNames = map[platform.Result]ui.Text{
	platform.SignedIn:   {JA: "サインインしました", EN: "Signed in"},
	platform.Declined:   {JA: "同意せずに戻りました", EN: "Went back without consent"},
	platform.CardLeft:   {JA: "カードが取り外されたので、終わりました", EN: "Ended: the card was taken away"},
	platform.Unfinished: {JA: "時間切れで終わりました", EN: "Ended: nobody decided in time"},
	platform.Withdrew:   {JA: "同意を取り消しました", EN: "Took the consent back"},
}

func resultName(v platform.Visit) ui.Text {
	switch {
	case v.Result == platform.Refused && v.Reason == jpki.CertificateHold:
		return ui.Text{JA: "お断りしました（一時停止中の電子証明書）", EN: "Refused: the certificate is suspended"}
	case v.Result == platform.Refused:
		return ui.Text{JA: "お断りしました（失効した電子証明書）", EN: "Refused: the certificate is revoked"}
	}
	return resultNames[v.Result]
}

// scopeNames say what a scope gives a service.
var scopeNames = map[string]ui.Text{
	platform.ScopeOpenID: {JA: "利用者番号", EN: "Your number there (openid)"},
	"name":               {JA: "氏名", EN: "Name"}, "address": {JA: "住所", EN: "Address"},
	platform.ScopeSign: {JA: "署名と署名用電子証明書", EN: "Your signature and signature certificate"},
	"birthdate":        {JA: "生年月日", EN: "Date of birth"}, "gender": {JA: "性別", EN: "Gender"},
}

// genderNames say the claim gender.
var genderNames = map[string]ui.Text{"male": {JA: "男", EN: "Male"}, "female": {JA: "女", EN: "Female"}, "not_applicable": {JA: "適用不能", EN: "Not applicable"}}

// told says what the scopes of a service give it.
func told(scopes []string) []ui.Text {
	all := make([]ui.Text, len(scopes))
	for i, s := range scopes {
		known, ok := scopeNames[s]
		if all[i] = known; !ok {
			all[i] = ui.Text{JA: s, EN: s}
		}
	}
	return all
}

// faceNames says where a card was read.
func faceNames(f platform.Face) ui.Text {
	switch f {
	case platform.TVFace:
		return ui.Text{JA: "テレビ", EN: "Television"}
	case platform.KioskFace:
		return ui.Text{JA: "窓口の端末", EN: "Terminal at a counter"}
	case platform.TesterFace:
		return ui.Text{JA: "試験用の画面", EN: "Test page"}
	}
	return ui.Text{JA: "パソコン", EN: "Computer"}
}
