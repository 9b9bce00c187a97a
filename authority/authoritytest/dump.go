package authoritytest

import (
	"crypto/sha256"
	"encoding/asn1"
	"fmt"
	"strings"
)

// names of the object identifiers that are met here; others are dumped as
// numbers.
var names = map[string]string{
	"2.5.4.3": "commonName", "2.5.4.6": "countryName", "2.5.4.7": "localityName", "2.5.4.10": "organizationName", "2.5.4.11": "organizationalUnitName",
	"2.5.29.14": "subjectKeyIdentifier", "2.5.29.15": "keyUsage", "2.5.29.17": "subjectAltName", "2.5.29.18": "issuerAltName",
	"2.5.29.19": "basicConstraints", "2.5.29.20": "cRLNumber", "2.5.29.21": "reasonCode", "2.5.29.31": "cRLDistributionPoints",
	"2.5.29.32": "certificatePolicies", "2.5.29.35": "authorityKeyIdentifier", "2.5.29.37": "extKeyUsage",
	"1.3.6.1.5.5.7.1.1": "authorityInfoAccess", "1.3.6.1.5.5.7.48.1": "ocsp", "1.3.6.1.5.5.7.48.1.1": "ocspBasic", "1.3.6.1.5.5.7.48.1.2": "ocspNonce",
	"1.3.6.1.5.5.7.48.1.5": "ocspNoCheck", "1.3.6.1.5.5.7.2.1": "cps", "1.3.6.1.5.5.7.3.2": "clientAuth", "1.3.6.1.5.5.7.3.9": "OCSPSigning",
	"1.2.840.113549.1.1.1": "rsaEncryption", "1.2.840.113549.1.1.11": "sha256WithRSAEncryption",
	"1.3.14.3.2.26": "sha1", "2.16.840.1.101.3.4.2.1": "sha256",
	"1.2.392.200149.8.5.1.1.20": "jpki digitalSignature policy", "1.2.392.200149.8.5.1.3.30": "jpki authenticate policy",
	"1.2.392.200149.8.5.5.1": "jpki commonName", "1.2.392.200149.8.5.5.2": "jpki substituteCharacterOfCommonName", "1.2.392.200149.8.5.5.3": "jpki gender",
	"1.2.392.200149.8.5.5.4": "jpki dateOfBirth", "1.2.392.200149.8.5.5.5": "jpki address", "1.2.392.200149.8.5.5.6": "jpki substituteCharacterOfAddress",
}

var tags = map[int]string{
	1: "BOOLEAN", 2: "INTEGER", 3: "BIT STRING", 4: "OCTET STRING", 5: "NULL", 6: "OID", 10: "ENUMERATED", 12: "UTF8String", 16: "SEQUENCE", 17: "SET",
	19: "PrintableString", 22: "IA5String", 23: "UTCTime", 24: "GeneralizedTime",
}

// Dump writes DER as text, one element a line, into what stands inside OCTET
// STRINGs too. Octets of more than 32 are given by their SHA-256.
func Dump(der []byte) string {
	var b strings.Builder
	dump(&b, der, 0)
	return b.String()
}

func dump(b *strings.Builder, der []byte, depth int) {
	for len(der) > 0 {
		var v asn1.RawValue
		rest, err := asn1.Unmarshal(der, &v)
		if err != nil {
			fmt.Fprintf(b, "%sNOT DER %x\n", strings.Repeat("  ", depth), der)
			return
		}
		der = rest
		line(b, v, depth)
	}
}

func line(b *strings.Builder, v asn1.RawValue, depth int) {
	name := tags[v.Tag]
	if v.Class == asn1.ClassContextSpecific {
		name = fmt.Sprintf("[%d]", v.Tag)
	}
	fmt.Fprintf(b, "%s%s", strings.Repeat("  ", depth), name)
	switch {
	case v.IsCompound:
		b.WriteByte('\n')
		dump(b, v.Bytes, depth+1)
	case v.Class == asn1.ClassUniversal && v.Tag == asn1.TagOctetString && isDER(v.Bytes):
		b.WriteString(" holding\n")
		dump(b, v.Bytes, depth+1)
	default:
		if text := value(v); text != "" {
			b.WriteString(" " + text)
		}
		b.WriteByte('\n')
	}
}

// isDER reports whether octets are elements of types that extensions have, so
// that a hash is not taken for one.
func isDER(octets []byte) bool {
	if len(octets) < 2 {
		return false
	}
	for len(octets) > 0 {
		var v asn1.RawValue
		rest, err := asn1.Unmarshal(octets, &v)
		if err != nil || v.Class != asn1.ClassUniversal || tags[v.Tag] == "" {
			return false
		}
		octets = rest
	}
	return true
}

func value(v asn1.RawValue) string {
	if v.Class == asn1.ClassUniversal {
		switch v.Tag {
		case asn1.TagOID:
			var oid asn1.ObjectIdentifier
			if _, err := asn1.Unmarshal(v.FullBytes, &oid); err != nil {
				return err.Error()
			}
			return strings.TrimSpace(oid.String() + " " + names[oid.String()])
		case asn1.TagUTF8String, asn1.TagPrintableString, asn1.TagIA5String, asn1.TagUTCTime, asn1.TagGeneralizedTime:
			return string(v.Bytes)
		}
	}
	if v.Class == asn1.ClassContextSpecific && v.Tag == 6 && len(v.Bytes) > 7 {
		return string(v.Bytes)
	}
	if len(v.Bytes) > 32 {
		return fmt.Sprintf("%d octets, sha256 %x", len(v.Bytes), sha256.Sum256(v.Bytes))
	}
	return fmt.Sprintf("%X", v.Bytes)
}
