package authority_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
)

func TestHanakoMarries(t *testing.T) {
	ctx := context.Background()
	w := open(t)
	before := w.Settle(authoritytest.Hanako())
	w.Clock.Advance(24 * time.Hour)
	do(t, w, notice(register.NameChange))

	entry, err := w.Resident(ctx, "hanako")
	if err != nil || entry.BasicFour.CommonName != "手本　花子" || entry.FormerSurname != "見本" || entry.Romaji != "MIHON HANAKO" {
		t.Errorf("%+v, %v", entry, err)
	}
	former, err := w.FormerEntries(ctx, "hanako")
	if err != nil || former[0].BasicFour.CommonName != "見本　花子" || former[0].Cause != register.NameChange || !former[0].Until.Equal(w.Clock.Now()) || former[0].Officer != atCounter.Officer {
		t.Errorf("%+v, %v", former, err)
	}
	if _, err := w.Successor(ctx, authoritytest.Key, sign, before.Certificates[sign].Serial); !errors.Is(err, authority.ErrNoSuccessor) {
		t.Errorf("before the re-issue: %v", err)
	}
	done := do(t, w, notice(register.Reissue))
	written := w.Cards.Writes[len(w.Cards.Writes)-1]
	if done.Card.ID != "hanako" || written.CardID != "hanako" || written.Face.Name != "手本　花子" {
		t.Errorf("written onto %s: %+v", written.CardID, written.Face)
	}
	next, err := w.Successor(ctx, authoritytest.Key, sign, before.Certificates[sign].Serial)
	if err != nil || next != done.Issued.Certificates[sign].Serial {
		t.Errorf("successor %s, %v", next, err)
	}
	if _, err := w.Successor(ctx, authoritytest.Key, sign, next); !errors.Is(err, authority.ErrNoSuccessor) {
		t.Errorf("the newest has a successor: %v", err)
	}
	if _, err := w.Successor(ctx, authoritytest.Key, auth, before.Certificates[auth].Serial); !errors.Is(err, authority.ErrNoSuccessor) {
		t.Errorf("the authentication certificate was not replaced: %v", err)
	}
}

// TestARareCharacter is a name that the certificate cannot write.
func TestARareCharacter(t *testing.T) {
	w := open(t)
	r := authoritytest.Hanako()
	r.BasicFour = jpki.BasicFour{CommonName: "吉田　花子", DateOfBirth: r.BasicFour.DateOfBirth, Gender: jpki.Female, Address: r.BasicFour.Address}
	r.RegisterName = "𠮷田　花子"
	issued := w.Settle(r)
	if got := w.Cards.Writes[0].Face.Name; got != "𠮷田　花子" {
		t.Errorf("the face prints %s", got)
	}
	four, err := jpki.BasicFourOf(parse(t, issued.Certificates[sign].DER))
	if err != nil || four.CommonName != "吉田　花子" || four.SubstituteCharacterOfCommonName != "10000" {
		t.Errorf("the certificate says %+v, %v", four, err)
	}
	done := do(t, w, notice(register.NameChange))
	if done.After.RegisterName != "" || done.After.BasicFour.SubstituteCharacterOfCommonName != "00000" {
		t.Errorf("after the change of name: %+v", done.After)
	}
}

// TestRenewal is the last three months of a certificate, and what comes after.
func TestRenewal(t *testing.T) {
	ctx := context.Background()
	w := open(t)
	old := w.Settle(authoritytest.Hanako())
	end := old.Certificates[sign].NotAfter
	from := time.Date(end.In(jpki.JST).Year(), end.In(jpki.JST).Month()-3, end.In(jpki.JST).Day()+1, 0, 0, 0, 0, jpki.JST)
	for _, c := range []struct {
		at   time.Time
		want error
	}{{from.Add(-time.Second), register.ErrTooEarly}, {from, nil}, {end, nil}, {end.AddDate(0, 0, 1), nil}} {
		w.Clock.Set(c.at)
		_, err := w.Preview(ctx, notice(register.Renewal))
		wantErr(t, c.at.String(), err, c.want)
	}
	w.Clock.Set(from.Add(time.Hour))
	done := do(t, w, notice(register.Renewal))
	if done.Card.ID != "hanako" || len(done.Issued.Certificates) != 2 {
		t.Errorf("renewed: %+v", done.Issued)
	}
	for _, kind := range jpki.Kinds() {
		if s := status(t, w, old.Certificates[kind]); s.State != register.Revoked || s.Reason != jpki.Superseded {
			t.Errorf("the old %v: %+v", kind, s)
		}
		next, err := w.Successor(ctx, authoritytest.Key, kind, old.Certificates[kind].Serial)
		if err != nil || next != done.Issued.Certificates[kind].Serial {
			t.Errorf("%v: successor %s, %v", kind, next, err)
		}
		before, err := w.Predecessors(ctx, authoritytest.Key, kind, next)
		if err != nil || !slices.Equal(before, []jpki.SerialNumber{old.Certificates[kind].Serial}) {
			t.Errorf("%v: predecessors %s, %v", kind, before, err)
		}
		before, err = w.Predecessors(ctx, authoritytest.Key, kind, old.Certificates[kind].Serial)
		if err != nil || len(before) != 0 {
			t.Errorf("%v: predecessors of the first %s, %v", kind, before, err)
		}
	}
	_, err := w.Preview(ctx, notice(register.Renewal))
	wantErr(t, "again", err, register.ErrTooEarly)
}

