package register

import "errors"

// Rules that an act can break. Each names the rule; a web room turns it into
// an answer.
var (
	// ErrNoResident: the register knows no such resident.
	ErrNoResident = errors.New("authority: no such resident")
	// ErrResidentExists: a resident of that ID is registered already.
	ErrResidentExists = errors.New("authority: the resident is already registered")
	// ErrNoCertificate: no certificate of that kind and serial number was issued.
	ErrNoCertificate = errors.New("authority: no such certificate")
	// ErrSerialTaken: a store refuses a second certificate of one serial number.
	ErrSerialTaken = errors.New("authority: the serial number is taken")
	// ErrAlreadyRevoked: revocation is final (失効は取り消せない).
	ErrAlreadyRevoked = errors.New("authority: the certificate is revoked, which is final")
	// ErrAlreadySuspended: the certificate is suspended already.
	ErrAlreadySuspended = errors.New("authority: the certificate is already suspended")
	// ErrNotSuspended: only a suspended certificate can be resumed.
	ErrNotSuspended = errors.New("authority: the certificate is not suspended")
	// ErrExpired: the status of an expired certificate cannot change.
	ErrExpired = errors.New("authority: the certificate has expired")
	// ErrTooYoung: a digital signature certificate is not issued to a person
	// under 15.
	ErrTooYoung = errors.New("authority: no digital signature certificate is issued to a person under 15")
	// ErrNoCard: the authority has written no such card.
	ErrNoCard = errors.New("authority: no such card")
	// ErrCardExists: the card belongs to another resident, or the card house has
	// one of that ID which the authority does not know.
	ErrCardExists = errors.New("authority: the card exists and is not this resident's")
	// ErrCardExpired: the card's own validity has ended, or would end before
	// the certificate begins.
	ErrCardExpired = errors.New("authority: the card's validity has ended")
	// ErrNotRegistered: the person's entry has ended, so that neither this
	// event nor an issue is possible.
	ErrNotRegistered = errors.New("authority: the person is not registered at an address")
	// ErrResidesHere: a resident of a municipality cannot move into it.
	ErrResidesHere = errors.New("authority: the person is already a resident of this municipality")
	// ErrNotMovedOut: who moves in has notified the old municipality of it, on whose
	// certificate of moving out (転出証明書) the new one relies.
	ErrNotMovedOut = errors.New("authority: the person has not moved out of the municipality of residence")
	// ErrKeepsNoCard: only a Japanese national keeps the card abroad.
	ErrKeepsNoCard = errors.New("authority: only a Japanese national keeps the card abroad")
	// ErrCardNotInUse: the card is lost, void, returned or replaced.
	ErrCardNotInUse = errors.New("authority: the card is not in use")
	// ErrCardNotLost: only a card reported lost can be found or revoked as lost.
	ErrCardNotLost = errors.New("authority: the card was not reported lost")
	// ErrTooEarly: a certificate is renewed when less than three months are left.
	ErrTooEarly = errors.New("authority: a certificate can be renewed when less than three months of its validity are left")
	// ErrNothingToDo: the certificates are already as the act would leave them.
	ErrNothingToDo = errors.New("authority: nothing to do")
)
