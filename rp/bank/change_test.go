package bank_test

import (
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank"
	"example.jp/jpkimock/rp/bank/internal/double"
)

// moved is somebody after a move: the four data and the digital signature
// certificate are new, the user authentication certificate is not.
func moved(p double.Person) double.Person {
	p.Four = jpki.NewBasicFour(p.Four.CommonName, p.Four.DateOfBirth, p.Four.Gender, "若葉県いろは市港３丁目２番")
	p.Serial = "0705E" + p.Serial[5:]
	return p
}

// reissued is somebody with a new card.
func reissued(p double.Person) double.Person {
	p = moved(p)
	p.Paired = "0A21E" + p.Paired[5:]
	return p
}

// notifies signs a change notice about an account.
func (w *town) notifies(no bank.AccountNumber, p double.Person) (bank.AcceptedChange, error) {
	w.t.Helper()
	d, err := w.DraftChangeForm(w.t.Context(), no, true)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.NotifyChange(w.t.Context(), d, w.kit.Sign(p, d.Document.Content))
}

func TestWhoMovedSignsAChangeNoticeWithTheNewCertificate(t *testing.T) {
	w := newTown(t)
	a := w.customer(hanako())
	w.kit.Find(hanako().Serial, rp.Changed, jpki.AffiliationChanged)
	w.confirms()
	w.waits(time.Hour)
	changed, err := w.notifies(a.Number, moved(hanako()))
	if err != nil {
		t.Fatal(err)
	}
	if changed.Before.BasicFour != hanako().Four || changed.After.BasicFour != moved(hanako()).Four {
		t.Errorf("changed %+v", changed)
	}
	w.open() // from what is on the disk
	c, err := w.Customer(t.Context(), a.Number)
	if err != nil {
		t.Fatal(err)
	}
	if c.BasicFour != moved(hanako()).Four || c.Serial != moved(hanako()).Serial || c.Paired != hanako().Paired || c.Standing.State != rp.Unchanged || !c.Consent.WithdrawnAt.IsZero() {
		t.Errorf("on record %+v", c)
	}
	if got := w.waiting(a.Number); len(got) != 0 {
		t.Errorf("still asked: %v", got)
	}
	if inbox := w.inbox(a.Number); len(inbox) != 2 || inbox[0].Kind != bank.NoticeAccepted {
		t.Errorf("inbox %+v", inbox)
	}
	history, err := w.History(t.Context(), a.Number)
	if err != nil || len(history) != 1 {
		t.Fatalf("history %+v, %v", history, err)
	}
	h := history[0]
	if h.Act != bank.ActChanged || h.By != moved(hanako()).Serial || h.Document != changed.Number || !h.At.Equal(w.clock()) ||
		h.Former == nil || h.Former.BasicFour != hanako().Four || h.Former.Serial != hanako().Serial || len(h.Former.Certificate) == 0 {
		t.Errorf("history %+v", h)
	}
	if r := w.confirms(); r.Questions != 1 || r.Tally.Unchanged != 1 || r.Asked != 0 {
		t.Errorf("the next confirmation %+v", r)
	}
	if in, err := w.signsIn(moved(hanako())); err != nil || in.Account.Number != a.Number {
		t.Errorf("signed in to %+v, %v", in, err)
	}
}

func TestANewCardIsKnownByItsSuccessor(t *testing.T) {
	w := newTown(t)
	a := w.customer(hanako())
	card := reissued(hanako())
	if _, err := w.signsIn(card); !errors.Is(err, bank.ErrUnknownHolder) {
		t.Fatalf("an unknown card: %v", err)
	}
	if _, err := w.notifies(a.Number, card); !errors.Is(err, bank.ErrAnotherPerson) {
		t.Errorf("without the authority's word: %v", err)
	}
	w.kit.Follows(card.Serial, hanako().Serial)
	if _, err := w.notifies(a.Number, card); err != nil {
		t.Fatal(err)
	}
	if in, err := w.signsIn(card); err != nil || in.Account.Number != a.Number {
		t.Errorf("signed in to %+v, %v", in, err)
	}
}

// TestWhoMovedAndRenewedHasAnAccount: address and both certificates are others,
// and the authority says that it is the same holder's.
func TestWhoMovedAndRenewedHasAnAccount(t *testing.T) {
	w := newTown(t)
	a := w.customer(hanako())
	card := reissued(hanako())
	w.kit.Follows(card.Serial, hanako().Serial)
	var there *bank.AlreadyCustomerError
	if _, err := w.applies(card); !errors.As(err, &there) || there.Account != a.Number {
		t.Errorf("a second account: %v", err)
	}
	other := taro()
	w.kit.Follows(other.Serial, "0705DFFF") // his own, of which the bank knows nothing
	if _, err := w.applies(other); err != nil {
		t.Error(err)
	}
}

