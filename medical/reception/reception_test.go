package reception_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/internal/simclock"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/medical/db"
	"example.jp/jpkimock/medical/reception"
)

// exchange is a platform that answers what it is told to.
type exchange struct {
	answer medical.Answer
	err    error
	linked []string // inquiries
	// meanwhile happens once, while the platform is asked by numbers.
	meanwhile func()
	byNumber  int // how often it was asked so
}

func (x *exchange) happens() {
	if do := x.meanwhile; do != nil {
		x.meanwhile = nil
		do()
	}
}

func (x *exchange) Challenge(context.Context) (string, error) { return "nonce", x.err }

func (x *exchange) Confirm(context.Context, string, []byte) (medical.Answer, error) {
	return x.answer, x.err
}

func (x *exchange) Link(_ context.Context, inquiry string, _ medical.Member) (medical.Answer, error) {
	x.linked = append(x.linked, inquiry)
	x.happens()
	return x.answer, x.err
}

func (x *exchange) ConfirmByNumber(context.Context, medical.Member) (medical.Answer, error) {
	x.byNumber++
	x.happens()
	return x.answer, x.err
}

// room is a reception over a real database.
type room struct {
	*testing.T
	*reception.Desk
	platform *exchange
	clock    *simclock.Clock
	files    map[string]string // at the receipt computer
	noDisk   error
}

func newRoom(t *testing.T) *room {
	t.Helper()
	r := &room{T: t, platform: &exchange{}, clock: simclock.New(), files: map[string]string{}}
	webtest.Must(t, r.clock.Set(time.Date(2026, 4, 1, 3, 0, 0, 0, time.UTC)))
	store, err := db.OpenReception(filepath.Join(t.TempDir(), "hospital.db"))
	webtest.Must(t, err)
	t.Cleanup(func() { _ = store.Close() })
	r.Desk, err = reception.New(reception.Config{Code: "9910000011", Platform: r.platform, Store: store, Now: r.clock.Now, Hand: r.hand})
	webtest.Must(t, err)
	return r
}

func (r *room) hand(name string, content []byte) error {
	if r.noDisk == nil {
		r.files[name] = string(content)
	}
	return r.noDisk
}

var member = medical.Member{Insurer: "06990014", Symbol: "21", Number: "1001", Branch: "00", Birth: "1985-05-05"}

// says makes the platform answer with a validity.
func (r *room) says(v medical.Validity, change func(*medical.Qualification)) {
	q := medical.Qualification{Member: member, Name: "森　由美", InsuredName: "森　由美", Family: medical.Self, InsurerName: "健保", QualifiedOn: "2020-04-01", IssuedOn: "2020-04-01", Share: 30}
	if change != nil {
		change(&q)
	}
	r.platform.answer, r.platform.err = medical.Answer{Inquiry: "inquiry", At: r.clock.Now(), Validity: v, CertificateEnds: r.clock.Now().AddDate(1, 0, 0)}, nil
	if v != medical.NoneFound {
		r.platform.answer.Results = []medical.Qualification{q}
	}
}

func (r *room) arrives() reception.Visit {
	r.Helper()
	v, err := r.Arrive(r.Context(), "nonce", []byte("{}"))
	webtest.Must(r.T, err)
	return v
}

