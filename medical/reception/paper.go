package reception

import (
	"context"
	"errors"
	"time"

	"example.jp/jpkimock/medical"
)

// Way is how a patient is taken whose eligibility was not confirmed online, in the order
// in which the ministry's notice wants them tried.
type Way string

// The ways.
const (
	ByNotice      Way = "notice"      // マイナポータルの画面 or 資格情報のお知らせ, with the card
	ByWord        Way = "word"        // at a revisit: by word that nothing has changed
	ByDeclaration Way = "declaration" // 被保険者資格申立書; claimed as 不詳 if it stays unknown
	InFull        Way = "in_full"     // all of it is paid, and refunded by the insurer later
)

// Ways lists them.
func Ways() []Way { return []Way{ByNotice, ByWord, ByDeclaration, InFull} }

// Paper is what was written down in place of an answer.
type Paper struct {
	Way    Way            `json:"way"`
	Name   string         `json:"name"`
	Member medical.Member `json:"member,omitzero"` // as shown; of ByNotice
	Share  int            `json:"share"`           // what the patient pays, in per cent
	At     time.Time      `json:"at"`
}

// TakeByPaper takes a patient by paper. The share is what the patient says, or 100 if all
// is paid.
func (d *Desk) TakeByPaper(ctx context.Context, id int64, p Paper) (Visit, error) {
	p.At = d.Now().UTC()
	switch p.Way {
	case ByNotice:
		var err error
		if p.Member, err = p.Member.Check(); err != nil {
			return Visit{}, ErrPaper
		}
	case ByWord, ByDeclaration:
		p.Member = medical.Member{}
	case InFull:
		p.Member, p.Share = medical.Member{}, 100
	default:
		return Visit{}, ErrPaper
	}
	if !told(p.Name) || p.Way != InFull && p.Share != 10 && p.Share != 20 && p.Share != 30 {
		return Visit{}, ErrPaper
	}
	return d.Store.Change(ctx, id, func(v *Visit) error {
		if v.State != Attention {
			return ErrState
		}
		v.State, v.Name, v.Paper = OnPaper, p.Name, &p
		return nil
	})
}

// Settle asks the platform by numbers about a patient who was taken by paper. If the
// eligibility held on the day of the visit the visit is settled; otherwise it says why
// not, and stays open.
func (d *Desk) Settle(ctx context.Context, id int64, m medical.Member) (Visit, error) {
	v, err := d.Store.Visit(ctx, id)
	if err != nil {
		return Visit{}, err
	}
	if v.State != OnPaper {
		return Visit{}, ErrState
	}
	answer, err := d.Platform.ConfirmByNumber(ctx, m)
	v, err = d.Store.Change(ctx, id, func(v *Visit) error {
		if v.State != OnPaper {
			return ErrState
		}
		paper := v.Name
		v.take(answer, err)
		held := err == nil && answer.Results[0].HoldsOn(v.Day)
		switch {
		case held:
			v.State, v.Reason, v.SettledAt = Settled, "", d.Now().UTC()
		default:
			v.State, v.Name = OnPaper, paper
		}
		return nil
	})
	if err != nil || v.State != Settled {
		return v, err
	}
	return v, d.hand(ctx, v)
}

// Request answers a request file of the receipt computer, which asks by numbers. What the
// file breaks is medical.ErrRequest, medical.ErrOthers or medical.ErrMember; that nobody has
// the numbers is an answer. After any other error it may be asked again.
func (d *Desk) Request(ctx context.Context, content []byte) ([]byte, error) {
	q, err := medical.ReadRequest(content, d.Code)
	if err != nil {
		return nil, err
	}
	answer, err := d.Platform.ConfirmByNumber(ctx, q.Member)
	if refused, ok := errors.AsType[*medical.Refused](err); ok && (refused.Code == medical.NoMember || refused.Code == medical.UnknownInsurer) {
		answer, err = medical.Answer{Inquiry: refused.Inquiry, At: d.Now().UTC(), ByNumber: true, Validity: medical.NoneFound}, nil
	}
	if err != nil {
		return nil, medical.Heard(err, medical.PlatformSilent)
	}
	return medical.XML(answer, medical.Consents{}, d.Code, q.File)
}
