package insurer_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/medical/db"
	"example.jp/jpkimock/medical/insurer"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/rptest"
)

const (
	origin = "http://localhost:8085"
	kenpo  = medical.InsurerNumber("06990014")
	kokuho = medical.InsurerNumber("00992016")
)

// town is an insurer over a real database, an authority, and people with cards.
type town struct {
	*testing.T
	*rptest.World
	*insurer.Office
	asks *rp.Verifier // the platform's, which makes the challenges
	log  *failing
}

// failing is a store whose log can be full.
type failing struct {
	insurer.Store
	err error
}

func (s *failing) Write(ctx context.Context, e insurer.Entry) error {
	if s.err != nil {
		return s.err
	}
	return s.Store.Write(ctx, e)
}

func newTown(t *testing.T) *town {
	t.Helper()
	w := &town{T: t, World: rptest.New(t)}
	store, err := db.OpenInsurer(filepath.Join(t.TempDir(), "kenpo.db"))
	webtest.Must(t, err)
	t.Cleanup(func() { _ = store.Close() })
	w.log = &failing{Store: store}
	linkage, err := rp.NewLinkage(rp.LinkageConfig{AuthorityURL: w.World.URL(), Key: rptest.VerifierKey})
	webtest.Must(t, err)
	challenges := insurer.NewChallenges(w.Clock.Now)
	kit := w.World.Config(origin)
	kit.Challenges, kit.Grace = challenges, medical.GraceUntil
	verifier, err := rp.NewVerifier(kit)
	webtest.Must(t, err)
	w.Office, err = insurer.New(insurer.Config{
		Number: kenpo, Name: "みほん健康保険組合", Verifier: verifier, Challenges: challenges, Linkage: linkage, Store: w.log, Now: w.Clock.Now,
	})
	webtest.Must(t, err)
	w.asks = w.World.Verifier(origin)
	return w
}

// insures enters somebody in the register.
func (w *town) insures(number string) insurer.Insured {
	w.Helper()
	p, err := w.Enter(w.Context(), insurer.Insured{Qualification: medical.Qualification{
		Member: medical.Member{Insurer: kenpo, Symbol: "21", Number: number, Branch: "00", Birth: "1985-05-05"},
		Name:   "被保険者", Kana: "カナ", Sex: jpki.Female, Address: "青葉県みほん市1-1", Family: medical.Self, InsuredName: "被保険者", QualifiedOn: "2020-04-01",
	}})
	webtest.Must(w.T, err)
	return p
}

// touches makes the question about a card that has just been touched.
func (w *town) touches(person string) medical.Question {
	w.Helper()
	c, err := w.asks.NewChallenge(w.Context())
	webtest.Must(w.T, err)
	return medical.Question{
		Inquiry: "inquiry-" + c.Nonce, Institution: "みほん総合病院", Challenge: c, Token: w.Card(person).Authenticate(origin, c.Nonce),
	}
}

// links makes the first use of a card.
func (w *town) links(person string, p insurer.Insured) {
	w.Helper()
	q := w.touches(person)
	q.Member = &p.Member
	_, err := w.Confirm(w.Context(), q)
	webtest.Must(w.T, err)
}

// refuses fails unless a question is refused with a code and nothing is told, the step at
// which it ended being said, and the refusal logged.
func (w *town) refuses(q medical.Question, code string, steps int) {
	w.Helper()
	reply, err := w.Confirm(w.Context(), q)
	refused, ok := errors.AsType[*medical.Refused](err)
	if !ok || refused.Code != code || refused.Inquiry != q.Inquiry || len(refused.Steps) != steps || refused.Steps[steps-1].Trouble != code {
		w.Errorf("refused with %v, steps %+v: want %s at step %d", err, refused, code, steps)
	}
	if told := reply.Qualification; told != (medical.Qualification{}) || len(reply.Steps) != 0 {
		w.Errorf("told all the same: %+v", reply)
	}
	log, err := w.Office.Log(w.Context(), insurer.Entry{})
	webtest.Must(w.T, err)
	if len(log) == 0 || log[0].Code != code || log[0].Inquiry != q.Inquiry || log[0].Institution != q.Institution {
		w.Errorf("the log says %+v", log)
	}
}

// gives fails unless a question is answered with the eligibility of somebody.
func (w *town) gives(q medical.Question, p insurer.Insured) medical.Reply {
	w.Helper()
	reply, err := w.Confirm(w.Context(), q)
	webtest.Must(w.T, err)
	if reply.Qualification.Member != p.Member || reply.Qualification.InsurerName != "みほん健康保険組合" || reply.Qualification.Share != 30 {
		w.Errorf("told %+v, want that of %+v", reply.Qualification, p.Member)
	}
	for i, s := range reply.Steps {
		if s.N != i+1 || s.Trouble != "" || s.Insurer != kenpo {
			w.Errorf("step %d is %+v", i+1, s)
		}
	}
	if len(reply.Steps) != 4 {
		w.Errorf("the steps are %+v", reply.Steps)
	}
	return reply
}

