package virtualcard_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/cardtest"
	"example.jp/jpkimock/virtualcard/chip"
	"example.jp/jpkimock/virtualcard/jpkiap"
)

const (
	sign = jpki.DigitalSignature
	auth = jpki.UserAuthentication
)

// hanako gives a cabinet in which Hanako's card lies.
func hanako(t *testing.T) *virtualcard.Cabinet {
	t.Helper()
	cabinet := cardtest.Open(t, virtualcard.NewMemoryStore())
	cardtest.Hand(t, cabinet, "hanako")
	return cabinet
}

// inReader connects the card for one act.
func inReader(t *testing.T, cabinet *virtualcard.Cabinet, act func(*jpkiap.Card)) {
	t.Helper()
	connection, err := cabinet.Connect(t.Context(), "hanako")
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	act(jpkiap.New(connection))
}

func TestCardIsToldOf(t *testing.T) {
	cabinet := hanako(t)
	card, err := cabinet.Card(t.Context(), "hanako")
	if err != nil {
		t.Fatal(err)
	}
	if card.Face.Name != "見本　花子" || card.Dead || !card.Made.Equal(cardtest.Now()) || card.TriesLeft[sign] != 5 || card.TriesLeft[auth] != 3 {
		t.Errorf("told %+v", card)
	}
	if card.Serials[sign] != "0705D991" || card.Serials[auth] != "0705D992" {
		t.Errorf("serial numbers %v", card.Serials)
	}
	if list, err := cabinet.List(t.Context()); err != nil || len(list) != 1 || list[0].ID != "hanako" {
		t.Errorf("listed %v, %v", list, err)
	}
}

