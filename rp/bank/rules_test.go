package bank_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank"
	"example.jp/jpkimock/rp/bank/db"
)

// with gives a second bank over the same records.
func (w *town) with(change func(*bank.Config)) *bank.Bank {
	w.t.Helper()
	store, err := db.Open(w.path)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = store.Close() })
	cfg := bank.Config{Verifier: w.kit, Linkage: w.kit, Store: store, Now: w.clock}
	change(&cfg)
	b, err := bank.New(cfg)
	if err != nil {
		w.t.Fatal(err)
	}
	return b
}

// Without a linkage the bank knows the certificates that it has seen, and no others.
func TestABankWithoutALinkage(t *testing.T) {
	w := newTown(t)
	w.Bank = w.with(func(c *bank.Config) { c.Linkage = nil })
	a := w.customer(hanako())
	card := reissued(hanako())
	w.kit.Follows(card.Serial, hanako().Serial)
	w.kit.Find(hanako().Serial, rp.Revoked, jpki.KeyCompromise)
	if in, err := w.signsIn(hanako()); err != nil || in.Account.Number != a.Number {
		t.Errorf("the card on record: %+v, %v", in, err)
	}
	if _, err := w.signsIn(card); !errors.Is(err, bank.ErrUnknownHolder) {
		t.Errorf("another card: %v", err)
	}
	if _, err := w.notifies(a.Number, card); !errors.Is(err, bank.ErrAnotherPerson) {
		t.Errorf("a change form: %v", err)
	}
	if r := w.confirms(); r.Tally.Revoked != 1 || r.Questions != 1 || w.followed(a.Number) != (bank.Followed{}) {
		t.Errorf("%+v", r)
	}
	if _, err := w.notifies(a.Number, moved(hanako())); err != nil {
		t.Errorf("a change form with the same pair: %v", err)
	}
	if w.kit.Links() != 0 {
		t.Errorf("asked %d times", w.kit.Links())
	}
}

// A person is 15 from the day of the birthday on; an unknown age refuses nobody.
func TestHowOldACustomerIs(t *testing.T) {
	for name, tc := range map[string]struct {
		born jpki.DateOfBirth
		want error
	}{
		"fifteen today": {jpki.DateOfBirthOn(2011, time.November, 3), nil}, "fifteen tomorrow": {jpki.DateOfBirthOn(2011, time.November, 4), bank.ErrTooYoung},
		"born today": {jpki.DateOfBirthOn(2026, time.November, 3), bank.ErrTooYoung}, "not known": {jpki.DateOfBirth{}, nil},
	} {
		p := hanako()
		p.Four.DateOfBirth = tc.born
		if _, err := newTown(t).applies(p); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		}
	}
}

// What an order may say, to its last character.
func TestTheLimitsOfAnOrder(t *testing.T) {
	w := newTown(t)
	from, to := w.customer(hanako()), w.customer(taro())
	good := bank.Order{From: from.Number, To: to.Number, Amount: 1, Key: "the-key-0001"}
	for name, tc := range map[string]struct {
		change func(*bank.Order)
		want   error
	}{
		"a note of 30":           {func(o *bank.Order) { o.Memo = strings.Repeat("あ", 30) }, nil},
		"a note of 31":           {func(o *bank.Order) { o.Memo = strings.Repeat("あ", 31) }, bank.ErrMemo},
		"a note with wide space": {func(o *bank.Order) { o.Memo = "お年玉　春" }, nil},
		"a note with a tab":      {func(o *bank.Order) { o.Memo = "a\tb" }, bank.ErrMemo},
		"a note in bad UTF-8":    {func(o *bank.Order) { o.Memo = "a\xff" }, bank.ErrMemo},
		"a key of 7":             {func(o *bank.Order) { o.Key = "1234567" }, bank.ErrKey},
		"a key of 8":             {func(o *bank.Order) { o.Key = "12345678" }, nil},
		"a key of 64":            {func(o *bank.Order) { o.Key = strings.Repeat("k", 64) }, nil},
		"a key of 65":            {func(o *bank.Order) { o.Key = strings.Repeat("k", 65) }, bank.ErrKey},
		"a strange key":          {func(o *bank.Order) { o.Key = "the key 0001" }, bank.ErrKey},
		"the most":               {func(o *bank.Order) { o.Amount = bank.MaxTransfer }, bank.ErrInsufficientFunds},
		"one more":               {func(o *bank.Order) { o.Amount = bank.MaxTransfer + 1 }, bank.ErrAmount},
		"all there is":           {func(o *bank.Order) { o.Amount = bank.OpeningGift }, nil},
		"a yen more":             {func(o *bank.Order) { o.Amount = bank.OpeningGift + 1 }, bank.ErrInsufficientFunds},
		"to oneself":             {func(o *bank.Order) { o.To = o.From }, bank.ErrSameAccount},
		"to nobody":              {func(o *bank.Order) { o.To = "0000000" }, bank.ErrNoAccount},
	} {
		o := good
		tc.change(&o)
		to, err := w.Preview(t.Context(), o)
		if !errors.Is(err, tc.want) || (err == nil) != (tc.want == nil) || (err == nil) != (to.Holder == taro().Four.CommonName) {
			t.Errorf("%s: %+v, %v, want %v", name, to, err, tc.want)
		}
	}
}

