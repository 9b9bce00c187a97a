package authority_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/ca"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/internal/shown"
)

// What an authority is not opened with.
func TestWhatAnAuthorityNeeds(t *testing.T) {
	whole := open(t).Config
	for name, c := range map[string]struct {
		change func(*authority.Config)
		good   bool
	}{
		"all":                       {func(*authority.Config) {}, true},
		"no clock":                  {func(c *authority.Config) { c.Now = nil }, false},
		"no store":                  {func(c *authority.Config) { c.Store = nil }, false},
		"no address":                {func(c *authority.Config) { c.PublicURL = "" }, false},
		"no URL":                    {func(c *authority.Config) { c.PublicURL = "http://[" }, false},
		"lapses that are not read":  {func(c *authority.Config) { c.Store = &unlapsing{c.Store, true} }, false},
		"no host":                   {func(c *authority.Config) { c.PublicURL = "http:///x" }, false},
		"a space":                   {func(c *authority.Config) { c.PublicURL = "http://authority.test/a b" }, false},
		"the last of ASCII":         {func(c *authority.Config) { c.PublicURL = "http://authority.test/~" }, true},
		"no log":                    {func(c *authority.Config) { c.Log = nil }, true},
		"answers kept a part":       {func(c *authority.Config) { c.OCSPKept = time.Nanosecond }, false},
		"a path":                    {func(c *authority.Config) { c.PublicURL = "/x" }, false},
		"another scheme":            {func(c *authority.Config) { c.PublicURL = "ftp://authority.test" }, false},
		"https":                     {func(c *authority.Config) { c.PublicURL = "https://authority.test" }, true},
		"answers kept a second":     {func(c *authority.Config) { c.OCSPKept = time.Second }, true},
		"answers kept a while":      {func(c *authority.Config) { c.OCSPKept = 1500 * time.Millisecond }, false},
		"answers kept at most":      {func(c *authority.Config) { c.OCSPKept = ca.MaxKept }, true},
		"answers kept longer":       {func(c *authority.Config) { c.OCSPKept = ca.MaxKept + time.Second }, false},
		"answers that are not kept": {func(c *authority.Config) { c.OCSPKept = -1 }, true},
		"keys that cannot be read":  {func(c *authority.Config) { c.Keys = authoritytest.Keys{Folder: "nowhere"} }, false},
	} {
		cfg := whole
		c.change(&cfg)
		a, err := authority.New(t.Context(), cfg)
		if (err == nil) != c.good {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil {
			a.Close()
		}
	}
}

// An authority that was not opened leaves nothing at work: the bubble would not end.
func TestAnAuthorityThatWasNotOpenedHasEnded(t *testing.T) {
	cfg := open(t).Config
	cfg.Keys = authoritytest.Keys{Folder: "nowhere"}
	synctest.Test(t, func(t *testing.T) {
		if _, err := authority.New(context.Background(), cfg); err == nil {
			t.Error("opened without keys")
		}
	})
}

// A release whose end is lost is one, if the store says so.
func TestAReleaseWhoseEndIsLost(t *testing.T) {
	for _, after := range []bool{true, false} {
		var store *shaky
		w := authoritytest.Open(t, "testdata", func(cfg *authority.Config) {
			store = &shaky{Store: cfg.Store, after: after}
			cfg.Store = store
		})
		cert := w.Settle(authoritytest.Hanako()).Certificates[auth]
		do(t, w, notice(register.Loss))
		store.lose = true
		_, err := w.Do(t.Context(), notice(register.Found))
		wantErr(t, "the act", err, errLost)
		if got, want := ask(t, w, about(cert)).Status, map[bool]int{true: 0, false: 1}[after]; got != want {
			t.Errorf("written %t: OCSP says %d, want %d", after, got, want)
		}
	}
}

// Of what a card was found to carry, that is handed over which is still true; the rest is
// discarded.
func TestWhatIsNoLongerTrueIsDiscarded(t *testing.T) {
	for _, c := range []struct {
		meanwhile register.LifeEvent
		kinds     []jpki.Kind
		good      int // certificates in the end
		discarded int
	}{
		{"", nil, 2, 0}, {register.Death, nil, 0, 2}, {register.Loss, nil, 0, 2},
		{register.MoveHouse, nil, 1, 1}, // the authentication certificate names no address
		{register.Death, []jpki.Kind{auth}, 0, 1}, {register.Loss, []jpki.Kind{auth}, 0, 1}, {register.MoveHouse, []jpki.Kind{auth}, 1, 0},
	} {
		house := &interrupted{after: true}
		w := authoritytest.Open(t, "testdata", func(cfg *authority.Config) {
			house.Cards = cfg.Writer.(*authoritytest.Cards)
			cfg.Writer = house
		})
		w.Settle(authoritytest.Hanako())
		w.Clock.Advance(time.Hour)
		house.at = 1
		_, err := w.Authority.Issue(t.Context(), authority.Application{ResidentID: "hanako", CardID: "hanako", PINs: authoritytest.PINs(), Kinds: c.kinds})
		wantErr(t, "the issue", err, errSilence)
		if c.meanwhile != "" {
			do(t, w, notice(c.meanwhile))
		}
		house.mute = false
		if err := w.Authority.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		all, err := w.CertificatesOf(t.Context(), "hanako")
		if err != nil {
			t.Fatal(err)
		}
		good, discarded := 0, 0
		for _, cert := range all {
			switch {
			case cert.Status.State == register.Good:
				good++
			case !cert.Delivered && cert.Status.State == register.Revoked && cert.Status.Reason == jpki.Unspecified:
				discarded++
			}
		}
		if good != c.good || discarded != c.discarded {
			t.Errorf("%s %v: %d are good and %d discarded, want %+v", c.meanwhile, c.kinds, good, discarded, c)
		}
	}
}

// A settlement that fails before an act lets the next act begin.
func TestAnActThatCannotBeginLetsTheNextOne(t *testing.T) {
	w, f := openFailing(t)
	again := authority.Application{ResidentID: "hanako", CardID: "hanako", PINs: authoritytest.PINs()}
	if _, err := w.Authority.Issue(t.Context(), again); err != nil {
		t.Fatal(err)
	}
	calls := f.Used()
	for at := 1; at <= calls; at++ {
		w, f := openFailing(t)
		f.Arm(at)
		if _, err := w.Authority.Issue(t.Context(), again); err == nil {
			t.Errorf("call %d of %d out of order: issued", at, calls)
		}
		f.Arm(0)
		if _, err := w.Authority.Issue(t.Context(), again); err != nil {
			t.Errorf("after call %d of %d was out of order: %v", at, calls, err)
		}
	}
}

// A new card takes the place of those that it leaves without a valid certificate, and of
// no other.
func TestWhichCardsANewOneReplaces(t *testing.T) {
	for _, c := range []struct {
		kinds []jpki.Kind
		want  register.CardState // of the card before
	}{
		{nil, register.CardReplaced}, {[]jpki.Kind{auth}, register.CardInUse}, {[]jpki.Kind{sign}, register.CardInUse},
	} {
		w := open(t)
		w.Settle(authoritytest.Hanako())
		w.Clock.Advance(time.Hour)
		issued := w.Issue(authority.Application{ResidentID: "hanako", PINs: authoritytest.PINs(), Kinds: c.kinds})
		if last := w.Cards.Writes[len(w.Cards.Writes)-1]; issued.Card.ID == "" || issued.Card.ID != last.CardID {
			t.Errorf("the card %q was issued, and %q written", issued.Card.ID, last.CardID)
		}
		cards, err := w.CardsOf(t.Context(), "hanako")
		if err != nil || len(cards) != 2 {
			t.Fatalf("%+v, %v", cards, err)
		}
		for _, card := range cards {
			if want := map[bool]register.CardState{true: c.want, false: register.CardInUse}[card.ID == "hanako"]; card.State != want {
				t.Errorf("%v: the card %s is %s, want %s", c.kinds, card.ID, card.State, want)
			}
		}
	}
}

// A number that the card house has given already is told as such, and not as a failure.
func TestANumberThatTheCardHouseKnows(t *testing.T) {
	w := open(t)
	if _, err := w.RegisterResident(t.Context(), authoritytest.Hanako(), desk.By{}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Cards.Blank(t.Context(), "taken"); err != nil {
		t.Fatal(err)
	}
	_, err := w.Authority.Issue(t.Context(), authority.Application{ResidentID: "hanako", CardID: "taken", PINs: authoritytest.PINs()})
	if _, failure := errors.AsType[*authority.CardError](err); failure || !errors.Is(err, register.ErrCardExists) {
		t.Errorf("%v", err)
	}
}

// An entry is made as it was shown, with the namesakes that were shown; a counter writes
// its own name.
func TestAnEntryIsMadeAsItWasShown(t *testing.T) {
	w, ctx := open(t), t.Context()
	by := officer(t, "mado-1").By("出生届")
	jiro := authoritytest.Hanako()
	jiro.ID = "jiro"
	jiro.Municipality.CityRomaji = "Mihonshi"
	seen, err := w.PreviewResident(ctx, jiro, by)
	if err != nil || len(seen.Namesakes) != 0 || seen.Entry.Municipality != officer(t, "mado-1").Municipality {
		t.Fatalf("%+v, %v", seen, err)
	}
	w.Settle(authoritytest.Hanako()) // of the same name, born on the same day
	_, err = w.RegisterResident(ctx, jiro, by.Having(seen.Version()))
	wantErr(t, "a namesake came between", err, shown.ErrChanged)
	again, err := w.PreviewResident(ctx, jiro, by)
	if err != nil || len(again.Namesakes) != 1 || again.Namesakes[0].ID != "hanako" || again.Version() == seen.Version() {
		t.Fatalf("%+v, %v", again, err)
	}
	do(t, w, notice(register.Death)) // she is one still, and another one than was shown
	_, err = w.RegisterResident(ctx, jiro, by.Having(again.Version()))
	wantErr(t, "the namesake died", err, shown.ErrChanged)
	again, err = w.PreviewResident(ctx, jiro, by)
	if err != nil {
		t.Fatal(err)
	}
	entered, err := w.RegisterResident(ctx, jiro, by.Having(again.Version()))
	if err != nil || entered.Municipality != officer(t, "mado-1").Municipality {
		t.Errorf("%+v, %v", entered, err)
	}
}

// A suspension of everything is shown as it would be refused.
func TestThePreviewOfASuspensionRefusesToo(t *testing.T) {
	w, ctx := open(t), t.Context()
	if _, err := w.RegisterResident(ctx, authoritytest.Hanako(), desk.By{}); err != nil {
		t.Fatal(err)
	}
	try := func(what string, want error) {
		t.Helper()
		_, err := w.PreviewSuspension(ctx, asHanako())
		wantErr(t, what+", shown", err, want)
		_, err = w.SuspendHolder(ctx, asHanako(), desk.By{})
		wantErr(t, what+", done", err, want)
	}
	try("without a card", register.ErrNothingToDo)
	w.Issue(authority.Application{ResidentID: "hanako", CardID: "hanako", PINs: authoritytest.PINs()})
	try("with one", nil)
	_, err := w.PreviewSuspension(ctx, asHanako())
	wantErr(t, "suspended already", err, register.ErrAlreadySuspended)
}

// Many answers end where whoever asked stops, or at the first error.
func TestAConfirmationEndsWhereItIsStopped(t *testing.T) {
	w := open(t)
	c := w.Settle(authoritytest.Hanako()).Certificates[sign]
	conf, err := w.Confirm(t.Context(), authoritytest.Key, accreditation.CurrentStatus)
	if err != nil {
		t.Fatal(err)
	}
	q := authority.Question{Kind: sign, Serial: c.Serial}
	for range conf.All(t.Context(), slices.Values([]authority.Question{q, q})) {
		break
	}
	if _, err := w.Ministry.SetState(t.Context(), "test-bank", accreditation.VerifierSuspended, ministry); err != nil {
		t.Fatal(err)
	}
	var given, failed int
	for _, err := range conf.All(t.Context(), slices.Values([]authority.Question{q, q, q})) {
		given++
		if err != nil {
			failed++
		}
	}
	if given != 1 || failed != 1 {
		t.Errorf("%d were given, of which %d failed", given, failed)
	}
}
