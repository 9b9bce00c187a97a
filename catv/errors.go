package catv

import (
	"errors"
	"fmt"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// Rules of the operator that a request can break. What the card or its
// certificate breaks is an error of the kit.
var (
	ErrContract       = errors.New("catv: a contract has a number and codes of six digits, a holder, a box and people")
	ErrContractExists = errors.New("catv: a contract with this number or box is there")
	ErrNoContract     = errors.New("catv: there is no such contract")
	ErrCode           = errors.New("catv: no contract has this number and code")
	ErrCodeUsed       = errors.New("catv: this registration code has been used")
	ErrLocked         = errors.New("catv: too many wrong codes")
	ErrNickname       = errors.New("catv: a nickname is 1 to 10 letters")
	ErrNoViewer       = errors.New("catv: there is no such viewer")
	ErrUnknownViewer  = errors.New("catv: no viewer is known by this certificate")
	ErrEnrolled       = errors.New("catv: this card is a viewer's already")
	ErrAnotherPerson  = errors.New("catv: the card at the common platform is not this viewer's")
)

// UnknownViewerError is ErrUnknownViewer with the serial number of the card's
// certificate.
type UnknownViewerError struct{ Serial jpki.SerialNumber }

func (e *UnknownViewerError) Error() string {
	return fmt.Sprintf("%v: serial number %s", ErrUnknownViewer, e.Serial)
}

// Unwrap gives ErrUnknownViewer.
func (e *UnknownViewerError) Unwrap() error { return ErrUnknownViewer }

// LockedError is ErrLocked with the time when the papers can be tried again.
type LockedError struct{ Until time.Time }

func (e *LockedError) Error() string {
	return fmt.Sprintf("%v: until %s", ErrLocked, e.Until.UTC().Format(time.RFC3339))
}

// Unwrap gives ErrLocked.
func (e *LockedError) Unwrap() error { return ErrLocked }
