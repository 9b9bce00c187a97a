package virtualcard_test

import (
	"errors"
	"testing"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/fuse"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/apdu"
	"example.jp/jpkimock/virtualcard/cardtest"
	"example.jp/jpkimock/virtualcard/jpkiap"
	"example.jp/jpkimock/virtualcard/record"
)

// readsOfKeys are the commands that read a private key, each with the application.
func readsOfKeys() map[string][]apdu.Command {
	jpkiAP := selectJPKI
	text := apdu.Command{INS: 0xA4, P1: 0x04, P2: 0x0C, Data: record.TextAID()}
	ef := func(fid jpkiap.FID) apdu.Command {
		return apdu.Command{INS: 0xA4, P1: 0x02, P2: 0x0C, Data: []byte{byte(fid >> 8), byte(fid)}}
	}
	return map[string][]apdu.Command{
		"signature key, by offset":        {jpkiAP, ef(jpkiap.SignatureKey), {INS: 0xB0, Ne: 256}},
		"authentication key, by name":     {jpkiAP, {INS: 0xB0, P1: 0x97, Ne: 256}},
		"signature key, after its PIN":    {jpkiAP, {INS: 0x20, P2: 0x9B, Data: []byte(cardtest.SignaturePIN)}, {INS: 0xB0, P1: 0x9A, Ne: 256}},
		"authentication key, as a record": {jpkiAP, {INS: 0xB2, P1: 1, P2: 0x17<<3 | 4, Ne: 256}},
		"signature key, extended":         {jpkiAP, {INS: 0xB0, P1: 0x9A, Ne: 4096, Extended: true}},
		"the chip's own key":              {text, {INS: 0xB0, P1: 0x93, Ne: 256}},
	}
}

// Whichever key is read, and however: both are gone for good, and nothing revives the card.
func TestReadingAKeyDestroysIt(t *testing.T) {
	for name, commands := range readsOfKeys() {
		store := virtualcard.NewMemoryStore()
		cabinet := cardtest.Open(t, store)
		cardtest.Hand(t, cabinet, "hanako")
		connection, send := powered(t, cabinet)
		for i, cmd := range commands {
			want := apdu.OK
			if i == len(commands)-1 {
				want = apdu.WrongFileType
			}
			if r := send(cmd); r.SW != want || len(r.Data) > 0 {
				t.Errorf("%s: %v answered %v with %d bytes", name, cmd, r.SW, len(r.Data))
			}
		}
		isDestroyed(t, store)
		if _, err := connection.Transmit(t.Context(), selectJPKI.Bytes()); !errors.Is(err, virtualcard.ErrDeadCard) || connection.ATR() != nil {
			t.Errorf("%s: the card goes on: %v", name, err)
		}
		_ = connection.Close()
		staysDead(t, cabinet)
		staysDead(t, cardtest.Open(t, store)) // after a restart, too
	}
}

func staysDead(t *testing.T, cabinet *virtualcard.Cabinet) {
	t.Helper()
	_, connect := cabinet.Connect(t.Context(), "hanako")
	_, newKey := cabinet.NewKey(t.Context(), "hanako", sign)
	for what, err := range map[string]error{
		"connected": connect, "given a key": newKey, "unblocked": cabinet.Unblock(t.Context(), "hanako", "digital-signature", "ABC123"),
		"personalized": cabinet.Personalize(t.Context(), "hanako", virtualcard.Personalization{PINs: map[jpki.Kind]string{auth: "1234"}}),
	} {
		if !errors.Is(err, virtualcard.ErrDeadCard) {
			t.Errorf("%s: %v, want ErrDeadCard", what, err)
		}
	}
	if card, err := cabinet.Card(t.Context(), "hanako"); err != nil || !card.Dead || !card.Tampered {
		t.Errorf("told %+v, %v", card, err)
	}
}

// By the management interface the card dies in the reader where it lies.
func TestTamperingKillsTheCardInItsReader(t *testing.T) {
	cabinet := hanako(t)
	connection, send := powered(t, cabinet)
	send(selectJPKI)
	if err := cabinet.Tamper(t.Context(), "hanako"); err != nil {
		t.Fatal(err)
	}
	if _, err := connection.Transmit(t.Context(), selectJPKI.Bytes()); !errors.Is(err, virtualcard.ErrDeadCard) {
		t.Errorf("the card goes on: %v", err)
	}
	_ = connection.Close()
	staysDead(t, cabinet)
}

// What cannot be committed is not answered, and the card is as it was.
func TestTheEndOfAKeyIsCommittedBeforeItIsAnswered(t *testing.T) {
	o := outOfOrder{virtualcard.NewMemoryStore(), &fuse.Fuse{}}
	cabinet, err := virtualcard.Open(t.Context(), virtualcard.Config{Store: o, Keys: o, Now: cardtest.Now})
	if err != nil {
		t.Fatal(err)
	}
	cardtest.Hand(t, cabinet, "hanako")
	o.Everywhere(t, "read of a key", func() func() error {
		return func() error {
			connection, err := cabinet.Connect(t.Context(), "hanako")
			if errors.Is(err, virtualcard.ErrDeadCard) {
				return nil // it is done
			}
			if err != nil {
				return err
			}
			defer connection.Close()
			if _, err := connection.Transmit(t.Context(), selectJPKI.Bytes()); err != nil {
				return err
			}
			_, err = connection.Transmit(t.Context(), apdu.Command{INS: 0xB0, P1: 0x9A, Ne: 256}.Bytes())
			return err
		}
	})
	staysDead(t, cabinet)
}
