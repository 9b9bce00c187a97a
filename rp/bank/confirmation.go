package bank

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
)

// Trigger says what began a confirmation.
type Trigger string

// The triggers.
const (
	Scheduled Trigger = "scheduled" // 定時
	OnDemand  Trigger = "on-demand" // 行員の指示
)

// RetryAfter is how long after a scheduled confirmation that failed the next is
// tried.
const RetryAfter = 10 * time.Minute

// writeAtOnce is how many findings are written in one transaction.
const writeAtOnce = 1000

// Recorded says what findings have led to.
type Recorded struct {
	Asked    int // messages written
	Followed int // customers whose renewed certificate is watched from now on
}

// Tally counts customers by what is known of them.
type Tally struct {
	Customers int // all
	Withheld  int // without consent: not asked about
	Never     int // with consent, and never asked about yet
	// The rest by the state of the certificate that is watched.
	Unchanged, Changed, Revoked, Suspended, Expired, Unknown int
	// Reissued is those of that state.
	Reissued int
}

// Report is the report of a confirmation (変更確認の結果).
type Report struct {
	ID       int64
	Trigger  Trigger
	At       time.Time // when it began
	Finished time.Time
	// Questions is how many certificates were asked about, each of which the
	// authority counts. Those known before to be revoked or expired are not
	// asked about again; those by which a renewal is followed are among them.
	Questions int
	// Tally is what is known after it, of those found earlier too.
	Tally Tally
	// Asked is how many messages were written: a customer who was asked before
	// is not asked twice.
	Asked int
	// Followed is how many customers are known to be unchanged although their
	// certificate was renewed (更新): the newer one is watched from now on.
	Followed int
	// Failure is empty, or why nothing was learned; then nobody was marked.
	Failure Failure
}

// Failure says why a confirmation failed.
type Failure string

// The failures.
const (
	FailedNotAccredited Failure = "not_accredited"     // the authority refuses this verifier
	FailedUnavailable   Failure = "status_unavailable" // the authority does not answer
	FailedAnswer        Failure = "answer"             // its answers are not to the questions
	FailedOtherwise     Failure = "failed"             // the bank's own trouble
)

// Sweep confirms the customers if that has not been done on this day (by
// Japanese civil time). It is called every minute and when the clock is moved.
func (b *Bank) Sweep(ctx context.Context) error {
	b.sweeping.Lock()
	defer b.sweeping.Unlock()
	due, err := b.due(ctx)
	if err != nil || !due {
		return err
	}
	_, err = b.confirm(ctx, Scheduled)
	return err
}

func (b *Bank) due(ctx context.Context) (bool, error) {
	last, err := b.store.Reports(ctx, 1)
	if err != nil {
		return false, err
	}
	if len(last) == 0 {
		tally, err := b.store.Tally(ctx)
		return tally.Customers > tally.Withheld, err
	}
	now := b.now()
	if last[0].Failure != "" {
		waited := now.Sub(last[0].At)
		return waited >= RetryAfter || waited < 0, nil
	}
	return day(last[0].At) != day(now), nil
}

func day(t time.Time) string { return t.In(jpki.JST).Format(time.DateOnly) }

// ConfirmCustomers asks the authority about every customer who permits it
// (変更確認), in one request: 電子証明書の有効性確認. Who is unchanged is known to
// be unchanged (失効していない場合：異動していないことが確定); who has changed is asked
// (失効していた場合：顧客に最新のデータや電子証明書の提出を求める). A lost card is not
// a move, and an expired certificate is none either. A renewal is none: the
// certificates that followed are asked about too, and the newest is watched from
// then on. If the authority does not answer for all, the report says so and
// nobody is marked.
func (b *Bank) ConfirmCustomers(ctx context.Context) (Report, error) {
	b.sweeping.Lock()
	defer b.sweeping.Unlock()
	return b.confirm(ctx, OnDemand)
}

