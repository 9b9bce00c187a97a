package virtualcard_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/json"
	"errors"
	"math/big"
	"strings"
	"testing"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/fuse"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/apdulog"
	"example.jp/jpkimock/virtualcard/cardtest"
	"example.jp/jpkimock/virtualcard/chip"
	"example.jp/jpkimock/virtualcard/internal/secret"
	"example.jp/jpkimock/virtualcard/textap"
)

func TestWhatAFacePrints(t *testing.T) {
	cabinet := hanako(t)
	for name, c := range map[string]struct {
		face virtualcard.Face
		want error
	}{
		"as long as may be":      {virtualcard.Face{Address: strings.Repeat("x", 1000)}, nil},
		"a byte longer":          {virtualcard.Face{Address: strings.Repeat("x", 1001)}, virtualcard.ErrFace},
		"no UTF-8":               {virtualcard.Face{Kana: "\xff"}, virtualcard.ErrFace},
		"a control character":    {virtualcard.Face{NameEN: "a\tb"}, virtualcard.ErrFace},
		"a number that is none":  {virtualcard.Face{Number: "12345678901"}, virtualcard.ErrFace},
		"a number":               {virtualcard.Face{Number: "123456789013"}, nil},
		"a municipality of four": {virtualcard.Face{Municipality: "1310"}, virtualcard.ErrFace},
		"a municipality":         {virtualcard.Face{Municipality: "13101"}, nil},
	} {
		err := cabinet.Personalize(t.Context(), "hanako", virtualcard.Personalization{Face: c.face})
		if !errors.Is(err, c.want) || (err == nil) != (c.want == nil) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func TestTheFormOfACardsNumber(t *testing.T) {
	cabinet := cardtest.Open(t, virtualcard.NewMemoryStore())
	for id, want := range map[string]error{
		strings.Repeat("z", 64): nil, "az09-": nil,
		strings.Repeat("a", 65): virtualcard.ErrCardID, "a{": virtualcard.ErrCardID, "a`": virtualcard.ErrCardID, "a/": virtualcard.ErrCardID, "a:": virtualcard.ErrCardID,
	} {
		if _, err := cabinet.Blank(t.Context(), virtualcard.CardID(id)); !errors.Is(err, want) || (err == nil) != (want == nil) {
			t.Errorf("%q: %v, want %v", id, err, want)
		}
	}
}

// The files of the chip end at 4,096 bytes, and one of them is for the end of the file.
func TestACertificateThatNoFileHolds(t *testing.T) {
	cabinet := hanako(t)
	key, err := cardtest.Keys{}.Key(t.Context(), "hanako", sign)
	if err != nil {
		t.Fatal(err)
	}
	der := func(octets int) []byte {
		template := &x509.Certificate{SerialNumber: big.NewInt(1),
			ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 2, 3}, Value: bytes.Repeat([]byte{5}, octets)}}}
		b, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	beside := len(der(2000)) - 2000
	for size, want := range map[int]error{chip.CertificateFile - 1: nil, chip.CertificateFile: virtualcard.ErrCertificate} {
		err := cabinet.Personalize(t.Context(), "hanako", virtualcard.Personalization{CACertificates: map[jpki.Kind][]byte{sign: der(size - beside)}})
		if !errors.Is(err, want) || (err == nil) != (want == nil) {
			t.Errorf("%d bytes: %v, want %v", size, err, want)
		}
	}
}

func TestAPersonalizationIsWrittenIntoNoAnswer(t *testing.T) {
	if b, err := json.Marshal(virtualcard.Personalization{}); err == nil {
		t.Errorf("written: %s", b)
	}
}

func TestACardHasALookOnceItHasAFace(t *testing.T) {
	cabinet := cardtest.Open(t, virtualcard.NewMemoryStore())
	if _, err := cabinet.Blank(t.Context(), "hanako"); err != nil {
		t.Fatal(err)
	}
	if card, err := cabinet.Card(t.Context(), "hanako"); err != nil || card.Look != "" {
		t.Errorf("a blank card looks like %q, %v", card.Look, err)
	}
	if err := cabinet.Personalize(t.Context(), "hanako", virtualcard.Personalization{Face: virtualcard.Face{Name: "見本　花子"}}); err != nil {
		t.Fatal(err)
	}
	if card, err := cabinet.Card(t.Context(), "hanako"); err != nil || card.Look == "" {
		t.Errorf("a card with a face looks like nobody, %v", err)
	}
}

