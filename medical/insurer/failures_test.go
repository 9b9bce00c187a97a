package insurer_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/fuse"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/medical/insurer"
)

// outOfOrder is a store of which one call fails.
type outOfOrder struct {
	insurer.Store
	*fuse.Fuse
}

func (o outOfOrder) Add(ctx context.Context, p insurer.Insured) (insurer.Insured, error) {
	return fuse.Call(o.Fuse, func() (insurer.Insured, error) { return o.Store.Add(ctx, p) })
}

func (o outOfOrder) Lose(ctx context.Context, id int64, on medical.Date, why medical.LossReason) error {
	return o.Do(func() error { return o.Store.Lose(ctx, id, on, why) })
}

func (o outOfOrder) Insured(ctx context.Context, id int64) (insurer.Insured, error) {
	return fuse.Call(o.Fuse, func() (insurer.Insured, error) { return o.Store.Insured(ctx, id) })
}

func (o outOfOrder) ByMember(ctx context.Context, m medical.Member) (insurer.Insured, error) {
	return fuse.Call(o.Fuse, func() (insurer.Insured, error) { return o.Store.ByMember(ctx, m) })
}

func (o outOfOrder) All(ctx context.Context, begins string, limit int) ([]insurer.Insured, error) {
	return fuse.Call(o.Fuse, func() ([]insurer.Insured, error) { return o.Store.All(ctx, begins, limit) })
}

func (o outOfOrder) ByCertificate(ctx context.Context, serial jpki.SerialNumber) (insurer.Insured, error) {
	return fuse.Call(o.Fuse, func() (insurer.Insured, error) { return o.Store.ByCertificate(ctx, serial) })
}

func (o outOfOrder) Link(ctx context.Context, id int64, serial jpki.SerialNumber, at time.Time) error {
	return o.Do(func() error { return o.Store.Link(ctx, id, serial, at) })
}

func (o outOfOrder) Relink(ctx context.Context, id int64, serial jpki.SerialNumber, at time.Time) error {
	return o.Do(func() error { return o.Store.Relink(ctx, id, serial, at) })
}

func (o outOfOrder) Unlink(ctx context.Context, id int64, at time.Time) error {
	return o.Do(func() error { return o.Store.Unlink(ctx, id, at) })
}

func (o outOfOrder) Links(ctx context.Context, id int64) ([]insurer.Link, error) {
	return fuse.Call(o.Fuse, func() ([]insurer.Link, error) { return o.Store.Links(ctx, id) })
}

func (o outOfOrder) Write(ctx context.Context, e insurer.Entry) error {
	return o.Do(func() error { return o.Store.Write(ctx, e) })
}

func (o outOfOrder) Log(ctx context.Context, about insurer.Entry, limit int) ([]insurer.Entry, error) {
	return fuse.Call(o.Fuse, func() ([]insurer.Entry, error) { return o.Store.Log(ctx, about, limit) })
}

func (o outOfOrder) Ping() error {
	return o.Do(func() error { return o.Store.Ping() })
}

