package jpki

import (
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"strings"
)

// Gender is the gender (性別) as the certificate codes it.
type Gender string

// The codes. The public sources disagree on the code for "not applicable";
// this is the one of JIS X 0303.
const (
	Male          Gender = "1"
	Female        Gender = "2"
	NotApplicable Gender = "9"
)

// Japanese gives 男, 女 or 適用不能.
func (g Gender) Japanese() string {
	switch g {
	case Male:
		return "男"
	case Female:
		return "女"
	}
	return "適用不能"
}

// BasicFour is the four basic data (基本4情報: 氏名, 生年月日, 性別, 住所) as the
// digital signature certificate carries them, with the flags that tell which
// characters stand for one that the certificate cannot write.
type BasicFour struct {
	CommonName                      string      `json:"commonName"`
	DateOfBirth                     DateOfBirth `json:"dateOfBirth"`
	Gender                          Gender      `json:"gender"`
	Address                         string      `json:"address"`
	SubstituteCharacterOfCommonName string      `json:"substituteCharacterOfCommonName"`
	SubstituteCharacterOfAddress    string      `json:"substituteCharacterOfAddress"`
}

// Object identifiers of the otherNames and extensions of the profile, below
// the arc 1.2.392.200149.8.5.5.
var (
	OIDCommonName                      = asn1.ObjectIdentifier{1, 2, 392, 200149, 8, 5, 5, 1}
	OIDSubstituteCharacterOfCommonName = asn1.ObjectIdentifier{1, 2, 392, 200149, 8, 5, 5, 2}
	OIDGender                          = asn1.ObjectIdentifier{1, 2, 392, 200149, 8, 5, 5, 3}
	OIDDateOfBirth                     = asn1.ObjectIdentifier{1, 2, 392, 200149, 8, 5, 5, 4}
	OIDAddress                         = asn1.ObjectIdentifier{1, 2, 392, 200149, 8, 5, 5, 5}
	OIDSubstituteCharacterOfAddress    = asn1.ObjectIdentifier{1, 2, 392, 200149, 8, 5, 5, 6}

	oidSubjectAltName = asn1.ObjectIdentifier{2, 5, 29, 17}
)

// MaxAddress is the longest address a certificate carries, in characters.
const MaxAddress = 200

// ErrNoBasicFour is returned for a certificate that carries no four basic
// data, as a user authentication certificate does not.
var ErrNoBasicFour = errors.New("jpki: the certificate carries no four basic data")

// NewBasicFour completes the four data with substitute flags that mark no
// character: one '0' for every character, the space included.
func NewBasicFour(name string, birth DateOfBirth, gender Gender, address string) BasicFour {
	return BasicFour{
		CommonName: name, DateOfBirth: birth, Gender: gender, Address: address,
		SubstituteCharacterOfCommonName: zeros(name),
		SubstituteCharacterOfAddress:    zeros(address),
	}
}

func zeros(s string) string {
	return strings.Repeat("0", Characters(s))
}

// field is one otherName of the profile with the place its value is kept.
type field struct {
	oid asn1.ObjectIdentifier
	get func(*BasicFour) string
	set func(*BasicFour, string) error
}

// fields lists the otherNames in the order in which cards carry them:
// 1, 4, 3, 5, 2, 6.
func fields() []field {
	text := func(p func(*BasicFour) *string) (func(*BasicFour) string, func(*BasicFour, string) error) {
		return func(b *BasicFour) string { return *p(b) }, func(b *BasicFour, s string) error { *p(b) = s; return nil }
	}
	nameGet, nameSet := text(func(b *BasicFour) *string { return &b.CommonName })
	addrGet, addrSet := text(func(b *BasicFour) *string { return &b.Address })
	subNGet, subNSet := text(func(b *BasicFour) *string { return &b.SubstituteCharacterOfCommonName })
	subAGet, subASet := text(func(b *BasicFour) *string { return &b.SubstituteCharacterOfAddress })
	return []field{
		{OIDCommonName, nameGet, nameSet},
		{OIDDateOfBirth,
			func(b *BasicFour) string { return b.DateOfBirth.String() },
			func(b *BasicFour, s string) error { return b.DateOfBirth.UnmarshalText([]byte(s)) }},
		{OIDGender,
			func(b *BasicFour) string { return string(b.Gender) },
			func(b *BasicFour, s string) error { b.Gender = Gender(s); return nil }},
		{OIDAddress, addrGet, addrSet},
		{OIDSubstituteCharacterOfCommonName, subNGet, subNSet},
		{OIDSubstituteCharacterOfAddress, subAGet, subASet},
	}
}

// FieldError says which of the four data a certificate cannot carry. Field is its
// name in JSON.
type FieldError struct {
	Field string
	Err   error
}

// Error gives the Japanese name of the datum and the reason.
func (e *FieldError) Error() string { return "jpki: " + e.Err.Error() }

// Unwrap gives the reason.
func (e *FieldError) Unwrap() error { return e.Err }