func TestWhichCardsAreSilent(t *testing.T) {
	cabinet := cardtest.Open(t, virtualcard.NewMemoryStore())
	silent := func(want ...virtualcard.CardID) {
		t.Helper()
		for _, id := range []virtualcard.CardID{"hanako", "taro", "jiro", "nobody"} {
			is := false
			for _, w := range want {
				is = is || w == id
			}
			if cabinet.Silent(id) != is {
				t.Errorf("%s: silent is %t", id, !is)
			}
		}
	}
	for _, id := range []virtualcard.CardID{"hanako", "taro", "jiro"} {
		cardtest.Hand(t, cabinet, id)
	}
	silent()
	if _, err := cabinet.SetFaults(t.Context(), "taro", virtualcard.Faults{Mute: true}); err != nil {
		t.Fatal(err)
	}
	if err := cabinet.Tamper(t.Context(), "jiro"); err != nil {
		t.Fatal(err)
	}
	silent("taro", "jiro")
	if _, err := cabinet.Connect(t.Context(), "taro"); !errors.Is(err, virtualcard.ErrMute) {
		t.Errorf("a mute card in a reader: %v", err)
	}
	if before, err := cabinet.SetFaults(t.Context(), "taro", virtualcard.Faults{}); err != nil || !before.Mute {
		t.Errorf("before: %+v, %v", before, err)
	}
	silent("jiro")
	if err := cabinet.Kill(t.Context(), "hanako"); err != nil {
		t.Fatal(err)
	}
	silent("hanako", "jiro")
}

