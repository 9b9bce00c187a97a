package db_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/fuse"
	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/medical/prescription"
	"example.jp/jpkimock/rp"
)

// rxOutOfOrder is a store, and rxUnsteady a kit, of which one call fails.
type (
	rxOutOfOrder struct {
		prescription.Store
		*fuse.Fuse
	}
	rxUnsteady struct {
		prescription.Verifier
		*fuse.Fuse
	}
)

func (u rxUnsteady) NewChallenge(ctx context.Context) (rp.Challenge, error) {
	return fuse.Call(u.Fuse, func() (rp.Challenge, error) { return u.Verifier.NewChallenge(ctx) })
}

// ByCopy has three results.
func (o rxOutOfOrder) ByCopy(ctx context.Context, c medical.Copy) (patient string, p medical.Prescription, err error) {
	err = o.Do(func() (err error) { patient, p, err = o.Store.ByCopy(ctx, c); return err })
	return patient, p, err
}

func (o rxOutOfOrder) Patient(ctx context.Context, serial jpki.SerialNumber) (string, error) {
	return fuse.Call(o.Fuse, func() (string, error) { return o.Store.Patient(ctx, serial) })
}

func (o rxOutOfOrder) AddCertificate(ctx context.Context, serial jpki.SerialNumber, patient string) (string, error) {
	return fuse.Call(o.Fuse, func() (string, error) { return o.Store.AddCertificate(ctx, serial, patient) })
}

func (o rxOutOfOrder) Add(ctx context.Context, patient string, p medical.Prescription, allow func(others []medical.Prescription) error) error {
	return o.Do(func() error { return o.Store.Add(ctx, patient, p, allow) })
}

func (o rxOutOfOrder) Change(ctx context.Context, id string, e prescription.Entry, change func(patient string, p *medical.Prescription) error) (medical.Prescription, error) {
	return fuse.Call(o.Fuse, func() (medical.Prescription, error) { return o.Store.Change(ctx, id, e, change) })
}

func (o rxOutOfOrder) Find(ctx context.Context, of prescription.Of) ([]medical.Prescription, error) {
	return fuse.Call(o.Fuse, func() ([]medical.Prescription, error) { return o.Store.Find(ctx, of) })
}

func (o rxOutOfOrder) Write(ctx context.Context, e prescription.Entry) error {
	return o.Do(func() error { return o.Store.Write(ctx, e) })
}

func (o rxOutOfOrder) ByKey(ctx context.Context, key string) (prescription.Entry, error) {
	return fuse.Call(o.Fuse, func() (prescription.Entry, error) { return o.Store.ByKey(ctx, key) })
}

func (o rxOutOfOrder) Log(ctx context.Context, about prescription.Entry, limit int) ([]prescription.Entry, error) {
	return fuse.Call(o.Fuse, func() ([]prescription.Entry, error) { return o.Store.Log(ctx, about, limit) })
}

func (o rxOutOfOrder) Ping() error {
	return o.Do(func() error { return o.Store.Ping() })
}

