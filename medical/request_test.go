package medical

import (
	"errors"
	"strings"
	"testing"
)

// asked is a request file as receipt computers write it.
const asked = `<?xml version="1.0" encoding="Shift_JIS" standalone="no"?>
<XmlMsg><MessageHeader><MedicalInstitutionCode>9910000011</MedicalInstitutionCode><ArbitraryFileIdentifier>K-1</ArbitraryFileIdentifier></MessageHeader>
<MessageBody><QualificationConfirmSearchInfo>
<InsurerNumber>06990014</InsurerNumber><InsuredCardSymbol>21</InsuredCardSymbol><InsuredIdentificationNumber>1002</InsuredIdentificationNumber>
<InsuredBranchNumber>00</InsuredBranchNumber><Birthdate>19900412</Birthdate><LimitApplicationCertificateRelatedConsFlg>1</LimitApplicationCertificateRelatedConsFlg>
</QualificationConfirmSearchInfo></MessageBody></XmlMsg>
`

// Each change of a good request is refused for its own reason.
func TestReadRequest(t *testing.T) {
	got, err := ReadRequest([]byte(asked), "9910000011")
	if want := (Request{"K-1", Member{"06990014", "21", "1002", "00", "1990-04-12"}}); err != nil || got != want {
		t.Fatalf("%+v, %v", got, err)
	}
	for name, c := range map[string]struct {
		old, new string
		err      error
	}{
		"utf-8, comment":      {`encoding="Shift_JIS" standalone="no"?>`, `encoding="UTF-8"?><!-- x -->`, nil},
		"no branch":           {"<InsuredBranchNumber>00</InsuredBranchNumber>", "", nil},
		"another institution": {"9910000011", "9910000029", ErrOthers},
		"no institution":      {"<MedicalInstitutionCode>9910000011</MedicalInstitutionCode>", "", ErrOthers},
		"wrong check digit":   {"06990014", "06990015", ErrMember},
		"letters":             {">1002<", ">10a2<", ErrMember},
		"no day":              {"19900412", "19900431", ErrMember},
		"no numbers at all":   {"<InsurerNumber>06990014</InsurerNumber>", "", ErrMember},
		"twice an element":    {"<InsuredCardSymbol>", "<InsuredCardSymbol>1</InsuredCardSymbol><InsuredCardSymbol>", ErrRequest},
		"two people":          {"</MessageBody>", "<QualificationConfirmSearchInfo></QualificationConfirmSearchInfo></MessageBody>", ErrRequest},
		"an unknown element":  {"<MessageBody>", "<Name>x</Name><MessageBody>", ErrRequest},
		"an element within":   {">1002<", "><b>1002</b><", ErrRequest},
		"an attribute":        {"<InsurerNumber>", `<InsurerNumber a="1">`, ErrRequest},
		"a name space":        {"<XmlMsg>", `<XmlMsg xmlns="urn:x">`, ErrRequest},
		"a document type":     {"<XmlMsg>", `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><XmlMsg>`, ErrRequest},
		"an entity":           {">1002<", ">&e;<", ErrRequest},
		"text between":        {"<MessageBody>", "x<MessageBody>", ErrRequest},
		"cut off":             {"</MessageBody></XmlMsg>", "", ErrRequest},
		"twice the whole":     {"</XmlMsg>", "</XmlMsg><XmlMsg></XmlMsg>", ErrRequest},
		"full width":          {">1002<", ">１００２<", ErrRequest},
		"Shift_JIS bytes":     {">1002<", ">\x82\x50<", ErrRequest},
		"a control character": {">1002<", ">1002\x00<", ErrRequest},
		"a reference to one":  {">1002<", ">1002&#x3042;<", ErrMember},
		"a long name":         {"K-1", strings.Repeat("K", 65), ErrRequest},
		"too large":           {"<MessageBody>", strings.Repeat(" ", MaxRequest) + "<MessageBody>", ErrRequest},
		"another message":     {"XmlMsg", "Other", ErrRequest},
		"nothing":             {asked, "", ErrRequest},
		"deep":                {">1002<", ">" + strings.Repeat("<a>", 2000) + "<", ErrRequest},
	} {
		changed := strings.ReplaceAll(asked, c.old, c.new)
		if changed == asked {
			t.Errorf("%s changes nothing", name)
		}
		if _, err := ReadRequest([]byte(changed), "9910000011"); !errors.Is(err, c.err) {
			t.Errorf("%s: %v: want %v", name, err, c.err)
		}
	}
}

func FuzzReadRequest(f *testing.F) {
	f.Add([]byte(asked))
	f.Fuzz(func(t *testing.T, content []byte) {
		if got, err := ReadRequest(content, "9910000011"); err == nil {
			if m, err := got.Member.Check(); err != nil || m != got.Member {
				t.Errorf("%+v is no member: %v", got, err)
			}
		}
	})
}
