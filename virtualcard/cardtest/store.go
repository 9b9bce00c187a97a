package cardtest

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/chip"
	"example.jp/jpkimock/virtualcard/internal/secret"
)

// TestStore runs what every virtualcard.Store must do, each on a new store.
func TestStore(t *testing.T, open func(t *testing.T) virtualcard.Store) {
	for name, test := range map[string]func(*testing.T, virtualcard.Store){
		"a card comes back as it was kept":          keepsCard,
		"a number is given once":                    givesNumberOnce,
		"a missing card is said to be missing":      missesCard,
		"a refused change changes nothing":          refusesChange,
		"a change leaves the number":                leavesNumber,
		"tries run out and are never negative":      runsOut,
		"tries spent at once are each spent once":   spendsOnce,
		"cards are listed in order of their number": listsInOrder,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

func sample(id virtualcard.CardID) virtualcard.Card {
	return virtualcard.Card{
		ID: id, Made: Now(), Face: virtualcard.Face{Name: "見本　花子", Kana: "ミホン　ハナコ", Address: "青葉県", Expires: Now().AddDate(10, 0, 0)},
		Variant: jpki.Plastic2023,
		Slots: map[jpki.Kind]chip.Slot{
			jpki.DigitalSignature: {
				Key: secret.New([]byte{1, 2}), PendingKey: secret.New([]byte{3}), Certificate: []byte{4}, CACertificate: []byte{5},
			},
			jpki.UserAuthentication: {Key: secret.New([]byte{6})},
		},
		References: map[chip.Ref]chip.Reference{
			chip.SignaturePIN: {PIN: secret.New([]byte("ABC123")), TriesLeft: 5}, chip.AuthenticationPIN: {TriesLeft: 3},
			chip.TextPIN: {PIN: secret.New([]byte("1234")), TriesLeft: 3}, chip.FaceNumberB: {TriesLeft: 10},
		},
	}
}

func keep(t *testing.T, s virtualcard.Store, id virtualcard.CardID) {
	t.Helper()
	if err := s.CreateCard(t.Context(), sample(id)); err != nil {
		t.Fatal(err)
	}
}

func keepsCard(t *testing.T, s virtualcard.Store) {
	keep(t, s, "hanako")
	got, err := s.Card(t.Context(), "hanako")
	if err != nil {
		t.Fatal(err)
	}
	want := sample("hanako")
	if got.ID != want.ID || got.Face != want.Face || got.Dead || got.Tampered || got.Variant != want.Variant || !got.Made.Equal(want.Made) {
		t.Errorf("kept %+v, want %+v", got, want)
	}
	for _, k := range jpki.Kinds() {
		g, w := got.Slots[k], want.Slots[k]
		same := bytes.Equal(secret.Open(g.Key), secret.Open(w.Key)) && bytes.Equal(secret.Open(g.PendingKey), secret.Open(w.PendingKey)) &&
			bytes.Equal(g.Certificate, w.Certificate) && bytes.Equal(g.CACertificate, w.CACertificate)
		if !same {
			t.Errorf("%v: another slot came back", k)
		}
	}
	if len(got.References) != len(want.References) {
		t.Errorf("%d references came back, want %d", len(got.References), len(want.References))
	}
	for r, w := range want.References {
		if g := got.References[r]; !bytes.Equal(secret.Open(g.PIN), secret.Open(w.PIN)) || g.TriesLeft != w.TriesLeft {
			t.Errorf("%v: another reference came back", r)
		}
	}
}

func givesNumberOnce(t *testing.T, s virtualcard.Store) {
	keep(t, s, "hanako")
	if err := s.CreateCard(t.Context(), sample("hanako")); !errors.Is(err, virtualcard.ErrCardExists) {
		t.Errorf("second card of one number: %v, want ErrCardExists", err)
	}
}

func missesCard(t *testing.T, s virtualcard.Store) {
	ctx := t.Context()
	_, err := s.Card(ctx, "nobody")
	_, _, spend := s.SpendTry(ctx, "nobody", chip.SignaturePIN)
	for what, err := range map[string]error{
		"Card": err, "SpendTry": spend,
		"RestoreTries": s.RestoreTries(ctx, "nobody", chip.SignaturePIN, 5),
		"ChangeCard":   s.ChangeCard(ctx, "nobody", func(*virtualcard.Card) error { return nil }),
	} {
		if !errors.Is(err, virtualcard.ErrNoCard) {
			t.Errorf("%s: %v, want ErrNoCard", what, err)
		}
	}
}

func refusesChange(t *testing.T, s virtualcard.Store) {
	keep(t, s, "hanako")
	refusal := errors.New("no")
	err := s.ChangeCard(t.Context(), "hanako", func(c *virtualcard.Card) error {
		c.Dead = true
		c.Tampered = true
		c.Slots[jpki.DigitalSignature] = chip.Slot{}
		c.References[chip.SignaturePIN] = chip.Reference{}
		return refusal
	})
	if !errors.Is(err, refusal) {
		t.Errorf("got %v, want the refusal", err)
	}
	if got, _ := s.Card(t.Context(), "hanako"); got.Dead || got.Tampered || got.References[chip.SignaturePIN].TriesLeft != 5 {
		t.Error("the refused change was kept")
	}
}

func leavesNumber(t *testing.T, s virtualcard.Store) {
	keep(t, s, "hanako")
	err := s.ChangeCard(t.Context(), "hanako", func(c *virtualcard.Card) error {
		c.ID, c.Dead = "taro", true
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := s.Card(t.Context(), "hanako"); err != nil || got.ID != "hanako" || !got.Dead {
		t.Errorf("%s, dead %t, %v", got.ID, got.Dead, err)
	}
	if _, err := s.Card(t.Context(), "taro"); !errors.Is(err, virtualcard.ErrNoCard) {
		t.Errorf("a second card: %v", err)
	}
}

func runsOut(t *testing.T, s virtualcard.Store) {
	keep(t, s, "hanako")
	for _, step := range []struct {
		restore bool
		left    int
		spent   bool
	}{
		{false, 2, true}, {false, 1, true}, {true, 3, true}, {true, 3, true},
		{false, 2, true}, {false, 1, true}, {false, 0, true}, {false, 0, false}, {true, 3, true}, {false, 2, true},
	} {
		left, spent, err := step.left, true, error(nil)
		if step.restore {
			err = s.RestoreTries(t.Context(), "hanako", chip.TextPIN, 3)
		} else {
			left, spent, err = s.SpendTry(t.Context(), "hanako", chip.TextPIN)
		}
		if err != nil || left != step.left || spent != step.spent {
			t.Fatalf("spent %v, %d left, %v; want %+v", spent, left, err, step)
		}
		got, err := s.Card(t.Context(), "hanako")
		if err != nil || got.References[chip.TextPIN].TriesLeft != step.left || got.References[chip.SignaturePIN].TriesLeft != 5 {
			t.Fatalf("kept %+v, %v; want %+v", got.References, err, step)
		}
	}
}

func spendsOnce(t *testing.T, s virtualcard.Store) {
	keep(t, s, "hanako")
	var wg sync.WaitGroup
	lefts := make(chan int, 20)
	for range cap(lefts) {
		wg.Go(func() {
			if left, spent, err := s.SpendTry(context.WithoutCancel(t.Context()), "hanako", chip.SignaturePIN); err == nil && spent {
				lefts <- left
			}
		})
	}
	wg.Wait()
	close(lefts)
	var got []int
	for left := range lefts {
		got = append(got, left)
	}
	slices.Sort(got)
	if !slices.Equal(got, []int{0, 1, 2, 3, 4}) {
		t.Errorf("twenty tries at once left %v, want each of 0 to 4 once", got)
	}
}

func listsInOrder(t *testing.T, s virtualcard.Store) {
	for _, id := range []virtualcard.CardID{"taro", "hanako", "jiro"} {
		keep(t, s, id)
	}
	cards, err := s.Cards(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var got []virtualcard.CardID
	for _, c := range cards {
		got = append(got, c.ID)
	}
	if !slices.Equal(got, []virtualcard.CardID{"hanako", "jiro", "taro"}) {
		t.Errorf("listed %v", got)
	}
}
