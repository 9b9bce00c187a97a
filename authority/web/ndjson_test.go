package web

import (
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/jpki"
)

func TestLinesThatAreRead(t *testing.T) {
	for line, want := range map[string]string{
		`{"kind":"digital-signature","serial":"0705D990"}`:                         "digital-signature 0705D990",
		`{"kind":"user-authentication","serial":"0A21C3F0"}`:                       "user-authentication 0A21C3F0",
		`{"serial":"0705d990","kind":"digital-signature"}`:                         "digital-signature 0705D990",
		"\t{ \"kind\" : \"digital-signature\" , \"serial\" : \"705D990\" } \r":     "digital-signature 0705D990",
		`{"kind":"digital-signature","serial":"000705D990"}`:                       "digital-signature 0705D990",
		`{"kind":"digital\u002dsignature","serial":"01"}`:                          "digital-signature 01",
		`{"kind":"digital-signature","serial":"` + strings.Repeat("FF", 20) + `"}`: "digital-signature " + strings.Repeat("FF", 20),
		``:     "",
		`{}`:   "",
		`null`: "",
		`[{"kind":"digital-signature","serial":"01"}]`:                            "",
		`{"kind":"digital-signature"}`:                                            "",
		`{"kind":"digital-signature","serial":""}`:                                "",
		`{"kind":"digital-signature","serial":"00"}`:                              "",
		`{"kind":"digital-signature","serial":"0x01"}`:                            "",
		`{"kind":"digital-signature","serial":"-1"}`:                              "",
		`{"kind":"digital-signature","serial":1}`:                                 "",
		`{"kind":"digital-signature","serial":"` + strings.Repeat("F", 41) + `"}`: "",
		`{"kind":"Digital-Signature","serial":"01"}`:                              "",
		`{"Kind":"digital-signature","serial":"01"}`:                              "",
		`{"kind":"digital-signature","serial":"01","serial":"02"}`:                "",
		`{"kind":"digital-signature","serial":"01","x":"y"}`:                      "",
		`{"kind":"digital-signature","serial":"01"}{}`:                            "",
		`{"kind":"digital-signature","serial":"01",}`:                             "",
		`{"kind":"digital-signature","serial":"01"`:                               "",
		`{"kind":"digital-signature","serial":"01"} x`:                            "",
		"{\"kind\":\"digital-signature\",\"serial\":\"01\",\"\xff\":\"\"}":        "",
	} {
		q, ok := parseLine([]byte(line))
		got := ""
		if ok {
			got = q.Kind.String() + " " + q.Serial.String()
		}
		if got != want {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
}

func TestAnAnswerLine(t *testing.T) {
	q := authority.Question{Kind: jpki.DigitalSignature, Serial: "0705D990"}
	at := time.Date(2026, 4, 1, 3, 0, 0, 0, time.UTC)
	for want, c := range map[string]authority.Confirmed{
		`{"kind":"digital-signature","serial":"0705D990","state":"unchanged"}`:                                                         {Question: q, State: authority.ConfirmedUnchanged},
		`{"kind":"digital-signature","serial":"0705D990","state":"changed","reason":"affiliationChanged","at":"2026-04-01T03:00:00Z"}`: {Question: q, State: authority.ConfirmedChanged, Reason: jpki.AffiliationChanged, At: at},
	} {
		if got := string(appendAnswer(nil, c)); got != want+"\n" {
			t.Errorf("%s", got)
		}
	}
	if got := string(appendError(nil, 7, "malformed")); got != `{"line":7,"error":"malformed"}`+"\n" {
		t.Error(got)
	}
}

// FuzzLine: whatever the quick reader takes, the careful one takes too, and
// reads the same; and what either takes is a question that can be written and
// read again.
func FuzzLine(f *testing.F) {
	for _, s := range []string{
		`{"kind":"digital-signature","serial":"0705D990"}`, `{"serial":"1","kind":"user-authentication"}`, `{"kind":"user-authentication","serial":"00"}`,
		`{"kind":"digital-signature","serial":"\u0030"}`, "{\"kind\":\"digital-signature\",\"serial\":\"01\"}\r", `{"kind":"digital-signature","serial":"01","serial":"01"}`, `null`, ``,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		careful, ok := parseObject(line)
		if quick, took := parsePlain(line); took && (!ok || quick != careful) {
			t.Errorf("quick %+v, careful %+v (%v)", quick, careful, ok)
		}
		if !ok {
			return
		}
		if parsed, err := jpki.ParseSerialNumber(careful.Serial.String()); err != nil || parsed != careful.Serial || !careful.Kind.Valid() {
			t.Errorf("%+v is no question", careful)
		}
		prefix := signatureLine
		if careful.Kind == jpki.UserAuthentication {
			prefix = authenticationLine
		}
		if again, ok := parsePlain([]byte(prefix + careful.Serial.String() + lineEnd)); !ok || again != careful {
			t.Errorf("written again: %+v", again)
		}
	})
}
