package reception_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"example.jp/jpkimock/internal/fuse"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/medical/reception"
)

// outOfOrder is a store of which one call fails.
type outOfOrder struct {
	reception.Store
	*fuse.Fuse
}

func (o outOfOrder) Add(ctx context.Context, v reception.Visit) (reception.Visit, error) {
	return fuse.Call(o.Fuse, func() (reception.Visit, error) { return o.Store.Add(ctx, v) })
}

func (o outOfOrder) Change(ctx context.Context, id int64, change func(*reception.Visit) error) (reception.Visit, error) {
	return fuse.Call(o.Fuse, func() (reception.Visit, error) { return o.Store.Change(ctx, id, change) })
}

func (o outOfOrder) Visit(ctx context.Context, id int64) (reception.Visit, error) {
	return fuse.Call(o.Fuse, func() (reception.Visit, error) { return o.Store.Visit(ctx, id) })
}

func (o outOfOrder) Day(ctx context.Context, day medical.Date, limit int) ([]reception.Visit, error) {
	return fuse.Call(o.Fuse, func() ([]reception.Visit, error) { return o.Store.Day(ctx, day, limit) })
}

func (o outOfOrder) Open(ctx context.Context, to medical.Date, limit int) ([]reception.Visit, error) {
	return fuse.Call(o.Fuse, func() ([]reception.Visit, error) { return o.Store.Open(ctx, to, limit) })
}

func (o outOfOrder) Before(ctx context.Context, day medical.Date, limit int) ([]reception.Visit, error) {
	return fuse.Call(o.Fuse, func() ([]reception.Visit, error) { return o.Store.Before(ctx, day, limit) })
}

func (o outOfOrder) Unhanded(ctx context.Context, limit int) ([]reception.Visit, error) {
	return fuse.Call(o.Fuse, func() ([]reception.Visit, error) { return o.Store.Unhanded(ctx, limit) })
}

func (o outOfOrder) Ping() error {
	return o.Do(func() error { return o.Store.Ping() })
}

// Whichever call of the store fails, an act at the desk fails with it, and can be done again.
func TestNoFailureAtTheDeskIsSwallowed(t *testing.T) {
	r, f := newRoom(t), &fuse.Fuse{}
	ctx := t.Context()
	r.Store = outOfOrder{r.Store, f}
	try := func(what string, act func() error) {
		t.Helper()
		f.Everywhere(t, what, func() func() error { return act })
	}
	// each time somebody else arrives, in the state that the act needs
	with := func(what string, prepare func() reception.Visit, act func(id int64) error) {
		t.Helper()
		f.Everywhere(t, what, func() func() error {
			id := prepare().ID
			return func() error { return act(id) }
		})
	}
	valid := func() reception.Visit { r.says(medical.Valid, nil); return r.arrives() }
	none := func() reception.Visit { r.says(medical.NoneFound, nil); return r.arrives() }
	paper := func() reception.Visit {
		v, err := r.TakeByPaper(ctx, none().ID, reception.Paper{Way: reception.InFull, Name: "森　由美"})
		webtest.Must(t, err)
		r.says(medical.Valid, nil)
		return v
	}
	r.says(medical.Valid, nil)
	try("arrive", func() error { _, err := r.Arrive(ctx, "nonce", nil); return err })
	try("trouble", func() error { _, err := r.Trouble(ctx, "pin_blocked"); return err })
	with("link", none, func(id int64) error { _, err := r.Link(ctx, id, member); return err })
	with("not me", valid, func(id int64) error { _, err := r.NotMe(ctx, id); return err })
	with("leave", valid, func(id int64) error { return r.Leave(ctx, id) })
	with("finish", valid, func(id int64) error { _, err := r.Finish(ctx, id); return err })
	with("paper", none, func(id int64) error {
		_, err := r.TakeByPaper(ctx, id, reception.Paper{Way: reception.InFull, Name: "森　由美"})
		return err
	})
	with("settle", paper, func(id int64) error { _, err := r.Settle(ctx, id, member); return err })
	with("visit", valid, func(id int64) error { _, err := r.Visit(ctx, id); return err })
	try("queue", func() error { _, err := r.Queue(ctx); return err })
	f.Arm(0)
	v, err := r.Finish(ctx, valid().ID)
	webtest.Must(t, err)
	try("file", func() error { _, _, err := r.XML(ctx, v.ID); return err })
	f.Everywhere(t, "sweep", func() func() error {
		r.noDisk = errors.New("no disk")
		_, err := r.Finish(ctx, valid().ID)
		webtest.Must(t, err)
		r.noDisk = nil
		return func() error { return r.Sweep(ctx) }
	})
	try("ping", r.Ping)
}

