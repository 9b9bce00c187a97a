package virtualcard_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/apdu"
	"example.jp/jpkimock/virtualcard/cardtest"
	"example.jp/jpkimock/virtualcard/chip"
	"example.jp/jpkimock/virtualcard/jpkiap"
)

// secretBytes gives pieces of what must not come out: of the private exponents
// and primes of both keys.
func secretBytes(t testing.TB) [][]byte {
	t.Helper()
	var pieces [][]byte
	for _, k := range jpki.Kinds() {
		key, err := cardtest.Keys{}.Key(context.Background(), "", k)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range [][]byte{key.D.Bytes(), key.Primes[0].Bytes(), key.Primes[1].Bytes(), key.Precomputed.Dp.Bytes(), key.Precomputed.Qinv.Bytes()} {
			pieces = append(pieces, n[40:52])
		}
	}
	return pieces
}

// spellings gives the ways in which fmt and encoding/json write bytes.
func spellings(b []byte) []string {
	list := strings.Trim(fmt.Sprint(b), "[]")
	octets := fmt.Sprintf("%#v", b)
	s := []string{string(b), fmt.Sprintf("%x", b), fmt.Sprintf("%X", b), list, octets[len("[]byte{") : len(octets)-1]}
	for skip := range 3 { // whichever way the bytes lie in base64
		aligned := b[skip:]
		s = append(s, base64.StdEncoding.EncodeToString(aligned[:len(aligned)/3*3]))
	}
	return s
}

func TestNothingPrintsASecret(t *testing.T) {
	store := virtualcard.NewMemoryStore()
	cabinet := cardtest.Open(t, store)
	cardtest.Hand(t, cabinet, "hanako")
	card, err := store.Card(t.Context(), "hanako")
	if err != nil {
		t.Fatal(err)
	}
	connection, err := cabinet.Connect(t.Context(), "hanako")
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	summary, _ := cabinet.Card(t.Context(), "hanako")
	personalization := virtualcard.Personalization{PINs: map[jpki.Kind]string{jpki.DigitalSignature: "ABC123", jpki.UserAuthentication: "1234"}}
	verify, err := apdu.ParseCommand([]byte("\x00\x20\x00\x80\x06ABC123"))
	if err != nil {
		t.Fatal(err)
	}
	var needles []string
	for _, piece := range append(secretBytes(t), []byte("ABC123")) {
		needles = append(needles, spellings(piece)...)
	}
	type wrapped struct{ inside any }
	slot, pin := card.Slots[jpki.DigitalSignature], card.References[chip.SignaturePIN]
	for _, v := range []any{
		cabinet, connection, store, card, &card, slot, &slot, slot.Key, &slot.Key, pin, pin.PIN, card.References, summary, personalization, &personalization,
		verify, &verify, virtualcard.Config{Store: store}, virtualcard.PublicKeys{}, []any{slot.Key}, map[string]any{"key": slot.Key},
		wrapped{slot}, wrapped{slot.Key}, jpkiap.New(connection), &jpkiap.WrongPINError{}, jpkiap.CheckPIN(jpki.DigitalSignature, "ABC123 "),
	} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%b", "%o"} {
			if text := fmt.Sprintf(verb, v); containsAny(text, needles) {
				t.Errorf("%s of %T prints a secret", verb, v)
			}
		}
		if text, err := json.Marshal(v); err == nil && containsAny(string(text), needles) {
			t.Errorf("JSON of %T has a secret", v)
		}
	}
}

func containsAny(text string, needles []string) bool {
	for _, n := range needles {
		if strings.Contains(text, n) {
			return true
		}
	}
	return false
}

func TestNoReadGivesAPrivateKey(t *testing.T) {
	cabinet := cardtest.Open(t, virtualcard.NewMemoryStore())
	cardtest.Hand(t, cabinet, "hanako")
	card, err := cabinet.Connect(t.Context(), "hanako")
	if err != nil {
		t.Fatal(err)
	}
	send := func(cmd apdu.Command) []byte {
		b, err := card.Transmit(t.Context(), cmd.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	send(apdu.Command{INS: 0xA4, P1: 4, P2: 0x0C, Data: jpkiap.AID()})
	send(apdu.Command{INS: 0x20, P2: 0x98, Data: []byte(cardtest.AuthenticationPIN)})
	send(apdu.Command{INS: 0x20, P2: 0x9B, Data: []byte(cardtest.SignaturePIN)})
	var out bytes.Buffer
	for fid := range jpkiap.FID(0x400) {
		if fid == jpkiap.AuthenticationKey || fid == jpkiap.SignatureKey {
			continue // reading one destroys it: TestReadingAKeyDestroysIt
		}
		if b := send(apdu.Command{INS: 0xA4, P1: 2, P2: 0x0C, Data: []byte{byte(fid >> 8), byte(fid)}}); b[0] != 0x90 {
			continue
		}
		out.Write(send(apdu.Command{INS: 0xB0, Ne: apdu.MaxNe, Extended: true}))
	}
	for p := range 0x10000 {
		out.Write(send(apdu.Command{INS: 0xCA, P1: byte(p >> 8), P2: byte(p), Ne: 256}))
	}
	if out.Len() < 4*4096 {
		t.Fatalf("only %d bytes were read", out.Len())
	}
	for _, piece := range secretBytes(t) {
		if bytes.Contains(out.Bytes(), piece) {
			t.Fatal("a private key was read")
		}
	}
}