// Whichever call fails, of the store, the kit or the authority, what was asked fails with it,
// and is answered when it is asked again.
func TestNoFailureOfTheInquirySystemIsSwallowed(t *testing.T) {
	w, f := newWard(t), &fuse.Fuse{}
	ctx := t.Context()
	s := w.System
	s.Store, s.Verifier, s.Linkage = rxOutOfOrder{s.Store, f}, rxUnsteady{s.Verifier, f}, fuse.Links{Links: s.Linkage, Fuse: f}
	try := func(what string, act func() error) {
		t.Helper()
		f.Everywhere(t, what, func() func() error { return act })
	}
	touches := func(what string, at prescription.Party, act func(medical.Presented) error) {
		t.Helper()
		f.Everywhere(t, what, func() func() error {
			asked, err := s.Challenge(ctx, at, struct{}{})
			must(t, err)
			asked.Token = w.Card("hanako").Authenticate(origin, asked.Nonce)
			return func() error { return act(asked) }
		})
	}
	draft := w.draft("taro", "INQ-H", 1, pressure)
	try("check", func() error { _, err := s.Check(ctx, hospital, draft); return err })
	var issued medical.Checked
	try("issue", func() (err error) { issued, err = s.Issue(ctx, hospital, draft); return err })
	p := *issued.Issued
	w.Renew("hanako")
	try("challenge", func() error { _, err := s.Challenge(ctx, mihon, struct{}{}); return err })
	var grant string
	touches("open with a renewed card", mihon, func(in medical.Presented) error {
		opened, err := s.Open(ctx, mihon, in)
		grant = opened.Grant
		return err
	})
	list := func() error {
		all, err := s.List(ctx, mihon, medical.Act{Grant: grant, Who: "薬剤師"})
		if err == nil && len(all) != 1 {
			t.Errorf("listed %+v", all)
		}
		return err
	}
	try("list", list)
	act := func(do string, key string) func() error {
		return func() error {
			_, err := s.Act(ctx, mihon, medical.Act{Do: do, Grant: grant, Who: "薬剤師", ID: p.ID, Key: key, Lines: []int{0}})
			return err
		}
	}
	try("accept", act(medical.DoAccept, "a"))
	try("release", act(medical.DoRelease, "b"))
	must(t, act(medical.DoAccept, "c")())
	try("settle what was not done", func() error {
		done, err := s.Settle(ctx, mihon, medical.Act{ID: p.ID, Key: "never"})
		if done.Done {
			t.Error("done without having been asked for")
		}
		return err
	})
	try("dispense", act(medical.DoDispense, "d"))
	try("settle what was done", func() error {
		done, err := s.Settle(ctx, mihon, medical.Act{ID: p.ID, Key: "d"})
		if err == nil && !done.Done {
			t.Error("not done")
		}
		return err
	})
	touches("mine", prescription.Party{ID: "portal"}, func(in medical.Presented) error {
		all, log, err := s.Mine(ctx, prescription.Party{ID: "portal"}, in)
		if err == nil && (len(all) != 1 || len(log) == 0) {
			t.Errorf("shown %+v, %+v, %v", all, log, err)
		}
		return err
	})
	cancelled := w.draft("taro", "INQ-R", 1, allergy)
	other, err := s.Issue(ctx, hospital, cancelled)
	must(t, err)
	try("cancel", func() error { _, err := s.Cancel(ctx, hospital, medical.Act{ID: other.Issued.ID}); return err })
	for what, act := range map[string]func() error{
		"of a visit": func() error { _, err := s.OfVisit(ctx, hospital, medical.Visited{Inquiry: "INQ-H"}); return err },
		"about":      func() error { _, _, err := s.About(ctx, "hospital", "INQ-H"); return err },
		"log":        func() error { _, err := s.Log(ctx); return err },
		"ping":       s.Ping,
	} {
		try(what, act)
	}
	f.Arm(1)
	if _, err := s.Close(ctx, mihon, medical.Act{Grant: grant}); !errors.Is(err, fuse.ErrBlown) {
		t.Errorf("close, the log out of order: %v", err)
	}
	f.Arm(0)
	if code := codeOf(list()); code != medical.NoGrant {
		t.Errorf("a closed grant lists: %s", code)
	}
}

// What the system is not opened without.
func TestWhatTheInquirySystemNeeds(t *testing.T) {
	w := newWard(t)
	for name, without := range map[string]func(*prescription.Config){
		"verifier": func(c *prescription.Config) { c.Verifier = nil }, "linkage": func(c *prescription.Config) { c.Linkage = nil }, "platform": func(c *prescription.Config) { c.Platform = nil },
		"store": func(c *prescription.Config) { c.Store = nil }, "clock": func(c *prescription.Config) { c.Now = nil },
	} {
		cfg := w.System.Config
		without(&cfg)
		if _, err := prescription.New(cfg); err == nil {
			t.Errorf("opened without a %s", name)
		}
	}
}

