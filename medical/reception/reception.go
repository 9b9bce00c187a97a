// Package reception is the reception of a hospital or a clinic (医療機関の受付): the day's
// queue, what the platform answered about each patient, what the patient consented to,
// and what is done by paper when nothing was confirmed (paper.go).
//
// It learns what the insurer answers and keeps that. The card's answer passes through
// and is not kept; of the certificate it knows only until when it is valid.
package reception

import (
	"context"
	"errors"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/medical"
)

// Rules that a request can break.
var (
	ErrNoVisit = errors.New("reception: there is no such visit")
	ErrState   = errors.New("reception: the visit is not in a state for this")
	ErrPaper   = errors.New("reception: the paper way needs a name, and the numbers where they are shown")
	ErrAnswer  = errors.New("reception: there is no answer to hand to the receipt computer")
)

// State is how far a visit has come.
type State string

// The states.
const (
	Asking    State = "asking"    // confirmed; the patient is still at the terminal
	Confirmed State = "confirmed" // confirmed, and the patient has finished
	Attention State = "attention" // nothing was confirmed: the staff are to act
	OnPaper   State = "on_paper"  // taken by paper, to be settled
	Settled   State = "settled"   // confirmed later
	Gone      State = "gone"      // not the holder of the card, or left
)

// Visit is a patient at the reception.
type Visit struct {
	ID  int64
	Day medical.Date
	No  int // the ticket's number, of the day
	At  time.Time
	State
	Name   string          // of the answer, or as told
	Answer *medical.Answer // what the platform answered last, if it did
	// Reason is the code for why nothing was confirmed: of the kit, of the card agent, of
	// package medical, or of this package; "" if it was confirmed.
	Reason    string
	Inquiry   string         // of the last question; "" if the platform did not hear of it
	Steps     []medical.Step // of the last question
	Consents  medical.Consents
	Paper     *Paper
	SettledAt time.Time
	Handed    bool // to the receipt computer
}

// The reasons of the reception's own.
const (
	ReasonInvalid  = "invalid"   // 資格(無効)
	ReasonNotNewer = "not_newer" // lost to another insurer, which has not registered yet
	ReasonNone     = "none"      // 資格情報なし
	ReasonSeveral  = "several"   // two insurers
	ReasonNotMe    = "not_me"    // somebody else's card
	ReasonReplaced = "replaced"  // by numbers: 無効（新資格あり）
)

// Store keeps the visits.
type Store interface {
	// Add gives the visit its ID, and its number of the day.
	Add(ctx context.Context, v Visit) (Visit, error)
	// Change changes a visit, unless change says no. ErrNoVisit.
	Change(ctx context.Context, id int64, change func(*Visit) error) (Visit, error)
	Visit(ctx context.Context, id int64) (Visit, error)
	// Day gives the visits of a day that do not wait for the staff, the latest first.
	Day(ctx context.Context, day medical.Date, limit int) ([]Visit, error)
	// Open gives the visits to the end of a day that wait for the staff, the latest first.
	Open(ctx context.Context, to medical.Date, limit int) ([]Visit, error)
	// Before gives the latest confirmed visits before a day.
	Before(ctx context.Context, day medical.Date, limit int) ([]Visit, error)
	// Unhanded gives visits with an answer that the receipt computer has not got.
	Unhanded(ctx context.Context, limit int) ([]Visit, error)
	Ping() error
}

// Platform is the common platform as the reception reaches it. An error that is a
// *medical.Refused is its answer; any other is silence.
type Platform interface {
	Challenge(ctx context.Context) (nonce string, err error)
	Confirm(ctx context.Context, nonce string, token []byte) (medical.Answer, error)
	Link(ctx context.Context, inquiry string, m medical.Member) (medical.Answer, error)
	ConfirmByNumber(ctx context.Context, m medical.Member) (medical.Answer, error)
}

// Config is what a reception is made of. All but Hand are required.
type Config struct {
	Code     string // the institution's, of ten digits
	Platform Platform
	Store    Store
	Now      func() time.Time
	// Hand puts a file where the receipt computer (レセプトコンピューター) looks for it; nil
	// for none.
	Hand func(name string, content []byte) error
}

