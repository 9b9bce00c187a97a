package pharmacy_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"example.jp/jpkimock/internal/fuse"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/medical/pharmacy"
)

// system is an inquiry system that answers as it is told, and writes down what it was asked.
type system struct {
	*fuse.Fuse // what blows is silence
	now        time.Time
	refuses    string // the code of its answer
	asked      []string
	did        []medical.Act
	done       map[string]bool // dispensings, by key
}

func (s *system) answer(what string) error {
	s.asked = append(s.asked, what)
	return s.Do(func() error {
		if s.refuses != "" {
			return &medical.Refused{Code: s.refuses}
		}
		return nil
	})
}

func (s *system) opened() medical.Opened {
	return medical.Opened{Grant: fmt.Sprint("grant ", len(s.asked)), Until: s.now.Add(5 * time.Minute)}
}

func (s *system) Challenge(context.Context) (medical.Presented, error) {
	return medical.Presented{Nonce: "nonce"}, s.answer("challenge")
}

func (s *system) Open(context.Context, medical.Presented) (medical.Opened, error) {
	err := s.answer("open")
	return s.opened(), err
}

func (s *system) Copied(_ context.Context, in medical.Copy) (medical.Opened, error) {
	err := s.answer("copied " + string(in.Member.Insurer))
	return s.opened(), err
}

func (s *system) List(_ context.Context, in medical.Act) ([]medical.Prescription, error) {
	return []medical.Prescription{{ID: "1"}}, s.answer("list " + in.Grant + " " + in.Who)
}

func (s *system) Close(_ context.Context, in medical.Act) error { return s.answer("close " + in.Grant) }

func (s *system) Act(_ context.Context, in medical.Act) (medical.Prescription, error) {
	s.did = append(s.did, in)
	return medical.Prescription{}, s.answer(in.Do)
}

func (s *system) Settle(_ context.Context, in medical.Act) (medical.Settled, error) {
	return medical.Settled{Done: s.done[in.Key]}, s.answer("settle")
}

// shelf is where the books are kept.
type shelf struct {
	*fuse.Fuse
	entries map[string]pharmacy.Entry
}

func (s *shelf) Put(_ context.Context, e pharmacy.Entry) error {
	return s.Do(func() error { s.entries[e.Key] = e; return nil })
}

func (s *shelf) List(_ context.Context, state pharmacy.State, _ int) ([]pharmacy.Entry, error) {
	return fuse.Call(s.Fuse, func() (all []pharmacy.Entry, err error) {
		for _, key := range slices.Sorted(maps.Keys(s.entries)) {
			if e := s.entries[key]; state == "" || e.State == state {
				all = append(all, e)
			}
		}
		return all, nil
	})
}

func (s *shelf) Ping() error { return nil }

// shop is a counter with its books, its inquiry system, and the cards that lie there.
type shop struct {
	*pharmacy.Counter
	system *system
	books  *shelf
	cards  map[string]bool
}

var morning = time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC)