func TestBlankCard(t *testing.T) {
	cabinet := hanako(t)
	if _, err := cabinet.Blank(t.Context(), "hanako"); !errors.Is(err, virtualcard.ErrCardExists) {
		t.Errorf("second card of a number: %v", err)
	}
	for _, id := range []virtualcard.CardID{"Hanako", "a b", "花子", "../x", virtualcard.CardID(strings.Repeat("a", 65))} {
		if _, err := cabinet.Blank(t.Context(), id); !errors.Is(err, virtualcard.ErrCardID) {
			t.Errorf("number %q: %v, want ErrCardID", id, err)
		}
	}
	first, err := cabinet.Blank(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	second, err := cabinet.Blank(t.Context(), "")
	if err != nil || first.Card == second.Card || len(first.Keys) != 2 {
		t.Errorf("numbered %q and %q, %v", first.Card, second.Card, err)
	}
}

func TestMissingCard(t *testing.T) {
	cabinet := hanako(t)
	ctx := t.Context()
	_, card := cabinet.Card(ctx, "nobody")
	_, connect := cabinet.Connect(ctx, "nobody")
	_, newKey := cabinet.NewKey(ctx, "nobody", sign)
	for what, err := range map[string]error{
		"Card": card, "Connect": connect, "NewKey": newKey,
		"Personalize": cabinet.Personalize(ctx, "nobody", virtualcard.Personalization{}),
		"Unblock":     cabinet.Unblock(ctx, "nobody", chip.SignaturePIN, "ABC123"), "Kill": cabinet.Kill(ctx, "nobody"), "Tamper": cabinet.Tamper(ctx, "nobody"),
	} {
		if !errors.Is(err, virtualcard.ErrNoCard) {
			t.Errorf("%s: %v, want ErrNoCard", what, err)
		}
	}
}

func TestPersonalizeRefusesAllOrNothing(t *testing.T) {
	cabinet := cardtest.Open(t, virtualcard.NewMemoryStore())
	if _, err := cabinet.Blank(t.Context(), "hanako"); err != nil {
		t.Fatal(err)
	}
	good := cardtest.Certificate(t, sign, publicKey(t, sign))
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1)}
	small, err := x509.CreateCertificate(rand.Reader, template, template, &ec.PublicKey, ec)
	if err != nil {
		t.Fatal(err)
	}
	pin := map[jpki.Kind]string{sign: "ABC123"}
	var format *jpkiap.PINFormatError
	for name, c := range map[string]struct {
		p    virtualcard.Personalization
		want func(error) bool
	}{
		"another card's key":   {virtualcard.Personalization{PINs: pin, Certificates: map[jpki.Kind][]byte{sign: cardtest.Certificate(t, sign, publicKey(t, auth))}}, is(virtualcard.ErrKeyMismatch)},
		"no PIN":               {virtualcard.Personalization{Certificates: map[jpki.Kind][]byte{sign: good}}, is(virtualcard.ErrNoPIN)},
		"not DER":              {virtualcard.Personalization{PINs: pin, Certificates: map[jpki.Kind][]byte{sign: []byte("x")}}, is(virtualcard.ErrCertificate)},
		"DER that begins 3081": {virtualcard.Personalization{PINs: pin, Certificates: map[jpki.Kind][]byte{sign: small}}, is(virtualcard.ErrCertificate)},
		"no such kind":         {virtualcard.Personalization{PINs: pin, CACertificates: map[jpki.Kind][]byte{0: good}}, is(virtualcard.ErrCertificate)},
		"a lower-case PIN":     {virtualcard.Personalization{PINs: map[jpki.Kind]string{sign: "abc123"}}, func(err error) bool { return errors.As(err, &format) }},
		"a control character":  {virtualcard.Personalization{PINs: pin, Face: virtualcard.Face{Name: "a\x00"}}, is(virtualcard.ErrFace)},
	} {
		c.p.Face.Address = "残らないはずの住所"
		if err := cabinet.Personalize(t.Context(), "hanako", c.p); !c.want(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if card, _ := cabinet.Card(t.Context(), "hanako"); card.Face.Address != "" || card.TriesLeft[sign] != 0 || len(card.Serials) != 0 {
		t.Errorf("something was written: %+v", card)
	}
}

func is(want error) func(error) bool { return func(err error) bool { return errors.Is(err, want) } }

func TestReissueTakesEffectWithItsCertificate(t *testing.T) {
	store := virtualcard.NewMemoryStore()
	cardtest.Hand(t, cardtest.Open(t, store), "hanako")
	cabinet, err := virtualcard.Open(t.Context(), virtualcard.Config{Store: store, Keys: cardtest.Keys{Reissue: true}, Now: cardtest.Now})
	if err != nil {
		t.Fatal(err)
	}
	replacement, err := cabinet.NewKey(t.Context(), "hanako", sign)
	if err != nil {
		t.Fatal(err)
	}
	hash := make([]byte, 32)
	signs := func(want string) {
		inReader(t, cabinet, func(card *jpkiap.Card) {
			if err := card.Verify(t.Context(), sign, cardtest.SignaturePIN); err != nil {
				t.Fatal(err)
			}
			signature, err := card.Sign(t.Context(), sign, hash)
			if err != nil {
				t.Fatal(err)
			}
			by := "no key known"
			if verifySignature(publicKey(t, sign), 2, hash, signature) == nil {
				by = "the old key"
			} else if verifySignature(replacement, 2, hash, signature) == nil {
				by = "the new key"
			}
			if by != want {
				t.Errorf("signed by %s, want %s", by, want)
			}
		})
	}
	signs("the old key")
	p := virtualcard.Personalization{Certificates: map[jpki.Kind][]byte{sign: cardtest.Certificate(t, sign, replacement)}}
	if err := cabinet.Personalize(t.Context(), "hanako", p); err != nil {
		t.Fatal(err)
	}
	signs("the new key")
	if card, _ := cabinet.Card(t.Context(), "hanako"); card.Face.Name != "見本　花子" {
		t.Error("the face is gone")
	}
}

func TestUnblock(t *testing.T) {
	cabinet := hanako(t)
	inReader(t, cabinet, func(card *jpkiap.Card) {
		for range 3 {
			if err := card.Verify(t.Context(), auth, "0000"); err == nil {
				t.Fatal("a wrong PIN was right")
			}
		}
	})
	if card, _ := cabinet.Card(t.Context(), "hanako"); card.TriesLeft[auth] != 0 || card.TriesLeft[sign] != 5 {
		t.Fatalf("blocked card told of as %v", card.TriesLeft)
	}
	var format *jpkiap.PINFormatError
	if err := cabinet.Unblock(t.Context(), "hanako", chip.AuthenticationPIN, "12345"); !errors.As(err, &format) {
		t.Errorf("five digits: %v", err)
	}
	if err := cabinet.Unblock(t.Context(), "hanako", chip.AuthenticationPIN, "9876"); err != nil {
		t.Fatal(err)
	}
	inReader(t, cabinet, func(card *jpkiap.Card) {
		if err := card.Verify(t.Context(), auth, "9876"); err != nil {
			t.Error(err)
		}
	})
}

func TestDeadCardAnswersNothing(t *testing.T) {
	cabinet := hanako(t)
	connection, err := cabinet.Connect(t.Context(), "hanako")
	if err != nil {
		t.Fatal(err)
	}
	if err := cabinet.Kill(t.Context(), "hanako"); err != nil {
		t.Fatal(err)
	}
	if b, err := connection.Transmit(t.Context(), []byte{0, 0x84, 0, 0, 8}); !errors.Is(err, virtualcard.ErrDeadCard) {
		t.Errorf("in the reader: % X, %v", b, err)
	}
	if err := connection.Close(); err != nil {
		t.Fatal(err)
	}
	_, connect := cabinet.Connect(t.Context(), "hanako")
	for what, err := range map[string]error{
		"Connect": connect, "Unblock": cabinet.Unblock(t.Context(), "hanako", chip.AuthenticationPIN, "9876"),
		"Personalize": cabinet.Personalize(t.Context(), "hanako", virtualcard.Personalization{}),
	} {
		if !errors.Is(err, virtualcard.ErrDeadCard) {
			t.Errorf("%s: %v, want ErrDeadCard", what, err)
		}
	}
	if err := cabinet.Kill(t.Context(), "hanako"); err != nil {
		t.Errorf("killed again: %v", err)
	}
	if card, err := cabinet.Card(t.Context(), "hanako"); err != nil || !card.Dead {
		t.Errorf("told of as %+v, %v", card, err)
	}
}

func TestOneReaderAtATime(t *testing.T) {
	cabinet := hanako(t)
	first, err := cabinet.Connect(t.Context(), "hanako")
	if err != nil {
		t.Fatal(err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := cabinet.Connect(gone, "hanako"); !errors.Is(err, context.Canceled) {
		t.Errorf("second reader: %v, want to have waited in vain", err)
	}
	if err := cabinet.Unblock(gone, "hanako", chip.AuthenticationPIN, "9876"); !errors.Is(err, context.Canceled) {
		t.Errorf("counter: %v, want to have waited in vain", err)
	}
	waiting := make(chan error)
	go func() {
		second, err := cabinet.Connect(context.WithoutCancel(t.Context()), "hanako")
		if err == nil {
			err = second.Close()
		}
		waiting <- err
	}()
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-waiting; err != nil {
		t.Errorf("second reader, once the first was done: %v", err)
	}
	if err := first.Close(); err != nil {
		t.Errorf("closed again: %v", err)
	}
	if _, err := first.Transmit(t.Context(), []byte{0, 0x84, 0, 0, 8}); !errors.Is(err, virtualcard.ErrClosed) {
		t.Errorf("after Close: %v, want ErrClosed", err)
	}
}

// failing is a store that fails to commit: every write, or from the nth on.
type failing struct {
	virtualcard.Store
	writes *int // that still succeed
}

var errDisk = errors.New("disk full")

func (f failing) next() error {
	if *f.writes--; *f.writes < 0 {
		return errDisk
	}
	return nil
}

func (f failing) SpendTry(ctx context.Context, id virtualcard.CardID, r chip.Ref) (int, bool, error) {
	if err := f.next(); err != nil {
		return 0, false, err
	}
	return f.Store.SpendTry(ctx, id, r)
}

func (f failing) RestoreTries(ctx context.Context, id virtualcard.CardID, r chip.Ref, tries int) error {
	if err := f.next(); err != nil {
		return err
	}
	return f.Store.RestoreTries(ctx, id, r, tries)
}

func (f failing) ChangeCard(ctx context.Context, id virtualcard.CardID, change func(*virtualcard.Card) error) error {
	if err := f.next(); err != nil {
		return err
	}
	return f.Store.ChangeCard(ctx, id, change)
}

// On a full disk the right PIN is answered as a wrong one is, however often
// somebody guesses.
func TestAStoreThatFailsTellsNothingOfAPIN(t *testing.T) {
	store := virtualcard.NewMemoryStore()
	cardtest.Hand(t, cardtest.Open(t, store), "hanako")
	inReader(t, cardtest.Open(t, failing{store, new(int)}), func(card *jpkiap.Card) {
		said := map[string]bool{}
		for range 3 {
			for _, pin := range []string{"0000", cardtest.AuthenticationPIN, "9999"} {
				err := card.Verify(t.Context(), auth, pin)
				if !errors.Is(err, errDisk) {
					t.Errorf("PIN %s was answered: %v", pin, err)
				}
				said[err.Error()] = true
			}
		}
		if len(said) != 1 {
			t.Errorf("the errors tell PINs apart: %v", said)
		}
		if _, err := card.Sign(t.Context(), auth, make([]byte, 32)); !errors.Is(err, jpkiap.ErrNotVerified) {
			t.Errorf("signature: %v, want ErrNotVerified", err)
		}
	})
	if card, err := store.Card(t.Context(), "hanako"); err != nil || card.References[chip.AuthenticationPIN].TriesLeft != 3 {
		t.Errorf("%d tries left, %v, want 3", card.References[chip.AuthenticationPIN].TriesLeft, err)
	}
}

// A try is paid for before it is compared: what cannot be given back stays spent.
func TestATryIsPaidForBeforeItIsCompared(t *testing.T) {
	store := virtualcard.NewMemoryStore()
	cardtest.Hand(t, cardtest.Open(t, store), "hanako")
	for left := 2; left >= 0; left-- {
		paid := 1
		inReader(t, cardtest.Open(t, failing{store, &paid}), func(card *jpkiap.Card) {
			if err := card.Verify(t.Context(), auth, cardtest.AuthenticationPIN); !errors.Is(err, errDisk) {
				t.Errorf("the right PIN was answered: %v", err)
			}
			if _, err := card.Sign(t.Context(), auth, make([]byte, 32)); !errors.Is(err, jpkiap.ErrNotVerified) {
				t.Errorf("signature: %v, want ErrNotVerified", err)
			}
			if got, err := card.TriesLeft(t.Context(), auth); err != nil || got != left {
				t.Errorf("the card tells of %d tries, %v, want %d", got, err, left)
			}
		})
		if card, err := store.Card(t.Context(), "hanako"); err != nil || card.References[chip.AuthenticationPIN].TriesLeft != left {
			t.Errorf("%d tries are kept, %v, want %d", card.References[chip.AuthenticationPIN].TriesLeft, err, left)
		}
	}
	inReader(t, cardtest.Open(t, store), func(card *jpkiap.Card) {
		if err := card.Verify(t.Context(), auth, cardtest.AuthenticationPIN); !errors.Is(err, jpkiap.ErrBlocked) {
			t.Errorf("with no try left: %v, want ErrBlocked", err)
		}
	})
}

// A PIN that could not be kept is not the card's PIN.
func TestANewPINIsKeptBeforeItIsAnswered(t *testing.T) {
	store := virtualcard.NewMemoryStore()
	cardtest.Hand(t, cardtest.Open(t, store), "hanako")
	paid := 2
	inReader(t, cardtest.Open(t, failing{store, &paid}), func(card *jpkiap.Card) {
		if err := card.ChangePIN(t.Context(), auth, cardtest.AuthenticationPIN, "5678"); !errors.Is(err, errDisk) {
			t.Errorf("answered: %v", err)
		}
	})
	inReader(t, cardtest.Open(t, store), func(card *jpkiap.Card) {
		if err := card.Verify(t.Context(), auth, cardtest.AuthenticationPIN); err != nil {
			t.Errorf("the old PIN: %v", err)
		}
	})
}

func TestKeyPool(t *testing.T) {
	pool := virtualcard.NewKeyPool(2)
	defer pool.Close()
	for deadline := time.After(time.Minute); pool.Ready() < 2; {
		select {
		case <-deadline:
			t.Fatal("the pool does not fill")
		case <-time.After(time.Millisecond):
		}
	}
	seen := map[string]bool{}
	for range 3 { // two that wait, one made at once or just ready
		key, err := pool.Key(t.Context(), "hanako", sign)
		if err != nil || key.N.BitLen() != 2048 {
			t.Fatal(err)
		}
		seen[key.N.String()] = true
	}
	if len(seen) != 3 {
		t.Error("a key was given twice")
	}
	if err := pool.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := pool.Key(t.Context(), "hanako", sign); err != nil {
		t.Errorf("after Close: %v", err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := pool.Key(gone, "hanako", sign); !errors.Is(err, context.Canceled) {
		t.Errorf("with an ended context: %v", err)
	}
	empty := virtualcard.NewKeyPool(0)
	if err := empty.Close(); err != nil {
		t.Fatal(err)
	}
}
