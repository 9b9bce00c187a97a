package jpki_test

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"example.jp/jpkimock/authority/jpki"
)

func hanako() jpki.BasicFour {
	return jpki.NewBasicFour("見本　花子", jpki.DateOfBirthOn(1980, 2, 17), jpki.Female, "青葉県みほん市本町１丁目２番３号")
}

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestNewBasicFourFlagsEveryCharacter(t *testing.T) {
	b := jpki.NewBasicFour("𠮷田　A", jpki.DateOfBirth{}, jpki.Male, "みほん市")
	if b.SubstituteCharacterOfCommonName != "0000" || b.SubstituteCharacterOfAddress != "0000" {
		t.Errorf("%q %q", b.SubstituteCharacterOfCommonName, b.SubstituteCharacterOfAddress)
	}
}

func TestSubjectAltName(t *testing.T) {
	b := hanako()
	der, err := b.MarshalSubjectAltName()
	if err != nil {
		t.Fatal(err)
	}
	// The date of birth as the facts write it out, octet by octet.
	if birth := unhex(t, "A0 19 06 0A 2A 83 08 8C 9B 55 08 05 05 04 A0 0B 0C 09 33 31 39 38 30 30 32 31 37"); !bytes.Contains(der, birth) {
		t.Errorf("the date of birth is not in\n%X", der)
	}
	last := -1
	for _, n := range []byte{1, 4, 3, 5, 2, 6} { // the order on the card
		i := bytes.Index(der, append(unhex(t, "06 0A 2A 83 08 8C 9B 55 08 05 05"), n))
		if i <= last {
			t.Errorf("otherName %d at %d, after %d", n, i, last)
		}
		last = i
	}
	back, err := jpki.ParseSubjectAltName(der)
	if err != nil || back != b {
		t.Errorf("reads back as %+v, %v", back, err)
	}
	cert := &x509.Certificate{Extensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 17}, Value: der}}}
	if of, err := jpki.BasicFourOf(cert); err != nil || of != b {
		t.Errorf("of a certificate: %+v, %v", of, err)
	}
	if _, err := jpki.BasicFourOf(&x509.Certificate{}); !errors.Is(err, jpki.ErrNoBasicFour) {
		t.Errorf("of a certificate without: %v", err)
	}
}

func TestBasicFourCheck(t *testing.T) {
	for name, change := range map[string]func(*jpki.BasicFour){
		"no name": func(b *jpki.BasicFour) { b.CommonName, b.SubstituteCharacterOfCommonName = "", "" },
		"long name": func(b *jpki.BasicFour) {
			*b = jpki.NewBasicFour(strings.Repeat("名", 201), b.DateOfBirth, b.Gender, b.Address)
		},
		"no address": func(b *jpki.BasicFour) { b.Address, b.SubstituteCharacterOfAddress = "", "" },
		"long address": func(b *jpki.BasicFour) {
			*b = jpki.NewBasicFour(b.CommonName, b.DateOfBirth, b.Gender, strings.Repeat("町", 201))
		},
		"not UTF-8":        func(b *jpki.BasicFour) { b.CommonName, b.SubstituteCharacterOfCommonName = "\xff", "0" },
		"gender":           func(b *jpki.BasicFour) { b.Gender = "3" },
		"short name flags": func(b *jpki.BasicFour) { b.SubstituteCharacterOfCommonName = "0000" },
		"other name flags": func(b *jpki.BasicFour) { b.SubstituteCharacterOfCommonName = "00002" },
		"flags below":      func(b *jpki.BasicFour) { b.SubstituteCharacterOfCommonName = "0000/" },
		"no address flags": func(b *jpki.BasicFour) { b.SubstituteCharacterOfAddress = "" },
		"impossible birth": func(b *jpki.BasicFour) { b.DateOfBirth.Month = 13 },
		"impossible era":   func(b *jpki.BasicFour) { b.DateOfBirth.Era = 6 },
		"five-digit year":  func(b *jpki.BasicFour) { b.DateOfBirth.Year = 19800 },
	} {
		b := hanako()
		change(&b)
		if err := b.Check(); err == nil {
			t.Errorf("%s: no error", name)
		}
		if _, err := b.MarshalSubjectAltName(); err == nil {
			t.Errorf("%s: was marshalled", name)
		}
	}
	marked := hanako()
	marked.SubstituteCharacterOfCommonName, marked.SubstituteCharacterOfAddress = "01000", strings.Repeat("1", jpki.Characters(marked.Address))
	if err := marked.Check(); err != nil {
		t.Errorf("with substitutes: %v", err)
	}
	male := hanako()
	male.Gender = jpki.Male
	if err := male.Check(); err != nil {
		t.Errorf("a man: %v", err)
	}
	long := jpki.NewBasicFour(strings.Repeat("名", 200), hanako().DateOfBirth, jpki.NotApplicable, strings.Repeat("町", 200))
	if err := long.Check(); err != nil {
		t.Errorf("200 characters: %v", err)
	}
}

