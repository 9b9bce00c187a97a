package touch

import (
	"strings"

	"example.jp/jpkimock/internal/ui"
)

// Party is somebody between whom things cross: a box of the picture.
type Party string

// The parties, as the seed's pictures name them.
const (
	Citizen     Party = "citizen"
	Card        Party = "card"
	Reader      Party = "reader" // card reader and client software (利用者クライアントソフト)
	Bank        Party = "bank"
	Cable       Party = "catv"
	Platform    Party = "platform"
	Hospital    Party = "hospital"
	Clinic      Party = "clinic"
	MedPlatform Party = "medical-platform"
	Insurer     Party = "insurer"
	Inquiry     Party = "inquiry" // the prescription inquiry system (処方箋照会システム)
	Pharmacy    Party = "pharmacy"
	Gateway     Party = "gateway"
	Portal      Party = "portal"
	Partner     Party = "partner"
	Authority   Party = "authority"
	Unknown     Party = "unknown"
)

// places says who works where. The first that fits counts: a house where several work
// tells them apart by the path.
var places = []struct {
	house, path string
	party       Party
}{
	{"authority", "", Authority}, {"card", "", Reader}, {"platform", "", Platform}, {"gateway", "", Gateway},
	{"bank", "/partner/", Partner}, {"bank", "", Bank},
	{"catv", "/partner/", Partner}, {"catv", "", Cable},
	{"medical", "/platform/", MedPlatform}, {"medical", "/insurers/kenpo/partner/", Partner}, {"medical", "/insurers/kokuho/partner/", Partner},
	{"medical", "/insurers/", Insurer}, {"medical", "/rx", Inquiry}, {"medical", "/pharmacies/", Pharmacy}, {"medical", "/clinic", Clinic}, {"medical", "", Hospital},
	{"utility", "", Partner}, {"portal", "", Portal},
}

// partyAt returns who answers at a path of a house.
func partyAt(house, path string) Party {
	for _, p := range places {
		if p.house == house && strings.HasPrefix(path, p.path) {
			return p.party
		}
	}
	return Unknown
}

// Name is what a box says.
func (p Party) Name() ui.Text { return partyNames[p] }

// Short is Name for a narrow box.
func (p Party) Short() ui.Text {
	if short, ok := shortNames[p]; ok {
		return short
	}
	return partyNames[p]
}

// Datum is something that crosses, or does not.
type Datum string

// What may cross. The first four are the basic four data (基本4情報).
const (
	Name        Datum = "name"
	Address     Datum = "address"
	Birth       Datum = "birth"
	Gender      Datum = "gender"
	Serial      Datum = "serial"
	AuthCert    Datum = "authentication-certificate"
	SignCert    Datum = "signature-certificate"
	Signature   Datum = "signature"
	Document    Datum = "document"
	PIN         Datum = "pin"
	PrivateKey  Datum = "private-key"
	Challenge   Datum = "challenge"
	Validity    Datum = "validity"
	Eligibility Datum = "eligibility"
	Pseudonym   Datum = "pseudonym"
	Grant       Datum = "grant"
	Medicines   Datum = "medicines"
	Disease     Datum = "disease"
	Amount      Datum = "amount"
	CreditCard  Datum = "credit-card"
	Account     Datum = "account"
	MyNumber    Datum = "individual-number"
)

// Name is how a datum is called.
func (d Datum) Name() ui.Text { return datumNames[d] }

// BasicFour are the data that a digital signature certificate holds of its holder, and a
// user authentication certificate does not.
func BasicFour() []Datum { return []Datum{Name, Address, Birth, Gender} }
