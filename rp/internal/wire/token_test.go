package wire

import (
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// aToken gives the token of a vector in which nothing is wrong.
func aToken(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../testdata/vectors/accepted-authentication.txt")
	if err != nil {
		t.Fatal(err)
	}
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type == "TOKEN" {
			return string(block.Bytes)
		}
	}
	t.Fatal("no token in the vector")
	return ""
}

// TestTokensThatAreReadAlike: however JSON may write the same token, it says
// the same.
func TestTokensThatAreReadAlike(t *testing.T) {
	text := strings.TrimSpace(aToken(t))
	members := map[string]string{}
	if err := json.Unmarshal([]byte(text), &members); err != nil {
		t.Fatal(err)
	}
	signature, err := base64.StdEncoding.DecodeString(members["signature"])
	if err != nil {
		t.Fatal(err)
	}
	open := strings.TrimSuffix(text, "}")
	for about, c := range map[string]string{
		"as it came":                  text,
		"with spaces at its end":      text + " \r\n\t",
		"with an escape":              strings.Replace(text, `"RS256"`, `"\u0052S256"`, 1),
		"with another language":       open + `,"note":"署名"}`,
		"with a number":               open + `,"note":1}`,
		"with a list of objects":      open + `,"note":[{"a":1},{"a":2}]}`,
		"of a later minor version":    strings.Replace(text, `"web-eid:1.0"`, `"web-eid:1.10"`, 1),
		"of no minor version":         strings.Replace(text, `"web-eid:1.0"`, `"web-eid:1"`, 1),
		"with spaces after an escape": strings.Replace(text, `"RS256"`, `"\u0052S256"`, 1) + " \n",
	} {
		token, err := ParseToken([]byte(c), len(c))
		if err != nil || token.Certificate == nil || string(token.Signature) != string(signature) {
			t.Errorf("%s: %v", about, err)
		}
	}
}

// TestOneFaultInAToken changes one thing of a token that is right.
func TestOneFaultInAToken(t *testing.T) {
	text := strings.TrimSpace(aToken(t))
	open := strings.TrimSuffix(text, "}")
	escaped := strings.Replace(text, `"RS256"`, `"\u0052S256"`, 1)
	swap := func(from, to string) string {
		if !strings.Contains(text, from) {
			t.Fatalf("the token has no %s", from)
		}
		return strings.Replace(text, from, to, 1)
	}
	var members map[string]string
	if err := json.Unmarshal([]byte(text), &members); err != nil {
		t.Fatal(err)
	}
	signature, certificate := members["signature"], members["unverifiedCertificate"]
	for about, c := range map[string]struct {
		text     string
		want     error
		expected string // what the refusal begins with
	}{
		"nothing":                            {"", ErrMalformed, "one JSON object"},
		"an empty object":                    {"{}", ErrMalformed, "format web-eid:1"},
		"an empty object with a space in it": {"{ }", ErrMalformed, "format web-eid:1"},
		"a list":                             {"[" + text + "]", ErrMalformed, "one JSON object"},
		"escaped, a name that is none":       {strings.TrimSuffix(escaped, "}") + `,1:"x"}`, ErrMalformed, "one JSON object"},
		"escaped, a value that is none":      {strings.TrimSuffix(escaped, "}") + `,"note":x}`, ErrMalformed, "one JSON object"},
		"a list of its names":                {`["format","web-eid:1"]`, ErrMalformed, "one JSON object"},
		"text":                               {`"web-eid:1.0"`, ErrMalformed, "one JSON object"},
		"no end":                             {open, ErrMalformed, "one JSON object"},
		"no end, escaped":                    {strings.TrimSuffix(escaped, "}"), ErrMalformed, "one JSON object"},
		"a comma at its end":                 {open + ",}", ErrMalformed, "one JSON object"},
		"a second object":                    {text + text, ErrMalformed, "one JSON object"},
		"a letter after it":                  {text + "x", ErrMalformed, "one JSON object"},
		"a letter after it, escaped":         {escaped + "x", ErrMalformed, "one JSON object"},
		"a bracket after it, escaped":        {escaped + "}", ErrMalformed, "one JSON object"},
		"a member twice":                     {open + `,"format":"web-eid:1.0"}`, ErrMalformed, "one JSON object"},
		"a member twice, escaped":            {open + `,"\u0066ormat":"web-eid:1.0"}`, ErrMalformed, "one JSON object"},
		"an unknown member twice":            {open + `,"note":1,"note":1}`, ErrMalformed, "one JSON object"},
		"octets that are no UTF-8":           {open + ",\"note\":\"\x93\xfa\"}", ErrMalformed, "one JSON object"},
		"a known member that is null":        {swap(`"RS256"`, "null"), ErrMalformed, "one JSON object"},
		"a known member that is a list":      {swap(`"RS256"`, `["RS256"]`), ErrMalformed, "one JSON object"},
		"a known member that is a number":    {swap(`"RS256"`, "256"), ErrMalformed, "one JSON object"},
		"a name that is none":                {open + `,1:"x"}`, ErrMalformed, "one JSON object"},
		"a value that is none":               {open + `,"note":x}`, ErrMalformed, "one JSON object"},
		"a name without a value":             {open + `,"note"}`, ErrMalformed, "one JSON object"},
		"version 2":                          {swap("web-eid:1.0", "web-eid:2.0"), ErrMalformed, "format web-eid:1"},
		"version 10":                         {swap("web-eid:1.0", "web-eid:10"), ErrMalformed, "format web-eid:1"},
		"a minor version of no digits":       {swap("web-eid:1.0", "web-eid:1."), ErrMalformed, "format web-eid:1"},
		"a minor version of letters":         {swap("web-eid:1.0", "web-eid:1.x"), ErrMalformed, "format web-eid:1"},
		"a minor version after a hyphen":     {swap("web-eid:1.0", "web-eid:1-0"), ErrMalformed, "format web-eid:1"},
		"no format":                          {swap(`"format"`, `"Format"`), ErrMalformed, "format web-eid:1"},
		"another algorithm":                  {swap("RS256", "PS256"), ErrAlgorithm, "algorithm RS256"},
		"no algorithm":                       {swap(`"algorithm"`, `"Algorithm"`), ErrAlgorithm, "algorithm RS256"},
		"no signature":                       {swap(signature, ""), ErrMalformed, "signature in base64"},
		"no certificate":                     {swap(certificate, ""), ErrMalformed, "unverifiedCertificate in base64"},
		"a certificate that is none":         {swap(certificate, "MAA="), ErrMalformed, "an X.509"},
		"a certificate that is cut":          {swap(certificate, certificate[:len(certificate)-4]), ErrMalformed, "an X.509"},
		"a signature without padding":        {swap(signature, strings.TrimRight(signature, "=")), ErrMalformed, "signature in base64"},
		"a signature in another base64":      {swap(signature, "-_"+signature[2:]), ErrMalformed, "signature in base64"},
		"a signature on two lines":           {swap(signature, signature[:4]+`\n`+signature[4:]), ErrMalformed, "signature in base64"},
		"a signature with bits left over":    {swap(signature, "AB=="), ErrMalformed, "signature in base64"},
	} {
		token, err := ParseToken([]byte(c.text), len(c.text))
		if refusal, ok := errors.AsType[*Refusal](err); token != nil || !errors.Is(err, c.want) || !ok || !strings.HasPrefix(refusal.Expected, c.expected) {
			t.Errorf("%s: %+v; want %v", about, err, c.want)
		}
	}
	if _, err := ParseToken([]byte(text), len(text)-1); !errors.Is(err, ErrTooLarge) {
		t.Errorf("an octet over the limit: %v", err)
	}
}

