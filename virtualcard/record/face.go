package record

import (
	"crypto/sha256"
	"encoding/asn1"

	"example.jp/jpkimock/virtualcard/jpkiap"
	"example.jp/jpkimock/virtualcard/picture"
)

// The files of the card face application (券面事項確認AP).
const (
	FaceAge       jpkiap.FID = 0x0001 // date of birth alone
	FaceFront     jpkiap.FID = 0x0002 // what is printed on the front, in pictures
	FaceBasicInfo jpkiap.FID = 0x0003
	FaceIssuer    jpkiap.FID = 0x0004 // CV certificate, 568 bytes
	FaceNumber    jpkiap.FID = 0x0005 // 個人番号 as a picture
	FaceSpare     jpkiap.FID = 0x0006
)

// FaceAID returns the identifier of the card face application.
func FaceAID() []byte { return []byte{0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x02} }

// The widths of the pictures, in wide characters.
const (
	nameWidth    = 20
	addressWidth = 20
	numberWidth  = 7
	codeWidth    = 2
)

// FaceFile returns a file of the card face application, or nil.
func (r Record) FaceFile(fid jpkiap.FID) []byte {
	switch fid {
	case FaceAge:
		birth, key := tlv(0xDF11, []byte(r.birth())), tlv(0xDF12, publicKey(chip))
		return tlv(0xFF10, birth, key, tlv(0xDF13, signed(facer, birth, key)))
	case FaceFront:
		return r.front()
	case FaceBasicInfo:
		info := tlv(0xDF31, []byte{0x06, 0x03, 0x0E, 0x01})
		info = append(info, tlv(0xDF32, keyID(facer))...)
		info = append(info, tlv(0xDF33, []byte{0x01})...)
		info = append(info, tlv(0xDF34, []byte(r.Municipality))...)
		return tlv(0xFF30, info, tlv(0xDF35, keyID(facer), signed(facer, info)))
	case FaceIssuer:
		return cvCertificate(facer)
	case FaceNumber:
		drawn, key := tlv(0xDF41, picture.Text(spaced(r.NumberA()), numberWidth)), tlv(0xDF42, publicKey(chip))
		return tlv(0xFF40, drawn, key, tlv(0xDF43, signed(facer, drawn, key)))
	case FaceSpare:
		return filler(16)
	}
	return nil
}

// spaced writes a number in groups of four digits, as it is printed.
func spaced(number string) string {
	if len(number) <= 4 {
		return number
	}
	return number[:4] + " " + spaced(number[4:])
}

// Look names the portrait of the card; see picture.Look.
func (r Record) Look() string { return picture.Look(r.Gender, r.DateOfBirth.Age(r.Made)) }

// front is EF 0002: FF20 { DF21 offsets, DF22 birth YYYYMMDD, DF23 gender, DF24 public key,
// DF25 name, DF26 address, DF27 portrait, DF28 signature, DF29 expiry, DF2A security
// code }. The signature is over three hashes, of DF22 to DF24, of DF25 and DF26, of DF27; what
// follows it is not signed.
func (r Record) front() []byte {
	person := [][]byte{tlv(0xDF22, []byte(r.birth())), tlv(0xDF23, []byte(r.Gender)), tlv(0xDF24, publicKey(chip))}
	texts := [][]byte{tlv(0xDF25, picture.Text(r.Name, nameWidth)), tlv(0xDF26, picture.Text(r.Address, addressWidth))}
	portrait := [][]byte{tlv(0xDF27, picture.Portrait(r.Gender, r.DateOfBirth.Age(r.Made)))}
	var hashes []byte
	var all [][]byte
	for _, group := range [][][]byte{person, texts, portrait} {
		h := sha256.New()
		for _, object := range group {
			h.Write(object)
		}
		hashes, all = h.Sum(hashes), append(all, group...)
	}
	all = append(all,
		tlv(0xDF28, mustSign(facer, 0, digestInfo(hashes))),
		tlv(0xDF29, []byte(r.expiry())),
		tlv(0xDF2A, picture.Text(r.SecurityCode(), codeWidth)))
	return indexed(0xFF20, 0xDF21, false, all...)
}

// digestInfo is the DigestInfo of RFC 8017 §9.2 for SHA-256, here with three hashes in the
// place of one.
func digestInfo(hashes []byte) []byte {
	type algorithm struct {
		OID        asn1.ObjectIdentifier
		Parameters asn1.RawValue
	}
	b, err := asn1.Marshal(struct {
		Algorithm algorithm
		Digest    []byte
	}{algorithm{asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}, asn1.NullRawValue}, hashes})
	if err != nil {
		panic(err) // it has one form
	}
	return b
}