// What a reception is not opened without.
func TestWhatAReceptionNeeds(t *testing.T) {
	r := newRoom(t)
	for name, change := range map[string]func(*reception.Config){
		"a code of nine": func(c *reception.Config) { c.Code = "991000001" }, "a code of eleven": func(c *reception.Config) { c.Code = "99100000111" },
		"no platform": func(c *reception.Config) { c.Platform = nil }, "no store": func(c *reception.Config) { c.Store = nil }, "no clock": func(c *reception.Config) { c.Now = nil },
	} {
		cfg := r.Config
		change(&cfg)
		if _, err := reception.New(cfg); err == nil {
			t.Errorf("%s: opened", name)
		}
	}
	cfg := r.Config
	cfg.Hand = nil
	desk, err := reception.New(cfg)
	webtest.Must(t, err)
	r.Desk = desk
	r.says(medical.Valid, nil)
	if v, err := r.Finish(t.Context(), r.arrives().ID); err != nil || v.State != reception.Confirmed || v.Handed {
		t.Errorf("without a receipt computer: %+v, %v", v, err)
	}
	if err := r.Sweep(t.Context()); err != nil || len(r.files) != 0 {
		t.Errorf("%v, %v", r.files, err)
	}
}

// A platform that is silent says so, and what it refuses is told as it is.
func TestAChallengeIsThePlatforms(t *testing.T) {
	r := newRoom(t)
	if nonce, err := r.Challenge(t.Context()); err != nil || nonce != "nonce" {
		t.Errorf("%q, %v", nonce, err)
	}
	for _, c := range []struct {
		says error
		want string
	}{{errors.New("no answer"), medical.PlatformSilent}, {&medical.Refused{Code: "busy"}, "busy"}} {
		r.platform.err = c.says
		_, err := r.Challenge(t.Context())
		if refused, ok := errors.AsType[*medical.Refused](err); !ok || refused.Code != c.want {
			t.Errorf("%v: %v, want %s", c.says, err, c.want)
		}
	}
}

