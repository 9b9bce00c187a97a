package authority

import (
	"errors"
	"fmt"

	"example.jp/jpkimock/authority/jpki"
)

// Errors of the domain. Each names the rule that was broken; a web room turns
// them into answers.
var (
	// ErrNoResident: the register knows no such resident.
	ErrNoResident = errors.New("authority: no such resident")
	// ErrResidentExists: a resident of that ID is registered already.
	ErrResidentExists = errors.New("authority: the resident is registered already")
	// ErrNoCertificate: no certificate of that kind and serial number was issued.
	ErrNoCertificate = errors.New("authority: no such certificate")
	// ErrNoPair: the card carries no certificate of the other kind, as a
	// child's card does.
	ErrNoPair = errors.New("authority: the card carries no certificate of the other kind")
	// ErrAlreadyRevoked: revocation is final (失効は取り消せない).
	ErrAlreadyRevoked = errors.New("authority: the certificate is revoked, which is final")
	// ErrAlreadySuspended: the certificate is suspended already.
	ErrAlreadySuspended = errors.New("authority: the certificate is suspended already")
	// ErrNotSuspended: only a suspended certificate can be resumed.
	ErrNotSuspended = errors.New("authority: the certificate is not suspended")
	// ErrExpired: the certificate's validity has ended, so that its status
	// cannot change any more.
	ErrExpired = errors.New("authority: the certificate has expired")
	// ErrTooYoung: a digital signature certificate is not issued to a person
	// under 15.
	ErrTooYoung = errors.New("authority: no digital signature certificate is issued to a person under 15")
	// ErrNoCard: the authority has written no such card.
	ErrNoCard = errors.New("authority: no such card")
	// ErrCardExists: the card belongs to another resident, or to nobody the
	// authority knows.
	ErrCardExists = errors.New("authority: the card exists already and is not this resident's")
	// ErrCardExpired: the card's own validity has ended, or would end before
	// the certificate begins.
	ErrCardExpired = errors.New("authority: the card's validity has ended")
	// ErrOutsideCAValidity: the clock stands outside the validity of the CA.
	ErrOutsideCAValidity = errors.New("authority: the clock is outside the validity of the CA certificate")
	// ErrNoVerifier: the register knows no such verifier.
	ErrNoVerifier = errors.New("authority: no such verifier")
	// ErrVerifierExists: the ID or the key is another verifier's.
	ErrVerifierExists = errors.New("authority: the verifier's ID or key is registered already")
	// ErrVerifierWithdrawn: a withdrawn accreditation does not come back.
	ErrVerifierWithdrawn = errors.New("authority: the accreditation was withdrawn, which is final")
	// ErrCAChanged: the store was made with another CA key than the one given.
	ErrCAChanged = errors.New("authority: the CA key is not the one this store was made with")
	// ErrSerialTaken: a store refuses a second certificate of one serial number.
	ErrSerialTaken = errors.New("authority: the serial number is taken")
	// ErrNoSuccessor: the holder has no newer valid certificate of that kind.
	ErrNoSuccessor = errors.New("authority: the holder has no newer valid certificate of that kind")
	// ErrNotRegistered: the person's entry has ended, so that neither this
	// event nor an issue is possible.
	ErrNotRegistered = errors.New("authority: the person is not entered at an address in the register")
	// ErrResidesHere: who lives in a municipality cannot move into it.
	ErrResidesHere = errors.New("authority: the person is a resident of this municipality already")
	// ErrCardNotInUse: the card is lost, void, returned or replaced.
	ErrCardNotInUse = errors.New("authority: the card is not in use")
	// ErrCardNotLost: finding and giving up are for a card reported lost.
	ErrCardNotLost = errors.New("authority: the card was not reported lost")
	// ErrTooEarly: a certificate is renewed from three months before its expiry.
	ErrTooEarly = errors.New("authority: a certificate can be renewed from three months before its expiry")
	// ErrNothingToDo: the certificates are already as the act would leave them.
	ErrNothingToDo = errors.New("authority: nothing is left to do")
	// ErrNoApplication: no such application for accreditation was handed in.
	ErrNoApplication = errors.New("authority: no such application")
	// ErrApplicationDecided: a decision on an application is final.
	ErrApplicationDecided = errors.New("authority: the application was decided already")
	// ErrTooManyApplications: too many applications wait for a decision.
	ErrTooManyApplications = errors.New("authority: too many applications wait for a decision")
	// ErrChangedMeanwhile: the resident's entry or the card was changed by
	// another act while certificates were being made.
	ErrChangedMeanwhile = errors.New("authority: the entry or the card has changed while the certificates were being made")
	// ErrNoCardWriter: this authority was started without a way to write cards.
	ErrNoCardWriter = errors.New("authority: no card writer")
)

// InvalidError says which part of an application or a registration cannot be
// accepted. Neither member carries a PIN or a value that was refused.
type InvalidError struct {
	Field  string
	Reason string
}

// Error gives field and reason.
func (e *InvalidError) Error() string { return "authority: " + e.Field + ": " + e.Reason }

// ElsewhereError is an act of an officer at whose counter it does not belong:
// another municipality is responsible (住所地の市区町村).
type ElsewhereError struct{ Responsible Municipality }

// Error names the municipality that is responsible.
func (e *ElsewhereError) Error() string {
	m := e.Responsible
	return "authority: the counter of " + m.Prefecture + m.City + " (" + m.Code + ") is responsible"
}

// Why an inquiry is refused. The text is stable and for programs.
const (
	NoKey          = "no_key"           // the inquiry carries no verifier key
	UnknownKey     = "unknown_key"      // the key is no accredited verifier's
	Suspended      = "suspended"        // the accreditation is suspended
	Withdrawn      = "withdrawn"        // the accreditation was withdrawn
	KindNotCovered = "kind_not_covered" // the accreditation is for the other kind only
)

// NotAccreditedError is returned to whoever may not ask for revocation
// information (失効情報). Reason is one of NoKey, UnknownKey, Suspended,
// Withdrawn, KindNotCovered.
type NotAccreditedError struct {
	Reason string
	Kind   jpki.Kind // 0 for a question that is about no kind
	// Verifier is the verifier's ID where the key was known.
	Verifier string
}

// Error names the reason and the kind that was asked for, if there is one.
func (e *NotAccreditedError) Error() string {
	if !e.Kind.Valid() {
		return "authority: not accredited: " + e.Reason
	}
	return fmt.Sprintf("authority: not accredited to ask about %v: %s", e.Kind, e.Reason)
}

// CardError is a failure of the house that writes the cards.
type CardError struct {
	Act string // "blank", "new key", "write", "unblock", "kill"
	Err error
}

// Error names the act that failed.
func (e *CardError) Error() string { return "authority: card house: " + e.Act + ": " + e.Err.Error() }

// Unwrap gives the cause.
func (e *CardError) Unwrap() error { return e.Err }