// confirm keeps a report of what it does. The report is begun first, so that it
// says nothing about who becomes a customer meanwhile.
func (b *Bank) confirm(ctx context.Context, t Trigger) (Report, error) {
	report, err := b.store.BeginReport(ctx, Report{Trigger: t, At: b.now().UTC()})
	if err != nil {
		return Report{}, err
	}
	failed := b.learn(ctx, &report)
	if failed != nil {
		failed = fmt.Errorf("%w: %w", ErrConfirmation, failed)
	}
	report.Failure, report.Finished = failureOf(failed), b.now().UTC()
	if report, err = b.store.FinishReport(ctx, report); err != nil {
		return Report{}, errors.Join(failed, err)
	}
	return report, failed
}

// learn asks, and writes what is new. Nothing is written before all have been
// answered.
func (b *Bank) learn(ctx context.Context, r *Report) error {
	findings, questions, err := b.askAll(ctx)
	r.Questions = questions
	if err != nil {
		return err
	}
	questions, err = b.follow(ctx, findings)
	r.Questions += questions
	if err != nil {
		return err
	}
	findings = slices.DeleteFunc(findings, func(f Finding) bool { return !f.isNews() })
	for batch := range slices.Chunk(findings, writeAtOnce) {
		wrote, err := b.store.RecordFindings(ctx, r.At, batch)
		if err != nil {
			return err
		}
		r.Asked, r.Followed = r.Asked+wrote.Asked, r.Followed+wrote.Followed
	}
	return nil
}

// askAll asks about all customers who permit it, and gives the findings that may
// be news, with how many certificates were asked about. Customers are read and
// asked about in one stream, so that those who are unchanged take no memory.
func (b *Bank) askAll(ctx context.Context) (findings []Finding, questions int, err error) {
	var unread error
	var asked []Watched // and not answered yet
	serials := func(yield func(jpki.SerialNumber) bool) {
		for w, err := range b.store.Watched(ctx) {
			if err != nil {
				unread = err
				return
			}
			if f, ended := w.ended(); ended {
				findings = append(findings, f)
				continue
			}
			asked = append(asked, w)
			questions++
			if !yield(w.Serial) {
				return
			}
		}
	}
	now := b.now()
	for status, err := range b.verifier.CheckStatusSeq(ctx, jpki.DigitalSignature, serials) {
		if err != nil {
			return nil, questions, err
		}
		if len(asked) == 0 {
			return nil, questions, fmt.Errorf("%w: more answers than questions", rp.ErrStatusMissing)
		}
		f, err := asked[0].found(status, now)
		if err != nil {
			return nil, questions, err
		}
		if asked = asked[1:]; f.isNews() {
			findings = append(findings, f)
		}
	}
	if len(asked) > 0 && unread == nil {
		unread = fmt.Errorf("%w: %d of %d questions", rp.ErrStatusMissing, len(asked), questions)
	}
	return findings, questions, unread
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
	w := c.watch()
	f, ended := w.ended()
	if !ended {
		statuses, err := b.verifier.CheckStatus(ctx, jpki.DigitalSignature, w.Serial)
		if err != nil {
			return err
		}
		if len(statuses) != 1 {
			return fmt.Errorf("%w: %d answers to one question", rp.ErrStatusMissing, len(statuses))
		}
		if f, err = w.found(statuses[0], b.now()); err != nil {
			return err
		}
	}
	findings := []Finding{f}
	if _, err := b.follow(ctx, findings); err != nil {
		return err
	}
	if f = findings[0]; !f.isNews() && f.State() != rp.Unchanged {
		return nil
	}
	_, err = b.store.RecordFindings(ctx, b.now().UTC(), findings)
	return err
}

func failureOf(err error) Failure {
	switch {
	case err == nil:
		return ""
	case errors.Is(err, rp.ErrNotAccredited):
		return FailedNotAccredited
	case errors.Is(err, rp.ErrStatusMissing):
		return FailedAnswer
	case errors.Is(err, rp.ErrStatusUnavailable):
		return FailedUnavailable
	}
	return FailedOtherwise
}

// Reports gives the reports of confirmations, newest first.
func (b *Bank) Reports(ctx context.Context, limit int) ([]Report, error) {
	return b.store.Reports(ctx, limit)
}

// Report gives one report, or ErrNoReport.
func (b *Bank) Report(ctx context.Context, id int64) (Report, error) {
	return b.store.Report(ctx, id)
}