// A store that mixes accounts up settles nothing.
func TestATransferIsSettledBetweenItsOwnAccounts(t *testing.T) {
	a, b, c := bank.Account{Number: "1000001", Balance: 10}, bank.Account{Number: "1000002"}, bank.Account{Number: "1000003"}
	order := func(amount bank.Yen) bank.Transfer {
		return bank.Transfer{Order: bank.Order{From: a.Number, To: b.Number, Amount: amount}}
	}
	for name, tc := range map[string]struct {
		bank.Transfer
		from, to bank.Account
		want     error
	}{
		"its own": {order(10), a, b, nil}, "another sender": {order(10), c, b, bank.ErrSameAccount}, "another payee": {order(10), a, c, bank.ErrSameAccount},
		"nothing": {order(0), a, b, bank.ErrInsufficientFunds}, "too much": {order(11), a, b, bank.ErrInsufficientFunds},
		"to oneself": {bank.Transfer{Order: bank.Order{From: a.Number, To: a.Number, Amount: 1}}, a, a, bank.ErrSameAccount},
	} {
		settled, entries, err := tc.Settle(tc.from, tc.to)
		if !errors.Is(err, tc.want) || (err == nil) != (tc.want == nil) {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		}
		if err == nil && (settled.Balance != 0 || entries[0].Balance != 0 || entries[1].Balance != 10 || entries[0].Out() != 10 || entries[1].Out() != 0) {
			t.Errorf("%s: %+v, %+v", name, settled, entries)
		}
	}
}

// A failed confirmation is made again ten minutes later, or when the clock goes back.
func TestWhenAFailedConfirmationIsMadeAgain(t *testing.T) {
	for name, tc := range map[string]struct {
		waits time.Duration
		again bool
	}{
		"at once": {0, false}, "before ten minutes": {bank.RetryAfter - time.Second, false}, "after ten": {bank.RetryAfter, true}, "back": {-time.Second, true},
	} {
		w := newTown(t)
		w.customer(hanako())
		w.kit.Refuse(rp.ErrStatusUnavailable)
		if err := w.Sweep(t.Context()); !errors.Is(err, rp.ErrStatusUnavailable) {
			t.Errorf("%s: %v", name, err)
		}
		w.kit.Refuse(nil)
		w.waits(tc.waits)
		before := len(w.kit.Asked())
		if err := w.Sweep(t.Context()); err != nil || (len(w.kit.Asked()) > before) != tc.again {
			t.Errorf("%s: asked %d times after %d, %v", name, len(w.kit.Asked()), before, err)
		}
	}
}

// A certificate is good to the last second of its validity.
func TestTheLastSecondOfACertificate(t *testing.T) {
	for late, want := range map[time.Duration]rp.State{0: rp.Unchanged, time.Second: rp.Expired} {
		w := newTown(t)
		a := w.customer(hanako())
		c, err := w.Customer(t.Context(), a.Number)
		if err != nil {
			t.Fatal(err)
		}
		w.waits(c.CertificateExpires.Sub(w.clock()) + late)
		w.confirms()
		if s := w.standing(a.Number); s.State != want {
			t.Errorf("%s late: %+v, want %s", late, s, want)
		}
	}
}

// lone is a kit whose answers to single questions are not to them.
type lone struct {
	bank.Verifier
	lie func([]rp.Status) []rp.Status
}

func (l lone) CheckStatus(ctx context.Context, k jpki.Kind, serials ...jpki.SerialNumber) ([]rp.Status, error) {
	answers, err := l.Verifier.CheckStatus(ctx, k, serials...)
	return l.lie(answers), err
}

// At a sign-in with a new card the authority has one answer to one question.
func TestANewCardIsNotTakenOnAnAnswerToSomethingElse(t *testing.T) {
	for name, lie := range map[string]func([]rp.Status) []rp.Status{
		"none":            func([]rp.Status) []rp.Status { return nil },
		"two":             func(s []rp.Status) []rp.Status { return append(s, s...) },
		"no state":        func(s []rp.Status) []rp.Status { s[0].State = ""; return s },
		"another's":       func(s []rp.Status) []rp.Status { s[0].Serial = taro().Serial; return s },
		"the other kind":  func(s []rp.Status) []rp.Status { s[0].Kind = jpki.UserAuthentication; return s },
		"what it is, too": func(s []rp.Status) []rp.Status { return slices.Clone(s) },
	} {
		w := newTown(t)
		a := w.customer(hanako())
		w.Bank = w.with(func(c *bank.Config) { c.Verifier = lone{w.kit, lie} })
		card := hanako()
		card.Paired = "0A21EFFF"
		_, err := w.signsIn(card)
		c, read := w.Customer(t.Context(), a.Number)
		if read != nil {
			t.Fatal(read)
		}
		if good := name == "what it is, too"; good != (err == nil) || good == errors.Is(err, rp.ErrStatusMissing) || good != (c.Paired == card.Paired) {
			t.Errorf("%s: %v, and %s is on record", name, err, c.Paired)
		}
	}
}

