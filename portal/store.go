package portal

import (
	"context"
	"iter"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/portal/postbox"
	"example.jp/jpkimock/rp"
)

// Store keeps the portal's records. Change functions run in the transaction that
// commits what they change, and may run twice; their errors leave everything as it was.
type Store interface {
	Ping() error
	// Key gives the private key of the portal's seal, PKCS #8, which generate makes once.
	Key(ctx context.Context, generate func() ([]byte, error)) ([]byte, error)

	// AddCitizen gives the citizen an ID; ErrEnrolled if a certificate is another's.
	AddCitizen(ctx context.Context, c Citizen, application rp.SignedDocument) (Citizen, error)
	Citizen(ctx context.Context, id int64) (Citizen, error) // ErrUnknownHolder
	CitizenByCertificate(ctx context.Context, kind jpki.Kind, serial jpki.SerialNumber) (Citizen, error)
	ChangeCitizen(ctx context.Context, id int64, change func(*Citizen) error) (Citizen, error)
	// Notice changes a citizen together with what is sent about it.
	Notice(ctx context.Context, id int64, change func(*Citizen) (Sent, error)) error
	// Watched gives the certificates of all who stand so, by ID.
	Watched(ctx context.Context, s Standing) iter.Seq2[Citizen, error]
	WatchedOn(ctx context.Context) (time.Time, error) // when the last watch was completed
	CompleteWatch(ctx context.Context, w WatchReport) error
	Watches(ctx context.Context, limit int) ([]WatchReport, error)

	Connect(ctx context.Context, k Connection) error
	Withdraw(ctx context.Context, citizen int64, partner string) (Connection, error) // ErrNotConnected, ErrDelivering
	Connections(ctx context.Context, citizen int64) ([]Connection, error)

	// AddApplication keeps a signed application with its deliveries, and changes the
	// citizen; ErrTooLate if it was signed before.
	AddApplication(ctx context.Context, a Application, d []Delivery, change func(*Citizen) error) error
	Application(ctx context.Context, id string) (Application, error) // ErrNoApplication
	Applications(ctx context.Context, citizen int64) ([]Application, error)
	Deliveries(ctx context.Context, application string) ([]Delivery, error)
	// Due gives the deliveries to a partner that are to be tried, the longest waiting first.
	Due(ctx context.Context, partner string, now time.Time, limit int) ([]Delivery, error)
	// ChangeDelivery changes a delivery; all are the application's, this one changed. With
	// one that is done the partner has the address that the portal has (Connection.Same).
	ChangeDelivery(ctx context.Context, application, partner string, change func(d *Delivery, all func() []Delivery) (Sent, error)) error
	// Delivering gives the open deliveries, those in trouble first.
	Delivering(ctx context.Context, limit int) ([]Delivery, error)

	Letters(ctx context.Context, owner int64) ([]postbox.Letter, error)
	Letter(ctx context.Context, owner, id int64) (postbox.Letter, error) // postbox.ErrLetter
	OpenLetter(ctx context.Context, owner, id int64, now time.Time) error
	// TakeLetter keeps a letter with its e-mail, or gives the one that is there already.
	TakeLetter(ctx context.Context, l postbox.Letter, m Mail) (postbox.Letter, error)
	ForgetLetters(ctx context.Context, before time.Time) error

	AddSender(ctx context.Context, s Registered) error
	Senders(ctx context.Context) ([]Registered, error)
	BoxOwner(ctx context.Context, sender, box string) (Citizen, error) // ErrNoBox

	Mails(ctx context.Context, limit int) ([]Mail, error)
	UnsentMails(ctx context.Context, limit int) ([]Mail, error)
	MailSent(ctx context.Context, id int64, at time.Time) error

	Figures(ctx context.Context) (Figures, error)
}

// Sent is what is sent to a citizen in one transaction with the reason for it.
type Sent struct {
	Letters []postbox.Letter // one that is there already is not sent again
	Mails   []Mail
}
