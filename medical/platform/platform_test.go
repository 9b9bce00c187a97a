package platform_test

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/medical/db"
	"example.jp/jpkimock/medical/platform"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/rptest"
)

const (
	origin = "http://localhost:8085"
	kenpo  = medical.InsurerNumber("06990014")
	kokuho = medical.InsurerNumber("00992016")
)

var hospital, clinic = platform.Institution{ID: "hospital", Name: "病院"}, platform.Institution{ID: "clinic", Name: "診療所"}

// office is an insurer that answers what it is told to.
type office struct {
	number medical.InsurerNumber
	lost   medical.Date // the eligibility, if not empty
	serial jpki.SerialNumber
	err    error
	asked  []medical.Question
}

func (o *office) qualification() medical.Qualification {
	q := medical.Qualification{Member: medical.Member{Insurer: o.number, Symbol: "21", Number: "1001", Branch: "00", Birth: "1985-05-05"}, QualifiedOn: "2020-04-01", LostOn: o.lost}
	if o.lost != "" {
		q.LossReason = medical.LostToOther
	}
	return q
}

func (o *office) Confirm(_ context.Context, q medical.Question) (medical.Reply, error) {
	o.asked = append(o.asked, q)
	if o.err != nil {
		return medical.Reply{}, o.err
	}
	return medical.Reply{Qualification: o.qualification(), Steps: []medical.Step{{N: 1, Insurer: o.number}, {N: 4, Insurer: o.number}}}, nil
}

func (o *office) ConfirmByNumber(context.Context, medical.ByNumber) (medical.NumberReply, error) {
	return medical.NumberReply{Qualification: o.qualification(), Serial: o.serial}, o.err
}

func (o *office) Holds(context.Context, jpki.SerialNumber) (bool, error) { return o.lost == "", o.err }

// town is a platform over a real database and authority, and two insurers.
type town struct {
	*testing.T
	*rptest.World
	*platform.Platform
	store         *db.Platform
	kenpo, kokuho *office
}

func newTown(t *testing.T) *town {
	t.Helper()
	w := &town{T: t, World: rptest.New(t), kenpo: &office{number: kenpo}, kokuho: &office{number: kokuho}}
	var err error
	w.store, err = db.OpenPlatform(filepath.Join(t.TempDir(), "platform.db"))
	webtest.Must(t, err)
	t.Cleanup(func() { _ = w.store.Close() })
	linkage, err := rp.NewLinkage(rp.LinkageConfig{AuthorityURL: w.World.URL(), Key: rptest.VerifierKey})
	webtest.Must(t, err)
	w.Platform, err = platform.New(platform.Config{
		Verifier: w.World.Verifier(origin), Linkage: linkage, Store: w.store, Now: w.Clock.Now,
		Insurers: map[medical.InsurerNumber]platform.Insurer{kenpo: w.kenpo, kokuho: w.kokuho},
	})
	webtest.Must(t, err)
	return w
}

// touch asks by a card at an institution.
func (w *town) touch(person string, by platform.Institution) (medical.Answer, error) {
	w.Helper()
	nonce, err := w.Challenge(w.Context(), by)
	webtest.Must(w.T, err)
	return w.Confirm(w.Context(), by, nonce, w.World.Card(person).Authenticate(origin, nonce))
}

// routed makes insurers known that have linked a card.
func (w *town) routed(person string, to ...medical.InsurerNumber) {
	w.Helper()
	for _, n := range to {
		webtest.Must(w.T, w.store.AddRoute(w.Context(), w.World.Card(person).Serial(jpki.UserAuthentication), n, w.Clock.Now()))
	}
}

// refused fails unless an error is a refusal with a code, which the log has.
func (w *town) refused(err error, code string) {
	w.Helper()
	if r, ok := errors.AsType[*medical.Refused](err); !ok || r.Code != code {
		w.Errorf("refused with %v, want %s", err, code)
	}
	log, err := w.Platform.Log(w.Context(), "")
	webtest.Must(w.T, err)
	if len(log) == 0 || log[0].Code != code || log[0].Validity != 0 {
		w.Errorf("the log says %+v", log)
	}
}

