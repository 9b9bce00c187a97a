package authority_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/internal/fuse"
)

// silentHouse opens a world in which a reissue met the silence of the card house, before or
// after the card was written.
func silentHouse(t *testing.T, after bool, change func(*authority.Config)) (*authoritytest.World, *interrupted, authority.Issued) {
	t.Helper()
	house := &interrupted{after: after}
	w := authoritytest.Open(t, "testdata", func(c *authority.Config) {
		house.Cards = c.Writer.(*authoritytest.Cards)
		c.Writer = house
		if change != nil {
			change(c)
		}
	})
	before := w.Settle(authoritytest.Hanako())
	w.Clock.Advance(time.Hour)
	house.at = 1
	if _, err := w.Do(t.Context(), writingNotice(register.Reissue)); !errors.Is(err, errSilence) {
		t.Fatal(err)
	}
	return w, house, before
}

// What nobody knows to be on a card is shown to nobody, and waits while there is no card house.
func TestWhatIsNotKnownToBeOnACard(t *testing.T) {
	w, _, before := silentHouse(t, false, nil)
	h, err := w.FindHolder(t.Context(), asHanako())
	if err != nil || len(h.Certificates) != len(before.Certificates) {
		t.Errorf("the desk is shown %d certificates, %v; want %d", len(h.Certificates), err, len(before.Certificates))
	}
	cfg := w.Config
	cfg.Writer = nil
	a, err := authority.New(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if err := a.Settle(t.Context()); err != nil {
		t.Errorf("settled without a card house: %v", err)
	}
	_, err = a.Do(t.Context(), writingNotice(register.Reissue))
	wantErr(t, "a reissue without a card house", err, authority.ErrNoCardWriter)
	if done, err := a.Do(t.Context(), notice(register.Death)); err != nil || done.ChipError != nil {
		t.Errorf("a death without a card house: %+v, %v", done, err)
	}
}

// A settlement that discards what no card carries tells each failure, and ends the same.
func TestADiscardThatFails(t *testing.T) {
	open := func() (*authoritytest.World, *fuse.Fuse) {
		f := &fuse.Fuse{}
		w, house, _ := silentHouse(t, false, func(c *authority.Config) { c.Store = &failing{c.Store, f} })
		house.mute = false
		f.Arm(0)
		return w, f
	}
	w, f := open()
	if err := w.Authority.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	for at := 1; at <= f.Used(); at++ {
		w, f := open()
		f.Arm(at)
		wantErr(t, "the failure of a discard", w.Authority.Settle(t.Context()), fuse.ErrBlown)
		if err := w.Authority.Settle(t.Context()); err != nil {
			t.Errorf("call %d: settled again: %v", at, err)
		}
		inAgreement(t, w, "settled again")
	}
}

func TestASuspendedCertificateSucceedsNothing(t *testing.T) {
	w := open(t)
	c := w.Settle(authoritytest.Hanako()).Certificates[auth]
	w.Clock.Advance(time.Hour)
	next := w.Issue(authority.Application{ResidentID: "hanako", CardID: "second", PINs: authoritytest.PINs()}).Certificates[auth]
	if got, err := w.Successor(t.Context(), authoritytest.Key, auth, c.Serial); err != nil || got != next.Serial {
		t.Fatalf("%s, %v", got, err)
	}
	if _, err := w.Suspend(t.Context(), auth, next.Serial, desk.By{}); err != nil {
		t.Fatal(err)
	}
	_, err := w.Successor(t.Context(), authoritytest.Key, auth, c.Serial)
	wantErr(t, "suspended", err, authority.ErrNoSuccessor)
}

func TestNobodyIsBornTomorrow(t *testing.T) {
	var invalid *desk.InvalidError
	for days, good := range map[int]bool{0: true, 1: false} {
		w, r := open(t), authoritytest.Hanako()
		day := w.Clock.Now().In(jpki.JST).AddDate(0, 0, days)
		r.BasicFour.DateOfBirth = jpki.DateOfBirthOn(day.Year(), day.Month(), day.Day())
		if _, err := w.RegisterResident(t.Context(), r, desk.By{}); (err == nil) != good || err != nil && (!errors.As(err, &invalid) || invalid.Field != "basicFour.dateOfBirth") {
			t.Errorf("born in %d days: %v", days, err)
		}
	}
}

func TestKindsThatAreNone(t *testing.T) {
	w := open(t)
	c := w.Settle(authoritytest.Hanako()).Certificates[auth]
	conf, err := w.Confirm(t.Context(), authoritytest.Key, accreditation.SignatureVerification)
	if err != nil {
		t.Fatal(err)
	}
	_, answer := conf.Answer(t.Context(), authority.Question{Serial: c.Serial})
	_, list := w.CRL(t.Context(), 0)
	_, suspend := w.Suspend(t.Context(), 0, c.Serial, desk.By{})
	for name, err := range map[string]error{"confirmation": answer, "CRL": list, "suspension": suspend} {
		wantErr(t, name, err, register.ErrNoCertificate)
	}
	var invalid *desk.InvalidError
	if _, err := w.Confirm(t.Context(), authoritytest.Key, accreditation.Purpose(0)); !errors.As(err, &invalid) || invalid.Field != "purpose" {
		t.Errorf("another purpose: %v", err)
	}
}

// The ledger is written while a long confirmation goes on, and not only at its end.
func TestALongConfirmationIsCountedOnTheWay(t *testing.T) {
	const entered = 1024
	w := open(t)
	c := w.Settle(authoritytest.Hanako()).Certificates[auth]
	conf, err := w.Confirm(t.Context(), authoritytest.Key, accreditation.CurrentStatus)
	if err != nil {
		t.Fatal(err)
	}
	for n := 1; n <= entered+1; n++ {
		if s := statement(t, w, "2026-04"); n == entered && s.Count != 0 {
			t.Fatalf("%d are counted before %d are answered", s.Count, n)
		}
		if _, err := conf.Answer(t.Context(), authority.Question{Kind: auth, Serial: c.Serial}); err != nil {
			t.Fatal(err)
		}
	}
	if s := statement(t, w, "2026-04"); s.Count != entered {
		t.Errorf("%d are counted, want %d", s.Count, entered)
	}
}

func TestErrorsOfTheCardHouseAreTold(t *testing.T) {
	err := error(&authority.CardError{Act: "write", Err: errSilence})
	if !errors.Is(err, authority.ErrCardHouse) || !errors.Is(err, errSilence) || errors.Is(err, register.ErrNoCard) {
		t.Errorf("%v is another error", err)
	}
}

// The pair of a certificate is for those who may ask about both kinds.
func TestAPairIsForThoseWhoMayAskAboutBoth(t *testing.T) {
	w := open(t)
	issued := w.Settle(authoritytest.Hanako())
	if _, err := w.Ministry.SetConditions(t.Context(), "test-bank", []jpki.Kind{sign}, "", ministry); err != nil {
		t.Fatal(err)
	}
	for kind, c := range issued.Certificates {
		var refused *accreditation.NotAccreditedError
		if _, err := w.Pair(t.Context(), authoritytest.Key, kind, c.Serial); !errors.As(err, &refused) || refused.Reason != accreditation.KindNotCovered {
			t.Errorf("asked about %v: %v", kind, err)
		}
	}
}

// A card is its holder's, and what is issued onto it is told with it.
func TestOntoWhichCardACertificateIsIssued(t *testing.T) {
	w := open(t)
	w.Settle(authoritytest.Hanako())
	w.Settle(authoritytest.Taro())
	w.Clock.Advance(time.Hour)
	_, err := w.Authority.Issue(t.Context(), authority.Application{ResidentID: "hanako", CardID: "taro", PINs: authoritytest.PINs()})
	wantErr(t, "onto somebody else's card", err, register.ErrCardExists)
	if done := do(t, w, notice(register.CardIssue)); done.Card == nil || done.Card.ID != "hanako-2" || done.Card.State != register.CardInUse {
		t.Errorf("%+v", done.Card)
	}
}

// Of two cards a third one replaces that which it leaves with nothing.
func TestAThirdCardReplacesOneOfTwo(t *testing.T) {
	w := open(t)
	w.Settle(authoritytest.Hanako())
	for _, card := range []struct {
		id    string
		kinds []jpki.Kind
	}{{"second", []jpki.Kind{sign}}, {"third", []jpki.Kind{sign}}} {
		w.Clock.Advance(time.Hour)
		w.Issue(authority.Application{ResidentID: "hanako", CardID: card.id, PINs: authoritytest.PINs(), Kinds: card.kinds})
	}
	cards, err := w.CardsOf(t.Context(), "hanako")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]register.CardState{"hanako": register.CardInUse, "second": register.CardReplaced, "third": register.CardInUse}
	for _, card := range cards {
		if card.State != want[card.ID] {
			t.Errorf("the card %s is %q, want %q", card.ID, card.State, want[card.ID])
		}
	}
}

// leaving is a card house in which whoever asked goes away while the card is written.
type leaving struct {
	*authoritytest.Cards
	goes context.CancelFunc
}

func (l *leaving) Write(ctx context.Context, id string, p authority.Personalization) error {
	l.goes()
	if err := ctx.Err(); err != nil {
		return err
	}
	return l.Cards.Write(ctx, id, p)
}

func TestAnIssueGoesOnWithoutItsCaller(t *testing.T) {
	house := &leaving{goes: func() {}}
	w := authoritytest.Open(t, "testdata", func(c *authority.Config) {
		house.Cards = c.Writer.(*authoritytest.Cards)
		c.Writer = house
	})
	w.Settle(authoritytest.Hanako())
	w.Clock.Advance(time.Hour)
	ctx, goes := context.WithCancel(t.Context())
	house.goes = goes
	if _, err := w.Do(ctx, writingNotice(register.Reissue)); err != nil {
		t.Error(err)
	}
	inAgreement(t, w, "then")
}

// Nobody's holders are looked up for the list that everybody gets.
func TestNobodyIsTheHolderOfAList(t *testing.T) {
	if all := (authority.Inquiry{List: true}).Holders(); all != nil {
		t.Errorf("%v", all)
	}
}
