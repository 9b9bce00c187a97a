package touch

import (
	"encoding/asn1"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/crypto/ocsp"
)

// Bounds of a tree, for what only looks like DER.
const (
	deepest   = 16
	mostNodes = 400
	longest   = 20 // octets of a number or of a string of octets that are written
)

// known are texts in certificates that name no person.
var known = []string{"JP", "JPKI", "JPKI for digital signature", "JPKI for user authentication", "Japan Agency for Local Authority Information Systems"}

// objects are names of object identifiers, as the specifications write them.
var objects = map[string]string{
	"1.2.840.113549.1.1.1": "rsaEncryption", "1.2.840.113549.1.1.11": "sha256WithRSAEncryption", "2.16.840.1.101.3.4.2.1": "sha256", "1.2.840.10045.4.3.2": "ecdsa-with-SHA256",
	"2.5.4.3": "commonName", "2.5.4.6": "countryName", "2.5.4.7": "localityName", "2.5.4.10": "organizationName", "2.5.4.11": "organizationalUnitName",
	"2.5.29.14": "subjectKeyIdentifier", "2.5.29.15": "keyUsage", "2.5.29.17": "subjectAltName", "2.5.29.18": "issuerAltName", "2.5.29.19": "basicConstraints",
	"2.5.29.31": "cRLDistributionPoints", "2.5.29.32": "certificatePolicies", "2.5.29.35": "authorityKeyIdentifier", "2.5.29.37": "extKeyUsage",
	"1.3.6.1.5.5.7.1.1": "authorityInfoAccess", "1.3.6.1.5.5.7.48.1": "ocsp", "1.3.6.1.5.5.7.3.2": "clientAuth", "1.3.6.1.5.5.7.3.9": "OCSPSigning",
	"1.3.6.1.5.5.7.48.1.1": "ocspBasic", "1.3.6.1.5.5.7.48.1.2": "ocspNonce", "1.3.6.1.5.5.7.48.1.5": "ocspNoCheck",
	"1.2.840.113549.1.7.1": "data", "1.2.840.113549.1.7.2": "signedData", "1.2.840.113549.1.9.3": "contentType", "1.2.840.113549.1.9.4": "messageDigest",
	"1.2.840.113549.1.9.5": "signingTime", "1.2.840.113549.1.9.16.2.47": "signingCertificateV2",
	"1.2.392.200149.8.5.5.1": "氏名 commonName", "1.2.392.200149.8.5.5.2": "代替文字 substituteCharacterOfCommonName", "1.2.392.200149.8.5.5.3": "性別 gender",
	"1.2.392.200149.8.5.5.4": "生年月日 dateOfBirth", "1.2.392.200149.8.5.5.5": "住所 address", "1.2.392.200149.8.5.5.6": "代替文字 substituteCharacterOfAddress",
}

// kinds are the universal types that are written by their name and a mark.
var kinds = map[int]string{
	asn1.TagUTF8String: "UTF8String", asn1.TagPrintableString: "PrintableString", asn1.TagIA5String: "IA5String", asn1.TagT61String: "T61String",
	asn1.TagBMPString: "BMPString", asn1.TagNumericString: "NumericString", asn1.TagGeneralString: "GeneralString",
}

// tree writes DER as a tree of types. Texts that may name a person are masked.
func tree(der []byte) string {
	w := &treeWriter{}
	if !w.all(der, 0) {
		return fmt.Sprintf("not DER, %d octets", len(der))
	}
	return strings.TrimRight(w.b.String(), "\n")
}

type treeWriter struct {
	b     strings.Builder
	nodes int
}

// all writes the values that follow one another in der, and reports whether der is that.
func (w *treeWriter) all(der []byte, depth int) bool {
	for len(der) > 0 {
		var v asn1.RawValue
		rest, err := asn1.Unmarshal(der, &v)
		if err != nil || depth > deepest {
			return false
		}
		if w.nodes++; w.nodes > mostNodes {
			return true
		}
		w.one(v, depth)
		der = rest
	}
	return true
}

func (w *treeWriter) one(v asn1.RawValue, depth int) {
	line := func(format string, args ...any) {
		w.b.WriteString(strings.Repeat("  ", depth) + fmt.Sprintf(format, args...) + "\n")
	}
	switch {
	case v.Class != asn1.ClassUniversal && v.IsCompound:
		line("[%d]", v.Tag)
		w.all(v.Bytes, depth+1)
	case v.Class != asn1.ClassUniversal:
		line("[%d] %d octets", v.Tag, len(v.Bytes)) // addresses of the authority, or names
	case v.IsCompound:
		line("%s", map[int]string{asn1.TagSequence: "SEQUENCE", asn1.TagSet: "SET"}[v.Tag])
		w.all(v.Bytes, depth+1)
	case v.Tag == asn1.TagOID:
		line("OBJECT IDENTIFIER %s", objectName(v))
	case v.Tag == asn1.TagOctetString && len(v.Bytes) > 1 && v.Bytes[0] == 0x30 && nested(v.Bytes):
		line("OCTET STRING")
		w.all(v.Bytes, depth+1)
	default:
		line("%s", leaf(v))
	}
}

