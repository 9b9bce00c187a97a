package whereabouts

// Kind is a kind of data about a person.
type Kind string

// The kinds. BasicFour, PIN, PrivateKey and IndividualNumber are said to be lacking where they
// are.
const (
	Name      Kind = "name"
	Address   Kind = "address"
	Birth     Kind = "date-of-birth"
	Gender    Kind = "gender"
	BasicFour Kind = "basic-four"
	BirthYear Kind = "birth-year"

	PIN              Kind = "pin"
	PrivateKey       Kind = "private-key"
	IndividualNumber Kind = "individual-number"
	Portrait         Kind = "portrait"

	SignatureSerial      Kind = "signature-serial"
	AuthenticationSerial Kind = "authentication-serial"
	Application          Kind = "application"
	FormerAddress        Kind = "former-address"
	FormerName           Kind = "former-name"
	Consent              Kind = "consent"

	Account      Kind = "account"
	Statement    Kind = "statement"
	Contract     Kind = "contract"
	Customer     Kind = "customer"
	Nickname     Kind = "nickname"
	Health       Kind = "health"
	Bookings     Kind = "bookings"
	Subject      Kind = "subject"
	SignIns      Kind = "sign-ins"
	CreditCard   Kind = "credit-card"
	Insured      Kind = "insured"
	Relative     Kind = "relative"
	Visits       Kind = "visits"
	Route        Kind = "route"
	Inquiries    Kind = "inquiries"
	Prescription Kind = "prescription"
	Mail         Kind = "mail"
	Letters      Kind = "letters"
	Connections  Kind = "connections"
)

// kinds are the words of the kinds, and whether a value is shown.
var kinds = map[Kind]struct {
	Words
	shown bool
}{
	Name:                 {Words{"氏名", "Name"}, true},
	Address:              {Words{"住所", "Address"}, true},
	Birth:                {Words{"生年月日", "Date of birth"}, true},
	Gender:               {Words{"性別", "Gender"}, true},
	BasicFour:            {Words{"基本4情報（氏名・住所・生年月日・性別）", "The four basic data (name, address, date of birth, gender)"}, false},
	BirthYear:            {Words{"生まれた年", "Year of birth"}, true},
	PIN:                  {Words{"暗証番号", "PINs"}, false},
	PrivateKey:           {Words{"秘密鍵", "Private keys"}, false},
	IndividualNumber:     {Words{"個人番号", "Individual Number"}, false},
	Portrait:             {Words{"顔写真", "Portrait"}, true},
	SignatureSerial:      {Words{"署名用電子証明書の発行番号", "Serial number, signature certificate"}, true},
	AuthenticationSerial: {Words{"利用者証明用電子証明書の発行番号", "Serial number, authentication certificate"}, true},
	Application:          {Words{"署名された申請書（基本4情報を記録した電子証明書つき）", "Signed application, with its certificate and the four basic data"}, false},
	FormerAddress:        {Words{"変更前の住所（履歴）", "Former address (history)"}, true},
	FormerName:           {Words{"変更前の氏名（履歴）", "Former name (history)"}, true},
	Consent:              {Words{"電子証明書の利用許諾", "Consent to check the certificate"}, false},
	Account:              {Words{"口座番号", "Account number"}, true},
	Statement:            {Words{"入出金の明細", "Statement"}, false},
	Contract:             {Words{"契約番号", "Contract number"}, true},
	Customer:             {Words{"お客さま番号", "Customer number"}, true},
	Nickname:             {Words{"ニックネーム", "Nickname"}, true},
	Health:               {Words{"健康の記録", "Health records"}, false},
	Bookings:             {Words{"施設の予約", "Bookings"}, false},
	Subject:              {Words{"事業者ごとに異なる識別子", "An identifier that differs for each service"}, false},
	SignIns:              {Words{"サインインの記録", "Log of sign-ins"}, false},
	CreditCard:           {Words{"クレジットカード（下4桁）", "Credit card (last four digits)"}, true},
	Insured:              {Words{"被保険者の記号・番号・枝番", "Insured person’s symbol, number, branch"}, true},
	Relative:             {Words{"家族の記録にある被保険者の氏名", "Name of the insured, in a relative’s record"}, true},
	Visits:               {Words{"受付の記録と資格情報", "Visits, with the eligibility that was told"}, false},
	Route:                {Words{"照会先の保険者", "Which insurer to ask"}, true},
	Inquiries:            {Words{"照会の記録", "Log of inquiries"}, false},
	Prescription:         {Words{"処方箋（患者ごとの鍵で暗号化）", "Prescriptions, sealed with the patient’s key"}, false},
	Mail:                 {Words{"メールアドレス", "E-mail address"}, false},
	Letters:              {Words{"電子私書箱の通知", "Letters in the post-office box"}, false},
	Connections:          {Words{"手続先との連携", "Connections with businesses"}, true},
}