// Whoever has withdrawn the consent, or is known to have moved, is not asked about with a
// new card either.
func TestANewCardOfWhomNothingIsToBeLearned(t *testing.T) {
	for name, before := range map[string]func(*town, bank.AccountNumber){
		"withdrawn": func(w *town, no bank.AccountNumber) {
			if err := w.WithdrawConsent(w.t.Context(), no); err != nil {
				w.t.Fatal(err)
			}
		},
		"moved": func(w *town, _ bank.AccountNumber) {
			w.kit.Find(hanako().Serial, rp.Changed, jpki.AffiliationChanged)
			w.confirms()
		},
	} {
		w := newTown(t)
		a := w.customer(hanako())
		before(w, a.Number)
		asked := len(w.kit.Asked())
		card := hanako()
		card.Paired = "0A21EFFF"
		if in, err := w.signsIn(card); err != nil || in.Account.Number != a.Number || len(w.kit.Asked()) != asked {
			t.Errorf("%s: %+v, %v, asked %d times after %d", name, in, err, len(w.kit.Asked()), asked)
		}
	}
}

// A sign-in is kept for a year.
func TestHowLongASignInIsKept(t *testing.T) {
	for late, kept := range map[time.Duration]bool{0: true, time.Second: false} {
		w := newTown(t)
		w.customer(hanako())
		if _, err := w.signsIn(hanako()); err != nil {
			t.Fatal(err)
		}
		at := w.clock()
		w.waits(at.AddDate(bank.YearsKept, 0, 0).Sub(at) + late)
		if err := w.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if in, err := w.signsIn(hanako()); err != nil || in.Previous.IsZero() == kept {
			t.Errorf("%s late: %+v, %v", late, in, err)
		}
	}
}

// What a new signature says of the card's other certificate goes on record; if it says
// nothing, what is on record stays.
func TestAChangeFormNamesThePair(t *testing.T) {
	for name, paired := range map[string]jpki.SerialNumber{"another": "0A21EFFF", "none": ""} {
		w := newTown(t)
		a := w.customer(hanako())
		card := moved(hanako())
		card.Paired = paired
		w.kit.Follows(card.Serial, hanako().Serial)
		want := paired
		if paired.IsZero() {
			want = hanako().Paired
		}
		if _, err := w.notifies(a.Number, card); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if c, err := w.Customer(t.Context(), a.Number); err != nil || c.Serial != card.Serial || c.Paired != want {
			t.Errorf("%s: %s and %s on record, %v", name, c.Serial, c.Paired, err)
		}
	}
}

// One letter waits; no number but its own finds it.
func TestALetterIsFoundByItsNumber(t *testing.T) {
	w := newTown(t)
	a := w.customer(hanako())
	w.kit.Find(hanako().Serial, rp.Changed, jpki.AffiliationChanged)
	w.confirms()
	id := w.inbox(a.Number)[0].ID
	for _, other := range []bank.NoticeID{-1, 0, id + 1} {
		if _, err := w.Letter(t.Context(), other); !errors.Is(err, bank.ErrNoNotice) {
			t.Errorf("letter %d: %v", other, err)
		}
		if err := w.Printed(t.Context(), other); !errors.Is(err, bank.ErrNoNotice) {
			t.Errorf("letter %d printed: %v", other, err)
		}
	}
	if err := w.Printed(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if l, err := w.Letter(t.Context(), id); err != nil || !l.PrintedAt.Equal(w.clock()) || l.Name != hanako().Four.CommonName {
		t.Errorf("%+v, %v", l, err)
	}
}

// Whoever watches a confirmation is told how many findings were written, from none on.
func TestAConfirmationTellsHowFarItIs(t *testing.T) {
	w := newTown(t)
	store, err := db.Open(w.path)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	for _, s := range crowd(t, store, 1_001, w.clock()) {
		w.kit.Find(s, rp.Changed, jpki.AffiliationChanged)
	}
	var told [][2]int
	w.Bank = w.with(func(c *bank.Config) { c.Progress = func(done, of int) { told = append(told, [2]int{done, of}) } })
	if r := w.confirms(); r.Asked != 1_001 || !slices.Equal(told, [][2]int{{0, 1_001}, {1_000, 1_001}}) {
		t.Errorf("%+v, told %v", r, told)
	}
}
