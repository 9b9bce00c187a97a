package db_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/apdu"
	"example.jp/jpkimock/virtualcard/cardtest"
	"example.jp/jpkimock/virtualcard/db"
	"example.jp/jpkimock/virtualcard/jpkiap"
)

// crashStore and crashCard, in the environment, make the test binary the child
// that TestKillGivesNoTryBack kills.
const (
	crashStore = "JPKIMOCK_TEST_CRASH_STORE"
	crashCard  = "JPKIMOCK_TEST_CRASH_CARD"
)

func TestMain(m *testing.M) {
	if path := os.Getenv(crashStore); path != "" {
		if err := tryWrongPINs(path, virtualcard.CardID(os.Getenv(crashCard))); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// tryWrongPINs presents wrong PINs until the card is blocked, and writes down
// each answer as soon as it has it.
func tryWrongPINs(path string, id virtualcard.CardID) error {
	store, err := db.Open(path)
	if err != nil {
		return err
	}
	ctx := context.Background()
	cabinet, err := virtualcard.Open(ctx, virtualcard.Config{Store: store, Keys: cardtest.Keys{}, Now: cardtest.Now})
	if err != nil {
		return err
	}
	card, err := cabinet.Connect(ctx, id)
	if err != nil {
		return err
	}
	selectAP := apdu.Command{INS: 0xA4, P1: 0x04, P2: 0x0C, Data: jpkiap.AID()}
	if _, err := card.Transmit(ctx, selectAP.Bytes()); err != nil {
		return err
	}
	fmt.Println("ready")
	for {
		b, err := card.Transmit(ctx, apdu.Command{INS: 0x20, P2: 0x9B, Data: []byte("WRONG0")}.Bytes())
		if err != nil {
			return err
		}
		r, err := apdu.ParseResponse(b)
		if err != nil {
			return err
		}
		left, ok := r.SW.TriesLeft()
		if !ok {
			return nil // blocked
		}
		fmt.Println(left)
	}
}

// TestKillGivesNoTryBack kills a process with SIGKILL at some moment of a
// series of wrong PINs, many times over, and looks afterwards whether a try
// that was answered is there again.
func TestKillGivesNoTryBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "card.db")
	store := open(t, path)
	cabinet := cardtest.Open(t, store)
	rounds, inTheMiddle := 40, 0
	if testing.Short() {
		rounds = 8
	}
	for round := range rounds {
		id := virtualcard.CardID(fmt.Sprintf("card-%d", round))
		cardtest.Hand(t, cabinet, id, jpki.DigitalSignature)
		answered := killChild(t, path, id, round%5)
		card, err := cabinet.Card(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		left := card.TriesLeft[jpki.DigitalSignature]
		if left > answered {
			t.Fatalf("round %d: the last answer was %d tries left, after the kill there are %d", round, answered, left)
		}
		if left < answered-1 {
			t.Fatalf("round %d: the last answer was %d tries left, after the kill there are %d: more than the one in the air is gone", round, answered, left)
		}
		if answered > 0 && left > 0 {
			inTheMiddle++
		}
	}
	if inTheMiddle == 0 {
		t.Error("no kill came in the middle of the tries: the test shows nothing")
	}
	t.Logf("%d of %d kills came in the middle of the tries", inTheMiddle, rounds)
}

// killChild starts a child, kills it a moment after its answer number after,
// and gives the tries left that it last answered.
func killChild(t *testing.T, path string, id virtualcard.CardID, after int) int {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), crashStore+"="+path, crashCard+"="+string(id))
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	if !lines.Scan() || lines.Text() != "ready" {
		t.Fatalf("the child said %q", lines.Text())
	}
	answered := jpkiap.PINRuleOf(jpki.DigitalSignature).Tries
	read := func() bool {
		if !lines.Scan() {
			return false
		}
		if _, err := fmt.Sscan(lines.Text(), &answered); err != nil {
			t.Fatal(err)
		}
		return true
	}
	for range after {
		read()
	}
	<-time.After(time.Duration(rand.IntN(2000)) * time.Microsecond)
	_ = child.Process.Kill() // SIGKILL; it may have ended by itself
	for read() {             // what it had written down before it died
	}
	_ = child.Wait()
	return answered
}
