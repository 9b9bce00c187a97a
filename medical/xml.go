package medical

import (
	"encoding/xml"
	"fmt"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// The names and codes of the file that a receipt computer reads (OQSsiquc01res_face):
// as public code writes them, see docs/divergences.md.

type xmlMessage struct {
	XMLName xml.Name  `xml:"XmlMsg"`
	Header  xmlHeader `xml:"MessageHeader"`
	Body    xmlBody   `xml:"MessageBody"`
}

type xmlHeader struct {
	ProcessExecutionTime          string
	CharacterCodeIdentifier       int // 0 UTF-8
	SegmentOfResult               int // 1 done, 2 in progress, 9 failed
	QualificationConfirmationDate string
	ReferenceClassification       int // 1 card, 2 number
	ArbitraryFileIdentifier       string
	MedicalInstitutionCode        string
}

type xmlBody struct {
	Results                xmlResults `xml:"ResultList"`
	ProcessingResultStatus int        // 1 done
	QualificationValidity  Validity
}

type xmlResults struct {
	All []xmlResult `xml:"ResultOfQualificationConfirmation"`
}

type xmlResult struct {
	Name                            string
	NameKana                        string
	Address                         string
	Birthdate                       string
	Sex1                            string
	InsuredCardSymbol               string
	InsuredIdentificationNumber     string
	InsuredBranchNumber             string
	QualificationDate               string
	DisqualificationDate            string `xml:",omitempty"`
	ReasonOfLoss                    string `xml:",omitempty"`
	InsuredCertificateIssuanceDate  string
	InsurerNumber                   string
	InsurerName                     string
	InsuredName                     string
	PersonalFamilyClassification    string
	InsuredPartialContributionRatio string
	Consents                        []xmlElement
	Limit                           *xmlLimit `xml:"LimitApplicationCertificateRelatedInfo,omitempty"`
}

// xmlElement is an element whose name depends on the item.
type xmlElement struct {
	XMLName xml.Name
	Value   string `xml:",chardata"`
}

type xmlLimit struct {
	LimitApplicationCertificateClassification     string
	LimitApplicationCertificateClassificationFlag string
	LimitApplicationCertificateValidStartDate     string
}

// itemNames are the items as the file's elements begin.
func itemNames() map[Item]string {
	return map[Item]string{Surgery: "OperationInfo", Diagnosis: "DiagnosisInfo", Drugs: "PharmacistsInfo", Checkups: "SpecificHealthCheckupsInfo"}
}

// FileName gives the name under which an answer is handed to a receipt computer.
func FileName(a Answer) string {
	return fmt.Sprintf("OQSsiquc01res_face_%s_%s.xml", a.At.In(jpki.JST).Format("20060102150405"), a.Inquiry)
}

// XML writes an answer as the file of a receipt computer, in UTF-8, for the medical
// institution of a code of ten digits.
func XML(a Answer, consents Consents, institution string) ([]byte, error) {
	m := xmlMessage{
		Header: xmlHeader{
			ProcessExecutionTime: stamp(a.At), SegmentOfResult: 1, QualificationConfirmationDate: DateOf(a.At).Digits(),
			ReferenceClassification: 1, ArbitraryFileIdentifier: a.Inquiry, MedicalInstitutionCode: institution,
		},
		Body: xmlBody{ProcessingResultStatus: 1, QualificationValidity: a.Validity},
	}
	if a.ByNumber {
		m.Header.ReferenceClassification = 2
	}
	for _, q := range a.Results {
		m.Body.Results.All = append(m.Body.Results.All, q.xml(consents))
	}
	b, err := xml.MarshalIndent(m, "", "  ")
	if err != nil {
		return nil, err
	}
	return append([]byte(xml.Header), append(b, '\n')...), nil
}

func (q Qualification) xml(c Consents) xmlResult {
	r := xmlResult{
		Name: q.Name, NameKana: q.Kana, Address: q.Address, Birthdate: q.Birth.Digits(), Sex1: string(q.Sex),
		InsuredCardSymbol: q.Symbol, InsuredIdentificationNumber: q.Number, InsuredBranchNumber: q.Branch,
		QualificationDate: q.QualifiedOn.Digits(), DisqualificationDate: q.LostOn.Digits(), ReasonOfLoss: string(q.LossReason),
		InsuredCertificateIssuanceDate: q.IssuedOn.Digits(), InsurerNumber: string(q.Insurer), InsurerName: q.InsurerName,
		InsuredName: q.InsuredName, PersonalFamilyClassification: string(q.Family), InsuredPartialContributionRatio: fmt.Sprintf("%03d", q.Share),
	}
	for _, i := range Items() {
		element := func(what, value string) {
			r.Consents = append(r.Consents, xmlElement{xml.Name{Local: itemNames()[i] + what}, value})
		}
		switch {
		case c.At.IsZero():
		case c.Yes[i]:
			element("ConsFlg", "1")
			element("ConsTime", stamp(c.At))
			element("AvailableTime", stamp(c.At.Add(ReadableFor)))
		default:
			element("ConsFlg", "0")
		}
	}
	if q.Limit != "" {
		r.Limit = &xmlLimit{"01", q.Limit, q.QualifiedOn.Digits()}
	}
	return r
}

func stamp(t time.Time) string { return t.In(jpki.JST).Format("20060102150405") }
