package virtualcard_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"testing"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/apdu"
	"example.jp/jpkimock/virtualcard/cardtest"
	"example.jp/jpkimock/virtualcard/chip"
	"example.jp/jpkimock/virtualcard/internal/secret"
	"example.jp/jpkimock/virtualcard/jpkiap"
	"example.jp/jpkimock/virtualcard/record"
)

// powered gives Hanako's card in a reader, and a way to send it commands.
func powered(t *testing.T, cabinet *virtualcard.Cabinet) (*virtualcard.Connection, func(apdu.Command) apdu.Response) {
	t.Helper()
	connection, err := cabinet.Connect(t.Context(), "hanako")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close() })
	return connection, func(cmd apdu.Command) apdu.Response {
		t.Helper()
		b, err := connection.Transmit(t.Context(), cmd.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		r, err := apdu.ParseResponse(b)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
}

var selectJPKI = apdu.Command{INS: 0xA4, P1: 0x04, P2: 0x0C, Data: jpkiap.AID()}

// Two challenges differ and have the length that was asked for.
func TestAChallengeIsRandom(t *testing.T) {
	_, send := powered(t, hanako(t))
	seen := map[string]bool{}
	for range 16 {
		r := send(apdu.Command{INS: 0x84, Ne: 16})
		if r.SW != apdu.OK || len(r.Data) != 16 || bytes.Equal(r.Data, make([]byte, 16)) {
			t.Fatalf("answered % X %v", r.Data, r.SW)
		}
		seen[string(r.Data)] = true
	}
	if len(seen) != 16 {
		t.Errorf("of 16 challenges %d differ", len(seen))
	}
	for _, c := range []apdu.Command{{INS: 0x84, P1: 1, Ne: 8}, {INS: 0x84, P2: 1, Ne: 8}} {
		if r := send(c); r.SW != apdu.WrongP1P2 {
			t.Errorf("%v was answered %v", c, r.SW)
		}
	}
	if r := send(apdu.Command{INS: 0x84, Ne: 256}); r.SW != apdu.OK || len(r.Data) != 256 {
		t.Errorf("256 bytes: %d, %v", len(r.Data), r.SW)
	}
	if r := send(apdu.Command{INS: 0x84, Ne: 257, Extended: true}); r.SW != apdu.WrongLength {
		t.Errorf("257 bytes: %v", r.SW)
	}
}

// broken is a source of randomness that gives out.
type broken struct{}

var errNoRandomness = errors.New("no randomness")

func (broken) Read([]byte) (int, error) { return 0, errNoRandomness }

func TestWithoutRandomnessThereIsNoChallengeAndNoNumber(t *testing.T) {
	store := virtualcard.NewMemoryStore()
	cardtest.Hand(t, cardtest.Open(t, store), "hanako")
	cabinet, err := virtualcard.Open(t.Context(), virtualcard.Config{Store: store, Keys: cardtest.Keys{}, Now: cardtest.Now, Rand: broken{}})
	if err != nil {
		t.Fatal(err)
	}
	card, _ := powered(t, cabinet)
	if b, err := card.Transmit(t.Context(), apdu.Command{INS: 0x84, Ne: 8}.Bytes()); !errors.Is(err, errNoRandomness) {
		t.Errorf("answered % X, %v", b, err)
	}
	if made, err := cabinet.Blank(t.Context(), ""); !errors.Is(err, errNoRandomness) {
		t.Errorf("numbered %q, %v", made.Card, err)
	}
}

// A reset forgets the PIN: nothing is signed and no signature certificate is read
// without it.
func TestAResetForgetsThePIN(t *testing.T) {
	card, send := powered(t, hanako(t))
	steps := func() (verified apdu.StatusWord) {
		send(selectJPKI)
		return send(apdu.Command{CLA: 0x80, INS: 0x2A, P2: 0x97, Data: []byte{1}, Ne: 256}).SW
	}
	if sw := steps(); sw != apdu.NotVerified {
		t.Fatalf("without a PIN: %v", sw)
	}
	if r := send(apdu.Command{INS: 0x20, P2: 0x98, Data: []byte(cardtest.AuthenticationPIN)}); r.SW != apdu.OK {
		t.Fatal(r.SW)
	}
	if r := send(apdu.Command{CLA: 0x80, INS: 0x2A, P2: 0x97, Data: []byte{1}, Ne: 256}); r.SW != apdu.OK {
		t.Fatalf("with it: %v", r.SW)
	}
	card.Reset()
	if r := send(apdu.Command{CLA: 0x80, INS: 0x2A, P2: 0x97, Data: []byte{1}, Ne: 256}); r.SW == apdu.OK {
		t.Error("a reset card signs")
	}
	if sw := steps(); sw != apdu.NotVerified {
		t.Errorf("after a reset: %v", sw)
	}
}

// The lengths that each way of signing takes, at their bounds.
func TestTheBoundsOfASignature(t *testing.T) {
	_, send := powered(t, hanako(t))
	send(selectJPKI)
	send(apdu.Command{INS: 0x20, P2: 0x98, Data: []byte(cardtest.AuthenticationPIN)})
	for _, c := range []struct {
		p1     byte
		length int
		ne     int
		want   apdu.StatusWord
	}{
		{0, 1, 256, apdu.OK}, {0, 245, 256, apdu.OK}, {0, 246, 256, apdu.WrongLength}, {0, 0, 256, apdu.WrongLength}, {0, 32, 255, apdu.WrongLength},
		{1, 246, 256, apdu.OK}, {3, 246, 256, apdu.OK}, {5, 246, 256, apdu.OK},
		{2, 32, 256, apdu.OK}, {2, 31, 256, apdu.WrongLength}, {2, 33, 256, apdu.WrongLength},
		{4, 32, 256, apdu.OK}, {4, 31, 256, apdu.WrongLength}, {4, 33, 256, apdu.WrongLength},
		{6, 32, 256, apdu.WrongP1P2},
	} {
		r := send(apdu.Command{CLA: 0x80, INS: 0x2A, P1: c.p1, P2: 0x97, Data: make([]byte, c.length), Ne: c.ne})
		if r.SW != c.want || c.want == apdu.OK && len(r.Data) != 256 {
			t.Errorf("P1 %02X, %d bytes, Le %d: %d bytes and %v, want %v", c.p1, c.length, c.ne, len(r.Data), r.SW, c.want)
		}
	}
}

// SELECT by name takes 5 to 16 bytes; GET DATA knows one object, and only before an
// application is selected.
func TestTheBoundsOfSelectAndGetData(t *testing.T) {
	_, send := powered(t, hanako(t))
	atr := send(apdu.Command{INS: 0xCA, P1: 0x5F, P2: 0x51, Ne: 256})
	if atr.SW != apdu.OK || len(atr.Data) != 8 {
		t.Errorf("ATR: % X %v", atr.Data, atr.SW)
	}
	for _, c := range []apdu.Command{{INS: 0xCA, P1: 0x5E, P2: 0x51, Ne: 256}, {INS: 0xCA, P1: 0x5F, P2: 0x50, Ne: 256}} {
		if r := send(c); r.SW != apdu.DataNotFound {
			t.Errorf("%v was answered %v", c, r.SW)
		}
	}
	for length, want := range map[int]apdu.StatusWord{4: apdu.NotFound, 5: apdu.OK, 10: apdu.OK, 16: apdu.NotFound, 17: apdu.WrongLength} {
		name := append(jpkiap.AID(), make([]byte, 10)...)[:length]
		if r := send(apdu.Command{INS: 0xA4, P1: 0x04, P2: 0x0C, Data: name}); r.SW != want {
			t.Errorf("a name of %d bytes: %v, want %v", length, r.SW, want)
		}
	}
	send(selectJPKI)
	if r := send(apdu.Command{INS: 0xCA, P1: 0x5F, P2: 0x51, Ne: 256}); r.SW != apdu.DataNotFound {
		t.Errorf("GET DATA in an application: %v", r.SW)
	}
}

// READ BINARY, READ RECORD, GET DATA and GET CHALLENGE take no data and want an answer.
func TestWhatOnlyAsksTakesNoData(t *testing.T) {
	_, send := powered(t, hanako(t))
	at := func(aid []byte, fid ...byte) {
		t.Helper()
		if r := send(apdu.Command{INS: 0xA4, P1: 0x04, P2: 0x0C, Data: aid}); r.SW != apdu.OK {
			t.Fatal(r.SW)
		}
		if len(fid) == 0 {
			return
		}
		if r := send(apdu.Command{INS: 0xA4, P1: 0x02, P2: 0x0C, Data: fid}); r.SW != apdu.OK {
			t.Fatalf("file % X: %v", fid, r.SW)
		}
	}
	for name, c := range map[string]struct {
		aid []byte
		fid []byte
		apdu.Command
	}{
		"READ BINARY":   {jpkiap.AID(), []byte{0, 6}, apdu.Command{INS: 0xB0, Ne: 16}},
		"READ RECORD":   {record.CommonAID(), []byte{0, 1}, apdu.Command{INS: 0xB2, P1: 1, P2: 4, Ne: 16}},
		"GET DATA":      {[]byte{0xA0, 0x00, 0x00, 0x01, 0x51}, nil, apdu.Command{INS: 0xCA, P1: 0x5F, P2: 0x51, Ne: 16}},
		"GET CHALLENGE": {jpkiap.AID(), nil, apdu.Command{INS: 0x84, Ne: 16}},
	} {
		at(c.aid, c.fid...)
		if r := send(c.Command); r.SW != apdu.OK || len(r.Data) == 0 {
			t.Errorf("%s: % X %v", name, r.Data, r.SW)
		}
		with, without := c.Command, c.Command
		with.Data, without.Ne = []byte{1}, 0
		if r := send(with); r.SW != apdu.WrongLength {
			t.Errorf("%s with data: %v", name, r.SW)
		}
		if r := send(without); r.SW != apdu.WrongLength {
			t.Errorf("%s that wants no answer: %v", name, r.SW)
		}
	}
	for _, fid := range []byte{0x14, 0x15} { // sealed files are there, and that is all
		at(record.FaceAID(), 0, fid)
		if r := send(apdu.Command{INS: 0xB0, Ne: 16}); r.SW != apdu.WrongFileType {
			t.Errorf("sealed file %X: %v", fid, r.SW)
		}
	}
}

// keyOf is a KeySource of one key.
type keyOf struct{ *rsa.PrivateKey }

func (k keyOf) Key(context.Context, virtualcard.CardID, jpki.Kind) (*rsa.PrivateKey, error) {
	return k.PrivateKey, nil
}

// A card takes a key of 2048 bits and no other.
func TestKeysThatACardDoesNotTake(t *testing.T) {
	short, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	for name, key := range map[string]*rsa.PrivateKey{"none": nil, "1024 bits": short} {
		store := virtualcard.NewMemoryStore()
		cabinet, err := virtualcard.Open(t.Context(), virtualcard.Config{Store: store, Keys: keyOf{key}, Now: cardtest.Now})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := cabinet.Blank(t.Context(), "hanako"); err == nil {
			t.Errorf("%s: a card was made", name)
		}
		if cards, err := store.Cards(t.Context()); err != nil || len(cards) != 0 {
			t.Errorf("%s: %d cards are kept, %v", name, len(cards), err)
		}
	}
}

// A key in the store that cannot be used fails the signature and is not answered.
func TestAStoredKeyThatCannotBeUsed(t *testing.T) {
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := x509.MarshalPKCS8PrivateKey(ec)
	if err != nil {
		t.Fatal(err)
	}
	for name, kept := range map[string][]byte{"not PKCS#8": {1, 2, 3}, "not RSA": foreign} {
		store := virtualcard.NewMemoryStore()
		cardtest.Hand(t, cardtest.Open(t, store), "hanako")
		err := store.ChangeCard(t.Context(), "hanako", func(card *virtualcard.Card) error {
			slot := card.Slots[auth]
			slot.Key = secret.New(kept)
			card.Slots[auth] = slot
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		card, send := powered(t, cardtest.Open(t, store))
		send(selectJPKI)
		send(apdu.Command{INS: 0x20, P2: 0x98, Data: []byte(cardtest.AuthenticationPIN)})
		if b, err := card.Transmit(t.Context(), apdu.Command{CLA: 0x80, INS: 0x2A, P2: 0x97, Data: []byte{1}, Ne: 256}.Bytes()); err == nil {
			t.Errorf("%s: answered % X", name, b)
		}
	}
}

// The transit card is in every cabinet, in no list, and no counter can write it.
func TestTheTransitCard(t *testing.T) {
	cabinet, ctx := hanako(t), t.Context()
	if card, err := cabinet.Card(ctx, virtualcard.TransitCard); err != nil || card.Face.Name == "" || len(card.Serials) != 0 {
		t.Errorf("told %+v, %v", card, err)
	}
	if list, err := cabinet.List(ctx); err != nil || len(list) != 1 {
		t.Errorf("listed %v, %v", list, err)
	}
	if _, err := cabinet.Blank(ctx, virtualcard.TransitCard); !errors.Is(err, virtualcard.ErrCardID) {
		t.Errorf("made: %v", err)
	}
	for name, err := range map[string]error{
		"personalized": cabinet.Personalize(ctx, virtualcard.TransitCard, virtualcard.Personalization{}),
		"unblocked":    cabinet.Unblock(ctx, virtualcard.TransitCard, chip.AuthenticationPIN, "1234"),
		"killed":       cabinet.Kill(ctx, virtualcard.TransitCard),
	} {
		if !errors.Is(err, virtualcard.ErrNoCard) {
			t.Errorf("%s: %v, want ErrNoCard", name, err)
		}
	}
	connection, err := cabinet.Connect(ctx, virtualcard.TransitCard)
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	connection.Reset()
	if err := jpkiap.New(connection).Select(ctx); !errors.Is(err, jpkiap.ErrNotJPKI) {
		t.Errorf("selected: %v, want ErrNotJPKI", err)
	}
}