// Desk is a reception at work.
type Desk struct{ Config }

// New opens a reception.
func New(cfg Config) (*Desk, error) {
	if len(cfg.Code) != 10 || cfg.Platform == nil || cfg.Store == nil || cfg.Now == nil {
		return nil, errors.New("reception: a field of the config is missing")
	}
	return &Desk{cfg}, nil
}

// Challenge gets a challenge for a patient's card. That the platform is silent is a
// *medical.Refused.
func (d *Desk) Challenge(ctx context.Context) (string, error) {
	nonce, err := d.Platform.Challenge(ctx)
	return nonce, medical.Heard(err, medical.PlatformSilent)
}

// Arrive takes a patient in whose card answered. Whatever the platform says, the visit is
// kept: with what was confirmed, or with the reason why nothing was.
func (d *Desk) Arrive(ctx context.Context, nonce string, token []byte) (Visit, error) {
	answer, err := d.Platform.Confirm(ctx, nonce, token)
	return d.add(ctx, func(v *Visit) { v.take(answer, err) })
}

// Trouble takes a patient in whose card gave no answer, by the code for why: the card
// agent's, or medical.PlatformSilent.
func (d *Desk) Trouble(ctx context.Context, code string) (Visit, error) {
	return d.add(ctx, func(v *Visit) { v.State, v.Reason = Attention, code })
}

func (d *Desk) add(ctx context.Context, fill func(*Visit)) (Visit, error) {
	now := d.Now().UTC()
	v := Visit{At: now, Day: medical.DateOf(now)}
	fill(&v)
	return d.Store.Add(ctx, v)
}

// take writes an answer of the platform's, or its refusal, into a visit.
func (v *Visit) take(a medical.Answer, err error) {
	v.Reason = ""
	if r, ok := errors.AsType[*medical.Refused](medical.Heard(err, medical.PlatformSilent)); ok {
		v.State, v.Reason, v.Steps = Attention, r.Code, r.Steps
		if r.Inquiry != "" {
			v.Inquiry = r.Inquiry
		}
		return
	}
	v.Answer, v.Inquiry, v.Steps, v.State = &a, a.Inquiry, a.Steps, Asking
	if len(a.Results) > 0 {
		v.Name = a.Results[0].Name
	}
	switch a.Validity {
	case medical.NoneFound:
		v.Reason = ReasonNone
	case medical.SeveralFound:
		v.Reason = ReasonSeveral
	case medical.InvalidReplaced:
		v.Reason = ReasonReplaced
	case medical.Invalid:
		v.Reason = ReasonInvalid
		if a.Results[0].LossReason == medical.LostToOther {
			v.Reason = ReasonNotNewer
		}
	}
	if v.Reason != "" {
		v.State = Attention
	}
}

// MayLink reports that the patient may give the numbers of a notice: no insurer is linked
// with the card, those that are no longer insure, or the insurance has just changed.
func (v Visit) MayLink() bool {
	switch v.Reason {
	case "":
		return v.State == Asking
	case ReasonNone, ReasonInvalid, ReasonNotNewer, medical.NoMember, medical.UnknownInsurer:
		return v.State == Attention && v.Inquiry != ""
	}
	return false
}

// Link asks the platform to link the card of a visit with an insured person.
func (d *Desk) Link(ctx context.Context, id int64, m medical.Member) (Visit, error) {
	v, err := d.Store.Visit(ctx, id)
	if err != nil {
		return Visit{}, err
	}
	if !v.MayLink() {
		return Visit{}, ErrState
	}
	answer, err := d.Platform.Link(ctx, v.Inquiry, m)
	return d.Store.Change(ctx, id, func(v *Visit) error {
		if !v.MayLink() {
			return ErrState
		}
		v.take(answer, err)
		return nil
	})
}

// MayConsent reports that the patient may be asked for consents: eligibility is
// confirmed, by a certificate that is valid.
func (v Visit) MayConsent() bool { return v.State == Asking && v.Answer != nil && !v.Answer.Expired() }

