package virtualcard_test

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard/apdu"
	"example.jp/jpkimock/virtualcard/cardtest"
	"example.jp/jpkimock/virtualcard/jpkiap"
)

// The twelve things that break real clients if an emulator gets them wrong, one test each,
// with the clients that break.

// inHand gives Hanako's card with its JPKI application selected, and a way to send it
// commands in hexadecimal.
func inHand(t *testing.T) func(command string) apdu.Response {
	t.Helper()
	connection, _ := powered(t, hanako(t))
	send := func(command string) apdu.Response {
		t.Helper()
		b, err := hex.DecodeString(strings.ReplaceAll(command, " ", ""))
		if err != nil {
			t.Fatal(err)
		}
		answer, err := connection.Transmit(t.Context(), b)
		if err != nil {
			t.Fatal(err)
		}
		r, err := apdu.ParseResponse(answer)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	wantSW(t, send, "00 A4 04 0C 0A D3 92 F0 00 26 01 00 00 00 01", apdu.OK)
	return send
}

func wantSW(t *testing.T, send func(string) apdu.Response, command string, want apdu.StatusWord) apdu.Response {
	t.Helper()
	r := send(command)
	if r.SW != want {
		t.Errorf("%s: %v, want %v", command, r.SW, want)
	}
	return r
}

// Trap 1, OpenSC: coolkey, muscle, isoApplet and gids claim a card that knows their names.
func TestTrap01AnUnknownApplicationIsNotFound(t *testing.T) {
	send := inHand(t)
	for _, aid := range []string{
		"62 76 01 FF 00 00 00", "A0 00 00 00 01 01", "E8 2B 06 01 04 01 81 C3 1F 02 01 00", "A0 00 00 03 08 00 00 10 00 00", "A0 00 00 01 16 DB 00",
		"F2 76 A2 88 BC FB A6 9D 34 F3 10 01", "A0 00 00 03 97 42 54 46 59", "D2 76 00 01 24 01", "D3 92 F0 00 27", "D3 92 F0 00 26 01 00 00 00 02",
	} {
		n := len(strings.Fields(aid))
		for _, p2 := range []string{"0C", "00"} {
			wantSW(t, send, "00 A4 04 "+p2+" "+hex.EncodeToString([]byte{byte(n)})+aid, apdu.NotFound)
		}
	}
	wantSW(t, send, "00 A4 04 0C 05 D3 92 F0 00 26", apdu.OK) // a prefix of one that exists
}

// Trap 2, OpenSC: setcos claims a card that answers GET DATA DF30.
func TestTrap02GetDataDF30IsRefused(t *testing.T) {
	send := inHand(t)
	wantSW(t, send, "00 CA DF 30 05", apdu.DataNotFound)
	wantSW(t, send, "00 A4 04 00 07 A0 00 00 01 51 00 00 00", apdu.OK)
	wantSW(t, send, "00 CA DF 30 05", apdu.DataNotFound)
}

// Trap 3, OpenSC and myna: the question for the tries left is four bytes, and its answer is
// 63Cx whatever happened before.
func TestTrap03TheTriesLeftAreAlwaysToldAs63Cx(t *testing.T) {
	send := inHand(t)
	wantSW(t, send, "00 A4 02 0C 02 00 18", apdu.OK)
	wantSW(t, send, "00 20 00 80", 0x63C3)
	wantSW(t, send, "00 20 00 80 04 31 32 33 34", apdu.OK)
	wantSW(t, send, "00 20 00 80", 0x63C3) // after a successful one too
	for left := apdu.StatusWord(2); ; left-- {
		wantSW(t, send, "00 20 00 80 04 30 30 30 30", 0x63C0|left)
		wantSW(t, send, "00 20 00 80", 0x63C0|left)
		if left == 0 {
			break
		}
	}
	wantSW(t, send, "00 20 00 80 04 31 32 33 34", apdu.ReferenceBlocked)
	wantSW(t, send, "00 20 00 80", 0x63C0)
}

// Trap 4, myna and jpki-local-signer: 6282 at the end of a file aborts them.
func TestTrap04AReadAtTheEndIsShortAndOK(t *testing.T) {
	send := inHand(t)
	wantSW(t, send, "00 A4 02 0C 02 00 06", apdu.OK)
	for offset := 100; offset < 160; offset++ {
		r := wantSW(t, send, "00 B0 00"+hex.EncodeToString([]byte{byte(offset)})+"60", apdu.OK)
		if want := min(0x60, 160-offset); len(r.Data) != want {
			t.Errorf("offset %d: %d bytes, want %d", offset, len(r.Data), want)
		}
	}
}

// Trap 5, myna, OpenSC and jpki-local-signer: Le 00 is 256, and may be more than there is.
func TestTrap05LeZeroIs256(t *testing.T) {
	send := inHand(t)
	for _, c := range []struct {
		sfi  string
		want int
	}{{"8A", 256}, {"86", 160}, {"88", 3}} {
		if r := wantSW(t, send, "00 B0 "+c.sfi+" 00 00", apdu.OK); len(r.Data) != c.want {
			t.Errorf("file %s: %d bytes, want %d", c.sfi, len(r.Data), c.want)
		}
	}
	wantSW(t, send, "00 20 00 98 04 31 32 33 34", apdu.OK)
	if r := wantSW(t, send, "80 2A 00 97 01 AA 00", apdu.OK); len(r.Data) != 256 {
		t.Errorf("a signature of %d bytes", len(r.Data))
	}
}

// Trap 6, OpenSC: the size of a certificate is read from its bytes 2 and 3, and the file goes
// on with FF.
func TestTrap06ACertificateBegins3082(t *testing.T) {
	send := inHand(t)
	wantSW(t, send, "00 20 00 9B 06 41 42 43 31 32 33", apdu.OK)
	for _, sfi := range []string{"81", "82", "8A", "8B"} {
		head := wantSW(t, send, "00 B0 "+sfi+" 00 04", apdu.OK)
		if !bytes.HasPrefix(head.Data, []byte{0x30, 0x82}) || len(head.Data) != 4 {
			t.Fatalf("file %s begins % X", sfi, head.Data)
		}
		size := 4 + int(head.Data[2])<<8 + int(head.Data[3])
		rest := wantSW(t, send, "00 B0"+hex.EncodeToString([]byte{byte(size >> 8), byte(size)})+"00", apdu.OK)
		if !bytes.Equal(rest.Data, bytes.Repeat([]byte{0xFF}, 256)) {
			t.Errorf("after %d bytes of file %s come % X", size, sfi, rest.Data[:8])
		}
	}
}

// Trap 7, myna in Go and TRETJapanNFCReader: the token's label is read before any PIN.
func TestTrap07TheTokenLabelNeedsNoPIN(t *testing.T) {
	send := inHand(t)
	wantSW(t, send, "00 A4 02 0C 02 00 06", apdu.OK)
	if r := wantSW(t, send, "00 B0 00 00 20", apdu.OK); string(r.Data) != "JPKIAPICCTOKEN2                 " {
		t.Errorf("label %q", r.Data)
	}
}

// Trap 8, everybody: a PIN or key is selected like a file, and is not read like one.
func TestTrap08APINIsSelectedAndNotRead(t *testing.T) {
	send := inHand(t)
	for _, fid := range []string{"00 18", "00 1B", "00 10", "00 16"} {
		wantSW(t, send, "00 A4 02 0C 02"+fid, apdu.OK)
		if r := send("00 B0 00 00 00"); r.SW != apdu.WrongFileType || len(r.Data) > 0 {
			t.Errorf("%s was read: %v", fid, r.SW)
		}
	}
	wantSW(t, send, "00 A4 02 0C 02 00 17", apdu.OK)
	wantSW(t, send, "00 A4 02 0C 02 00 1A", apdu.OK)
}

// Trap 9, OpenSC, myna, jpki-local-signer: what was verified is forgotten with the
// application and at a reset, never by selecting a file.
func TestTrap09VerifiedPINsAreForgottenWithTheApplication(t *testing.T) {
	const application = "00 A4 04 0C 0A D3 92 F0 00 26 01 00 00 00 01"
	send := inHand(t)
	verify := func() { wantSW(t, send, "00 20 00 98 04 31 32 33 34", apdu.OK) }
	signs := func(want apdu.StatusWord) { t.Helper(); wantSW(t, send, "80 2A 00 97 01 AA 00", want) }
	signs(apdu.NotVerified)
	verify()
	for _, fid := range []string{"00 06", "00 18", "00 1B", "00 17"} {
		wantSW(t, send, "00 A4 02 0C 02"+fid, apdu.OK)
		signs(apdu.OK)
	}
	wantSW(t, send, "80 2A 00 9A 01 AA 00", apdu.NotVerified) // the other key has its own PIN
	wantSW(t, send, "00 A4 04 0C 0A D3 92 10 00 31 00 01 01 04 03", apdu.NotFound)
	signs(apdu.OK) // what is not found changes nothing
	wantSW(t, send, application, apdu.OK)
	signs(apdu.NotVerified)
	verify()
	wantSW(t, send, "00 A4 04 0C 0A D3 92 10 00 31 00 01 01 04 08", apdu.OK)
	wantSW(t, send, application, apdu.OK)
	signs(apdu.NotVerified)

	connection, command := powered(t, hanako(t))
	command(selectJPKI)
	command(apdu.Command{INS: 0x20, P2: 0x98, Data: []byte(cardtest.AuthenticationPIN)})
	connection.Reset()
	command(selectJPKI)
	if r := command(apdu.Command{CLA: 0x80, INS: 0x2A, P2: 0x97, Data: []byte{1}, Ne: 256}); r.SW != apdu.NotVerified {
		t.Errorf("after a reset: %v", r.SW)
	}
}

// Trap 10, everybody: the key is the current file, and its padding holds exactly what was sent.
func TestTrap10TheCurrentFileSignsWhatItIsGiven(t *testing.T) {
	send := inHand(t)
	wantSW(t, send, "00 20 00 98 04 31 32 33 34", apdu.OK)
	wantSW(t, send, "00 20 00 9B 06 41 42 43 31 32 33", apdu.OK)
	for fid, k := range map[string]jpki.Kind{"00 17": auth, "00 1A": sign} {
		wantSW(t, send, "00 A4 02 0C 02"+fid, apdu.OK)
		for _, data := range [][]byte{{0x00}, []byte("no DigestInfo at all"), bytes.Repeat([]byte{0xAA}, 245)} {
			r := wantSW(t, send, "80 2A 00 80"+hex.EncodeToString(append([]byte{byte(len(data))}, data...))+"00", apdu.OK)
			if err := verifySignature(publicKey(t, k), 0, data, r.Data); err != nil {
				t.Errorf("%s, %d bytes: %v", fid, len(data), err)
			}
		}
	}
	wantSW(t, send, "00 A4 02 0C 02 00 06", apdu.OK)
	wantSW(t, send, "80 2A 00 80 01 AA 00", apdu.WrongFileType)
}

// Trap 11, everybody: a signature that is a small number has its zeros.
func TestTrap11ASignatureHas256Bytes(t *testing.T) {
	send := inHand(t)
	wantSW(t, send, "00 20 00 98 04 31 32 33 34", apdu.OK)
	for i := range 4096 {
		r := send("80 2A 00 97 02" + hex.EncodeToString([]byte{byte(i >> 8), byte(i)}) + "00")
		if r.SW != apdu.OK || len(r.Data) != 256 {
			t.Fatalf("%d: %d bytes, %v", i, len(r.Data), r.SW)
		}
		if r.Data[0] == 0 {
			return
		}
	}
	t.Error("none of 4,096 signatures began with a zero")
}

// Trap 12, everybody: the signature PIN has 6 to 16 bytes without padding, compared byte for byte.
func TestTrap12ASignaturePINIsComparedByteForByte(t *testing.T) {
	for _, pin := range []string{"ABC123", "A1B2C3D4E5F6G7H8"} {
		cabinet := hanako(t)
		inReader(t, cabinet, func(card *jpkiap.Card) {
			if err := card.ChangePIN(t.Context(), sign, cardtest.SignaturePIN, pin); err != nil {
				t.Fatal(err)
			}
		})
		_, send := powered(t, cabinet)
		send(selectJPKI)
		left := apdu.StatusWord(5)
		for _, wrong := range []string{strings.ToLower(pin), pin[:len(pin)-1], pin[:5] + "\x00"} {
			left--
			if r := send(apdu.Command{INS: 0x20, P2: 0x9B, Data: []byte(wrong)}); r.SW != 0x63C0|left {
				t.Errorf("%q for %q: %v", wrong, pin, r.SW)
			}
		}
		if r := send(apdu.Command{INS: 0x20, P2: 0x9B, Data: []byte(pin + "\xFF")}); len(pin) == 16 && r.SW != apdu.WrongLength {
			t.Errorf("17 bytes: %v", r.SW)
		}
		if r := send(apdu.Command{INS: 0x20, P2: 0x9B, Data: []byte(pin)}); r.SW != apdu.OK {
			t.Errorf("%q: %v", pin, r.SW)
		}
	}
}
