package authority_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/memory"
	"example.jp/jpkimock/authority/register"
)

func statement(t *testing.T, w *authoritytest.World, month string) accreditation.Statement {
	t.Helper()
	s, err := w.Ministry.Statement(context.Background(), "test-bank", month)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// confirm asks about certificates once each.
func confirm(t testing.TB, w *authoritytest.World, p accreditation.Purpose, certificates ...register.Certificate) []authority.Confirmed {
	t.Helper()
	conf, err := w.Confirm(context.Background(), authoritytest.Key, p)
	if err != nil {
		t.Fatal(err)
	}
	var questions []authority.Question
	for _, c := range certificates {
		questions = append(questions, authority.Question{Kind: c.Kind, Serial: c.Serial})
	}
	var out []authority.Confirmed
	for answer, err := range conf.All(context.Background(), slices.Values(questions)) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, answer)
	}
	if err := conf.Count(); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestAStatement is a December and a January around the waiver of the fees.
func TestAStatement(t *testing.T) {
	ctx := context.Background()
	w := open(t)
	w.Clock.Set(time.Date(2022, 12, 31, 23, 59, 58, 0, jpki.JST))
	issued := w.Settle(authoritytest.Hanako())
	s, a := issued.Certificates[sign], issued.Certificates[auth]
	ask(t, w, about(s))
	ask(t, w, about(a))
	ask(t, w, about(a)) // from memory, and counted all the same
	confirm(t, w, accreditation.CurrentStatus, s, s, a)
	w.Clock.Set(time.Date(2023, 1, 1, 0, 0, 0, 0, jpki.JST))
	ask(t, w, about(s))

	december := statement(t, w, "2022-12")
	want := []accreditation.StatementLine{
		{FeeCount: accreditation.FeeCount{VerifierID: "test-bank", Kind: sign, Purpose: accreditation.SignatureVerification, Day: "2022-12-31", N: 1}, Yen: 20, Amount: 20},
		{FeeCount: accreditation.FeeCount{VerifierID: "test-bank", Kind: sign, Purpose: accreditation.CurrentStatus, Day: "2022-12-31", N: 2}, Yen: 20, Amount: 40},
		{FeeCount: accreditation.FeeCount{VerifierID: "test-bank", Kind: auth, Purpose: accreditation.SignatureVerification, Day: "2022-12-31", N: 2}, Yen: 2, Amount: 4},
		{FeeCount: accreditation.FeeCount{VerifierID: "test-bank", Kind: auth, Purpose: accreditation.CurrentStatus, Day: "2022-12-31", N: 1}, Yen: 2, Amount: 2},
	}
	if !slices.Equal(december.Lines, want) || december.Count != 6 || december.Amount != 66 || december.Name != "試験銀行" {
		t.Errorf("December:\n%+v\nwant %+v", december, want)
	}
	if january := statement(t, w, "2023-01"); january.Count != 1 || january.Amount != 0 {
		t.Errorf("January: %+v", january)
	}
	if _, err := w.Ministry.SetPrice(ctx, accreditation.TariffRow{From: "2023-01-01", Kind: sign, Yen: 7}, ministry); err != nil {
		t.Fatal(err)
	}
	w.Reopen()
	if d, j := statement(t, w, "2022-12"), statement(t, w, "2023-01"); d.Amount != 66 || j.Amount != 7 {
		t.Errorf("under another tariff: %d and %d yen", d.Amount, j.Amount)
	}
	if log, err := w.Ministry.Audit(ctx, "tariff", 0); err != nil || len(log) != 1 || log[0].Officer != ministry.Officer {
		t.Errorf("%+v, %v", log, err)
	}
	if all, err := w.Ministry.Statements(ctx, "2022-12"); err != nil || len(all) != 1 || all[0].Count != 6 {
		t.Errorf("%+v, %v", all, err)
	}
}

// TestAMonthThatIsOverKeepsItsPrices tries to change a bill after the month.
func TestAMonthThatIsOverKeepsItsPrices(t *testing.T) {
	ctx := context.Background()
	w := open(t)
	w.Clock.Set(time.Date(2022, 12, 10, 12, 0, 0, 0, jpki.JST))
	first, err := w.Ministry.Tariff(ctx)
	if err != nil {
		t.Fatal(err)
	}
	set := func(from string, yen int64) error {
		_, err := w.Ministry.SetPrice(ctx, accreditation.TariffRow{From: from, Kind: sign, Yen: yen}, ministry)
		return err
	}
	refused := func(what string, err error) {
		t.Helper()
		if invalid, ok := errors.AsType[*desk.InvalidError](err); !ok || invalid.Field != "from.past" {
			t.Errorf("%s: %v", what, err)
		}
	}
	refused("a day of November", set("2022-11-30", 5))
	refused("the first price of all", set("2016-01-01", 5))
	refused("a day before the first", set("2010-01-01", 5))
	_, err = w.Ministry.SetTariff(ctx, first[1:], ministry)
	refused("without what November was reckoned by", err)
	if err := set("2022-11-15", 20); err != nil { // says what holds already
		t.Error(err)
	}
	if err := set("2022-12-01", 5); err != nil { // December is not over
		t.Error(err)
	}
	w.Clock.Set(time.Date(2023, 1, 1, 0, 0, 0, 0, jpki.JST))
	refused("December, in January", set("2022-12-01", 20))
	if err := set("2023-01-01", 30); err != nil {
		t.Error(err)
	}
}