// TestAPatientIsTakenInWhateverIsAnswered: with what was confirmed, or with the reason.
func TestAPatientIsTakenInWhateverIsAnswered(t *testing.T) {
	lost := func(why medical.LossReason) func(*medical.Qualification) {
		return func(q *medical.Qualification) { q.LostOn, q.LossReason = "2026-03-31", why }
	}
	for name, c := range map[string]struct {
		before  func(*room)
		state   reception.State
		reason  string
		mayLink bool
	}{
		"valid":                {func(r *room) { r.says(medical.Valid, nil) }, reception.Asking, "", true},
		"lost yesterday":       {func(r *room) { r.says(medical.Invalid, lost(medical.LostOtherwise)) }, reception.Attention, reception.ReasonInvalid, true},
		"not registered newly": {func(r *room) { r.says(medical.Invalid, lost(medical.LostToOther)) }, reception.Attention, reception.ReasonNotNewer, true},
		"unknown card":         {func(r *room) { r.says(medical.NoneFound, nil) }, reception.Attention, reception.ReasonNone, true},
		"two insurers":         {func(r *room) { r.says(medical.SeveralFound, nil) }, reception.Attention, reception.ReasonSeveral, false},
		"replaced":             {func(r *room) { r.says(medical.InvalidReplaced, nil) }, reception.Attention, reception.ReasonReplaced, false},
		"refused":              {func(r *room) { r.platform.err = &medical.Refused{Code: "revoked", Inquiry: "inquiry"} }, reception.Attention, "revoked", false},
		"silent":               {func(r *room) { r.platform.err = errors.New("no answer") }, reception.Attention, medical.PlatformSilent, false},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRoom(t)
			c.before(r)
			v := r.arrives()
			if v.No != 1 || v.Day != "2026-04-01" || v.State != c.state || v.Reason != c.reason || v.MayLink() != c.mayLink {
				t.Errorf("the visit is %+v, may link %v", v, v.MayLink())
			}
			if v.State == reception.Attention && v.MayConsent() {
				t.Error("consents are asked though nothing was confirmed")
			}
			q, err := r.Queue(t.Context())
			if err != nil || len(q.Waiting)+len(q.Done) != 1 || (len(q.Waiting) == 1) != (c.state == reception.Attention) {
				t.Errorf("the queue is %+v, %v", q, err)
			}
			if _, err := r.Finish(t.Context(), v.ID); (err == nil) != (c.state == reception.Asking) {
				t.Errorf("finished: %v", err)
			}
			if handed := len(r.files) == 1; handed != (c.state == reception.Asking) {
				t.Errorf("the receipt computer has %v", r.files)
			}
		})
	}
}

// TestTheNumbersOfTheNoticeLinkACard, once: not after the turn, and not where another
// person's card was laid.
func TestTheNumbersOfTheNoticeLinkACard(t *testing.T) {
	r := newRoom(t)
	r.says(medical.NoneFound, nil)
	v := r.arrives()
	r.platform.err = &medical.Refused{Code: medical.NoMember, Inquiry: "inquiry"}
	v, err := r.Link(t.Context(), v.ID, member)
	if err != nil || v.Reason != medical.NoMember || !v.MayLink() {
		t.Fatalf("wrong numbers: %+v, %v", v, err)
	}
	r.says(medical.Valid, nil)
	v, err = r.Link(t.Context(), v.ID, member)
	if err != nil || v.State != reception.Asking || v.Name != "森　由美" || len(r.platform.linked) != 2 || r.platform.linked[1] != "inquiry" {
		t.Fatalf("linked: %+v, %v", v, err)
	}
	v, err = r.Finish(t.Context(), v.ID)
	webtest.Must(t, err)
	if _, err := r.Link(t.Context(), v.ID, member); !errors.Is(err, reception.ErrState) {
		t.Errorf("after the turn: %v", err)
	}
	if _, err := r.Link(t.Context(), 999, member); !errors.Is(err, reception.ErrNoVisit) {
		t.Errorf("no visit: %v", err)
	}
}

// TestSomebodyElsesCardLeavesNothing of the person whose card it is.
func TestSomebodyElsesCardLeavesNothing(t *testing.T) {
	r := newRoom(t)
	r.says(medical.Valid, nil)
	v := r.arrives()
	_, err := r.NotMe(t.Context(), v.ID)
	webtest.Must(t, err)
	v, err = r.Visit(t.Context(), v.ID)
	if err != nil || v.Name != "" || v.Answer != nil || len(v.Steps) != 0 || v.Reason != reception.ReasonNotMe || v.State != reception.Attention || v.MayLink() {
		t.Errorf("the visit is %+v, %v", v, err)
	}
	if _, _, err := r.XML(t.Context(), v.ID); !errors.Is(err, reception.ErrAnswer) {
		t.Errorf("the receipt computer gets: %v", err)
	}
}

