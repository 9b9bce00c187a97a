package virtualcard_test

import (
	"context"
	"encoding/hex"
	"errors"
	"testing"
	"time"

	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/cardtest"
)

// says has a card answer a command.
func says(t *testing.T, card interface {
	Transmit(context.Context, []byte) ([]byte, error)
}, command, want string) {
	t.Helper()
	b, err := hex.DecodeString(command)
	if err != nil {
		t.Fatal(err)
	}
	got, err := card.Transmit(t.Context(), b)
	if err != nil || hex.EncodeToString(got) != want {
		t.Errorf("%s: %x, %v: want %s", command, got, err, want)
	}
}

const selectsJPKI = "00a4040c0ad392f000260100000001"

func shares(t *testing.T, idle time.Duration) (*virtualcard.Cabinet, *virtualcard.Shared) {
	t.Helper()
	cabinet := cardtest.Open(t, virtualcard.NewMemoryStore())
	cardtest.Hand(t, cabinet, "hanako")
	shared, err := cabinet.Share(t.Context(), "hanako", idle)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = shared.Close() })
	return cabinet, shared
}

func TestASharedCardIsAwayWhileAProgramUsesIt(t *testing.T) {
	cabinet, shared := shares(t, time.Hour)
	use := func() error {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		conn, err := cabinet.Connect(ctx, "hanako")
		if err == nil {
			says(t, conn, selectsJPKI, "9000")
			err = conn.Close()
		}
		return err
	}
	if err := use(); err != nil {
		t.Errorf("nobody uses the card in the reader: %v", err)
	}
	says(t, shared, selectsJPKI, "9000")
	if err := use(); !errors.Is(err, context.Canceled) {
		t.Errorf("a program uses the card: %v", err)
	}
	says(t, shared, "00a4020c020018", "9000") // what it selected is still selected
	shared.Reset()
	if err := use(); err != nil {
		t.Errorf("the reader has reset the card: %v", err)
	}
	says(t, shared, "00a4020c020018", "6a82")
	_ = shared.Close()
	if _, err := shared.Transmit(t.Context(), []byte{0, 0xA4, 0, 0}); !errors.Is(err, virtualcard.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
}

func TestASharedCardGoesToWhoeverWaitsWhenTheProgramRests(t *testing.T) {
	cabinet, shared := shares(t, time.Millisecond)
	says(t, shared, selectsJPKI, "9000")
	conn, err := cabinet.Connect(t.Context(), "hanako")
	if err != nil {
		t.Fatal(err)
	}
	<-shared.Taken()
	says(t, conn, "00a4020c020018", "6a82") // nothing is selected for the next user
	if _, err := shared.Transmit(t.Context(), []byte{0, 0xA4, 2, 0x0C, 2, 0, 0x18}); !errors.Is(err, virtualcard.ErrTaken) {
		t.Errorf("the program is told %v", err)
	}
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestASharedCardThatDies(t *testing.T) {
	cabinet, shared := shares(t, time.Hour)
	if shared.ATR() == nil {
		t.Error("no ATR")
	}
	if err := cabinet.Kill(t.Context(), "hanako"); err != nil {
		t.Fatal(err)
	}
	if shared.ATR() != nil {
		t.Error("a dead chip answers a reset")
	}
	if _, err := shared.Transmit(t.Context(), []byte{0, 0xA4, 0, 0}); !errors.Is(err, virtualcard.ErrDeadCard) {
		t.Errorf("%v", err)
	}
	if _, err := cabinet.Share(t.Context(), "hanako", time.Hour); !errors.Is(err, virtualcard.ErrDeadCard) {
		t.Errorf("%v", err)
	}
}