// In which state which act at the desk is possible.
func TestWhatAVisitAllows(t *testing.T) {
	states := map[reception.State]func(*room) reception.Visit{
		reception.Asking:    func(r *room) reception.Visit { r.says(medical.Valid, nil); return r.arrives() },
		reception.Attention: func(r *room) reception.Visit { r.says(medical.NoneFound, nil); return r.arrives() },
	}
	states[reception.Confirmed] = func(r *room) reception.Visit {
		v, err := r.Finish(r.Context(), states[reception.Asking](r).ID)
		webtest.Must(r.T, err)
		return v
	}
	states[reception.OnPaper] = func(r *room) reception.Visit {
		v, err := r.TakeByPaper(r.Context(), states[reception.Attention](r).ID, reception.Paper{Way: reception.ByWord, Name: "森", Share: 10})
		webtest.Must(r.T, err)
		return v
	}
	states[reception.Settled] = func(r *room) reception.Visit {
		v := states[reception.OnPaper](r)
		r.says(medical.Valid, nil)
		v, err := r.Settle(r.Context(), v.ID, member)
		webtest.Must(r.T, err)
		return v
	}
	states[reception.Gone] = func(r *room) reception.Visit {
		v := states[reception.Asking](r)
		webtest.Must(r.T, r.Leave(r.Context(), v.ID))
		return v
	}
	for act, c := range map[string]struct {
		do func(*room, int64) error
		in []reception.State
	}{
		"link":   {func(r *room, id int64) error { _, err := r.Link(r.Context(), id, member); return err }, []reception.State{reception.Asking, reception.Attention}},
		"finish": {func(r *room, id int64) error { _, err := r.Finish(r.Context(), id); return err }, []reception.State{reception.Asking}},
		"not me": {func(r *room, id int64) error { _, err := r.NotMe(r.Context(), id); return err }, []reception.State{reception.Asking, reception.Attention}},
		"paper": {func(r *room, id int64) error {
			_, err := r.TakeByPaper(r.Context(), id, reception.Paper{Way: reception.ByDeclaration, Name: "森", Share: 20})
			return err
		}, []reception.State{reception.Attention}},
		"settle": {func(r *room, id int64) error { _, err := r.Settle(r.Context(), id, member); return err }, []reception.State{reception.OnPaper}},
	} {
		may := map[reception.State]bool{}
		for _, s := range c.in {
			may[s] = true
		}
		for state, make := range states {
			r := newRoom(t)
			v := make(r)
			before, err := r.Visit(t.Context(), v.ID)
			webtest.Must(t, err)
			if before.State != state {
				t.Fatalf("%s is %s", state, before.State)
			}
			r.says(medical.Valid, nil)
			if err := c.do(r, v.ID); (err == nil) != may[state] || err != nil && !errors.Is(err, reception.ErrState) {
				t.Errorf("%s in state %s: %v", act, state, err)
			}
			if err := c.do(r, v.ID+100); !errors.Is(err, reception.ErrNoVisit) {
				t.Errorf("%s of no visit: %v", act, err)
			}
		}
	}
	// Who leaves in another state than Asking stays what they are.
	r := newRoom(t)
	v := states[reception.Attention](r)
	webtest.Must(t, r.Leave(t.Context(), v.ID))
	if v, err := r.Visit(t.Context(), v.ID); err != nil || v.State != reception.Attention {
		t.Errorf("%+v, %v", v, err)
	}
}

// The receipt computer gets a file of what was answered, once the turn has ended.
func TestTheFileOfAVisit(t *testing.T) {
	r := newRoom(t)
	r.says(medical.Valid, nil)
	v := r.arrives()
	if _, _, err := r.XML(t.Context(), v.ID); !errors.Is(err, reception.ErrAnswer) {
		t.Errorf("before the turn has ended: %v", err)
	}
	_, err := r.Finish(t.Context(), v.ID)
	webtest.Must(t, err)
	name, content, err := r.XML(t.Context(), v.ID)
	if err != nil || r.files[name] != string(content) || !strings.Contains(string(content), "<Name>森　由美<") {
		t.Errorf("%s: %s, %v; handed %v", name, content, err, r.files)
	}
	silent, err := r.Trouble(t.Context(), "card_removed")
	if err != nil || silent.State != reception.Attention || silent.Reason != "card_removed" {
		t.Errorf("%+v, %v", silent, err)
	}
	if _, _, err := r.XML(t.Context(), silent.ID); !errors.Is(err, reception.ErrAnswer) {
		t.Errorf("without an answer: %v", err)
	}
	if _, _, err := r.XML(t.Context(), 999); !errors.Is(err, reception.ErrNoVisit) {
		t.Errorf("no visit: %v", err)
	}
}

// The shares a patient may name, and a name of sixty characters.
func TestTheBoundsOfThePaperWay(t *testing.T) {
	r := newRoom(t)
	r.says(medical.NoneFound, nil)
	for share, want := range map[int]error{0: reception.ErrPaper, 9: reception.ErrPaper, 10: nil, 11: reception.ErrPaper, 20: nil, 30: nil, 40: reception.ErrPaper, 100: reception.ErrPaper} {
		if _, err := r.TakeByPaper(t.Context(), r.arrives().ID, reception.Paper{Way: reception.ByWord, Name: "森", Share: share}); !errors.Is(err, want) {
			t.Errorf("%d per cent: %v, want %v", share, err, want)
		}
	}
	for length, want := range map[int]error{1: nil, 60: nil, 61: reception.ErrPaper} {
		p := reception.Paper{Way: reception.InFull, Name: strings.Repeat("森", length)}
		if v, err := r.TakeByPaper(t.Context(), r.arrives().ID, p); !errors.Is(err, want) || err == nil && v.Paper.At.IsZero() {
			t.Errorf("a name of %d: %+v, %v, want %v", length, v.Paper, err, want)
		}
	}
}

