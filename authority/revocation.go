package authority

import (
	"context"
	"errors"
	"time"

	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
)

// Revoke revokes a certificate (失効), for good. A suspended one may be revoked
// too, with the time of the revocation. When it returns, every answer says so.
func (a *Authority) Revoke(ctx context.Context, kind jpki.Kind, serial jpki.SerialNumber, reason jpki.Reason, by desk.By) (register.Certificate, error) {
	if !reason.Valid() || reason == jpki.CertificateHold {
		return register.Certificate{}, desk.Invalid("reason", "must be a reason for revocation; certificateHold is for suspension")
	}
	return a.changeStatus(ctx, kind, serial, register.ActRevoked, by, func(now time.Time, old register.Status) (register.Status, error) {
		if old.State == register.Revoked {
			return old, register.ErrAlreadyRevoked
		}
		return register.Status{State: register.Revoked, Reason: reason, Since: now}, nil
	})
}

// Suspend suspends a certificate (一時保留): it is answered as revoked with
// certificateHold until it is resumed or revoked.
func (a *Authority) Suspend(ctx context.Context, kind jpki.Kind, serial jpki.SerialNumber, by desk.By) (register.Certificate, error) {
	return a.changeStatus(ctx, kind, serial, register.ActSuspended, by, func(now time.Time, old register.Status) (register.Status, error) {
		switch old.State {
		case register.Revoked:
			return old, register.ErrAlreadyRevoked
		case register.Held:
			return old, register.ErrAlreadySuspended
		}
		return register.Status{State: register.Held, Reason: jpki.CertificateHold, Since: now}, nil
	})
}

// Resume ends a suspension (一時保留の解除). A revoked certificate cannot be
// resumed.
func (a *Authority) Resume(ctx context.Context, kind jpki.Kind, serial jpki.SerialNumber, by desk.By) (register.Certificate, error) {
	return a.changeStatus(ctx, kind, serial, register.ActResumed, by, func(now time.Time, old register.Status) (register.Status, error) {
		switch old.State {
		case register.Revoked:
			return old, register.ErrAlreadyRevoked
		case register.Good:
			return old, register.ErrNotSuspended
		}
		return register.Status{State: register.Good, Since: now}, nil
	})
}

// Certificate gives an issued certificate with its present status.
func (a *Authority) Certificate(ctx context.Context, kind jpki.Kind, serial jpki.SerialNumber) (register.Certificate, error) {
	if err := a.lapse(ctx); err != nil {
		return register.Certificate{}, err
	}
	return a.store.Certificate(ctx, kind, serial)
}

// Events gives lines of the journal, the latest first.
func (a *Authority) Events(ctx context.Context, q EventQuery) ([]register.Event, error) {
	return a.store.Events(ctx, q)
}

// changeStatus is the only place where a certificate's status changes by an
// officer's act: read, decide, commit, and only then tell the status table.
func (a *Authority) changeStatus(ctx context.Context, kind jpki.Kind, serial jpki.SerialNumber, act string, by desk.By, decide func(now time.Time, old register.Status) (register.Status, error)) (register.Certificate, error) {
	if !kind.Valid() {
		return register.Certificate{}, register.ErrNoCertificate
	}
	if err := by.Check(); err != nil {
		return register.Certificate{}, err
	}
	if err := a.lapse(ctx); err != nil {
		return register.Certificate{}, err
	}
	a.changing.Lock()
	defer a.changing.Unlock()
	c, err := a.store.Certificate(ctx, kind, serial)
	if err != nil {
		return register.Certificate{}, err
	}
	if err := a.servesHolder(ctx, by, c); err != nil {
		return register.Certificate{}, err
	}
	now := a.second()
	if now.After(c.NotAfter) {
		return register.Certificate{}, register.ErrExpired
	}
	if c.Status, err = decide(now, c.Status); err != nil {
		return register.Certificate{}, err
	}
	return c, a.commit(ctx, Change{}, []statusChange{{c, act}}, author{By: by})
}

// servesHolder refuses an officer of another municipality than the holder's.
func (a *Authority) servesHolder(ctx context.Context, by desk.By, c register.Certificate) error {
	if _, bound := by.Counter(); !bound {
		return nil
	}
	r, err := a.store.Resident(ctx, c.ResidentID)
	if err != nil {
		return err
	}
	return by.Serves(r.Municipality)
}

// author is who does an act, and the counter's act that it is a part of, if
// there is one.
type author struct {
	desk.By
	cause register.LifeEvent
}

// statusChange is a certificate with its new status, and the act that gave it.
type statusChange struct {
	certificate register.Certificate
	act         string
}

// commit writes a change with new statuses and their lines in the journal, and
// tells the status tables once all is on the disk. The caller holds a.changing.
func (a *Authority) commit(ctx context.Context, change Change, changes []statusChange, by author) error {
	now := a.second()
	for _, s := range changes {
		c := s.certificate
		change.Statuses = append(change.Statuses, NewStatus{Kind: c.Kind, Serial: c.Serial, Status: c.Status, Deliver: c.Delivered})
		change.Events = append(change.Events, eventOf(c, s.act, now, by))
	}
	if err := a.store.Commit(ctx, change); err != nil {
		return errors.Join(err, a.recall(context.WithoutCancel(ctx), changes))
	}
	a.noteLapses(change.Cards)
	for _, s := range changes {
		if err := a.cas[s.certificate.Kind].Record(s.certificate); err != nil {
			return err
		}
	}
	return nil
}

// recall tells the status tables what the store says after a commit that
// failed: a connection that was lost at its end may have written all of it.
// What cannot be read again counts as revoked or suspended if that was to be
// written; the same act, done again, settles it.
func (a *Authority) recall(ctx context.Context, changes []statusChange) error {
	for _, c := range changes {
		now, err := a.store.Certificate(ctx, c.certificate.Kind, c.certificate.Serial)
		switch {
		case errors.Is(err, register.ErrNoCertificate):
			continue
		case err != nil && c.certificate.Status.State == register.Good:
			continue // it stays what it was
		case err != nil:
			now = c.certificate
		}
		if err := a.cas[now.Kind].Record(now); err != nil {
			return err
		}
	}
	return nil
}

func eventOf(c register.Certificate, act string, at time.Time, by author) register.Event {
	return register.Event{
		At: at, Act: act, Kind: c.Kind, Serial: c.Serial, CardID: c.CardID, ResidentID: c.ResidentID,
		Reason: c.Status.Reason, Officer: by.Officer, Why: by.Why, Cause: by.cause,
	}
}