func TestParseSubjectAltNameRefuses(t *testing.T) {
	good, err := hanako().MarshalSubjectAltName()
	if err != nil {
		t.Fatal(err)
	}
	gender := unhex(t, "A0 11 06 0A 2A 83 08 8C 9B 55 08 05 05 03 A0 03 0C 01 32")
	sequence := func(content []byte) []byte {
		der, err := asn1.Marshal(asn1.RawValue{Tag: asn1.TagSequence, IsCompound: true, Bytes: content})
		if err != nil {
			t.Fatal(err)
		}
		return der
	}
	content := good[len(good)-len(sequenceContent(t, good)):]
	says := map[string]string{
		"nothing": "not one SEQUENCE", "twice": "comes twice", "one missing": "lacks otherName", "name primitive": "not constructed",
		"PrintableString": "not a UTF8String", "text constructed": "not a UTF8String", "an OID alone": "has no [0] value", "[1] inside": "has no [0] value",
		"an OID cut short": "otherName: ", "no such gender": "性別",
	}
	for name, der := range map[string][]byte{
		"nothing":            nil,
		"something after it": append(bytes.Clone(good), 0),
		"cut short":          good[:len(good)-1],
		"a SET":              append([]byte{0x31}, good[1:]...),
		"twice":              sequence(append(bytes.Clone(content), gender...)),
		"one missing":        sequence(bytes.Replace(bytes.Clone(content), gender, nil, 1)),
		"PrintableString":    sequence(bytes.Replace(content, gender, unhex(t, "A0 11 06 0A 2A 83 08 8C 9B 55 08 05 05 03 A0 03 13 01 32"), 1)),
		"not UTF-8":          sequence(bytes.Replace(content, gender, unhex(t, "A0 11 06 0A 2A 83 08 8C 9B 55 08 05 05 03 A0 03 0C 01 FF"), 1)),
		"[1] inside":         sequence(bytes.Replace(content, gender, unhex(t, "A0 11 06 0A 2A 83 08 8C 9B 55 08 05 05 03 A1 03 0C 01 32"), 1)),
		"two values":         sequence(bytes.Replace(content, gender, unhex(t, "A0 14 06 0A 2A 83 08 8C 9B 55 08 05 05 03 A0 06 0C 01 32 0C 01 32"), 1)),
		"no such gender":     sequence(bytes.Replace(content, gender, unhex(t, "A0 11 06 0A 2A 83 08 8C 9B 55 08 05 05 03 A0 03 0C 01 33"), 1)),
		"an OID alone":       sequence(bytes.Replace(content, gender, unhex(t, "A0 0C 06 0A 2A 83 08 8C 9B 55 08 05 05 03"), 1)),
		"no value inside":    sequence(bytes.Replace(content, gender, unhex(t, "A0 0E 06 0A 2A 83 08 8C 9B 55 08 05 05 03 A0 00"), 1)),
		"something beside":   sequence(bytes.Replace(content, gender, unhex(t, "A0 13 06 0A 2A 83 08 8C 9B 55 08 05 05 03 A0 03 0C 01 32 05 00"), 1)),
		"[0] universal":      sequence(bytes.Replace(content, gender, unhex(t, "A0 11 06 0A 2A 83 08 8C 9B 55 08 05 05 03 30 03 0C 01 32"), 1)),
		"[0] primitive":      sequence(bytes.Replace(content, gender, unhex(t, "A0 11 06 0A 2A 83 08 8C 9B 55 08 05 05 03 80 03 0C 01 32"), 1)),
		"text constructed":   sequence(bytes.Replace(content, gender, unhex(t, "A0 13 06 0A 2A 83 08 8C 9B 55 08 05 05 03 A0 05 2C 03 0C 01 32"), 1)),
		"text of [12]":       sequence(bytes.Replace(content, gender, unhex(t, "A0 11 06 0A 2A 83 08 8C 9B 55 08 05 05 03 A0 03 8C 01 32"), 1)),
		"name primitive":     sequence(bytes.Replace(content, gender, unhex(t, "80 11 06 0A 2A 83 08 8C 9B 55 08 05 05 03 A0 03 0C 01 32"), 1)),
		"a primitive list":   append([]byte{0x10}, good[1:]...),
		"a list of [16]":     append([]byte{0xB0}, good[1:]...),
		"an OID cut short":   sequence(unhex(t, "A0 03 06 0A 2A")),
	} {
		if b, err := jpki.ParseSubjectAltName(der); err == nil || !strings.Contains(err.Error(), says[name]) {
			t.Errorf("%s: %+v, %v", name, b, err)
		}
	}
	for _, class := range []string{"A3", "60"} { // otherNames are [0]: what has another tag or class is passed over
		passed := unhex(t, class+"11 06 0A 2A 83 08 8C 9B 55 08 05 05 03 A0 03 0C 01 32")
		if b, err := jpki.ParseSubjectAltName(sequence(append(passed, content...))); err != nil || b != hanako() {
			t.Errorf("with a name of %s beside: %+v, %v", class, b, err)
		}
	}
	other := unhex(t, "82 07 65 78 61 6D 70 6C 65") // a dNSName
	if b, err := jpki.ParseSubjectAltName(sequence(append(bytes.Clone(other), content...))); err != nil || b != hanako() {
		t.Errorf("with a dNSName beside: %+v, %v", b, err)
	}
	if _, err := jpki.ParseSubjectAltName(sequence(other)); !errors.Is(err, jpki.ErrNoBasicFour) {
		t.Errorf("a dNSName alone: %v", err)
	}
}

func sequenceContent(t testing.TB, der []byte) []byte {
	t.Helper()
	var v asn1.RawValue
	if _, err := asn1.Unmarshal(der, &v); err != nil {
		t.Fatal(err)
	}
	return v.Bytes
}

// FuzzParseSubjectAltName: whatever is read passes Check, and what it is
// written as reads back as itself.
func FuzzParseSubjectAltName(f *testing.F) {
	good, err := hanako().MarshalSubjectAltName()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(good[:40])
	f.Add([]byte{0x30, 0x00})
	f.Add(bytes.Replace(good, []byte("319800217"), []byte("000000000"), 1))
	f.Fuzz(func(t *testing.T, der []byte) {
		b, err := jpki.ParseSubjectAltName(der)
		if err != nil {
			return
		}
		again, err := b.MarshalSubjectAltName()
		if err != nil {
			t.Fatalf("%+v was read and cannot be written: %v", b, err)
		}
		if back, err := jpki.ParseSubjectAltName(again); err != nil || back != b {
			t.Errorf("%+v reads back as %+v, %v", b, back, err)
		}
	})
}