func TestOneFaultInAnAnswerLine(t *testing.T) {
	const right = `{"kind":"digital-signature","serial":"01","state":"unchanged"}`
	for _, text := range []string{right, right + "\n", " \t" + right + " \r\n", `{ "kind" : "x" , "line" : 10 }`, `{"line":1,"error":""}`, `{"serial":"~ "}`} {
		if _, ok := ParseAnswerLine([]byte(text)); !ok {
			t.Errorf("%q is refused", text)
		}
	}
	for about, text := range map[string]string{
		"nothing": "", "no object": `"kind"`, "an empty object": "{}", "no end": `{"kind":"x"`, "something after it": right + right,
		"a comma at its end": `{"kind":"x",}`, "a member twice": `{"kind":"x","kind":"x"}`, "an unknown member": `{"note":"x"}`,
		"no colon": `{"kind" "x"}`, "a number for text": `{"kind":1}`, "text for a number": `{"line":"1"}`, "line 0": `{"line":0}`, "a line with a leading zero": `{"line":01}`,
		"no value": `{"kind":}`, "no value at the end": `{"line":1,"error":}`, "a line of no digits": `{"line":}`, "a negative line": `{"line":-1}`, "an escape": `{"kind":"\u0064"}`, "a control character": "{\"kind\":\"\x1f\"}",
		"DEL": "{\"kind\":\"\x7f\"}", "text without end": `{"kind":"x`, "a vertical tab": "\v" + right,
	} {
		if a, ok := ParseAnswerLine([]byte(text)); ok {
			t.Errorf("%s: read as %+v", about, a)
		}
	}
	a, ok := ParseAnswerLine([]byte(`{"kind":"a","serial":"b","state":"c","reason":"d","at":"e","line":12,"error":"f"}`))
	if got := strings.Join([]string{string(a.Kind), string(a.Serial), string(a.State), string(a.Reason), string(a.At), string(a.Number), string(a.Code)}, " "); !ok || got != "a b c d e 12 f" {
		t.Errorf("%s, %t", got, ok)
	}
}

// TestThePlainFormOfAToken: the quick reader knows what needs no other, and nothing else.
func TestThePlainFormOfAToken(t *testing.T) {
	for text, want := range map[string]bool{
		aToken(t): true, `{"a":"b"}`: true, " {\t\"a\" : \"b\" , \"c\":\"\" } \r\n": true,
		`{}`: false, `{"a":"b"`: false, `{"a":"b",}`: false, `{"a":"b"}x`: false, `{"a":"b","a":"c"}`: false, `{"a":1}`: false, `{"a" "b"}`: false, `{"a"}`: false, `["a"]`: false,
		`{"a":"\u0062"}`: false, `{"a":"é"}`: false,
	} {
		if members, ok := plainMembers([]byte(text)); ok != want || ok && len(members) == 0 {
			t.Errorf("%.40s: %t, %v", text, ok, members)
		}
	}
}

// FuzzPlainMembers compares the quick reader of a token with encoding/json.
func FuzzPlainMembers(f *testing.F) {
	files, err := filepath.Glob("../../testdata/vectors/*.txt")
	if err != nil || len(files) == 0 {
		f.Fatalf("%d vectors, %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
			if block.Type == "TOKEN" {
				f.Add(block.Bytes)
			}
		}
	}
	for _, text := range []string{`{"a":"b"}`, ` { "a" : "b" , "c":"" } `, `{"a":"b",}`, `{"a":"\u0062"}`, `{}`, `{"a":"b"}{`, `{"a":"b","a":"c"}`, `["a"]`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		got, ok := plainMembers(b)
		if !ok {
			return
		}
		var other map[string]string
		if err := json.Unmarshal(b, &other); err != nil || !maps.Equal(got, other) {
			t.Fatalf("%q; to another reader %q, %v", got, other, err)
		}
	})
}
