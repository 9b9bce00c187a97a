package jpki

import (
	"crypto/x509"
	"encoding/asn1"
	"fmt"
)

// Kind is the kind of an electronic certificate (電子証明書の種別). Its zero
// value is not a kind, so that a forgotten field is noticed.
type Kind int

const (
	// DigitalSignature is the digital signature certificate
	// (署名用電子証明書). It carries the four basic data of its holder.
	DigitalSignature Kind = iota + 1
	// UserAuthentication is the user authentication certificate
	// (利用者証明用電子証明書). It carries no personal data.
	UserAuthentication
)

// Kinds lists both kinds, in the order in which the card writes them.
func Kinds() []Kind { return []Kind{DigitalSignature, UserAuthentication} }

// String gives the name used in URLs, JSON and logs: "digital-signature" or
// "user-authentication".
func (k Kind) String() string {
	switch k {
	case DigitalSignature:
		return "digital-signature"
	case UserAuthentication:
		return "user-authentication"
	}
	return "unknown-kind"
}

// Japanese gives the term of the Act: 署名用電子証明書 or 利用者証明用電子証明書.
func (k Kind) Japanese() string {
	switch k {
	case DigitalSignature:
		return "署名用電子証明書"
	case UserAuthentication:
		return "利用者証明用電子証明書"
	}
	return "不明な種別の電子証明書"
}

// Other gives the other kind; the certificate of the other kind on the same
// card is the paired certificate.
func (k Kind) Other() Kind {
	switch k {
	case DigitalSignature:
		return UserAuthentication
	case UserAuthentication:
		return DigitalSignature
	}
	return 0
}

// Valid reports whether k is one of the two kinds.
func (k Kind) Valid() bool { return k == DigitalSignature || k == UserAuthentication }

// ParseKind reads the form that String gives.
func ParseKind(s string) (Kind, error) {
	for _, k := range Kinds() {
		if s == k.String() {
			return k, nil
		}
	}
	return 0, fmt.Errorf("jpki: %q is not a kind of certificate: want %q or %q", s, DigitalSignature, UserAuthentication)
}

// MarshalText writes the form that String gives.
func (k Kind) MarshalText() ([]byte, error) {
	if !k.Valid() {
		return nil, fmt.Errorf("jpki: kind %d has no text form", int(k))
	}
	return []byte(k.String()), nil
}

// Wanted says how a kind is written in a request.
func (Kind) Wanted() string { return "digital-signature or user-authentication" }

// UnmarshalText reads the form that String gives.
func (k *Kind) UnmarshalText(b []byte) error {
	p, err := ParseKind(string(b))
	if err != nil {
		return err
	}
	*k = p
	return nil
}

// Policy is the certificate policy of a kind: digitalSignature
// (1.2.392.200149.8.5.1.1.20) or authenticate (1.2.392.200149.8.5.1.3.30).
func (k Kind) Policy() asn1.ObjectIdentifier {
	switch k {
	case DigitalSignature:
		return asn1.ObjectIdentifier{1, 2, 392, 200149, 8, 5, 1, 1, 20}
	case UserAuthentication:
		return asn1.ObjectIdentifier{1, 2, 392, 200149, 8, 5, 1, 3, 30}
	}
	return nil
}

// OrganizationalUnit is the OU that tells the two CAs apart in every DN:
// "JPKI for digital signature" or "JPKI for user authentication". The words
// are those of the production CA certificates.
func (k Kind) OrganizationalUnit() string {
	switch k {
	case DigitalSignature:
		return "JPKI for digital signature"
	case UserAuthentication:
		return "JPKI for user authentication"
	}
	return ""
}

// KindOf tells a certificate's kind by its certificate policy, which is what
// the profile distinguishes the kinds by. It looks at nothing else: whether
// the certificate is genuine is for a verifier to say.
func KindOf(cert *x509.Certificate) (Kind, error) {
	for _, id := range cert.PolicyIdentifiers {
		for _, k := range Kinds() {
			if id.Equal(k.Policy()) {
				return k, nil
			}
		}
	}
	return 0, fmt.Errorf("jpki: certificate has neither policy %v nor %v", DigitalSignature.Policy(), UserAuthentication.Policy())
}
