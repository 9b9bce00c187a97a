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

// RetryAfter is how long after a failed scheduled confirmation the next one
// starts.
const RetryAfter = 10 * time.Minute

// writeAtOnce is how many findings are written in one transaction.
const writeAtOnce = 1000

// Sweep does what is due once a day, by Japanese civil time: it confirms the customers,
// and drops sign-ins of more than YearsKept years ago. It is called every minute and
// when the clock is moved.
func (b *Bank) Sweep(ctx context.Context) error {
	b.confirming.Lock()
	defer b.confirming.Unlock()
	due, err := b.due(ctx)
	if !due {
		return err
	}
	_, err = b.confirm(ctx, Scheduled)
	return errors.Join(err, b.store.ForgetSignIns(ctx, b.now().AddDate(-YearsKept, 0, 0)))
}

// due reports whether today's confirmation has not been made. A failed one is made
// again after RetryAfter. Without a customer to ask about, the first is not due; nor is
// one of which it cannot be told.
func (b *Bank) due(ctx context.Context) (bool, error) {
	last, err := b.store.Reports(ctx, 1)
	if err != nil {
		return false, err
	}
	if len(last) == 0 {
		tally, err := b.store.Tally(ctx)
		return err == nil && tally.Customers > tally.Withheld, err
	}
	now := b.now()
	if last[0].Failure != "" {
		waited := now.Sub(last[0].At)
		return waited >= RetryAfter || waited < 0, nil
	}
	return day(last[0].At) != day(now), nil
}

func day(t time.Time) string { return t.In(jpki.JST).Format(time.DateOnly) }

// ConfirmCustomers asks the authority about the certificates of all customers who
// permit it (変更確認：電子証明書の有効性確認). Customers whose certificate is not
// revoked are known to be unchanged (失効していない場合：異動していないことが確定). Those
// whose data have changed are asked for their new data and certificate
// (失効していた場合：顧客に最新のデータや電子証明書の提出を求める).
//
// A lost card, an expired certificate and a renewal are no change. After a renewal
// the newer certificate is asked about too, and watched from then on. Unless the
// authority answers every question, no finding is recorded, and the report says
// why.
func (b *Bank) ConfirmCustomers(ctx context.Context) (Report, error) {
	b.confirming.Lock()
	defer b.confirming.Unlock()
	return b.confirm(ctx, OnDemand)
}

// confirm confirms the customers and keeps a report. The report is begun before any
// customer is read, so that it does not cover customers who join in the meantime.
func (b *Bank) confirm(ctx context.Context, t Trigger) (Report, error) {
	report, err := b.store.BeginReport(ctx, Report{Trigger: t, At: b.now()})
	if err != nil {
		return Report{}, err
	}
	failed := b.askAndRecord(ctx, &report)
	if failed != nil {
		failed = fmt.Errorf("%w: %w", ErrConfirmation, failed)
	}
	report.Failure, report.Finished = failureOf(failed), b.now()
	if report, err = b.store.FinishReport(ctx, report); err != nil {
		return Report{}, errors.Join(failed, err)
	}
	return report, failed
}

// askAndRecord asks about all customers and records what is news. It records
// nothing until every question is answered.
func (b *Bank) askAndRecord(ctx context.Context, r *Report) error {
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
	written := 0
	for batch := range slices.Chunk(findings, writeAtOnce) {
		b.progress(written, len(findings))
		recorded, err := b.store.RecordFindings(ctx, r.At, batch)
		if err != nil {
			return err
		}
		r.Asked, r.Followed = r.Asked+recorded.Asked, r.Followed+recorded.Followed
		written += len(batch)
	}
	return nil
}

// askAll asks about all customers who permit it, and returns the findings that may
// be news and the number of questions. Customers are read and asked about in one
// stream: those who are unchanged, nearly all, take no memory.
func (b *Bank) askAll(ctx context.Context) (findings []Finding, questions int, err error) {
	var readErr error
	var unanswered []Watched
	serials := func(yield func(jpki.SerialNumber) bool) {
		for w, err := range b.store.Watched(ctx) {
			if err != nil {
				readErr = err
				return
			}
			if f, ended := w.ended(); ended {
				findings = append(findings, f)
				continue
			}
			unanswered = append(unanswered, w)
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
		if len(unanswered) == 0 {
			return nil, questions, fmt.Errorf("%w: more answers than questions", rp.ErrStatusMissing)
		}
		f, err := unanswered[0].finding(status, now)
		if err != nil {
			return nil, questions, err
		}
		if unanswered = unanswered[1:]; f.isNews() {
			findings = append(findings, f)
		}
	}
	if readErr != nil {
		return nil, questions, readErr
	}
	if len(unanswered) > 0 {
		return nil, questions, fmt.Errorf("%w: %d of %d questions unanswered", rp.ErrStatusMissing, len(unanswered), questions)
	}
	return findings, questions, nil
}

// follow finds the certificates that came after those that have ended. The newest
// one is watched from then on. follow amends the findings and returns the number of
// questions.
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

// confirmCustomer asks about one customer between two confirmations, if the
// customer permits it and there is something to learn.
func (b *Bank) confirmCustomer(ctx context.Context, no AccountNumber) error {
	c, err := b.store.Customer(ctx, no)
	if err != nil || !c.Consent.InForce() || c.Standing.Final() {
		return err
	}
	w := c.watched()
	f, ended := w.ended()
	if !ended {
		statuses, err := b.verifier.CheckStatus(ctx, jpki.DigitalSignature, w.Serial)
		if err != nil {
			return err
		}
		if len(statuses) != 1 {
			return fmt.Errorf("%w: %d answers to one question", rp.ErrStatusMissing, len(statuses))
		}
		if f, err = w.finding(statuses[0], b.now()); err != nil {
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
	_, err = b.store.RecordFindings(ctx, b.now(), findings)
	return err
}
