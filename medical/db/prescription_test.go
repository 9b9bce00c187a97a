package db_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/medical/db"
	"example.jp/jpkimock/medical/pharmacy"
	"example.jp/jpkimock/medical/prescription"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/rptest"
)

const origin = "http://localhost:8085"

var (
	hospital = prescription.Party{ID: "hospital", Name: "みほん総合病院"}
	mihon    = prescription.Party{ID: "mihon", Name: "みほん薬局", Pharmacy: true}
	aoba     = prescription.Party{ID: "aoba", Name: "あおば調剤薬局", Pharmacy: true}
)

// ward is an inquiry system over real databases, with 太郎 as the hospital's doctor, and
// 花子 and 陽翔 as patients.
type ward struct {
	*testing.T
	*rptest.World
	*prescription.System
	store    *db.Prescriptions
	dir      string
	silent   bool // the platform
	patients map[string]string
}

func newWard(t *testing.T) *ward {
	t.Helper()
	w := newWardIn(t, t.TempDir())
	t.Cleanup(func() { _ = w.store.Close() })
	return w
}

// newWardIn opens a ward over the databases in a folder.
func newWardIn(t *testing.T, dir string) *ward {
	t.Helper()
	w := &ward{T: t, World: rptest.New(t), dir: dir, patients: map[string]string{"INQ-H": "hanako", "INQ-R": "haruto"}}
	store, err := db.OpenPrescriptions(filepath.Join(w.dir, "rx.db"), filepath.Join(w.dir, "keys.db"))
	must(t, err)
	linkage, err := rp.NewLinkage(rp.LinkageConfig{AuthorityURL: w.World.URL(), Key: rptest.VerifierKey})
	must(t, err)
	w.store = store
	w.System, err = prescription.New(prescription.Config{
		Verifier: w.Verifier(origin), Linkage: linkage, Platform: w, Store: store, Now: w.Clock.Now,
		Doctors: []prescription.Doctor{{Name: "見本　太郎", Birth: "1975-11-03", Institution: "hospital"}},
	})
	must(t, err)
	return w
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Holder is the platform's.
func (w *ward) Holder(_ context.Context, institution, inquiry string) (jpki.SerialNumber, error) {
	switch who := w.patients[inquiry]; {
	case w.silent:
		return "", errors.New("no answer")
	case institution != "hospital" || who == "":
		return "", &medical.Refused{Code: medical.NoInquiry}
	default:
		return w.Card(who).Serial(jpki.UserAuthentication), nil
	}
}

func (w *ward) draft(by, inquiry string, times int, lines ...medical.Line) medical.Draft {
	w.Helper()
	var o medical.Order
	document, err := rp.WriteDocument("RX", w.Clock.Now(), func(d rp.Document) (string, error) {
		o = medical.Order{
			Number: d.Number, WrittenAt: d.WrittenAt, Institution: hospital.Name, Inquiry: inquiry, Patient: "見本　花子", Birth: "1980-02-17",
			Share: 30, Times: times, Lines: lines,
		}
		return o.Text()
	})
	must(w.T, err)
	return medical.Draft{Order: o, Told: true, CMS: w.Card(by).Sign([]byte(document.Content))}
}

// prescribes issues a prescription to 花子.
func (w *ward) prescribes(times int, lines ...medical.Line) medical.Prescription {
	w.Helper()
	out, err := w.Issue(w.Context(), hospital, w.draft("taro", "INQ-H", times, lines...))
	if err != nil || out.Issued == nil {
		w.Fatalf("%+v, %v", out.Findings, err)
	}
	return *out.Issued
}

// issued is a prescription as the store keeps it, whose number follows from its ID.
func (w *ward) issued(id string, lines ...medical.Line) medical.Prescription {
	return medical.Prescription{
		ID: id, Issuer: "hospital", At: w.Clock.Now(), State: medical.Waiting, From: "2000-01-01", Until: "2999-12-31",
		Order: medical.Order{Number: "RX-" + id, Inquiry: "INQ-H", Times: 1, Lines: lines},
	}
}

// opens lays somebody's card at a pharmacy.
func (w *ward) opens(who string, at prescription.Party) string {
	w.Helper()
	asked, err := w.Challenge(w.Context(), at, struct{}{})
	must(w.T, err)
	asked.Token = w.Card(who).Authenticate(origin, asked.Nonce)
	opened, err := w.Open(w.Context(), at, asked)
	must(w.T, err)
	return opened.Grant
}

func codeOf(err error) string {
	return webtest.Code(err, func(no *medical.Refused) string { return no.Code })
}

var pressure, allergy = medical.Line{Drug: "101", Dose: 1, Days: 28}, medical.Line{Drug: "701", Dose: 2, Days: 7}

func TestFromTheDoctorToThePharmacy(t *testing.T) {
	w := newWard(t)
	ctx := t.Context()
	p := w.prescribes(1, pressure, allergy)
	if p.Doctor != "見本　太郎" || len(p.ID) != 36 || len(p.Code) != 6 || p.State != medical.Waiting {
		t.Errorf("issued %+v", p)
	}
	grant := w.opens("hanako", mihon)
	do := func(by prescription.Party, what, grant string, lines ...int) string {
		_, err := w.Act(ctx, by, medical.Act{Do: what, Grant: grant, ID: p.ID, Key: fmt.Sprint(rand.Uint64()), Lines: lines})
		return codeOf(err)
	}
	if got := do(mihon, "accept", grant) + do(mihon, "dispense", grant, 0, 1); got != "" {
		t.Error(got)
	}
	second := w.opens("hanako", aoba)
	all, err := w.List(ctx, aoba, medical.Act{Grant: second})
	if err != nil || len(all) != 1 || all[0].State != medical.Dispensed || all[0].Pharmacy != "mihon" {
		t.Errorf("the second pharmacy sees %+v, %v", all, err)
	}
	if got := do(aoba, "accept", second); got != medical.PrescriptionUsed {
		t.Errorf("the second pharmacy takes it: %q", got)
	}
	back, err := w.OfVisit(ctx, hospital, medical.Visited{Inquiry: "INQ-H"})
	if err != nil || len(back) != 1 || back[0].State != medical.Dispensed {
		t.Errorf("the hospital sees %+v, %v", back, err)
	}
	for name, grant := range map[string]string{"another pharmacy’s": second, "none": "", "somebody else’s": w.opens("haruto", mihon)} {
		if name != "somebody else’s" {
			if _, err := w.List(ctx, mihon, medical.Act{Grant: grant}); codeOf(err) != medical.NoGrant {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if got := do(mihon, "accept", grant); got != medical.NoPrescription {
			t.Errorf("%s: %q", name, got)
		}
	}
	if _, err := w.Close(ctx, mihon, medical.Act{Grant: grant}); err != nil || do(mihon, "accept", grant) != medical.NoGrant {
		t.Errorf("the card is gone, and the grant is not: %v", err)
	}
	w.Clock.Advance(prescription.GrantLife + time.Second)
	if _, err := w.List(ctx, aoba, medical.Act{Grant: second}); codeOf(err) != medical.NoGrant {
		t.Errorf("a grant does not end: %v", err)
	}
}

// A patient sees who looked, when and why.
func TestThePatientSeesWhoLooked(t *testing.T) {
	w := newWard(t)
	w.prescribes(1, pressure)
	w.opens("hanako", mihon)
	w.opens("haruto", aoba)
	self := prescription.Party{ID: "patient"}
	asked, err := w.Challenge(t.Context(), self, struct{}{})
	must(t, err)
	asked.Token = w.Card("hanako").Authenticate(origin, asked.Nonce)
	all, log, err := w.Mine(t.Context(), self, asked)
	must(t, err)
	var acts []string
	for _, e := range log {
		acts = append(acts, e.By+" "+string(e.Act))
	}
	if want := []string{"patient mine", "mihon opened", "hospital issued"}; len(all) != 1 || !slices.Equal(acts, want) {
		t.Errorf("%d, %v", len(all), acts)
	}
	if _, _, err := w.Mine(t.Context(), self, asked); codeOf(err) != rp.Code(rp.ErrChallenge) {
		t.Errorf("the same answer twice: %v", err)
	}
}

func TestWhatIsNotIssued(t *testing.T) {
	w := newWard(t)
	ctx := t.Context()
	good := w.draft("taro", "INQ-H", 1, pressure)
	other := good
	other.Order.Lines = []medical.Line{allergy}
	for name, c := range map[string]struct {
		by    prescription.Party
		draft medical.Draft
		want  string
	}{
		"signed by the patient":  {hospital, w.draft("hanako", "INQ-H", 1, pressure), medical.NotADoctor},
		"another text":           {hospital, other, rp.Code(rp.ErrDigest)},
		"an unknown visit":       {hospital, w.draft("taro", "INQ-X", 1, pressure), medical.NoInquiry},
		"a pharmacy":             {mihon, good, medical.NoPrescription},
		"another hospital":       {prescription.Party{ID: "clinic", Name: "ひなた診療所"}, good, medical.NoPrescription},
		"in the hospital’s name": {prescription.Party{ID: "clinic", Name: hospital.Name}, good, medical.NoInquiry},
		"nothing":                {hospital, medical.Draft{}, medical.NoPrescription},
	} {
		if out, err := w.Issue(ctx, c.by, c.draft); codeOf(err) != c.want || out.Issued != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	w.silent = true
	if _, err := w.Issue(ctx, hospital, good); codeOf(err) != medical.PlatformSilent {
		t.Errorf("the platform is silent: %v", err)
	}
	w.silent = false
	w.Clock.Advance(rp.DocumentLifetime + time.Minute)
	if _, err := w.Issue(ctx, hospital, good); codeOf(err) != rp.Code(rp.ErrDocumentExpired) {
		t.Errorf("signed too late: %v", err)
	}
	w.Suspend("taro", jpki.DigitalSignature)
	if _, err := w.Issue(ctx, hospital, w.draft("taro", "INQ-H", 1, pressure)); codeOf(err) != rp.Code(rp.ErrSuspended) {
		t.Errorf("by a suspended certificate: %v", err)
	}
	if all, err := w.store.Find(ctx, prescription.Of{}); err != nil || len(all) != 0 {
		t.Errorf("%d are there, %v", len(all), err)
	}
}

// refusing is a kit that refuses every card with one error.
type refusing struct {
	prescription.Verifier
	rule error
}

func (k refusing) failed(kind jpki.Kind) error {
	return &rp.CheckError{Check: rp.StatusCheck, Kind: kind, Expected: rp.Fact{Code: "not_revoked"}, Found: rp.Fact{Code: "none"}, Err: k.rule}
}

func (k refusing) VerifyAuthentication(context.Context, []byte, string) (*rp.Authentication, error) {
	return nil, k.failed(jpki.UserAuthentication)
}

func (k refusing) VerifySignature(context.Context, []byte, []byte) (*rp.Signature, error) {
	return nil, k.failed(jpki.DigitalSignature)
}

// Whatever the kit refuses, nothing is opened or issued, under the kit's code.
func TestWhatTheKitRefusesIsNoService(t *testing.T) {
	w := newWard(t)
	kit, draft := w.System.Verifier, w.draft("taro", "INQ-H", 1, pressure)
	for _, rule := range rptest.Errors() {
		w.System.Verifier = refusing{kit, rule}
		asked, err := w.Challenge(t.Context(), mihon, struct{}{})
		must(t, err)
		opened, err := w.Open(t.Context(), mihon, asked)
		if codeOf(err) != rp.Code(rule) {
			t.Errorf("%v: opened with %v", rule, err)
		}
		if _, err := w.List(t.Context(), mihon, medical.Act{Grant: opened.Grant}); codeOf(err) != medical.NoGrant {
			t.Errorf("%v: the grant is %v", rule, err)
		}
		if out, err := w.Issue(t.Context(), hospital, draft); codeOf(err) != rp.Code(rule) || out.Issued != nil {
			t.Errorf("%v: issued with %v", rule, err)
		}
	}
}

func TestFindingsAreAnsweredOrNothingIsIssued(t *testing.T) {
	w := newWard(t)
	ctx := t.Context()
	w.prescribes(1, pressure)
	second := w.draft("taro", "INQ-H", 1, medical.Line{Drug: "102", Dose: 1, Days: 28})
	checked, err := w.Check(ctx, hospital, second)
	if err != nil || len(checked.Findings) != 1 || checked.Findings[0].With != "101" {
		t.Fatalf("%+v, %v", checked, err)
	}
	if out, err := w.Issue(ctx, hospital, second); err != nil || out.Issued != nil || len(out.Findings) != 1 {
		t.Fatalf("issued without a reason: %+v, %v", out, err)
	}
	o := second.Order
	o.Answered = []medical.Answered{{Finding: checked.Findings[0], Reason: "切替のため"}}
	text, err := o.Text()
	must(t, err)
	in := medical.Draft{Order: o, Told: true, CMS: w.Card("taro").Sign([]byte(text))}
	first, err := w.Issue(ctx, hospital, in)
	if err != nil || first.Issued == nil {
		t.Fatalf("%+v, %v", first, err)
	}
	again, err := w.Issue(ctx, hospital, in)
	if err != nil || again.Issued == nil || again.Issued.ID != first.Issued.ID {
		t.Errorf("sent again: %+v, %v", again, err)
	}
}

// A re-issued card finds the prescriptions of the card before.
func TestANewCardFindsThePrescriptions(t *testing.T) {
	w := newWard(t)
	p := w.prescribes(1, pressure)
	w.Renew("hanako")
	all, err := w.List(t.Context(), mihon, medical.Act{Grant: w.opens("hanako", mihon)})
	if err != nil || len(all) != 1 || all[0].ID != p.ID {
		t.Errorf("%+v, %v", all, err)
	}
}

// The doctor cancels while a pharmacy takes it: one of them does.
func TestCancelAndAcceptRace(t *testing.T) {
	w := newWard(t)
	for range 20 {
		p := w.prescribes(1, allergy)
		grant := w.opens("hanako", mihon)
		var cancelled, accepted error
		var both sync.WaitGroup
		both.Go(func() { _, cancelled = w.Cancel(t.Context(), hospital, medical.Act{ID: p.ID}) })
		both.Go(func() {
			_, accepted = w.Act(t.Context(), mihon, medical.Act{Do: medical.DoAccept, Grant: grant, ID: p.ID})
		})
		both.Wait()
		if (cancelled == nil) == (accepted == nil) {
			t.Fatalf("cancelled: %v, accepted: %v", cancelled, accepted)
		}
		if accepted == nil { // make room for the next
			_, err := w.Act(t.Context(), mihon, medical.Act{Do: medical.DoRelease, ID: p.ID})
			must(t, err)
			_, err = w.Cancel(t.Context(), hospital, medical.Act{ID: p.ID})
			must(t, err)
		}
	}
}

// Five hundred dispense one prescription at once: one of them does, and under one key all
// are told the same.
func TestOneOfFiveHundredDispenses(t *testing.T) {
	w := newWard(t)
	p := w.prescribes(1, pressure)
	grant := w.opens("hanako", mihon)
	_, err := w.Act(t.Context(), mihon, medical.Act{Do: medical.DoAccept, Grant: grant, ID: p.ID})
	must(t, err)
	var done, same atomic.Int64
	var all sync.WaitGroup
	for i := range 500 {
		all.Go(func() {
			_, err := w.Act(t.Context(), mihon, medical.Act{Do: medical.DoDispense, Grant: grant, ID: p.ID, Key: fmt.Sprint("key", i/2), Lines: []int{0}})
			switch codeOf(err) {
			case "":
				done.Add(1)
				same.Store(int64(i / 2))
			case medical.PrescriptionUsed:
			default:
				t.Errorf("%d: %v", i, err)
			}
		})
	}
	all.Wait()
	found, err := w.store.Find(t.Context(), prescription.Of{Patient: ""})
	if err != nil || len(found) != 1 || len(found[0].Dispensings) != 1 || done.Load() != 2 || found[0].Dispensings[0].Key != fmt.Sprint("mihon/key", same.Load()) {
		t.Errorf("%d were done; %+v, %v", done.Load(), found, err)
	}
}

// wire is the way from a pharmacy to the inquiry system, which is cut as it is told:
// before the question arrives, or before the answer does.
type wire struct {
	*ward
	by  prescription.Party
	cut func() (before, after bool)
}

var errCut = errors.New("cut off")

func through[T, R any](x *wire, ctx context.Context, in T, do func(context.Context, prescription.Party, T) (R, error)) (R, error) {
	var none R
	before, after := x.cut()
	if before {
		return none, errCut
	}
	out, err := do(ctx, x.by, in)
	if after {
		return none, errCut
	}
	return out, err
}

func (x *wire) Challenge(ctx context.Context) (medical.Presented, error) {
	return x.ward.Challenge(ctx, x.by, struct{}{})
}
func (x *wire) Open(ctx context.Context, in medical.Presented) (medical.Opened, error) {
	return x.ward.Open(ctx, x.by, in)
}
func (x *wire) Copied(ctx context.Context, in medical.Copy) (medical.Opened, error) {
	return through(x, ctx, in, x.ward.Copied)
}
func (x *wire) List(ctx context.Context, in medical.Act) ([]medical.Prescription, error) {
	return x.ward.List(ctx, x.by, in)
}
func (x *wire) Close(ctx context.Context, in medical.Act) error {
	_, err := x.ward.Close(ctx, x.by, in)
	return err
}
func (x *wire) Act(ctx context.Context, in medical.Act) (medical.Prescription, error) {
	return through(x, ctx, in, x.ward.Act)
}
func (x *wire) Settle(ctx context.Context, in medical.Act) (medical.Settled, error) {
	return through(x, ctx, in, x.ward.Settle)
}

// breaking is a pharmacy's books that fail as they are told.
type breaking struct {
	*db.Pharmacy
	fails func() bool
}

func (b *breaking) Put(ctx context.Context, e pharmacy.Entry) error {
	if b.fails() {
		return errCut
	}
	return b.Pharmacy.Put(ctx, e)
}

// A dispensing is cut off at random, 200 times: the pharmacy dies before or after it wrote
// its books, the question or its answer is lost. After a restart there is one dispensing
// or none, and the books agree with the inquiry system.
func TestCutOffTwoHundredTimes(t *testing.T) {
	w := newWard(t)
	ctx := t.Context()
	chance := rand.New(rand.NewPCG(20261130, 10))
	books, err := db.OpenPharmacy(filepath.Join(w.dir, "mihon.db"))
	must(t, err)
	t.Cleanup(func() { _ = books.Close() })
	trouble := true
	maybe := func() bool { return trouble && chance.IntN(5) == 0 }
	opens := func() *pharmacy.Counter {
		c, err := pharmacy.New(pharmacy.Config{
			Inquiry: &wire{w, mihon, func() (bool, bool) { return maybe(), maybe() }}, Books: &breaking{books, maybe}, Now: w.Clock.Now,
			There: func(context.Context, string) bool { return true },
		})
		must(t, err)
		return c
	}
	touch := pharmacy.Touch{Opened: medical.Opened{Grant: w.opens("hanako", mihon)}}
	patient, err := w.store.Patient(ctx, w.Card("hanako").Serial(jpki.UserAuthentication))
	must(t, err)
	for i := range 200 {
		trouble = false
		counter := opens()
		p := w.issued(fmt.Sprint(i), pressure)
		must(t, w.store.Add(ctx, patient, p, func([]medical.Prescription) error { return nil }))
		must(t, counter.Accept(ctx, touch, p.ID))
		trouble = true
		acknowledged := counter.Dispense(ctx, touch, p.ID, []int{0}) == nil
		if chance.IntN(2) == 0 { // somebody presses the button again
			acknowledged = counter.Dispense(ctx, touch, p.ID, []int{0}) == nil || acknowledged
		}
		trouble = false
		counter = opens() // after the restart
		must(t, counter.Settle(ctx))
		all, err := w.store.Find(ctx, prescription.Of{Number: p.Order.Number})
		must(t, err)
		book, err := counter.Book(ctx)
		must(t, err)
		done := 0
		for _, e := range book {
			if e.Prescription == p.ID && e.Key != p.ID && e.State == pharmacy.Done {
				done++
				if all[0].Dispensings[0].Key != "mihon/"+e.Key {
					t.Errorf("%d: the books have another dispensing", i)
				}
			}
			if e.State == pharmacy.InDoubt {
				t.Errorf("%d: still in doubt", i)
			}
		}
		if given := len(all[0].Dispensings); given > 1 || done != given || acknowledged && given != 1 {
			t.Fatalf("%d: %d dispensed, %d in the books, acknowledged %t", i, given, done, acknowledged)
		}
	}
}

// A request that arrives after it was settled that nothing took place does nothing.
func TestALateDispensingIsRefused(t *testing.T) {
	w := newWard(t)
	p, ctx := w.prescribes(1, pressure), t.Context()
	grant := w.opens("hanako", mihon)
	_, err := w.Act(ctx, mihon, medical.Act{Do: medical.DoAccept, Grant: grant, ID: p.ID})
	must(t, err)
	in := medical.Act{Do: medical.DoDispense, Grant: grant, ID: p.ID, Key: "k", Lines: []int{0}}
	if s, err := w.Settle(ctx, mihon, in); err != nil || s.Done {
		t.Fatal(s, err)
	}
	if _, err := w.Act(ctx, mihon, in); codeOf(err) != medical.PrescriptionStuck {
		t.Errorf("dispensed after all: %v", err)
	}
	in.Key = "k2"
	_, err = w.Act(ctx, mihon, in)
	must(t, err)
	for range 2 {
		if s, err := w.Settle(ctx, mihon, in); err != nil || !s.Done {
			t.Error(s, err)
		}
	}
	if s, err := w.Settle(ctx, aoba, in); err != nil || s.Done {
		t.Errorf("another pharmacy is told: %v, %v", s, err)
	}
}

// Nothing of what was prescribed stands in the files, and a row in another's place or in
// its own earlier state does not open.
func TestContentIsSealedInItsPlace(t *testing.T) {
	w := newWard(t)
	ctx := t.Context()
	first, second := w.prescribes(1, pressure), w.prescribes(1, allergy)
	files, err := filepath.Glob(filepath.Join(w.dir, "*"))
	must(t, err)
	for _, name := range files {
		text, err := os.ReadFile(name)
		must(t, err)
		for _, what := range []string{"ミホロール", `"101"`, "見本　花子", first.Code, "みほん総合病院", "太郎"} {
			if bytes.Contains(text, []byte(what)) {
				t.Errorf("%s contains %s", filepath.Base(name), what)
			}
		}
	}
	raw := w.store.Raw()
	was := map[string]any{}
	must(t, raw.Table("prescriptions").Where("id = ?", first.ID).Take(&was).Error)
	grant := w.opens("hanako", mihon)
	_, err = w.Act(ctx, mihon, medical.Act{Do: medical.DoAccept, Grant: grant, ID: first.ID})
	must(t, err)
	now := map[string]any{}
	must(t, raw.Table("prescriptions").Where("id = ?", first.ID).Take(&now).Error)
	for name, change := range map[string]map[string]any{
		"put back": {"sealed": was["sealed"]}, "its state alone": {"state": "waiting"}, "its version": {"version": 1}, "another patient’s": {"patient": "somebody"},
	} {
		must(t, raw.Table("prescriptions").Where("id = ?", first.ID).Updates(change).Error)
		if _, err := w.store.Find(ctx, prescription.Of{Number: first.Order.Number}); err == nil {
			t.Errorf("%s: it opens", name)
		}
		must(t, raw.Table("prescriptions").Where("id = ?", first.ID).Updates(now).Error)
	}
	must(t, raw.Table("prescriptions").Where("id = ?", second.ID).Update("sealed", now["sealed"]).Error)
	if _, err := w.store.Find(ctx, prescription.Of{Number: second.Order.Number}); err == nil || !strings.Contains(err.Error(), second.ID) {
		t.Errorf("a swapped row: %v", err)
	}
}
