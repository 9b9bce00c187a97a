package medical

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
)

// MaxRequest bounds a request file, in octets.
const MaxRequest = 16 << 10

// Why a request file of a receipt computer is refused.
var (
	ErrRequest = errors.New("medical: not a request file: XML of ASCII with the elements of OQSsiquc01req, each once")
	ErrOthers  = errors.New("medical: the request file is another institution's")
)

// Request is what a receipt computer asks by numbers in a file (OQSsiquc01req).
type Request struct {
	File   string // the computer's own name of the request, which the answer repeats; may be empty
	Member Member
}

// requestElements are the elements of a request that have a text.
var requestElements = []string{
	"XmlMsg/MessageHeader/MedicalInstitutionCode", "XmlMsg/MessageHeader/ArbitraryFileIdentifier",
	"XmlMsg/MessageBody/QualificationConfirmSearchInfo/InsurerNumber", "XmlMsg/MessageBody/QualificationConfirmSearchInfo/InsuredCardSymbol",
	"XmlMsg/MessageBody/QualificationConfirmSearchInfo/InsuredIdentificationNumber", "XmlMsg/MessageBody/QualificationConfirmSearchInfo/InsuredBranchNumber",
	"XmlMsg/MessageBody/QualificationConfirmSearchInfo/Birthdate", "XmlMsg/MessageBody/QualificationConfirmSearchInfo/LimitApplicationCertificateRelatedConsFlg",
}

// ReadRequest reads a request file of an institution, by its code of ten digits: ErrRequest,
// ErrOthers, or ErrMember for numbers that no notice has. A file says that it is Shift_JIS or
// UTF-8; all of it is in ASCII, which is the same in both.
func ReadRequest(content []byte, institution string) (Request, error) {
	if len(content) > MaxRequest || bytes.ContainsFunc(content, func(r rune) bool { return r > '~' || r < ' ' && !strings.ContainsRune("\t\r\n", r) }) {
		return Request{}, ErrRequest
	}
	texts, err := elements(content)
	if err != nil {
		return Request{}, ErrRequest
	}
	text := func(i int) string { return texts[requestElements[i]] }
	if text(0) != institution {
		return Request{}, ErrOthers
	}
	if file := text(1); len(file) > 64 {
		return Request{}, ErrRequest
	}
	m, err := Member{Insurer: InsurerNumber(text(2)), Symbol: text(3), Number: text(4), Branch: text(5), Birth: DateOfDigits(text(6))}.Check()
	return Request{text(1), m}, err
}

// elements gives the texts of a request's elements, each of which stands there once at most.
func elements(content []byte) (map[string]string, error) {
	d := xml.NewDecoder(bytes.NewReader(content))
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	texts, seen, path := map[string]string{}, map[string]bool{}, []string(nil)
	for {
		token, err := d.Token()
		if err == io.EOF && seen["XmlMsg"] {
			return texts, nil
		}
		at := strings.Join(path, "/")
		switch t := token.(type) {
		case xml.StartElement:
			path = append(path, t.Name.Local)
			at = strings.Join(path, "/")
			known := slices.ContainsFunc(requestElements, func(e string) bool { return e == at || strings.HasPrefix(e, at+"/") })
			if seen[at] || !known || len(t.Attr) > 0 || t.Name.Space != "" {
				return nil, ErrRequest
			}
			seen[at] = true
		case xml.EndElement:
			path = path[:len(path)-1]
		case xml.CharData:
			if texts[at] += strings.TrimSpace(string(t)); texts[at] != "" && !slices.Contains(requestElements, at) {
				return nil, ErrRequest
			}
		case xml.ProcInst, xml.Comment:
		default: // a directive, or the end in the middle
			return nil, errors.Join(ErrRequest, err)
		}
	}
}
