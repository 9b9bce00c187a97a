package catv

import (
	"context"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// Store keeps the operator's records. What a method has returned without an
// error is committed. The room db has one.
type Store interface {
	Households
	Services
	HealthRecords
	Bookings
	Ping() error
}

// Households keeps contracts and viewers.
type Households interface {
	// AddContract gives ErrContractExists for a number or a box that is there.
	AddContract(ctx context.Context, c Contract) error
	// Contracts gives all, by number; the others ErrNoContract.
	Contracts(ctx context.Context) ([]Contract, error)
	Contract(ctx context.Context, number ContractNumber) (Contract, error)
	ContractOfBox(ctx context.Context, box BoxID) (Contract, error)
	// TryCode gives the place of a code that was not used. A wrong code is
	// ErrCode and counted; ErrCodeUsed is not. The MaxWrongCodes-th in a row
	// shuts the contract for LockTime, and until then there is a *LockedError. A
	// number of no contract is ErrCode too.
	TryCode(ctx context.Context, number ContractNumber, code RegistrationCode, at time.Time) (Place, error)
	ReplaceCode(ctx context.Context, id PlaceID, code RegistrationCode) error

	// AddViewer uses up the place. ErrCodeUsed if somebody else did first,
	// ErrEnrolled if the certificate, or its pair, is a viewer's.
	AddViewer(ctx context.Context, v Viewer) (Viewer, error)
	Viewer(ctx context.Context, id ViewerID) (Viewer, error)
	// Viewers gives a contract's, or all for an empty number, by ID.
	Viewers(ctx context.Context, number ContractNumber) ([]Viewer, error)
	// PlaceOf gives the papers' line of a viewer.
	PlaceOf(ctx context.Context, id ViewerID) (Place, error)
	// ViewerByCertificate and ViewerBySignature find who is known by a
	// certificate now; an *UnknownViewerError for nobody.
	ViewerByCertificate(ctx context.Context, serial jpki.SerialNumber) (Viewer, error)
	ViewerBySignature(ctx context.Context, serial jpki.SerialNumber) (Viewer, error)
	// Candidates gives at most about limit viewers: of the box's contract, or of
	// all if the box is not known.
	Candidates(ctx context.Context, box BoxID, limit int) ([]Viewer, error)
	// Relink writes the certificates of a viewer anew, and keeps the former.
	Relink(ctx context.Context, v Viewer, at time.Time) error
	Certificates(ctx context.Context, id ViewerID) ([]Linked, error)
	RecordSignIn(ctx context.Context, id ViewerID, at time.Time) error
	// RemoveViewer removes a viewer with all that is kept of them, cancels
	// their bookings to come, and gives their place a new code.
	RemoveViewer(ctx context.Context, id ViewerID, code RegistrationCode, at time.Time) error
}

// Services keeps what the common platform calls viewers.
type Services interface {
	// LinkSubject links a sub; fresh reports that it was not linked before.
	// ErrAnotherPerson if either has another partner at this service.
	LinkSubject(ctx context.Context, service Service, id ViewerID, sub string, at time.Time) (fresh bool, err error)
}

// HealthRecords keeps health information.
type HealthRecords interface {
	// PutReading takes the place of one of the same viewer, day and measure.
	PutReading(ctx context.Context, r Reading) error
	Readings(ctx context.Context, of ViewerID, first, last Day) ([]Reading, error)
	// PutCheckup takes the place of one of the same viewer and day.
	PutCheckup(ctx context.Context, c Checkup) error
	Checkups(ctx context.Context, of ViewerID) ([]Checkup, error)

	AddMessage(ctx context.Context, m Message) error
	Messages(ctx context.Context, of ViewerID) ([]Message, error)
	// ReadMessage marks as read; ErrNoMessage for one of another viewer.
	ReadMessage(ctx context.Context, of ViewerID, id MessageID, at time.Time) (Message, error)
	// AnswerMessage gives ErrAnswered if there is an answer.
	AnswerMessage(ctx context.Context, of ViewerID, id MessageID, choice string, at time.Time) error
	AddReminder(ctx context.Context, r Reminder) error
	// Reminders leaves out those done before a time.
	Reminders(ctx context.Context, of ViewerID, doneSince time.Time) ([]Reminder, error)
	// FinishReminder gives ErrNoReminder for one of another viewer.
	FinishReminder(ctx context.Context, of ViewerID, id ReminderID, at time.Time) error

	// Share gives an owner's consent that holds, or ErrNotYours.
	Share(ctx context.Context, owner ViewerID) (Share, error)
	PutShare(ctx context.Context, s Share) error
	EndShare(ctx context.Context, owner ViewerID, at time.Time) error
	SharedTo(ctx context.Context, with ViewerID) ([]Viewer, error)
}

// Bookings keeps facility bookings and residencies.
type Bookings interface {
	// Reserve writes a booking unless the slot is taken (ErrSlotTaken, by a
	// unique index) or the viewer has limit live ones from a day on (ErrTooMany).
	Reserve(ctx context.Context, r Reservation, from Day, limit int) (Reservation, error)
	// BookedOn gives a day's live bookings, by facility and slot.
	BookedOn(ctx context.Context, day Day) ([]Reservation, error)
	// Reservations gives a viewer's from a day on, by day, cancelled ones too.
	Reservations(ctx context.Context, of ViewerID, from Day) ([]Reservation, error)
	// Reservation gives ErrNoBooking for one of another viewer.
	Reservation(ctx context.Context, of ViewerID, ref Reference) (Reservation, error)
	// CancelReservation gives ErrCancelled for one that is.
	CancelReservation(ctx context.Context, of ViewerID, ref Reference, at time.Time) (Reservation, error)

	// PutResidency replaces a viewer's former one, which is kept. ErrUsed if the
	// application's number was used.
	PutResidency(ctx context.Context, r Residency) error
	// Residency gives the present one, or ErrNoResidency; Residencies all,
	// newest first.
	Residency(ctx context.Context, of ViewerID) (Residency, error)
	Residencies(ctx context.Context, of ViewerID) ([]Residency, error)
	// WithdrawResidency ends the present one as Withdrawn; ErrNoResidency if none
	// stands.
	WithdrawResidency(ctx context.Context, of ViewerID, at time.Time) error
	// ConfirmResidency writes what was learned of the watched certificate; of
	// another one, or of one that does not stand any more, nothing.
	ConfirmResidency(ctx context.Context, of ViewerID, serial jpki.SerialNumber, l Lapse, at time.Time) error
	WatchResidency(ctx context.Context, of ViewerID, before, after jpki.SerialNumber) error
	// StandingResidencies gives those that stand and were last confirmed before
	// a time.
	StandingResidencies(ctx context.Context, confirmedBefore time.Time) ([]Residency, error)
}
