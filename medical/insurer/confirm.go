package insurer

import (
	"context"
	"errors"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/holder"
)

// maxTries is how many wrong numbers may be given with one touch of the card.
const maxTries = 5

// verified is a card that answered, for as long as its holder gives numbers.
type verified struct {
	serial jpki.SerialNumber
	ends   time.Time
	steps  []medical.Step
	tries  int
}

// Confirm confirms the eligibility of the holder of a card (資格確認): ① the platform asks
// whether the certificate is valid, ② the authority is asked, ③ answers, and ④ the
// eligibility is given. Whatever comes of it is in the log. An error that is no fault of
// the insurer's is a *medical.Refused.
func (o *Office) Confirm(ctx context.Context, q medical.Question) (medical.Reply, error) {
	entry := Entry{Act: ActConfirmed, Inquiry: q.Inquiry, Institution: q.Institution}
	if q.Member != nil {
		entry.Act = ActLinked
	}
	reply, who, err := o.confirm(ctx, q)
	entry.Insured, entry.Steps = who, reply.Steps
	if err != nil {
		entry.Code = codeOf(err)
	}
	entry.At = o.Now().UTC()
	if failed := o.Store.Write(ctx, entry); failed != nil {
		return medical.Reply{}, failed
	}
	if entry.Code != "" {
		return medical.Reply{}, &medical.Refused{Code: entry.Code, Inquiry: q.Inquiry, Steps: reply.Steps}
	}
	if err != nil {
		return medical.Reply{}, err
	}
	return reply, nil
}

// codeOf gives the code under which an error is told; "" for a fault of the insurer's.
func codeOf(err error) string {
	switch {
	case errors.Is(err, ErrNoInsured):
		return medical.NoMember
	case errors.Is(err, ErrNotLinked):
		return medical.NotLinked
	case errors.Is(err, ErrLinked):
		return medical.LinkedElsewhere
	case errors.Is(err, ErrTries):
		return medical.TooManyTries
	case errors.Is(err, ErrReplay):
		return rp.Code(rp.ErrChallenge)
	}
	return rp.Code(err)
}

func (o *Office) confirm(ctx context.Context, q medical.Question) (medical.Reply, int64, error) {
	card, err := o.verify(ctx, q)
	reply := medical.Reply{Steps: card.steps, CertificateEnds: card.ends}
	if err != nil {
		return reply, 0, err
	}
	var p Insured
	if q.Member != nil {
		p, err = o.link(ctx, q, card)
	} else {
		p, err = o.holder(ctx, card.serial)
	}
	step := medical.Step{N: 4, Insurer: o.Number, At: o.Now().UTC()}
	if err != nil {
		step.Trouble = codeOf(err)
	}
	reply.Steps = append(reply.Steps, step)
	reply.Qualification = o.qualification(p)
	return reply, p.ID, err
}

// qualification gives what is told of an insured person today.
func (o *Office) qualification(p Insured) medical.Qualification {
	q := p.Qualification
	q.InsurerName = o.Name
	q.Share = medical.Share(q.Birth, medical.DateOf(o.Now()), p.HighIncome)
	return q
}

// verify makes the steps ① to ③. A card that was verified a moment ago for the same
// inquiry, as before its holder gave the numbers of another insurance, is not asked for again.
func (o *Office) verify(ctx context.Context, q medical.Question) (verified, error) {
	if card, err := o.verified.Look(q.Inquiry); err == nil {
		return card, nil
	}
	began, err := o.Now(), o.Challenges.vouched(ctx, q.Challenge, o.Now())
	var who *rp.Authentication
	if err == nil {
		who, err = o.Verifier.VerifyAuthentication(ctx, q.Token, q.Challenge.Nonce)
	}
	steps := medical.StepsOf(o.Number, began, o.Now(), codeOf(err), err)
	if err != nil {
		return verified{steps: steps}, err
	}
	card := verified{serial: who.Serial, ends: who.Certificate.NotAfter.UTC(), steps: steps}
	return card, o.verified.Put(q.Inquiry, card)
}

// link links a card that was verified with the insured person of the numbers (紐付け).
func (o *Office) link(ctx context.Context, q medical.Question, card verified) (Insured, error) {
	counted := func(v *verified) error {
		if v.tries++; v.tries > maxTries {
			return ErrTries
		}
		return nil
	}
	if _, err := o.verified.Update(q.Inquiry, counted); err != nil {
		return Insured{}, err
	}
	m, err := q.Member.Check()
	if err != nil || m.Insurer != o.Number {
		return Insured{}, ErrNoInsured
	}
	p, err := o.Store.ByMember(ctx, m)
	if err != nil {
		return Insured{}, err
	}
	// A card that is re-issued keeps its link, whoever comes with the numbers.
	if known, err := o.holder(ctx, card.serial); err == nil && known.ID != p.ID {
		return Insured{}, ErrLinked
	} else if err == nil {
		return p, nil
	} else if !errors.Is(err, ErrNotLinked) {
		return Insured{}, err
	}
	return p, o.Store.Link(ctx, p.ID, card.serial, o.Now().UTC())
}

// holder gives who is linked with a certificate, or with one that went before it (更新,
// 再発行).
func (o *Office) holder(ctx context.Context, serial jpki.SerialNumber) (Insured, error) {
	p, moved, err := holder.Of(ctx, o.Linkage, serial, o.Store.ByCertificate, ErrNotLinked)
	if err != nil || !moved {
		return p, err
	}
	return p, o.Store.Relink(ctx, p.ID, serial, o.Now().UTC())
}

// ConfirmByNumber answers it, or with ErrNoInsured as a *medical.Refused.
func (o *Office) ConfirmByNumber(ctx context.Context, q medical.ByNumber) (medical.NumberReply, error) {
	entry := Entry{Act: ActByNumber, At: o.Now().UTC(), Inquiry: q.Inquiry, Institution: q.Institution}
	p, err := o.Store.ByMember(ctx, q.Member)
	if err != nil && !errors.Is(err, ErrNoInsured) {
		return medical.NumberReply{}, err
	}
	var links []Link
	if err == nil {
		entry.Insured = p.ID
		if links, err = o.Store.Links(ctx, p.ID); err != nil {
			return medical.NumberReply{}, err
		}
	} else {
		entry.Code = codeOf(err)
	}
	if failed := o.Store.Write(ctx, entry); failed != nil {
		return medical.NumberReply{}, failed
	}
	if entry.Code != "" {
		return medical.NumberReply{}, &medical.Refused{Code: entry.Code, Inquiry: q.Inquiry}
	}
	reply := medical.NumberReply{Qualification: o.qualification(p)}
	for _, l := range links {
		if l.Ended.IsZero() {
			reply.Serial = l.Serial
		}
	}
	return reply, nil
}

// Holds reports whether the eligibility of who is linked with a certificate holds today,
// and nothing else of that person.
func (o *Office) Holds(ctx context.Context, serial jpki.SerialNumber) (bool, error) {
	p, err := o.Store.ByCertificate(ctx, serial)
	if errors.Is(err, ErrNotLinked) {
		return false, nil
	}
	return err == nil && p.HoldsOn(medical.DateOf(o.Now())), err
}