// Whichever call of the store fails, a question or an act of the staff fails with it, and
// nothing is told.
func TestNoFailureOfAnInsurerIsSwallowed(t *testing.T) {
	w, f := newTown(t), &fuse.Fuse{}
	ctx := t.Context()
	w.Store = outOfOrder{w.Store, f}
	p, entered := w.insures("1001"), w.insures("1002")
	asks := func(what, person string, m *medical.Member) {
		t.Helper()
		f.Everywhere(t, what, func() func() error {
			q := w.touches(person)
			q.Member = m
			return func() error {
				reply, err := w.Confirm(ctx, q)
				if err != nil && reply.Qualification != (medical.Qualification{}) {
					t.Errorf("%s: told all the same: %+v", what, reply)
				}
				return err
			}
		})
	}
	try := func(what string, act func() error) {
		t.Helper()
		f.Everywhere(t, what, func() func() error { return act })
	}
	asks("link", "hanako", &p.Member)
	asks("confirm", "hanako", nil)
	w.Renew("hanako")
	asks("confirm a renewed card", "hanako", nil)
	by := medical.ByNumber{Inquiry: "x", Institution: "薬局", Member: p.Member}
	try("by number", func() error { _, err := w.ConfirmByNumber(ctx, by); return err })
	try("holds", func() error { _, err := w.Holds(ctx, w.Card("hanako").Serial(jpki.UserAuthentication)); return err })
	try("file", func() error { _, err := w.File(ctx, p.ID); return err })
	try("register", func() error { _, err := w.Register(ctx, ""); return err })
	try("log", func() error { _, err := w.Office.Log(ctx, insurer.Entry{}); return err })
	try("ping", w.Store.Ping)
	// What the staff do and the log cannot take is done, and told as a failure.
	for what, act := range map[string]func() error{
		"lose":   func() error { return w.Office.Lose(ctx, entered.ID, "2026-03-01", medical.LostOtherwise) },
		"unlink": func() error { return w.Unlink(ctx, p.ID) },
		"enter": func() error {
			_, err := w.Enter(ctx, insurer.Insured{Qualification: withNumber(p.Qualification, "3001")})
			return err
		},
	} {
		for at := 1; at <= 3; at++ {
			f.Arm(at)
			err := act()
			if used := f.Used(); used >= at && !errors.Is(err, fuse.ErrBlown) {
				t.Errorf("%s, call %d out of order: %v", what, at, err)
			}
		}
		f.Arm(0)
	}
}

func withNumber(q medical.Qualification, number string) medical.Qualification {
	q.Number, q.LostOn = number, ""
	return q
}

// What an office is not opened without.
func TestWhatAnInsurerNeeds(t *testing.T) {
	w := newTown(t)
	for name, without := range map[string]func(*insurer.Config){
		"number": func(c *insurer.Config) { c.Number = "" }, "verifier": func(c *insurer.Config) { c.Verifier = nil }, "challenges": func(c *insurer.Config) { c.Challenges = nil },
		"linkage": func(c *insurer.Config) { c.Linkage = nil }, "store": func(c *insurer.Config) { c.Store = nil }, "clock": func(c *insurer.Config) { c.Now = nil },
	} {
		cfg := w.Config()
		without(&cfg)
		if _, err := insurer.New(cfg); err == nil {
			t.Errorf("opened without a %s", name)
		}
	}
}

// Config gives what the office is made of.
func (w *town) Config() insurer.Config { return w.Office.Config }

