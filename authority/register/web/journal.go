package web

import (
	"context"
	"slices"
	"time"

	"example.jp/jpkimock/authority"
	frame "example.jp/jpkimock/authority/desk/web"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/internal/ui"
)

// journalLine is an act in the journal of a resident, with all that it did.
type journalLine struct {
	At           time.Time // when it ended
	Act          ui.Text
	Count        ui.Text // how many certificates it touched; empty for none
	Certificates []journalCertificate
	Officer      ui.Text
	Why          ui.Text

	first register.Event
	cards []string // of the lines about no certificate
}

// journalCertificate is what an act did to one certificate.
type journalCertificate struct {
	Kind   ui.Text
	Serial jpki.SerialNumber
	Acts   []ui.Text // in the order of time
	Tone   string
	Reason ui.Text // of a revocation
	kind   jpki.Kind
	done   []string
}

// actPause is the longest time between two lines of one act.
const actPause = 5 * time.Second

// journal gives the acts on a resident, the latest first.
func (d *desks) journal(ctx context.Context, q authority.EventQuery) ([]journalLine, error) {
	events, err := d.agency.Events(ctx, q)
	if err != nil {
		return nil, err
	}
	lines := journalOf(events)
	slices.Reverse(lines)
	return lines, nil
}

// journalOf gathers the lines of each act, the oldest act first, from events of
// which the latest comes first.
func journalOf(events []register.Event) []journalLine {
	var lines []journalLine
	for _, e := range slices.Backward(events) {
		if n := len(lines); n == 0 || !lines[n-1].has(e) {
			lines = append(lines, journalLine{Act: actName(e), Officer: frame.SignedName(e.Officer), Why: whyText(e.Why), first: e})
		}
		lines[len(lines)-1].add(e)
	}
	for i, l := range lines {
		if n := len(l.Certificates); n > 0 {
			lines[i].Count = certificateCount(n)
		}
	}
	return lines
}

// has reports whether an event is a further part of the act: nothing happens
// twice to a certificate in one act.
func (l *journalLine) has(e register.Event) bool {
	if e.Cause != l.first.Cause || e.Officer != l.first.Officer || e.Why != l.first.Why || e.At.Sub(l.At) > actPause {
		return false
	}
	if e.Serial == "" {
		return !slices.Contains(l.cards, e.CardID)
	}
	i := l.certificate(e)
	return i < 0 || !slices.Contains(l.Certificates[i].done, e.Act)
}

func (l *journalLine) certificate(e register.Event) int {
	return slices.IndexFunc(l.Certificates, func(c journalCertificate) bool { return c.kind == e.Kind && c.Serial == e.Serial })
}

func (l *journalLine) add(e register.Event) {
	l.At = e.At
	if e.Serial == "" {
		l.cards = append(l.cards, e.CardID)
		return
	}
	i := l.certificate(e)
	if i < 0 {
		i = len(l.Certificates)
		l.Certificates = append(l.Certificates, journalCertificate{Kind: frame.KindName(e.Kind), Serial: e.Serial, kind: e.Kind})
	}
	c := &l.Certificates[i]
	name, tone := lineName(e.Act)
	c.Acts, c.done, c.Tone = append(c.Acts, name), append(c.done, e.Act), tone
	if e.Act == "revoked" {
		c.Reason = reasonName(e.Reason)
	}
}

// actName gives the act that an event is a part of. A first issue is the
// issue of the card.
func actName(e register.Event) ui.Text {
	switch {
	case e.Cause.Valid():
		return eventWords(e.Cause).Name
	case e.Act == "issued":
		return eventWords(register.CardIssue).Name
	}
	name, _ := lineName(e.Act)
	return name
}