func TestWhatIsNotAnsweredIsNotCounted(t *testing.T) {
	w := open(t)
	c := w.Settle(authoritytest.Hanako()).Certificates[auth]
	w.Config.Counted = func(verifier string, kind jpki.Kind, n int) {
		t.Errorf("%d answers about %v are counted for %q", n, kind, verifier)
	}
	w.Reopen()
	wantFailure(t, w, "somebody-else's-key", about(c), 6)
	if _, err := w.AnswerOCSP(context.Background(), auth, authoritytest.Key, []byte{0x30}); err != nil {
		t.Fatal(err)
	}
	if s := statement(t, w, "2026-04"); s.Count != 0 {
		t.Errorf("%+v", s)
	}
}

func TestTariffsThatAreRefused(t *testing.T) {
	w := open(t)
	var invalid *desk.InvalidError
	for field, rows := range map[string][]accreditation.TariffRow{
		"tariff": nil,
		"from":   {{From: "2023-02-30", Kind: sign}},
		"kind":   {{From: "2023-01-01"}},
		"yen":    {{From: "2023-01-01", Kind: sign, Yen: -1}},
	} {
		if _, err := w.Ministry.SetTariff(context.Background(), rows, ministry); !errors.As(err, &invalid) || invalid.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	if _, err := w.Ministry.SetTariff(context.Background(), []accreditation.TariffRow{{From: "2023-01-01", Kind: sign, Yen: 1}, {From: "2023-01-01", Kind: sign, Yen: 2}}, ministry); !errors.As(err, &invalid) {
		t.Errorf("two prices: %v", err)
	}
	for _, month := range []string{"", "2026", "2026-13", "2026-4", "2026-04-01"} {
		if _, err := w.Ministry.Statement(context.Background(), "test-bank", month); !errors.As(err, &invalid) {
			t.Errorf("month %q: %v", month, err)
		}
	}
	_, err := w.Ministry.Statement(context.Background(), "nobody", "2026-04")
	wantErr(t, "nobody", err, accreditation.ErrNoVerifier)
}

// brittle is a store whose commits of fees fail while broken is set.
type brittle struct {
	authority.Store
	broken atomic.Bool
}

func (b *brittle) CommitAccreditation(ctx context.Context, c accreditation.Change) error {
	if len(c.Fees) > 0 && b.broken.Load() {
		return errors.New("the disk is full")
	}
	return b.Store.CommitAccreditation(ctx, c)
}

// TestNoCountIsLostOrDoubled: many ask at once while counts are flushed, the
// store fails for a while, and the authority closes.
func TestNoCountIsLostOrDoubled(t *testing.T) {
	ctx := context.Background()
	store := &brittle{Store: memory.New()}
	w := authoritytest.Open(t, "testdata", func(c *authority.Config) { c.Store = store })
	c := w.Settle(authoritytest.Hanako()).Certificates[auth]
	const askers, each = 8, 500
	var all sync.WaitGroup
	for range askers {
		all.Go(func() {
			for range each {
				confirm(t, w, accreditation.CurrentStatus, c)
			}
		})
	}
	all.Go(func() {
		for i := range 50 {
			store.broken.Store(i%2 == 0)
			_ = w.Ministry.FlushFees(ctx) // it fails every other time
		}
		store.broken.Store(false)
	})
	all.Wait()
	w.Close()
	w.Close()
	counts, err := store.Fees(ctx, "test-bank", "2026-04-01", "2026-04-30")
	if err != nil || len(counts) != 1 || counts[0].N != askers*each {
		t.Errorf("%+v, %v; want %d", counts, err, askers*each)
	}
	conf, err := w.Confirm(ctx, authoritytest.Key, accreditation.CurrentStatus)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conf.Answer(ctx, authority.Question{Kind: auth, Serial: c.Serial}); err != nil {
		t.Fatal(err)
	}
	if conf.Count() == nil {
		t.Error("an answer after the end was not counted, and nobody was told")
	}
}

// TestCountsReachTheStoreByThemselves, within half a second.
func TestCountsReachTheStoreByThemselves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := memory.New()
		w := authoritytest.Open(t, "testdata", func(c *authority.Config) { c.Store = store })
		c := w.Settle(authoritytest.Hanako()).Certificates[auth]
		confirm(t, w, accreditation.CurrentStatus, c)
		<-time.After(500 * time.Millisecond) // of the bubble's own time
		counts, err := store.Fees(context.Background(), "", "2026-04-01", "2026-04-30")
		if err != nil || len(counts) != 1 || counts[0].N != 1 {
			t.Errorf("%+v, %v", counts, err)
		}
		w.Close()
	})
}
