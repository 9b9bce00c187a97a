package catv

import (
	"errors"
	"fmt"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// Rules of the operator that a request can break. What the card or its
// certificate breaks is an error of the kit, wrapped in a CardError.
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

	ErrNotYours    = errors.New("catv: this health information is another's")
	ErrNotFamily   = errors.New("catv: only a viewer of the same household can be chosen")
	ErrReading     = errors.New("catv: a reading out of what can be measured")
	ErrText        = errors.New("catv: a text is 1 to 400 characters")
	ErrNoMessage   = errors.New("catv: there is no such message")
	ErrAnswered    = errors.New("catv: the message has been answered")
	ErrNoChoice    = errors.New("catv: this is none of the message's answers")
	ErrNoReminder  = errors.New("catv: there is no such reminder")
	ErrSpan        = errors.New("catv: a chart covers 7, 30 or 365 days")
	ErrMeasure     = errors.New("catv: there is no such measure")
	ErrNotInTheDay = errors.New("catv: this is not a day of the past year")

	ErrNoFacility    = errors.New("catv: there is no such facility")
	ErrNoSlot        = errors.New("catv: the facility has no such hours")
	ErrSlotTaken     = errors.New("catv: somebody has booked it")
	ErrSlotPast      = errors.New("catv: it has begun or is over")
	ErrTooFar        = errors.New("catv: bookings for this day are not open yet")
	ErrResidentsOnly = errors.New("catv: the facility is for residents")
	ErrTooMany       = errors.New("catv: this viewer has as many bookings as one may have")
	ErrNoBooking     = errors.New("catv: this viewer has no such booking")
	ErrTooLate       = errors.New("catv: the time for cancelling is over")
	ErrCancelled     = errors.New("catv: the booking has been cancelled")
	ErrPriceChanged  = errors.New("catv: the price is not the one that was shown")
	ErrNotResident   = errors.New("catv: the address is not in this municipality")
	ErrDraftExpired  = errors.New("catv: the application was written too long ago to be signed now")
	ErrUsed          = errors.New("catv: this application has been received before")
	ErrNoResidency   = errors.New("catv: this viewer has no residency that stands")
)

// CardError is a refusal by the kit, with the kind of certificate that was asked
// for. The kit's error is reached with errors.Is and errors.As.
type CardError struct {
	Kind jpki.Kind
	Err  error
}

func (e *CardError) Error() string { return fmt.Sprintf("catv: %v refused: %v", e.Kind, e.Err) }

// Unwrap gives the kit's error.
func (e *CardError) Unwrap() error { return e.Err }

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
