package portal

import (
	"context"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/portal/postbox"
	"example.jp/jpkimock/rp"
)

// Records is the part of a store that is shown as it is kept. Lists have the newest first.
type Records interface {
	Ping() error                                                          // whether they can be reached
	Citizen(ctx context.Context, id int64) (Citizen, error)               // ErrUnknownHolder
	Connections(ctx context.Context, citizen int64) ([]Connection, error) // in the order of the consents
	Applications(ctx context.Context, citizen int64) ([]Application, error)
	Delivering(ctx context.Context, limit int) ([]Delivery, error) // the open ones, those in trouble first
	Senders(ctx context.Context) ([]Registered, error)             // that are no partners, by ID
	Mails(ctx context.Context, limit int) ([]Mail, error)
	Watches(ctx context.Context, limit int) ([]WatchReport, error)
	Figures(ctx context.Context) (Figures, error)
	CountLetters(ctx context.Context, owner int64) (all, unread int, err error)
}

// Store keeps the portal's records. Change functions run in the transaction that
// commits what they change, and may run twice; their errors leave everything as it was.
type Store interface {
	Records
	// Key gives the private key of the portal's seal, PKCS #8, which generate makes once.
	Key(ctx context.Context, generate func() ([]byte, error)) ([]byte, error)

	// AddCitizen gives the citizen an ID; ErrEnrolled if a certificate is another's.
	AddCitizen(ctx context.Context, c Citizen, application rp.SignedDocument) (Citizen, error)
	CitizenByCertificate(ctx context.Context, kind jpki.Kind, serial jpki.SerialNumber) (Citizen, error)
	ChangeCitizen(ctx context.Context, id int64, change func(*Citizen) error) (Citizen, error)
	// Notice changes a citizen together with what is sent about it.
	Notice(ctx context.Context, id int64, change func(*Citizen) (Sent, error)) error
	Watched(ctx context.Context, s Standing) ([]Citizen, error) // all who stand so, by ID
	CompleteWatch(ctx context.Context, w WatchReport) error

	Connect(ctx context.Context, k Connection) error
	Withdraw(ctx context.Context, citizen int64, partner string) (Connection, error) // ErrNotConnected, ErrDelivering

	// AddApplication keeps a signed application with its deliveries, and changes the
	// citizen; ErrTooLate if it was signed before.
	AddApplication(ctx context.Context, a Application, d []Delivery, change func(*Citizen) error) error
	Application(ctx context.Context, id string) (Application, error) // ErrNoApplication
	Deliveries(ctx context.Context, application string) ([]Delivery, error)
	// Due gives the deliveries to a partner that are to be tried, the longest waiting first.
	Due(ctx context.Context, partner string, now time.Time, limit int) ([]Delivery, error)
	// ChangeDelivery changes a delivery; all are the application's, this one changed. With
	// one that is done the partner has the address that the portal has (Connection.Same).
	ChangeDelivery(ctx context.Context, application, partner string, change func(d *Delivery, all func() []Delivery) (Sent, error)) error

	Letters(ctx context.Context, owner int64, skip, limit int) ([]postbox.Letter, error)
	Letter(ctx context.Context, owner, id int64) (postbox.Letter, error) // postbox.ErrLetter
	OpenLetter(ctx context.Context, owner, id int64, now time.Time) error
	// TakeLetter keeps a letter with its e-mail, or gives the one that is there already.
	TakeLetter(ctx context.Context, l postbox.Letter, m Mail) (postbox.Letter, error)
	ForgetLetters(ctx context.Context, before time.Time) error

	AddSender(ctx context.Context, s Registered) error
	BoxOwner(ctx context.Context, sender, box string) (Citizen, error) // ErrNoBox

	UnsentMails(ctx context.Context, limit int) ([]Mail, error)
	MailSent(ctx context.Context, id int64, at time.Time) error
}

// Sent is what is sent to a citizen in one transaction with the reason for it.
type Sent struct {
	Letters []postbox.Letter // one that is there already is not sent again
	Mails   []Mail
}