func TestNobodysCardHasNoFaultsAndIsNotHeard(t *testing.T) {
	cabinet := hanako(t)
	_, set := cabinet.SetFaults(t.Context(), "nobody", virtualcard.Faults{Mute: true})
	_, of := cabinet.Faults(t.Context(), "nobody")
	_, hear := cabinet.Hear(t.Context(), "nobody", &apdulog.Log{})
	for what, err := range map[string]error{"set": set, "told": of, "heard": hear} {
		if !errors.Is(err, virtualcard.ErrNoCard) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// A tampered card says why it is mute, to whoever had it in a reader and whoever comes later.
func TestATamperedCardSaysSo(t *testing.T) {
	store := virtualcard.NewMemoryStore()
	cabinet := cardtest.Open(t, store)
	cardtest.Hand(t, cabinet, "hanako")
	connection, _ := powered(t, cabinet)
	if err := cabinet.Tamper(t.Context(), "hanako"); err != nil {
		t.Fatal(err)
	}
	if _, err := connection.Transmit(t.Context(), selectJPKI.Bytes()); !errors.Is(err, virtualcard.ErrTampered) {
		t.Errorf("the card in its reader: %v", err)
	}
	_ = connection.Close()
	if card, err := cabinet.Card(t.Context(), "hanako"); err != nil || !card.Tampered || !card.Dead {
		t.Errorf("told %+v, %v", card, err)
	}
	cabinet = cardtest.Open(t, store) // it has not met the card yet
	if _, err := cabinet.Connect(t.Context(), "hanako"); !errors.Is(err, virtualcard.ErrTampered) {
		t.Errorf("in a cabinet that was opened since: %v", err)
	}
	cardtest.Hand(t, cabinet, "taro")
	if err := cabinet.Kill(t.Context(), "taro"); err != nil {
		t.Fatal(err)
	}
	if _, err := cabinet.Connect(t.Context(), "taro"); !errors.Is(err, virtualcard.ErrDeadCard) || errors.Is(err, virtualcard.ErrTampered) {
		t.Errorf("a card that died by itself: %v", err)
	}
}

// PC/SC part 3 §3.1.3.2.3 has the bytes; the last is the exclusive or of those after the first.
func TestTheATROfATransitCard(t *testing.T) {
	connection, err := cardtest.Open(t, virtualcard.NewMemoryStore()).Connect(t.Context(), virtualcard.TransitCard)
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	want := []byte("\x3B\x8F\x80\x01\x80\x4F\x0C\xA0\x00\x00\x03\x06\x11\x00\x3B\x00\x00\x00\x00\x42")
	if got := connection.ATR(); !bytes.Equal(got, want) {
		t.Errorf("% X, want % X", got, want)
	}
}

// The first PIN of a card becomes the further ones; a later one does not.
func TestFurtherPINsStayAsTheyWereChosen(t *testing.T) {
	cabinet := hanako(t)
	read := func(pin string) error {
		connection, err := cabinet.Connect(t.Context(), "hanako")
		if err != nil {
			t.Fatal(err)
		}
		defer connection.Close()
		_, err = textap.ReadAttributes(t.Context(), connection, pin)
		return err
	}
	if err := read(cardtest.AuthenticationPIN); err != nil {
		t.Fatal(err)
	}
	if err := cabinet.Unblock(t.Context(), "hanako", chip.TextPIN, "7777"); err != nil {
		t.Fatal(err)
	}
	if err := cabinet.Personalize(t.Context(), "hanako", virtualcard.Personalization{PINs: map[jpki.Kind]string{auth: "4321"}}); err != nil {
		t.Fatal(err)
	}
	if err := read("7777"); err != nil {
		t.Errorf("the PIN that was chosen: %v", err)
	}
	if err := read("4321"); err == nil {
		t.Error("the new PIN for user authentication opens the text too")
	}
}

// A kept key that cannot be read takes no certificate.
func TestAStoredKeyThatCannotBeReadTakesNoCertificate(t *testing.T) {
	store := virtualcard.NewMemoryStore()
	cabinet := cardtest.Open(t, store)
	cardtest.Hand(t, cabinet, "hanako")
	if err := store.ChangeCard(t.Context(), "hanako", func(card *virtualcard.Card) error {
		slot := card.Slots[auth]
		slot.Key, slot.PendingKey = secret.New([]byte{1}), secret.New([]byte{2})
		card.Slots[auth] = slot
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	err := cabinet.Personalize(t.Context(), "hanako", virtualcard.Personalization{Certificates: map[jpki.Kind][]byte{auth: cardtest.Certificate(t, auth, publicKey(t, auth))}})
	if err == nil || errors.Is(err, virtualcard.ErrKeyMismatch) {
		t.Errorf("%v, want the failure to read the key", err)
	}
}

// A failure is told of also where the cabinet does not know the card yet.
func TestACabinetThatCannotReadItsCards(t *testing.T) {
	o := outOfOrder{virtualcard.NewMemoryStore(), &fuse.Fuse{}}
	cardtest.Hand(t, cardtest.Open(t, o.Store), "hanako")
	for name, act := range map[string]func(*virtualcard.Cabinet) error{
		"tamper": func(c *virtualcard.Cabinet) error { return c.Tamper(t.Context(), "hanako") },
		"hear": func(c *virtualcard.Cabinet) error {
			_, err := c.Hear(t.Context(), "hanako", &apdulog.Log{})
			return err
		},
		"faults": func(c *virtualcard.Cabinet) error {
			_, err := c.SetFaults(t.Context(), "hanako", virtualcard.Faults{})
			return err
		},
	} {
		o.Everywhere(t, name, func() func() error {
			cabinet, err := virtualcard.Open(t.Context(), virtualcard.Config{Store: o, Keys: o, Now: cardtest.Now})
			if err != nil {
				t.Fatal(err)
			}
			return func() error {
				err := act(cabinet)
				if errors.Is(err, virtualcard.ErrDeadCard) {
					return nil
				}
				return err
			}
		})
	}
}

// What a fault keeps back does not reach the card.
func TestATroubledCardHearsNothing(t *testing.T) {
	for name, c := range map[string]struct {
		faults virtualcard.Faults
		answer string
		err    error
		heard  int
	}{
		"none":    {virtualcard.Faults{}, "\x90\x00", nil, 1},
		"mute":    {virtualcard.Faults{Mute: true}, "", virtualcard.ErrMute, 0},
		"removed": {virtualcard.Faults{Removed: 1}, "", virtualcard.ErrTaken, 0},
		"wrong":   {virtualcard.Faults{WrongStatus: 1}, "\x6F\x00", nil, 0},
		"garbled": {virtualcard.Faults{Garbled: 1}, "\x90", nil, 1},
	} {
		var trouble virtualcard.Trouble
		if _, err := trouble.Set(c.faults); err != nil {
			t.Fatal(err)
		}
		heard := 0
		answer, err := trouble.Transmit(t.Context(), []byte{1}, func(context.Context, []byte) ([]byte, error) {
			heard++
			return []byte{0x90, 0x00}, nil
		})
		if string(answer) != c.answer || !errors.Is(err, c.err) || (err == nil) != (c.err == nil) || heard != c.heard {
			t.Errorf("%s: % X, %v, heard %d; want %+v", name, answer, err, heard, c)
		}
	}
}