func TestAReissuedAuthenticationCertificateIsKnownByItsPair(t *testing.T) {
	w := newTown(t)
	a := w.customer(hanako())
	card := hanako()
	card.Paired = "0A21EFFF"
	for range 2 {
		if in, err := w.signsIn(card); err != nil || in.Account.Number != a.Number {
			t.Errorf("signed in to %+v, %v", in, err)
		}
	}
	c, err := w.Customer(t.Context(), a.Number)
	if err != nil || c.Paired != card.Paired || c.Serial != hanako().Serial {
		t.Errorf("on record %+v, %v", c, err)
	}
	history, err := w.History(t.Context(), a.Number)
	if err != nil || len(history) != 1 || history[0].Act != bank.ActPaired || history[0].By != card.Paired || history[0].Former.Paired != hanako().Paired {
		t.Errorf("history %+v, %v", history, err)
	}
}

func TestAChangeNoticeThatIsRefusedChangesNothing(t *testing.T) {
	late := func(w *town) { w.waits(rp.DocumentLifetime + time.Second) }
	for _, tc := range []struct {
		name   string
		who    double.Person
		before func(*town)
		want   error
	}{
		{"another person", moved(taro()), nil, bank.ErrAnotherPerson},
		{"the certificate on record", hanako(), nil, bank.ErrNothingChanged},
		{"too late", moved(hanako()), late, rp.ErrDocumentExpired},
		{"revoked again", moved(hanako()), func(w *town) { w.kit.Refuse(&rp.RevokedError{Reason: jpki.KeyCompromise}) }, rp.ErrRevoked},
		{"no answer", moved(hanako()), func(w *town) { w.kit.Refuse(rp.ErrStatusUnavailable) }, rp.ErrStatusUnavailable},
		{"another customer's certificate", taro(), func(w *town) { w.kit.Follows(taro().Serial, hanako().Serial) }, bank.ErrAlreadyCustomer},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newTown(t)
			a := w.customer(hanako())
			w.customer(taro())
			d, err := w.DraftChangeForm(t.Context(), a.Number, true)
			if err != nil {
				t.Fatal(err)
			}
			if tc.before != nil {
				tc.before(w)
			}
			_, err = w.NotifyChange(t.Context(), d, w.kit.Sign(tc.who, d.Document.Content))
			if !errors.Is(err, tc.want) {
				t.Errorf("%v: want %v", err, tc.want)
			}
			c, err := w.Customer(t.Context(), a.Number)
			if err != nil || c.BasicFour != hanako().Four || c.Serial != hanako().Serial {
				t.Errorf("on record %+v, %v", c, err)
			}
			if h, err := w.History(t.Context(), a.Number); err != nil || len(h) != 0 {
				t.Errorf("history %+v, %v", h, err)
			}
		})
	}
}

func TestAFormIsGoodOnce(t *testing.T) {
	w := newTown(t)
	a := w.customer(hanako())
	d, err := w.DraftChangeForm(t.Context(), a.Number, true)
	if err != nil {
		t.Fatal(err)
	}
	signs := func(p double.Person) error {
		_, err := w.NotifyChange(t.Context(), d, w.kit.Sign(p, d.Document.Content))
		return err
	}
	if err := signs(moved(hanako())); err != nil {
		t.Fatal(err)
	}
	again := moved(hanako())
	again.Serial = "0705EFFF"
	if err := signs(again); !errors.Is(err, bank.ErrDocumentUsed) {
		t.Errorf("%v: want %v", err, bank.ErrDocumentUsed)
	}
}

func TestAFormTellsAStrangerNothing(t *testing.T) {
	w := newTown(t)
	p := hanako()
	p.Four = jpki.NewBasicFour(p.Four.CommonName, p.Four.DateOfBirth, p.Four.Gender, strings.Repeat("青葉県みほん市中央一丁目", 10))
	a := w.customer(p)
	for _, signedIn := range []bool{true, false} {
		d, err := w.DraftChangeForm(t.Context(), a.Number, signedIn)
		if err != nil {
			t.Fatal(err)
		}
		text := strings.ReplaceAll(strings.ReplaceAll(d.Document.Content, "\n", ""), "　", "")
		for _, own := range []string{"青葉花子", strings.Repeat("青葉県みほん市中央一丁目", 10), p.Serial.String()} {
			if strings.Contains(text, own) != signedIn {
				t.Errorf("signedIn %v, and the form says %q: %v", signedIn, own, !signedIn)
			}
		}
		for _, l := range strings.Split(d.Document.Content, "\n") {
			if n := (utf8.RuneCountInString(l) + len(l)) / 2; n > 50 {
				t.Errorf("a line of %d columns is too long for a telephone: %s", n, l)
			}
		}
	}
	if _, err := w.DraftChangeForm(t.Context(), "0000000", true); !errors.Is(err, bank.ErrNoAccount) {
		t.Errorf("an account that is not there: %v", err)
	}
}

