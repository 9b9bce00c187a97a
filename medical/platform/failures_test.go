package platform_test

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/fuse"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/medical/platform"
	"example.jp/jpkimock/rp"
)

// outOfOrder is a store, and unsteady a kit, of which one call fails.
type (
	outOfOrder struct {
		platform.Store
		*fuse.Fuse
	}
	unsteady struct {
		platform.Challenger
		*fuse.Fuse
	}
)

func (u unsteady) NewChallenge(ctx context.Context) (rp.Challenge, error) {
	return fuse.Call(u.Fuse, func() (rp.Challenge, error) { return u.Challenger.NewChallenge(ctx) })
}

func (o outOfOrder) Routes(ctx context.Context, serial jpki.SerialNumber) ([]medical.InsurerNumber, error) {
	return fuse.Call(o.Fuse, func() ([]medical.InsurerNumber, error) { return o.Store.Routes(ctx, serial) })
}

func (o outOfOrder) AddRoute(ctx context.Context, serial jpki.SerialNumber, to medical.InsurerNumber, at time.Time) error {
	return o.Do(func() error { return o.Store.AddRoute(ctx, serial, to, at) })
}

func (o outOfOrder) DropRoute(ctx context.Context, serial jpki.SerialNumber, to medical.InsurerNumber) error {
	return o.Do(func() error { return o.Store.DropRoute(ctx, serial, to) })
}

func (o outOfOrder) Write(ctx context.Context, e platform.Entry) error {
	return o.Do(func() error { return o.Store.Write(ctx, e) })
}

func (o outOfOrder) Log(ctx context.Context, inquiry string, limit int) ([]platform.Entry, error) {
	return fuse.Call(o.Fuse, func() ([]platform.Entry, error) { return o.Store.Log(ctx, inquiry, limit) })
}

func (o outOfOrder) Confirmed(ctx context.Context, inquiry string) (platform.Entry, error) {
	return fuse.Call(o.Fuse, func() (platform.Entry, error) { return o.Store.Confirmed(ctx, inquiry) })
}

func (o outOfOrder) Ping() error {
	return o.Do(func() error { return o.Store.Ping() })
}

// Whichever call of the store or the kit fails, the question fails with it, and nothing is
// taken for granted by its next try.
func TestNoFailureOfThePlatformIsSwallowed(t *testing.T) {
	w, f := newTown(t), &fuse.Fuse{}
	ctx := t.Context()
	w.Platform.Store, w.Platform.Verifier = outOfOrder{w.store, f}, unsteady{w.Platform.Verifier, f}
	try := func(what string, act func() error) {
		t.Helper()
		f.Everywhere(t, what, func() func() error { return act })
	}
	try("challenge", func() error { _, err := w.Challenge(ctx, hospital); return err })
	touches := func(what, person string, want medical.Validity) {
		t.Helper()
		f.Everywhere(t, what, func() func() error {
			nonce, err := w.Challenge(ctx, hospital)
			webtest.Must(t, err)
			token := w.World.Card(person).Authenticate(origin, nonce)
			return func() error {
				a, err := w.Confirm(ctx, hospital, nonce, token)
				if err == nil && a.Validity != want {
					t.Errorf("%s: %+v", what, a)
				}
				return err
			}
		})
	}
	touches("nobody knows the card", "taro", medical.NoneFound)
	m := w.kenpo.qualification().Member
	f.Everywhere(t, "link", func() func() error {
		a, err := w.touch("hanako", hospital)
		webtest.Must(t, err)
		return func() error { _, err := w.Link(ctx, hospital, a.Inquiry, m); return err }
	})
	touches("confirm", "hanako", medical.Valid)
	w.Renew("hanako")
	touches("confirm a renewed card", "hanako", medical.Valid)
	w.kenpo.err = &medical.Refused{Code: medical.NotLinked}
	touches("a link that has ended", "hanako", medical.NoneFound)
	w.kenpo.err = nil
	w.routed("hanako", kenpo)
	a, err := w.touch("hanako", hospital)
	webtest.Must(t, err)
	try("holder", func() error { _, err := w.Holder(ctx, hospital.ID, a.Inquiry); return err })
	w.kenpo.lost, w.kenpo.serial = "2026-03-31", w.World.Card("hanako").Serial(jpki.UserAuthentication)
	try("by number", func() error { _, err := w.ConfirmByNumber(ctx, hospital, m); return err })
	try("log", func() error { _, err := w.Platform.Log(ctx, ""); return err })
	try("ping", w.Platform.Store.Ping)
}

