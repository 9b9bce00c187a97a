package jpki

import (
	"crypto/x509"
	"errors"
	"fmt"
	"math/big"
	"strings"
)

// SerialNumber is the serial number of a certificate (発行番号): what a relying
// party keeps beside its customer and asks the authority about. It is written
// as openssl writes it, in upper-case hexadecimal with an even number of
// digits ("0705D990"). It is unique within one kind only. The zero value is no
// serial number. Two equal serial numbers are ==.
type SerialNumber string

// ErrSerialNumber is returned for text or integers that are not serial numbers.
var ErrSerialNumber = errors.New("jpki: not a serial number")

// maxSerialOctets is the limit of RFC 5280 §4.1.2.2.
const maxSerialOctets = 20

// ParseSerialNumber reads 1 to 40 hexadecimal digits of either case, and
// returns the canonical form. Zero, signs, separators and anything over 20
// octets are refused.
func ParseSerialNumber(s string) (SerialNumber, error) {
	if len(s) > 2*maxSerialOctets {
		return "", fmt.Errorf("%w: %d digits", ErrSerialNumber, len(s))
	}
	for _, r := range s {
		if !strings.ContainsRune("0123456789abcdefABCDEF", r) {
			return "", fmt.Errorf("%w: %q is not a hexadecimal digit", ErrSerialNumber, r)
		}
	}
	n, _ := new(big.Int).SetString(s, 16) // nil of no digit
	return SerialNumberFrom(n)
}

// SerialNumberFrom makes a serial number of a positive integer of at most 20
// octets.
func SerialNumberFrom(n *big.Int) (SerialNumber, error) {
	if n == nil || n.Sign() <= 0 || n.BitLen() > 8*maxSerialOctets {
		return "", fmt.Errorf("%w: want a positive integer of at most %d octets", ErrSerialNumber, maxSerialOctets)
	}
	return SerialNumber(strings.ToUpper(fmt.Sprintf("%x", n.Bytes()))), nil
}

// SerialNumberOf gives the serial number of a certificate, or the zero value
// if the certificate's is not positive.
func SerialNumberOf(cert *x509.Certificate) SerialNumber {
	s, _ := SerialNumberFrom(cert.SerialNumber)
	return s
}

// Big gives the integer. The zero SerialNumber gives 0.
func (s SerialNumber) Big() *big.Int {
	n, ok := new(big.Int).SetString(string(s), 16)
	if !ok {
		return new(big.Int)
	}
	return n
}

// String gives the canonical text.
func (s SerialNumber) String() string { return string(s) }

// IsZero reports whether s is empty.
func (s SerialNumber) IsZero() bool { return s == "" }

// Wanted says how a serial number is written in a request.
func (SerialNumber) Wanted() string { return "1 to 40 hexadecimal digits" }

// UnmarshalText reads what ParseSerialNumber reads; empty text is the zero
// value.
func (s *SerialNumber) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*s = ""
		return nil
	}
	p, err := ParseSerialNumber(string(b))
	if err != nil {
		return err
	}
	*s = p
	return nil
}

// MarshalText writes the canonical text.
func (s SerialNumber) MarshalText() ([]byte, error) { return []byte(s), nil }
