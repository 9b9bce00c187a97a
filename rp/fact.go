package rp

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Fact is what a check expected, or what it found: a stable code and the values
// that belong to it, so that a page can say it in any language. It holds no
// personal data. [FactCodes] lists the codes.
type Fact struct {
	Code string `json:"code"`
	// Args are the values in the order of the sentence: times as RFC 3339 in UTC,
	// serial numbers and digests in hexadecimal, sizes in decimal.
	Args []string `json:"args,omitempty"`
}

// String says the fact in English, for a log.
func (f Fact) String() string {
	sentence, ok := factWords[f.Code]
	if !ok {
		return strings.TrimSpace(f.Code + " " + strings.Join(f.Args, " "))
	}
	var values []string
	for i, arg := range f.Args {
		values = append(values, "{"+strconv.Itoa(i)+"}", arg)
	}
	return strings.NewReplacer(values...).Replace(sentence)
}

// IsZero reports that nothing was stated.
func (f Fact) IsZero() bool { return f.Code == "" }

// UnmarshalJSON reads a fact, and also the English text that records had in its
// place before.
func (f *Fact) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		*f = Fact{Code: FactText, Args: make([]string, 1)}
		return json.Unmarshal(b, &f.Args[0])
	}
	type plain Fact
	return json.Unmarshal(b, (*plain)(f))
}

// FactCodes lists the codes of all facts, sorted.
func FactCodes() []string { return slices.Sorted(maps.Keys(factWords)) }

// FactText is the code of a detail for developers, such as of a DER encoding,
// which is stated in English alone.
const FactText = "text"

// FactSame is the code of a finding that is just what the check expected.
const FactSame = "same"

// fact states something. Times are written as RFC 3339 in UTC, everything else
// as fmt.Sprint does.
func fact(code string, args ...any) Fact {
	f := Fact{Code: code}
	for _, arg := range args {
		if t, ok := arg.(time.Time); ok {
			arg = t.UTC().Format(time.RFC3339)
		}
		f.Args = append(f.Args, fmt.Sprint(arg))
	}
	return f
}

// detail states a detail for developers.
func detail(s string) Fact { return fact(FactText, s) }

// same gives the finding of a check that passed, other if it did not.
func same(ok bool, other Fact) Fact {
	if ok {
		return fact(FactSame)
	}
	return other
}

// factWords says each code in English. {0}, {1} and so on are the arguments.
var factWords = map[string]string{
	FactText: "{0}",
	FactSame: "the same",
	"none":   "none",
	"value":  "{0}",
	"time":   "{0}",
	"serial": "{0}",

	// Form, kind and issuer of the certificate.
	"octets":           "{0} octets",
	"certificate_form": "certificate of version 3 with a positive serial number",
	"version_serial":   `version {0}, serial number "{1}"`,
	"key_range":        "RSA key of {0} to {1} bits, exponent 65537",
	"rsa_key":          "RSA of {0} bits, exponent {1}",
	"key_algorithm":    "key of algorithm {0}",
	"kind":             "{0}",
	"other_kind":       "no certificate of the service",
	"ca_signature":     "SHA-256 with RSA by CA key {0}",
	"trusted_ca":       "issued by a trusted CA for {0}",
	"ca_keys":          "authorityKeyIdentifier among {0}",
	"issuer":           "issuer {0}, authorityKeyIdentifier {1}",
	"no_signature":     "no valid signature by that key",

	// What the certificate says of itself.
	"certificate_validity":  "certificate valid {0} to {1}",
	"ca_validity":           "CA certificate valid {0} to {1}",
	"critical_extensions":   "only critical extensions that are understood",
	"no_critical_san":       "no critical subjectAltName",
	"extension":             "{0}",
	"not_ca":                "no CA",
	"ca":                    "a CA",
	"key_usage":             "critical {0}",
	"key_usage_bits":        "bits {0}, critical {1}",
	"extended_usage":        "extendedKeyUsage {0}",
	"no_extended_usage":     "no extendedKeyUsage",
	"extended_usage_listed": "purposes {0}",
	"policy":                "critical {0}",
	"policies":              "{0}, critical {1}",
	"basic_four":            "the four basic data in the subjectAltName",
	"no_basic_four":         "none that can be read",

	// The document, the token, and who signed them.
	"digest":                "messageDigest {0}",
	"attributes_signature":  "signature over the signed attributes by the certificate's key",
	"signer":                "certificate {0}, SHA-256 {1}",
	"token_signature":       "signature over the origin {0} and the nonce, by the certificate's key",
	"other_origin_or_nonce": "a signature by the same key over another origin or another nonce",
	"unused_challenge":      "an unused challenge we issued",
	"answer_before":         "an answer by {0}",
	"challenge_for":         "a challenge for {0}",
	"origin":                "{0}",
	"paired_serial":         "the serial number of the paired certificate",
	"not_revoked":           "neither revoked nor suspended",
	"state":                 "{0}",
	"validity_end":          "the end of the certificate's validity",
	"link":                  "{0} of {1} {2}",
	"about_another":         "an answer about another certificate",
	"not_askable":           "no serial number that can be asked about",
	"authority_address":     "Config.AuthorityURL, or an OCSP address in the certificate",
	"answers":               "{0} answers from {1}",
	"answers_then":          "{0}, and then {1}",
	"ocsp_request":          "an OCSP request",
	"ocsp_response":         "an OCSP response from {0}",
	"crl":                   "a CRL from {0}",
	"no_address":            "no such address",
	"no_answer":             "no answer",
	"http_status":           "HTTP status {0}",
	"http_type":             "HTTP status {0}, type {1}",
	"unreadable_body":       "a body that could not be read",
	"other_json":            "JSON of another form",
	"ocsp_successful":       "OCSP status successful",
	"ocsp_status":           "{0}",
	"responder":             "response signed by the CA or by its OCSP responder",
	"responder_certificate": "certificate SHA-256 {0}",
	"one_answer":            "one answer about serial number {0}",
	"fresh":                 "producedAt and thisUpdate from {0} to {1}, nextUpdate not before {2}",
	"produced":              "producedAt {0}, thisUpdate {1}, nextUpdate {2}",
	"nonce":                 "nonce {0}",
	"current_list":          "a list of {0}",
	"list_times":            "thisUpdate {0}, nextUpdate {1}",
	"list_signature":        "a CRL signed by the CA",
	"list_of_trusted_ca":    "a CRL of a trusted CA",
	"authority_key":         "authorityKeyIdentifier {0}",
}