// What a platform is not opened without.
func TestWhatAPlatformNeeds(t *testing.T) {
	w := newTown(t)
	for name, without := range map[string]func(*platform.Config){
		"verifier": func(c *platform.Config) { c.Verifier = nil }, "linkage": func(c *platform.Config) { c.Linkage = nil }, "store": func(c *platform.Config) { c.Store = nil },
		"clock": func(c *platform.Config) { c.Now = nil }, "insurer": func(c *platform.Config) { c.Insurers = nil },
	} {
		cfg := w.Platform.Config
		without(&cfg)
		if _, err := platform.New(cfg); err == nil {
			t.Errorf("opened without a %s", name)
		}
	}
}

// still makes the platform's clock stand at a time.
func (w *town) still(at time.Time) { w.Platform.Now = func() time.Time { return at } }

// An inquiry says whose card it was to the last instant of its day, and not before it was
// made; one by numbers had no card, and one that confirmed nothing says nothing.
func TestTheDayOfAnInquiry(t *testing.T) {
	w := newTown(t)
	at := w.Clock.Now().Truncate(time.Second)
	w.still(at)
	w.routed("hanako", kenpo)
	a, err := w.touch("hanako", hospital)
	webtest.Must(t, err)
	serial := w.World.Card("hanako").Serial(jpki.UserAuthentication)
	for age, want := range map[time.Duration]jpki.SerialNumber{-time.Second: "", 0: serial, platform.HolderFor: serial, platform.HolderFor + time.Second: ""} {
		w.still(at.Add(age))
		got, err := w.Holder(t.Context(), hospital.ID, a.Inquiry)
		if refused, ok := errors.AsType[*medical.Refused](err); got != want || ok != (want == "") || ok && refused.Code != medical.NoInquiry {
			t.Errorf("after %s: %q, %v", age, got, err)
		}
	}
	w.still(at)
	w.kenpo.lost = "2026-03-31"
	lost, err := w.touch("hanako", hospital)
	webtest.Must(t, err)
	w.kenpo.lost = ""
	number, err := w.ConfirmByNumber(t.Context(), hospital, w.kenpo.qualification().Member)
	webtest.Must(t, err)
	for what, inquiry := range map[string]string{"lost": lost.Inquiry, "by number": number.Inquiry} {
		if got, err := w.Holder(t.Context(), hospital.ID, inquiry); err == nil || got != "" {
			t.Errorf("%s: %q, %v", what, got, err)
		}
	}
}

// A card's answer is one of a card, and not longer than the kit takes.
func TestAnAnswerThatNoCardGives(t *testing.T) {
	w := newTown(t)
	w.routed("hanako", kenpo)
	good := func(nonce string) []byte { return w.World.Card("hanako").Authenticate(origin, nonce) }
	for name, c := range map[string]struct {
		token func(nonce string) []byte
		code  string
	}{
		"as long as may be": {func(n string) []byte { b := good(n); return append(b, strings.Repeat(" ", rp.MaxToken-len(b))...) }, ""},
		"a byte longer":     {func(n string) []byte { b := good(n); return append(b, strings.Repeat(" ", rp.MaxToken+1-len(b))...) }, rp.Code(rp.ErrMalformed)},
		"no JSON":           {func(string) []byte { return []byte("x") }, rp.Code(rp.ErrMalformed)},
		"no certificate":    {func(string) []byte { return []byte("{}") }, rp.Code(rp.ErrMalformed)},
		"another's": {func(string) []byte {
			stranger := &x509.Certificate{Raw: []byte{0x30, 0}}
			b, err := json.Marshal(map[string][]byte{"unverifiedCertificate": stranger.Raw})
			webtest.Must(t, err)
			return b
		}, rp.Code(rp.ErrMalformed)},
	} {
		nonce, err := w.Challenge(t.Context(), hospital)
		webtest.Must(t, err)
		a, err := w.Confirm(t.Context(), hospital, nonce, c.token(nonce))
		if c.code == "" {
			if err != nil || a.Validity != medical.Valid {
				t.Errorf("%s: %+v, %v", name, a, err)
			}
			continue
		}
		w.refused(err, c.code)
	}
}