// Check reports everything that a certificate could not carry, as *FieldErrors: a
// name or an address that CheckCertifiable refuses, a flag string whose length is
// not the length of what it flags, a gender outside the code.
func (b BasicFour) Check() error {
	var wrong []error
	add := func(field, format string, args ...any) {
		wrong = append(wrong, &FieldError{field, fmt.Errorf(format, args...)})
	}
	if err := CheckCertifiable(b.CommonName); err != nil {
		add("commonName", "氏名: %w", err)
	} else if !flags(b.SubstituteCharacterOfCommonName, b.CommonName) {
		add("substituteCharacterOfCommonName", "氏名代替文字の使用位置 must be one 0 or 1 for each character of 氏名")
	}
	if err := CheckCertifiable(b.Address); err != nil {
		add("address", "住所: %w", err)
	} else if !flags(b.SubstituteCharacterOfAddress, b.Address) {
		add("substituteCharacterOfAddress", "住所代替文字の使用位置 must be one 0 or 1 for each character of 住所")
	}
	if b.Gender != Male && b.Gender != Female && b.Gender != NotApplicable {
		add("gender", "性別 must be 1, 2 or 9")
	}
	if _, err := ParseDateOfBirth(b.DateOfBirth.String()); err != nil {
		add("dateOfBirth", "生年月日: %w", err)
	}
	return errors.Join(wrong...)
}

func flags(f, of string) bool {
	if len(f) != Characters(of) {
		return false
	}
	for _, r := range f {
		if r != '0' && r != '1' {
			return false
		}
	}
	return true
}

// MarshalSubjectAltName gives the DER value of the subjectAltName extension:
// six otherNames, each [0] { OID, [0] UTF8String }, in on-card order.
func (b BasicFour) MarshalSubjectAltName() ([]byte, error) {
	if err := b.Check(); err != nil {
		return nil, err
	}
	var names []byte
	for _, f := range fields() {
		id, err := asn1.Marshal(f.oid)
		if err != nil {
			return nil, err
		}
		value, err := asn1.MarshalWithParams(f.get(&b), "utf8")
		if err != nil {
			return nil, err
		}
		inner, err := tagged(value)
		if err != nil {
			return nil, err
		}
		name, err := tagged(append(id, inner...))
		if err != nil {
			return nil, err
		}
		names = append(names, name...)
	}
	return asn1.Marshal(asn1.RawValue{Class: asn1.ClassUniversal, Tag: asn1.TagSequence, IsCompound: true, Bytes: names})
}

// tagged wraps content in the constructed context tag [0].
func tagged(content []byte) ([]byte, error) {
	return asn1.Marshal(asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 0, IsCompound: true, Bytes: content})
}

// ParseSubjectAltName reads the DER value of a subjectAltName extension.
// otherNames outside the profile are passed over; a profile's otherName that
// comes twice, is no UTF8String, or is missing is refused.
func ParseSubjectAltName(der []byte) (BasicFour, error) {
	var b BasicFour
	names, ok := only(der, asn1.ClassUniversal, asn1.TagSequence, true)
	if !ok {
		return b, errors.New("jpki: subjectAltName is not one SEQUENCE")
	}
	seen := map[string]bool{}
	for rest := names; len(rest) > 0; {
		var name asn1.RawValue
		var err error
		if rest, err = asn1.Unmarshal(rest, &name); err != nil {
			return b, fmt.Errorf("jpki: subjectAltName: %w", err)
		}
		if name.Class != asn1.ClassContextSpecific || name.Tag != 0 {
			continue
		}
		if !name.IsCompound {
			return b, errors.New("jpki: otherName is not constructed")
		}
		if err := b.readOtherName(name.Bytes, seen); err != nil {
			return b, err
		}
	}
	if len(seen) == 0 {
		return b, ErrNoBasicFour
	}
	for _, f := range fields() {
		if !seen[f.oid.String()] {
			return b, fmt.Errorf("jpki: subjectAltName lacks otherName %v", f.oid)
		}
	}
	return b, b.Check()
}

// only gives the content of the one value that der is, if it has the class and the tag,
// and is constructed or not.
func only(der []byte, class, tag int, constructed bool) ([]byte, bool) {
	var v asn1.RawValue
	rest, err := asn1.Unmarshal(der, &v)
	return v.Bytes, err == nil && len(rest) == 0 && v.Class == class && v.Tag == tag && v.IsCompound == constructed
}

// readOtherName reads the inside of one [0] GeneralName.
func (b *BasicFour) readOtherName(der []byte, seen map[string]bool) error {
	var id asn1.ObjectIdentifier
	rest, err := asn1.Unmarshal(der, &id)
	if err != nil {
		return fmt.Errorf("jpki: otherName: %w", err)
	}
	for _, f := range fields() {
		if !id.Equal(f.oid) {
			continue
		}
		if seen[id.String()] {
			return fmt.Errorf("jpki: otherName %v comes twice", id)
		}
		wrapped, ok := only(rest, asn1.ClassContextSpecific, 0, true)
		if !ok {
			return fmt.Errorf("jpki: otherName %v has no [0] value", id)
		}
		value, ok := only(wrapped, asn1.ClassUniversal, asn1.TagUTF8String, false)
		if !ok {
			return fmt.Errorf("jpki: otherName %v is not a UTF8String", id)
		}
		if err := f.set(b, string(value)); err != nil {
			return err
		}
		seen[id.String()] = true
	}
	return nil
}

// BasicFourOf reads the four basic data of a certificate. A certificate that
// carries none gives ErrNoBasicFour.
func BasicFourOf(cert *x509.Certificate) (BasicFour, error) {
	for _, e := range cert.Extensions {
		if e.Id.Equal(oidSubjectAltName) {
			return ParseSubjectAltName(e.Value)
		}
	}
	return BasicFour{}, ErrNoBasicFour
}
