package jpkiap

import (
	"errors"
	"fmt"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard/apdu"
)

var (
	// ErrBlocked: the PIN has no tries left (ロック); only the municipal
	// counter can help.
	ErrBlocked = errors.New("jpkiap: the PIN is blocked")
	// ErrNoCertificate: the card holds no certificate of this kind.
	ErrNoCertificate = errors.New("jpkiap: no certificate of this kind on the card")
	// ErrNotVerified: the PIN has to be verified first.
	ErrNotVerified = errors.New("jpkiap: the PIN has not been verified")
	// ErrNotJPKI: the card has no JPKI application.
	ErrNotJPKI = errors.New("jpkiap: the card has no JPKI application")
)

// WrongPINError says that the card refused a PIN and how many tries are left.
// With none left it matches ErrBlocked.
type WrongPINError struct {
	Kind      jpki.Kind
	TriesLeft int
}

// Error returns the kind and the tries left.
func (e *WrongPINError) Error() string {
	return fmt.Sprintf("jpkiap: wrong PIN for %v, %d tries left", e.Kind, e.TriesLeft)
}

// Is makes the try that blocked the PIN match ErrBlocked.
func (e *WrongPINError) Is(target error) bool { return target == ErrBlocked && e.TriesLeft == 0 }

// StatusError is a status word that the driver did not expect.
type StatusError struct {
	INS byte
	SW  apdu.StatusWord
}

// Error returns the instruction and the status word.
func (e *StatusError) Error() string {
	return fmt.Sprintf("jpkiap: card answered %v to instruction %02X", e.SW, e.INS)
}