// TestTheFirstUseLinksAndTheNextNeedsNoNumbers, and who is linked is not told to a card
// that is not.
func TestTheFirstUseLinksAndTheNextNeedsNoNumbers(t *testing.T) {
	w := newTown(t)
	p := w.insures("1001")
	q := w.touches("hanako")
	w.refuses(q, medical.NotLinked, 4)
	q.Member = &p.Member // the card is not touched again
	w.gives(q, p)
	w.gives(w.touches("hanako"), p)
	w.refuses(w.touches("taro"), medical.NotLinked, 4)

	taro := w.touches("taro")
	taro.Member = &p.Member
	w.refuses(taro, medical.LinkedElsewhere, 4)
	other := w.insures("1002")
	again := w.touches("hanako")
	again.Member = &other.Member
	w.refuses(again, medical.LinkedElsewhere, 4)

	webtest.Must(t, w.Unlink(t.Context(), p.ID))
	w.refuses(w.touches("hanako"), medical.NotLinked, 4)
}

// TestNumbersAreTriedAFewTimes: what is not in the register, or another insurer's, is
// nobody; a touch of the card is good for five.
func TestNumbersAreTriedAFewTimes(t *testing.T) {
	w := newTown(t)
	p := w.insures("1001")
	q := w.touches("hanako")
	for _, wrong := range []func(*medical.Member){
		func(m *medical.Member) { m.Number = "9" },
		func(m *medical.Member) { m.Branch = "01" },
		func(m *medical.Member) { m.Birth = "1985-05-06" },
		func(m *medical.Member) { m.Insurer = kokuho },
		func(m *medical.Member) { m.Symbol = "" },
	} {
		m := p.Member
		wrong(&m)
		q.Member = &m
		w.refuses(q, medical.NoMember, 4)
	}
	q.Member = &p.Member
	w.refuses(q, medical.TooManyTries, 4)
	w.links("hanako", p)
}

// TestEachCaseOfACard: what the kit refuses is told under its code, at the step at which
// it was found, and nothing of the register with it.
func TestEachCaseOfACard(t *testing.T) {
	for name, c := range map[string]struct {
		befalls func(*town)
		rule    error
		steps   int
	}{
		"suspended": {func(w *town) { w.Suspend("hanako", jpki.UserAuthentication) }, rp.ErrSuspended, 3},
		"revoked":   {func(w *town) { w.Revoke("hanako", jpki.UserAuthentication, jpki.KeyCompromise) }, rp.ErrRevoked, 3},
		"the authority answers rubbish": {func(w *town) {
			w.TamperOCSP(func(_, _ []byte) []byte { return []byte("rubbish") })
		}, nil, 0},
		"no longer accredited": {func(w *town) { w.SuspendAccreditation() }, rp.ErrNotAccredited, 2},
	} {
		t.Run(name, func(t *testing.T) {
			w := newTown(t)
			p := w.insures("1001")
			w.links("hanako", p)
			c.befalls(w)
			q := w.touches("hanako")
			if c.steps > 0 {
				w.refuses(q, rp.Code(c.rule), c.steps)
				return
			}
			reply, err := w.Confirm(t.Context(), q)
			if refused, ok := errors.AsType[*medical.Refused](err); !ok || refused.Code == "" || reply.Qualification != (medical.Qualification{}) {
				t.Errorf("told %+v, %v", reply, err)
			}
		})
	}
}

// TestAnExpiredCertificateConfirmsForThreeMonths: to the end of the third month, in its
// last second too, and not after it.
func TestAnExpiredCertificateConfirmsForThreeMonths(t *testing.T) {
	w := newTown(t)
	p := w.insures("1001")
	w.links("hanako", p)
	ends := w.Card("hanako").Certificate(jpki.UserAuthentication).NotAfter
	w.Clock.Set(ends.Add(time.Hour))
	if reply := w.gives(w.touches("hanako"), p); !reply.CertificateEnds.Equal(ends) {
		t.Errorf("the certificate ended %s, told %s", ends, reply.CertificateEnds)
	}
	w.Clock.Set(medical.GraceUntil(ends).Add(-2 * time.Second))
	w.gives(w.touches("hanako"), p)
	w.Clock.Set(medical.GraceUntil(ends).Add(2 * time.Second))
	w.refuses(w.touches("hanako"), rp.Code(rp.ErrExpired), 1)
}

// TestARenewedCardKeepsItsLink by the authority's word, and the insurer keeps both.
func TestARenewedCardKeepsItsLink(t *testing.T) {
	w := newTown(t)
	p := w.insures("1001")
	w.links("hanako", p)
	w.Renew("hanako")
	w.gives(w.touches("hanako"), p)
	file, err := w.File(t.Context(), p.ID)
	webtest.Must(t, err)
	if len(file.Links) != 2 || !file.Links[0].Ended.IsZero() || file.Links[1].Ended.IsZero() || file.Links[0].Serial != w.Card("hanako").Serial(jpki.UserAuthentication) {
		t.Errorf("the links are %+v", file.Links)
	}
	reply, err := w.ConfirmByNumber(t.Context(), medical.ByNumber{Inquiry: "x", Institution: "薬局", Member: p.Member})
	webtest.Must(t, err)
	if reply.Serial != file.Links[0].Serial {
		t.Errorf("by numbers the certificate is %s, want %s", reply.Serial, file.Links[0].Serial)
	}
}

