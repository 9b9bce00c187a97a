package bank

import (
	"context"
	"fmt"
	"slices"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
)

// Reissued is the state of a customer whose certificate ended otherwise than by
// a renewal, as with a lost card, and who has a newer one that is valid. Whether
// the four basic data have changed in between is not known.
const Reissued rp.State = "reissued"

// Standing is what is known of the certificate by which a customer is watched.
type Standing struct {
	// State is empty for a customer who was never asked about.
	State  rp.State
	Reason jpki.Reason // for Changed, Revoked, Suspended
	Since  time.Time   // when the authority says it changed
	// ConfirmedAt is when the customer was last known to be unchanged
	// (異動していないことが確定).
	ConfirmedAt time.Time
}

// Final reports that nothing more can be learned about the customer from the
// authority: only a change notice brings the record up to date.
func (s Standing) Final() bool {
	return rp.Status{State: s.State, Reason: s.Reason}.Meaning().Final()
}

// Watched is a customer to ask about.
type Watched struct {
	Customer CustomerID
	Serial   jpki.SerialNumber
	Expires  time.Time // of the certificate; zero if it is not known
	// Unproven is that of Followed, for a certificate that was followed.
	Unproven bool
	// Standing is what is known of the certificate before it is asked about.
	Standing Standing
}

// watch gives a customer as one to ask about.
func (c Customer) watch() Watched {
	w := Watched{Customer: c.ID, Serial: c.Watches(), Unproven: c.Followed.Unproven, Standing: c.Standing}
	if c.Followed.Serial.IsZero() {
		w.Expires = c.CertificateExpires
	}
	return w
}

// known gives the status of a certificate that is known to have ended. It is not
// asked about again; only a later certificate is looked for.
func (w Watched) known() (rp.Status, bool) {
	s := rp.Status{Kind: jpki.DigitalSignature, Serial: w.Serial, State: w.Standing.State, Reason: w.Standing.Reason, At: w.Standing.Since}
	return s, s.Meaning().Ended()
}

// found joins a question and its answer. A certificate that is known to be past
// its validity says nothing about its holder, whatever the answer.
func (w Watched) found(s rp.Status, now time.Time) (Finding, error) {
	if s.Serial != w.Serial || s.Kind != jpki.DigitalSignature || s.Meaning() == "" {
		return Finding{}, fmt.Errorf("%w: asked about %s, answered %q about %s %s", rp.ErrStatusMissing, w.Serial, s.State, s.Kind, s.Serial)
	}
	if s.State == rp.Unchanged && !w.Expires.IsZero() && now.After(w.Expires) {
		s.State = rp.Expired
	}
	return Finding{w, s, w.Unproven}, nil
}

// Finding is what a confirmation has learned about a customer.
type Finding struct {
	Watched Watched
	// Status is that of the certificate to watch from now on: the one that was
	// watched, or one that followed it.
	Status rp.Status
	// Unproven is that of Followed, for the certificate to watch from now on.
	Unproven bool
}

// State is what the customer's Standing says from now on.
func (f Finding) State() rp.State {
	if f.Status.State == rp.Unchanged && f.Unproven {
		return Reissued
	}
	return f.Status.State
}

// Next gives the certificate to watch from now on if it is another.
func (f Finding) Next() (Followed, bool) {
	return Followed{f.Status.Serial, f.Unproven}, f.Status.Serial != f.Watched.Serial
}

// Notice gives the message that the finding leads to; false means none.
func (f Finding) Notice(at time.Time) (Notice, bool) {
	kind, ok := f.noticeKind()
	return Notice{
		Customer: f.Watched.Customer, Kind: kind, Serial: f.Status.Serial, Reason: f.Status.Reason, Since: f.Status.At, At: at,
		Letter: f.Status.Meaning().Final(),
	}, ok
}

