package bank

import (
	"fmt"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
)

// Watched is a customer to ask about.
type Watched struct {
	Customer CustomerID
	Serial   jpki.SerialNumber
	Expires  time.Time // of the certificate; zero if it is not known
	Unproven bool      // see Followed
	// Standing is what is known before the question.
	Standing Standing
}

func (c Customer) watched() Watched {
	w := Watched{Customer: c.ID, Serial: c.WatchedSerial(), Unproven: c.Followed.Unproven, Standing: c.Standing}
	if c.Followed.Serial.IsZero() {
		w.Expires = c.CertificateExpires
	}
	return w
}

// ended returns what is known about a certificate that has ended. It is not asked
// about again; only a later certificate is looked for.
func (w Watched) ended() (Finding, bool) {
	s := rp.Status{Kind: jpki.DigitalSignature, Serial: w.Serial, State: w.Standing.State, Reason: w.Standing.Reason, At: w.Standing.Since}
	return Finding{w, s, w.Unproven}, s.Meaning().Ended()
}

// finding joins a question and its answer. A certificate that is past its validity
// says nothing about its holder, whatever the answer.
func (w Watched) finding(s rp.Status, now time.Time) (Finding, error) {
	if s.Serial != w.Serial || s.Kind != jpki.DigitalSignature || s.Meaning() == "" {
		return Finding{}, fmt.Errorf("%w: asked about %s, answered %q about %s %s", rp.ErrStatusMissing, w.Serial, s.State, s.Kind, s.Serial)
	}
	if s.State == rp.Unchanged && !w.Expires.IsZero() && now.After(w.Expires) {
		s.State = rp.Expired
	}
	return Finding{w, s, w.Unproven}, nil
}

// Finding is what the authority has said about a customer.
type Finding struct {
	Watched Watched
	// Status is that of the certificate to watch from now on: the one that was
	// watched, or one that followed it.
	Status   rp.Status
	Unproven bool // of that certificate; see Followed
}

// State returns the state of the customer's Standing from now on.
func (f Finding) State() rp.State {
	if f.Status.State == rp.Unchanged && f.Unproven {
		return Reissued
	}
	return f.Status.State
}

// Next returns the certificate to watch from now on, and whether it is another one
// than before.
func (f Finding) Next() (Followed, bool) {
	return Followed{f.Status.Serial, f.Unproven}, f.Status.Serial != f.Watched.Serial
}

// isNews reports whether the finding differs from what the record says. That a
// customer who was never asked about is unchanged is no news: the report says it.
func (f Finding) isNews() bool {
	was := f.Watched.Standing
	if was.State == "" {
		was.State = rp.Unchanged
	}
	_, followed := f.Next()
	return followed || f.State() != was.State || f.Status.Reason != was.Reason || !f.Status.At.Equal(was.Since)
}

// Notice returns the message that the finding leads to; false means none.
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

// HistoryEntry returns the entry of a finding by which another certificate is
// watched from now on.
func (f Finding) HistoryEntry(at time.Time) HistoryEntry {
	act := ActFollowed
	if f.Unproven {
		act = ActReissued
	}
	return HistoryEntry{Customer: f.Watched.Customer, At: at, Act: act, By: f.Status.Serial}
}
