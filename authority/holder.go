package authority

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"time"

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
func counterMark(m Municipality) string { return m.Code + "003A" }

// holderName is the subject. The digital signature certificate names
// prefecture and city and, as CN, when the issue was asked for, a sequence
// number and the counter; the user authentication certificate has an opaque
// CN and the counter, and nothing that says where its holder lives beyond
// that.
func holderName(kind jpki.Kind, h holder) []attribute {
	m := h.resident.Municipality
	if kind == jpki.DigitalSignature {
		cn := h.at.In(jpki.JST).Format("20060102150405") + fmt.Sprintf("%05d", h.serial%100000) + counterMark(m)
		return []attribute{country("JP"), locality(m.PrefectureRomaji), locality(m.CityRomaji), commonName(cn)}
	}
	return []attribute{country("JP"), commonName(opaque(h.serial) + counterMark(m))}
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

// endOfDay gives 23:59:59 of a moment's day by Japanese civil time.
func endOfDay(t time.Time) time.Time {
	y, m, d := t.In(jpki.JST).Date()
	return time.Date(y, m, d, 23, 59, 59, 0, jpki.JST).UTC()
}

// birthday gives the end of the n-th birthday after the day of at. Somebody
// born on 29 February has it on the 28th in common years. Where month or day
// of birth are unknown, the day of at stands for it.
func birthday(birth jpki.DateOfBirth, at time.Time, n int) time.Time {
	y, m, d := at.In(jpki.JST).Date()
	bm, bd := time.Month(birth.Month), birth.Day
	if bm == 0 || bd == 0 {
		bm, bd = m, d
	}
	if m < bm || m == bm && d < bd {
		n--
	}
	end := time.Date(y+n, bm, bd, 23, 59, 59, 0, jpki.JST)
	if end.Month() != bm {
		end = time.Date(y+n, bm+1, 0, 23, 59, 59, 0, jpki.JST)
	}
	return end.UTC()
}

// certificateExpiry is the end of a certificate's validity: the fifth birthday
// after issue, or the card's last day if that is earlier, or the CA's.
func certificateExpiry(birth jpki.DateOfBirth, at, cardExpires time.Time) time.Time {
	end := birthday(birth, at, 5)
	for _, t := range []time.Time{endOfDay(cardExpires), caNotAfter.UTC()} {
		if t.Before(end) {
			end = t
		}
	}
	return end
}

// cardExpiry is the last day of a new card: the tenth birthday after issue, or
// the fifth for a person under 18.
func cardExpiry(birth jpki.DateOfBirth, at time.Time) time.Time {
	if age := birth.Age(at); age >= 0 && age < 18 {
		return birthday(birth, at, 5)
	}
	return birthday(birth, at, 10)
}