func (f Finding) noticeKind() (NoticeKind, bool) {
	switch f.Status.Meaning() {
	case rp.MeansMoved:
		return NoticeChanged, true
	case rp.MeansLeft, rp.MeansLost:
		return NoticeRevoked, true
	case rp.MeansRenewed:
		return NoticeRenewed, true
	case rp.MeansSuspended:
		return NoticeSuspended, true
	case rp.MeansExpired:
		return NoticeExpired, true
	case rp.MeansUnknown:
		return NoticeUnknown, true
	}
	return NoticeReissued, f.State() == Reissued
}

// Past gives the line of history of a finding by which another certificate is
// watched from now on.
func (f Finding) Past(at time.Time) Past {
	act := PastFollowed
	if f.Unproven {
		act = PastReissued
	}
	return Past{Customer: f.Watched.Customer, At: at, Act: act, By: f.Status.Serial}
}

// inquire finds out about customers: what became of the certificates that may
// still have changed, and what came after those that have ended. It gives what
// there is to record, and how many certificates were asked about.
func (b *Bank) inquire(ctx context.Context, watched []Watched) (findings []Finding, questions int, err error) {
	var ask []Watched
	var serials []jpki.SerialNumber
	for _, w := range watched {
		if status, ended := w.known(); ended {
			findings = append(findings, Finding{w, status, w.Unproven})
		} else {
			ask, serials = append(ask, w), append(serials, w.Serial)
		}
	}
	if len(ask) > 0 {
		statuses, err := b.verifier.CheckStatus(ctx, jpki.DigitalSignature, serials...)
		if err != nil {
			return nil, len(serials), err
		}
		if len(statuses) != len(ask) {
			return nil, len(serials), fmt.Errorf("%w: %d answers to %d questions", rp.ErrStatusMissing, len(statuses), len(ask))
		}
		for i, w := range ask {
			f, err := w.found(statuses[i], b.now())
			if err != nil {
				return nil, len(serials), err
			}
			findings = append(findings, f)
		}
	}
	further, err := b.follow(ctx, findings)
	if err != nil {
		return nil, len(serials), err
	}
	findings = slices.DeleteFunc(findings, func(f Finding) bool { return f.nothingNew() })
	return findings, len(serials) + further, nil
}

// nothingNew reports a certificate that was known to have ended, and after which
// no other was found.
func (f Finding) nothingNew() bool {
	_, ended := f.Watched.known()
	_, followed := f.Next()
	return ended && !followed
}

// follow looks for the certificates that came after those that have ended: a
// renewal is no change, and what is to be watched from now on is the newest. It
// amends the findings, and gives how many certificates were asked about.
func (b *Bank) follow(ctx context.Context, findings []Finding) (questions int, err error) {
	if b.linkage == nil {
		return 0, nil
	}
	var ended []*Finding
	var statuses []rp.Status
	for i := range findings {
		if f := &findings[i]; f.Status.Meaning().Ended() {
			ended, statuses = append(ended, f), append(statuses, f.Status)
		}
	}
	successions, err := rp.Follow(ctx, b.verifier, b.linkage, statuses...)
	if err != nil {
		return 0, err
	}
	for i, s := range successions {
		if len(s.Later) > 0 {
			ended[i].Status, ended[i].Unproven = s.Watch(), ended[i].Unproven || !s.Unbroken()
		}
		questions += len(s.Later)
	}
	return questions, nil
}

// review asks about one customer's digital signature certificate between two
// confirmations, if the customer permits it and there is something to learn.
func (b *Bank) review(ctx context.Context, no AccountNumber) error {
	c, err := b.store.Customer(ctx, no)
	if err != nil || !c.Consent.WithdrawnAt.IsZero() || c.Standing.Final() {
		return err
	}
	findings, _, err := b.inquire(ctx, []Watched{c.watch()})
	if err != nil {
		return err
	}
	_, err = b.store.RecordFindings(ctx, b.now().UTC(), findings)
	return err
}