// Finish ends a patient's turn at the terminal with what was consented to.
func (d *Desk) Finish(ctx context.Context, id int64, to ...medical.Item) (Visit, error) {
	v, err := d.Store.Change(ctx, id, func(v *Visit) error {
		if v.State != Asking {
			return ErrState
		}
		if v.MayConsent() {
			v.Consents = medical.NewConsents(d.Now(), to...)
		}
		v.State = Confirmed
		return nil
	})
	if err != nil {
		return Visit{}, err
	}
	return v, d.hand(ctx, v)
}

// NotMe notes that the card is somebody else's: nothing of that person is kept.
func (d *Desk) NotMe(ctx context.Context, id int64) (Visit, error) {
	return d.Store.Change(ctx, id, func(v *Visit) error {
		if v.State != Asking && v.State != Attention {
			return ErrState
		}
		v.State, v.Reason, v.Name, v.Answer, v.Steps = Attention, ReasonNotMe, "", nil, nil
		return nil
	})
}

// Leave ends a turn at the terminal that nobody finished.
func (d *Desk) Leave(ctx context.Context, id int64) error {
	_, err := d.Store.Change(ctx, id, func(v *Visit) error {
		if v.State == Asking {
			v.State = Gone
		}
		return nil
	})
	return err
}

// hand hands an answer to the receipt computer. What cannot be handed over now is handed
// over by Sweep.
func (d *Desk) hand(ctx context.Context, v Visit) error {
	if d.Hand == nil || v.Answer == nil || v.Handed {
		return nil
	}
	content, err := d.xml(v)
	if err != nil {
		return err
	}
	if d.Hand(medical.FileName(*v.Answer), content) != nil {
		return nil
	}
	_, err = d.Store.Change(ctx, v.ID, func(v *Visit) error { v.Handed = true; return nil })
	return err
}

// Sweep hands over what could not be handed to the receipt computer.
func (d *Desk) Sweep(ctx context.Context) error {
	if d.Hand == nil {
		return nil
	}
	all, err := d.Store.Unhanded(ctx, shown)
	for _, v := range all {
		err = errors.Join(err, d.hand(ctx, v))
	}
	return err
}

// XML gives the answer about a visit as the receipt computer reads it, or ErrAnswer.
func (d *Desk) XML(ctx context.Context, id int64) (name string, content []byte, err error) {
	v, err := d.Store.Visit(ctx, id)
	switch {
	case err != nil:
		return "", nil, err
	case v.Answer == nil || v.State == Asking:
		return "", nil, ErrAnswer
	}
	content, err = d.xml(v)
	return medical.FileName(*v.Answer), content, err
}

func (d *Desk) xml(v Visit) ([]byte, error) {
	return medical.XML(*v.Answer, v.Consents, d.Code, v.Answer.Inquiry)
}

// shown is how many visits of former days are shown, or handed over at once.
const shown = 50

// Queue is the day as the staff see it: those who wait for them on top.
type Queue struct {
	Day     medical.Date
	Waiting []Visit // of today, and what is open from before
	Done    []Visit // of today
	Before  []Visit // confirmed on former days
	Full    bool    // there are more today than are listed
}

// listed is how many of today are listed, of those who wait and of the others.
const listed = 200

// Queue gives today's.
func (d *Desk) Queue(ctx context.Context) (Queue, error) {
	q := Queue{Day: medical.DateOf(d.Now())}
	var err error
	if q.Waiting, err = d.Store.Open(ctx, q.Day, listed); err != nil {
		return Queue{}, err
	}
	if q.Done, err = d.Store.Day(ctx, q.Day, listed); err != nil {
		return Queue{}, err
	}
	q.Full = len(q.Waiting) == listed || len(q.Done) == listed
	q.Before, err = d.Store.Before(ctx, q.Day, shown)
	return q, err
}

// Visit gives a visit, or ErrNoVisit.
func (d *Desk) Visit(ctx context.Context, id int64) (Visit, error) { return d.Store.Visit(ctx, id) }

// Ping reports whether the records can be reached.
func (d *Desk) Ping() error { return d.Store.Ping() }

// told checks what somebody was told at the desk.
func told(text string) bool { return jpki.CheckLine(text, 60) == nil }
