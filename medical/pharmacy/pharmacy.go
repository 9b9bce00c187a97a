// Package pharmacy is the counter of a pharmacy (保険薬局). While a patient's card lies on
// its terminal it sees the prescriptions at the inquiry system, takes them and dispenses.
// Its own books say which dispensing it asked for and what came of it, and nothing of
// what a prescription says.
package pharmacy

import (
	"context"
	"errors"
	"slices"
	"time"

	"example.jp/jpkimock/internal/held"
	"example.jp/jpkimock/medical"
)

// State is how far an act of the books has come.
type State string

// The states.
const (
	InDoubt  State = "in_doubt" // asked for; the inquiry system has not answered
	Done     State = "done"
	NotDone  State = "not_done" // refused, or settled that it did not take place
	Received State = "received" // taken, and neither dispensed nor given back
	Returned State = "returned"
)

// Entry is a line of the books: a prescription that was taken, or a dispensing.
type Entry struct {
	Key          string // of the dispensing; the prescription's ID if it was taken
	Prescription string
	At           time.Time
	State
}

// Books keep the entries. What a method has returned without an error is committed.
type Books interface {
	// Put writes an entry, over the one with its key.
	Put(ctx context.Context, e Entry) error
	// List gives the newest entries, of one state if it is not "".
	List(ctx context.Context, state State, limit int) ([]Entry, error)
	Ping() error
}

// Inquiry is the inquiry system as the pharmacy reaches it. An error that is a
// *medical.Refused is its answer; any other is silence.
type Inquiry interface {
	Challenge(ctx context.Context) (medical.Presented, error)
	Open(ctx context.Context, in medical.Presented) (medical.Opened, error)
	Copied(ctx context.Context, in medical.Copy) (medical.Opened, error)
	List(ctx context.Context, in medical.Act) ([]medical.Prescription, error)
	Close(ctx context.Context, in medical.Act) error
	Act(ctx context.Context, in medical.Act) (medical.Prescription, error)
	Settle(ctx context.Context, in medical.Act) (medical.Settled, error)
}

// Config is what a counter is made of; all fields are required.
type Config struct {
	Inquiry Inquiry
	Books   Books
	Now     func() time.Time
	// There reports whether the card that a presence token is about still lies there.
	There func(ctx context.Context, presence string) bool
}

// Touch is a card on the pharmacy's terminal.
type Touch struct {
	Name     string
	At       time.Time
	Presence string
	Copy     bool   // no card lies there: the numbers of a copy opened it
	Who      string // the pharmacist who looks or acts now
	medical.Opened
}

// Counter is a counter at work. Which cards lie there is in its memory alone.
type Counter struct {
	Config
	touches *held.Box[Touch]
}

// touchLife is how long a card lies there at most.
const touchLife = 10 * time.Minute

// New opens a counter over its books.
func New(cfg Config) (*Counter, error) {
	if cfg.Inquiry == nil || cfg.Books == nil || cfg.Now == nil || cfg.There == nil {
		return nil, errors.New("pharmacy: a field of the config is missing")
	}
	return &Counter{cfg, held.New(held.Config[Touch]{Now: cfg.Now, Life: touchLife, Max: 1000})}, nil
}

// heard gives an error of the inquiry system's as a refusal; its silence is one.
func heard(err error) error { return medical.Heard(err, medical.PrescriptionsSilent) }

// Challenge gets a challenge for a patient's card.
func (c *Counter) Challenge(ctx context.Context) (string, error) {
	p, err := c.Inquiry.Challenge(ctx)
	return p.Nonce, heard(err)
}

// Lay takes the answer of a card that was laid on the terminal. A program's, with no
// presence to watch, lies there until its time is over.
func (c *Counter) Lay(ctx context.Context, in medical.Presented, presence string) (Touch, error) {
	opened, err := c.Inquiry.Open(ctx, in)
	return c.opened(Touch{Presence: presence, Opened: opened}, err)
}

// Copied opens one prescription by the numbers of the patient's copy (引換番号), in place of
// a card.
func (c *Counter) Copied(ctx context.Context, in medical.Copy) (Touch, error) {
	var err error
	if in.Member.Insurer, err = medical.ParseInsurerNumber(string(in.Member.Insurer)); err != nil {
		return Touch{}, &medical.Refused{Code: medical.NoPrescription}
	}
	opened, err := c.Inquiry.Copied(ctx, in)
	return c.opened(Touch{Copy: true, Opened: opened}, err)
}