// nested reports whether octets are DER themselves.
func nested(octets []byte) bool { return (&treeWriter{}).all(octets, 1) }

func objectName(v asn1.RawValue) string {
	var oid asn1.ObjectIdentifier
	if _, err := asn1.Unmarshal(v.FullBytes, &oid); err != nil {
		return "?"
	}
	if name := objects[oid.String()]; name != "" {
		return oid.String() + " " + name
	}
	return oid.String()
}

// leaf writes a value without parts.
func leaf(v asn1.RawValue) string {
	octets := func(name string, b []byte) string {
		if len(b) > longest {
			return fmt.Sprintf("%s %X… (%d octets)", name, b[:8], len(b))
		}
		return fmt.Sprintf("%s %X", name, b)
	}
	switch v.Tag {
	case asn1.TagBoolean:
		return fmt.Sprintf("BOOLEAN %t", len(v.Bytes) == 1 && v.Bytes[0] != 0)
	case asn1.TagInteger:
		return octets("INTEGER", v.Bytes)
	case asn1.TagEnum:
		return octets("ENUMERATED", v.Bytes)
	case asn1.TagNull:
		return "NULL"
	case asn1.TagBitString:
		return fmt.Sprintf("BIT STRING, %d octets", max(0, len(v.Bytes)-1))
	case asn1.TagOctetString:
		return octets("OCTET STRING", v.Bytes)
	case asn1.TagUTCTime:
		return "UTCTime " + string(v.Bytes)
	case asn1.TagGeneralizedTime:
		return "GeneralizedTime " + string(v.Bytes)
	}
	name := kinds[v.Tag]
	if name == "" {
		return fmt.Sprintf("type %d, %d octets", v.Tag, len(v.Bytes))
	}
	if said := string(v.Bytes); slices.Contains(known, said) {
		return name + " " + said
	}
	return name + " " + mask
}

// stamp is how openssl writes a time.
const stamp = "Jan _2 15:04:05 2006 GMT"

// ocspRequest writes a request as openssl ocsp -req_text does, and its tree.
func ocspRequest(der []byte) string {
	r, err := ocsp.ParseRequest(der)
	if err != nil {
		return tree(der)
	}
	return fmt.Sprintf("OCSP Request Data:\n    Version: 1 (0x0)\n    Requestor List:\n        Certificate ID:\n          Hash Algorithm: %s\n"+
		"          Issuer Name Hash: %s\n          Issuer Key Hash: %s\n          Serial Number: %X\n\n%s",
		strings.ToLower(strings.ReplaceAll(r.HashAlgorithm.String(), "-", "")), upper(r.IssuerNameHash), upper(r.IssuerKeyHash), r.SerialNumber, tree(der))
}

// askedAbout finds the serial number in what ocspRequest writes.
var askedAbout = regexp.MustCompile(`(?m)^ +Serial Number: ([0-9A-F]+)$`)

func upper(octets []byte) string { return strings.ToUpper(hex.EncodeToString(octets)) }

// reasons are the names of revocation reasons (RFC 5280 §5.3.1), as openssl writes them.
var reasons = map[int]string{0: "unspecified", 1: "keyCompromise", 3: "affiliationChanged", 4: "superseded", 5: "cessationOfOperation", 6: "certificateHold", 9: "privilegeWithdrawn"}

// ocspResponse writes an answer as openssl ocsp -resp_text does, and its tree; with the
// status in a word.
func ocspResponse(der []byte) (written, code string) {
	r, err := ocsp.ParseResponse(der, nil)
	if err != nil {
		return tree(der), ""
	}
	code = map[int]string{ocsp.Good: "good", ocsp.Revoked: "revoked", ocsp.Unknown: "unknown"}[r.Status]
	var b strings.Builder
	fmt.Fprintf(&b, "OCSP Response Data:\n    OCSP Response Status: successful (0x0)\n    Response Type: Basic OCSP Response\n    Version: 1 (0x0)\n")
	fmt.Fprintf(&b, "    Produced At: %s\n    Responses:\n    Certificate ID:\n      Serial Number: %X\n    Cert Status: %s\n", r.ProducedAt.UTC().Format(stamp), r.SerialNumber, code)
	if r.Status == ocsp.Revoked {
		fmt.Fprintf(&b, "    Revocation Time: %s\n    Revocation Reason: %s (0x%x)\n", r.RevokedAt.UTC().Format(stamp), reasons[r.RevocationReason], r.RevocationReason)
	}
	fmt.Fprintf(&b, "    This Update: %s\n", r.ThisUpdate.UTC().Format(stamp))
	if !r.NextUpdate.IsZero() {
		fmt.Fprintf(&b, "    Next Update: %s\n", r.NextUpdate.UTC().Format(stamp))
	}
	fmt.Fprintf(&b, "    Signature Algorithm: %s\n\n%s", r.SignatureAlgorithm, tree(der))
	return b.String(), code
}