// TestATurnThatNobodyFinishesEnds, and what was confirmed is not handed over by it.
func TestATurnThatNobodyFinishesEnds(t *testing.T) {
	r := newRoom(t)
	r.says(medical.Valid, nil)
	v := r.arrives()
	webtest.Must(t, r.Leave(t.Context(), v.ID))
	if _, err := r.Finish(t.Context(), v.ID); !errors.Is(err, reception.ErrState) || len(r.files) != 0 {
		t.Errorf("finished after it: %v, %v", err, r.files)
	}
}

// TestConsentsNeedAValidCertificate: an expired one confirms eligibility and nothing else.
func TestConsentsNeedAValidCertificate(t *testing.T) {
	for _, expired := range []bool{false, true} {
		r := newRoom(t)
		r.says(medical.Valid, nil)
		if expired {
			r.platform.answer.CertificateEnds = r.clock.Now().AddDate(0, -1, 0)
		}
		v := r.arrives()
		v, err := r.Finish(t.Context(), v.ID, medical.Items()...)
		if err != nil || v.State != reception.Confirmed || (len(v.Consents.Yes) == 0) != expired {
			t.Errorf("expired %v: consents %+v, %v", expired, v.Consents, err)
		}
	}
}

// TestThePaperWay: each way with what it needs, settled later by what held on that day.
func TestThePaperWay(t *testing.T) {
	r := newRoom(t)
	r.platform.err = errors.New("no answer")
	for name, wrong := range map[string]reception.Paper{
		"no way":       {Name: "森　由美", Share: 30},
		"no name":      {Way: reception.ByWord, Share: 30},
		"no share":     {Way: reception.ByWord, Name: "森　由美", Share: 15},
		"no numbers":   {Way: reception.ByNotice, Name: "森　由美", Share: 30},
		"a long name":  {Way: reception.ByDeclaration, Name: strings.Repeat("あ", 61), Share: 30},
		"all or a bit": {Way: reception.ByDeclaration, Name: "森　由美", Share: 100},
	} {
		if _, err := r.TakeByPaper(t.Context(), r.arrives().ID, wrong); !errors.Is(err, reception.ErrPaper) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, way := range reception.Ways() {
		v, err := r.TakeByPaper(t.Context(), r.arrives().ID, reception.Paper{Way: way, Name: "森　由美", Member: member, Share: 30})
		if err != nil || v.State != reception.OnPaper || v.Paper.Way != way || (v.Paper.Member == member) != (way == reception.ByNotice) || (v.Paper.Share == 100) != (way == reception.InFull) {
			t.Errorf("%s: %+v, %v", way, v.Paper, err)
		}
		if _, err := r.TakeByPaper(t.Context(), v.ID, *v.Paper); !errors.Is(err, reception.ErrState) {
			t.Errorf("%s twice: %v", way, err)
		}
	}
	waits, err := r.TakeByPaper(t.Context(), r.arrives().ID, reception.Paper{Way: reception.InFull, Name: "森　由美"})
	webtest.Must(t, err)
	v, err := r.Settle(t.Context(), waits.ID, member)
	if err != nil || v.State != reception.OnPaper || v.Reason != medical.PlatformSilent || v.Name != "森　由美" {
		t.Errorf("still silent: %+v, %v", v, err)
	}
	r.says(medical.Valid, func(q *medical.Qualification) { q.QualifiedOn = "2026-04-02" })
	if v, err = r.Settle(t.Context(), waits.ID, member); err != nil || v.State != reception.OnPaper {
		t.Errorf("what did not hold on the day: %+v, %v", v, err)
	}
	r.says(medical.Invalid, func(q *medical.Qualification) { q.LostOn = "2026-04-02" })
	webtest.Must(t, r.clock.Advance(48*time.Hour))
	if v, err = r.Settle(t.Context(), waits.ID, member); err != nil || v.State != reception.Settled || v.Reason != "" || len(r.files) != 1 {
		t.Errorf("what held on the day: %+v, %v", v, err)
	}
	if _, err = r.Settle(t.Context(), waits.ID, member); !errors.Is(err, reception.ErrState) {
		t.Errorf("settled twice: %v", err)
	}
}

// TestWhatCannotBeHandedOverIsHandedOverLater, once.
func TestWhatCannotBeHandedOverIsHandedOverLater(t *testing.T) {
	r := newRoom(t)
	r.says(medical.Valid, nil)
	r.noDisk = errors.New("the folder is not there")
	v, err := r.Finish(t.Context(), r.arrives().ID)
	if err != nil || v.State != reception.Confirmed {
		t.Fatalf("the patient waits for the disk: %+v, %v", v, err)
	}
	webtest.Must(t, r.Sweep(t.Context()))
	r.noDisk = nil
	webtest.Must(t, r.Sweep(t.Context()))
	if len(r.files) != 1 {
		t.Errorf("the receipt computer has %v", r.files)
	}
	clear(r.files)
	webtest.Must(t, r.Sweep(t.Context()))
	if len(r.files) != 0 {
		t.Errorf("handed over twice: %v", r.files)
	}
}

// A receipt computer asks by numbers: an eligibility, that there is none, or nothing while
// the platform is silent.
func TestARequestFileIsAnswered(t *testing.T) {
	r := newRoom(t)
	asks := []byte(`<XmlMsg><MessageHeader><MedicalInstitutionCode>9910000011</MedicalInstitutionCode><ArbitraryFileIdentifier>K-7</ArbitraryFileIdentifier></MessageHeader>` +
		`<MessageBody><QualificationConfirmSearchInfo><InsurerNumber>06990014</InsurerNumber><InsuredCardSymbol>21</InsuredCardSymbol>` +
		`<InsuredIdentificationNumber>1001</InsuredIdentificationNumber><Birthdate>19850505</Birthdate></QualificationConfirmSearchInfo></MessageBody></XmlMsg>`)
	r.says(medical.Valid, nil)
	r.platform.answer.ByNumber = true
	for _, c := range []struct {
		err  error
		want []string
	}{
		{nil, []string{"<QualificationValidity>1<", "<Name>森　由美<", "<ReferenceClassification>2<", "<ArbitraryFileIdentifier>K-7<"}},
		{&medical.Refused{Code: medical.NoMember}, []string{"<QualificationValidity>4<", "<ReferenceClassification>2<", "<ArbitraryFileIdentifier>K-7<"}},
		{&medical.Refused{Code: medical.UnknownInsurer}, []string{"<QualificationValidity>4<"}},
	} {
		r.platform.err = c.err
		got, err := r.Request(t.Context(), asks)
		for _, want := range c.want {
			if err != nil || !strings.Contains(string(got), want) {
				t.Errorf("after %v: %v, no %s in %s", c.err, err, want, got)
			}
		}
	}
	for _, silence := range []error{errors.New("cut off"), &medical.Refused{Code: medical.InsurerSilent}} {
		r.platform.err = silence
		if got, err := r.Request(t.Context(), asks); err == nil || got != nil {
			t.Errorf("after %v: %s", silence, got)
		}
	}
	if _, err := r.Request(t.Context(), []byte("x")); !errors.Is(err, medical.ErrRequest) {
		t.Error(err)
	}
	if all, err := r.Queue(t.Context()); err != nil || len(all.Waiting)+len(all.Done) != 0 {
		t.Errorf("a request makes a visit: %+v, %v", all, err)
	}
}