// A grant is one pharmacy's and one patient's; a challenge is no grant, and an order of
// another institution is none of the asking one's.
func TestAGrantIsOnePharmacys(t *testing.T) {
	w := newWard(t)
	ctx := t.Context()
	p := w.prescribes(1, pressure)
	grant := w.opens("hanako", mihon)
	asked, err := w.Challenge(ctx, mihon, struct{}{})
	must(t, err)
	refused := func(what, code string, err error) {
		t.Helper()
		if got := codeOf(err); got != code {
			t.Errorf("%s: %q, want %q", what, got, code)
		}
	}
	for name, c := range map[string]struct {
		by    prescription.Party
		grant string
	}{"another pharmacy": {aoba, grant}, "no grant": {mihon, "x"}, "a challenge": {mihon, asked.Nonce}} {
		_, err := w.List(ctx, c.by, medical.Act{Grant: c.grant})
		refused(name+" lists", medical.NoGrant, err)
		_, err = w.Act(ctx, c.by, medical.Act{Do: medical.DoAccept, Grant: c.grant, ID: p.ID})
		refused(name+" accepts", medical.NoGrant, err)
		_, err = w.Close(ctx, c.by, medical.Act{Grant: c.grant})
		refused(name+" closes", "", err)
	}
	if all, err := w.List(ctx, mihon, medical.Act{Grant: grant}); err != nil || len(all) != 1 {
		t.Errorf("its own: %+v, %v", all, err)
	}
	haruto := w.opens("haruto", mihon)
	_, err = w.Act(ctx, mihon, medical.Act{Do: medical.DoAccept, Grant: haruto, ID: p.ID})
	refused("another patient's", medical.NoPrescription, err)
	_, err = w.Act(ctx, mihon, medical.Act{Do: "x", Grant: grant, ID: p.ID})
	refused("no act", medical.PrescriptionStuck, err)
	_, err = w.Cancel(ctx, prescription.Party{ID: "clinic"}, medical.Act{ID: p.ID})
	refused("another institution cancels", medical.NoPrescription, err)
	draft := w.draft("taro", "INQ-H", 1, allergy)
	_, err = w.Check(ctx, mihon, draft)
	refused("a pharmacy checks", medical.NoPrescription, err)
	_, err = w.Check(ctx, prescription.Party{ID: "hospital", Name: "another"}, draft)
	refused("under another name", medical.NoPrescription, err)
	draft.Order.Number = ""
	_, err = w.Issue(ctx, hospital, draft)
	refused("an order without a number", medical.NoPrescription, err)
	if all, err := w.OfVisit(ctx, hospital, medical.Visited{}); err != nil || all != nil {
		t.Errorf("of no visit: %+v, %v", all, err)
	}
	if all, log, err := w.About(ctx, "clinic", "INQ-H"); err != nil || all != nil || log != nil {
		t.Errorf("about another institution's visit: %+v, %+v, %v", all, log, err)
	}
	var none jpki.SerialNumber
	if who, err := w.store.Patient(ctx, none); err != nil || who != "" {
		t.Errorf("nobody's certificate: %q, %v", who, err)
	}
}

// A challenge is answered by whom it was given to, once, and as what it is.
func TestAChallengeIsOnePharmacys(t *testing.T) {
	w := newWard(t)
	ctx := t.Context()
	asked, err := w.Challenge(ctx, aoba, struct{}{})
	must(t, err)
	asked.Token = w.Card("hanako").Authenticate(origin, asked.Nonce)
	if _, err := w.Open(ctx, mihon, asked); codeOf(err) != rp.Code(rp.ErrChallenge) {
		t.Errorf("another pharmacy's challenge opens: %v", err)
	}
	opened, err := w.Open(ctx, aoba, asked)
	must(t, err)
	var steps []int
	for _, s := range opened.Steps {
		if s.Trouble != "" {
			t.Errorf("step %d: %s", s.N, s.Trouble)
		}
		steps = append(steps, s.N)
	}
	if len(steps) == 0 || steps[len(steps)-1] != 4 {
		t.Errorf("steps %v do not end with the patient's being found", steps)
	}
	asked.Nonce = opened.Grant // a grant is no challenge
	if _, err := w.Open(ctx, aoba, asked); codeOf(err) != rp.Code(rp.ErrChallenge) {
		t.Errorf("a grant was taken for a challenge: %v", err)
	}
}

// A pharmacist's name is a line of text wherever it is given.
func TestAPharmacistIsALine(t *testing.T) {
	w := newWard(t)
	ctx := t.Context()
	p := w.prescribes(1, pressure)
	grant := w.opens("hanako", mihon)
	for _, who := range []string{"白石\n静", strings.Repeat("静", 61)} {
		if _, err := w.List(ctx, mihon, medical.Act{Grant: grant, Who: who}); codeOf(err) != medical.PrescriptionStuck {
			t.Errorf("%q lists: %v", who, err)
		}
		if _, err := w.Act(ctx, mihon, medical.Act{Do: medical.DoAccept, Grant: grant, Who: who, ID: p.ID}); codeOf(err) != medical.PrescriptionStuck {
			t.Errorf("%q accepts: %v", who, err)
		}
	}
	long := strings.Repeat("静", 60)
	if _, err := w.Act(ctx, mihon, medical.Act{Do: medical.DoAccept, Grant: grant, Who: long, ID: p.ID}); err != nil {
		t.Errorf("60 characters: %v", err)
	}
	_, log, err := w.About(ctx, "hospital", "INQ-H")
	must(t, err)
	var acts []string
	for _, e := range log {
		acts = append(acts, e.By+" "+string(e.Act))
	}
	if want := []string{"mihon accept", "mihon opened", "hospital issued"}; !slices.Equal(acts, want) {
		t.Errorf("about the visit: %v, want %v", acts, want)
	}
}