func open(t *testing.T) *shop {
	t.Helper()
	s := &shop{system: &system{Fuse: &fuse.Fuse{}, now: morning, done: map[string]bool{}}, books: &shelf{&fuse.Fuse{}, map[string]pharmacy.Entry{}}, cards: map[string]bool{}}
	var err error
	s.Counter, err = pharmacy.New(pharmacy.Config{
		Inquiry: s.system, Books: s.books, Now: func() time.Time { return s.system.now }, There: func(_ context.Context, presence string) bool { return s.cards[presence] },
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// lays lays a card with a presence token, or a program's with none.
func (s *shop) lays(t *testing.T, presence string) pharmacy.Touch {
	t.Helper()
	s.cards[presence] = true
	touch, err := s.Lay(t.Context(), medical.Presented{Nonce: "nonce"}, presence)
	if err != nil {
		t.Fatal(err)
	}
	return touch
}

func code(err error) string {
	return webtest.Code(err, func(no *medical.Refused) string { return no.Code })
}

func wants(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

func TestWhatACounterNeeds(t *testing.T) {
	for name, without := range map[string]func(*pharmacy.Config){
		"inquiry system": func(c *pharmacy.Config) { c.Inquiry = nil }, "books": func(c *pharmacy.Config) { c.Books = nil },
		"clock": func(c *pharmacy.Config) { c.Now = nil }, "reader": func(c *pharmacy.Config) { c.There = nil },
	} {
		cfg := open(t).Config
		without(&cfg)
		if _, err := pharmacy.New(cfg); err == nil {
			t.Errorf("opened without a %s", name)
		}
	}
}

// A card is seen while it lies there and its grant lasts. What ended is closed once.
func TestACardThatLiesThere(t *testing.T) {
	s := open(t)
	ctx := t.Context()
	taken, program := s.lays(t, "a"), s.lays(t, "")
	s.system.now = morning.Add(time.Second)
	stays := s.lays(t, "b")
	if taken.Name == "" || taken.Name == stays.Name || !taken.At.Equal(morning) || taken.Copy {
		t.Errorf("laid %+v and %+v", taken, stays)
	}
	s.cards["a"] = false
	var names []string
	for _, touch := range s.Touches(ctx) {
		names = append(names, touch.Name)
	}
	if want := []string{stays.Name, program.Name}; !slices.Equal(names, want) {
		t.Errorf("lie there: %v, want %v", names, want)
	}
	if _, err := s.Touch(ctx, taken.Name); code(err) != medical.NoGrant {
		t.Errorf("a card that was taken away: %v", err)
	}
	if found, err := s.Touch(ctx, stays.Name); err != nil || found.Grant != stays.Grant {
		t.Errorf("a card that lies there: %+v, %v", found, err)
	}
	s.system.now = stays.Until // to the instant
	if _, err := s.Touch(ctx, stays.Name); code(err) != medical.NoGrant {
		t.Errorf("a grant that is over: %v", err)
	}
	s.Leave(ctx, taken.Name) // a second time
	if want := []string{"open", "open", "open", "close " + taken.Grant, "close " + stays.Grant}; !slices.Equal(s.system.asked, want) {
		t.Errorf("asked %v, want %v", s.system.asked, want)
	}
}

func TestNumbersOfACopy(t *testing.T) {
	s := open(t)
	in := medical.Copy{Member: medical.Member{Insurer: "138016"}, Code: "123456"} // six digits, as an old card has them
	touch, err := s.Copied(t.Context(), in)
	if err != nil || !touch.Copy || touch.Name == "" {
		t.Errorf("%+v, %v", touch, err)
	}
	if want := []string{"copied 00138016"}; !slices.Equal(s.system.asked, want) {
		t.Errorf("asked %v, want %v", s.system.asked, want)
	}
	in.Member.Insurer = "138017"
	if _, err := s.Copied(t.Context(), in); code(err) != medical.NoPrescription || len(s.system.asked) != 1 {
		t.Errorf("a wrong check digit: %v, asked %v", err, s.system.asked)
	}
}

// What the inquiry system refuses is told as it said it; its silence has a code of its own.
func TestTheInquirySystemIsHeard(t *testing.T) {
	for name, ask := range map[string]func(*shop, context.Context) error{
		"challenge": func(s *shop, ctx context.Context) error { _, err := s.Challenge(ctx); return err },
		"lay":       func(s *shop, ctx context.Context) error { _, err := s.Lay(ctx, medical.Presented{}, ""); return err },
		"list":      func(s *shop, ctx context.Context) error { _, err := s.List(ctx, pharmacy.Touch{}); return err },
		"release":   func(s *shop, ctx context.Context) error { return s.Release(ctx, "1", "") },
		"accept":    func(s *shop, ctx context.Context) error { return s.Accept(ctx, pharmacy.Touch{}, "1") },
		"dispense":  func(s *shop, ctx context.Context) error { return s.Dispense(ctx, pharmacy.Touch{}, "1", nil) },
		"copied": func(s *shop, ctx context.Context) error {
			_, err := s.Copied(ctx, medical.Copy{Member: medical.Member{Insurer: "00138016"}})
			return err
		},
	} {
		s := open(t)
		wants(t, name, code(ask(s, t.Context())), "")
		s.system.Arm(1)
		wants(t, name+", silent", code(ask(s, t.Context())), medical.PrescriptionsSilent)
		s.system.refuses = medical.PrescriptionUsed
		wants(t, name+", refused", code(ask(s, t.Context())), medical.PrescriptionUsed)
	}
}

// The books say what was asked for before it is asked, and then what came of it.
func TestTheBooks(t *testing.T) {
	for _, c := range []struct {
		name                  string
		act                   func(s *shop, ctx context.Context, touch pharmacy.Touch) error
		do, who               string
		good, refused, silent pharmacy.State // of the entry of the act
	}{
		{"accept", func(s *shop, ctx context.Context, touch pharmacy.Touch) error { return s.Accept(ctx, touch, "1") }, medical.DoAccept, "白石", pharmacy.Received, pharmacy.NotDone, pharmacy.Received},
		{"release", func(s *shop, ctx context.Context, _ pharmacy.Touch) error { return s.Release(ctx, "1", "青木") }, medical.DoRelease, "青木", pharmacy.Returned, pharmacy.Returned, pharmacy.Received},
		{"dispense", func(s *shop, ctx context.Context, touch pharmacy.Touch) error {
			return s.Dispense(ctx, touch, "1", []int{0, 2})
		}, medical.DoDispense, "白石", pharmacy.Done, pharmacy.NotDone, pharmacy.InDoubt},
	} {
		for answer, want := range map[string]pharmacy.State{"": c.good, medical.PrescriptionUsed: c.refused, "silent": c.silent} {
			s := open(t)
			touch := s.lays(t, "a")
			touch.Who = "白石"
			if s.system.refuses = answer; answer == "silent" {
				s.system.refuses = ""
				s.system.Arm(1)
			}
			err := c.act(s, t.Context(), touch)
			if (err == nil) != (answer == "") {
				t.Errorf("%s, answered %q: %v", c.name, answer, err)
			}
			did := s.system.did[0]
			if did.Do != c.do || did.Who != c.who || did.ID != "1" || did.Key == "" {
				t.Errorf("%s: asked %+v", c.name, did)
			}
			if c.do != medical.DoRelease && did.Grant != touch.Grant || c.do == medical.DoDispense && !slices.Equal(did.Lines, []int{0, 2}) {
				t.Errorf("%s: asked %+v", c.name, did)
			}
			if got := s.books.entries[did.Key]; got != (pharmacy.Entry{Key: did.Key, Prescription: "1", At: morning, State: want}) {
				t.Errorf("%s, answered %q: the books say %+v, want %s", c.name, answer, got, want)
			}
			if whole := s.books.entries["1"]; c.do == medical.DoDispense && (whole.State == pharmacy.Done) != (answer == "") {
				t.Errorf("dispensed, answered %q: the books say of the prescription %+v", answer, whole)
			}
		}
		s := open(t)
		touch := s.lays(t, "a")
		s.books.Everywhere(t, c.name, func() func() error { return func() error { return c.act(s, t.Context(), touch) } })
		s.books.Arm(1)
		asked := len(s.system.did)
		if err := c.act(s, t.Context(), touch); !errors.Is(err, fuse.ErrBlown) || len(s.system.did) != asked {
			t.Errorf("%s was asked for without a word in the books: %v", c.name, err)
		}
	}
}

// A dispensing in doubt becomes one that took place or one that did not.
func TestWhatIsInDoubtIsSettled(t *testing.T) {
	s := open(t)
	ctx := t.Context()
	touch := s.lays(t, "a")
	for _, id := range []string{"1", "2"} {
		s.system.Arm(1)
		if err := s.Dispense(ctx, touch, id, []int{0}); code(err) != medical.PrescriptionsSilent {
			t.Fatal(err)
		}
	}
	first, second := s.system.did[0].Key, s.system.did[1].Key
	s.system.done[first] = true
	s.system.Arm(1) // silent once more: the other one is settled all the same
	if err := s.Settle(ctx); !errors.Is(err, fuse.ErrBlown) {
		t.Errorf("a silence: %v", err)
	}
	if a, b := s.books.entries[first].State, s.books.entries[second].State; (a == pharmacy.InDoubt) == (b == pharmacy.InDoubt) {
		t.Errorf("after one silence: %s, %s", a, b)
	}
	s.books.Everywhere(t, "settle", func() func() error {
		for _, key := range []string{first, second} {
			e := s.books.entries[key]
			e.State = pharmacy.InDoubt
			s.books.entries[key] = e
		}
		return func() error { return s.Settle(ctx) }
	})
	for key, want := range map[string]pharmacy.State{first: pharmacy.Done, second: pharmacy.NotDone, "1": pharmacy.Done, "2": ""} {
		if got := s.books.entries[key].State; got != want {
			t.Errorf("%s: %q, want %q", key, got, want)
		}
	}
	book, err := s.Book(ctx)
	if err != nil || len(book) != 3 {
		t.Errorf("the book: %+v, %v", book, err)
	}
}
