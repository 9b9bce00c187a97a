package ca

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
)

// The first serial numbers of each kind; from there they go up by one, so that
// the status of millions fits a flat table. A seeded world gives the same
// numbers each time.
const (
	firstSignatureSerial      = 0x0705D990
	firstAuthenticationSerial = 0x0A21C3F0
)

func firstSerial(kind jpki.Kind) uint64 {
	if kind == jpki.DigitalSignature {
		return firstSignatureSerial
	}
	return firstAuthenticationSerial
}

// counterMark is the mark of the counter that took the application
// (受付窓口識別記号, 9 characters): the municipality's code, counter 003, A.
func counterMark(m desk.Municipality) string { return m.Code + "003A" }

// holderName is the subject. The digital signature certificate names
// prefecture and city and, as CN, when the issue was asked for, a sequence
// number and the counter; the user authentication certificate has an opaque
// CN and the counter, and nothing that says where its holder lives beyond
// that.
func holderName(kind jpki.Kind, r Request, serial uint64) []attribute {
	m := r.Resident.Municipality
	if kind == jpki.DigitalSignature {
		cn := r.At.In(jpki.JST).Format("20060102150405") + fmt.Sprintf("%05d", serial%100000) + counterMark(m)
		return []attribute{country("JP"), locality(m.PrefectureRomaji), locality(m.CityRomaji), commonName(cn)}
	}
	return []attribute{country("JP"), commonName(opaque(serial) + counterMark(m))}
}

// opaque gives 14 characters that tell nothing and are the same for the same
// serial number.
func opaque(serial uint64) string {
	const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUV"
	sum := sha256.Sum256(binary.BigEndian.AppendUint64([]byte("jpkimock holder "), serial))
	out := make([]byte, 14)
	for i := range out {
		out[i] = letters[sum[i]%32]
	}
	return string(out)
}

// smallSerial gives a serial number as an integer, if it is one that this
// authority could have given.
func smallSerial(s jpki.SerialNumber) (uint64, bool) {
	var n uint64
	if len(s) == 0 || len(s) > 16 {
		return 0, false
	}
	for _, c := range []byte(s) {
		switch {
		case c >= '0' && c <= '9':
			n = n<<4 | uint64(c-'0')
		case c >= 'A' && c <= 'F':
			n = n<<4 | uint64(c-'A'+10)
		default:
			return 0, false
		}
	}
	return n, true
}
