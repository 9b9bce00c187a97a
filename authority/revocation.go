package authority

import (
	"context"
	"errors"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// By says who does an act and why; both go into the journal. Officer may be
// empty for the authority itself.
type By struct {
	Officer string `json:"officer,omitempty"`
	Why     string `json:"why,omitempty"`

	cause LifeEvent // the counter's act that this is done for
	// counter is the municipality of the officer's counter; empty for whoever
	// is not bound to one.
	counter Municipality
}

func (b By) check() error {
	if !text(b.Officer) || !text(b.Why) {
		return &InvalidError{"why", "officer and why must be at most 200 characters"}
	}
	return nil
}

// Revoke revokes a certificate (失効), for good. A suspended one may be revoked
// too, with the time of the revocation. When it returns, every answer says so.
func (a *Authority) Revoke(ctx context.Context, kind jpki.Kind, serial jpki.SerialNumber, reason jpki.Reason, by By) (Certificate, error) {
	if !reason.Valid() || reason == jpki.CertificateHold {
		return Certificate{}, &InvalidError{"reason", "want a reason for revocation; certificateHold is for suspension"}
	}
	return a.changeStanding(ctx, kind, serial, "revoked", by, func(now time.Time, old Standing) (Standing, error) {
		if old.State == Revoked {
			return old, ErrAlreadyRevoked
		}
		return Standing{State: Revoked, Reason: reason, Since: now}, nil
	})
}

// Certificate gives an issued certificate with its present standing.
func (a *Authority) Certificate(ctx context.Context, kind jpki.Kind, serial jpki.SerialNumber) (Certificate, error) {
	return a.store.Certificate(ctx, kind, serial)
}

// CertificatesOf gives every certificate issued to a resident, in the order of
// their issue.
func (a *Authority) CertificatesOf(ctx context.Context, residentID string) ([]Certificate, error) {
	if _, err := a.store.Resident(ctx, residentID); err != nil {
		return nil, err
	}
	return a.store.Certificates(ctx, CertificateQuery{ResidentID: residentID})
}

// Events gives lines of the journal, the latest first.
func (a *Authority) Events(ctx context.Context, q EventQuery) ([]Event, error) {
	return a.store.Events(ctx, q)
}

// changeStanding is the one way a certificate's standing changes by an
// officer's act: read, decide, commit, and only then tell the status table.
func (a *Authority) changeStanding(ctx context.Context, kind jpki.Kind, serial jpki.SerialNumber, act string, by By, decide func(now time.Time, old Standing) (Standing, error)) (Certificate, error) {
	if !kind.Valid() {
		return Certificate{}, ErrNoCertificate
	}
	if err := by.check(); err != nil {
		return Certificate{}, err
	}
	a.changing.Lock()
	defer a.changing.Unlock()
	c, err := a.store.Certificate(ctx, kind, serial)
	if err != nil {
		return Certificate{}, err
	}
	if err := a.servesHolder(ctx, by, c); err != nil {
		return Certificate{}, err
	}
	now := a.second()
	if now.After(c.NotAfter) {
		return Certificate{}, ErrExpired
	}
	if c.Standing, err = decide(now, c.Standing); err != nil {
		return Certificate{}, err
	}
	return c, a.commit(ctx, []standingChange{{c, act}}, by)
}

// servesHolder refuses an officer of another municipality than the holder's.
func (a *Authority) servesHolder(ctx context.Context, by By, c Certificate) error {
	if by.counter.Code == "" {
		return nil
	}
	r, err := a.store.Resident(ctx, c.ResidentID)
	if err != nil {
		return err
	}
	return by.within(r.Municipality)
}

// standingChange is a certificate with its new standing, and the act that gave
// it.
type standingChange struct {
	certificate Certificate
	act         string
}

// commit writes new standings with their lines in the journal, and tells the
// status tables once they are on the disk. The caller holds a.changing.
func (a *Authority) commit(ctx context.Context, changes []standingChange, by By) error {
	if len(changes) == 0 {
		return nil
	}
	return a.commitWith(ctx, Change{}, changes, by)
}

// commitWith does the same in one commit with a further change.
func (a *Authority) commitWith(ctx context.Context, change Change, changes []standingChange, by By) error {
	now := a.second()
	for _, c := range changes {
		change.Standings = append(change.Standings, NewStanding{
			Kind: c.certificate.Kind, Serial: c.certificate.Serial, Standing: c.certificate.Standing, Deliver: c.certificate.Delivered,
		})
		change.Events = append(change.Events, eventOf(c.certificate, c.act, now, by))
	}
	if err := a.store.Commit(ctx, change); err != nil {
		return errors.Join(err, a.recall(context.WithoutCancel(ctx), changes))
	}
	for _, c := range changes {
		if err := a.cas[c.certificate.Kind].know(c.certificate); err != nil {
			return err
		}
	}
	return nil
}

// recall tells the status tables what the store says after a commit that
// failed: a connection that was lost at its end may have written all of it.
// What cannot be read again counts as revoked or suspended if that was to be
// written; the same act, done again, settles it.
func (a *Authority) recall(ctx context.Context, changes []standingChange) error {
	for _, c := range changes {
		now, err := a.store.Certificate(ctx, c.certificate.Kind, c.certificate.Serial)
		switch {
		case errors.Is(err, ErrNoCertificate):
			continue
		case err != nil && c.certificate.Standing.State == Good:
			continue // it stays what it was
		case err != nil:
			now = c.certificate
		}
		if err := a.cas[now.Kind].know(now); err != nil {
			return err
		}
	}
	return nil
}

// know puts a certificate's standing into the status table.
func (c *ca) know(cert Certificate) error {
	return c.table.set(cert.Serial.Big().Uint64(), cert.NotAfter, cert.Standing)
}

func eventOf(c Certificate, act string, at time.Time, by By) Event {
	return Event{
		At: at, Act: act, Kind: c.Kind, Serial: c.Serial, CardID: c.CardID, ResidentID: c.ResidentID,
		Reason: c.Standing.Reason, Officer: by.Officer, Why: by.Why, Cause: by.cause,
	}
}