// TestACardThatNobodyKnowsIsLinked, and from then on its insurer alone is asked.
func TestACardThatNobodyKnowsIsLinked(t *testing.T) {
	w := newTown(t)
	a, err := w.touch("hanako", hospital)
	webtest.Must(t, err)
	if a.Validity != medical.NoneFound || len(a.Results) != 0 || len(w.kenpo.asked) != 0 {
		t.Errorf("the answer is %+v after %d questions", a, len(w.kenpo.asked))
	}
	m := w.kenpo.qualification().Member
	_, err = w.Link(t.Context(), clinic, a.Inquiry, m)
	if r, ok := errors.AsType[*medical.Refused](err); !ok || r.Code != medical.NoInquiry {
		t.Errorf("another institution's inquiry: %v", err)
	}
	_, err = w.Link(t.Context(), hospital, a.Inquiry, medical.Member{})
	w.refused(err, medical.NoMember)
	unknown := m
	for _, digit := range "0123456789" { // the one that checks
		if n, err := medical.ParseInsurerNumber("0699002" + string(digit)); err == nil {
			unknown.Insurer = n
		}
	}
	_, err = w.Link(t.Context(), hospital, a.Inquiry, unknown)
	w.refused(err, medical.UnknownInsurer)
	a, err = w.Link(t.Context(), hospital, a.Inquiry, m)
	if err != nil || a.Validity != medical.Valid || w.kenpo.asked[0].Member == nil {
		t.Fatalf("linked: %+v, %v", a, err)
	}
	a, err = w.touch("hanako", clinic)
	if err != nil || a.Validity != medical.Valid || len(w.kokuho.asked) != 0 || len(w.kenpo.asked) != 2 || w.kenpo.asked[1].Member != nil {
		t.Errorf("the next touch: %+v, %v", a, err)
	}
}

// TestAStrangersCardIsTurnedAway: the card of another authority, such as a real one, is
// not a card that nobody has linked yet.
func TestAStrangersCardIsTurnedAway(t *testing.T) {
	w := newTown(t)
	nonce, err := w.Challenge(t.Context(), hospital)
	webtest.Must(t, err)
	_, err = w.Confirm(t.Context(), hospital, nonce, rptest.New(t, rptest.FreshKeys()).Card("hanako").Authenticate(origin, nonce))
	w.refused(err, "untrusted")
	if n := len(w.kenpo.asked) + len(w.kokuho.asked); n != 0 {
		t.Errorf("%d insurers were asked of it", n)
	}
}

// TestWhatTheInsurersSayComesToOneAnswer: one that holds, none, two, lost.
func TestWhatTheInsurersSayComesToOneAnswer(t *testing.T) {
	for _, c := range []struct {
		name   string
		before func(*town)
		want   medical.Validity
		code   string
	}{
		{"one holds", func(w *town) { w.kokuho.lost = "2026-03-31" }, medical.Valid, ""},
		{"two hold", func(*town) {}, medical.SeveralFound, ""},
		{"both are lost", func(w *town) { w.kenpo.lost, w.kokuho.lost = "2026-03-31", "2025-01-01" }, medical.Invalid, ""},
		{"one is silent, one holds", func(w *town) { w.kenpo.err = errors.New("no answer") }, medical.Valid, ""},
		{"one is silent, one is lost", func(w *town) { w.kenpo.err, w.kokuho.lost = errors.New("no answer"), "2026-03-31" }, 0, medical.InsurerSilent},
		{"both are silent", func(w *town) { w.kenpo.err, w.kokuho.err = errors.New("no answer"), errors.New("no answer") }, 0, medical.InsurerSilent},
		{"one refuses the card, and so nothing holds", func(w *town) {
			w.kenpo.err, w.kokuho.lost = &medical.Refused{Code: rp.Code(rp.ErrRevoked)}, "2026-03-31"
		}, 0, rp.Code(rp.ErrRevoked)},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newTown(t)
			w.routed("hanako", kenpo, kokuho)
			c.before(w)
			a, err := w.touch("hanako", hospital)
			if c.code != "" {
				w.refused(err, c.code)
				return
			}
			if err != nil || a.Validity != c.want {
				t.Fatalf("%+v, %v: want %v", a, err, c.want)
			}
			if day := medical.DateOf(w.Clock.Now()); c.want == medical.Valid && !a.Results[0].HoldsOn(day) {
				t.Errorf("what holds is not first: %+v", a.Results)
			}
		})
	}
}

// TestARouteThatEndedIsForgotten: an insurer that has no link any more is asked once.
func TestARouteThatEndedIsForgotten(t *testing.T) {
	w := newTown(t)
	w.routed("hanako", kenpo)
	w.kenpo.err = &medical.Refused{Code: medical.NotLinked}
	for range 2 {
		if a, err := w.touch("hanako", hospital); err != nil || a.Validity != medical.NoneFound {
			t.Errorf("%+v, %v", a, err)
		}
	}
	if len(w.kenpo.asked) != 1 {
		t.Errorf("asked %d times", len(w.kenpo.asked))
	}
}

// TestARenewedCardKeepsItsRoutes by the authority's word; without it nothing is confirmed.
func TestARenewedCardKeepsItsRoutes(t *testing.T) {
	w := newTown(t)
	w.routed("hanako", kenpo)
	w.Renew("hanako")
	w.SuspendAccreditation()
	_, err := w.touch("hanako", hospital)
	w.refused(err, rp.Code(rp.ErrNotAccredited))
	w.Reaccredit()
	if a, err := w.touch("hanako", hospital); err != nil || a.Validity != medical.Valid {
		t.Errorf("%+v, %v", a, err)
	}
	routes, err := w.store.Routes(t.Context(), w.World.Card("hanako").Serial(jpki.UserAuthentication))
	if err != nil || !slices.Equal(routes, []medical.InsurerNumber{kenpo}) {
		t.Errorf("the routes are %v, %v", routes, err)
	}
}

