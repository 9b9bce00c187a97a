package record

import "encoding/hex"

// CommonAID returns the identifier of the common card application (共通カードAP).
func CommonAID() []byte { return []byte{0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x01, 0x00} }

// RegisterAID returns the identifier of the Basic Resident Register application (住基AP).
func RegisterAID() []byte {
	return []byte{0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x01}
}

// IssuerDomainAID returns the identifier of the issuer's security domain of GlobalPlatform.
func IssuerDomainAID() []byte { return []byte{0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00} }

// CommonRecord is record 1 of the common application's EF 0001: 01 1C and 28 digits, serial
// number, municipality, expiry YYYYMMDD.
func (r Record) CommonRecord() []byte {
	return tlv(0x01, []byte(r.SerialNumber()+r.Municipality+r.expiry()))
}

// CommonKeyReference is the common application's EF 0002: the 16 bytes that name its key.
func (r Record) CommonKeyReference() []byte { return keyID(chip) }

// RegisterRecord is the record of the register application's EF 0002. What a real one has in it
// is not public: here it is filler.
func (r Record) RegisterRecord() []byte { return tlv(0x01, filler(16)) }

// IssuerObject returns an object of the issuer's security domain for GET DATA, or nil.
//
//	0042  the key reference of the issuer, 16 bytes
//	0045  the card's serial number, 8 bytes of two digits each
//	0066  card recognition data (GlobalPlatform Card Specification 2.2 §H.2)
//	00F0  municipality code, five digits
//	00F2  expiry YYYYMMDD
//	00F8  the first half of the issuer's CV certificate, 5F4E; 7F21 the second, 5F37
func (r Record) IssuerObject(object uint16) []byte {
	switch object {
	case 0x0042:
		return keyID(root)
	case 0x0045:
		b, err := hex.DecodeString("0" + r.SerialNumber())
		if err != nil {
			return nil
		}
		return b
	case 0x0066:
		globalPlatform := []byte{0x2A, 0x86, 0x48, 0x86, 0xFC, 0x6B}
		oid := func(more ...byte) []byte { return tlv(0x06, globalPlatform, more) }
		return tlv(0x66, tlv(0x73, oid(1), tlv(0x60, oid(2, 2, 2)), tlv(0x63, oid(3))))
	case 0x00F0:
		return []byte(r.Municipality)
	case 0x00F2:
		return []byte(r.expiry())
	case 0x00F8:
		body, _ := cvParts(root)
		return body
	case 0x7F21:
		_, signature := cvParts(root)
		return signature
	}
	return nil
}
