package booking

import (
	"context"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
)

// Lapse is why a residency has ended.
type Lapse struct {
	Why    LapseReason
	Reason jpki.Reason
	At     time.Time
}

func (l Lapse) none() bool { return l.Why == "" }

// LapseReason is the rule by which a residency ended.
type LapseReason string

// The reasons. A certificate that was renewed, or revoked or suspended because
// its card was lost, says nothing about the address: the residency stands, until
// another card is there that nothing links to the lost one.
const (
	LapsedByChange LapseReason = "changed" // revoked by a change (異動)
	LapsedByEnd    LapseReason = "ended"   // the holder left the register, or returned the card
	LapsedByExpiry LapseReason = "expired" // nothing is left to confirm
	LapsedByLoss   LapseReason = "lost"    // the card was lost for good, and issued anew
	// Withdrawn: the viewer withdrew the consent (同意の撤回).
	Withdrawn LapseReason = "withdrawn"
)

// succeeds reports that the residency may go on under a later certificate. An
// expired one is not followed: nobody watched the address since.
func succeeds(s rp.Status) bool { return s.Meaning().Ended() && s.Meaning() != rp.MeansExpired }

// follow finds what came after the certificates that succeeds names, by serial
// number. If the authority does not answer about all, it is asked about each by
// itself, so that one silence keeps no other residency from being confirmed.
func (s *Service) follow(ctx context.Context, statuses []rp.Status) (map[jpki.SerialNumber]rp.Succession, []error) {
	var ended []rp.Status
	for _, status := range statuses {
		if succeeds(status) {
			ended = append(ended, status)
		}
	}
	found, err := rp.Follow(ctx, s.verifier, s.linkage, ended...)
	var errs []error
	if err != nil && len(ended) > 1 {
		for _, status := range ended {
			one, err := rp.Follow(ctx, s.verifier, s.linkage, status)
			found, errs = append(found, one...), append(errs, err)
		}
	} else {
		errs = append(errs, err)
	}
	successions := map[jpki.SerialNumber]rp.Succession{}
	for _, s := range found {
		successions[s.From.Serial] = s
	}
	return successions, errs
}

// judge says whether a residency goes on: its certificate holds, or is lost and
// nothing came after it, or was renewed without a break up to the newest one.
// The newest alone says nothing, since the holder may have moved under one that
// lies between.
func judge(status rp.Status, next rp.Succession) (Lapse, error) {
	if !succeeds(status) {
		return lapseOf(status)
	}
	if len(next.Later) == 0 {
		if next.NewCard || status.Meaning() == rp.MeansRenewed {
			return lapsedByLoss(status), nil
		}
		return Lapse{}, nil
	}
	if lapse, err := lapseOf(next.Watch()); err != nil || !lapse.none() {
		return lapse, err
	}
	at, broken := next.Break()
	if !broken {
		return Lapse{}, nil
	}
	if lapse, err := lapseOf(at); err != nil || !lapse.none() {
		return lapse, err
	}
	return lapsedByLoss(at), nil
}

// lapsedByLoss is the lapse of a residency whose certificate ended without one
// that took its place.
func lapsedByLoss(s rp.Status) Lapse { return Lapse{Why: LapsedByLoss, Reason: s.Reason, At: s.At} }

// lapseOf says whether a status ends a residency by itself. An authority that
// does not know the certificate has not answered.
func lapseOf(s rp.Status) (Lapse, error) {
	switch s.Meaning() {
	case rp.MeansMoved:
		return Lapse{Why: LapsedByChange, Reason: s.Reason, At: s.At}, nil
	case rp.MeansLeft:
		return Lapse{Why: LapsedByEnd, Reason: s.Reason, At: s.At}, nil
	case rp.MeansExpired:
		return Lapse{Why: LapsedByExpiry, At: s.At}, nil
	case rp.MeansUnknown:
		return Lapse{}, &rp.CheckError{Check: rp.StatusCheck, Kind: s.Kind, Expected: rp.Fact{Code: "not_revoked"},
			Found: rp.Fact{Code: "state", Args: []string{string(s.State)}}, Err: rp.ErrStatusUnknown}
	}
	return Lapse{}, nil
}