// A day of loss is after the day of qualification and given once.
func TestTheBoundsOfTheRegister(t *testing.T) {
	w := newTown(t)
	p := w.insures("1001")
	for on, want := range map[medical.Date]error{"2020-03-31": insurer.ErrLost, "2020-04-01": insurer.ErrLost, "2020-04-02": nil, "2026-02-30": insurer.ErrLost} {
		number := strings.ReplaceAll(string(on), "-", "")
		entered, err := w.Enter(t.Context(), insurer.Insured{Qualification: withNumber(p.Qualification, number)})
		webtest.Must(t, err)
		if err := w.Office.Lose(t.Context(), entered.ID, on, medical.LostOtherwise); !errors.Is(err, want) {
			t.Errorf("lost on %s: %v, want %v", on, err, want)
		}
	}
	if err := w.Office.Lose(t.Context(), 999, "2026-04-01", medical.LostOtherwise); !errors.Is(err, insurer.ErrNoInsured) {
		t.Errorf("nobody's loss: %v", err)
	}
	number := 4000
	for name, c := range map[string]struct {
		change func(*medical.Qualification)
		want   error
	}{
		"a name of 200":        {func(q *medical.Qualification) { q.Name = strings.Repeat("森", 200) }, nil},
		"a name of 201":        {func(q *medical.Qualification) { q.Name = strings.Repeat("森", 201) }, insurer.ErrDetails},
		"no kana":              {func(q *medical.Qualification) { q.Kana = "" }, insurer.ErrDetails},
		"no address":           {func(q *medical.Qualification) { q.Address = "" }, insurer.ErrDetails},
		"nobody's insurance":   {func(q *medical.Qualification) { q.InsuredName = "" }, insurer.ErrDetails},
		"a dependant":          {func(q *medical.Qualification) { q.Family = medical.Dependant }, nil},
		"issued the same day":  {func(q *medical.Qualification) { q.IssuedOn = "" }, nil},
		"issued on another":    {func(q *medical.Qualification) { q.IssuedOn = "2020-05-01" }, nil},
		"of another insurer's": {func(q *medical.Qualification) { q.Insurer = kokuho }, nil}, // who enters says whose it is
	} {
		number++
		q := withNumber(p.Qualification, fmt.Sprint(number))
		c.change(&q)
		want := q.IssuedOn
		if want == "" {
			want = q.QualifiedOn
		}
		entered, err := w.Enter(t.Context(), insurer.Insured{Qualification: q})
		if !errors.Is(err, c.want) || (err == nil) != (c.want == nil) || err == nil && (entered.IssuedOn != want || entered.Insurer != kenpo) {
			t.Errorf("%s: %+v, %v, want %v", name, entered, err, c.want)
		}
	}
}

// By numbers the card that is linked now is told, and of nobody nothing; the log has both.
func TestWhatIsToldByNumber(t *testing.T) {
	w := newTown(t)
	p := w.insures("1001")
	by := medical.ByNumber{Inquiry: "x", Institution: "薬局", Member: p.Member}
	if reply, err := w.ConfirmByNumber(t.Context(), by); err != nil || reply.Serial != "" || reply.Qualification.Member != p.Member {
		t.Errorf("before a card is linked: %+v, %v", reply, err)
	}
	by.Member.Number = "9999"
	_, err := w.ConfirmByNumber(t.Context(), by)
	if refused, ok := errors.AsType[*medical.Refused](err); !ok || refused.Code != medical.NoMember || refused.Inquiry != "x" {
		t.Errorf("nobody: %v", err)
	}
	log, err := w.Office.Log(t.Context(), insurer.Entry{Inquiry: "x"})
	webtest.Must(t, err)
	if len(log) != 2 || log[0].Code != medical.NoMember || log[0].Insured != 0 || log[1].Code != "" || log[1].Insured != p.ID || log[1].Act != insurer.ActByNumber || log[1].Institution != "薬局" {
		t.Errorf("the log says %+v", log)
	}
	if holds, err := w.Holds(t.Context(), "0A21FFFF"); err != nil || holds {
		t.Errorf("nobody's card holds: %t, %v", holds, err)
	}
}

// Whoever gives the numbers again with the same card is told the same, and the log tells a
// first use from the next.
func TestNumbersThatAreGivenAgain(t *testing.T) {
	w := newTown(t)
	p := w.insures("1001")
	for range 2 {
		q := w.touches("hanako")
		q.Member = &p.Member
		w.gives(q, p)
	}
	w.gives(w.touches("hanako"), p)
	log, err := w.Office.Log(t.Context(), insurer.Entry{Insured: p.ID})
	webtest.Must(t, err)
	var acts []insurer.Act
	for _, e := range log {
		acts = append(acts, e.Act)
	}
	if !slices.Equal(acts, []insurer.Act{insurer.ActConfirmed, insurer.ActLinked, insurer.ActLinked, insurer.ActEntered}) {
		t.Errorf("the log says %v", acts)
	}
	file, err := w.File(t.Context(), p.ID)
	webtest.Must(t, err)
	if len(file.Links) != 1 || file.InsurerName != w.Office.Name || len(file.Log) != 4 {
		t.Errorf("the file is %+v", file)
	}
}
