package medical

import (
	"bytes"
	_ "embed"
	"encoding/xml"
	"fmt"
	"text/template"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

//go:embed answer.xml
var answerXML string

// FileName gives the name under which an answer is handed to a receipt computer.
func FileName(a Answer) string {
	return fmt.Sprintf("OQSsiquc01res_face_%s_%s.xml", stamp(a.At), a.Inquiry)
}

// XML writes an answer as the file of a receipt computer, in UTF-8, for the medical
// institution of a code of ten digits. file is the computer's own name of what it asked; the
// inquiry's number where it did not ask.
func XML(a Answer, consents Consents, institution, file string) ([]byte, error) {
	names := map[Item]string{Surgery: "OperationInfo", Diagnosis: "DiagnosisInfo", Drugs: "PharmacistsInfo", Checkups: "SpecificHealthCheckupsInfo"}
	t, err := template.New("answer").Funcs(template.FuncMap{
		"text": escaped, "stamp": stamp, "element": func(i Item) string { return names[i] },
	}).Parse(answerXML)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = t.Execute(&b, map[string]any{
		"Answer": a, "File": file, "Day": DateOf(a.At), "Institution": institution, "Items": Items(), "Consents": consents, "Readable": consents.At.Add(ReadableFor),
	})
	return b.Bytes(), err
}

// escaped writes a text so that XML keeps it as one.
func escaped(v any) (string, error) {
	var b bytes.Buffer
	err := xml.EscapeText(&b, []byte(fmt.Sprint(v)))
	return b.String(), err
}

func stamp(t time.Time) string { return t.In(jpki.JST).Format("20060102150405") }
