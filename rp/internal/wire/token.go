package wire

import (
	"bytes"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Token is a Web eID authentication token, format web-eid:1
// (https://github.com/web-eid/web-eid-system-architecture-doc).
type Token struct {
	Certificate *x509.Certificate
	Signature   []byte
}

// The format and the algorithm that are accepted: RSASSA-PKCS1-v1_5 with
// SHA-256, the one that the card makes.
const (
	tokenFormat    = "web-eid:1" // and its minor versions, which are compatible
	tokenAlgorithm = "RS256"
)

// ParseToken reads a token of at most max octets: one JSON object, each member
// once. Members that are not known are passed over. encoding/json alone would let a
// second member, or one in other letters, win over the first.
func ParseToken(text []byte, max int) (*Token, error) {
	refused := func(rule error, expected, found string) (*Token, error) {
		return nil, &Refusal{Expected: expected, Found: found, Err: rule}
	}
	if len(text) > max {
		return refused(ErrTooLarge, fmt.Sprintf("token of at most %d octets", max), fmt.Sprintf("%d octets", len(text)))
	}
	members, err := stringMembers(text)
	if err != nil {
		return refused(ErrMalformed, "one JSON object, each member once, the known ones strings", err.Error())
	}
	if !compatible(members["format"]) {
		return refused(ErrMalformed, "format "+tokenFormat+" or "+tokenFormat+".N", fmt.Sprintf("%.40q", members["format"]))
	}
	if members["algorithm"] != tokenAlgorithm {
		return refused(ErrAlgorithm, "algorithm "+tokenAlgorithm, fmt.Sprintf("%.40q", members["algorithm"]))
	}
	token := &Token{}
	raw, err := decodeBase64(members["unverifiedCertificate"])
	if err != nil {
		return refused(ErrMalformed, "unverifiedCertificate in base64", err.Error())
	}
	if token.Certificate, err = x509.ParseCertificate(raw); err != nil {
		return refused(ErrMalformed, "an X.509 certificate", err.Error())
	}
	if token.Signature, err = decodeBase64(members["signature"]); err != nil {
		return refused(ErrMalformed, "signature in base64", err.Error())
	}
	return token, nil
}

// compatible reports whether a format is version 1 with any minor version.
func compatible(format string) bool {
	minor, ok := strings.CutPrefix(format, tokenFormat)
	return ok && (minor == "" || len(minor) > 1 && minor[0] == '.' && strings.Trim(minor[1:], "0123456789") == "")
}

// known lists the members that are read; minor versions may add others.
var known = []string{"unverifiedCertificate", "algorithm", "signature", "format", "appVersion"}

// stringMembers reads one JSON object, each member once, and gives those that are
// known, which must be strings. Others are passed over.
func stringMembers(text []byte) (map[string]string, error) {
	if members, ok := plainMembers(text); ok {
		return members, nil
	}
	if !utf8.Valid(text) {
		return nil, fmt.Errorf("octets that are not UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(text))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, fmt.Errorf("not an object")
	}
	members := map[string]string{}
	for d.More() {
		token, err := d.Token()
		name, ok := token.(string)
		if err != nil || !ok {
			return nil, fmt.Errorf("broken JSON")
		}
		if _, twice := members[name]; twice {
			return nil, fmt.Errorf("member %.40q twice", name)
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, fmt.Errorf("broken JSON")
		}
		var s string
		if slices.Contains(known, name) && (value[0] != '"' || json.Unmarshal(value, &s) != nil) {
			return nil, fmt.Errorf("member %.40q is not a string", name)
		}
		members[name] = s
	}
	if _, err := d.Token(); err != nil {
		return nil, fmt.Errorf("broken JSON")
	}
	if strings.TrimSpace(string(text[d.InputOffset():])) != "" {
		return nil, fmt.Errorf("something after the object")
	}
	return members, nil
}

// plainMembers reads the form in which tokens come, printable ASCII without
// escapes, in a tenth of the time; false says nothing about any other.
func plainMembers(text []byte) (map[string]string, bool) {
	s, members := lineScanner{text}, map[string]string{}
	for mark := byte('{'); s.take(mark); mark = ',' {
		name, named := s.text()
		if !named || !s.take(':') {
			return nil, false
		}
		value, ok := s.text()
		if _, twice := members[string(name)]; !ok || twice {
			return nil, false
		}
		members[string(name)] = string(value)
	}
	if len(members) == 0 || !s.take('}') {
		return nil, false
	}
	s.skip()
	return members, len(s.rest) == 0
}

// decodeBase64 reads standard base64 with padding, on one line, in its one
// canonical form.
func decodeBase64(s string) ([]byte, error) {
	if s == "" || strings.ContainsAny(s, "\r\n") {
		return nil, fmt.Errorf("empty or broken into lines")
	}
	b, err := base64.StdEncoding.Strict().DecodeString(s)
	if err != nil {
		return nil, fmt.Errorf("not base64")
	}
	return b, nil
}
