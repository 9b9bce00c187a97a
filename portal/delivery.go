package portal

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/portal/partner"
	"example.jp/jpkimock/portal/postbox"
)

// Waiting is the state of a delivery that no partner has acknowledged yet. The others
// are those of package partner.
const Waiting partner.State = "waiting"

// Delivery is an application on its way to one partner.
type Delivery struct {
	Application, Partner string
	Sheet                string
	State                partner.State
	Since                time.Time // of the state
	Next                 time.Time // when it is tried again, or asked about again
	// Attempts counts what the partner has left unanswered since it last answered, and
	// Trouble says how it failed, for the operator.
	Attempts int
	Trouble  string
	Reason   string // why it was rejected
	Question string // what the citizen must answer
	Answer   string // given, and not yet acknowledged by the partner
}

// Pauses between two tries.
const (
	firstPause = time.Minute
	longest    = 6 * time.Hour // between tries while a partner is silent
	askedSoon  = time.Minute   // between questions about an application in its first hour
	askedLater = time.Hour
)

// pause is how long to wait after so many tries without an answer.
func pause(attempts int) time.Duration {
	if attempts > 9 {
		return longest
	}
	return min(firstPause<<(attempts-1), longest)
}

// How many deliveries to a partner are read at once, and how many wait for its answer.
const (
	atOnce   = 1000
	inFlight = 4
)

// Deliver tries what is due, of all partners at the same time. What a partner leaves
// unanswered is tried again later; the next deliveries are not tried either, since each
// would wait as long.
func (p *Portal) Deliver(ctx context.Context) (err error) {
	errs := make(chan error, len(p.partners))
	for id := range p.partners {
		go func() { errs <- p.deliverDue(ctx, id) }()
	}
	for range p.partners {
		err = errors.Join(err, <-errs)
	}
	return err
}

// deliverDue tries what is due at one partner. Whatever was tried is due later, or done.
func (p *Portal) deliverDue(ctx context.Context, id string) error {
	for now := p.now(); ; {
		due, err := p.cfg.Store.Due(ctx, id, now, atOnce)
		if err != nil || len(due) == 0 {
			return err
		}
		if err := p.deliverTo(ctx, id, due); err != nil {
			return err
		}
	}
}

// deliverTo tries deliveries to one partner.
func (p *Portal) deliverTo(ctx context.Context, id string, list []Delivery) error {
	lock := p.lines[id]
	if lock == nil {
		return nil // the partner has left the portal
	}
	lock.Lock()
	defer lock.Unlock()
	var silent error
	for part := range slices.Chunk(list, inFlight) {
		var each sync.WaitGroup
		silence, failed := make([]error, len(part)), make([]error, len(part))
		for i, d := range part {
			each.Go(func() { silence[i], failed[i] = p.try(ctx, d, silent) })
		}
		each.Wait()
		if err := errors.Join(failed...); err != nil {
			return err
		}
		silent = cmp.Or(silence...)
	}
	return nil
}

// try tries one delivery, unless the partner is silent already, and keeps what came of
// it. It gives the partner's silence.
func (p *Portal) try(ctx context.Context, d Delivery, silent error) (error, error) {
	a, err := p.cfg.Store.Application(ctx, d.Application)
	if err != nil {
		return nil, err
	}
	var r partner.Receipt
	if silent == nil {
		r, silent = p.tell(ctx, a, d)
		if err := p.cfg.Step("told"); err != nil {
			return nil, err
		}
	}
	var letter *postbox.Content
	if refused, ok := errors.AsType[*partner.Refused](silent); ok {
		r, silent = refusal(d, refused, p.now()), nil
	} else if silent == nil && r.Notice != "" && r.State.Final() {
		all, err := p.cfg.Store.Connections(ctx, a.Citizen)
		if err != nil {
			return nil, err
		}
		letter, silent = p.open(ctx, a, r, ConnectionWith(d.Partner, all))
	}
	err = p.cfg.Store.ChangeDelivery(ctx, d.Application, d.Partner, func(now *Delivery, all func() []Delivery) (Sent, error) {
		if now.State.Final() || now.State != d.State || now.Answer != d.Answer {
			return Sent{}, nil // it went on meanwhile
		}
		if silent != nil {
			now.Attempts++
			now.Next, now.Trouble = p.now().Add(pause(now.Attempts)), shorten(silent.Error())
			return Sent{}, nil
		}
		return p.settle(a, now, r, letter, all)
	})
	if err == nil {
		err = p.cfg.Step("kept")
	}
	return silent, err
}

// tell delivers, gives an answer, or asks how the application stands.
func (p *Portal) tell(ctx context.Context, a Application, d Delivery) (partner.Receipt, error) {
	line := p.partners[d.Partner].Line
	switch {
	case d.State == Waiting:
		return line.Deliver(ctx, partner.Application{ID: a.ID, Sheet: d.Sheet, Document: a.Signed.Document.Content, Signature: a.Signed.CMS})
	case d.Answer != "":
		return line.Answer(ctx, a.ID, d.Answer)
	}
	return line.Receipt(ctx, a.ID)
}

