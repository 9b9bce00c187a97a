package record

import (
	"crypto/sha256"

	"example.jp/jpkimock/virtualcard/jpkiap"
)

// The files of the card-face text application (券面事項入力補助AP).
const (
	TextNumber     jpkiap.FID = 0x0001 // 個人番号, 17 bytes
	TextAttributes jpkiap.FID = 0x0002 // 基本4情報
	TextSignature  jpkiap.FID = 0x0003 // over the two above, 336 bytes
	TextIssuer     jpkiap.FID = 0x0004 // CV certificate of the key that signed, 568 bytes
	TextBasicInfo  jpkiap.FID = 0x0005 // version and key, 164 bytes
	TextSessionKey jpkiap.FID = 0x0006
	TextPublicKey  jpkiap.FID = 0x0007
	TextSpare      jpkiap.FID = 0x0008
)

// TextAID returns the identifier of the card-face text application.
func TextAID() []byte { return []byte{0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x08} }

// TextFile returns a file of the card-face text application, or nil.
func (r Record) TextFile(fid jpkiap.FID) []byte {
	switch fid {
	case TextNumber:
		return r.number()
	case TextAttributes:
		return r.attributes()
	case TextSignature:
		return r.textSignature()
	case TextIssuer:
		return cvCertificate(texter)
	case TextBasicInfo:
		hash := sha256.Sum256([]byte(r.SerialNumber()))
		return tlv(0xFF40, tlv(0xDF41, []byte{0x01, 0x03, 0x0E, 0x01}), tlv(0xDF42, keyID(texter)), tlv(0xDF43, hash[:], filler(96)))
	case TextSessionKey:
		return tlv(0xA1, publicKey(chip))
	case TextPublicKey:
		key := tlv(0xDF51, publicKey(chip))
		return tlv(0xFF50, key, tlv(0xDF52, signed(texter, key)))
	case TextSpare:
		return filler(16)
	}
	return nil
}

// number is EF 0001: FF10 { twelve digits } FF FF.
func (r Record) number() []byte { return append(tlv(0xFF10, []byte(r.Number)), filler(2)...) }

// fourObjects are the attributes without what is around them.
func (r Record) fourObjects() [][]byte {
	return [][]byte{
		tlv(0xDF22, []byte(r.Name)), tlv(0xDF23, []byte(r.Address)),
		tlv(0xDF24, []byte(r.birth())), tlv(0xDF25, []byte(r.Gender)),
	}
}

// attributes is EF 0002: FF20 { DF21 offsets, DF22 name, DF23 address, DF24 birth
// YYYYMMDD, DF25 gender }.
func (r Record) attributes() []byte {
	return indexed(0xFF20, 0xDF21, r.LongLengths, r.fourObjects()...)
}

// textSignature is EF 0003: FF30 { DF31 hash of EF 0001, DF32 hash of the objects of EF
// 0002 after its table, DF33 signature over both objects }.
func (r Record) textSignature() []byte {
	number, attributes := sha256.Sum256(r.number()), sha256.New()
	for _, object := range r.fourObjects() {
		attributes.Write(object)
	}
	hashes := append(tlv(0xDF31, number[:]), tlv(0xDF32, attributes.Sum(nil))...)
	return tlv(0xFF30, hashes, tlv(0xDF33, signed(texter, hashes)))
}