func (c *Counter) opened(t Touch, err error) (Touch, error) {
	if err != nil {
		return Touch{}, heard(err)
	}
	t.Name, t.At = held.Name(), c.Now()
	return t, c.touches.Put(t.Name, t)
}

// Touches gives the cards that lie there, the latest first. Those that do not any more are
// forgotten, here and at the inquiry system.
func (c *Counter) Touches(ctx context.Context) (all []Touch) {
	for _, t := range slices.Backward(c.touches.All()) {
		if c.there(ctx, t) {
			all = append(all, t)
		}
	}
	return all
}

func (c *Counter) there(ctx context.Context, t Touch) bool {
	if c.Now().Before(t.Until) && (t.Presence == "" || c.There(ctx, t.Presence)) {
		return true
	}
	c.Leave(ctx, t.Name)
	return false
}

// Leave ends a touch. That the inquiry system does not hear of it does not matter: what
// it gave ends by itself.
func (c *Counter) Leave(ctx context.Context, name string) {
	if t, err := c.touches.Take(name, nil); err == nil {
		_ = c.Inquiry.Close(ctx, medical.Act{Grant: t.Grant})
	}
}

// Touch gives a card that lies there, or medical.NoGrant.
func (c *Counter) Touch(ctx context.Context, name string) (Touch, error) {
	t, err := c.touches.Look(name)
	if err != nil || !c.there(ctx, t) {
		return Touch{}, &medical.Refused{Code: medical.NoGrant}
	}
	return t, nil
}

// List gives the prescriptions of the patient whose card lies there.
func (c *Counter) List(ctx context.Context, t Touch) ([]medical.Prescription, error) {
	all, err := c.Inquiry.List(ctx, medical.Act{Grant: t.Grant, Who: t.Who})
	return all, heard(err)
}

// Accept takes a prescription (受付), so that no other pharmacy can. The books say so
// first, so that it can be given back whatever happens in between.
func (c *Counter) Accept(ctx context.Context, t Touch, id string) error {
	return c.act(ctx, medical.Act{Do: medical.DoAccept, Grant: t.Grant, Who: t.Who, ID: id, Key: id}, Received, Received, NotDone)
}

// Release gives a prescription back (受付取消), also when the card is gone. One that is
// refused is not with this pharmacy any more.
func (c *Counter) Release(ctx context.Context, id, who string) error {
	return c.act(ctx, medical.Act{Do: medical.DoRelease, Who: who, ID: id, Key: id}, Received, Returned, Returned)
}

// Dispense dispenses lines of a prescription (調剤). The books say so before the inquiry
// system is asked: whatever happens in between, Settle finds out what came of it.
func (c *Counter) Dispense(ctx context.Context, t Touch, id string, lines []int) error {
	in := medical.Act{Do: medical.DoDispense, Grant: t.Grant, Who: t.Who, ID: id, Key: held.Name(), Lines: lines}
	if err := c.act(ctx, in, InDoubt, Done, NotDone); err != nil {
		return err
	}
	return c.Books.Put(ctx, Entry{id, id, c.Now().UTC(), Done})
}

// act writes the books before and after it asks the inquiry system for an act. Without an
// answer they stay as they were before.
func (c *Counter) act(ctx context.Context, in medical.Act, before, done, refused State) error {
	e := Entry{in.Key, in.ID, c.Now().UTC(), before}
	if err := c.Books.Put(ctx, e); err != nil {
		return err
	}
	_, err := c.Inquiry.Act(ctx, in)
	if e.State = done; err != nil {
		e.State = refused
	}
	if _, answered := errors.AsType[*medical.Refused](err); err != nil && !answered {
		return heard(err)
	}
	return errors.Join(c.Books.Put(ctx, e), err)
}

// Settle asks the inquiry system what came of the dispensings in doubt.
func (c *Counter) Settle(ctx context.Context) error {
	all, err := c.Books.List(ctx, InDoubt, shown)
	for _, e := range all {
		s, failed := c.Inquiry.Settle(ctx, medical.Act{ID: e.Prescription, Key: e.Key})
		if e.State = NotDone; s.Done {
			e.State = Done
		}
		if failed == nil {
			failed = c.Books.Put(ctx, e)
		}
		if failed == nil && s.Done {
			failed = c.Books.Put(ctx, Entry{e.Prescription, e.Prescription, e.At, Done})
		}
		err = errors.Join(err, failed)
	}
	return err
}

// shown is how many entries of the books are shown, or settled at once.
const shown = 200

// Book gives the newest entries.
func (c *Counter) Book(ctx context.Context) ([]Entry, error) { return c.Books.List(ctx, "", shown) }
