package catv

import (
	"context"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// Store keeps the operator's records; what the two services keep is theirs. What
// a method has returned without an error is committed. The room db has one.
type Store interface {
	Households
	Services
	Ping() error
}

// Households keeps contracts and viewers.
type Households interface {
	// AddContract gives ErrContractExists for a number or a box that is there.
	AddContract(ctx context.Context, c Contract) error
	// Contracts gives all, by number; the others ErrNoContract.
	Contracts(ctx context.Context) ([]Contract, error)
	Contract(ctx context.Context, number ContractNumber) (Contract, error)
	MoveContract(ctx context.Context, number ContractNumber, to Subscriber) error
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
	// Relink writes the certificates of a viewer anew, and keeps the former;
	// it may be told the same twice.
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
