package medical

import (
	"encoding/xml"
	"os"
	"strings"
	"testing"
	"time"
)

// whole is an answer in which every element has a value.
func whole(text string) (Answer, Consents) {
	at := time.Date(2026, 4, 15, 1, 2, 3, 0, time.UTC)
	q := Qualification{
		Member:      Member{Insurer: "06139997", Symbol: "12", Number: "3456", Branch: "01", Birth: "1990-04-12"},
		InsurerName: text, Name: text, Kana: text, Sex: "2", Address: text, Family: Dependant, InsuredName: text, QualifiedOn: "2026-04-01", IssuedOn: "2026-04-02", Share: 30, Limit: "A01",
	}
	lost := q
	lost.LostOn, lost.LossReason, lost.Limit, lost.Share = "2026-04-10", LostToOther, "", 20
	return Answer{Inquiry: "INQ1", At: at, Validity: Valid, Results: []Qualification{q, lost}}, NewConsents(at, Drugs, Surgery)
}

// The file is the one that is published, to the byte, and keeps whatever an insurer says as text.
func TestAnswersAsXML(t *testing.T) {
	a, c := whole("みほん　花子")
	got, err := XML(a, c, "0110000001", a.Inquiry)
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("testdata/answer.xml")
	if err != nil || string(got) != string(want) {
		t.Errorf("%v: wrote\n%s", err, got)
	}
	a.ByNumber, a.Results = true, a.Results[:1]
	got, err = XML(a, Consents{}, "0110000001", a.Inquiry)
	if err != nil || !strings.Contains(string(got), "<ReferenceClassification>2<") || strings.Contains(string(got), "ConsFlg") || strings.Contains(string(got), "Disqualification") {
		t.Errorf("by number: %v, %s", err, got)
	}
	const hostile = `<a>&amp;]]>"'` + "\x01" + `</Name>`
	a, c = whole(hostile)
	got, err = XML(a, c, hostile, a.Inquiry)
	if err != nil {
		t.Fatal(err)
	}
	read := xml.NewDecoder(strings.NewReader(string(got)))
	texts := 0
	for token, err := read.Token(); token != nil; token, err = read.Token() {
		if err != nil {
			t.Fatal(err)
		}
		if text, ok := token.(xml.CharData); ok && string(text) == strings.ReplaceAll(hostile, "\x01", "\uFFFD") {
			texts++
		}
	}
	if texts != 11 {
		t.Errorf("%d texts come back of 11:\n%s", texts, got)
	}
}