// TestAQuestionIsAnsweredOnce: whoever heard it cannot ask again, nor outlive the memory
// of it, nor ask with another's answer.
func TestAQuestionIsAnsweredOnce(t *testing.T) {
	w := newTown(t)
	p := w.insures("1001")
	w.links("hanako", p)
	q := w.touches("hanako")
	w.gives(q, p)
	again := q
	again.Inquiry = "another"
	w.refuses(again, rp.Code(rp.ErrChallenge), 1)
	late := w.touches("hanako")
	late.Challenge.Expires = w.Clock.Now().Add(rp.DefaultChallengeLifetime + time.Minute)
	w.refuses(late, rp.Code(rp.ErrChallenge), 1)
	mixed := w.touches("hanako")
	mixed.Token = w.touches("taro").Token
	if reply, err := w.Confirm(t.Context(), mixed); err == nil {
		t.Errorf("an answer to another challenge gives %+v", reply)
	}
}

// TestAnEligibilityThatWasLostIsTold with its day, from the beginning of that day on.
func TestAnEligibilityThatWasLostIsTold(t *testing.T) {
	w := newTown(t)
	p := w.insures("1001")
	w.links("hanako", p)
	today := medical.DateOf(w.Clock.Now())
	for _, on := range []medical.Date{"", "2020-04-01", "2020-02-30"} {
		if err := w.Office.Lose(t.Context(), p.ID, on, medical.LostToOther); !errors.Is(err, insurer.ErrLost) {
			t.Errorf("lost on %q: %v", on, err)
		}
	}
	if err := w.Office.Lose(t.Context(), p.ID, today, "77"); !errors.Is(err, insurer.ErrLost) {
		t.Errorf("lost for no reason: %v", err)
	}
	serial := w.Card("hanako").Serial(jpki.UserAuthentication)
	holds := func(want bool) {
		t.Helper()
		if got, err := w.Holds(t.Context(), serial); err != nil || got != want {
			t.Errorf("it holds: %v, %v", got, err)
		}
	}
	holds(true)
	webtest.Must(t, w.Office.Lose(t.Context(), p.ID, today, medical.LostToOther))
	holds(false)
	reply := w.gives(w.touches("hanako"), p)
	if q := reply.Qualification; q.LostOn != today || q.LossReason != medical.LostToOther || q.HoldsOn(today) {
		t.Errorf("told %+v", q)
	}
	if err := w.Office.Lose(t.Context(), p.ID, today, medical.LostToOther); !errors.Is(err, insurer.ErrLost) {
		t.Errorf("lost twice: %v", err)
	}
}

// TestWhatCannotBeLoggedIsNotTold: the log is written before anything is told.
func TestWhatCannotBeLoggedIsNotTold(t *testing.T) {
	w := newTown(t)
	p := w.insures("1001")
	w.links("hanako", p)
	w.log.err = errors.New("the disk is full")
	reply, err := w.Confirm(t.Context(), w.touches("hanako"))
	if !errors.Is(err, w.log.err) || reply.Qualification != (medical.Qualification{}) {
		t.Errorf("told %+v, %v", reply, err)
	}
	number, err := w.ConfirmByNumber(t.Context(), medical.ByNumber{Inquiry: "x", Member: p.Member})
	if !errors.Is(err, w.log.err) || number.Qualification != (medical.Qualification{}) {
		t.Errorf("told by numbers %+v, %v", number, err)
	}
}

// TestTheRegisterTakesWhatANoticeSays, and nothing twice.
func TestTheRegisterTakesWhatANoticeSays(t *testing.T) {
	w := newTown(t)
	p := w.insures("1001")
	if _, err := w.Enter(t.Context(), p); !errors.Is(err, insurer.ErrExists) {
		t.Errorf("the same numbers again: %v", err)
	}
	for name, wrong := range map[string]func(*insurer.Insured){
		"no number":           func(p *insurer.Insured) { p.Number = "" },
		"no name":             func(p *insurer.Insured) { p.Name = "" },
		"two lines":           func(p *insurer.Insured) { p.Address = "一行\n二行" },
		"no class":            func(p *insurer.Insured) { p.Family = "" },
		"no day":              func(p *insurer.Insured) { p.QualifiedOn = "2020-02-30" },
		"lost from the start": func(p *insurer.Insured) { p.LostOn = "2026-01-01" },
	} {
		q := p
		q.ID, q.LostOn, q.Number = 0, "", fmt.Sprint(2000+len(name))
		wrong(&q)
		if _, err := w.Enter(t.Context(), q); !errors.Is(err, insurer.ErrDetails) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := w.File(t.Context(), 999); !errors.Is(err, insurer.ErrNoInsured) {
		t.Errorf("nobody's file: %v", err)
	}
	if err := w.Unlink(t.Context(), p.ID); !errors.Is(err, insurer.ErrNotLinked) {
		t.Errorf("unlinked without a link: %v", err)
	}
}
