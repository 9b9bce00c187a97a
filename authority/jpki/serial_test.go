package jpki_test

import (
	"crypto/x509"
	"encoding/json"
	"errors"
	"math/big"
	"strings"
	"testing"

	"example.jp/jpkimock/authority/jpki"
)

func TestParseSerialNumber(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"0705D990", "0705D990"},
		{"705d990", "0705D990"},
		{"1", "01"},
		{"00000001", "01"},
		{"ff", "FF"},
		{strings.Repeat("F", 40), strings.Repeat("F", 40)},
		{strings.Repeat("0", 39) + "1", "01"}, {strings.Repeat("0", 40) + "1", ""},
		{"", ""}, {"0", ""}, {"00", ""}, {strings.Repeat("F", 41), ""},
		{"-1", ""}, {"+1", ""}, {"0x1", ""}, {"1_0", ""}, {"07:05", ""}, {" 1", ""}, {"1\n", ""}, {"１", ""}, {"G", ""},
	} {
		got, err := jpki.ParseSerialNumber(c.in)
		if string(got) != c.want || (err == nil) != (c.want != "") || err != nil && !errors.Is(err, jpki.ErrSerialNumber) {
			t.Errorf("%q: %q, %v, want %q", c.in, got, err, c.want)
		}
	}
}

func TestSerialNumberFrom(t *testing.T) {
	for _, c := range []struct {
		n    *big.Int
		want jpki.SerialNumber
	}{
		{big.NewInt(0x0705D990), "0705D990"}, {big.NewInt(1), "01"},
		{new(big.Int).Lsh(big.NewInt(1), 159), jpki.SerialNumber("80" + strings.Repeat("0", 38))},
		{nil, ""}, {big.NewInt(0), ""}, {big.NewInt(-5), ""}, {new(big.Int).Lsh(big.NewInt(1), 160), ""},
	} {
		got, err := jpki.SerialNumberFrom(c.n)
		if got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%v: %q, %v", c.n, got, err)
		}
		if s := jpki.SerialNumberOf(&x509.Certificate{SerialNumber: c.n}); s != c.want {
			t.Errorf("of a certificate with %v: %q", c.n, s)
		}
	}
}

func TestSerialNumberInJSON(t *testing.T) {
	var s struct{ Serial jpki.SerialNumber }
	if err := json.Unmarshal([]byte(`{"Serial":"705d990"}`), &s); err != nil || s.Serial != "0705D990" {
		t.Errorf("%q, %v", s.Serial, err)
	}
	if err := json.Unmarshal([]byte(`{"Serial":""}`), &s); err != nil || !s.Serial.IsZero() {
		t.Errorf("%q, %v", s.Serial, err)
	}
	if err := json.Unmarshal([]byte(`{"Serial":"x"}`), &s); err == nil {
		t.Error("x was read")
	}
	if b, err := json.Marshal(jpki.SerialNumber("0705D990")); err != nil || string(b) != `"0705D990"` {
		t.Errorf("%s, %v", b, err)
	}
	if jpki.SerialNumber("").Big().Sign() != 0 {
		t.Error("the zero serial number is not 0")
	}
}

// FuzzParseSerialNumber: whatever is read is canonical, positive, of at most
// 20 octets, and reads back as itself.
func FuzzParseSerialNumber(f *testing.F) {
	for _, s := range []string{"0705D990", "1", "0", "", "ffffffffffffffffffffffffffffffffffffffff", "-1", "0x10", "０"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		s, err := jpki.ParseSerialNumber(in)
		if err != nil {
			if s != "" {
				t.Errorf("%q: %q beside an error", in, s)
			}
			return
		}
		if n := s.Big(); n.Sign() <= 0 || n.BitLen() > 160 || len(s)%2 != 0 || string(s) != strings.ToUpper(string(s)) {
			t.Errorf("%q: %q is not canonical", in, s)
		}
		if back, err := jpki.ParseSerialNumber(string(s)); err != nil || back != s {
			t.Errorf("%q: %q reads back as %q, %v", in, s, back, err)
		}
	})
}
