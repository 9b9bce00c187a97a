package apdu

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestParseCommand(t *testing.T) {
	data := strings.Repeat("5A", 300)
	for _, c := range []struct {
		name, hex string
		want      Command
		wantData  int
	}{
		{"case 1", "00200080", Command{INS: 0x20, P2: 0x80}, 0},
		{"case 2", "00B000000A", Command{INS: 0xB0, Ne: 10}, 0},
		{"case 2, Le 00 is 256", "00B0000000", Command{INS: 0xB0, Ne: 256}, 0},
		{"case 3", "00A4020C020018", Command{INS: 0xA4, P1: 2, P2: 0x0C}, 2},
		{"case 4", "802A008003AABBCC00", Command{CLA: 0x80, INS: 0x2A, P2: 0x80, Ne: 256}, 3},
		{"case 2 extended", "00B00000000200", Command{INS: 0xB0, Ne: 512, Extended: true}, 0},
		{"case 2 extended, Le 0000 is 65536", "00B00000000000", Command{INS: 0xB0, Ne: 65536, Extended: true}, 0},
		{"case 3 extended", "80AE000000012C" + data, Command{CLA: 0x80, INS: 0xAE, Extended: true}, 300},
		{"case 4 extended", "80AE000000012C" + data + "0100", Command{CLA: 0x80, INS: 0xAE, Ne: 256, Extended: true}, 300},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, err := hex.DecodeString(c.hex)
			if err != nil {
				t.Fatal(err)
			}
			got, err := ParseCommand(b)
			if err != nil {
				t.Fatal(err)
			}
			if len(got.Data) != c.wantData || !bytes.Equal(got.Bytes(), b) {
				t.Errorf("%d bytes of data, written again as %X", len(got.Data), got.Bytes())
			}
			if got.HasLe() != (c.want.Ne > 0) {
				t.Error("HasLe is wrong")
			}
			got.Data = nil
			if fmt.Sprint(got) != fmt.Sprint(c.want) || got.Extended != c.want.Extended {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestParseCommandRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"nothing": "", "a cut header": "00A404", "too little data": "00A404000AD392", "too much data": "00A4040001D3920000",
		"a cut extended length": "00B000000001", "an extended Lc of 0": "00B0000000000001", "too little extended data": "00B00000000005AABB",
		"half an extended Le": "00B00000000001AA00", "more than an APDU holds": strings.Repeat("00", maxCommand+1),
	} {
		b, err := hex.DecodeString(text)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ParseCommand(b); !errors.Is(err, ErrLength) {
			t.Errorf("%s: %v, want ErrLength", name, err)
		}
	}
}

func TestBytesChoosesTheShortForm(t *testing.T) {
	for _, c := range []struct {
		cmd  Command
		want int
	}{
		{Command{Data: make([]byte, 255), Ne: 256}, 4 + 1 + 255 + 1},
		{Command{Data: make([]byte, 256)}, 4 + 3 + 256},
		{Command{Ne: 257}, 4 + 3},
		{Command{Data: make([]byte, 10), Ne: 257}, 4 + 3 + 10 + 2},
	} {
		if got := len(c.cmd.Bytes()); got != c.want {
			t.Errorf("%v: %d bytes, want %d", c.cmd, got, c.want)
		}
		if _, err := ParseCommand(c.cmd.Bytes()); err != nil {
			t.Error(err)
		}
	}
}

func TestNoVerbPrintsTheDataField(t *testing.T) {
	cmd := Command{INS: 0x20, P2: 0x80, Data: []byte("ABC123")}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		text := fmt.Sprintf(verb, cmd) + fmt.Sprintf(verb, &cmd)
		if !strings.Contains(text, "(Nc 6, Ne 0)") || strings.Contains(text, "ABC123") || strings.Contains(text, "414243") {
			t.Errorf("%s prints %q", verb, text)
		}
	}
	if b, err := json.Marshal(cmd); err != nil || string(b) != `"00 20 00 80 (Nc 6, Ne 0)"` {
		t.Errorf("JSON is %s, %v", b, err)
	}
}

func TestStatusWord(t *testing.T) {
	for _, c := range []struct {
		sw   StatusWord
		left int
		ok   bool
	}{{0x63C0, 0, true}, {0x63C5, 5, true}, {0x63CF, 15, true}, {0x6300, 0, false}, {0x9000, 0, false}, {0x6984, 4, false}} {
		if left, ok := c.sw.TriesLeft(); ok != c.ok || ok && left != c.left {
			t.Errorf("%v: %d, %t", c.sw, left, ok)
		}
	}
	if WrongPIN(3) != 0x63C3 || WrongPIN(-1) != 0x63C0 || WrongPIN(99) != 0x63CF || NotFound.String() != "6A82" {
		t.Error("a status word is built wrongly")
	}
}

func FuzzParseCommand(f *testing.F) {
	for _, s := range []string{"00200080", "00B0000000", "00A4020C020018", "802A008003AABBCC00", "00B00000000200", "80AE0000000001AA", "80AE0000000001AA0100"} {
		b, _ := hex.DecodeString(s)
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := ParseCommand(b)
		if err != nil {
			if !errors.Is(err, ErrLength) {
				t.Fatalf("%v is not ErrLength", err)
			}
			return
		}
		if len(c.Data) > MaxData || c.Ne < 0 || c.Ne > MaxNe {
			t.Fatalf("beyond the limits: %v", c)
		}
		if !bytes.Equal(c.Bytes(), b) {
			t.Fatalf("% X is written again as % X", b, c.Bytes())
		}
	})
}

func FuzzParseResponse(f *testing.F) {
	f.Add([]byte{0x90, 0x00})
	f.Add([]byte{1, 2, 3, 0x6A, 0x82})
	f.Fuzz(func(t *testing.T, b []byte) {
		if r, err := ParseResponse(b); err == nil && !bytes.Equal(r.Bytes(), b) {
			t.Fatalf("% X is written again as % X", b, r.Bytes())
		}
	})
}