func TestRenewableFrom(t *testing.T) {
	for end, want := range map[string]string{
		"2031-07-07": "2031-04-08", "2031-05-01": "2031-02-02", "2031-02-17": "2030-11-18", "2031-01-01": "2030-10-02", "2031-03-31": "2031-01-01",
		"2031-05-28": "2031-03-01", "2031-05-29": "2031-03-01", "2031-05-30": "2031-03-01", "2031-05-31": "2031-03-01",
		"2032-05-28": "2032-02-29", "2032-05-29": "2032-03-01", "2032-05-30": "2032-03-01", "2031-02-28": "2030-11-29", "2032-02-29": "2031-11-30",
	} {
		day, err := time.ParseInLocation(time.DateOnly, end, jpki.JST)
		if err != nil {
			t.Fatal(err)
		}
		if got := register.RenewableFrom(day.Add(86399 * time.Second)).In(jpki.JST).Format(time.DateTime); got != want+" 00:00:00" {
			t.Errorf("%s: from %s, want %s", end, got, want)
		}
	}
}

// TestAChild is the rule of 15 years on every way to a signature certificate.
func TestAChild(t *testing.T) {
	ctx := context.Background()
	w := open(t)
	w.Settle(authoritytest.Taro())
	for _, c := range []struct {
		name string
		n    register.Notice
	}{
		{"re-issue", register.Notice{Event: register.Reissue, PINs: authoritytest.PINs()}},
		{"re-issue of the kind", register.Notice{Event: register.Reissue, Kinds: []jpki.Kind{sign}, PINs: authoritytest.PINs()}},
		{"new card", register.Notice{Event: register.CardIssue, Kinds: jpki.Kinds(), PINs: authoritytest.PINs()}},
		{"signature PIN", register.Notice{Event: register.PINReset, PINs: map[jpki.Kind]string{sign: "ABC123"}}},
	} {
		c.n.ResidentID, c.n.By = "taro", atCounter
		_, err := w.Do(ctx, c.n)
		wantErr(t, c.name, err, register.ErrTooYoung)
	}
	reissue := register.Notice{ResidentID: "taro", Event: register.Reissue, Kinds: []jpki.Kind{auth}, By: atCounter}
	if done := do(t, w, reissue); len(done.Issued.Certificates) != 1 {
		t.Errorf("re-issued: %+v", done.Issued)
	}
	w.Clock.Set(time.Date(2030, 12, 1, 10, 0, 0, 0, jpki.JST)) // 12 years old
	renewal := register.Notice{ResidentID: "taro", Event: register.Renewal, By: atCounter}
	if done := do(t, w, renewal); len(done.Issued.Certificates) != 1 || done.Issued.Certificates[auth].DER == nil {
		t.Errorf("a child's renewal: %+v", done.Issued)
	}
}

// TestComingOfAge is the first signature certificate, on the child's card.
func TestComingOfAge(t *testing.T) {
	w := open(t)
	r := authoritytest.Taro()
	r.BasicFour.DateOfBirth = jpki.DateOfBirthOn(2012, 6, 1) // 13
	w.Settle(r)
	w.Clock.Set(time.Date(2027, 6, 2, 10, 0, 0, 0, jpki.JST))
	n := register.Notice{ResidentID: "taro", Event: register.Reissue, By: atCounter}
	var invalid *desk.InvalidError
	if _, err := w.Do(context.Background(), n); !errors.As(err, &invalid) || invalid.Field != "pins.digital-signature" {
		t.Errorf("without a PIN: %v", err)
	}
	n.PINs = map[jpki.Kind]string{sign: "ABC123"}
	if done := do(t, w, n); done.Issued.Certificates[sign].DER == nil || len(done.Effects) != 0 {
		t.Errorf("%+v", done)
	}
}

// TestANewCardAfterALoss: the lost card is given up, and the new one is the
// one that acts are about.
func TestANewCardAfterALoss(t *testing.T) {
	ctx := context.Background()
	w := open(t)
	old := w.Settle(authoritytest.Hanako())
	do(t, w, notice(register.Loss))
	do(t, w, notice(register.LossFinal))
	w.Clock.Advance(time.Hour)
	do(t, w, notice(register.CardIssue))
	cards, err := w.CardsOf(ctx, "hanako")
	if err != nil || len(cards) != 2 || cards[0].State != register.CardVoid || cards[1].State != register.CardInUse {
		t.Fatalf("%+v, %v", cards, err)
	}
	next, err := w.Successor(ctx, authoritytest.Key, auth, old.Certificates[auth].Serial)
	if err != nil || next == old.Certificates[auth].Serial {
		t.Errorf("successor %s, %v", next, err)
	}
	p, err := w.Preview(ctx, notice(register.Loss))
	if err != nil || p.Card.ID != "hanako-2" || len(p.Effects) != 2 {
		t.Errorf("%+v, %v", p, err)
	}
	if _, err := w.Authority.Issue(ctx, authority.Application{ResidentID: "hanako", CardID: "hanako"}); !errors.Is(err, register.ErrCardNotInUse) {
		t.Errorf("onto the void card: %v", err)
	}
}

// deadHouse is a card house that cannot switch a chip off.
type deadHouse struct{ *authoritytest.Cards }

func (deadHouse) Kill(context.Context, string) error { return errors.New("no power") }

func TestAReturnedCardIsRevokedWhateverTheChipSays(t *testing.T) {
	w := authoritytest.Open(t, "testdata", func(c *authority.Config) { c.Writer = deadHouse{c.Writer.(*authoritytest.Cards)} })
	issued := w.Settle(authoritytest.Hanako())
	done := do(t, w, notice(register.CardReturn))
	if done.ChipError == nil || !done.Kills {
		t.Errorf("%+v", done)
	}
	if s := status(t, w, issued.Certificates[auth]); s.State != register.Revoked {
		t.Errorf("%+v", s)
	}
}