// refusal is how an application stands that a partner has refused: it is rejected; one
// that the partner does not know is delivered again.
func refusal(d Delivery, refused *partner.Refused, now time.Time) partner.Receipt {
	if d.State != Waiting && refused.Code == "no_application" {
		return partner.Receipt{ID: d.Application, State: Waiting, At: now}
	}
	return partner.Receipt{ID: d.Application, State: partner.Rejected, At: now, Reason: reasonFor(refused.Code)}
}

// reasonFor says why a partner refused an application.
func reasonFor(code string) string {
	switch code {
	case "no_customer":
		return "お客さま番号の連携が、連携先で解除されています。"
	case "another_person":
		return "署名した方が、連携先のお客さまご本人と確認できませんでした。"
	case "revoked", "suspended", "expired":
		return "連携先が確認した時に、署名用電子証明書が失効していました。"
	}
	return "連携先で申請書を確認できませんでした（" + code + "）。"
}

// open verifies the seal of a partner's result notice, which comes over a connection.
func (p *Portal) open(ctx context.Context, a Application, r partner.Receipt, over *Connection) (*postbox.Content, error) {
	if over == nil {
		return nil, postbox.ErrNotice
	}
	c, err := p.unseal(ctx, over.Partner, r.Notice)
	if err != nil {
		return nil, err
	}
	if c.Notice.About != a.ID || c.Notice.Box != over.Box {
		return nil, postbox.ErrNotice
	}
	return &c, nil
}

// settle writes down what a partner answered. The last of an application's deliveries to
// be decided brings the summary (手続き完了のお知らせ).
func (p *Portal) settle(a Application, d *Delivery, r partner.Receipt, letter *postbox.Content, all func() []Delivery) (sent Sent, err error) {
	if d.State != r.State || d.Question != r.Question {
		d.Since = p.now()
	}
	d.Attempts, d.Trouble, d.Answer = 0, "", ""
	d.State, d.Reason, d.Question = r.State, r.Reason, r.Question
	d.Next = p.now().Add(askedSoon)
	if p.now().Sub(d.Since) > time.Hour {
		d.Next = p.now().Add(askedLater)
	}
	if !r.State.Final() {
		return sent, nil
	}
	d.Next = time.Time{}
	if letter != nil {
		l, err := p.cfg.Vault.Close(a.Citizen, *letter, p.now())
		if err != nil {
			return sent, err
		}
		sent.Letters = append(sent.Letters, l)
	}
	states := all()
	for _, one := range states {
		if !one.State.Final() {
			return sent, nil
		}
	}
	l, err := p.summary(a, states)
	sent.Letters = append(sent.Letters, l)
	return sent, err
}

// shorten bounds what is kept of an error.
func shorten(s string) string {
	if r := []rune(s); len(r) > 200 {
		return string(r[:200])
	}
	return s
}

// Reply takes a citizen's answer to what a partner asked back.
func (p *Portal) Reply(ctx context.Context, citizen int64, id, to, answer string) error {
	if _, _, err := p.Application(ctx, citizen, id); err != nil {
		return err
	}
	if answer == "" || jpki.CheckLine(answer, jpki.MaxAddress) != nil {
		return ErrAnswer
	}
	return p.cfg.Store.ChangeDelivery(ctx, id, to, func(d *Delivery, _ func() []Delivery) (Sent, error) {
		if d.State != partner.AskedBack || d.Answer != "" {
			return Sent{}, ErrTooLate
		}
		d.Answer, d.Next = answer, p.now()
		return Sent{}, nil
	})
}

// hurryAfter is how long ago a partner must have been asked to be asked again because
// somebody looks.
const hurryAfter = 2 * time.Second

// Hurry tries the open deliveries of an application in the background, because its
// citizen is looking. A partner that is silent is left to the rounds.
func (p *Portal) Hurry(id string) {
	if _, busy := p.hurried.LoadOrStore(id, true); busy || p.context.Err() != nil {
		return
	}
	p.hurries.Go(func() {
		defer p.hurried.Delete(id)
		all, err := p.cfg.Store.Deliveries(p.context, id)
		var each sync.WaitGroup
		for _, d := range all {
			asked := d.Next.Add(-askedSoon)
			due := !d.Next.After(p.now()) || d.Attempts == 0 && p.now().Sub(asked) >= hurryAfter
			if d.State.Final() || !due {
				continue
			}
			each.Go(func() {
				if err := p.deliverTo(p.context, d.Partner, []Delivery{d}); err != nil && p.context.Err() == nil {
					p.cfg.Log.Warn("delivery failed", "application", id, "partner", d.Partner, "error", err)
				}
			})
		}
		each.Wait()
		if err != nil && p.context.Err() == nil {
			p.cfg.Log.Warn("delivery failed", "application", id, "error", err)
		}
	})
}
