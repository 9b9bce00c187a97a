package rp

import (
	"context"
	"fmt"
	"slices"

	"example.jp/jpkimock/authority/jpki"
)

// StatusChecker asks about certificates; *Verifier is one.
type StatusChecker interface {
	CheckStatus(ctx context.Context, kind jpki.Kind, serials ...jpki.SerialNumber) ([]Status, error)
}

// Links finds the other certificates of a holder; *Linkage is one.
type Links interface {
	// Pair gives the other certificate on the same card, "" if there is none.
	Pair(ctx context.Context, kind jpki.Kind, serial jpki.SerialNumber) (jpki.SerialNumber, error)
	// Successor gives the newest valid certificate after this one, "" if none.
	Successor(ctx context.Context, kind jpki.Kind, serial jpki.SerialNumber) (jpki.SerialNumber, error)
	// Predecessors gives the holder's certificates before this one, latest first.
	Predecessors(ctx context.Context, kind jpki.Kind, serial jpki.SerialNumber) ([]jpki.SerialNumber, error)
}

// Succession is how a holder's certificates went on after one that has ended.
type Succession struct {
	// From is the status of the certificate that has ended.
	From Status
	// Later are the certificates that followed, oldest first, with their status.
	// It is empty if no other certificate of this kind is there yet.
	Later []Status
	// Incomplete: the authority does not name From among the certificates before
	// the newest, so that there may be others in between.
	Incomplete bool
	// NewCard: the holder has been given a later certificate of either kind.
	NewCard bool
}

// Watch gives the certificate to ask about from now on: the first that was
// revoked because its holder moved or left, or else the newest. It is From if
// no certificate followed.
func (s Succession) Watch() Status {
	if len(s.Later) == 0 {
		return s.From
	}
	for _, later := range s.Later {
		if later.Meaning().Final() {
			return later
		}
	}
	return s.Later[len(s.Later)-1]
}

// Break gives the first certificate before Watch that was not renewed by the
// next one. While that lasted nobody watched the holder's data. False means that
// the succession is unbroken: at each moment there was a certificate that a move
// would have revoked.
func (s Succession) Break() (Status, bool) {
	if s.Incomplete || s.From.Meaning() != MeansRenewed {
		return s.From, true
	}
	watch := s.Watch().Serial
	for _, later := range s.Later {
		if later.Serial == watch {
			return Status{}, false
		}
		// One that still holds is replaced, not yet revoked: no gap.
		if m := later.Meaning(); m != MeansRenewed && m != MeansUnchanged {
			return later, true
		}
	}
	return s.From, true // renewed, and no certificate is there that took its place
}

// Unbroken reports that Break found none.
func (s Succession) Unbroken() bool {
	_, broken := s.Break()
	return !broken
}

// Follow finds what came after certificates that have ended (新旧の発行の番号の紐付け):
// renewals, re-issues, and a move under a certificate that the caller has never
// seen. It takes what [Verifier.CheckStatus] said, or what was kept of it, and
// gives a Succession for each status whose Meaning has Ended, in their order.
// The others are passed over: their holders have no later certificate, or should
// be heard first.
//
// The links of each ended certificate are asked for one by one, which costs no
// fee; the status of all that followed is asked about in one CheckStatus. An
// error is a *CheckError, and then nothing is given.
func Follow(ctx context.Context, v StatusChecker, l Links, from ...Status) ([]Succession, error) {
	var all []Succession
	var paths [][]jpki.SerialNumber
	byKind := map[jpki.Kind][]jpki.SerialNumber{}
	for _, status := range from {
		if !status.Meaning().Ended() {
			continue
		}
		s := Succession{From: status}
		path, err := s.path(ctx, l)
		if err != nil {
			return nil, err
		}
		all, paths = append(all, s), append(paths, path)
		byKind[status.Kind] = append(byKind[status.Kind], path...)
	}
	answers := map[jpki.Kind][]Status{}
	for _, kind := range jpki.Kinds() {
		statuses, err := ask(ctx, v, kind, byKind[kind])
		if err != nil {
			return nil, err
		}
		answers[kind] = statuses
	}
	for i := range all {
		kind, n := all[i].From.Kind, len(paths[i])
		all[i].Later, answers[kind] = answers[kind][:n:n], answers[kind][n:]
	}
	return all, nil
}

// ask asks about certificates and makes sure that the answers are about them.
func ask(ctx context.Context, v StatusChecker, kind jpki.Kind, serials []jpki.SerialNumber) ([]Status, error) {
	if len(serials) == 0 {
		return nil, nil
	}
	statuses, err := v.CheckStatus(ctx, kind, serials...)
	if err != nil {
		return nil, err
	}
	expected := fact("answers", len(serials), kind)
	if len(statuses) != len(serials) {
		return nil, &CheckError{Check: StatusCheck, Kind: kind, Expected: expected, Found: detail(fmt.Sprint(len(statuses))), Err: ErrStatusMissing}
	}
	for i, s := range statuses {
		if s.Kind != kind || s.Serial != serials[i] || s.Meaning() == "" {
			return nil, &CheckError{Check: StatusCheck, Kind: kind, Expected: expected, Found: fact("about_another"), Err: ErrStatusMissing}
		}
	}
	return statuses, nil
}

// path gives the certificates after s.From, oldest first.
func (s *Succession) path(ctx context.Context, l Links) ([]jpki.SerialNumber, error) {
	kind, from := s.From.Kind, s.From.Serial
	newest, err := s.newest(ctx, l)
	if err != nil || newest.IsZero() {
		return nil, err
	}
	earlier, err := l.Predecessors(ctx, kind, newest)
	if err != nil {
		return nil, err
	}
	at := slices.Index(earlier, from)
	s.Incomplete = at < 0
	between := slices.Clone(earlier[:max(at, 0)])
	slices.Reverse(between)
	return append(between, newest), nil
}

// newest gives the newest certificate after s.From, "" if there is none. The
// authority names only a valid one as the successor; one that was revoked since,
// by a move for instance, is found by the certificate of the other kind beside
// it.
func (s *Succession) newest(ctx context.Context, l Links) (jpki.SerialNumber, error) {
	kind, from := s.From.Kind, s.From.Serial
	next, err := l.Successor(ctx, kind, from)
	if err != nil || !next.IsZero() {
		s.NewCard = err == nil
		return next, err
	}
	beside, err := l.Pair(ctx, kind, from)
	if err != nil || beside.IsZero() {
		return "", err
	}
	later, err := l.Successor(ctx, kind.Other(), beside)
	if err != nil {
		return "", err
	}
	if s.NewCard = !later.IsZero(); s.NewCard {
		beside = later
	}
	if next, err = l.Pair(ctx, kind.Other(), beside); next == from {
		next = ""
	}
	return next, err
}
