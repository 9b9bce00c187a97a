package virtualcard_test

import (
	"context"
	"encoding/hex"
	"errors"
	"testing"

	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/apdulog"
	"example.jp/jpkimock/virtualcard/cardtest"
)

// commandOf reads a command in hexadecimal.
func commandOf(t *testing.T, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

const triesOfNoFile = "00200080"

func TestFaultsOfACard(t *testing.T) {
	slow := 0
	cabinet, err := virtualcard.Open(t.Context(), virtualcard.Config{
		Store: virtualcard.NewMemoryStore(), Keys: cardtest.Keys{}, Now: cardtest.Now, Rest: func(context.Context) { slow++ },
	})
	if err != nil {
		t.Fatal(err)
	}
	cardtest.Hand(t, cabinet, "hanako")
	cardtest.Hand(t, cabinet, "taro")
	says := func(id virtualcard.CardID, commands ...string) (answers []string, failed error) {
		t.Helper()
		card, err := cabinet.Connect(t.Context(), id)
		if err != nil {
			return nil, err
		}
		defer func() { _ = card.Close() }()
		for _, command := range commands {
			answer, err := card.Transmit(t.Context(), commandOf(t, command))
			if err != nil {
				return answers, err
			}
			answers = append(answers, hex.EncodeToString(answer))
		}
		return answers, nil
	}
	for _, c := range []struct {
		faults virtualcard.Faults
		want   string // of the answer to the second command, or of the third
		err    error
	}{
		{virtualcard.Faults{}, "6986", nil},
		{virtualcard.Faults{WrongStatus: 2}, "6f00", nil},
		{virtualcard.Faults{Garbled: 2}, "69", nil},
		{virtualcard.Faults{Removed: 2}, "", virtualcard.ErrTaken},
		{virtualcard.Faults{Mute: true}, "", virtualcard.ErrMute},
		{virtualcard.Faults{Slow: true}, "6986", nil},
	} {
		if _, err := cabinet.SetFaults(t.Context(), "hanako", c.faults); err != nil {
			t.Fatal(err)
		}
		answers, err := says("hanako", selectsJPKI, triesOfNoFile)
		if !errors.Is(err, c.err) || c.err == nil && answers[1] != c.want {
			t.Errorf("%+v: %q, %v", c.faults, answers, err)
		}
		if answers, err := says("taro", selectsJPKI, triesOfNoFile); err != nil || answers[1] != "6986" {
			t.Errorf("another card: %q, %v", answers, err)
		}
	}
	if slow != 2 {
		t.Errorf("%d answers were slow", slow)
	}
	if _, err := cabinet.SetFaults(t.Context(), "hanako", virtualcard.Faults{Removed: -1}); !errors.Is(err, virtualcard.ErrFaults) {
		t.Errorf("a negative number: %v", err)
	}
	if f, err := cabinet.Faults(t.Context(), "hanako"); err != nil || f != (virtualcard.Faults{Slow: true}) {
		t.Errorf("%+v, %v", f, err)
	}
}

// A card that a fault removed stays away until somebody connects anew, and has forgotten
// what was verified.
func TestARemovedCardIsAwayUntilItIsLaidDownAgain(t *testing.T) {
	cabinet := cardtest.Open(t, virtualcard.NewMemoryStore())
	cardtest.Hand(t, cabinet, "hanako")
	if _, err := cabinet.SetFaults(t.Context(), "hanako", virtualcard.Faults{Removed: 1}); err != nil {
		t.Fatal(err)
	}
	card, err := cabinet.Connect(t.Context(), "hanako")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if answer, err := card.Transmit(t.Context(), commandOf(t, selectsJPKI)); !errors.Is(err, virtualcard.ErrTaken) {
			t.Errorf("% X, %v", answer, err)
		}
	}
	_ = card.Close()
	card, err = cabinet.Connect(t.Context(), "hanako")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = card.Close() }()
	if answer, err := card.Transmit(t.Context(), commandOf(t, selectsJPKI)); err != nil || hex.EncodeToString(answer) != "9000" {
		t.Errorf("% X, %v", answer, err)
	}
}

func TestAReaderHearsWhatIsSaidToItsCard(t *testing.T) {
	cabinet := cardtest.Open(t, virtualcard.NewMemoryStore())
	cardtest.Hand(t, cabinet, "hanako")
	log := apdulog.New(10)
	stop, err := cabinet.Hear(t.Context(), "hanako", log)
	if err != nil {
		t.Fatal(err)
	}
	say := func() {
		card, err := cabinet.Connect(t.Context(), "hanako")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = card.Close() }()
		if _, err := card.Transmit(t.Context(), commandOf(t, selectsJPKI)); err != nil {
			t.Fatal(err)
		}
		card.Reset()
	}
	say()
	stop()
	say()
	if want := "! power on\n# SELECT JPKI application: done\n> 00 A4 04 0C 0A D3 92 F0 00 26 01 00 00 00 01\n< 90 00\n! reset\n"; log.Text() != want {
		t.Errorf("the log is\n%s", log.Text())
	}
}

func TestAByteIsNoCommand(t *testing.T) {
	cabinet := cardtest.Open(t, virtualcard.NewMemoryStore())
	cardtest.Hand(t, cabinet, "hanako")
	card, err := cabinet.Connect(t.Context(), "hanako")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = card.Close() }()
	if answer, err := card.Transmit(t.Context(), []byte{0x00}); err != nil || hex.EncodeToString(answer) != "6700" {
		t.Errorf("% X, %v", answer, err)
	}
}
