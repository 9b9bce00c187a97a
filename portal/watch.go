package portal

import (
	"context"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
)

// WatchReport is one confirmation of all citizens (変更確認).
type WatchReport struct {
	At      time.Time
	Asked   int // citizens
	Moved   int // newly noticed, with or without a new certificate
	Renewed int // followed to another certificate, without bothering anybody
	Ready   int // who had moved before and now have a new certificate
}

// watchDaily watches once a day of Japanese civil time.
func (p *Portal) watchDaily(ctx context.Context) error {
	last, err := p.Watches(ctx, 1)
	if err != nil {
		return err
	}
	day := func(t time.Time) string { return t.In(jpki.JST).Format(time.DateOnly) }
	if len(last) > 0 && day(last[0].At) == day(p.now()) {
		return nil
	}
	_, err = p.Watch(ctx)
	return err
}

// Watch asks the authority about the certificates of all citizens at once (変更確認), and
// tells those who have moved, and nobody else. A lost or suspended card is no move; a
// renewal is followed without a word.
func (p *Portal) Watch(ctx context.Context) (WatchReport, error) {
	p.watching.Lock()
	defer p.watching.Unlock()
	report := WatchReport{At: p.now()}
	all, err := p.cfg.Store.Watched(ctx, Holds)
	if err != nil {
		return report, err
	}
	report.Asked = len(all)
	if err := p.ask(ctx, all, &report); err != nil {
		return report, err
	}
	waiting, err := p.cfg.Store.Watched(ctx, NeedsCertificate)
	if err != nil {
		return report, err
	}
	for _, c := range waiting {
		ready, err := p.lookForCertificate(ctx, c)
		if err != nil {
			return report, err
		}
		if ready {
			report.Ready++
		}
	}
	return report, p.cfg.Store.CompleteWatch(ctx, report)
}

// ask asks about the certificates of citizens and acts on each that is not unchanged.
func (p *Portal) ask(ctx context.Context, all []Citizen, report *WatchReport) error {
	by := map[jpki.SerialNumber]Citizen{}
	for _, c := range all {
		by[c.Signature] = c
	}
	serials := func(yield func(jpki.SerialNumber) bool) {
		for _, c := range all {
			if !yield(c.Signature) {
				return
			}
		}
	}
	var changed []rp.Status
	for status, err := range p.cfg.Verifier.CheckStatusSeq(ctx, jpki.DigitalSignature, serials) {
		if err != nil {
			return err
		}
		if status.Meaning() != rp.MeansUnchanged {
			changed = append(changed, status)
		}
	}
	return p.act(ctx, by, changed, report)
}

// look asks about one citizen, at a sign-in.
func (p *Portal) look(ctx context.Context, c Citizen) error {
	switch c.Standing {
	case Holds:
		status, err := p.cfg.Verifier.CheckStatus(ctx, jpki.DigitalSignature, c.Signature)
		if err != nil {
			return err
		}
		return p.act(ctx, map[jpki.SerialNumber]Citizen{c.Signature: c}, status, &WatchReport{})
	case NeedsCertificate:
		_, err := p.lookForCertificate(ctx, c)
		return err
	}
	return nil
}

// act does what the statuses of certificates mean for their holders.
func (p *Portal) act(ctx context.Context, by map[jpki.SerialNumber]Citizen, statuses []rp.Status, report *WatchReport) error {
	for _, s := range statuses {
		if err := p.actOn(ctx, by[s.Serial], s, report); err != nil {
			return err
		}
	}
	successions, err := rp.Follow(ctx, p.cfg.Verifier, p.cfg.Linkage, statuses...)
	if err != nil {
		return err
	}
	for _, s := range successions {
		watch := s.Watch()
		if watch.Serial == s.From.Serial {
			continue // no other certificate is there: not a move
		}
		c := by[s.From.Serial]
		if _, err := p.cfg.Store.ChangeCitizen(ctx, c.ID, func(now *Citizen) error {
			if now.Signature == c.Signature {
				now.Signature = watch.Serial
			}
			return nil
		}); err != nil {
			return err
		}
		report.Renewed++
		c.Signature = watch.Serial
		if err := p.actOn(ctx, c, watch, report); err != nil {
			return err
		}
	}
	return nil
}

// actOn acts on a final status of the certificate that a citizen is known by: a move, or
// that the citizen has left. Any other is passed over.
func (p *Portal) actOn(ctx context.Context, c Citizen, s rp.Status, report *WatchReport) error {
	switch s.Meaning() {
	case rp.MeansLeft:
		_, err := p.cfg.Store.ChangeCitizen(ctx, c.ID, func(now *Citizen) error { now.Standing = Left; return nil })
		return err
	case rp.MeansMoved:
		report.Moved++
		return p.moved(ctx, c, s.At)
	}
	return nil
}

// moved invites a citizen who has moved, or tells to get a new certificate first.
func (p *Portal) moved(ctx context.Context, c Citizen, at time.Time) error {
	next, err := p.cfg.Linkage.Successor(ctx, jpki.DigitalSignature, c.Signature)
	if err != nil {
		return err
	}
	standing := NeedsCertificate
	if !next.IsZero() {
		standing = Invited
	}
	return p.cfg.Store.Notice(ctx, c.ID, func(now *Citizen) (Sent, error) {
		if now.Standing != Holds || now.Signature != c.Signature {
			return Sent{}, nil // noticed elsewhere meanwhile
		}
		now.Standing, now.MovedAt, now.NoticedAt = standing, at.UTC(), p.now()
		return p.invitation(*now)
	})
}

// lookForCertificate invites who has moved and has the new certificate by now.
func (p *Portal) lookForCertificate(ctx context.Context, c Citizen) (bool, error) {
	next, err := p.cfg.Linkage.Successor(ctx, jpki.DigitalSignature, c.Signature)
	if err != nil || next.IsZero() {
		return false, err
	}
	return true, p.cfg.Store.Notice(ctx, c.ID, func(now *Citizen) (Sent, error) {
		if now.Standing != NeedsCertificate {
			return Sent{}, nil
		}
		now.Standing = Invited
		return p.invitation(*now)
	})
}
