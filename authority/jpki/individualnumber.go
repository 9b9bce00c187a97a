package jpki

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
)

// IndividualNumber is an Individual Number (個人番号, マイナンバー) of twelve digits
// that nobody has: its check digit is wrong, so that every system that checks
// numbers refuses it. No other one exists in this project.
type IndividualNumber string

// ErrIndividualNumber is returned for text that could be somebody's number, or is no
// twelve digits.
var ErrIndividualNumber = errors.New("jpki: an Individual Number here must have twelve digits and a wrong check digit")

// InventIndividualNumber returns the impossible number that belongs to a seed, such
// as a resident's identifier: always the same one.
func InventIndividualNumber(seed string) IndividualNumber {
	hash := sha256.Sum256([]byte("individual number of " + seed))
	digits := fmt.Sprintf("%011d", binary.BigEndian.Uint64(hash[:])%1e11)
	return IndividualNumber(digits + string('0'+(checkDigit(digits)+1+hash[8]%9)%10))
}

// ParseIndividualNumber reads twelve digits. It returns ErrIndividualNumber for a number whose
// check digit is right.
func ParseIndividualNumber(s string) (IndividualNumber, error) {
	if len(s) != 12 {
		return "", ErrIndividualNumber
	}
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return "", ErrIndividualNumber
		}
	}
	if s[11]-'0' == checkDigit(s[:11]) {
		return "", ErrIndividualNumber
	}
	return IndividualNumber(s), nil
}

// checkDigit is the check digit that eleven digits would have (総務省令第85号, 2014,
// art. 5): P1 is the last of them, its weight 2; the weights rise to 7 and start at 2
// again.
func checkDigit(digits string) byte {
	sum := 0
	for n := range digits {
		weight := n + 2
		if n >= 6 {
			weight = n - 4
		}
		sum += int(digits[len(digits)-1-n]-'0') * weight
	}
	if r := sum % 11; r > 1 {
		return byte(11 - r)
	}
	return 0
}
