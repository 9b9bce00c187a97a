package authority

import "errors"

// Rules that only the authority as a whole can break. Those of its rooms are in
// register, accreditation and ca; a web room turns them all into answers.
var (
	// ErrNoPair: the card carries no certificate of the other kind, as a
	// child's card does.
	ErrNoPair = errors.New("authority: the card carries no certificate of the other kind")
	// ErrNoSuccessor: the holder has no newer valid certificate of that kind.
	ErrNoSuccessor = errors.New("authority: the holder has no newer valid certificate of that kind")
	// ErrChangedMeanwhile: the resident's entry or the card was changed by
	// another act while certificates were being made.
	ErrChangedMeanwhile = errors.New("authority: the entry or the card changed during the issue")
	// ErrNoCardWriter: this authority was started without a way to write cards.
	ErrNoCardWriter = errors.New("authority: no card writer")
	// ErrCardHouse is every CardError.
	ErrCardHouse = errors.New("authority: the card house failed")
	// errClosed: answers cannot be charged for after Close.
	errClosed = errors.New("authority: the ledger is closed")
)

// CardError is a failure of the house that writes the cards.
type CardError struct {
	Act string // "blank", "new key", "write", "unblock", "kill"
	Err error
}

// Error names the act that failed.
func (e *CardError) Error() string { return "authority: card house: " + e.Act + ": " + e.Err.Error() }

// Unwrap gives the cause.
func (e *CardError) Unwrap() error { return e.Err }

// Is reports that it is ErrCardHouse.
func (e *CardError) Is(target error) bool { return target == ErrCardHouse }

// Detail names the act for integrators, and nothing of the cause.
func (e *CardError) Detail() string { return e.Act }
