package bank

import (
	"context"
	"slices"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
)

// Reissued is the state of a customer whose certificate ended otherwise than by
// a renewal, as with a lost card, and who has a newer one that is valid: whether
// the four basic data have changed in between nobody can say.
const Reissued rp.State = "reissued"

// way is how a customer's certificates went on after one that has ended: at is
// the place of its finding, serials are those that followed, in the order of
// their issue. broken: the authority does not count the one that has ended among
// those before.
type way struct {
	at      int
	serials []jpki.SerialNumber
	broken  bool
}

// ended reports that nothing more can be learned of the certificate itself: a
// successor is looked for, and no status is asked.
func (w Watched) ended() bool {
	return w.Standing.State == rp.Revoked || w.Standing.State == rp.Expired
}

// leaves reports a finding after which there may be another certificate: a
// renewal or re-issue, a loss, the end of the validity. Who has changed, or has
// left the register, is asked for a change notice.
func (f Finding) leaves() bool {
	return f.State == rp.Expired || f.State == rp.Revoked && f.Reason != jpki.CessationOfOperation
}

// follow finds, for each certificate that has ended, the newest valid one of
// the same holder (新旧の発行の番号の紐付け), and asks in one request what became
// of it and of those in between. It amends the findings, and gives how many
// certificates were asked about. For one that has no successor yet there is one
// question for it, which the authority does not charge, and no other.
func (b *Bank) follow(ctx context.Context, findings []Finding) (questions int, err error) {
	if b.linkage == nil {
		return 0, nil
	}
	var ways []way
	var serials []jpki.SerialNumber
	for i, f := range findings {
		if !f.leaves() {
			continue
		}
		w, err := b.wayOn(ctx, f.Serial)
		if err != nil {
			return 0, err
		}
		if len(w.serials) > 0 {
			w.at = i
			ways, serials = append(ways, w), append(serials, w.serials...)
		}
	}
	statuses, err := b.statuses(ctx, serials)
	if err != nil {
		return len(serials), err
	}
	for _, w := range ways {
		n := len(w.serials)
		findings[w.at] = findings[w.at].along(w, statuses[:n])
		statuses = statuses[n:]
	}
	return len(serials), nil
}

// wayOn gives the certificates after one, or none.
func (b *Bank) wayOn(ctx context.Context, serial jpki.SerialNumber) (way, error) {
	newest, err := b.newest(ctx, serial)
	if err != nil || newest.IsZero() {
		return way{}, err
	}
	earlier, err := b.linkage.Predecessors(ctx, jpki.DigitalSignature, newest)
	if err != nil {
		return way{}, err
	}
	at := slices.Index(earlier, serial)
	between := slices.Clone(earlier[:max(at, 0)])
	slices.Reverse(between)
	return way{serials: append(between, newest), broken: at < 0}, nil
}

// newest gives the newest certificate after one, valid if there is such a one. A
// renewed one that a move has revoked since is found by the user authentication
// certificate beside it, which a move leaves alone.
func (b *Bank) newest(ctx context.Context, after jpki.SerialNumber) (jpki.SerialNumber, error) {
	next, err := b.linkage.Successor(ctx, jpki.DigitalSignature, after)
	if err != nil || !next.IsZero() {
		return next, err
	}
	beside, err := b.linkage.Pair(ctx, jpki.DigitalSignature, after)
	if err != nil || beside.IsZero() {
		return "", err
	}
	later, err := b.linkage.Successor(ctx, jpki.UserAuthentication, beside)
	if err != nil {
		return "", err
	}
	if !later.IsZero() {
		beside = later
	}
	if next, err = b.linkage.Pair(ctx, jpki.UserAuthentication, beside); next == after {
		next = ""
	}
	return next, err
}

// along goes on from a certificate that has ended to the newest one, or to the
// first on the way that was revoked by a change: the finding is then about
// that. The four basic data are known to be what they were if each on the way
// was revoked by the issue of the next.
func (f Finding) along(w way, statuses []rp.Status) Finding {
	unproven := f.Unproven || w.broken || f.State != rp.Revoked || f.Reason != jpki.Superseded
	for i, s := range statuses {
		changed := s.State == rp.Changed || s.State == rp.Revoked && s.Reason == jpki.CessationOfOperation
		if !changed && i < len(statuses)-1 {
			unproven = unproven || s.State != rp.Unchanged && (s.State != rp.Revoked || s.Reason != jpki.Superseded)
			continue
		}
		f.State, f.Reason, f.Since, f.Next = s.State, s.Reason, s.At, Followed{s.Serial, unproven}
		break
	}
	if f.State == rp.Unchanged && unproven {
		f.State = Reissued
	}
	return f
}