// TestAnAccountNumberIsNotTriedOut: a stranger's form and its refusal are the
// same for an account that is there and for one that is not.
func TestAnAccountNumberIsNotTriedOut(t *testing.T) {
	w := newTown(t)
	a := w.customer(hanako())
	var written []string
	for _, no := range []bank.AccountNumber{a.Number, "0000000"} {
		d, err := w.DraftChangeForm(t.Context(), no, false)
		if err != nil {
			t.Fatal(err)
		}
		written = append(written, strings.NewReplacer(string(no), "口座番号", d.Document.Number, "届出番号").Replace(d.Document.Content))
		_, err = w.NotifyChange(t.Context(), d, w.kit.Sign(taro(), d.Document.Content))
		if !errors.Is(err, bank.ErrAnotherPerson) {
			t.Errorf("%s: %v: want %v", no, err, bank.ErrAnotherPerson)
		}
	}
	if written[0] != written[1] {
		t.Errorf("a form tells whether there is such an account:\n%s\n%s", written[0], written[1])
	}
}

func TestAWithdrawnConsentIsNotAskedAbout(t *testing.T) {
	w := newTown(t)
	a := w.customer(hanako())
	w.customer(taro())
	if err := w.WithdrawConsent(t.Context(), a.Number); err != nil {
		t.Fatal(err)
	}
	if err := w.WithdrawConsent(t.Context(), a.Number); !errors.Is(err, bank.ErrConsentWithdrawn) {
		t.Errorf("withdrawn twice: %v", err)
	}
	w.kit.Find(hanako().Serial, rp.Changed, jpki.AffiliationChanged)
	r := w.confirms()
	if asked := w.kit.Asked()[0]; r.Questions != 1 || r.Tally.Withheld != 1 || r.Tally.Unchanged != 1 || len(asked) != 1 || asked[0] != taro().Serial {
		t.Errorf("report %+v after %v", r, asked)
	}
	if len(w.inbox(a.Number)) != 0 {
		t.Error("who has withdrawn is written to")
	}
}

func TestConsentIsGivenAgainBySignature(t *testing.T) {
	w := newTown(t)
	a := w.customer(hanako())
	if _, err := w.DraftConsentForm(t.Context(), a.Number); !errors.Is(err, bank.ErrConsentInForce) {
		t.Errorf("while it stands: %v", err)
	}
	if err := w.WithdrawConsent(t.Context(), a.Number); err != nil {
		t.Fatal(err)
	}
	d, err := w.DraftConsentForm(t.Context(), a.Number)
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		who  double.Person
		want error
	}{
		{taro(), bank.ErrAnotherPerson},
		{moved(hanako()), bank.ErrOtherCertificate},
		{hanako(), nil},
		{hanako(), bank.ErrDocumentUsed},
	} {
		if err := w.GiveConsent(t.Context(), d, w.kit.Sign(tc.who, d.Document.Content)); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v: want %v", tc.who.Serial, err, tc.want)
		}
	}
	c, err := w.Customer(t.Context(), a.Number)
	if err != nil || !c.Consent.WithdrawnAt.IsZero() || c.Consent.Document != d.Document.Number {
		t.Errorf("consent %+v, %v", c.Consent, err)
	}
	if r := w.confirms(); r.Questions != 1 {
		t.Errorf("report %+v", r)
	}
	history, err := w.History(t.Context(), a.Number)
	if err != nil || len(history) != 2 || history[0].Act != bank.ActConsentGiven || history[1].Act != bank.ActConsentWithdrawn || history[0].By != hanako().Serial {
		t.Errorf("history %+v, %v", history, err)
	}
}

func TestATouchShowsTheTellerWhoAndWhatToDo(t *testing.T) {
	w := newTown(t)
	a := w.customer(hanako())
	w.kit.Find(hanako().Serial, rp.Changed, jpki.AffiliationChanged)
	w.confirms()
	c, err := w.Challenge(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	token := w.kit.Authenticate(hanako(), c.Nonce)
	v, err := w.Touch(t.Context(), token, c.Nonce)
	if err != nil || v.Name != a.Holder || v.Account != a.Number || len(v.Tasks) != 1 || v.Tasks[0].Kind != bank.NoticeChanged {
		t.Errorf("the teller sees %+v, %v", v, err)
	}
	if _, err := w.Touch(t.Context(), token, c.Nonce); !errors.Is(err, rp.ErrChallenge) {
		t.Errorf("a touch that is used twice: %v", err)
	}
	if h, err := w.History(t.Context(), a.Number); err != nil || len(h) != 1 || h[0].Act != bank.ActTouched || h[0].By != hanako().Paired {
		t.Errorf("history %+v, %v", h, err)
	}
	if c, err = w.Challenge(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Touch(t.Context(), w.kit.Authenticate(taro(), c.Nonce), c.Nonce); !errors.Is(err, bank.ErrUnknownHolder) {
		t.Errorf("a card of nobody: %v", err)
	}
}