// TestAChallengeIsForOneInstitutionAndOneAnswer.
func TestAChallengeIsForOneInstitutionAndOneAnswer(t *testing.T) {
	w := newTown(t)
	w.routed("hanako", kenpo)
	challenged := func() (string, []byte) {
		nonce, err := w.Challenge(t.Context(), hospital)
		webtest.Must(t, err)
		return nonce, w.World.Card("hanako").Authenticate(origin, nonce)
	}
	gone := func(what string, by platform.Institution, nonce string, token []byte) {
		t.Helper()
		_, err := w.Confirm(t.Context(), by, nonce, token)
		if r, ok := errors.AsType[*medical.Refused](err); !ok || r.Code != rp.Code(rp.ErrChallenge) {
			t.Errorf("%s: %v", what, err)
		}
	}
	nonce, token := challenged()
	gone("another institution", clinic, nonce, token)
	if _, err := w.Confirm(t.Context(), hospital, nonce, token); err != nil {
		t.Errorf("whose challenge it is: %v", err)
	}
	gone("a second time", hospital, nonce, token)
	gone("one that nobody made", hospital, "nonce", token)
	nonce, token = challenged()
	w.Clock.Advance(2*rp.DefaultChallengeLifetime + time.Second)
	gone("too late", hospital, nonce, token)
	nonce, _ = challenged()
	_, err := w.Confirm(t.Context(), hospital, nonce, []byte(`{"unverifiedCertificate":"AAAA"}`))
	w.refused(err, rp.Code(rp.ErrMalformed))
}

// TestByNumbers: what is lost is replaced only if another insurer says that its own holds.
func TestByNumbers(t *testing.T) {
	for _, c := range []struct {
		name   string
		before func(*town)
		want   medical.Validity
	}{
		{"no card is linked", func(*town) {}, medical.ValidUnlinked},
		{"a card is linked", func(w *town) { w.kenpo.serial = "0A21C380" }, medical.Valid},
		{"lost, no card", func(w *town) { w.kenpo.lost = "2026-03-31" }, medical.Invalid},
		{"lost, another holds", func(w *town) { w.kenpo.lost, w.kenpo.serial = "2026-03-31", "0A21C380" }, medical.InvalidReplaced},
		{"lost, another is lost", func(w *town) {
			w.kenpo.lost, w.kenpo.serial, w.kokuho.lost = "2026-03-31", "0A21C380", "2026-01-01"
		}, medical.Invalid},
		{"lost, another is silent", func(w *town) {
			w.kenpo.lost, w.kenpo.serial, w.kokuho.err = "2026-03-31", "0A21C380", errors.New("no answer")
		}, medical.Invalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newTown(t)
			c.before(w)
			webtest.Must(t, w.store.AddRoute(t.Context(), "0A21C380", kenpo, w.Clock.Now()))
			webtest.Must(t, w.store.AddRoute(t.Context(), "0A21C380", kokuho, w.Clock.Now()))
			a, err := w.ConfirmByNumber(t.Context(), hospital, w.kenpo.qualification().Member)
			if err != nil || a.Validity != c.want || !a.ByNumber {
				t.Errorf("%+v, %v: want %v", a, err, c.want)
			}
		})
	}
	w := newTown(t)
	w.kenpo.err = errors.New("no answer")
	_, err := w.ConfirmByNumber(t.Context(), hospital, w.kenpo.qualification().Member)
	w.refused(err, medical.InsurerSilent)
	_, err = w.ConfirmByNumber(t.Context(), hospital, medical.Member{})
	w.refused(err, medical.NoMember)
}

// TestAnInquirySaysWhoseCardItWas for a day, to the institution that made it, if
// eligibility was confirmed.
func TestAnInquirySaysWhoseCardItWas(t *testing.T) {
	w := newTown(t)
	w.routed("hanako", kenpo)
	a, err := w.touch("hanako", hospital)
	webtest.Must(t, err)
	none, err := w.touch("taro", hospital) // no insurer knows it
	webtest.Must(t, err)
	serial := w.World.Card("hanako").Serial(jpki.UserAuthentication)
	says := func(what, institution, inquiry string, want jpki.SerialNumber) {
		t.Helper()
		got, err := w.Holder(t.Context(), institution, inquiry)
		if _, refused := errors.AsType[*medical.Refused](err); got != want || refused != (want == "") {
			t.Errorf("%s: %s, %v", what, got, err)
		}
	}
	says("its own", "hospital", a.Inquiry, serial)
	says("another institution", "clinic", a.Inquiry, "")
	says("nothing confirmed", "hospital", none.Inquiry, "")
	says("no inquiry", "hospital", "", "")
	w.Clock.Advance(platform.HolderFor - time.Minute)
	says("the same day", "hospital", a.Inquiry, serial)
	w.Clock.Advance(2 * time.Minute)
	says("a day later", "hospital", a.Inquiry, "")
}
