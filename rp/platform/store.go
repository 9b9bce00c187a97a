package platform

import (
	"context"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp/platform/transactions"
)

// Store keeps the platform's records. What a method has returned without an
// error is committed. The room db has one.
type Store interface {
	// Secrets gives what is kept, after complete has filled in what is missing.
	Secrets(ctx context.Context, complete func(*Secrets) error) (Secrets, error)
	// RotateSecrets changes what is kept, unless change gives an error, and in the same commit
	// writes a line of the register's log.
	RotateSecrets(ctx context.Context, line RegisterChange, change func(*Secrets) error) error

	// SaveServiceProvider writes an entry of the register, and in the same commit
	// the line of the log that note makes of what stood there before (nil for
	// nothing), unless it has no acts. An entry that is there keeps its Since.
	SaveServiceProvider(ctx context.Context, sp ServiceProvider, note func(before *ServiceProvider) RegisterChange) (ServiceProvider, error)
	// RegisterLog gives at most limit lines about an entry, newest first.
	RegisterLog(ctx context.Context, id ClientID, limit int) ([]RegisterChange, error)
	// ServiceProvider gives an entry, or ErrNoServiceProvider.
	ServiceProvider(ctx context.Context, id ClientID) (ServiceProvider, error)
	// ServiceProviders gives all, by ID.
	ServiceProviders(ctx context.Context) ([]ServiceProvider, error)

	// HolderByCertificate finds a holder, or gives ErrUnknownHolder; so does
	// HolderByPaired, by the signature certificate on the same card.
	HolderByCertificate(ctx context.Context, serial jpki.SerialNumber) (HolderID, error)
	HolderByPaired(ctx context.Context, paired jpki.SerialNumber) (HolderID, error)
	// AddCertificate keeps a certificate, of a new holder if Holder is empty, and
	// gives whose it is: the one's who was first if it is there already.
	AddCertificate(ctx context.Context, c Certificate) (HolderID, error)

	// Consent gives a holder's consent to a service; the zero one for none.
	Consent(ctx context.Context, h HolderID, client ClientID) (Consent, error)
	// Consents gives all that a holder ever gave, the newest first.
	Consents(ctx context.Context, h HolderID) ([]Consent, error)
	// Withdraw ends a consent with its codes and tokens, and writes it into the
	// log, or gives ErrNoConsent.
	Withdraw(ctx context.Context, h HolderID, client ClientID, at time.Time) error
	RecordVisit(ctx context.Context, v Visit) error
	// Visits gives at most limit visits, newest first.
	Visits(ctx context.Context, h HolderID, limit int) ([]Visit, error)

	// Grant writes a grant as a whole. Without a new consent in it there must be
	// one that covers the scopes, or it gives ErrNoConsent.
	Grant(ctx context.Context, g Grant) error
	// Redeem uses up a code of a client: it calls settle and keeps the token that
	// it gives, unless it gives an error. ErrCode for a code that this client was
	// not given, which stays as it is; ErrCodeUsed for a used one, with which it drops
	// everything that the sign-in came to.
	Redeem(ctx context.Context, client ClientID, code Digest, at time.Time, settle func(Code) (AccessToken, RefreshToken, error)) error
	// RefreshToken gives a refresh token of a client that was not used, or ErrRefresh.
	RefreshToken(ctx context.Context, client ClientID, token Digest) (RefreshToken, error)
	// Renew uses up a refresh token of a client, and keeps what settle gives in its place,
	// unless it gives an error. ErrRefresh for one that this client was not given;
	// ErrRefreshUsed for a used one, with which it drops everything that the sign-in came to.
	Renew(ctx context.Context, client ClientID, token Digest, at time.Time, settle func(RefreshToken) (AccessToken, RefreshToken, error)) error
	// TakeBack drops everything that the sign-in of a refresh token came to.
	TakeBack(ctx context.Context, token Digest) error
	// AccessToken gives a token, or ErrToken.
	AccessToken(ctx context.Context, token Digest) (AccessToken, error)
	// AddAccessToken keeps a token that goes with no sign-in.
	AddAccessToken(ctx context.Context, t AccessToken) error
	// UseAssertion notes a client assertion until it expires, or gives
	// ErrAssertionUsed.
	UseAssertion(ctx context.Context, client ClientID, jti string, expires, now time.Time) error
	// Sweep drops what has expired.
	Sweep(ctx context.Context, now time.Time) error
	// Expired counts what Sweep would drop: what was given to services, and lines of the log.
	Expired(ctx context.Context, now time.Time) (grants, visits int, err error)
	Ping() error
	transactions.Store
}