// Who is linked anew is asked first, and the others after it; if it refuses, they are not.
func TestWhoIsLinkedIsAskedFirst(t *testing.T) {
	w := newTown(t)
	w.routed("hanako", kokuho, kenpo)
	w.kokuho.lost = "2026-03-31"
	a, err := w.touch("hanako", hospital)
	webtest.Must(t, err)
	w.kenpo.asked, w.kokuho.asked = nil, nil
	m := w.kenpo.qualification().Member
	a, err = w.Link(t.Context(), hospital, a.Inquiry, m)
	if err != nil || a.Validity != medical.Valid || len(w.kenpo.asked) != 1 || len(w.kokuho.asked) != 1 || w.kenpo.asked[0].Member == nil || w.kokuho.asked[0].Member != nil {
		t.Errorf("%+v, %v after %d and %d questions", a, err, len(w.kenpo.asked), len(w.kokuho.asked))
	}
	log, err := w.Platform.Log(t.Context(), a.Inquiry)
	webtest.Must(t, err)
	if len(log) == 0 || log[0].Kind != platform.ByLink || !slices.Equal(log[0].Insurers, []medical.InsurerNumber{kenpo, kokuho}) || len(log[0].Steps) != 4 {
		t.Errorf("the log says %+v", log)
	}
	w.kenpo.err = &medical.Refused{Code: medical.NoMember, Steps: []medical.Step{{N: 4, Insurer: kenpo, Trouble: medical.NoMember}}}
	w.kokuho.asked = nil
	_, err = w.Link(t.Context(), hospital, a.Inquiry, m)
	w.refused(err, medical.NoMember)
	refused, _ := errors.AsType[*medical.Refused](err)
	if len(w.kokuho.asked) != 0 || refused == nil || refused.Inquiry != a.Inquiry || len(refused.Steps) != 1 {
		t.Errorf("%+v, and the other was asked %d times", refused, len(w.kokuho.asked))
	}
	if _, err := w.Link(t.Context(), hospital, "no inquiry", m); err == nil {
		t.Error("linked without an inquiry")
	}
	nonce, err := w.Challenge(t.Context(), hospital) // no card has answered it yet
	webtest.Must(t, err)
	_, err = w.Link(t.Context(), hospital, nonce, m)
	if r, ok := errors.AsType[*medical.Refused](err); !ok || r.Code != medical.NoInquiry {
		t.Errorf("linked without a card: %v", err)
	}
}

// What holds comes first, whichever insurer was asked first; the others keep their order.
func TestWhatHoldsComesFirst(t *testing.T) {
	w := newTown(t)
	w.routed("hanako", kenpo, kokuho)
	for _, c := range []struct {
		kenpo, kokuho medical.Date
		first         medical.InsurerNumber
	}{{"2026-03-31", "", kokuho}, {"", "2026-03-31", kenpo}, {"2026-03-31", "2026-03-30", kenpo}} {
		w.kenpo.lost, w.kokuho.lost = c.kenpo, c.kokuho
		a, err := w.touch("hanako", hospital)
		if err != nil || len(a.Results) != 2 || a.Results[0].Member.Insurer != c.first || len(a.Steps) != 4 {
			t.Errorf("lost %q and %q: %+v, %v", c.kenpo, c.kokuho, a.Results, err)
		}
	}
	w.kenpo.err, w.kokuho.lost = errors.New("no answer"), "2026-03-31"
	_, err := w.touch("hanako", hospital)
	w.refused(err, medical.InsurerSilent)
	refused, ok := errors.AsType[*medical.Refused](err)
	if !ok || len(refused.Steps) != 3 || refused.Steps[2].N != 1 || refused.Steps[2].Insurer != kenpo || refused.Steps[2].Trouble != medical.InsurerSilent || refused.Inquiry == "" {
		t.Errorf("%+v", refused)
	}
}

// By numbers an insurer that the platform does not know is not asked, nor is one that has
// left it since it linked a card.
func TestAnInsurerThatThePlatformDoesNotKnow(t *testing.T) {
	w := newTown(t)
	m := w.kenpo.qualification().Member
	delete(w.Insurers, kokuho)
	stranger := m
	stranger.Insurer = kokuho
	_, err := w.ConfirmByNumber(t.Context(), hospital, stranger)
	w.refused(err, medical.UnknownInsurer)
	w.routed("hanako", kokuho, kenpo)
	w.kenpo.lost, w.kenpo.serial = "2026-03-31", w.World.Card("hanako").Serial(jpki.UserAuthentication)
	if a, err := w.ConfirmByNumber(t.Context(), hospital, m); err != nil || a.Validity != medical.Invalid {
		t.Errorf("%+v, %v", a, err)
	}
}