// What happens to a visit while the platform is asked about it counts; and it is not asked
// where the visit does not allow it.
func TestAVisitThatChangesMeanwhile(t *testing.T) {
	r := newRoom(t)
	r.says(medical.NoneFound, nil)
	linking := r.arrives()
	r.says(medical.Valid, nil)
	r.platform.meanwhile = func() { _, err := r.NotMe(t.Context(), linking.ID); webtest.Must(t, err) }
	if _, err := r.Link(t.Context(), linking.ID, member); !errors.Is(err, reception.ErrState) {
		t.Errorf("linked: %v", err)
	}
	if v, err := r.Visit(t.Context(), linking.ID); err != nil || v.Reason != reception.ReasonNotMe || v.Answer != nil {
		t.Errorf("%+v, %v", v, err)
	}
	asked := len(r.platform.linked)
	if _, err := r.Link(t.Context(), linking.ID, member); !errors.Is(err, reception.ErrState) || len(r.platform.linked) != asked {
		t.Errorf("linked again: %v, asked %v", err, r.platform.linked)
	}
	r.says(medical.NoneFound, nil)
	paper, err := r.TakeByPaper(t.Context(), r.arrives().ID, reception.Paper{Way: reception.InFull, Name: "森　由美"})
	webtest.Must(t, err)
	r.says(medical.Valid, nil)
	r.platform.meanwhile = func() { _, err := r.Settle(t.Context(), paper.ID, member); webtest.Must(t, err) }
	if _, err := r.Settle(t.Context(), paper.ID, member); !errors.Is(err, reception.ErrState) {
		t.Errorf("settled by two: %v", err)
	}
	if _, err := r.Settle(t.Context(), paper.ID, member); !errors.Is(err, reception.ErrState) || r.platform.byNumber != 2 {
		t.Errorf("settled again: %v, asked %d times", err, r.platform.byNumber)
	}
}

// A refusal that names an inquiry may be followed by the numbers of a notice; one that names
// none leaves the inquiry that is known.
func TestTheInquiryOfAVisit(t *testing.T) {
	r := newRoom(t)
	for inquiry, mayLink := range map[string]bool{"": false, "first": true} {
		r.platform.err = &medical.Refused{Code: medical.NoMember, Inquiry: inquiry}
		if v := r.arrives(); v.Inquiry != inquiry || v.MayLink() != mayLink {
			t.Errorf("%q: %+v, may link %t", inquiry, v, v.MayLink())
		}
	}
	r.says(medical.NoneFound, nil)
	v := r.arrives()
	for _, c := range []struct{ says, want string }{{"", "inquiry"}, {"second", "second"}, {"", "second"}} {
		r.platform.err = &medical.Refused{Code: medical.NoMember, Inquiry: c.says}
		after, err := r.Link(t.Context(), v.ID, member)
		if err != nil || after.Inquiry != c.want {
			t.Errorf("after %q: %q, %v", c.says, after.Inquiry, err)
		}
	}
}

// A queue of two hundred is full, and says so.
func TestAFullQueue(t *testing.T) {
	r := newRoom(t)
	for n := 1; n <= 200; n++ {
		_, err := r.Trouble(t.Context(), "card_removed")
		webtest.Must(t, err)
		if n < 199 {
			continue
		}
		if q, err := r.Queue(t.Context()); err != nil || len(q.Waiting) != n || q.Full != (n == 200) {
			t.Errorf("%d wait, full %t, %v", len(q.Waiting), q.Full, err)
		}
	}
}
